// The panels beside the board fold away by a button, or by Ctrl \\ both at once; how they were left is remembered.
const room = document.querySelector(".room");
const buttons = [...document.querySelectorAll("[data-fold]")];
const KEY = "room.folded";

function kept() {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
  } catch {
    return new Set();  // nothing is stored here, or something else is
  }
}

function show(folded) {
  for (const button of buttons) {
    const side = button.dataset.fold;
    room.classList.toggle(`is-${side}-folded`, folded.has(side));
    button.setAttribute("aria-expanded", String(!folded.has(side)));
  }
  dispatchEvent(new Event("resize"));
}

function change(folded) {
  try {
    localStorage.setItem(KEY, JSON.stringify([...folded]));
  } catch {
    // a browser that stores nothing shows them again after a reload
  }
  show(folded);
}

const sides = () => new Set(buttons.filter((one) => one.getAttribute("aria-expanded") === "false").map((one) => one.dataset.fold));

document.addEventListener("click", (event) => {
  const side = event.target.closest("[data-fold]")?.dataset.fold;
  if (!side) return;
  const folded = sides();
  if (!folded.delete(side)) folded.add(side);
  change(folded);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "\\" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  change(sides().size ? new Set() : new Set(buttons.map((one) => one.dataset.fold)));
});

show(kept());
