"""The network's diagram: where everything stands, and what stands there."""
