"""Services that are spoken to over HTTP, each declared in one TOML file."""
