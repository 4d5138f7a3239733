"""What Kept itself remembers, in a database of its own."""
