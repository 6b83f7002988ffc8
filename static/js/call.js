// <room-call>: sound and picture from browser to browser, off until the button is pressed. This file is the buttons, the
// words are call-words.js; the code that opens devices and connections (data-session and its parts) is loaded on
// joining. With data-listens, on an observer's page, nothing is opened and nothing sent.
const BACK_WITHIN_MS = 60_000; // a page that was only reloaded, or went from the lobby to the room, goes on
const KEPT = "call-goes-on";
const fresh = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const room = () => document.querySelector("room-socket");

customElements.define("room-call", class extends HTMLElement {
  connectedCallback() {
    Object.assign(this, { tab: fresh(), members: [], listens: "listens" in this.dataset, words: this.querySelector("call-words") });
    this.ending = new AbortController();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.ending.signal });
    on(document.body, "call", ({ detail }) => this.hear(detail));
    on(document.body, "signal", ({ detail }) => this.call?.signal(detail));
    on(document.body, "room-open", () => this.call && this.ask());
    on(document.body, "joined", () => { this.hidden = false; });
    on(window, "online", () => this.call?.restart());
    on(window, "pagehide", () => this.pause());
    on(window, "pageshow", ({ persisted }) => persisted && this.goOn());
    on(this, "click", ({ target }) => this[target.closest("[data-call-does]")?.dataset.callDoes]?.());
    on(this, "change", ({ target }) => this.choose(target));
    this.goOn();
  }

  disconnectedCallback() {
    this.quit();
    this.ending.abort();
  }

  part(name) { return this.querySelector(`[data-call-part="${name}"]`); }
  say(message) { return room().say({ type: "call", ...message }); }
  ask() { return this.say({ state: "joined", tab: this.tab, ...this.call.sending() }); }
  button(does) { return this.querySelector(`[data-call-does="${does}"]`); }
  announce(words) { this.words.announce(words); }
  warn(words) { this.words.warn(words); }

  async join({ sound = true, picture = false, at } = {}) {
    if (this.joining || this.call) return;
    if (!window.RTCPeerConnection) return void this.words.refuse("unable"); // others would wait for somebody they never reach
    this.joining = true;
    this.warn("");
    this.show();
    const [{ Call }, ...parts] = await Promise.all(["session", "peer", "devices", "tiles"].map((name) => import(this.dataset[name])));
    const call = new Call(this, parts, (to, data) => room().say({ type: "signal", to, data }));
    await call.start(sound, picture);
    if (!this.joining) return call.end(); // left while the browser asked
    Object.assign(this, { call, joining: false });
    if (!this.ask()) this.warn("There is no connection to the room. The call begins when it is back.");
    this.show();
    if (!at) this.button(this.listens ? "leave" : "hush").focus(); // pressed just now: the button is gone
  }

  // Everything anew, under another id: what is left when nobody can be reached any more, or only by the relay from now on.
  again() {
    this.tab = fresh();
    this.ask();
  }

  leave() {
    this.quit();
    this.button("join").focus();
  }

  hush() { this.call.hush(); }
  camera() { this.call.camera(); }
  fold() { this.classList.toggle("is-folded"); this.show(); }
  listen() { this.call.tiles.play(); this.part("silent").hidden = true; }

  async choose({ name, value, type, checked }) {
    const devices = await import(this.dataset.devices);
    devices.choose({ [name]: type === "checkbox" ? checked : value });
    await this.call?.chosen(name, value);
  }

  // What the server says of the call.
  hear({ state, members, you, ice }) {
    if (this.words.refuse(state, this.listens)) {
      if (state !== "unreachable" || !this.call?.you) this.quit();
      return;
    }
    if (state === "welcome" && this.call) {
      this.warn("");
      this.call.welcome(you, ice);
    }
    if (this.call?.you) {
      this.words.compare(this.members, members, this.dataset.me);
      this.call.meet(members);
    }
    this.members = members;
    this.show();
    if (!this.call && !this.joining) this.announce(this.part("words").textContent);
  }

  // The bar as things stand; the call's own part shows the tiles.
  show() {
    const { call, joining } = this;
    const others = this.members.filter(({ user }) => user !== this.dataset.me);
    if (others.length || call) this.hidden = false;
    this.words.show(others, this);
    for (const button of this.querySelectorAll("[data-call-does]:not([data-call-part])")) {
      button.hidden = (button.dataset.callDoes === "join") === Boolean(call);
    }
    this.button("join").disabled = Boolean(joining);
    this.part("tiles").hidden = !call || this.classList.contains("is-folded");
    const { audio, video } = call?.sending() ?? {};
    this.mark("hush", audio ? "Mute" : "Unmute", !audio);
    this.mark("camera", video ? "Camera off" : "Camera on", video);
    this.mark("fold", this.part("tiles").hidden ? "Show people" : "Hide people");
    this.classList.toggle("is-on", Boolean(call));
    call?.show(this.members);
    if (this.wasOn !== this.part("tiles").hidden) window.dispatchEvent(new Event("resize")); // the board has another height
    this.wasOn = this.part("tiles").hidden;
  }

  mark(does, words, pressed) {
    const button = this.button(does);
    if (!button) return; // who listens has neither microphone nor camera
    button.querySelector("span").textContent = words;
    if (pressed !== undefined) button.classList.toggle("is-pressed", Boolean(pressed));
  }

  quit() {
    if (this.call) this.say({ state: "left" });
    this.call?.end();
    Object.assign(this, { call: null, joining: false });
    this.show();
  }

  // The page goes away, perhaps only for a moment.
  pause() {
    if (!this.call) return;
    const { sound, tracks } = this.call;
    sessionStorage.setItem(KEPT, JSON.stringify({ at: Date.now(), room: location.pathname, sound, picture: Boolean(tracks.video) }));
    this.quit();
  }

  goOn() {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
    sessionStorage.removeItem(KEPT);
    if (kept.room === location.pathname && Date.now() - kept.at < BACK_WITHIN_MS) this.join(kept);
  }
});
