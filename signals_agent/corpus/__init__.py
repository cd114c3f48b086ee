"""The corpus: what was ingested, what is owed for the whole of it, and what may be done with it."""
