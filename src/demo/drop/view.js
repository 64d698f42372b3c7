// Reads a secret, which burns it, and decrypts it with the key of the link.
const button = document.getElementById("read");
const said = document.getElementById("said");

function bytes(base64url) {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, c => c.charCodeAt(0));
}

async function read() {
  const id = location.pathname.split("/").pop();
  const usages = ["decrypt"];
  // First the key: a link without one must not burn what it cannot read.
  const key = await crypto.subtle.importKey("raw", bytes(location.hash.slice(1)), "AES-GCM", false, usages);
  const answer = await fetch(`/drop/api/secret/${id}`);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(body.iv) }, key, bytes(body.ciphertext));
  return new TextDecoder().decode(plain);
}

button.onclick = async () => {
  try {
    document.getElementById("secret").textContent = await read();
    button.remove();
  } catch (error) {
    said.textContent = error.message || "this link has no key that fits";
  }
};
