// One person's part in a call: their microphone and camera, and a connection to everybody else who is in it. Who only
// listens opens no device and sends nothing, and is connected to those who speak.
const START_OVER_MS = 30_000;

export class Call {
  constructor(page, [{ Peer }, devices, { Tiles }], send) {
    Object.assign(this, { page, listens: page.listens, Peer, devices, send, peers: new Map(), tracks: { audio: null, video: null }, you: null, sound: true });
    this.tiles = new Tiles(page.part("tiles"), () => { page.part("silent").hidden = false; }, devices.chosen().output);
  }

  async start(sound, picture) {
    this.sound = sound;
    if (this.listens) return this.list();
    await this.open("audio");
    if (picture) await this.open("video");
  }

  sending() { return { audio: Boolean(this.tracks.audio) && this.sound, video: Boolean(this.tracks.video) }; }

  async open(kind) {
    try {
      const track = await this.devices.open(kind);
      this.tracks[kind]?.stop();
      this.tracks[kind] = track;
      track.onended = () => {
        this.page.warn(`The ${kind === "audio" ? "microphone" : "camera"} is gone. Choose another under Devices.`);
        this.close(kind);
      };
      this.page.warn("");
    } catch (error) {
      this.page.warn(kind === "audio" ? `${error.message} Until then you only hear the others.` : error.message);
    }
    if (this.ended) return this.end(); // left while the browser asked
    await this.list();
    await this.change();
  }

  list() { return this.devices.list(this.page.querySelectorAll("[data-call-device]")); }

  close(kind) {
    this.tracks[kind]?.stop();
    this.tracks[kind] = null;
    return this.change();
  }

  async hush() {
    this.sound = !this.sending().audio;
    if (this.sound && !this.tracks.audio) return this.open("audio");
    this.page.announce(this.sound ? "You are not muted any more." : "You are muted.");
    return this.change();
  }

  camera() { return this.tracks.video ? this.close("video") : this.open("video"); }

  // Microphone, camera or muting is another than before: send that, and say so.
  async change() {
    if (this.tracks.audio) this.tracks.audio.enabled = this.sound;
    this.page.show();
    await Promise.all([...this.peers.values()].map((peer) => peer.sendTracks()));
    if (this.you) this.page.say({ state: "sending", ...this.sending() });
  }

  // Something else was chosen under Devices.
  async chosen(name, value) {
    if (name === "relay") this.page.again(); // a connection that stands would be kept as it is
    if (name === "output") this.tiles.speakThrough(value);
    if (this.tracks[name]) await this.open(name);
  }

  welcome(you, ice) {
    if (this.you !== you) this.drop(); // under another id nobody knows our connections
    Object.assign(this, { you, ice });
    for (const peer of this.peers.values()) if (peer.state !== "connected") peer.restart(this.configuration());
  }

  signal({ from, data }) { this.peers.get(from.id)?.hear(data); }

  // Connect to whoever is new, let go of whoever has left.
  meet(members) {
    const here = new Set(members.map(({ id }) => id));
    for (const [id, peer] of this.peers) {
      if (!here.has(id)) {
        peer.close();
        this.peers.delete(id);
      }
    }
    for (const person of members) {
      const deaf = this.listens && person.listens; // neither would hear the other
      if (person.id !== this.you && !deaf && !this.peers.has(person.id)) this.connect(person);
    }
  }

  connect({ id, name, listens }) {
    const { you, tracks } = this;
    const direction = this.listens ? "recvonly" : listens ? "sendonly" : "sendrecv";
    const configuration = this.configuration();
    const send = (data) => this.send(id, data);
    const changed = () => this.page.show();
    const despair = () => this.startOver();
    const waits = this.startedOver ? 0 : undefined; // it has been said already
    this.peers.set(id, new this.Peer({ name, polite: you < id, direction, configuration, tracks, send, changed, despair, waits }));
  }

  // Who hides their address is only reached by way of the relay.
  configuration() {
    return this.devices.chosen().relay && this.page.part("relay") ? { ...this.ice, iceTransportPolicy: "relay" } : this.ice;
  }

  lost() { return [...this.peers.values()].filter(({ state }) => state === "lost"); }

  // Nobody was reached again for long: the fault may be here. Never at the cost of a connection that stands.
  startOver() {
    if (this.lost().length < this.peers.size || Date.now() - (this.startedOver ?? 0) < START_OVER_MS) return;
    this.startedOver = Date.now();
    this.page.again();
  }

  restart(configuration) { for (const peer of this.peers.values()) peer.restart(configuration); }

  show(members) {
    const mine = this.tracks.video ? new MediaStream([this.tracks.video]) : null;
    if (this.own?.getTracks()[0] !== this.tracks.video) this.own = mine;
    this.tiles.show(members.map((person) => {
      if (person.id === this.you) return { ...person, ...this.sending(), mine: true, stream: this.own };
      const peer = this.peers.get(person.id);
      return { ...person, peer, stream: peer?.stream };
    }));
  }

  drop() {
    for (const peer of this.peers.values()) peer.close();
    this.peers.clear();
  }

  end() {
    this.ended = true;
    this.drop();
    for (const track of Object.values(this.tracks)) track?.stop();
    this.tiles.close();
  }
}
