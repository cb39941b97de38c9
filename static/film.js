// The film of a step: copies of its parts play how its numbers came about. They get their turns here, film.css moves them.
"use strict";
{
const LASTS = { pre_activation: 1, activation: 0.4, error: 0.7, delta: 0.8, gradient: 0.8, update: 1, moments: 0 };
let before, spots;

// Of the film, or of the page where its drawing has no such part.
const part = (id) => find(`#film :is(#${id}, #s-${id})`) ?? find(`#${id}`);
const read = (one) => +(one?.textContent.replaceAll("−", "-").match(/[+-]?[\d.]+(e-?\d+)?$/)?.[0] || 0);
const told = (...values) => values.map((value) => +value.toPrecision(4)).join(" × ").replaceAll("-", "−");
// With all digits, where the tables are.
const value = (id, row, cell) => +(all(`#row-${row} :is(data, input)`)[cell]?.value || read(part(id)));
const made = (name, as) => Object.assign(document.createElement(name), as);
const way = ([x, y], [u, v]) => `--x: ${u - x}px; --y: ${v - y}px;`;

function copy(one, kind, style = one.style.cssText) {
  const made = one.cloneNode(true);
  made.classList.add(kind);
  made.style.cssText = style;
  one.after(made);
  return made;
}

const pulse = (path, kind, load) => copy(path, kind, `--load: ${Math.abs(load)}`).setAttribute("pathLength", 1);

// What moves along a wire and in its row.
function meet({ dataset: { part: id, from, to }, firstElementChild: path, style }, was) {
  const row = find(".nm", part(id))?.textContent, w = value(`v-${id}`, row, 0), g = value(`g-${id}`, row, 1);
  const x = value(`a-${from}`, from, +!from.includes("-0-")), delta = value(`d-${to}`, to, 2);
  const summand = part(`v-${id}`), gradient = part(`g-${id}`), turns = summand.style.cssText;
  style.cssText += `--hue: var(--${was.classList[1]}); --width: ${was.getAttribute("stroke-width")}`;
  pulse(path, w * x < 0 ? "minus" : "plus", w * x);
  pulse(path, "blame", w * delta);
  if (turns.includes("pre")) copy(summand, "product").textContent = `${told(w, x)} = ${told(w * x)}`;
  if (gradient && turns.includes("grad")) {
    for (const one of [`l-d-${to}`, `a-${from}`]) copy(part(one), "flying", turns + way(spots[one], spots[`g-${id}`]));
    // The gradient of a batch is the mean of such products.
    if (Math.abs((delta * x) / g - 1) < 1e-9) copy(gradient, "met").textContent = told(delta, x);
  }
}

function ghost(one) {
  const box = rim(one), made = one.cloneNode(true);
  for (const side of ["left", "top", "width", "height"]) made.style[side] = `${box[side]}px`;
  return made;
}

function begin(total, copies, style) {
  const layer = made("div", { id: "film", inert: true, style: `--total: ${total}ms; ${style}` });
  layer.append(...copies);
  document.body.append(layer);
  layer.animate(null, total).onfinish = end;
  return layer;
}

const end = () => find("#film")?.remove();

function play(keys, back, now) {
  const turns = keys.map((key) => key.split(":")), sum = turns.reduce((at, [kind]) => at + LASTS[kind], 0);
  const unit = Math.min(600, 2250 / sum) / now.pace / (1 + back), [less, shown] = back ? [now, before] : [before, now];
  const layer = begin(unit * sum + 100, [...shown.ghosts, ...less.curve, ...shown.curve], `--unit: ${unit}ms; ${way(now.dot, before.dot)}`), [net] = layer.children;
  if (back) layer.className = "back", turns.reverse();
  ({ spots } = shown);
  // What the page beside it did not tell before is seen with its end.
  for (const one of all("#numbers td, #panel p, #pictures > *")) one.dataset.told = before.told.includes(one.innerHTML);
  part("headline-step").append(find(".step", less.ghosts[1]));
  let at = 0;
  for (const [kind, of] of turns) {
    // A layer's deltas come along the wires behind it; buttons of phases have their turns, too.
    for (const one of of ? all(`[id*=node-${of}-], [id*=edge-${of - (kind !== "delta")}-], [value$=":${of}"]`, layer) : [layer]) one.style.cssText += `;--at-${kind}: ${at}ms;`;
    at += unit * LASTS[kind];
  }
  all(".wire", net).forEach((wire, nth) => meet(wire, all(".wire", less.ghosts[0])[nth]));
  // New values come from the old ones, through some between.
  for (const one of all(".new[id]", net)) {
    const old = part(one.id.replace(/^(s-)?n/, "v")), to = read(one), [, digits] = (old ?? one).textContent.split(".");
    // A row with room for one shows the old one, too.
    for (const left of one.closest(".small, .latest") ? "123" : "12") copy(one, `tick${left}`).textContent = (to + ((read(old) - to) * left) / 3).toFixed(digits?.length).replace(/^-(?=[0.]+$)/, "").replace("-", "−");
  }
  // What moves is painted without what stands: pulses below, numbers above.
  for (const set of ['.marks, .bias, [id$="wires"]', ":scope > :not(.figures)"]) {
    const made = net.cloneNode();
    made.append(...all(set, net));
    net.before(made);
  }
}

// Numbers go to a derivation's letters.
function glide(svg) {
  begin(280, all("#panel .steps [data-mark]").map((line) => {
    const to = middle(all("mn, p", line).pop()), mark = find(`.mark[data-mark="${line.dataset.mark}"]`, svg), from = mark ? middle(mark) : to, textContent = find(".eq", line).textContent.split("=").pop();
    return made("b", { textContent, style: `left: ${from[0]}px; top: ${from[1]}px; ${way(from, to)}` });
  }));
}

// What the page shows; how many phases are computed in all.
function look() {
  const svg = all("#diagram .network").find((one) => one.checkVisibility()), pace = svg && +getComputedStyle(svg).getPropertyValue("--pace"), open = find("#panel")?.dataset.open;
  if (!pace) return {};
  const { phase, phases } = find("#diagram").dataset, keys = phases.match(/\S+/g), scale = svg.getScreenCTM().a, plays = !svg.matches(":not(:has([data-to])), :has(.wire:nth-child(61))");
  return {
    svg, keys, pace, open,
    done: find("#headline-step").textContent.replace(/\D/g, "") * keys.length + keys.indexOf(phase === "forward" ? "error" : phase) + 1,
    dot: find("#curve-dot")?.getAttribute("d").match(/[\d.]+/g) ?? [],
    spots: plays && Object.fromEntries(all("text[id]", svg).map((one) => [one.id.replace(/^s-/, ""), middle(one).map((at) => at / scale)])),
    ghosts: plays && [svg, ...all(".headline, .acts")].map(ghost),
    curve: all("#loss-curve").map(ghost),
    told: find(".side")?.innerHTML,
  };
}

on("htmx:before:swap", () => (end(), (before = look())));

on("htmx:after:swap", () => {
  const now = look(), { keys, ghosts, open } = before, [from, to] = [before.done, now.done].sort((a, b) => a - b);
  if (keys && now.open && now.open !== open) return glide(now.svg);
  if (!ghosts || !now.ghosts || from === to || to - from > keys.length) return;
  // The phases of one step, as far as it was walked.
  const last = ((to - 1) % keys.length) + 1;
  play(keys.slice(Math.max(last - to + from, 0), last), to > now.done, now);
});
on("keydown pointerdown wheel", end, true);
addEventListener("resize", end);
}
