// <phase-clock data-budget="300" data-spent="124.5" data-running>: shows time spent of a budget, or time left.
// The server says how much is spent; this only counts on from there, on the browser's steady clock, so a wrong
// wall clock changes nothing. That clock stands still while a laptop sleeps: <room-socket> then says `clock-stale`.
// When the server's word changes, the element is swapped.
const shown = (seconds) => {
  const whole = Math.floor(Math.abs(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};
const ANNOUNCED_MINUTES = [10, 5, 1];

customElements.define("phase-clock", class extends HTMLElement {
  connectedCallback() {
    this.start = performance.now();
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
    if (this.dataset.show === "left" && !this.hasAttribute("data-quiet")) this.announce(left / 60);
  }

  // Screen readers hear the time at ten, five and one minute, not every second.
  announce(minutesLeft) {
    const due = ANNOUNCED_MINUTES.filter((minutes) => minutesLeft <= minutes && minutesLeft > minutes - 0.1);
    if (!due.length || this.announced === due[0]) return;
    [this.announced] = due;
    const region = document.getElementById("clock-announcement");
    if (region) region.textContent = due[0] === 1 ? "One minute left." : `${due[0]} minutes left.`;
  }
});
