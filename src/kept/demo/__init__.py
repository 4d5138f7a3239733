"""A sample company to try everything on."""
