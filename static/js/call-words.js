// <call-words>: the call in words: who is in it and who listens, who was lost, what went wrong; and what screen readers
// hear as it happens.
const SAYS = {
  full: "The call is full: four people are in it. You can join when somebody leaves.",
  refused: "The call is open until the design is submitted.",
  listener: "Observers listen in the call. Load this page again to do that.",
  ended: "The call has ended for you.",
  elsewhere: "You are in the call from another page now.",
  unable: "This browser has no calls, or they are turned off in its settings. Everything else here works without them.",
  unreachable: "The call cannot be reached just now. Try again in a moment.",
};
const NO_ROOM_TO_LISTEN = "There is no place to listen just now: a call is for four, and candidate and interviewers come first. You can listen when another observer leaves, and follow the board meanwhile.";
const named = (people) => new Intl.ListFormat("en").format(people.map(({ name }) => name));
const are = (people, what) => (people.length ? `${named(people)} ${people.length === 1 ? "is" : "are"} ${what}.` : "");
const spoken = (people) => people.filter(({ listens }) => !listens);
const heard = (people) => people.filter(({ listens }) => listens);

customElements.define("call-words", class extends HTMLElement {
  announce(words) { this.write("said", words); }
  warn(words) { this.write("trouble", words); }
  write(name, words) {
    const part = this.querySelector(`[data-call-part="${name}"]`);
    if (part.textContent !== words) part.textContent = words;
  }

  // The server's word that this page is not in the call, or no longer; whether it was one.
  refuse(state, listens) {
    const words = state === "full" && listens ? NO_ROOM_TO_LISTEN : SAYS[state];
    if (words) this.warn(words);
    return Boolean(words);
  }

  // Who listens is named whether one is in the call or not: nobody is overheard by somebody they were not told of.
  show(others, { call, joining, listens }) {
    const speakers = spoken(others);
    const alone = listens ? "Nobody speaks in the call yet." : "You are the first. The others have to press the button, too.";
    const mine = speakers.length ? `${listens ? "You hear" : "With"} ${named(speakers)}.` : alone;
    const now = call ? mine : are(speakers, "in the call") || "Sound and picture are off.";
    const asking = listens ? "Joining." : "Joining. Your browser may ask for the microphone.";
    this.write("words", joining ? asking : `${now} ${are(heard(others), "listening")}`.trim());
    this.write("lost", call ? this.missing(call) : "");
  }

  // Who was lost, and who was never reached; when this browser found no way at all but by a relay, it is the relay.
  missing(call) {
    const lost = call.lost().filter(({ reached }) => reached);
    const never = call.lost().filter(({ reached }) => !reached);
    const silent = never.some(({ ways }) => !ways) && call.configuration().iceTransportPolicy === "relay";
    const hint = silent ? "The relay of this site does not answer." : "Another network may help.";
    return [
      lost.length ? `Connection to ${named(lost)} lost. Trying again.` : "",
      never.length ? `No connection to ${named(never)} yet. Trying again. ${hint}` : "",
    ].join(" ").trim();
  }

  // What has changed since `before`, for those who do not see the tiles; nobody is told of themselves (`me`).
  compare(before, now, me) {
    const known = new Map(before.map((person) => [person.user, person]));
    for (const { user, name, audio, listens } of now.filter((person) => person.user !== me)) {
      if (!known.has(user)) this.announce(`${name} is ${listens ? "listening" : "in the call"}.`);
      else if (known.get(user).audio !== audio) this.announce(`${name} is ${audio ? "not muted any more" : "muted"}.`);
    }
    for (const { user, name, listens } of before) {
      if (user !== me && now.every((person) => person.user !== user)) this.announce(`${name} ${listens ? "listens no longer" : "has left the call"}.`);
    }
  }
});
