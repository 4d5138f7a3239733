"""The field's words, as closed sets: what everybody else means by them."""
