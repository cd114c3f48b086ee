"""Speed as ratios in one run: each figure beside the peer or the limit that it is judged by."""
