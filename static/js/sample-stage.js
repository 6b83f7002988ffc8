// <sample-stage>: replays a finished interview on the picture of its board. Each element appears when it was drawn,
// and the notes are quoted as they were written. Without a script, or with reduced motion, the finished board stands.
const SECONDS = 28;
const clockText = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

customElements.define("sample-stage", class extends HTMLElement {
  connectedCallback() {
    this.moments = JSON.parse(this.querySelector("#sample-moments").textContent);
    this.drawn = [...this.querySelectorAll("[data-element]")];
    this.button = this.querySelector("[data-play]");
    this.scrubber = this.querySelector("[data-scrub]");
    this.button.hidden = false;
    this.button.addEventListener("click", () => (this.playing ? this.pause() : this.play()));
    this.scrubber.addEventListener("input", () => { this.pause(); this.show(Number(this.scrubber.value)); });
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.play(0.35 * this.moments.total);
  }

  disconnectedCallback() { this.pause(); }

  play(from = this.at >= this.moments.total ? 0 : this.at) {
    this.playing = true;
    this.at = from ?? 0;
    this.last = performance.now();
    this.button.textContent = "Pause";
    this.button.setAttribute("aria-pressed", "true");
    const step = (now) => {
      if (!this.playing) return;
      this.at += ((now - this.last) / 1000) * (this.moments.total / SECONDS);
      this.last = now;
      this.show(Math.min(this.at, this.moments.total));
      if (this.at >= this.moments.total) this.pause();
      else this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  pause() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.button.textContent = "Play";
    this.button.setAttribute("aria-pressed", "false");
  }

  show(at) {
    this.at = at;
    for (const element of this.drawn) {
      element.classList.toggle("is-later", (this.moments.elements[element.dataset.element] ?? 0) > at);
    }
    const said = this.moments.said.filter((one) => one.at <= at).at(-1);
    this.querySelector("[data-said]").textContent = said ? `“${said.text}”` : "";
    this.querySelector("[data-said-at]").textContent = said ? clockText(said.at) : "";
    this.querySelector("[data-at]").textContent = clockText(at);
    const head = this.querySelector(".stage__head");
    head.hidden = false;
    head.style.setProperty("inset-inline-start", `${(100 * at) / this.moments.total}%`);
    this.scrubber.value = String(Math.round(at));
  }
});
