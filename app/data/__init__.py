"""Samples: drawn from a seed, Fisher's iris, or read from own tables; split and standardised."""
