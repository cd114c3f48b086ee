"""The bundled example publishers, served on loopback and checked for real."""
