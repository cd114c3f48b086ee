"""Audits: many URLs, or archives, to an account that stands up later."""
