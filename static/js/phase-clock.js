// <phase-clock data-budget="300" data-spent="124.5" data-running>: shows time spent of a budget, or time left.
// The server says how much is spent; this only counts on from there, on the browser's steady clock, so a wrong
// wall clock changes nothing. That clock may stand still while a laptop sleeps: both clocks are then apart, and
// `clock-stale` asks for the server's word again, as <room-socket> does after a loss. A new word: a new element.
const shown = (seconds) => {
  const whole = Math.floor(Math.abs(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};
const stale = () => document.body.dispatchEvent(new CustomEvent("clock-stale", { bubbles: true }));
const ANNOUNCED_MINUTES = [10, 5, 1];
const SLEPT_MS = 2000;
let apart = Date.now() - performance.now(); // how far the wall clock is from the steady one

// When the server said how much is spent: with the page itself, or with what was swapped in just now.
function heardAt() {
  const [page] = performance.getEntriesByType("navigation");
  return document.readyState === "complete" || !page?.responseStart ? performance.now() : page.responseStart;
}

customElements.define("phase-clock", class extends HTMLElement {
  connectedCallback() {
    this.start = heardAt();
    if (this.hasAttribute("data-running")) this.timer = setInterval(() => this.show(), 500);
    this.show();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  get spent() {
    const counted = this.hasAttribute("data-running") ? (performance.now() - this.start) / 1000 : 0;
    return Number(this.dataset.spent) + counted;
  }

  show() {
    const budget = Number(this.dataset.budget);
    const { spent } = this;
    const left = budget - spent;
    const mood = spent > budget ? "red" : spent >= 0.8 * budget ? "amber" : "calm";
    const holder = this.closest("[data-clock]") ?? this;
    holder.classList.toggle("is-amber", mood === "amber");
    holder.classList.toggle(this.dataset.show === "left" ? "is-red" : "is-over", mood === "red");
    const figure = this.querySelector("[data-figure]") ?? this;
    const text = this.dataset.show === "left" ? shown(left) : shown(spent);
    if (figure.textContent !== text) figure.textContent = text;
    const word = this.querySelector("[data-word]");
    if (word && !this.hasAttribute("data-ended")) {
      word.textContent = left < 0 ? "over" : this.hasAttribute("data-running") ? "left" : "left, paused";
    }
    const fill = holder.querySelector("[data-fill]");
    if (fill) fill.style.setProperty("--n", String(Math.min(spent / budget, 1)));
    if (this.dataset.show === "left" && this.hasAttribute("data-running") && !this.hasAttribute("data-quiet")) {
      this.watch(budget, left);
    }
  }

  // Of the clock of the whole: what is said aloud, and what the computer's sleep has done to it.
  watch(budget, left) {
    this.announce(budget, left / 60);
    const now = Date.now() - performance.now();
    if (Math.abs(now - apart) > SLEPT_MS) stale();
    apart = now;
    if (left <= 0 && this.hasAttribute("data-strict") && !this.asked) {
      this.asked = true;
      say("Time is up. Your design is being submitted as it stands.");
      stale(); // the server has ended it, too
    }
  }

  // Screen readers hear the time at ten, five and one minute, not every second: each once, also when the page
  // is loaded again or the clock swapped. With five minutes more it is another end, and all three count anew.
  announce(budget, minutesLeft) {
    const due = ANNOUNCED_MINUTES.filter((minutes) => minutesLeft <= minutes && minutes < budget / 60);
    const key = `clock:${location.pathname}:${budget}`;
    const said = sessionStorage.getItem(key)?.split(",").map(Number);
    if (said && due.every((minutes) => said.includes(minutes))) return;
    sessionStorage.setItem(key, due.join(","));
    const lowest = Math.min(...due);
    // Who comes in at eight minutes is told nothing; who slept past ten is told the truth.
    if (!said || !due.length || minutesLeft <= 0) return;
    const minutes = minutesLeft > lowest - 0.1 ? lowest : Math.ceil(minutesLeft);
    say(minutes === 1 ? "One minute left." : `${minutes} minutes left.`);
  }
});

function say(words) {
  const region = document.getElementById("clock-announcement");
  if (region) region.textContent = words;
}

const SAID = { paused: "The clock is paused.", resumed: "The clock goes on.", extended: "Five minutes were added." };
for (const [kind, words] of Object.entries(SAID)) document.body.addEventListener(kind, () => say(words));
addEventListener("pageshow", (event) => { if (event.persisted) stale(); });
