// The page's entry: what changes is put in place, what people do is sent.

import { useActs } from "./acts.js";
import { useComboboxes } from "./combobox.js";
import { compose } from "./composer.js";
import { useControls } from "./controls.js";
import { useElements } from "./elements.js";
import { openHome } from "./home.js";
import { inspect } from "./inspector.js";
import { follow } from "./live.js";
import { useMenus } from "./menus.js";
import { useMessages } from "./messages.js";
import { showModals } from "./modals.js";
import { usePanes } from "./panes.js";
import { keepAtEnd } from "./scrolling.js";
import { useSwitcher } from "./switcher.js";

useActs();
useMenus();
usePanes();
useSwitcher();
useMessages();
keepAtEnd();
compose();
useControls();
useElements();
useComboboxes();
showModals();
openHome();
inspect();
follow();
