// Asking in the room: "/" goes to the question, a question that was taken is cleared, and its answer is read out.
const field = () => document.getElementById("ask-question");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable], #board, dialog");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || !field()) return;
  event.preventDefault();
  document.querySelector('[name="room-tab"][value="prompt"]')?.click();
  field().focus();
});

document.body.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("[data-ask]");
  if (form && event.detail.successful) form.reset();
});

// The newest answer, said once: the list itself is swapped whole, which a screen reader would read from the top.
let said = document.querySelectorAll("#asked dd").length;
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "asked") return;
  const list = document.querySelector("#asked .asked");
  const answers = document.querySelectorAll("#asked dd:not(.asked__answer)");
  const status = document.getElementById("ask-status");
  if (status && answers.length !== said && answers.length) status.textContent = answers[answers.length - 1].textContent;
  said = answers.length;
  if (list) list.scrollTop = list.scrollHeight;
});
const list = document.querySelector("#asked .asked");
if (list) list.scrollTop = list.scrollHeight;
