// The film of a step: copies of the page's parts play over it how its numbers came about, or backwards. Parts get their
// turns here; film.css says how they move.
"use strict";
{
const PARTS = { pre_activation: 1, activation: 0.4, error: 0.7, delta: 0.8, gradient: 0.8, update: 1 };
const NUMBER = /[+−-]?[\d.]+(e[−-]?\d+)?$/;
let film, before;

const copied = (selector) => all(selector, film.layer);
const part = (id) => copied(`#${id}, #s-${id}`)[0];
const into = (layer) => copied(`.wire[data-to^=node-${layer}-]`);
const read = (one) => +(one?.textContent.match(NUMBER)?.[0].replaceAll("−", "-") || 0);
const told = (...values) => values.map((value) => `${+value.toPrecision(4)}`.replaceAll("-", "−")).join(" × ");
// With all digits, where the tables are.
const value = (id, row, cell) => +(all(`#row-${row} :is(data, input)`)[cell]?.value || read(part(id) ?? find(`#${id}`)));
const middle = (one) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
};

function copy(one, kind, style = "") {
  const made = one.cloneNode(true);
  made.classList.add(kind);
  made.id = "";
  made.style.cssText = film.turn + style;
  one.after(made);
  return made;
}

const pulse = (wire, carried, kind) => copy(wire.firstElementChild, kind, `--power: ${Math.log10(Math.abs(carried))}`).setAttribute("pathLength", 1);

function fly(one, row) {
  const [[x, y], [u, v]] = [one, row].map(({ id }) => film.spots[id]);
  copy(one, "flying", `--x: ${u - x}px; --y: ${v - y}px`);
}

function count(one, from) {
  const text = one.textContent, digits = text.split(".")[1]?.length, to = read(one), { until, span } = film;
  if (digits) film.ticks.push((now) => {
    const left = Math.min(Math.max((until - now) / span / 0.6, 0), 1) ** 2;
    one.firstChild.data = left ? text.replace(NUMBER, (to + (from - to) * left).toFixed(digits).replace("-", "−")) : text;
  });
}

// The numbers that meet in a weight's row, and its text.
function meeting({ dataset: { part: id, from, to } }, kind) {
  const name = part(id).querySelector(".nm")?.textContent, [w, g] = ["v", "g"].map((one, cell) => value(`${one}-${id}`, name, cell));
  return { w, g, x: value(`a-${from}`, from, +!from.includes("-0-")), delta: value(`d-${to}`, to, 2), row: part(`${kind}-${id}`), from, to };
}

const MOVES = {
  pre_activation(layer) {
    for (const wire of into(layer)) {
      const { w, x, row } = meeting(wire, "v");
      pulse(wire, w * x, w * x < 0 ? "minus" : "plus");
      if (!row) continue;
      copy(row, "product").textContent = `${told(w, x)} = ${told(w * x)}`;
      row.classList.add("behind");
    }
    copied(`.net[id*=node-${layer}-]`).forEach((one) => count(one, 0));
  },
  error: () => count(part("loss"), 0),
  delta(layer) {
    for (const wire of into(layer + 1)) {
      const { w, delta } = meeting(wire);
      pulse(wire, w * delta, "blame");
    }
  },
  gradient(layer) {
    for (const wire of into(layer)) {
      const { x, g, delta, row, from, to } = meeting(wire, "g");
      if (!row) continue;
      for (const factor of [`l-d-${to}`, `a-${from}`]) fly(part(factor), row);
      // The gradient of a batch is the mean of such products.
      if (Math.abs((delta * x) / g - 1) < 1e-9) copy(row, "met").textContent = told(delta, x);
    }
  },
  update: () => copied(".new[id]").forEach((one) => count(one, read(find(`#${one.id.replace(/^(s-)?n/, "v")}`)))),
};

function ghost(one) {
  const box = one.getBoundingClientRect(), made = one.cloneNode(true);
  for (const side of ["left", "top", "width", "height"]) made.style[side] = `${box[side]}px`;
  return made;
}

function begin(style, copies, spots) {
  const layer = Object.assign(document.createElement("div"), { className: "film", ariaHidden: true, inert: true, style });
  layer.append(...copies);
  film = { layer, spots, ticks: [], until: 0 };
}

