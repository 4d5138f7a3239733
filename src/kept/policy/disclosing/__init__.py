"""Which of the things that law makes a policy state it does state."""
