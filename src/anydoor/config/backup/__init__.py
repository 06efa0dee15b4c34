"""A whole Anydoor in one file, and back again: `anydoor backup`, `anydoor restore`."""
