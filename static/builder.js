// The builder's rows. Enter goes to the next one, as in a spreadsheet; from the last it sends the form. A matrix is pasted
// with its lines, which a field would drop; the server spreads it over the rows.

on("keydown paste", (event) => {
  const { key, target } = event, text = event.clipboardData?.getData("text"), rows = all("[data-kind]"), next = rows[rows.indexOf(target) + 1];
  if (!target.dataset.kind || !(text ? /\S[^\d.][^]*\S/.test(text) : key === "Enter")) return;
  event.preventDefault();
  if (!text) return next ? next.focus(next.select()) : find("#create").click();
  target.value = text.trimEnd().replace(/\r\n?|\n/g, "⏎");
  htmx.trigger(target, "change");
});
