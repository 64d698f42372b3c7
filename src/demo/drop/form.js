// Encrypts a secret in the browser and gives the link that reads it.
const form = document.getElementById("form");
const said = document.getElementById("said");

function base64url(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function create() {
  // The limit is in bytes, and what the browser counts by itself is not.
  const plain = new TextEncoder().encode(form.secret.value);
  const most = Number(form.secret.dataset.mostBytes);
  if (plain.length > most) throw new Error(`${plain.length} bytes are more than ${most}`);

  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain);
  const answer = await fetch("/drop/api/create", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      ciphertext: base64url(new Uint8Array(sealed)),
      iv: base64url(iv),
      ttl_hours: Number(form.ttl_hours.value),
    }),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", key));
  return `${location.origin}/drop/s/${body.id}#${base64url(raw)}`;
}

form.onsubmit = async event => {
  event.preventDefault();
  try {
    said.textContent = await create();
    form.reset();
  } catch (error) {
    said.textContent = error.message;
  }
};
