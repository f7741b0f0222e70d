// What is suggested while one types: commands, people and user groups, channels, emoji.

import { driveListbox } from "./listbox.js";

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

/** Makes a composer's text field suggest how to go on. `takesKey` has every key first, and answers
 * whether it was meant for the suggestions; `rest` puts them away until something is typed. */
export function suggestIn(form) {
  const text = form.querySelector("textarea");
  const hint = form.querySelector(".composer-hint");
  const listbox = driveListbox(form.querySelector('[role="listbox"]'), text, take);

  function look() {
    const before = text.value.slice(0, text.selectionStart);
    if (!emoji && ASKING[":"].test(before)) fetchEmoji().then(look);
    const found = suggestionsFor(before);
    listbox.show(found, found.some((each) => each.isWhole) ? -1 : 0);
    hint.textContent = hintFor(text.value);
  }

  function take({ label, typed }) {
    const end = text.selectionStart;
    text.setRangeText(`${label} `, end - typed.length - 1, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  }

  function rest() {
    listbox.show([]);
    hint.textContent = hintFor(text.value);
  }

  text.addEventListener("input", look);
  text.addEventListener("blur", rest);
  return { takesKey: listbox.takesKey, rest };
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

/** Those that fit what was typed. A command that was typed whole is not to be taken by Enter, which
 * sends it then. */
function suggestionsFor(before) {
  for (const [sign, pattern] of Object.entries(ASKING)) {
    const typed = pattern.exec(before)?.[1];
    if (typed === undefined) continue;
    return (known()[sign] ?? [])
      .filter(({ name, also = "" }) => hasWord(`${name} ${also}`, typed))
      .slice(0, MOST)
      .map((each) => ({
        ...each,
        typed,
        label: sign === ":" ? `:${each.name}:` : sign + each.name,
        isWhole: sign === "/" && each.name === typed,
      }));
  }
  return [];
}

/** Whether one of the words begins as it was typed. */
export function hasWord(words, typed) {
  const sought = typed.toLowerCase();
  const all = words.toLowerCase();
  return [" ", "_", "-"].some((gap) => all.includes(gap + sought)) || all.startsWith(sought);
}

/** How a command that is typed goes on, as its manifest says. */
function hintFor(line) {
  const name = /^\/([^\s]+)/.exec(line)?.[1];
  const command = name && known()["/"]?.find((each) => each.name === name);
  return command?.hint ? `/${name} ${command.hint}` : "";
}
