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
  document.body.dispatchEvent(new CustomEvent("submit-asked"));
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
