"""What a rights request is, when it is due, and what its answer says."""
