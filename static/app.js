// What HTML and htmx leave open.
"use strict";

const find = (selector, inside = document) => inside.querySelector(selector);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const on = (kinds, act, early) => kinds.split(" ").forEach((kind) => document.addEventListener(kind, act, early));
const modified = (by) => by.ctrlKey || by.altKey || by.metaKey;
const rim = (one) => one.getBoundingClientRect();
const middle = (one) => {
  const { x, y, width, height } = rim(one);
  return [x + width / 2, y + height / 2];
};

// Arrow keys go to the nearest part of the network in a column or the next.
function neighbour(here, [across, down]) {
  const column = (part) => part.closest("[data-column]").dataset.column;
  const spots = all("a", here.ownerSVGElement).map((part, order) => ({ part, x: column(part) - column(here), y: middle(part)[1] + order / 999 }));
  const { y } = spots.find(({ part }) => part === here), off = (one) => Math.abs(one.x) * 1e6 + Math.abs(one.y - y);
  return spots.filter((one) => (across ? one.x * across : !one.x && (one.y - y) * down) > 0).sort((a, b) => off(a) - off(b))[0]?.part;
}

// What opened the panel: a part, or else the menu.
const opener = () => {
  const part = find("#marks .m-self")?.dataset.part;
  return all(`#${part}, #s-${part}`).find((one) => one.checkVisibility()) ?? find("#more > summary");
};

function shut(menu) {
  if (menu.matches(":focus-within")) menu.firstElementChild.focus();
  menu.open = false;
}

// Escape leaves what is innermost.
function leave(event) {
  const menu = event.target.closest(".menu[open]") ?? find("#join[open]"), close = find("#panel .close");
  if (find("dialog[open], :popover-open")) return;
  if (menu) shut(menu);
  else if (event.target.id === "value-field") opener()?.focus();
  else if (close) close.click();
  else return;
  event.preventDefault();
}

on("keydown", (event) => {
  const { key, repeat, target } = event, here = target.closest(".network a"), way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (key === "Escape") leave(event);
  // A held key waits for the answer.
  if (key === "Enter" && repeat && find(".htmx-request")) event.preventDefault();
  if (!here || !way || modified(event)) return;
  event.preventDefault();
  neighbour(here, way)?.focus();
});

// What is typed for a command and not sent stays.
const typed = new Set();
on("input", ({ target }) => {
  if (target.form?.method === "post") typed.add(target);
  // Slider and field show one number.
  if (target.closest(".rate")) for (const field of all(".rate input")) typed.add(field), (field.value = target.value);
});

// What ends the wait of a click: a refusal, nothing left to do, a run where it would begin one.
const ends = ({ id, ariaDisabled }) => ariaDisabled === "true" || find(`[name=whole]${id === "run" ? ", #run[data-running]" : ""}`);

let focused;
htmx.registerExtension("takeback", {
  htmx_config_request(element, { ctx }) {
    ctx.moment = find("#version")?.value;
    ctx.ended = ends(element);
  },

  // Each click counts: after its wait it is for the moment shown by then.
  htmx_before_request(element, { ctx: { moment, ended, request } }) {
    const { body } = request, address = element.getAttribute("hx-post");
    if (!address) return;
    const mended = all("[aria-invalid]").some(({ name, defaultValue }) => body.has(name) && body.get(name) !== defaultValue);
    // It is said beside what ended the wait.
    if (!ended && !mended && ends(element)) return !!find("#notice p")?.classList.add("late");
    // Values in the tables at the click are of a moment that is over.
    if (moment !== find("#version")?.value && !address.includes("/edit")) for (const name of [...body.keys()]) if (name.startsWith("value.")) body.delete(name);
    for (const { name, value } of all("#state input")) body.set(name, value);
    if (matchMedia("(prefers-reduced-motion)").matches) body.set("still", 1);
    for (const field of typed) if (!field.name || body.has(field.name)) typed.delete(field);
    request.action = address;
  },

  // What changes of elements that stay, by their ids; of a <b> its text, too.
  handle_swap(style, target, fragment) {
    if (style !== "figures") return false;
    for (const figure of fragment.children) {
      // The small drawing's ids have an "s-" before.
      for (const id of [figure.id, `s-${figure.id}`]) {
        const element = document.getElementById(id);
        if (!element) continue;
        for (const { name, value } of figure.attributes) if (name !== "id") element.setAttribute(name, value);
        if (figure.localName === "b") (element.firstChild ?? element.appendChild(new Text())).data = figure.textContent;
        if (element.localName === "input" && !typed.has(element)) element.value = figure.getAttribute("value");
      }
    }
    return [];
  },

  // What was unfolded or typed stays.
  htmx_before_morph_attr: (element, { attrName, newValue }) => (attrName === "open" ? newValue !== null : attrName !== "value" || !typed.has(element)),

  // A picture of a run that something else has ended is old.
  htmx_sse_before_message: (_, { message }) => !message.id || !find("#run:not([data-running])"),

  // Focus goes where an answer says, or stays unless that is gone.
  htmx_before_swap(_, { tasks }) {
    const told = tasks.flatMap(({ fragment }) => all("[autofocus]", fragment))[0];
    // It is heeded on a new page only.
    if (told) told.autofocus = false;
    focused = told ?? document.activeElement;
  },

  htmx_after_swap(_, { ctx }) {
    const there = document.getElementById(focused.id) ?? focused;
    // A run's address is new once.
    delete ctx.hx?.pushurl;
    // The links of a class that is over lead nowhere.
    for (const link of all(":has(#over) [href^='?']")) link.removeAttribute("href");
    follow();
    [there, there.form?.querySelector("button"), find(":focus"), find("main")].find((one) => one?.checkVisibility({ visibilityProperty: true })).focus();
  },
});

