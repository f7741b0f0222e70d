// Selects, as comboboxes: www.w3.org/WAI/ARIA/apg/patterns/combobox. The lines come from the server
// when a select is opened, and again as one types.

import { act } from "./acts.js";
import { choose, placeOf } from "./elements.js";
import { afterChanges } from "./live.js";
import { linesOf, part } from "./offers.js";

const GAP = 4;
/** How long one may pause while typing before the app is asked for its suggestions. */
const PAUSE_MS = 200;
/** How long an answer may take before it is said that one waits. */
const PATIENCE_MS = 150;

/**
 * The select that is open. `takesFirst` tells that Enter was pressed before the lines were there.
 * @type {{box: HTMLElement, input: HTMLInputElement, list: HTMLElement, active: HTMLElement | null,
 *   takesFirst: boolean} | null}
 */
let open = null;

/** Which question was asked last: only its answer is shown. */
let asked = 0;

/** Makes every select work. */
export function useComboboxes() {
  document.addEventListener("mousedown", keepFocus);
  document.addEventListener("click", onClick);
  document.addEventListener("input", onInput);
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusout", onLeave);
  document.addEventListener("scroll", () => open && place(), true);
  addEventListener("resize", () => open && place());
  afterChanges(openAgain);
}

function partsOf(box) {
  return { box, input: box.querySelector("input"), list: box.querySelector('[role="listbox"]') };
}

const isMany = (box) => "many" in box.dataset;

// Opening and closing

function show(box, text = "") {
  if (open?.box !== box) {
    hide();
    open = { ...partsOf(box), active: null, takesFirst: false };
    open.list.showPopover();
    open.input.ariaExpanded = "true";
  }
  look(text);
}

function hide() {
  if (!open) return;
  const { list, input } = open;
  open = null;
  asked += 1;
  activate(null, input);
  list.replaceChildren();
  if (list.isConnected) list.hidePopover();
  input.ariaExpanded = "false";
}

/** A choice may have made the select anew under one's hands. */
function openAgain() {
  if (!open || open.box.isConnected) return;
  const box = document.getElementById(open.box.id);
  open = null;
  if (box?.contains(document.activeElement)) show(box);
}

/** Below the field, or above it where there is more room. */
function place() {
  const anchor = open.box.getBoundingClientRect();
  const { style } = open.list;
  style.width = `${anchor.width}px`;
  style.left = `${anchor.left}px`;
  const below = innerHeight - anchor.bottom;
  const isBelow = below > open.list.offsetHeight + GAP || below > anchor.top;
  style.maxHeight = `${Math.min(320, (isBelow ? below : anchor.top) - 2 * GAP)}px`;
  style.top = isBelow ? `${anchor.bottom + GAP}px` : `${anchor.top - GAP - open.list.offsetHeight}px`;
}

// What is offered

async function look(text) {
  const { box } = open;
  const mine = (asked += 1);
  open.takesFirst = false;
  activate(null);
  const least = Number(box.dataset.least ?? 0);
  if (text.length < least) return say(`Type at least ${least} ${least === 1 ? "letter" : "letters"}`);
  const isAppAsked = "least" in box.dataset;
  const waiting = setTimeout(() => mine === asked && say("Loading"), PATIENCE_MS);
  if (isAppAsked && text) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  if (mine !== asked) return clearTimeout(waiting);
  const answer = await act("search", { ...placeOf(box), text });
  clearTimeout(waiting);
  if (mine !== asked) return undefined;
  return answer.ok ? list(answer.offers) : say(answer.problem);
}

/** Says something in place of lines. */
function say(words) {
  activate(null);
  open.list.replaceChildren(part("menu-note", words));
  tellStatus(words);
  place();
}

function tellStatus(words) {
  open.box.querySelector('[role="status"]').textContent = words;
}

function list(offers) {
  if (!offers.length) return say("No matches");
  open.list.replaceChildren(...linesOf(offers, chosenIn(open.box), open.list.id));
  const current = isMany(open.box) ? null : open.list.querySelector('[aria-selected="true"]');
  activate(current ?? open.list.querySelector('[role="option"]'));
  tellStatus(`${offers.length} ${offers.length === 1 ? "option" : "options"}`);
  place();
  if (open.takesFirst) take(open.active);
}

function activate(option, input = open.input) {
  for (const other of document.querySelectorAll('[role="option"].is-active')) {
    other.classList.remove("is-active");
  }
  if (open) open.active = option;
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.classList.add("is-active");
  option.scrollIntoView({ block: "nearest" });
  return input.setAttribute("aria-activedescendant", option.id);
}

function move(step) {
  const options = [...open.list.querySelectorAll('[role="option"]')];
  const at = options.indexOf(open.active);
  if (options.length) activate(options[(at + step + options.length) % options.length]);
}

