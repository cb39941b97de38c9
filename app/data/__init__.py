"""Samples: drawn from a seed, Fisher's iris, or read from a CSV table; split and standardised."""
