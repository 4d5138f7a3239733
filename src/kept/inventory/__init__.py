"""Which stores there are, what each field holds, and how rows refer to each other."""
