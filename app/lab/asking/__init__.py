"""What a class is asked about a network, what is true, and what its answers come to."""
