// What HTML and htmx leave open: keys, menus, clicks in their turn, links that redraw parts.
"use strict";

const find = (selector) => document.querySelector(selector);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const on = (kinds, act, early) => kinds.split(" ").forEach((kind) => document.addEventListener(kind, act, early));
const modified = (event) => event.ctrlKey || event.altKey || event.metaKey;

// Arrow keys go from a part of the network to its neighbour, Escape leaves what is innermost.
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function placed(part) {
  const { top, height } = part.getBoundingClientRect();
  return { part, column: +part.closest("[data-column]").dataset.column, middle: top + height / 2 };
}

// Up and down in a column, left and right to the nearest of the next one.
function neighbour(here, [across, down]) {
  const { column, middle } = placed(here), ahead = (one) => (one.column - column) * across, off = (one) => Math.abs(one.middle - middle);
  const parts = all("a", here.ownerSVGElement).map(placed), same = parts.filter((one) => one.column === column).sort((a, b) => a.middle - b.middle);
  if (down) return same[same.findIndex(({ part }) => part === here) + down];
  return parts.filter((one) => ahead(one) > 0).sort((a, b) => ahead(a) - ahead(b) || off(a) - off(b))[0];
}

// The part whose derivation is open, or else its menu.
const opener = () => {
  const part = find("#marks .m-self")?.dataset.part;
  return all(`#${part}, #s-${part}`).find((one) => one.checkVisibility()) ?? find("#more > summary");
};

function shut(menu) {
  if (menu.contains(document.activeElement)) menu.firstElementChild.focus();
  menu.open = false;
}

function leave(event) {
  const menu = event.target.closest("details.menu[open]"), close = find("#panel .close");
  if (find("dialog[open], :popover-open")) return;
  if (menu) shut(menu);
  else if (event.target.id === "value-field") opener()?.focus();
  else if (close) close.click();
  else return;
  event.preventDefault();
}

on("keydown", (event) => {
  const { key, repeat, target } = event, here = target.closest(".network a"), move = MOVES[key];
  if (key === "Escape") leave(event);
  // A button whose key is held is pressed again as soon as the answer is there.
  if (key === "Enter" && repeat && find(".htmx-request")) event.preventDefault();
  if (!here || !move || modified(event)) return;
  event.preventDefault();
  neighbour(here, move)?.part.focus();
});

on("click", ({ target }) => {
  for (const menu of all("details.menu[open]")) {
    if (!menu.contains(target) || target.closest("#more :is(a, button)")) shut(menu);
  }
});

// Slider and field of the learning rate show one number.
on("input", ({ target: { id, value } }) => {
  const other = { "rate-slider": "#rate", rate: "#rate-slider" }[id];
  if (other) find(other).value = value;
});

// What ends the wait of a click: a refusal, nothing left to do, or a run where it would begin one.
const ends = ({ id, ariaDisabled }) => ariaDisabled === "true" || find(id === "run" ? "#run[data-running], [name=whole]" : "[name=whole]");

// Until it settles, htmx gives a new part the old one's style attribute, which the policy forbids.
htmx.config.defaultSettleDelay = 0;

let focused;
htmx.registerExtension("takeback", {
  htmx_config_request(element, { ctx }) {
    Object.assign(ctx, { moment: find("#version")?.value, ended: ends(element) });
  },

  // Each click counts: after its wait it is sent where its button points by then, for the moment shown by then.
  htmx_before_request(element, { ctx: { moment, ended, request } }) {
    const { body } = request, address = element.getAttribute("hx-post");
    if (!address) return;
    if (!ended && ends(element)) return false;
    // Values that stood in the tables at the click are of a moment that is over.
    const over = moment !== find("#version")?.value && !address.includes("/edit");
    if (over) for (const name of [...body.keys()]) if (name.startsWith("value.")) body.delete(name);
    for (const { name, value } of all("#state input")) body.set(name, value);
    request.action = address;
  },

  // Figures: what changes of elements that stay, by their ids. A <b> has a text, too.
  handle_swap(style, target, fragment) {
    if (style !== "figures") return false;
    for (const figure of fragment.children) {
      // The second drawing has the same ids after an "s-".
      for (const id of [figure.id, `s-${figure.id}`]) {
        const element = document.getElementById(id);
        if (!element) continue;
        for (const { name, value } of figure.attributes) if (name !== "id") element.setAttribute(name, value);
        if (figure.localName === "b") (element.firstChild ?? element.appendChild(new Text())).data = figure.textContent;
        if (element.localName === "input" && element !== document.activeElement) element.value = figure.getAttribute("value");
      }
    }
    return [];
  },

  // What was unfolded stays so; of the menus, the slider alone.
  htmx_before_morph_attr: (element, { attrName, newValue }) => attrName !== "open" || newValue !== null || element.matches(".menu:not(#rates)"),

  // A picture of a run that something else has ended is old.
  htmx_sse_before_message: (_, { message }) => !message.id || !find("#run:not([data-running])"),

  // Focus goes where an answer says, or stays unless that is gone.
  htmx_before_swap(_, { tasks }) {
    const told = tasks.flatMap(({ fragment }) => all("[autofocus]", fragment))[0];
    told?.removeAttribute("autofocus"); // browsers heed it on a new page only
    focused = told ?? document.activeElement;
  },

  htmx_after_swap(_, { ctx }) {
    const there = document.getElementById(focused.id) ?? focused;
    delete ctx.hx?.pushurl; // a run's address is new once
    find(".unreachable")?.remove();
    follow();
    if (!there.isConnected || !there.checkVisibility({ visibilityProperty: true })) (there.form?.querySelector("button") ?? find("#stage, main")).focus();
    else if (there !== document.body) there.focus();
  },
});

