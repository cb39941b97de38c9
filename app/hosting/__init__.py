"""What those who host it need: the command line, checks, copies of the store, logs and metrics."""
