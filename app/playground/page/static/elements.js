// Elements of messages, modals and the home: what is clicked, chosen and typed is sent.

import { act, upload } from "./acts.js";
import { agreed } from "./confirming.js";
import { afterChanges } from "./live.js";

/** How long one may pause while typing before what stands there is sent. */
const PAUSE_MS = 300;

/** @type {Map<string, {value: string, timer: number}>} what was typed and has not been kept yet, by
 * the id of its field */
const unsent = new Map();

/** What is kept is kept in the order in which it was done: this ends with the last of it. */
let kept = Promise.resolve();

/** @type {Map<string, number>} how many acts are under way, by the id of their element */
const atWork = new Map();

/** Listens to every element on the page. */
export function useElements() {
  document.addEventListener("click", onClick);
  document.addEventListener("input", onInput);
  document.addEventListener("change", onChange);
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusout", ({ target }) => unsent.has(target.id) && keep(target.id));
  afterChanges(() => {
    for (const [id, { value }] of unsent) typeAgain(document.getElementById(id), value);
    for (const id of atWork.keys()) showWork(id);
  });
}

/** Where an element stands, as every act on it says. */
export function placeOf(element) {
  const { block, action } = element.dataset;
  return { surface: element.closest("[data-surface]").dataset.surface, block, action };
}

/** Keeps what was chosen in an element, and tells the app if it wants to hear; gives false where
 * the person had second thoughts. */
export async function choose(element) {
  if ("tells" in element.dataset) return Boolean(await use(element, valueOf(element)));
  warn(element.id, await fill({ ...placeOf(element), choice: valueOf(element) }));
  return true;
}

/** Sends all that was typed and not kept yet; gives what went wrong, if something did. */
export async function keepAll() {
  const answers = await Promise.all([...unsent.keys()].map(keep));
  await kept;
  return answers.find((answer) => answer && !answer.ok)?.problem;
}

async function onClick(event) {
  const gone = event.target.closest?.("[data-file] button");
  if (gone) return removeFile(gone.closest("[data-file]"));
  const pressed = event.target.closest?.("[data-of], button[data-action], a[data-action]");
  if (!pressed || pressed.hasAttribute("popovertarget")) return;
  const element = document.getElementById(pressed.dataset.of) ?? pressed;
  if (atWork.has(element.id)) return event.preventDefault();
  const opensLater = pressed.href && "confirm" in element.dataset;
  if (opensLater) event.preventDefault();
  const answer = await use(element, pressed.dataset.choice);
  if (opensLater && answer) window.open(pressed.href, "_blank", "noopener");
}

function onInput({ target }) {
  if (!target.matches(".field[data-action]") || isHalfADate(target)) return;
  clearTimeout(unsent.get(target.id)?.timer);
  const timer = setTimeout(() => keep(target.id), PAUSE_MS);
  unsent.set(target.id, { value: target.value, timer });
  showRoom(target);
}

/** A date that is being typed, of which the app is not to hear yet. */
function isHalfADate({ dataset, validity }) {
  return "tells" in dataset && (validity.badInput || validity.rangeUnderflow);
}

async function onChange({ target }) {
  const element = target.closest(".choices, .files");
  if (element?.matches(".files")) return attach(element, target);
  if (!element) return;
  const inputs = element.querySelectorAll("input");
  const isChosen = await choose(element);
  for (const input of inputs) {
    if (isChosen) input.defaultChecked = input.checked;
    else input.checked = input.defaultChecked;
  }
}

function onKey(event) {
  const { target } = event;
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (!target.matches('.field[data-tells~="enter"]')) return;
  event.preventDefault();
  forget(target.id);
  use(target, target.value);
}

/** Tells the app what was pressed or chosen; gives the answer, or nothing where the person had
 * second thoughts. */
async function use(element, choice) {
  if (!(await agreed(element))) return undefined;
  const { id } = element;
  const place = placeOf(element);
  await keepAll();
  begin(id);
  const answer = await act("click", { ...place, choice });
  end(id);
  warn(id, answer);
  return answer;
}

/** Sends what was typed into one field. */
async function keep(id) {
  const field = document.getElementById(id);
  const typed = unsent.get(id);
  if (!field || !typed) return forget(id);
  if (/choice|characters/.test(field.dataset.tells)) {
    forget(id);
    tellTyped(field);
    return undefined;
  }
  clearTimeout(typed.timer);
  const answer = await fill({ ...placeOf(field), choice: typed.value });
  if (unsent.get(id) === typed) unsent.delete(id);
  return answer;
}

function fill(content) {
  kept = kept.then(() => act("fill", content));
  return kept;
}

async function tellTyped(field) {
  const { value } = field;
  if (await use(field, value)) field.defaultValue = value;
  else field.value = field.defaultValue;
}

function forget(id) {
  clearTimeout(unsent.get(id)?.timer);
  unsent.delete(id);
}

/** Puts back what was typed into a field that was made anew meanwhile. */
function typeAgain(field, value) {
  if (!field || field.value === value) return;
  field.value = value;
  if (field === document.activeElement && field.selectionEnd !== null) {
    field.setSelectionRange(value.length, value.length);
  }
}

function valueOf(element) {
  if (element.matches(".choices")) {
    const ticked = [...element.querySelectorAll(":checked")].map((input) => input.value);
    return element.querySelector('[type="radio"]') ? ticked[0] : ticked;
  }
  if (!element.matches(".combobox")) return element.value;
  const tokens = [...element.querySelectorAll(".token")].map((token) => token.dataset.chosen);
  return "many" in element.dataset ? tokens : element.dataset.chosen;
}

// Files

async function attach(element, input) {
  begin(element.id);
  for (const file of input.files) {
    const { surface, block } = placeOf(element);
    const answer = await upload("attach", { surface, block, name: file.name }, file);
    warn(element.id, answer);
    if (!answer.ok) break;
  }
  input.value = "";
  end(element.id);
}

async function removeFile(file) {
  const element = file.closest(".files");
  const others = [...element.querySelectorAll("[data-file]")].filter((other) => other !== file);
  const choice = others.map((other) => other.dataset.file);
  element.querySelector(".file").focus();
  warn(element.id, await fill({ ...placeOf(element), choice }));
}

// What an element shows: that it is at work, that it failed, how much room is left in it

function begin(id) {
  atWork.set(id, (atWork.get(id) ?? 0) + 1);
  showWork(id);
}

function end(id) {
  const left = atWork.get(id) - 1;
  if (left) atWork.set(id, left);
  else atWork.delete(id);
  showWork(id);
}

function showWork(id) {
  const element = document.getElementById(id);
  if (element) element.ariaBusy = atWork.has(id) ? "true" : null;
}

function warn(id, { ok, problem }) {
  const element = document.getElementById(id);
  const holder = element?.closest(".overflow") ?? element;
  if (!holder) return;
  if (holder.nextElementSibling?.matches(".warned")) holder.nextElementSibling.remove();
  if (ok) return;
  const warning = document.createElement("span");
  warning.className = "warned";
  warning.role = "alert";
  warning.textContent = problem;
  holder.after(warning);
}

function showRoom(field) {
  const room = document.querySelector(`output[for="${CSS.escape(field.id)}"]`);
  if (!room) return;
  const left = field.dataset.most - field.value.length;
  room.textContent = left < field.dataset.most / 5 ? `${left} left` : "";
}
