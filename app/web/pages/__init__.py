"""The pages and their forms, a module a page."""
