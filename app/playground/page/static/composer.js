// The composers of channel and thread: what is typed is kept until it is sent.

import { act, tell } from "./acts.js";
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
  const suggestions = suggestIn(form);
  let underWay = 0;

  const keep = () => {
    if (text.value) sessionStorage.setItem(draft, text.value);
    else sessionStorage.removeItem(draft);
  };
  const fill = (words) => {
    text.value = words;
    suggestions.rest();
    keep();
  };
  const explain = (words) => {
    problem.textContent = words;
    problem.hidden = !words;
  };
  const isSending = (change) => {
    underWay += change;
    form.ariaBusy = String(underWay > 0);
  };

  async function send() {
    const words = text.value;
    text.focus();
    if (!words.trim()) return;
    fill("");
    explain("");
    isSending(1);
    const answer = await act("write", { text: words, in_thread: "inThread" in form.dataset });
    isSending(-1);
    if (answer.ok) return;
    if (!text.value) fill(words);
    if (form.isConnected) explain(answer.problem);
    else tell(answer.problem);
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
    if (suggestions.takesKey(event.key)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  const kept = sessionStorage.getItem(draft);
  if (kept && !text.value) fill(kept);
}
