// The builder: a matrix is pasted with its lines, which a field would drop; the server spreads it over the rows.
"use strict";

on("paste", (event) => {
  const { target, clipboardData } = event, text = clipboardData.getData("text");
  if (!target.matches("#net [data-kind]") || !/\S[^\d.][^]*\S/.test(text)) return;
  event.preventDefault();
  target.value = text.trimEnd().replace(/\r\n?|\n/g, "\u23ce");
  target.dispatchEvent(new Event("change", { bubbles: true }));
});
