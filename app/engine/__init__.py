"""The arithmetic of feed-forward networks: NumPy and the standard library only, pure functions."""
