// What can be done with a message, from the menu that all messages share.

import { act, tell } from "./acts.js";
import { go } from "./live.js";
import { openMenu } from "./menus.js";

const THREAD_TEXT = "thread-composer-text";

/** Makes the menu of every message work. */
export function useMessages() {
  const menu = document.querySelector("#message-menu");
  let message;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-opens-menu]");
    if (button) {
      message = button.closest(".message");
      showItemsFor(menu, message);
      openMenu(menu, button);
    }
    const item = event.target.closest?.("[data-of-message]");
    if (item) DO[item.dataset.ofMessage](message, item);
  });
}

/** An ephemeral message has no thread, no address and no shortcuts. */
function showItemsFor(menu, message) {
  const isPosted = !message.classList.contains("is-ephemeral");
  for (const item of menu.querySelectorAll("[data-of-message]")) {
    item.hidden = !isPosted && item.dataset.ofMessage !== "copy_text";
    if (item.dataset.ofMessage === "reply") item.hidden = !message.dataset.thread;
  }
}

const DO = {
  reply: (message) => go(message.dataset.thread, THREAD_TEXT),
  copy_link: (message) => copy(location.origin + message.dataset.link),
  copy_text: (message) => copy(message.querySelector("[data-content]").innerText.trim()),
  shortcut: async (message, item) => {
    const content = { shortcut: item.dataset.shortcut, surface: message.dataset.surface };
    const answer = await act("use_shortcut", content);
    if (!answer.ok) tell(answer.problem);
  },
};

async function copy(text) {
  await navigator.clipboard.writeText(text);
  tell("Copied");
}
