"""The face on a terminal: one module per noun."""
