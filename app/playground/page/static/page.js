// The page's entry: what changes is put in place, what people do is sent.

import { compose } from "./composer.js";
import { useControls } from "./controls.js";
import { useElements } from "./elements.js";
import { inspect } from "./inspector.js";
import { follow } from "./live.js";
import { showModals } from "./modals.js";

compose();
useControls();
useElements();
showModals();
inspect();
follow();