// What is chosen

function chosenIn(box) {
  const tokens = [...box.querySelectorAll(".token")].map((token) => token.dataset.chosen);
  return isMany(box) ? tokens : [box.dataset.chosen];
}

async function take(option) {
  const { box } = open;
  const { choice, label } = option.dataset;
  const undo = remembered(box);
  if (!isMany(box)) {
    setSingle(box, choice, label);
    hide();
  } else if (!toggle(box, choice, label)) return;
  drawn(box);
  if (!(await choose(box))) undo();
}

function setSingle(box, choice, label) {
  if (choice === undefined) delete box.dataset.chosen;
  else box.dataset.chosen = choice;
  box.dataset.label = label;
  partsOf(box).input.value = label;
}

/** Adds one of several choices or takes it away; false where no more can be added. */
function toggle(box, choice, label) {
  const { input } = partsOf(box);
  const token = [...box.querySelectorAll(".token")].find((each) => each.dataset.chosen === choice);
  const most = Number(box.dataset.most ?? Infinity);
  if (!token && chosenIn(box).length >= most) {
    say(`Only ${most} can be chosen`);
    return false;
  }
  if (token) token.remove();
  else input.before(tokenOf(choice, label));
  if (open?.active) open.active.ariaSelected = String(!token);
  if (input.value) {
    input.value = "";
    show(box);
  }
  return true;
}

function tokenOf(choice, label) {
  const token = part("token", "");
  token.dataset.chosen = choice;
  const button = document.createElement("button");
  button.type = "button";
  button.ariaLabel = `Remove ${label}`;
  button.textContent = "×";
  token.append(part("", label), button);
  return token;
}

async function drop(box, token) {
  const undo = remembered(box);
  if (token) token.remove();
  else setSingle(box, undefined, "");
  drawn(box);
  if (open?.box === box) hide();
  if (!(await choose(box))) undo();
}

/** Puts right what depends on the choice. */
function drawn(box) {
  const isEmpty = isMany(box) ? !box.querySelector(".token") : !box.dataset.chosen;
  partsOf(box).input.placeholder = isEmpty || !isMany(box) ? box.dataset.placeholder : "";
  const clear = box.querySelector(".combobox-clear");
  if (clear) clear.hidden = isEmpty;
  if (open?.box === box) place();
}

/** What stands in a select; gives what puts it back. */
function remembered(box) {
  const { chosen, label = "" } = box.dataset;
  const tokens = [...box.querySelectorAll(".token")];
  return () => {
    for (const token of box.querySelectorAll(".token")) token.remove();
    partsOf(box).input.before(...tokens);
    if (!isMany(box)) setSingle(box, chosen, label);
    drawn(box);
  };
}

// What is done to it

function keepFocus(event) {
  if (event.target.closest?.('.combobox [role="listbox"]')) event.preventDefault();
}

function onClick({ target }) {
  const box = target.closest?.(".combobox");
  if (!box) return;
  const { input } = partsOf(box);
  const option = target.closest('[role="option"]');
  if (option) take(option);
  else if (target.closest(".combobox-clear, .token button")) {
    drop(box, target.closest(".token"));
    input.focus();
  } else if (!target.closest('[role="listbox"]')) {
    input.focus();
    if (!isMany(box)) input.select();
    if (open?.box !== box) show(box);
  }
}

function onInput({ target }) {
  const box = target.closest(".combobox");
  if (box) show(box, target.value);
}

function onKey(event) {
  const box = event.target.role === "combobox" && event.target.closest(".combobox");
  if (!box || event.isComposing) return;
  if (press(event.key, box, event.target)) event.preventDefault();
}

/** Does what a key stands for; false if it stands for nothing here. */
function press(key, box, input) {
  const last = [...box.querySelectorAll(".token")].at(-1);
  if (key === "ArrowDown" || key === "ArrowUp") {
    if (open) move(key === "ArrowDown" ? 1 : -1);
    else show(box);
  } else if (key === "Enter" && open?.active) take(open.active);
  else if (key === "Enter" && open) open.takesFirst = true;
  else if (key === "Escape" && open) hide();
  else if (key === "Backspace" && last && !input.value) drop(box, last);
  else return false;
  return true;
}

/** What was typed and not chosen goes; a field that was emptied has nothing chosen any more. */
function onLeave({ target, relatedTarget }) {
  const box = target.role === "combobox" && target.closest(".combobox");
  if (!box || box.contains(relatedTarget)) return;
  if (open?.box === box) hide();
  const isEmptied = !target.value && box.dataset.chosen && box.querySelector(".combobox-clear");
  if (isEmptied) drop(box);
  else target.value = box.dataset.label ?? "";
}
