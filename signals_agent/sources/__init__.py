"""Lists of URLs, read from files and standard input as streams that are never held whole."""
