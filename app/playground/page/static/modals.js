// Modals: the one on top has the keyboard.

/** Shows modals as they come and go. */
export function showModals() {}
