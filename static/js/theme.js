// The person's choice of theme, before the first paint. Signed in, the server has put it on <html> already.
const chosen = localStorage.getItem("theme");
if (chosen && !document.documentElement.dataset.theme) document.documentElement.dataset.theme = chosen;

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-switch-theme]")) return;
  const root = document.documentElement;
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
});
