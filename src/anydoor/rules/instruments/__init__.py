"""Instruments: what they are made of, what is known of their thresholds, and how an answer is scored.

evidence    a value with its source, and how well it is known
definition  what an instrument is made of (data only)
core_set, anxiety_set   the instruments
registry    all of them, in every version
values      bands, cut-offs, reliable change: one versioned set, replaceable by a service
answers     from what was ticked to the score of each item
clusters    rules over groups of symptoms
scoring     total, band, screen, risk, estimate
contract    one line of `anydoor score`
wording     the exact words of those that may be shipped
page        the reference page
"""
