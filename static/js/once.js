// <form data-once>: sent once, however often its button is pressed. The server knows a second click of the same browser
// as well (accounts/guests.py); this saves it the trouble, and the person a page that is out of date.
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
