"""What travels with a corpus: its dataset card, Croissant, and the preference manifest."""
