"""Decision regions, curves, histograms: as SVG paths and numbers."""
