"""Measures taken with families: begun, answered, finished, sent by link, alarmed, read back.

taking      begin, save, finish, withdraw; what both a worker's page and a parent's link write with
links       send_link, open_link, save_answer, finish_link, end_link
rating      the result, by the rule and thresholds it was begun with
alerts      an answer that may mean danger: raised with the answer, acknowledged by one named person
wording     the words of an instrument: shipped, or from a pack a service loaded
values      thresholds: the shipped set, or what an area or a service set on top of it
reading     what pages read: a family's measures, one measure with its items, what is open

Nothing here scores: `rules.instruments` does, by the rule, the values and the words each measure names.
"""
