"""Syntaxes that are not ours: octets of the wire as values, each with its place."""
