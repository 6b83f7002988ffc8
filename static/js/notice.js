// One line at the foot of the page when a request got no answer, or one that cannot be shown in its place.
// Another script says something there by a `notice` event on document, with the words as its detail.
const WORDS = {
  403: "You may not do this any more. Reload the page to see where things stand.",
  404: "This is not here any more. Reload the page to see where things stand.",
  429: "That was too fast. Wait a moment and try again.",
};

function say(text) {
  const notice = document.getElementById("notice");
  notice.textContent = text;
  notice.hidden = false;
  setTimeout(() => { notice.hidden = true; }, 8000);
}

document.addEventListener("notice", (event) => say(event.detail));
document.addEventListener("htmx:responseError", (event) => {
  say(WORDS[event.detail.xhr.status] ?? "Something went wrong on our side. Your work is safe; try again in a moment.");
});
document.addEventListener("htmx:sendError", () => {
  say("Connection lost. What you wrote is kept here; try again when you are back online.");
});
