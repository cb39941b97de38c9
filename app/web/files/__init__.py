"""Files to take along: pictures and programs of a network."""
