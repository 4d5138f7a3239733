"""Redis, its keys grouped into datasets."""
