"""The builder's pages and its form."""
