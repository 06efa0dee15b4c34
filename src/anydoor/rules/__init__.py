"""The pure ground of the house: facts in, answer out.

Nothing here imports Django, reads a clock, opens a file or a network. Every rule can be run from a
notebook, tested in a millisecond, and read by someone who will never start the server.
"""
