// Sends what a person does to the server, and tells her what went wrong.

/** Does an act; gives what the server answers: `{ok, problem, ...}`. */
export async function act(name, content = {}) {
  try {
    const response = await fetch(`/acts/${name}${location.search}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
    });
    if (!response.ok) throw new Error(`${response.status}`);
    return await response.json();
  } catch {
    return { ok: false, problem: "The playground can't be reached. Is it still running?" };
  }
}

/** Tells the person something, aloud too. */
export function tell(words) {
  document.querySelector("#told").textContent = words;
}
