// Puts what the server sends in place: regions of pieces, each known by its id and version.

/** @type {Map<string, string>} the version of each piece that is shown, by its id */
const versions = new Map();

/** @type {EventSource | undefined} */
let stream;

const listeners = [];

/** Calls back after each change with the names of the regions that changed. */
export function afterChanges(listener) {
  listeners.push(listener);
}

/** Shows the place in the address, and every change to it from now on. */
export function follow() {
  stream?.close();
  stream = new EventSource(`/stream${location.search}`);
  stream.onopen = () => document.body.classList.remove("is-cut-off");
  stream.onerror = () => document.body.classList.add("is-cut-off");
  stream.onmessage = (event) => show(JSON.parse(event.data));
}

/** Goes to another place of the page, as a link would, without loading it anew. */
export function go(address) {
  history.pushState(null, "", address);
  follow();
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
}

/** Makes the region's children those of `order`, made anew only where their version changed. */
function arrange(place, order, pieces) {
  const sent = new Map(pieces.map((piece) => [piece.id, piece]));
  const wanted = new Set(order);
  for (const child of [...place.children]) if (!wanted.has(child.id)) remove(child);
  order.forEach((id, index) => {
    const old = [...place.children].find((child) => child.id === id);
    const piece = sent.get(id);
    const element = piece && (!old || versions.get(id) !== piece.version) ? made(piece) : old;
    if (!element) return;
    if (old && old !== element) old.replaceWith(element);
    const there = place.children[index];
    if (there !== element) place.insertBefore(element, there ?? null);
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

/** What has the keyboard, by its id, so that it can have it again when it was made anew. */
function remembered(element) {
  if (!element?.id) return null;
  return { element, id: element.id, from: element.selectionStart, to: element.selectionEnd };
}

function refocus(focused) {
  if (!focused || document.contains(focused.element)) return;
  const again = document.getElementById(focused.id);
  again?.focus({ preventScroll: true });
  if (again && focused.from != null) again.setSelectionRange?.(focused.from, focused.to);
}

// The address names the place: links within the page and the browser's own back and forward.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="/?"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});
addEventListener("popstate", follow);
