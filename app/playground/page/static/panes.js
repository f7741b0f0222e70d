// Side bar and panes: layers of their own on narrow screens, and the keyboard's way around.

import { afterChanges } from "./live.js";

const REGIONS = ["#side", "#main", "#thread", "#inspector"];

/** Makes the side bar open and close on narrow screens, and F6 go from pane to pane. */
export function usePanes() {
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-opens-side]")) openSide();
    else if (event.target.closest?.("#side a")) closeSide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "F6") toNextPane(event);
    if (event.key === " ") pressAsButton(event);
    if (event.key === "Escape" && document.body.classList.contains("shows-side")) closeSide();
  });
  afterChanges(nameDocument);
}

/** A link that says it is a button is pressed like one. */
function pressAsButton(event) {
  if (!event.target.matches?.('a[role="button"]')) return;
  event.preventDefault();
  event.target.click();
}

function openSide() {
  document.body.classList.add("shows-side");
  document.querySelector('#side [aria-current="page"]')?.focus();
}

function closeSide() {
  document.body.classList.remove("shows-side");
  document.querySelector("#main").focus({ preventScroll: true });
}

function toNextPane(event) {
  event.preventDefault();
  const all = REGIONS.map((id) => document.querySelector(id));
  const panes = all.filter((pane) => pane.checkVisibility({ visibilityProperty: true }));
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const step = event.shiftKey ? panes.length - 1 : 1;
  const pane = panes[(Math.max(at, 0) + (at < 0 ? 0 : step)) % panes.length];
  firstOf(pane).focus();
}

/** Where one goes on in a pane: where one writes, or is, or else its first link or button. */
function firstOf(pane) {
  const wanted = ["textarea", '[aria-current="page"]', "a, button"];
  return wanted.map((each) => pane.querySelector(each)).find((each) => each) ?? pane;
}

/** The window's title names the conversation, as that of every program does. */
function nameDocument() {
  const name = document.querySelector("#head h1")?.innerText.replace(/\s+/g, "");
  const app = document.querySelector("#bar-name")?.innerText;
  if (name) document.title = `${name} · ${app}`;
}
