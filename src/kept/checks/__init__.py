"""How each duty is proved or found broken: one module per duty."""
