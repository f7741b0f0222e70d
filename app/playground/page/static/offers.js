// What a select offers, as lines of a listbox.

/**
 * One thing to choose.
 * @typedef {{choice: string, label: string, detail: string, group: string, kind: string}} Offer
 */

/**
 * The lines of a listbox, by groups where there are some. `chosen` are ticked.
 * @param {Offer[]} offers
 * @param {string[]} chosen
 * @param {string} listId
 */
export function linesOf(offers, chosen, listId) {
  const groups = new Map();
  offers.forEach((offer, index) => {
    if (!groups.has(offer.group)) groups.set(offer.group, []);
    groups.get(offer.group).push(line(offer, `${listId}/${index}`, chosen));
  });
  return [...groups].map(([name, lines]) => grouped(name, lines));
}

function grouped(name, lines) {
  const group = document.createElement("div");
  if (name) {
    group.role = "group";
    group.ariaLabel = name;
    const title = part("menu-group", name);
    title.ariaHidden = "true";
    group.append(title);
  } else group.role = "presentation";
  group.append(...lines);
  return group;
}

function line({ choice, label, detail, kind }, id, chosen) {
  const option = document.createElement("div");
  option.id = id;
  option.role = "option";
  option.className = `menu-item is-${kind}`;
  option.ariaSelected = String(chosen.includes(choice));
  option.dataset.choice = choice;
  option.dataset.label = label;
  const words = part("menu-words", label);
  if (detail) words.append(part("menu-detail", detail));
  option.append(words);
  return option;
}

/** A piece of text of some kind. */
export function part(kind, words) {
  const span = document.createElement("span");
  span.className = kind;
  span.textContent = words;
  return span;
}
