"""Who is reached, in which rows, what happens to them, and in which order."""