// It is complete when it is shown, so styles are computed once; it is on when it moves, after its first picture.
function roll({ layer }) {
  document.body.append(layer);
  const [clock] = layer.getAnimations();
  clock.ready.then(() => (layer.id = "film"), () => {});
  clock.onfinish = end;
  return clock;
}

function end() {
  film?.layer.remove();
  film = null;
  for (const one of all(".filmed")) one.classList.remove("filmed");
}

function play(keys, back, now) {
  const lasts = (key) => PARTS[key.split(":")[0]] || 0, sum = keys.reduce((all, key) => all + lasts(key), 0);
  const unit = Math.min(600, 2250 / sum) / now.pace / (1 + back), total = unit * sum, shown = back ? before : now;
  const [x, y] = [0, 1].map((i) => before.dot?.[i] - now.dot?.[i]);
  begin(`--total: ${total + 100}ms; --unit: ${unit}ms; --x: ${x}px; --y: ${y}px;`, [...shown.ghosts.slice(0, 2), now.ghosts[2] || ""], shown.spots);
  const { layer, ticks } = film;
  layer.classList.toggle("back", back);
  for (const key of keys) {
    const [kind, of] = key.split(":"), span = unit * lasts(key), until = film.until + span;
    Object.assign(film, { span, until, turn: `;--at-${kind}: ${back ? total - until : until - span}ms;` });
    for (const one of of ? copied(`[id*=node-${of}-], [id*=edge-${of - 1}-], .headline`) : [layer]) one.style.cssText += film.turn;
    MOVES[kind]?.(+of);
  }
  // The page's own wires are seen below, and get their new widths.
  for (const one of all("#picture .network > :not([id$=wires]), .lab .headline, .lab #curve-dot")) one.classList.add("filmed");
  const clock = roll(film);
  (function draw() {
    for (const tick of ticks) tick(back ? total - clock.currentTime : clock.currentTime);
    if (film?.layer === layer) requestAnimationFrame(draw);
  })();
}

// Numbers go to a derivation's letters.
function glide({ svg }) {
  begin("--total: 280ms", all("#panel .steps [data-mark]").map((line) => {
    const to = all("mn, p", line).at(-1), from = all(`.mark[data-mark="${line.dataset.mark}"]`, svg)[0] || to;
    const made = document.createElement("b"), [[x, y], [u, v]] = [from, to].map(middle);
    made.textContent = line.querySelector(".eq").textContent.split("=").at(-1);
    made.style.cssText = `left: ${x}px; top: ${y}px; --x: ${u - x}px; --y: ${v - y}px`;
    return made;
  }));
  roll(film);
}

// What the page shows; how many phases are computed in all.
function look() {
  const svg = all("#picture .network").find((one) => one.checkVisibility());
  if (!svg) return {};
  const { phase, phases } = find("#picture").dataset, keys = phases.trim().split(" ");
  const pace = +getComputedStyle(svg).getPropertyValue("--pace"), scale = svg.getScreenCTM().a;
  const plays = pace && !svg.matches(".compact, :not(:has([data-to])), :has(.wire:nth-child(61))");
  return {
    svg, keys, pace,
    done: find("#headline-step").textContent.replace(/\D/g, "") * keys.length + keys.indexOf(phase === "forward" ? "error" : phase) + 1,
    dot: find("#curve-dot")?.getAttribute("d").match(/[\d.]+/g),
    open: find("#panel")?.dataset.open,
    spots: plays && Object.fromEntries(all("text[id]", svg).map((one) => [one.id, middle(one).map((at) => at / scale)])),
    ghosts: plays && [svg, ...all(".headline, #loss-curve")].map(ghost),
  };
}

on("htmx:before:swap", () => {
  end();
  before = look();
});

on("htmx:after:swap", () => {
  const now = look(), { keys, ghosts, open } = before, [from, to] = [before.done, now.done].sort((a, b) => a - b);
  if (!now.pace) return;
  if (now.open && now.open !== open) return glide(now);
  if (!ghosts || !now.ghosts || from === to || to - from >= 2 * keys.length) return;
  // What the copies show: the phases of one step, as far as it was walked.
  const last = ((to - 1) % keys.length) + 1;
  play(keys.slice(Math.max(last - to + from, 0), last), to > now.done, now);
});
for (const kind of ["keydown", "pointerdown", "wheel", "resize"]) addEventListener(kind, end, true);
}
