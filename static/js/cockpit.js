// The interviewer's panel: N stamps a note at once, and the words can follow. Everything else is partials that ask
// for themselves again; none of it goes over the board or to anybody else.
const form = () => document.getElementById("stamp");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
  if (event.key.toLowerCase() !== "n" || typing || event.ctrlKey || event.metaKey || event.altKey || !form()) return;
  event.preventDefault();
  event.stopPropagation();
  if (form().hasAttribute("data-fresh")) return form().querySelector("input[name=text]").focus();
  form().requestSubmit();
}, true);

document.body.addEventListener("htmx:afterSettle", () => {
  const field = form()?.querySelector("input[name=text]");
  if (field && form().hasAttribute("data-fresh") && form() !== focused) {
    focused = form();
    field.focus();
  }
});
let focused = null;

// Whoever is writing a note keeps the words under their hands; the list comes anew after the next one.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const writing = document.activeElement?.closest?.(".stamps__text textarea");
  if (event.detail.target.id === "own-stamps" && writing && writing.value !== writing.defaultValue) event.detail.shouldSwap = false;
});

// Kept words: the text of a note that was just sent stays what the server has.
document.body.addEventListener("htmx:afterRequest", (event) => {
  const kept = event.target.closest?.(".stamps__text");
  const text = kept?.querySelector("textarea");
  if (text && event.detail.successful) text.defaultValue = text.value;
  if (kept && event.detail.successful) document.dispatchEvent(new CustomEvent("notice", { detail: "The note is kept." }));
});
