// A frame tells the page around it how high it is, and gives the keys back.

const tell = (message) => parent.postMessage(message, "*");

new ResizeObserver(() => {
  const height = Math.ceil(rim(document.body).height);
  tell({ takeback: { height } });
  if (frameElement?.id === "share-preview") frameElement.height = height;
  tell({ subject: "lti.frameResize", height });
  tell({ context: "h5p", action: "resize", scrollHeight: height });
}).observe(document.body);
tell({ context: "h5p", action: "hello" });

// Escape with nothing to close leaves the frame.
on("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  document.activeElement.blur();
  parent.focus();
});
