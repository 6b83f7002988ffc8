// A connection to one other person in the call, by the perfect negotiation of the WebRTC recommendation: of two people
// the polite one gives way when both make an offer at once; who is polite follows from their ids. The other one lays
// out the lines for sound and picture, so camera and microphone can change later without another negotiation. The
// lines go both ways, or one way (`direction`) when one of the two only listens.
const MEND_MS = 4000; // a word may have got lost on its way: say it again
const PATIENCE_MS = 2500; // a short gap mends itself
const MOST_TRIES = 3;
const MOST_WAITS = 4; // a first connection takes its time before it is said that there is none
const MOST_BITS = { audio: 40_000, video: 300_000 };

export class Peer {
  constructor({ name, polite, direction, configuration, tracks, send, changed, despair, waits = MOST_WAITS }) {
    Object.assign(this, { name, polite, direction, tracks, send, changed, despair, waits, tries: 0, ways: 0, loud: 0, state: "connecting", reached: false, stream: new MediaStream() });
    this.coming = Promise.resolve();
    this.pc = new RTCPeerConnection(configuration);
    this.pc.onnegotiationneeded = () => this.offer();
    this.pc.onicecandidate = ({ candidate }) => {
      if (!candidate) return;
      this.ways += 1;
      send({ candidate: candidate.toJSON() });
    };
    this.pc.ontrack = ({ track }) => { this.stream.addTrack(track); changed(); };
    this.pc.onconnectionstatechange = () => this.look();
    if (!polite) for (const kind of ["audio", "video"]) this.pc.addTransceiver(tracks[kind] ?? kind, { direction });
    this.timer = setInterval(() => this.mend(), MEND_MS);
  }

  close() {
    clearInterval(this.timer);
    clearTimeout(this.patience);
    this.pc.close();
  }

  async offer() {
    try {
      this.making = true;
      await this.pc.setLocalDescription();
      this.send({ description: this.pc.localDescription.toJSON() });
    } catch (error) {
      if (this.pc.signalingState !== "closed") console.warn("call: no offer", error);
    } finally {
      this.making = false;
    }
  }

  // What the other one says is taken in the order it came.
  hear(data) {
    this.coming = this.coming.then(() => this.take(data)).catch((error) => {
      if (this.pc.signalingState !== "closed") console.warn("call: not understood", error);
    });
  }

  async take({ description, candidate }) {
    const { pc } = this;
    if (candidate) {
      if (!this.ignoring) await pc.addIceCandidate(candidate);
      return;
    }
    const clash = description.type === "offer" && (this.making || pc.signalingState !== "stable");
    this.ignoring = !this.polite && clash;
    if (this.ignoring) return;
    // An answer that was said twice.
    if (description.type === "answer" && pc.signalingState !== "have-local-offer") return;
    await pc.setRemoteDescription(description);
    if (description.type === "offer") {
      for (const line of pc.getTransceivers()) {
        if (line.direction === "recvonly") line.direction = this.direction;
      }
      await this.sendTracks();
      await pc.setLocalDescription();
      this.send({ description: pc.localDescription.toJSON() });
    }
    this.limit();
  }

  // Send what there is to send now: called when a microphone or camera was turned on, off or changed.
  async sendTracks() {
    for (const { sender, receiver } of this.pc.getTransceivers()) {
      const track = this.tracks[receiver.track.kind];
      if (sender.track !== track) await sender.replaceTrack(track);
    }
  }

  limit() {
    for (const { sender, receiver } of this.pc.getTransceivers()) {
      const wanted = sender.getParameters();
      if (!wanted.encodings?.length) continue;
      wanted.encodings[0].maxBitrate = MOST_BITS[receiver.track.kind];
      sender.setParameters(wanted).catch(() => {});
    }
  }

  look() {
    const now = this.pc.connectionState;
    clearTimeout(this.patience);
    if (now === "connected") this.become("connected");
    if (now === "failed") this.lost();
    if (now === "disconnected") this.patience = setTimeout(() => this.lost(), PATIENCE_MS);
  }

  lost() {
    this.become("lost");
    this.pc.restartIce();
  }

  become(state) {
    if (state === this.state) return;
    this.state = state;
    this.reached ||= state === "connected";
    this.tries = 0;
    this.changed();
  }

  // Another way between the two: tried when the network has changed, or the room's socket is back.
  restart(configuration) {
    if (configuration) this.pc.setConfiguration(configuration);
    this.pc.restartIce();
  }

  mend() {
    const { pc } = this;
    if (pc.connectionState === "connected" && pc.signalingState === "stable") return this.become("connected");
    if (this.state === "connecting" && (this.waits -= 1) < 0) return this.lost();
    if (this.state === "lost" && ++this.tries > MOST_TRIES) this.despair();
    if (pc.signalingState === "have-local-offer") this.send({ description: pc.localDescription.toJSON() });
    else if (this.state === "lost") pc.restartIce();
  }

  // Find out how loud the other one has been since the last time: `loud`, from 0 to 1.
  async measure() {
    const line = this.pc.getReceivers().find(({ track }) => track.kind === "audio");
    const found = line ? [...(await line.getStats()).values()] : [];
    this.loud = found.find(({ type }) => type === "inbound-rtp")?.audioLevel ?? 0;
  }
}
