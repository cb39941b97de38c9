"""A class that follows: the pages of who watches, of who joins and of who drives."""
