"""What a promise is, which duties it creates, and how its verdict is reached."""
