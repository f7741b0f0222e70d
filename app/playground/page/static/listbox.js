// A list of options below or above a text field that keeps the keyboard
// (www.w3.org/WAI/ARIA/apg/patterns/combobox).

/**
 * What a listbox offers.
 * @typedef {{label: string, hint?: string, detail?: string}} Option
 */

/**
 * Drives a listbox from a text field. `take` is called with the option that was taken. `show`
 * offers options, of which Enter takes the one at `first`, or none with -1; `takesKey` moves in
 * them, and answers whether a key was meant for them.
 * @param {HTMLElement} list
 * @param {HTMLElement} text
 * @param {(option: Option) => void} take
 */
export function driveListbox(list, text, take) {
  /** @type {Option[]} */
  let options = [];
  let active = -1;

  function show(offered, first = 0) {
    options = offered;
    active = options.length ? first : -1;
    list.replaceChildren(...options.map((option, index) => line(`${list.id}-${index}`, option)));
    list.hidden = !options.length;
    mark();
  }

  function mark() {
    for (const [index, each] of [...list.children].entries()) {
      each.ariaSelected = String(index === active);
    }
    const chosen = list.children[active];
    if (chosen) text.setAttribute("aria-activedescendant", chosen.id);
    else text.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    active = (Math.max(active, step < 0 ? 0 : -1) + step + options.length) % options.length;
    mark();
  }

  function takesKey(key) {
    if (!options.length) return false;
    if (key === "ArrowDown") move(1);
    else if (key === "ArrowUp") move(-1);
    else if (key === "Escape") show([]);
    else if ((key === "Enter" || key === "Tab") && active >= 0) take(options[active]);
    else return false;
    return true;
  }

  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const index = [...list.children].indexOf(event.target.closest('[role="option"]'));
    if (index >= 0) take(options[index]);
  });

  return { show, takesKey };
}

function line(id, { label, hint, detail }) {
  const item = document.createElement("li");
  item.role = "option";
  item.id = id;
  item.append(part("option-label", label));
  if (hint) item.append(part("option-hint", hint));
  if (detail) item.append(part("option-detail", detail));
  return item;
}

function part(kind, words) {
  const span = document.createElement("span");
  span.className = kind;
  span.textContent = words;
  return span;
}
