// <room-socket data-path="/ws/interviews/…/" data-log="/interviews/…/events/" data-seq="12">: hears what changed in
// the room and says it as an event on <body> ("phase.entered" → "phase-entered"); each partial that cares fetches its
// own new state. Missed events are fetched by number, so a dropped connection loses nothing. After a loss, or some
// time out of sight, the computer may have slept and its clocks with it: `clock-stale` asks for the server's again.
const LONG_HIDDEN_MS = 5000;
const EAGER_MS = 10000; // a restart takes seconds: so long it asks about twice a second, then less often
const SILENT_MS = 25000; // the server sends a beat every 7.5 s; one that is silent for so long is gone
const tell = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));

customElements.define("room-socket", class extends HTMLElement {
  connectedCallback() {
    this.seq = Number(this.dataset.seq);
    this.onVisibility = () => this.look();
    this.onOnline = () => this.hurry();
    document.addEventListener("visibilitychange", this.onVisibility);
    addEventListener("online", this.onOnline);
    this.open();
  }

  disconnectedCallback() {
    this.gone = true;
    document.removeEventListener("visibilitychange", this.onVisibility);
    removeEventListener("online", this.onOnline);
    this.socket?.close();
    clearTimeout(this.timer);
    clearTimeout(this.silence);
  }

  open() {
    clearTimeout(this.timer);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}${this.dataset.path}?after=${this.seq}`);
    this.socket = socket;
    this.listen();
    socket.onopen = () => {
      if (this.downSince) tell("clock-stale");
      this.downSince = null;
      this.listen();
      tell("room-open");
    };
    socket.onmessage = (message) => {
      this.listen();
      this.hear(JSON.parse(message.data));
    };
    socket.onclose = (closed) => this.lost(socket, closed.code);
  }

  lost(socket, code) {
    if (this.gone || socket !== this.socket) return;
    clearTimeout(this.silence);
    this.socket = null;
    if (code === 4403 || code === 4404) return tell("room-ended", { code });
    this.downSince ??= Date.now();
    const down = Date.now() - this.downSince;
    const ceiling = Math.min(10000, 1000 * 2 ** Math.min(10, Math.floor(down / EAGER_MS)));
    this.timer = setTimeout(() => this.open(), down < EAGER_MS ? 100 + 800 * Math.random() : ceiling * (0.5 + Math.random() / 2));
  }

  // Nothing heard for long, be it while connecting: a socket that is open and dead says nothing of it.
  listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      const { socket } = this;
      socket.close();
      this.lost(socket, 4000);
    }, SILENT_MS);
  }

  hurry() {
    if (this.gone || this.socket?.readyState === WebSocket.OPEN) return;
    this.socket?.close();
    this.open();
  }

  // The wall clock goes on while the computer sleeps; only a difference of it is used.
  look() {
    if (document.hidden) this.hiddenAt = Date.now();
    else if (Date.now() - (this.hiddenAt ?? Infinity) > LONG_HIDDEN_MS) tell("clock-stale");
  }

  // What the call says (call.js); false when nobody would hear it.
  say(message) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  hear(event) {
    if (event.type === "call" || event.type === "signal") return tell(event.type, event);
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
