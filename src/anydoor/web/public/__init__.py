"""Pages of families, and of professionals and receivers without an account."""
