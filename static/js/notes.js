// <notes-tools data-preview="/interviews/…/notes/preview/">: bold, lists, a preview and the words of the notes in
// sight, and the way to the next step's. Notes are plain Markdown in a textarea that <#board> keeps equal for
// everybody, so an edit here is typed like any other. What changes elsewhere makes no event: it is looked for.
const LOOK_MS = 700;
const areas = () => [...document.querySelectorAll("textarea[data-notes-step]")];
const shownArea = () => areas().find((area) => !area.hidden);
const words = (text) => text.match(/[\p{L}\p{N}][\p{L}\p{N}'’.,%-]*/gu)?.length ?? 0;
const counted = (n) => `${n} word${n === 1 ? "" : "s"}`;

// Put `text` in place of [start, end), so that undo takes it back and the board hears of it.
function type(area, text, start, end) {
  area.focus();
  area.setSelectionRange(start, end);
  if (document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, start, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function bold(area) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const inside = value.slice(start, end);
  if (value.slice(start - 2, start) === "**" && value.slice(end, end + 2) === "**") {
    type(area, inside, start - 2, end + 2);
    area.setSelectionRange(start - 2, end - 2);
  } else {
    type(area, `**${inside}**`, start, end);
    area.setSelectionRange(start + 2, end + 2);
  }
}

function list(area) {
  const { selectionStart, selectionEnd, value } = area;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const next = value.indexOf("\n", selectionEnd);
  const end = next < 0 ? value.length : next;
  const lines = value.slice(start, end).split("\n");
  const all = lines.every((line) => line.startsWith("- "));
  const text = lines.map((line) => (all ? line.slice(2) : line.startsWith("- ") ? line : `- ${line}`)).join("\n");
  type(area, text, start, end);
}

function move(by) {
  const to = areas()[areas().indexOf(shownArea()) + by];
  if (!to) return;
  document.querySelector(`[data-show-notes="${to.dataset.notesStep}"]`)?.click();
  to.focus();
}

const ACTS = { bold, list, next: () => move(1), previous: () => move(-1) };

function actOf(event) {
  const command = event.metaKey || event.ctrlKey;
  if (command && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "b") return "bold";
  if (command && !event.altKey && event.shiftKey && event.code === "Digit8") return "list";
  if (event.altKey && !command && event.key === "PageDown") return "next";
  if (event.altKey && !command && event.key === "PageUp") return "previous";
  return null;
}

function refusePictures(event) {
  const carried = event.clipboardData ?? event.dataTransfer;
  if (!carried?.files.length || carried.types.includes("text/plain") || !event.target.closest("[data-notes-step]")) return;
  event.preventDefault();
  const detail = "Notes hold words only. Put the picture on the board: it is kept there, and the scorecard shows it.";
  document.dispatchEvent(new CustomEvent("notice", { detail }));
}

customElements.define("notes-tools", class extends HTMLElement {
  connectedCallback() {
    this.page = document.getElementById("notes-preview");
    this.hidden = false;
    this.addEventListener("click", (event) => {
      const { act } = event.target.closest("[data-act]")?.dataset ?? {};
      if (act === "preview") this.turn();
      else if (act) this.act(act);
    });
    document.addEventListener("keydown", (event) => {
      const act = event.target.closest?.("[data-notes-step]") && actOf(event);
      if (!act) return;
      event.preventDefault();
      this.act(act);
    });
    document.addEventListener("paste", refusePictures);
    document.addEventListener("drop", refusePictures);
    this.timer = setInterval(() => this.look(), LOOK_MS);
    document.addEventListener("input", () => this.count());
    this.look();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  act(name) {
    const area = shownArea();
    if (!area || (area.readOnly && !["next", "previous"].includes(name))) return;
    if (this.open && ["bold", "list"].includes(name)) return;
    ACTS[name](area);
    this.look();
  }

  get open() {
    return !this.page.hidden;
  }

  turn() {
    this.page.hidden = this.open;
    this.querySelector("[data-act=preview]").setAttribute("aria-pressed", String(this.open));
    this.closest(".panel").classList.toggle("is-previewing", this.open);
    this.rendered = null;
    if (!this.open) shownArea()?.focus();
    this.look();
  }

  look() {
    this.count();
    const text = shownArea()?.value ?? "";
    if (!this.open || text === this.rendered) return;
    this.rendered = text;
    window.htmx.ajax("POST", this.dataset.preview, { source: this.page, target: this.page, swap: "innerHTML", values: { text } });
  }

  count() {
    const here = words(shownArea()?.value ?? "");
    const all = areas().reduce((sum, area) => sum + words(area.value), 0);
    const place = this.querySelector("[data-words]");
    if (place.textContent !== counted(here)) place.textContent = counted(here);
    place.title = `${counted(all)} in all steps`;
  }
});
