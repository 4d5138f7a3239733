"""Requests in stores that speak no SQL: the rows that matter are judged in memory."""
