// Handing in: first the board sends what it has, then the server says what is empty, and one answer submits.
// Only what the server has is submitted, and a second click while that is under way does nothing.
const FLUSH_LIMIT_MS = 10000; // the board answers within eight seconds, if it is there at all
const after = (milliseconds, value) => new Promise((resolve) => { setTimeout(resolve, milliseconds, value); });

async function flushed() {
  if (!document.querySelector("#board")?.childElementCount) return true;
  const sent = new Promise((resolve) => {
    document.dispatchEvent(new CustomEvent("board:flush", { detail: { resolve } }));
  });
  return Promise.race([sent, after(FLUSH_LIMIT_MS, false)]);
}

document.addEventListener("click", async (event) => {
  if (!event.target.closest('[data-open-dialog="submit-dialog"]')) return;
  await flushed();
  ask();
});

function ask() {
  document.body.dispatchEvent(new CustomEvent("submit-asked"));
}

// No connection: that is said here, for the notice at the foot stands behind the dialog; and what was waited for is
// looked at once the work is saved again.
const dialog = () => document.getElementById("submit-dialog");
for (const kind of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(kind, (event) => {
    if (!dialog()?.contains(event.target)) return;
    event.target.textContent = "What is empty could not be looked up just now. Your work is kept here; this goes on by itself once you are connected.";
    dialog().dataset.waits = "1";
  });
}
document.addEventListener("board:status", (event) => {
  if (event.detail.state !== "saved" || !dialog()?.open) return;
  const unsaved = dialog().querySelector("[data-unsaved]");
  if (!dialog().dataset.waits && unsaved.hidden) return;
  delete dialog().dataset.waits;
  unsaved.hidden = true;
  ask();
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-submit-design]")) return;
  event.preventDefault();
  const button = form.querySelector("button[type=submit]");
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  if (await flushed()) {
    form.submit(); // asks nobody again, unlike requestSubmit
    return;
  }
  button.removeAttribute("aria-disabled");
  form.querySelector("[data-unsaved]").hidden = false;
});
// Back from the scorecard by the browser's own button: the form can be used again.
addEventListener("pageshow", () => {
  document.querySelector("[data-submit-design] [aria-disabled]")?.removeAttribute("aria-disabled");
});
