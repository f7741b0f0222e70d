// Sends what a person does to the server, and tells her what went wrong.

import { go } from "./live.js";

const TOLD_MS = 6000;

let forgetting;

/** Does an act; gives what the server answers: `{ok, problem, ...}`. */
export function act(name, content = {}) {
  return post(`/acts/${name}${location.search}`, JSON.stringify(content));
}

/** Does an act with a file; `query` tells what else there is to know of it. Answers as `act`. */
export function upload(name, query, file) {
  const address = new URL(location.href);
  for (const [key, value] of Object.entries(query)) address.searchParams.set(key, value);
  return post(`/acts/${name}${address.search}`, file);
}

async function post(address, body) {
  try {
    const response = await fetch(address, { method: "POST", body });
    if (!response.ok) throw new Error(`${response.status}`);
    return await response.json();
  } catch {
    return { ok: false, problem: "The playground can't be reached. Is it still running?" };
  }
}

/** Tells the person something, aloud too, for as long as it takes to read it. */
export function tell(words) {
  // What lies outside an open dialog is neither seen nor heard.
  const told = document.querySelector("dialog[open] .told") ?? document.querySelector("#told");
  told.textContent = words;
  clearTimeout(forgetting);
  forgetting = setTimeout(() => (told.textContent = ""), TOLD_MS);
}

/** Makes every button do the act that it names, and then go where the answer says. */
export function useActs() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-act]");
    if (!button) return;
    const answer = await act(button.dataset.act, JSON.parse(button.dataset.content ?? "{}"));
    if (!answer.ok) tell(answer.problem);
    else if (answer.address) go(answer.address);
  });
}
