"""The reference page of routine contacts: each window with its source, and what an area may set.

`anydoor documents` writes it to `docs/reference/schedule.md`, so that it cannot drift from the data.
"""

from __future__ import annotations

from anydoor.rules.instruments.evidence import TAG_WORDS
from anydoor.rules.schedule import EXCLUDED_WORDS
from anydoor.rules.schedule_contacts import ALL, PROVIDERS, Contact

WHEN = {"everybody": "", "positive": " (after a positive answer)", "concern": " (when concerned)"}


DATED = """
A pregnancy is dated from the due date, which is 40+0; ages from the day of birth, which is day 0. Months go
by the calendar; where a month has no such day, its last day stands for it. A week named alone is from its
first to its last day (28 is 28+0 to 28+6). *On the list until* is a decision of this software: after it
nobody is asked to catch up, and the contact stays counted as not done.
"""
APART = """
A reason takes a contact out of the count when it began on or before the day the window closed. What had
been missed before stays counted. Contacts before a birth that the birth came before are not needed, and in
no count. A review that fell into a stay in neonatal care is due again once home, for as many days as its
window has, and is counted apart.
"""
LOCAL = """
One TOML file; `ANYDOOR_SCHEDULE` names it, otherwise the one of the example areas is read. Every change of a
window says who decided it, and pages show that.

```toml
[norfolk]
outreach = ["..."]            # maternity outreach clinics below specialist level, for partners
for_partners = ["..."]        # where partners are sent

[norfolk.services]            # slugs of services; the footprint says whose team makes the contact
midwife = ["nnuh-community-midwifery", "jpuh-community-midwifery"]
health_visitor = ["norfolk-health-visiting"]

[norfolk.contacts.MW-28]      # opens, closes, counts_from, lapses; or on = false
opens = "27+0"
closes = "29+6"
source = "Maternity guideline 12, 2026"

[norfolk.contacts.HV-EX-3]    # happens only where an area says so
source = "Programme board, 4 May 2026"
```

After a change, `anydoor schedule --again` works every family's open contacts out anew.
"""


def draw() -> str:
    """The page, without its title."""
    table = [
        "| key | contact | by | window, both days count | on the list until | asks | known how |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(_row(contact) for contact in ALL),
    ]
    apart = [f"- {words}" for words in (*EXCLUDED_WORDS.values(), "Its time was over before the family came")]
    return "\n".join(
        [
            "## Contacts",
            "",
            *table,
            DATED,
            "## Counted apart",
            "",
            *apart,
            APART,
            "## What an area sets",
            LOCAL,
        ]
    )


def _row(contact: Contact) -> str:
    asks = "; ".join(
        ask.words + (f": {', '.join(ask.instruments)}" if ask.instruments else "") + WHEN[ask.when]
        for ask in contact.asks
    )
    extra = [
        "only in a first pregnancy" if contact.only_first else "",
        "statutory" if contact.statutory else "",
        "" if contact.usual else "only where an area switches it on",
        ", ".join(f"{mark.code} {mark.words}" for mark in contact.marks),
    ]
    name = "; ".join([contact.name, *(part for part in extra if part)])
    known = f"{contact.source} ({contact.tag}: {TAG_WORDS[contact.tag]})"
    return (
        f"| {contact.key} | {name} | {PROVIDERS[contact.provider]} | {contact.window} | {contact.lapses} "
        f"| {asks or 'nothing set'} | {known} |"
    )
