// <device-check data-socket="/ws/boards/…/" data-board="/static/board/….js" data-clock="/healthz">: says in the lobby
// whether the board answers, is loaded, and how far the computer's clock is off. Sound, microphone and camera are tried
// only when asked for; what they show is seen here and nowhere else, and they are let go with the page. An observer's
// page has no line for microphone and camera.
const CLOCK_OFF_MS = 60000;
const TONE = { hertz: 440, seconds: 0.7, volume: 0.1 };

customElements.define("device-check", class extends HTMLElement {
  connectedCallback() {
    this.socket();
    this.board();
    this.clock();
    const tone = this.querySelector("[data-try-sound]");
    tone.hidden = !window.AudioContext;
    tone.addEventListener("click", () => this.sound());
    const button = this.querySelector("[data-try-media]");
    if (!button) return;
    button.hidden = !navigator.mediaDevices;
    if (!navigator.mediaDevices) this.say("media", "", "Optional, and not to be had without HTTPS. The interview is complete without them.");
    button.addEventListener("click", () => this.media(button));
  }

  disconnectedCallback() {
    this.letGo();
  }

  say(check, state, words) {
    const line = this.querySelector(`[data-check="${check}"]`);
    line.dataset.state = state;
    line.querySelector("span").textContent = words;
  }

  socket() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const began = performance.now();
    const socket = new WebSocket(`${scheme}://${location.host}${this.dataset.socket}`);
    const slow = setTimeout(() => socket.close(), 8000);
    socket.binaryType = "arraybuffer";
    socket.onmessage = () => {
      this.answered = true;
      this.say("socket", "good", `The board answers in ${Math.max(1, Math.round(performance.now() - began))} ms.`);
      socket.close();
    };
    socket.onclose = () => {
      clearTimeout(slow);
      if (!this.answered) this.say("socket", "bad", "No connection to the board. A proxy or an extension may block websockets; reload the page to try again.");
    };
  }

  async board() {
    try {
      const answer = await fetch(this.dataset.board);
      if (!answer.ok) throw new Error(answer.status);
      await answer.blob();
      this.say("board", "good", "Loaded, and kept for the room.");
    } catch {
      this.say("board", "bad", "The board did not load. Your notes work without it; reload the page to try again.");
    }
  }

  async clock() {
    try {
      const answer = await fetch(this.dataset.clock, { method: "HEAD", cache: "no-store" });
      const theirs = Date.parse(answer.headers.get("Date"));
      if (Number.isNaN(theirs)) throw new Error("no date");
      const off = Date.now() - theirs;
      const minutes = Math.round(Math.abs(off) / 60000);
      this.say("clock", "good", Math.abs(off) < CLOCK_OFF_MS
        ? "Right. The server keeps the time."
        : `Yours is ${minutes} min ${off > 0 ? "fast" : "slow"}. That does no harm: the server keeps the time.`);
    } catch {
      this.say("clock", "", "Not known. That does no harm: the server keeps the time.");
    }
  }

  async sound() {
    const speaker = new AudioContext();
    const volume = new GainNode(speaker, { gain: TONE.volume });
    const tone = new OscillatorNode(speaker, { frequency: TONE.hertz });
    tone.connect(volume).connect(speaker.destination);
    tone.onended = () => speaker.close();
    await speaker.resume().catch(() => {});
    tone.start();
    tone.stop(speaker.currentTime + TONE.seconds);
    this.say("sound", "good", "A short tone was played. Nothing heard? Look at the volume, and where your computer sends its sound.");
  }

  async media(button) {
    if (this.stream) {
      this.letGo();
      button.textContent = "Try them";
      this.say("media", "good", "They work, and are off again.");
      return;
    }
    const wanted = [{ audio: true, video: true }, { audio: true }, { video: true }];
    for (const devices of wanted) {
      try {
        this.stream = await navigator.mediaDevices.getUserMedia(devices);
        break;
      } catch { /* the next, smaller wish */ }
    }
    if (!this.stream) return this.say("media", "bad", "The browser gave neither. The interview is complete without them.");
    const has = (kind) => this.stream.getTracks().some((track) => track.kind === kind);
    const words = has("audio") && has("video") ? "Both work." : has("audio") ? "The microphone works; no camera." : "The camera works; no microphone.";
    this.say("media", "good", `${words} Nobody else sees or hears this.`);
    button.textContent = "Turn them off";
    const picture = this.querySelector("video");
    picture.hidden = !has("video");
    picture.srcObject = this.stream;
    picture.play().catch(() => {});
  }

  letGo() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    const picture = this.querySelector("video");
    if (!picture) return;
    picture.srcObject = null;
    picture.hidden = true;
  }
});
