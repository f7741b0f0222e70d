// The app hears when somebody looks at its home.

import { act } from "./acts.js";
import { afterChanges } from "./live.js";

/** Tells the app whenever its home is opened. */
export function openHome() {
  let opened = "";
  afterChanges(() => {
    const person = document.querySelector("#home-of")?.dataset.person ?? "";
    if (person && person !== opened) act("open_home");
    opened = person;
  });
}
