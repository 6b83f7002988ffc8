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
  if (form && event.detail.xhr.status < 400 && event.detail.successful) form.reset();  // refused: it can be sent again
});

const hints = () => [...document.querySelectorAll("#hints .is-given")].map((one) => one.children[1].textContent);
let given = hints();
// A hint that was just shown is read out, too.
function sayHint(part) {
  const now = hints();
  const fresh = now.find((text) => !given.includes(text));
  const status = document.getElementById("ask-status");
  if (fresh && part?.id === "hints") {
    if (status) status.textContent = fresh;
    sayUnseen(part, "Your interviewer gives you a hint. It stands beside the prompt.");
  }
  given = now;
}

// What comes while its panel is not shown, as on a phone or under another tab, is said at the foot of the page.
function sayUnseen(part, words) {
  if (!part.checkVisibility?.()) document.dispatchEvent(new CustomEvent("notice", { detail: words }));
}

// The newest answer, said once: the list itself is swapped whole, which a screen reader would read from the top. To
// the interviewer it is the newest question that waits.
let said = document.querySelectorAll("#asked dd").length;
document.body.addEventListener("htmx:afterSwap", (event) => {
  sayHint(event.detail.elt);
  if (event.detail.target?.id !== "asked") return;
  const answers = document.querySelectorAll("#asked dd:not(.asked__answer)");
  const status = document.getElementById("ask-status");
  const newest = answers.length !== said ? answers[answers.length - 1] : null;
  const waits = newest?.matches(".asked__waits");
  const mine = waits && newest.parentElement.querySelector(".asked__answer");
  if (status && newest) status.textContent = mine ? `A question: ${newest.parentElement.querySelector("dt").textContent}` : newest.textContent;
  if (mine) sayUnseen(event.detail.target, "The candidate asks something. It waits on your run sheet.");
  else if (newest && !waits) sayUnseen(event.detail.target, "The interviewer has answered. It stands beside the prompt.");
  said = answers.length;
  showNewest();
});

// The list shows its end; to an interviewer the question that waits longest.
function showNewest() {
  const list = document.querySelector(".asked-list");
  const next = list?.querySelector(".asked__answer")?.closest("[data-question]");
  if (list) list.scrollTop = next ? next.offsetTop - list.offsetTop : list.scrollHeight;
}
showNewest();

// A version of the board is about to be kept: first everything that was drawn goes to the server. A board that is not
// all there is not kept: what was drawn before the change would count as drawn after it.
const FLUSH_LIMIT_MS = 10000; // the board answers within eight seconds, if it is there at all
document.body.addEventListener("htmx:confirm", (event) => {
  if (!event.target.matches?.("[data-flush-first]")) return;
  event.preventDefault();
  const flushed = new Promise((resolve) => {
    document.dispatchEvent(new CustomEvent("board:flush", { detail: { resolve } }));
    if (!document.querySelector("#board")?.childElementCount) resolve(true);
    setTimeout(resolve, FLUSH_LIMIT_MS, false);
  });
  const detail = "Some of your work is not saved yet, so nothing has changed. Wait until the line below says Saved, then try again.";
  flushed.then((all) => {
    if (all) event.detail.issueRequest(true);
    else document.dispatchEvent(new CustomEvent("notice", { detail }));
  });
});

// A follow-up or a change that comes is scrolled into sight; where its panel is not shown, as on a phone, the foot of
// the page says so.
document.body.addEventListener("htmx:afterSwap", (event) => {
  const { target } = event.detail;
  const words = { "follow-up": "The interviewer asks you something. It stands beside the prompt.", curveball: "A requirement has changed. It stands beside the prompt." };
  const news = target?.querySelector?.(".challenge");
  if (!words[target?.id] || !news || news.textContent === target.dataset.told) return;
  target.dataset.told = news.textContent;
  if (!target.checkVisibility?.()) document.dispatchEvent(new CustomEvent("notice", { detail: words[target.id] }));
  else news.scrollIntoView({ block: "nearest" });
});

document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-go-to-notes]")?.dataset.goToNotes;
  if (!step) return;
  document.querySelector(`.step-tabs [data-show-notes="${CSS.escape(step)}"]`)?.click();
  document.querySelector('[name="room-tab"][value="notes"]')?.click();
  document.querySelector(`[data-notes-step="${CSS.escape(step)}"]`)?.focus();
});
