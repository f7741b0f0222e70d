// Elements of messages, modals and the home: what is clicked and chosen is sent.

/** Listens to every element on the page. */
export function useElements() {}
