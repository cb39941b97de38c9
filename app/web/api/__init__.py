"""The JSON API, a module a noun."""
