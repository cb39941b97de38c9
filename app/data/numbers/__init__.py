"""Numbers as people write them: alone, in columns, in lists and matrices; and dates."""
