// The room around the board: note tabs, shortcuts, dialogs, and what to do when it ends.
const after = (milliseconds, value) => new Promise((resolve) => { setTimeout(resolve, milliseconds, value); });
const notes = () => [...document.querySelectorAll("[data-notes-step]")];

function showNotes(step) {
  for (const area of notes()) area.hidden = area.dataset.notesStep !== step;
  for (const tab of document.querySelectorAll("[data-show-notes]")) {
    tab.setAttribute("aria-pressed", String(tab.dataset.showNotes === step));
  }
  const tab = document.querySelector(`[data-show-notes="${step}"]`);
  const title = document.getElementById("notes-title");
  if (tab && title) title.textContent = `Notes for ${tab.getAttribute("aria-label")}`;
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-show-notes]");
  if (tab) showNotes(tab.dataset.showNotes);
  const closer = event.target.closest("[data-close-dialog]");
  if (closer) closer.closest("dialog").close();
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) document.getElementById(opener.dataset.openDialog).showModal();
  const copier = event.target.closest("[data-copy]");
  if (copier) {
    const field = document.getElementById(copier.dataset.copy);
    field.select();
    navigator.clipboard?.writeText(field.value).then(() => { copier.textContent = "Copied"; }, () => {});
  }
});

document.addEventListener("keydown", (event) => {
  if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key >= "1" && event.key <= "9") {
    const area = notes()[Number(event.key) - 1];
    if (area) {
      event.preventDefault();
      showNotes(area.dataset.notesStep);
      document.querySelector('[name="room-tab"][value="notes"]')?.click();
      area.focus();
    }
  }
  const typing = event.target.closest("input, textarea, select, [contenteditable], #board");
  if (event.key === "?" && !typing) document.getElementById("shortcuts")?.showModal();
});

// The clock has moved on to another step: its notes come to the front.
document.body.addEventListener("htmx:afterSettle", () => {
  const current = document.querySelector(".step-bar__step[aria-current]")?.dataset.step;
  if (current && current !== document.body.dataset.step) {
    document.body.dataset.step = current;
    showNotes(current);
  }
});

for (const kind of ["submitted", "scored"]) {
  document.body.addEventListener(kind, () => {
    const to = document.querySelector("[data-after-submit]")?.dataset.afterSubmit;
    if (to) location.replace(to); // back leads to before the room, not into it and out again
  });
}

// Ended without being handed in: the page says so, and shows what there is.
for (const kind of ["abandoned", "expired"]) document.body.addEventListener(kind, () => location.reload());

// The server will not have us back: say so, then show where things stand.
async function leave() {
  const detail = "You are not in this room any more. The page is loaded again.";
  document.dispatchEvent(new CustomEvent("notice", { detail }));
  await after(2000);
  location.reload();
}
document.body.addEventListener("room-ended", leave);
document.addEventListener("board:ended", leave);

// How much stands on the board, for people (and tests) who cannot see a canvas.
document.addEventListener("board:graph", (event) => {
  const { parts, arrows } = event.detail;
  document.body.dataset.boardParts = String(parts);
  const note = document.getElementById("board-count");
  if (note) note.textContent = `${parts} part${parts === 1 ? "" : "s"}, ${arrows} arrow${arrows === 1 ? "" : "s"}`;
});
