// Ctrl+K or Cmd+K: go to a conversation by typing a part of its name.

import { driveListbox } from "./listbox.js";
import { go } from "./live.js";
import { hasWord } from "./suggestions.js";

/** Makes the keys open the list of conversations. */
export function useSwitcher() {
  const dialog = document.querySelector("#switcher");
  const text = dialog.querySelector("input");
  const listbox = driveListbox(dialog.querySelector('[role="listbox"]'), text, (taken) => {
    dialog.close();
    go(taken.address, "composer-text");
  });

  const look = () => {
    listbox.show(conversations().filter(({ label }) => hasWord(label, text.value)));
  };

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (dialog.open || document.querySelector("dialog[open]")) return;
    text.value = "";
    dialog.showModal();
    look();
  });
  text.addEventListener("input", look);
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" && listbox.takesKey(event.key)) event.preventDefault();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

/** The conversations of the side bar. */
function conversations() {
  return [...document.querySelectorAll("#side a")].map((link) => ({
    label: link.querySelector(".side-name").innerText,
    detail: link.closest("section").querySelector("h2").innerText,
    address: link.getAttribute("href"),
  }));
}
