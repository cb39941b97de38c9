// The builder's rows: Enter goes to the next one, as in a spreadsheet, and sends the form from the last.
"use strict";

on("keydown", (event) => {
  const { key, target, shiftKey, isComposing } = event, rows = all("#net [data-kind]"), at = rows.indexOf(target), next = rows[at + (shiftKey ? -1 : 1)];
  if (key !== "Enter" || isComposing || modified(event) || at < 0 || !next) return;
  event.preventDefault();
  next.focus();
  next.select();
});

// A matrix is pasted with its lines, which a field would drop; the server spreads it over the rows.
on("paste", (event) => {
  const { target, clipboardData } = event, text = clipboardData.getData("text");
  if (!target.matches("#net [data-kind]") || !/\S[^\d.][^]*\S/.test(text)) return;
  event.preventDefault();
  target.value = text.trimEnd().replace(/\r\n?|\n/g, "\u23ce");
  target.dispatchEvent(new Event("change", { bubbles: true }));
});
