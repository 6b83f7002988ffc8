// <save-state>: the one line that says whether the work is safe. The board tells it; it only finds the words.
// The line changes every few seconds and is no live region: only trouble, and its end, is read out.
const WORDS = {
  connecting: "Connecting",
  saved: "Saved",
  saving: "Saving",
  offline: "Offline, kept here",
  reconnecting: "Reconnecting",
  readonly: "View only",
  rejected: "The last change could not be kept, so it was taken back",
};
const CALM = ["connecting", "saved", "saving"];

customElements.define("save-state", class extends HTMLElement {
  connectedCallback() {
    this.removeAttribute("role");
    this.line = document.createElement("span");
    this.aloud = document.createElement("span");
    this.aloud.className = "visually-hidden";
    this.aloud.setAttribute("role", "status");
    this.line.textContent = this.textContent;
    this.replaceChildren(this.line, this.aloud);
    this.onStatus = (event) => { this.status = event.detail; this.show(); };
    document.addEventListener("board:status", this.onStatus);
    this.timer = setInterval(() => this.show(), 5000);
  }

  disconnectedCallback() {
    document.removeEventListener("board:status", this.onStatus);
    clearInterval(this.timer);
  }

  show() {
    if (!this.status) return;
    const { state, savedAt, peers = [], onlyHere } = this.status;
    this.dataset.state = state;
    const words = WORDS[state] ?? state;
    const seconds = savedAt ? Math.round((Date.now() - savedAt) / 1000) : null;
    const ago = seconds === null ? "" : seconds < 60 ? ` ${seconds} s ago` : ` ${Math.round(seconds / 60)} min ago`;
    const warning = onlyHere && state !== "saved" ? " · keep this tab open, your browser stores nothing" : "";
    const people = peers.length ? ` · ${peers.map((peer) => peer.name).join(", ")} here` : "";
    this.line.textContent = words + (state === "saved" ? ago : "") + warning + people;
    if (!CALM.includes(state) || (this.aloud.textContent && state === "saved")) this.aloud.textContent = words + warning;
  }
});
