// The people in the call, one small tile each: picture or initials, name, and in words whether they are muted or speak.
const LOUD = 0.01;
const LOOK_MS = 400;
const HOLD_MS = 1200; // words that come and go with each syllable are of no use

export class Tiles {
  constructor(list, blocked, output) {
    Object.assign(this, { list, blocked, output, tiles: new Map() });
    this.timer = setInterval(() => this.listen(), LOOK_MS);
  }

  close() {
    clearInterval(this.timer);
    this.list.replaceChildren();
  }

  show(people) {
    const here = new Set(people.map(({ id }) => id));
    for (const [id, tile] of this.tiles) {
      if (!here.has(id)) {
        tile.row.remove();
        this.tiles.delete(id);
      }
    }
    for (const person of people) this.update(this.tiles.get(person.id) ?? this.add(person), person);
  }

  add({ id, name, role, listens, mine }) {
    const row = document.createElement("li");
    row.className = `call-tile${mine ? " is-mine" : ""}${listens ? " is-listening" : ""}`;
    row.dataset.name = name;
    const video = Object.assign(document.createElement("video"), { autoplay: true, playsInline: true, muted: true });
    video.setAttribute("aria-hidden", "true");
    const initials = Object.assign(document.createElement("span"), { className: "call-tile__initials" });
    initials.textContent = name.split(/\s+/).slice(0, 2).map((word) => word[0]).join("").toUpperCase();
    initials.setAttribute("aria-hidden", "true");
    const words = Object.assign(document.createElement("p"), { className: "call-tile__words" });
    const who = Object.assign(document.createElement("span"), { className: "call-tile__name", textContent: mine ? "You" : name });
    who.title = `${name}, ${role}`;
    const state = Object.assign(document.createElement("span"), { className: "call-tile__state" });
    words.append(who, " ", state);
    row.append(video, initials, words);
    if (!mine) row.append(Object.assign(document.createElement("audio"), { autoplay: true }));
    this.list.append(row);
    const tile = { row, video, state, audio: row.querySelector("audio") };
    this.tiles.set(id, tile);
    this.direct(tile.audio);
    return tile;
  }

  update(tile, { stream, audio, video, listens, peer, mine }) {
    Object.assign(tile, { heard: audio, quiet: listens ? (mine ? "are listening" : "is listening") : "muted", peer });
    for (const player of [tile.video, tile.audio]) {
      if (player && stream && player.srcObject !== stream) player.srcObject = stream;
    }
    tile.audio?.play().catch((error) => { if (error.name === "NotAllowedError") this.blocked(); });
    tile.row.classList.toggle("has-picture", video && peer?.state !== "lost");
    this.say(tile);
  }

  listen() {
    for (const tile of this.tiles.values()) {
      this.say(tile);
      tile.peer?.measure().catch(() => {}); // closed meanwhile
    }
  }

  say(tile) {
    const state = tile.peer?.state ?? "connected";
    if ((tile.peer?.loud ?? 0) > LOUD) tile.loudAt = performance.now();
    const speaks = state === "connected" && tile.heard && performance.now() - tile.loudAt < HOLD_MS;
    const lost = tile.peer?.reached ? "lost, trying again" : "not connected yet";
    const words = { connecting: "connecting", lost }[state] ?? (tile.heard ? (speaks ? "speaking" : "") : tile.quiet);
    if (tile.state.textContent !== words) tile.state.textContent = words;
    tile.row.classList.toggle("is-speaking", speaks);
    tile.row.classList.toggle("is-muted", !tile.heard);
  }

  play() {
    for (const { audio } of this.tiles.values()) audio?.play().catch(() => {});
  }

  speakThrough(output) {
    this.output = output;
    for (const { audio } of this.tiles.values()) this.direct(audio);
  }

  // A loudspeaker that was chosen is also for who comes later; one that was unplugged since is done without.
  direct(audio) {
    if (audio?.setSinkId && (this.output ?? "") !== audio.sinkId) audio.setSinkId(this.output ?? "").catch(() => {});
  }
}
