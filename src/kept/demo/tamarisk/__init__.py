"""Tamarisk Cloud: a sample company that rents out servers, with invented customers."""
