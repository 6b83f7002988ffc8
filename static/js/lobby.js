// The lobby: the room opens by itself when the clock starts, or closes when the interview is called off.
for (const kind of ["started", "abandoned", "room-ended"]) {
  document.body.addEventListener(kind, () => location.reload());
}

document.addEventListener("click", (event) => {
  const copier = event.target.closest("[data-copy]");
  if (!copier) return;
  const field = document.getElementById(copier.dataset.copy);
  field.select();
  navigator.clipboard?.writeText(field.value).then(() => { copier.textContent = "Copied"; }, () => {});
});

// The list is swapped whole: whoever was on its button stays there.
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "together" || document.activeElement !== document.body) return;
  if (event.detail.requestConfig?.verb === "post") document.getElementById("ready-button")?.focus();
});
