// The inspector: which exchanges are listed, which one is open, copying it, doing it once more, and
// planning faults.

import { act, tell } from "./acts.js";
import { afterChanges, go } from "./live.js";

/** The number of the newest exchange when the list was paused.
 * @type {number | null} */
let pausedAt = null;

/** Makes the inspector work. */
export function inspect() {
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("input", onInput);
  document.addEventListener("keydown", onKey);
  afterChanges((regions) => {
    if (regions.includes("inspector")) suitFaultForm();
    if (regions.includes("exchanges")) filter();
  });
}

function onClick(event) {
  const button = event.target.closest?.("#inspector button");
  if (!button) return;
  const { exchange, copy, repeat } = button.dataset;
  if (exchange !== undefined) open(exchange);
  else if (copy) copyText(copy, button);
  else if (repeat) doAgain(repeat, button);
  else if (button.id === "inspector-pause") pause(button);
  else if (button.id === "inspector-close") goWith({ panel: "", entry: "" }, "bar-inspector");
}

function onSubmit(event) {
  if (event.target.id === "fault-form") {
    event.preventDefault();
    plan(event.target);
  } else if (event.target.id === "exchange-filters") {
    event.preventDefault();
  }
}

function onInput(event) {
  const form = event.target.form?.id;
  if (form === "exchange-filters") filter();
  if (form === "fault-form") suitFaultForm();
}

/** Up and down lead along the list, Escape back to it. */
function onKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && event.target.matches('[data-region="exchanges"] button')) {
    event.preventDefault();
    const shown = lines().filter((line) => !line.hidden);
    shown[shown.indexOf(event.target.closest("tr")) + step]?.querySelector("button").focus();
  } else if (event.key === "Escape" && event.target.closest("#exchange")) {
    open("");
  }
}

/** Shows an exchange by its number, or none by an empty one. */
function open(number) {
  const before = new URLSearchParams(location.search).get("entry");
  goWith({ entry: number }, number ? "exchange-title" : `exchange-${before}-open`);
}

function goWith(changed, thenFocus) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changed)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  go(`/?${query}`, thenFocus);
}

async function copyText(id, button) {
  try {
    await navigator.clipboard.writeText(document.getElementById(id).textContent);
    tell(`${button.textContent}: done`);
  } catch {
    tell("The browser doesn't let the page copy. Select the text and copy it yourself");
  }
}

async function doAgain(number, button) {
  button.disabled = true;
  const answer = await act("repeat", { entry: number });
  button.disabled = false;
  if (answer.ok) open(String(answer.entry));
  else tell(answer.problem);
}

function pause(button) {
  pausedAt = pausedAt === null ? newest() : null;
  button.ariaPressed = String(pausedAt !== null);
  filter();
}

function lines() {
  return [...document.querySelectorAll('[data-region="exchanges"] > [data-number]')];
}

function newest() {
  return Math.max(0, ...lines().map((line) => Number(line.dataset.number)));
}

/** Hides the lines that the filters leave out, and those that came since the list was paused. */
function filter() {
  const form = document.querySelector("#exchange-filters");
  if (!form) return;
  const kinds = form.elements.kind.value;
  const words = form.elements.words.value.trim().toLowerCase();
  const onlyTrouble = form.elements.trouble.checked;
  let shown = 0;
  let waiting = 0;
  for (const line of lines()) {
    const isLate = pausedAt !== null && Number(line.dataset.number) > pausedAt;
    const fits =
      (!kinds || kinds.split(" ").includes(line.dataset.kind)) &&
      (!onlyTrouble || "trouble" in line.dataset) &&
      (!words || line.textContent.toLowerCase().includes(words));
    line.hidden = isLate || !fits;
    shown += !line.hidden;
    waiting += isLate && fits;
  }
  document.querySelector("#no-exchanges").hidden = shown > 0;
  const button = document.querySelector("#inspector-pause");
  button.textContent = waiting ? `Paused, ${waiting} more` : pausedAt === null ? "Pause" : "Paused";
}

/** Offers only what can happen there, and asks only for what that needs. */
function suitFaultForm() {
  const form = document.querySelector("#fault-form");
  if (!form) return;
  const { method, kind } = form.elements;
  const where = isEnvelope(method.value) ? "envelopes" : "requests";
  for (const option of kind.options) {
    option.hidden = option.disabled = !option.dataset.at.split(" ").includes(where);
  }
  if (kind.selectedOptions[0]?.disabled) kind.value = "drop";
  for (const field of form.querySelectorAll("[data-for-kind]")) {
    field.hidden = field.dataset.forKind !== kind.value;
  }
}

function isEnvelope(name) {
  return ["envelopes", "slash_commands", "interactive", "events_api"].includes(name.trim());
}

async function plan(form) {
  const answer = await act("plan_fault", Object.fromEntries(new FormData(form)));
  if (!answer.ok) tell(answer.problem);
}
