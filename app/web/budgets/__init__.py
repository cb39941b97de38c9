"""Bounds on what one client may hold and ask for: places, turns, rates, memory, parameters."""
