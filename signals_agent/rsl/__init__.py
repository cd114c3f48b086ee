"""RSL licence documents: what they say, and what that comes to for a recipient and a use."""
