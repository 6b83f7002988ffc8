// <form data-once>: sent once, however often its button is pressed. A guest who joins has no account yet, so the server
// cannot know a second click for the same person's: it would seat somebody else.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-once]");
  if (!form) return;
  if (form.dataset.once === "sent") event.preventDefault();
  form.dataset.once = "sent";
});
// Back from the page that followed.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) form.dataset.once = "";
});
