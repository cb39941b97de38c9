// The builder: a list or matrix is pasted with its lines, which a field would drop; the server spreads it over the rows.
"use strict";

// Where all fields come anew, the one in which somebody types goes too, and says its change between the old and the new.
on("change", (event) => {
  const { id, value } = event.target;
  if (!event.target.closest(".htmx-swapping")) return;
  event.stopImmediatePropagation();
  const again = () => {
    const field = document.getElementById(id);
    if (!field) return;
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  document.addEventListener("htmx:after:swap", again, { once: true });
}, true);

on("paste", (event) => {
  const { target, clipboardData } = event, text = clipboardData.getData("text");
  if (!target.matches("#net [data-kind]") || !/\d[^\d.][^]*\d/.test(text)) return;
  event.preventDefault();
  target.value = text.replace(/\r\n?|\n/g, "\u23ce");
  target.dispatchEvent(new Event("change", { bubbles: true }));
});
