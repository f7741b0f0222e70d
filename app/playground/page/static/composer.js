// The composer.

import { act, tell } from "./acts.js";

/** Makes the composer send what is typed. */
export function compose() {
  const form = document.querySelector("#composer");
  const text = form.querySelector("textarea");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await act("write", { text: text.value });
    if (answer.ok) text.value = "";
    else tell(answer.problem);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}