on("click", async (event) => {
  const { target } = event;
  for (const menu of all(".menu[open]")) if (!menu.contains(target) || target.closest("#more :is(a, button)")) shut(menu);

  // Links and forms that change what is seen fetch parts.
  const link = target.closest(":is(.lab, .tools) :is(a[href^='?']:not([target]), [method=get]:not([hx-get]) button)");
  if (!link || modified(event) || event.shiftKey) return;
  event.preventDefault();
  const url = new URL(link.getAttribute("href") ?? `?${new URLSearchParams(new FormData(link.form))}`, location), { hash: part, searchParams: asked } = url;
  const panel = find("#panel"), field = find("#value-field"), back = opener();
  const key = panel?.dataset.open || null, opens = asked.get("open") !== key, closes = link.matches("#panel .close");
  if (field && part && !opens && link.closest(".network")) return field.focus(), field.select();
  // A link may be from when something else was open.
  if (!part && !closes) key ? asked.set("open", key) : asked.delete("open");
  await htmx.ajax("GET", url.pathname + url.search, { source: "#toolbar", swap: "none", push: "true", headers: { "HX-Target": part && opens && !panel.hidden ? "#panel" : "#diagram" } });
  if (closes) back?.focus();
  else if (part && opens) (find("#notice p") ?? panel).scrollIntoView({ block: "nearest" });
});

// Factors and parts of the picture point at each other.
on("pointerover focusin", ({ target }) => {
  const part = target.closest(".network a")?.dataset.part, mark = part ? find(`.mark:not(.m-self, .m-path)[data-part="${part}"]`) : target.closest("[data-mark]");
  for (const one of all("[data-mark]")) one.classList.toggle("pointed", one.dataset.mark === mark?.dataset.mark);
});

// The error under the pointer.
on("pointermove", ({ target, clientX }) => {
  const svg = target.closest("#loss-curve"), line = svg && find("polyline", svg), readout = find("#readout");
  if (!line) return;
  const { a, e } = svg.getScreenCTM(), off = [...line.points].map(({ x }) => Math.abs(x * a + e - clientX)), at = off.indexOf(Math.min(...off)), { x, y } = line.points[at];
  const [step, loss] = svg.dataset.values.split(" ")[at].split(":");
  find(".probe").setAttribute("d", `M${x} ${y}h0`);
  readout.textContent = readout.dataset.form.replace("{step}", step).replace("{loss}", loss);
});

on("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const field = find(`#${button.dataset.copy}`);
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    document.execCommand("copy");
    button.focus();
  }
  button.dataset.done = "";
  find("#said")?.replaceChildren(document.body.dataset.copied);
});

// What is computed now comes into the middle of what scrolls, or its top where it is too tall.
function follow() {
  for (const part of all("#rail [aria-current=step], main #marks")) {
    const box = part.closest(".acts, .scroller"), [[x, y], [u, v]] = [box, part].map(middle), { width, height } = rim(part);
    if (width) box.scrollBy(u - x, v - y + Math.min((box.clientHeight - height) / 2 - 8, 0));
  }
}
follow();

// Of a line that is dead nothing else is heard: what lives speaks every 4 seconds.
let quiet;
on("htmx:sse:after:connection htmx:sse:after:message", ({ target, detail: { connection } }) => {
  clearTimeout(quiet);
  quiet = setTimeout(() => connection.reader?.cancel(htmx.trigger(target, "htmx:sse:error")), 1e4);
});

// A server out of reach is said once, as whatever asked has it written, until that is answered.
on("htmx:after:request htmx:error htmx:sse:error", ({ target, detail: { ctx } }) => {
  const { lost, place } = (target.body ?? target.closest("[data-lost]")).dataset, notice = find(place), away = !(ctx?.response?.status < 500);
  if (notice && (notice.textContent === lost) !== away) notice.innerHTML = away ? `<p>${lost}` : "";
});
