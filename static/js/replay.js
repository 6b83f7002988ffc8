// The replay around its player: the list of shortcuts. What plays, and what follows it, is the board's own code.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) document.getElementById(opener.dataset.openDialog).showModal();
  event.target.closest("[data-close-dialog]")?.closest("dialog").close();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.target.closest("input:not([type=range], [type=radio], [type=checkbox]), textarea, select")) return;
  const sheet = document.getElementById("shortcuts");
  if (!sheet.open) sheet.showModal();
});
