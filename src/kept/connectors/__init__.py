"""How other people's stores are reached: one module per kind of store."""
