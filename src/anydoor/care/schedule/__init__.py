"""The routine contacts of each pregnancy and baby: kept, recorded, read, counted.

local.py       what each area set for itself, from its file
keeping.py     rows worked out anew from dates, in the transaction that changed a date
events.py      what a birth, a loss, a neonatal stay or a move does to them
recording.py   the verbs: done, declined, excluded, open again
reading.py     what one family's pages show
worklist.py    what is due and overdue, by team and area
coverage.py    how many of whom it was due for had it, and what was asked
"""
