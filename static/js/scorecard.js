// Light on the board what a criterion cites, and show for a box what it earned.
const board = document.querySelector(".scorecard__board svg");
const caption = document.getElementById("lit");
const resting = caption?.textContent;
const cards = [...document.querySelectorAll("[data-criterion]")];

const drawn = (id) => board?.querySelector(`[data-element="${CSS.escape(id)}"]`);

function light(ids, words, dimension) {
  if (!board) return;
  board.querySelectorAll(".is-lit").forEach((element) => element.classList.remove("is-lit"));
  const found = ids.map(drawn).filter(Boolean);
  found.forEach((element) => element.classList.add("is-lit"));
  board.setAttribute("class", ["board", found.length ? "is-lighting" : "", dimension ?? ""].join(" ").trim());
  caption.textContent = found.length ? `Lit: ${words}` : resting;
}

function select(card) {
  cards.forEach((other) => other.classList.toggle("is-selected", other === card));
  const dimension = [...card.classList].find((name) => name.startsWith("dim-"));
  light(card.dataset.elements.split(" ").filter(Boolean), `${card.dataset.criterion} ${card.dataset.name}`, dimension);
}

for (const card of cards) {
  card.addEventListener("mouseenter", () => select(card));
  card.addEventListener("focusin", () => select(card));
}

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-light]");
  if (chip) {
    light([chip.dataset.light], chip.textContent);
    board?.scrollIntoView({ block: "nearest" });
    return;
  }
  const check = event.target.closest(".checks [data-elements]");
  if (check) light(check.dataset.elements.split(" ").filter(Boolean), check.querySelector("span").textContent);
  const box = event.target.closest(".scorecard__board [data-element]");
  if (!box) return;
  const earned = cards.filter((card) => card.dataset.elements.split(" ").includes(box.dataset.element));
  light([box.dataset.element], earned.length
    ? earned.map((card) => `${card.dataset.criterion} ${card.dataset.name}`).join(" · ")
    : "this earned nothing by itself.");
  earned[0]?.scrollIntoView({ block: "center", behavior: "smooth" });
  earned.forEach((card) => card.classList.add("is-selected"));
});

// A link to a criterion (from a marked word) selects its card, also when a filter hides it.
function follow() {
  const card = cards.find((one) => `#${one.id}` === location.hash);
  if (!card) return;
  document.querySelector('[name="show"][value="all"]').checked = true;
  select(card);
}
window.addEventListener("hashchange", follow);
follow();
