"""Machines come in here: one file per standard."""
