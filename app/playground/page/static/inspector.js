// The inspector.

/** Makes the inspector work. */
export function inspect() {}
