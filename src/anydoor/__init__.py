"""Anydoor: any door is the right door."""