// Links and forms that change only what is seen fetch parts, and stay addresses.
on("click", async (event) => {
  const link = event.target.closest(":is(.lab, .tools) :is(a[href^='?']:not([target]), [method=get]:not([hx-get]) button)");
  if (!link || modified(event) || event.shiftKey) return;
  event.preventDefault();
  let [query, part] = (link.getAttribute("href") ?? `?${new URLSearchParams(new FormData(link.form))}`).split("#");
  const asked = new URLSearchParams(query), panel = find("#panel"), field = find("#value-field"), back = opener();
  const key = panel?.dataset.open ?? "", opens = (asked.get("open") ?? "") !== key, closes = link.matches("#panel .close");
  if (field && part && !opens && link.closest(".network")) return field.focus(), field.select();
  // Other links may be from when something else was open.
  if (!part && !closes) {
    asked.delete("open");
    if (key) asked.set("open", key);
    query = `?${asked}`;
  }
  const headers = { "HX-Target": part && opens && !panel.hidden ? "#panel" : "#picture" };
  await htmx.ajax("GET", query, { source: "#toolbar", swap: "none", push: "true", headers });
  if (closes) back?.focus();
  else if (part && opens) panel.scrollIntoView({ block: "nearest" });
});

// Factors and parts of the picture point at each other.
on("pointerover focusin", ({ target }) => {
  const part = target.closest(".network a")?.dataset.part;
  const mark = part ? find(`.mark:not(.m-self, .m-path)[data-part="${part}"]`) : target.closest("[data-mark]");
  for (const one of all("[data-mark]")) one.classList.toggle("pointed", one.dataset.mark === mark?.dataset.mark);
});

// The error under the pointer.
on("pointermove", ({ target, clientX }) => {
  const svg = target.closest("#loss-curve"), line = svg?.querySelector("polyline");
  if (!line) return;
  const { x } = new DOMPoint(clientX).matrixTransform(svg.getScreenCTM().inverse());
  const points = [...line.points], off = points.map((point) => Math.abs(point.x - x)), at = off.indexOf(Math.min(...off));
  const [step, loss] = svg.dataset.values.split(" ")[at].split(":"), readout = find("#readout");
  find(".probe").setAttribute("d", `M${points[at].x} ${points[at].y}h0`);
  readout.textContent = readout.dataset.form.replace("{step}", step).replace("{loss}", loss);
});

on("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const field = find(`#${button.dataset.copy}`), said = find("#said");
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    document.execCommand("copy");
    button.focus();
  }
  button.dataset.done = "";
  if (said) said.textContent = document.body.dataset.copied;
});

// What is computed now comes into the middle of a picture or rail that scrolls.
function follow() {
  for (const [box, part] of [["#rail > ol", "#rail [aria-current=step]"], ["#picture .scroller", "#marks"]]) {
    const [outer, inner] = [box, part].map((selector) => find(selector)?.getBoundingClientRect());
    // Too tall: its top.
    if (inner?.width) find(box).scrollBy(inner.left - outer.left + (inner.width - outer.width) / 2, inner.top - outer.top + Math.min((inner.height - outer.height) / 2, -8));
  }
}
follow();

// A server out of reach must not leave old numbers standing without a word.
on("htmx:error htmx:sse:error htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx?.response?.status < 500) return;
  const text = Object.assign(document.createElement("p"), { className: "unreachable", textContent: document.body.dataset.unreachable });
  find("#notice")?.replaceChildren(text);
});
