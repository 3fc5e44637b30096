const who = document.getElementById("who");
const button = document.getElementById("sign-in");

async function ask(method, path, body) {
  const options = { method, headers: { Accept: "application/json" } };
  if (method !== "GET") {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body ?? {});
  }
  const answer = await fetch(path, options);
  return { ok: answer.ok, body: await answer.json() };
}

async function show() {
  const { body: me } = await ask("GET", "/api/me");
  who.textContent = me.signedIn ? `Signed in as ${me.subject} (${me.roles.join(", ")}).` : "Not signed in.";
  return me;
}

const code = location.hash.slice(1);
if (location.pathname === "/login" && code) {
  history.replaceState(null, "", "/login");
  who.textContent = "Sign in with this link?";
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { ok, body } = await ask("POST", "/api/session", { code });
    button.hidden = true;
    if (ok) { history.replaceState(null, "", "/"); await show(); } else { who.textContent = body.detail; }
  });
} else {
  await show();
}
