// The person's choice of theme, before the first paint. What was switched in this browser goes before the profile's
// theme, which the server has put on <html>, until the profile is saved. (The admin has a "theme" of its own.)
const KEPT = "mockboard-theme";
const chosen = localStorage.getItem(KEPT);
if (chosen) document.documentElement.dataset.theme = chosen;

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-switch-theme]")) return;
  const root = document.documentElement;
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem(KEPT, root.dataset.theme);
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forget-theme]")) localStorage.removeItem(KEPT);
});
