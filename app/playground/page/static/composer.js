// The composers of channel and thread: what is typed is kept until it is sent.

import { act } from "./acts.js";
import { afterChanges } from "./live.js";
import { suggestIn } from "./suggestions.js";

/** Makes every composer work, whenever one is made. */
export function compose() {
  afterChanges(() => document.querySelectorAll(".composer:not([data-works])").forEach(start));
}

function start(form) {
  form.dataset.works = "";
  const text = form.querySelector("textarea");
  const problem = form.querySelector(".composer-problem");
  const draft = `draft ${form.dataset.draft}`;
  const takesKey = suggestIn(form);

  const keep = () => {
    if (text.value) sessionStorage.setItem(draft, text.value);
    else sessionStorage.removeItem(draft);
  };
  const fill = (words) => {
    text.value = words;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const explain = (words) => {
    problem.textContent = words;
    problem.hidden = !words;
  };

  async function send() {
    const words = text.value;
    if (!words.trim() || form.ariaBusy === "true") return;
    explain("");
    text.focus();
    form.ariaBusy = "true";
    if (!words.startsWith("/")) fill("");
    const answer = await act("write", { text: words, in_thread: "inThread" in form.dataset });
    form.ariaBusy = "false";
    if (answer.ok) {
      if (text.value === words) fill("");
    } else {
      if (!text.value) fill(words);
      explain(answer.problem);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  text.addEventListener("input", () => {
    keep();
    explain("");
  });
  text.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (takesKey(event.key)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  const kept = sessionStorage.getItem(draft);
  if (kept && !text.value) fill(kept);
}
