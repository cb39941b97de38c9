"""A derivation: for the panel of a page, and as JSON."""
