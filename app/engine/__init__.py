"""The arithmetic of feed-forward networks: NumPy only, and numba in the kernel; pure functions."""
