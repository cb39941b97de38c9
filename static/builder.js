// The builder: what was unfolded stays so, and a pasted list or matrix fills the rows that follow.
"use strict";

htmx.registerExtension("unfolded", {
  htmx_before_morph_attr: (_, { attrName, newValue }) => attrName !== "open" || newValue !== null,
});

const NUMBER = /(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi;

// The rows of a list or matrix as NumPy, MATLAB, LaTeX, a spreadsheet or a person writes it; names and commands go.
function matrixIn(text) {
  text = text.replaceAll("\u2212", "-").replace(/\r\n?/g, "\n").replace(/["'][^"']*["']|\.\.\.\s*\n/g, " ");
  text = text.replace(/\\\\/g, ";").replace(/\\[a-z]+(\{[a-z*]+\})?|_(\{[^}]*\}|\w+)/gi, " ").replace(/\{,\}/g, ".");
  if (/\d,\d/.test(text) && !/[.[\]]|,\s/.test(text) && /[;\t]|\d +[-+]?\d/.test(text)) text = text.replaceAll(",", ".");
  const inner = text.match(/\[[^[\]]*\]/g);
  const lines = inner?.length > 1 ? inner : text.split(/[;\n]/);
  return lines.map((line) => (line.match(NUMBER) ?? []).map((one) => one.replace(/^\+/, ""))).filter((row) => row.length);
}

// The fields that a matrix fills from this one on, in the order of its rows; null if it is simply a list.
function matrixFields(rows, field, weights) {
  const body = field.closest(".body");
  const units = [...body.querySelectorAll(".neuron")];
  const inputs = units[0].querySelectorAll("[data-kind=weight]").length;
  const even = (length) => rows.every((row) => row.length === length);
  if (field.dataset.kind !== "weight" || rows.length < 2 || !body.contains(weights[0])) return null;
  const own = weights.filter((one) => body.contains(one));
  if (own.length !== units.length * inputs) return null;
  if (rows.length === units.length && even(inputs + 1)) return { fields: [...body.querySelectorAll("input")] };
  if (rows.length !== inputs || !even(units.length) || inputs === units.length) return null;
  return { fields: rows.flatMap((_, i) => units.map((_, j) => own[j * inputs + i])), turned: true };
}

// One number with a decimal comma, or a fraction: the server reads it.
const ONE = /^\s*[-+\u2212]?\s*(?:\d*,\d+(?:e[-+]?\d+)?|[\d.,]+\s*\/\s*[\d.,]+)\s*$/i;

function fill(field, text) {
  if (ONE.test(text)) return null;
  const rows = matrixIn(text);
  const numbers = rows.flat();
  if (!numbers.length || (numbers.length === 1 && numbers[0] === text.trim())) return null;
  const same = [...document.querySelectorAll(`#net [data-kind="${field.dataset.kind}"]`)];
  const following = same.slice(same.indexOf(field));
  const matrix = matrixFields(rows, field, following);
  const fields = (matrix?.fields ?? following).slice(0, numbers.length);
  fields.forEach((one, i) => { one.value = numbers[i]; });
  const said = document.getElementById("said");
  const over = numbers.length - fields.length;
  const names = fields.map((one) => one.name);
  const told = matrix?.turned ? said.dataset.turned : said.dataset.filled;
  filled = numbers.length < 2 ? "" : told.replace("{count}", fields.length).replace("{first}", names[0]).replace("{last}", names.at(-1));
  if (over) filled += ` ${said.dataset.over.replace("{count}", over)}`;
  return fields.at(-1);
}

// What a paste did is said before what follows from it.
let filled = "";
document.addEventListener("htmx:after:swap", () => {
  const said = document.getElementById("said");
  if (filled && said) said.textContent = `${filled} ${said.textContent}`;
  filled = "";
});

const isNumber = (element) => element.matches?.("#net [data-kind]");

document.addEventListener("paste", (event) => {
  const last = isNumber(event.target) && fill(event.target, event.clipboardData.getData("text"));
  if (!last) return;
  event.preventDefault();
  last.focus();
  document.getElementById("build").dispatchEvent(new Event("change"));
});

// A list that was typed is spread before it is sent.
document.addEventListener("change", (event) => {
  if (isNumber(event.target) && matrixIn(event.target.value).flat().length > 1) fill(event.target, event.target.value);
}, { capture: true });
