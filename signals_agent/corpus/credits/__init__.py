"""Credits: whom a corpus names, for what, and in which files that is said."""
