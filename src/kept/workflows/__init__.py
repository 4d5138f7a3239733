"""In which order rooms decide and devices act."""
