"""A corpus of columns of which is known what they hold, made anew for each seed."""
