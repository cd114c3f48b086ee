"""From captures to declarations: where expressions stand, not what they mean."""
