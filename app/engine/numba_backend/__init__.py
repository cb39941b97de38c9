"""Steps compiled to machine code by numba: the same numbers as NumPy's, many times as fast."""
