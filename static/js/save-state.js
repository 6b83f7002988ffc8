// <save-state>: the one line that says whether the work is safe. The board tells it; it only finds the words.
const WORDS = {
  connecting: "Connecting…",
  saved: "Saved",
  saving: "Saving…",
  offline: "Offline, kept here",
  reconnecting: "Reconnecting, your work is kept here",
  readonly: "View only",
  rejected: "The last change could not be kept, so it was taken back",
};

customElements.define("save-state", class extends HTMLElement {
  connectedCallback() {
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
    const { state, savedAt, peers = [] } = this.status;
    this.dataset.state = state;
    const seconds = savedAt ? Math.round((Date.now() - savedAt) / 1000) : null;
    const ago = seconds === null ? "" : seconds < 60 ? ` ${seconds} s ago` : ` ${Math.round(seconds / 60)} min ago`;
    const people = peers.length ? ` · ${peers.map((peer) => peer.name).join(", ")} here` : "";
    this.textContent = (WORDS[state] ?? state) + (state === "saved" ? ago : "") + people;
  }
});
