"""What stores of files have in common: where files are, their lines, and how they are read."""
