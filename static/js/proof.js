// Solves the proof of work that a doubtful reply must carry, and posts the reply. Without this
// file, or in a browser that cannot solve it, the button posts the reply to the moderation queue.

const status = document.getElementById("reply-proof");
const BATCH_SIZE = 32;

const fromHex = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function deriveKey({ nonce, salt, cost, keyLength }, counter) {
  const nonceBytes = fromHex(nonce);
  const password = new Uint8Array(nonceBytes.length + 4);
  password.set(nonceBytes);
  new DataView(password.buffer).setUint32(nonceBytes.length, counter);
  const baseKey = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt: fromHex(salt), iterations: cost };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, baseKey, keyLength * 8));
}

// The browser derives the keys of a batch in parallel, outside the page's own thread.
async function solve({ parameters }) {
  for (let first = 0; ; first += BATCH_SIZE) {
    const counters = Array.from({ length: BATCH_SIZE }, (_, index) => first + index);
    const keys = await Promise.all(counters.map((counter) => deriveKey(parameters, counter)));
    const solved = keys.findIndex((key) => toHex(key).startsWith(parameters.keyPrefix));
    if (solved >= 0) return { counter: first + solved, derivedKey: toHex(keys[solved]) };
  }
}

if (status && crypto.subtle) {
  const form = status.closest("form");
  const challenge = JSON.parse(status.dataset.challenge);
  status.querySelector(".plain").hidden = true;
  status.querySelector(".working").hidden = false;
  const solution = await solve(challenge);
  form.elements.proof.value = btoa(JSON.stringify({ challenge, solution }));
  form.requestSubmit();
}
