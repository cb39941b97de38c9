"""A network that somebody brings to be checked: its fields, and lists spread over them."""
