"""The nouns: frozen values that every other room passes along."""
