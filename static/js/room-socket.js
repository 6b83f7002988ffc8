// <room-socket data-path="/ws/interviews/…/" data-log="/interviews/…/events/" data-seq="12">: hears what changed in
// the room and says it as an event on <body> ("phase.entered" → "phase-entered"); each partial that cares fetches its
// own new state. Missed events are fetched by number, so a dropped connection loses nothing. After a loss, or some
// time out of sight, the computer may have slept and its clocks with it: `clock-stale` asks for the server's again.
const LONG_HIDDEN_MS = 5000;
const tell = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));

customElements.define("room-socket", class extends HTMLElement {
  connectedCallback() {
    this.seq = Number(this.dataset.seq);
    this.tries = 0;
    this.onVisibility = () => this.look();
    document.addEventListener("visibilitychange", this.onVisibility);
    this.open();
  }

  disconnectedCallback() {
    this.gone = true;
    document.removeEventListener("visibilitychange", this.onVisibility);
    this.socket?.close();
    clearTimeout(this.timer);
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}${this.dataset.path}?after=${this.seq}`);
    this.socket.onopen = () => {
      if (this.tries) tell("clock-stale");
      this.tries = 0;
    };
    this.socket.onmessage = (message) => this.hear(JSON.parse(message.data));
    this.socket.onclose = (closed) => {
      if (this.gone) return;
      if (closed.code === 4403 || closed.code === 4404) {
        tell("room-ended", { code: closed.code });
        return;
      }
      const wait = Math.min(10000, 300 * 2 ** this.tries) * (0.5 + Math.random());
      this.tries += 1;
      this.timer = setTimeout(() => this.open(), wait);
    };
  }

  // The wall clock goes on while the computer sleeps; only a difference of it is used.
  look() {
    if (document.hidden) this.hiddenAt = Date.now();
    else if (Date.now() - (this.hiddenAt ?? Infinity) > LONG_HIDDEN_MS) tell("clock-stale");
  }

  hear(event) {
    if (event.type === "beat") return this.catchUp(event.seq);
    if (event.seq <= this.seq) return;
    this.seq = event.seq;
    tell(event.type.replaceAll(".", "-"), event);
  }

  // A heartbeat that is ahead of us means that a message got lost on its way.
  async catchUp(head) {
    if (head <= this.seq) return;
    const answer = await fetch(`${this.dataset.log}?after=${this.seq}`);
    if (!answer.ok || answer.redirected) return; // redirected: to sign in
    const { events, seq } = await answer.json();
    events.forEach((event) => this.hear(event));
    this.seq = Math.max(this.seq, seq);
  }
});
