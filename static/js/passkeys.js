// <form data-passkey="add|use">: the browser makes or uses a passkey, and what it signs is sent with the form. What to
// sign stands in the page (data-passkey-options) or is asked for at the form's address. Without scripts it stays hidden.
const WORDS = {
  NotAllowedError: "Your browser stopped before it was done. Nothing has changed; try again.",
  InvalidStateError: "This device has a passkey for your account already. Nothing has changed.",
  SecurityError: "Passkeys do not work at this address. Open Mockboard by its name over https.",
};
const OTHERWISE = "That did not work, and nothing has changed. Try again, or use your password.";
const NO_PASSKEYS = "This browser knows no passkeys. Your password works as always.";

async function optionsOf(form) {
  const inPage = document.getElementById(form.dataset.passkeyOptions);
  if (inPage) return JSON.parse(inPage.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`passkey options: ${answer.status}`);
  return answer.json();
}

function start(form) {
  const said = form.querySelector("[data-passkey-said]");
  const button = form.querySelector("[type=submit]");
  const say = (words) => {
    said.textContent = words;
    said.hidden = !words;
  };
  form.hidden = false;
  if (!window.PublicKeyCredential) {
    button.hidden = true;
    say(NO_PASSKEYS);
    return;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    say("");
    try {
      const options = await optionsOf(form);
      const make = form.dataset.passkey === "add" ? "create" : "get";
      form.elements.credential.value = JSON.stringify(await window.webauthnJSON[make](options));
      form.submit();
    } catch (error) {
      say(WORDS[error.name] ?? OTHERWISE);
    } finally {
      form.ariaBusy = "false";
    }
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) start(form);
