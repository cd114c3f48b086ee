"""Licences: which is meant, and what each asks of someone who trains on the data."""
