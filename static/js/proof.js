// Works out the sum that a doubtful reply is asked for, and posts the reply. Without this file,
// or where the browser cannot do it, the button posts the reply to the moderators' queue.

const box = document.getElementById("reply-proof");
const AT_ONCE = 32;

const fromHex = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function derive(parameters, counter) {
  const password = new Uint8Array(fromHex(parameters.nonce).length + 4);
  password.set(fromHex(parameters.nonce));
  new DataView(password.buffer).setUint32(password.length - 4, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: fromHex(parameters.salt), iterations: parameters.cost };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, parameters.keyLength * 8));
}

// Many tries at once: the browser computes them outside the page's own thread.
async function solve({ parameters }) {
  for (let first = 0; ; first += AT_ONCE) {
    const counters = Array.from({ length: AT_ONCE }, (_, i) => first + i);
    const keys = await Promise.all(counters.map((counter) => derive(parameters, counter)));
    const right = keys.findIndex((key) => toHex(key).startsWith(parameters.keyPrefix));
    if (right >= 0) return { counter: first + right, derivedKey: toHex(keys[right]) };
  }
}

if (box && crypto.subtle) {
  const form = box.closest("form");
  const challenge = JSON.parse(box.dataset.challenge);
  box.querySelector(".plain").hidden = true;
  box.querySelector(".working").hidden = false;
  const solution = await solve(challenge);
  form.elements.proof.value = btoa(JSON.stringify({ challenge, solution }));
  form.requestSubmit();
}
