"""The only way out to a network, one file for each outside system."""
