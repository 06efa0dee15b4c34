"""Rights over a record: asking for one's own, objecting, keeping it in law, and erasing it."""
