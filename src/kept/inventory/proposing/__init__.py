"""What discovery would decide about a dataset, for a person to look at."""
