// The interviewer's panel: N stamps a note at once, and the words can follow. Everything else is partials that ask
// for themselves again; none of it goes over the board or to anybody else.
const form = () => document.getElementById("stamp");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
  if (event.key.toLowerCase() !== "n" || typing || event.ctrlKey || event.metaKey || event.altKey || !form()) return;
  event.preventDefault();
  event.stopPropagation();
  const stamped = form().hasAttribute("data-fresh");
  form().querySelector("input[name=text]").focus();
  if (!stamped) form().requestSubmit();
}, true);

// Words typed while the stamp was on its way are under it when it comes back.
let typed = "";
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target === form() && !form().hasAttribute("data-fresh")) typed = form().querySelector("input[name=text]").value;
});

document.body.addEventListener("htmx:afterSettle", () => {
  const field = form()?.querySelector("input[name=text]");
  if (field && form().hasAttribute("data-fresh") && form() !== focused) {
    focused = form();
    field.value = field.value || typed;
    typed = "";
    field.focus();
  }
});
let focused = null;

// What was folded open stays so when its part comes anew, and ticks that were not sent yet are left alone.
const opened = new Set();
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig } = event.detail;
  if (!target.closest?.(".cockpit")) return;
  opened[target.querySelector("details[open]") ? "add" : "delete"](target.id);
  const ticking = document.activeElement?.closest?.(".areas");
  if (ticking && target.contains(ticking) && requestConfig.verb === "get") event.detail.shouldSwap = false;
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  const { target } = event.detail;
  if (opened.has(target.id)) target.querySelector("details")?.setAttribute("open", "");
});

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

// How many questions wait stands on the tabs that lead to them: whoever scores, or looks at the board, sees that one came.
function countWaiting() {
  const waiting = document.querySelectorAll("#cockpit .asked__answer").length;
  for (const count of document.querySelectorAll("[data-waiting]")) {
    count.hidden = !waiting;
    count.firstChild.textContent = waiting;
    count.lastChild.textContent = waiting === 1 ? " question waits" : " questions wait";
  }
}
document.body.addEventListener("htmx:afterSettle", countWaiting);
countWaiting();
