// The modal on top of the person's stack has the keyboard, and everything else waits.

import { act, tell } from "./acts.js";
import { keepAll } from "./elements.js";
import { afterChanges } from "./live.js";

const FIELDS = "input:not([type=file]), textarea";
/** Where the keyboard is while there is nothing to fill in. */
const WAITING = ["modal", "modal-title", "modal-body"];

/** The id of the view that is shown. */
let shown = "";
/** The id of what opened the modal, which gets the keyboard back. */
let opener = "";
/** The id of the element at whose error one is to start anew. */
let fault = "";
/** The views of which the app has yet to hear that they were submitted or closed. */
const leaving = new Set();

/** Shows modals as they come and go. */
export function showModals() {
  const dialog = document.querySelector("#modal");
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  dialog.addEventListener("click", ({ target }) => target.closest("[data-closes]") && close());
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    close();
  });
  // A browser closes a dialog by itself when it is asked to twice.
  dialog.addEventListener("close", () => shown && close());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
  });
  afterChanges(() => {
    show(dialog, dialog.querySelector("#modal-head")?.dataset.view ?? "");
    toFault();
  });
}

function show(dialog, view) {
  if (!view) return shown && leave(dialog);
  if (!dialog.open) {
    opener = document.activeElement.id;
    dialog.showModal();
  }
  const isOther = view !== shown;
  shown = view;
  if (isOther) document.querySelector("#modal-body").scrollTop = 0;
  if (isOther || isLost(dialog)) enter(dialog);
}

function leave(dialog) {
  shown = "";
  dialog.close();
  if (document.activeElement !== document.body) return;
  (document.getElementById(opener) ?? document.querySelector("#main")).focus();
}

/** Whether the keyboard is nowhere, or waits for something to fill in. */
function isLost(dialog) {
  const focused = document.activeElement;
  return !dialog.contains(focused) || WAITING.includes(focused.id);
}

/** Gives the keyboard to the field that the app wants, else to the first, else to the title. */
function enter(dialog) {
  if (document.querySelector("#confirm").open) return;
  const body = dialog.querySelector("#modal-body");
  const wanted = body.querySelector("[data-focus]");
  const field = wanted?.matches(FIELDS) ? wanted : (wanted ?? body).querySelector(FIELDS);
  if (field) field.focus();
  else if (document.activeElement !== body) dialog.querySelector("#modal-title").focus();
}

/** Goes to the first field with an error, once the error is shown. */
function toFault() {
  if (!fault || !document.getElementById(`${fault}/problem`)) return;
  const element = document.getElementById(fault);
  (element.matches(FIELDS) ? element : element.querySelector("input")).focus();
  fault = "";
}

async function submit() {
  const surface = shown;
  if (!document.querySelector("#modal-submit") || leaving.has(surface)) return;
  leaving.add(surface);
  fault = "";
  const problem = await keepAll();
  const answer = problem ? { problem } : await act("submit", { surface });
  leaving.delete(surface);
  if (answer.problem) tell(answer.problem);
  fault = answer.fault ?? "";
  toFault();
}

async function close() {
  const surface = shown;
  if (leaving.has(surface)) return;
  leaving.add(surface);
  const answer = await act("close", { surface });
  leaving.delete(surface);
  if (!answer.ok) tell(answer.problem);
}
