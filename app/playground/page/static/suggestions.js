// What is suggested while one types: commands, people and user groups, channels, emoji.

/** What stands before the caret and asks for suggestions, by its sign. */
const ASKING = {
  "/": /^\/([^\s]*)$/,
  "@": /(?:^|[\s(])@([^\s@]*(?: [^\s@]*)?)$/,
  "#": /(?:^|[\s(])#([^\s#]*)$/,
  ":": /(?:^|\s):([a-z0-9_+-]{2,})$/,
};
const MOST = 8;

/** @type {{name: string, detail: string}[] | undefined} every emoji, once one was asked for */
let emoji;

/** Makes a composer's text field suggest how to go on. Gives what takes the keys first: it answers
 * whether it has used one. */
export function suggestIn(form) {
  const text = form.querySelector("textarea");
  const list = form.querySelector('[role="listbox"]');
  let found = [];
  let active = -1;

  const close = () => {
    found = [];
    draw();
  };

  const look = () => {
    const before = text.value.slice(0, text.selectionStart);
    if (!emoji && ASKING[":"].test(before)) fetchEmoji().then(look);
    found = suggestionsFor(before);
    active = found.some((each) => each.isWhole) ? -1 : 0;
    draw();
    form.querySelector(".composer-hint").textContent = hintFor(text.value);
  };

  function draw() {
    list.replaceChildren(...found.map((each, index) => line(list.id, each, index === active)));
    list.hidden = found.length === 0;
    const chosen = list.children[active];
    if (chosen) text.setAttribute("aria-activedescendant", chosen.id);
    else text.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  function take({ written, typed }) {
    const end = text.selectionStart;
    text.setRangeText(`${written} `, end - typed.length - 1, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
    close();
  }

  function move(step) {
    active = (active + step + found.length) % found.length;
    draw();
  }

  text.addEventListener("input", look);
  text.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const index = [...list.children].indexOf(event.target.closest("[role=option]"));
    if (index >= 0) take(found[index]);
  });

  return (key) => {
    if (!found.length) return false;
    if (key === "ArrowDown") move(1);
    else if (key === "ArrowUp") move(active < 0 ? 0 : -1);
    else if (key === "Escape") close();
    else if ((key === "Enter" || key === "Tab") && active >= 0) take(found[active]);
    else return false;
    return true;
  };
}

/** What can be suggested, by its sign. */
function known() {
  const others = JSON.parse(document.querySelector("#known")?.dataset.suggestions ?? "{}");
  return { ...others, ":": emoji };
}

async function fetchEmoji() {
  emoji = [];
  const response = await fetch("/emoji");
  const signs = Object.entries(await response.json());
  emoji = signs.map(([name, detail]) => ({ name, detail }));
}

function suggestionsFor(before) {
  for (const [sign, pattern] of Object.entries(ASKING)) {
    const typed = pattern.exec(before)?.[1];
    if (typed === undefined) continue;
    const sought = typed.toLowerCase();
    return (known()[sign] ?? [])
      .filter(({ name, also = "" }) => hasWord(`${name} ${also}`.toLowerCase(), sought))
      .slice(0, MOST)
      .map((each) => ({
        ...each,
        typed,
        written: sign === ":" ? `:${each.name}:` : sign + each.name,
        isWhole: sign === "/" && each.name.toLowerCase() === sought,
      }));
  }
  return [];
}

function hasWord(names, sought) {
  return names.startsWith(sought) || names.includes(` ${sought}`) || names.includes(`_${sought}`);
}

/** How a command that is typed goes on, as its manifest says. */
function hintFor(line) {
  const name = /^\/([^\s]+)/.exec(line)?.[1];
  const command = name && known()["/"]?.find((each) => each.name === name);
  return command?.hint ? `/${name} ${command.hint}` : "";
}

function line(listId, { name, written, detail, hint }, isActive) {
  const item = document.createElement("li");
  item.role = "option";
  item.id = `${listId}-${name.replaceAll(/\W/g, "-")}`;
  item.ariaSelected = String(isActive);
  item.append(part("suggestion-name", written));
  if (hint) item.append(part("suggestion-hint", hint));
  if (detail) item.append(part("suggestion-detail", detail));
  return item;
}

function part(kind, words) {
  const span = document.createElement("span");
  span.className = kind;
  span.textContent = words;
  return span;
}
