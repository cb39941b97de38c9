"""The lesson: what it tells, and what it tries out."""
