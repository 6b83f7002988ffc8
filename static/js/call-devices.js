// Microphone, camera and loudspeaker of this computer: which were chosen, and opening them in words when that fails.
const KEY = "call-devices";
const PICTURE = { width: { ideal: 320 }, height: { ideal: 240 }, frameRate: { ideal: 20, max: 24 } };
const NAMES = { audio: "microphone", video: "camera" };

export function chosen() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

export function choose(changes) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...chosen(), ...changes }));
  } catch {
    // A browser that keeps nothing: the choice holds for this page.
  }
}

// Returns a track, or throws an Error whose message can be shown. One that was unplugged since is done without.
export async function open(kind) {
  if (!navigator.mediaDevices) {
    throw new Error("Browsers give microphone and camera only to pages under https. Ask who runs this site.");
  }
  const id = chosen()[kind];
  const wanted = kind === "audio" ? { echoCancellation: true, noiseSuppression: true } : { ...PICTURE };
  try {
    return await first(kind, id ? { ...wanted, deviceId: { exact: id } } : wanted);
  } catch (error) {
    if (id && ["OverconstrainedError", "NotFoundError"].includes(error.name)) {
      return first(kind, wanted).catch((again) => { throw inWords(kind, again); });
    }
    throw inWords(kind, error);
  }
}

async function first(kind, constraints) {
  return (await navigator.mediaDevices.getUserMedia({ [kind]: constraints })).getTracks()[0];
}

function inWords(kind, error) {
  const name = NAMES[kind];
  if (error.name === "NotAllowedError") return new Error(`Your browser does not let this page use the ${name}. Allow it beside the address, then try again.`);
  if (error.name === "NotFoundError") return new Error(`No ${name} was found. Plug one in, then try again.`);
  if (error.name === "NotReadableError") return new Error(`The ${name} is in use by another program. Close that one, then try again.`);
  return new Error(`The ${name} could not be opened. Choose another under Devices.`);
}

// Fill the lists; names are known once one device has been opened.
export async function list(selects) {
  const found = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  for (const select of selects) {
    const mine = found.filter((device) => device.kind === select.dataset.callDevice && device.deviceId);
    const kept = chosen()[select.name];
    select.replaceChildren(new Option("As the system has it", ""));
    for (const [place, device] of mine.entries()) {
      select.add(new Option(device.label || `${place + 1}`, device.deviceId, false, device.deviceId === kept));
    }
    const none = !mine.length || !("setSinkId" in HTMLMediaElement.prototype); // who opens no device is not told of any
    select.closest("label").hidden = select.name === "output" && none;
  }
}
