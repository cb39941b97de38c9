"""The network's picture: where everything stands, and what stands there."""
