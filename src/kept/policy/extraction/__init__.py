"""The words of a policy that came in another dress than plain text."""
