"""Derivations as data: every number with its formula, its factors and its meaning."""
