// Puts what the server sends in place: regions of pieces, each known by its id and version.

/** @type {Map<string, string>} the version of each piece that is shown, by its id */
const versions = new Map();

/** @type {((names: string[]) => void)[]} */
const listeners = [];

/** How long to wait before a stream is asked for again that the server refused. */
const AGAIN_AFTER_MS = 1000;

/** @type {EventSource | undefined} */
let stream;

/** Which run of the playground sent what is shown. */
let run;

/** The id of what is to have the keyboard once the next change is shown. */
let focusNext = "";

/** Calls back after each change with the names of the regions that changed. */
export function afterChanges(listener) {
  listeners.push(listener);
}

/** Shows the place in the address, and every change to it from now on. */
export function follow() {
  stream?.close();
  muteLogs();
  const mine = (stream = new EventSource(`/stream${location.search}`));
  mine.addEventListener("hello", (event) => meet(event.data));
  mine.onmessage = (event) => show(JSON.parse(event.data));
  mine.onerror = () => {
    setCutOff(true);
    if (mine.readyState !== EventSource.CLOSED) return;
    setTimeout(() => mine === stream && follow(), AGAIN_AFTER_MS);
  };
}

/** Goes to another place of the page, as a link would, without loading it anew. `thenFocus` is the
 * id of what gets the keyboard there. */
export function go(address, thenFocus = "") {
  history.pushState(null, "", address);
  focusNext = thenFocus;
  follow();
}

/** A playground that was started anew has another state, and perhaps other scripts. */
function meet(name) {
  setCutOff(false);
  if (run && run !== name) location.reload();
  run = name;
}

function setCutOff(isCutOff) {
  document.querySelector("#cut-off").textContent = isCutOff ? "Reconnecting…" : "";
}

/** What was said before in a place that one comes to is not read aloud. */
function muteLogs() {
  for (const log of document.querySelectorAll('[role="log"]')) log.ariaLive = "off";
}

function unmuteLogs() {
  for (const log of document.querySelectorAll('[role="log"]')) log.ariaLive = "polite";
}

function show(news) {
  const focused = remembered(document.activeElement);
  for (const { region, order, pieces } of news) {
    const place = document.querySelector(`[data-region="${region}"]`);
    if (place) arrange(place, order, pieces);
  }
  refocus(focused);
  const names = news.map(({ region }) => region);
  listeners.forEach((listener) => listener(names));
  focusWanted();
  setTimeout(unmuteLogs);
}

/** Makes the region's children those of `order`, made anew only where their version changed. */
function arrange(place, order, pieces) {
  const sent = new Map(pieces.map((piece) => [piece.id, piece]));
  const wanted = new Set(order);
  for (const child of [...place.children]) if (!wanted.has(child.id)) remove(child);
  const there = new Map([...place.children].map((child) => [child.id, child]));
  order.forEach((id, index) => {
    const old = there.get(id);
    const piece = sent.get(id);
    const element = piece && (!old || versions.get(id) !== piece.version) ? made(piece) : old;
    if (!element) return;
    if (old && old !== element) old.replaceWith(element);
    const here = place.children[index];
    if (here !== element) place.insertBefore(element, here ?? null);
  });
}

function made(piece) {
  const template = document.createElement("template");
  template.innerHTML = piece.html;
  versions.set(piece.id, piece.version);
  return template.content.firstElementChild;
}

function remove(child) {
  versions.delete(child.id);
  child.remove();
}

/** What has the keyboard with all that it stands in, so that the nearest of them that there still is
 * can have it when it was made anew or is gone. */
function remembered(element) {
  if (!element || element === document.body) return null;
  const within = [];
  for (let each = element; each !== document.body && each; each = each.parentElement) within.push(each);
  return { within, from: element.selectionStart, to: element.selectionEnd };
}

function refocus(focused) {
  const [element, ...around] = focused?.within ?? [];
  if (!element || element.isConnected) return;
  const again = nowOf(element);
  if (!again) return giveFocus(around.map(nowOf).find(Boolean));
  giveFocus(again);
  if (focused.from != null) again.setSelectionRange?.(focused.from, focused.to);
}

/** What stands for an element by now: itself, or the one that was made in its place. */
function nowOf(element) {
  return element.isConnected ? element : element.id && document.getElementById(element.id);
}

function giveFocus(element) {
  if (!element) return;
  element.focus({ preventScroll: true });
  if (document.activeElement === element) return;
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

function focusWanted() {
  const wanted = focusNext && document.getElementById(focusNext);
  if (!wanted) return;
  wanted.focus();
  focusNext = "";
}

// The address names the place: links within the page and the browser's own back and forward.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="/?"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(link.getAttribute("href"), link.dataset.thenFocus);
});
addEventListener("popstate", follow);

// A tab that nobody looks at costs the app under test nothing, and leaves what comes in unread.
document.addEventListener("visibilitychange", () => (document.hidden ? stream?.close() : follow()));

// A message's address in Slack leads to the message here.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="https://playground.slack.com/archives/"]');
  if (!link) return;
  event.preventDefault();
  const { pathname, searchParams } = new URL(link.href);
  searchParams.set("person", new URLSearchParams(location.search).get("person") ?? "");
  location.assign(`${pathname}?${searchParams}`);
});
