// Who works by keyboard keeps their place: the part of the page that a click has changed may have taken the focused
// button with it, and the focus would start anew at the top of the page. It goes on in the same part instead.
const PARTS = "#phase-bar, #next-step, #hints, #follow-up, #curveball, #asked, #session";
const CONTROLS = "button:not([disabled]), input:not([type=hidden]):not([disabled]), textarea, a[href], summary";
let left = null; // what had the focus in a part that is being swapped

document.addEventListener("focusin", (event) => {
  const part = event.target.closest(PARTS);
  left = part && { part: part.id, label: labelOf(event.target), at: controls(part).indexOf(event.target) };
});
// A click beside everything: nobody is working by keyboard there.
document.addEventListener("pointerdown", (event) => { if (!event.target.closest(PARTS)) left = null; });

function controls(part) {
  return [...part.querySelectorAll(CONTROLS)].filter((one) => one.checkVisibility?.() ?? true);
}

function labelOf(control) {
  return control.getAttribute("aria-label") ?? control.textContent.trim();
}

document.body.addEventListener("htmx:afterSettle", () => {
  if (!left || (document.activeElement && document.activeElement !== document.body)) return;
  // The next step has begun: its notes are what comes next.
  const part = left.part === "next-step" ? document.getElementById("notes-title") : document.getElementById(left.part);
  if (!part || part.checkVisibility?.() === false) return;
  const own = left.part === "next-step" ? [] : controls(part);
  const next = own.find((one) => labelOf(one) === left.label) ?? own[Math.min(left.at, own.length - 1)] ?? part;
  if (next === part) part.setAttribute("tabindex", "-1");
  next.focus({ preventScroll: true });
});
