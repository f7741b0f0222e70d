"""The use cases: one function each, one transaction each, for every surface alike."""
