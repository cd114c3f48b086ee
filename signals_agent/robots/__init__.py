"""robots.txt as a file format: its lines, its groups, its path patterns, and who may crawl."""
