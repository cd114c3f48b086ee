"""What may be done with a corpus as a whole, and what stands in the way."""
