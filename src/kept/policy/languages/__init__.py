"""Which languages policies are read in; each is a folder of lexicons that a lawyer can edit."""
