"""Logs of web servers, systems and applications."""
