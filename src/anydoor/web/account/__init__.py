"""Signing in, and what is one's own: sessions, a second factor, leave."""
