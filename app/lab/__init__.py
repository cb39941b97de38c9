"""One network over time: moments, phases, steps, branches, edits, runs; the builder; examples."""
