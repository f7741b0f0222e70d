// Menus: a button opens one, the arrow keys move in it (www.w3.org/WAI/ARIA/apg/patterns/menubar).
// The browser itself opens and closes popovers; here they are placed and given the keyboard.

const GAP = 4;
const MENU = '.menu[popover=""]';
const ITEMS = '[role^="menuitem"]:not([hidden])';

/** Makes every popover of the page a menu that the keyboard can use. */
export function useMenus() {
  document.addEventListener("toggle", onToggle, true);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.(ITEMS)) event.target.closest(MENU)?.hidePopover();
  });
}

/** Opens a menu below a button that has none of its own. */
export function openMenu(menu, button) {
  menu.openedBy = button;
  menu.showPopover();
}

function onToggle(event) {
  const menu = event.target;
  if (!menu.matches?.(MENU)) return;
  const button = menu.openedBy ?? document.querySelector(`[popovertarget="${menu.id}"]`);
  const isOpen = event.newState === "open";
  if (menu.openedBy) button.ariaExpanded = String(isOpen);
  if (isOpen) {
    place(menu, button);
    (menu.querySelector('[aria-checked="true"]') ?? menu.querySelector(ITEMS))?.focus();
  } else if (menu.contains(document.activeElement) || document.activeElement === document.body) {
    button?.focus();
  }
}

/** Below the button, or above it where there is more room, and never beyond the window. */
function place(menu, button) {
  const anchor = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const right = document.documentElement.clientWidth - width - GAP;
  const isLeft = anchor.left < right;
  const left = isLeft ? anchor.left : anchor.right - width;
  const below = anchor.bottom + GAP;
  const fits = below + height < innerHeight;
  menu.style.left = `${Math.max(GAP, Math.min(left, right))}px`;
  menu.style.top = `${fits ? below : Math.max(GAP, anchor.top - GAP - height)}px`;
}

function onKey(event) {
  const menu = event.target.closest?.(`${MENU}[role="menu"]`);
  if (!menu) return;
  const items = [...menu.querySelectorAll(ITEMS)];
  const next = target(event.key, items, items.indexOf(document.activeElement));
  if (next) {
    event.preventDefault();
    next.focus();
  } else if (event.key === "Tab") {
    menu.hidePopover();
  } else if (event.key === " " && event.target.matches("a")) {
    event.preventDefault();
    event.target.click();
  }
}

function target(key, items, at) {
  const count = items.length;
  if (key === "ArrowDown") return items[(at + 1) % count];
  if (key === "ArrowUp") return items[(at - 1 + count) % count];
  if (key === "Home") return items[0];
  if (key === "End") return items[count - 1];
  if (key.length !== 1 || key === " ") return undefined;
  const later = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return later.find((item) => item.innerText.trim().toLowerCase().startsWith(key.toLowerCase()));
}
