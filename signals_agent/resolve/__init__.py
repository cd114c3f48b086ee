"""From statements to one resolution for each use."""
