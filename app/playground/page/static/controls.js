// The host's buttons.

import { act, tell } from "./acts.js";

/** Makes the host's buttons work. */
export function useControls() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-control]");
    if (!button || button.ariaDisabled === "true") return;
    const answer = await act("control", { control: button.dataset.control });
    if (!answer.ok) tell(answer.problem);
  });
}
