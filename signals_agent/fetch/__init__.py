"""The network: one exchange at a time, guarded, paced, retried and kept."""
