"""One projection of everything public, and the search over it."""
