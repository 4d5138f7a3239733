"""Stores that speak SQL: one connector, and one small module for each dialect."""
