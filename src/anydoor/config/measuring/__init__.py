"""Filling a database to its real size and measuring the pages against their floors. Never part of serving."""
