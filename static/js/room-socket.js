// <room-socket data-path="/ws/interviews/…/" data-log="/interviews/…/events/" data-seq="12">: hears what changed in
// the room and says it as an event on <body> ("phase.entered" → "phase-entered"); each partial that cares fetches its
// own new state. Missed events are fetched by number, so a dropped connection loses nothing.
customElements.define("room-socket", class extends HTMLElement {
  connectedCallback() {
    this.seq = Number(this.dataset.seq);
    this.tries = 0;
    this.open();
  }

  disconnectedCallback() {
    this.gone = true;
    this.socket?.close();
    clearTimeout(this.timer);
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}${this.dataset.path}?after=${this.seq}`);
    this.socket.onopen = () => { this.tries = 0; };
    this.socket.onmessage = (message) => this.hear(JSON.parse(message.data));
    this.socket.onclose = (closed) => {
      if (this.gone) return;
      if (closed.code === 4403 || closed.code === 4404) {
        document.body.dispatchEvent(new CustomEvent("room-ended", { detail: { code: closed.code } }));
        return;
      }
      const wait = Math.min(10000, 300 * 2 ** this.tries) * (0.5 + Math.random());
      this.tries += 1;
      this.timer = setTimeout(() => this.open(), wait);
    };
  }

  hear(event) {
    if (event.type === "beat") return this.catchUp(event.seq);
    if (event.seq <= this.seq) return;
    this.seq = event.seq;
    document.body.dispatchEvent(new CustomEvent(event.type.replaceAll(".", "-"), { bubbles: true, detail: event }));
  }

  // A heartbeat that is ahead of us means that a message got lost on its way.
  async catchUp(head) {
    if (head <= this.seq) return;
    const answer = await fetch(`${this.dataset.log}?after=${this.seq}`);
    if (!answer.ok) return;
    const { events, seq } = await answer.json();
    events.forEach((event) => this.hear(event));
    this.seq = Math.max(this.seq, seq);
  }
});
