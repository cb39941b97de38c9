"""A network as a short text for an address, and back."""
