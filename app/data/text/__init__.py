"""A table as text: its encoding, what is printed around its rows, and what separates them."""
