"""What the law says, as data with sources: periods, deadlines, minimums, working days."""
