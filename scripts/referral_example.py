# ruff: noqa: INP001  # a file to run, not a package to import
"""Writes examples/referrals-norfolk.csv: 200 rows, fifteen of them bad in different ways.

Everybody in it is invented: NHS numbers of the 999 range, telephone numbers kept for drama, e-mail at
`.example`. The same seed gives the same file. Run it from the checkout: python scripts/referral_example.py
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from anydoor.rules.identifiers import nhs_check_digit

TARGET = Path(__file__).resolve().parents[1] / "examples" / "referrals-norfolk.csv"
GOOD, ROWS = 185, 200
TODAY = date(2026, 3, 6)  # the day the file was "exported"
Row = dict[str, str]


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


NAMES = _listed(
    """
    source_ref story name role born_on nhs_number contact safe uses hours place address_kind address
    due_on babies baby_name baby_born_on lost_on loss_kind trying_to_conceive assisted_conception
    language interpreter communication safety needs asks_for referrer_name referrer_organisation
    referrer_contact family_knows agreed_words
    """
)

FIRST = _listed(
    """
    Aisha Amelia Anjali Beth Bridget Carys Chloe Daisy Ebony Elif Emma Fatima Freya Grace Hannah Ines
    Isla Jade Jasmine Katarzyna Keeley Leah Lily Maja Maria Megan Nadia Niamh Olivia Poppy Rosie Ruta
    Sade Sofia Tamsin Yasmin Zofia Zoe
    """
)
FATHERS = _listed(
    """
    Adam Ben Callum Dariusz Ed Farid Gareth Hamza Jack Kofi Liam Marek Nathan Owen Ryan Sam Tom
    """
)
LAST = _listed(
    """
    Adeyemi Allen Bailey Barnes Begum Bullard Chapman Clarke Cushing Dack Eastoe Farrow Goodrum Gooch
    Howes Ivanova Jermy Kett Kowalska Larter Lusher Mann Mickleburgh Nunn Okafor Palgrave Petrauskas
    Quantrill Ribeiro Rix Seago Silva Thackeray Utting Varga Wegg Yaxley
    """
)
# Names that software has broken before.
ODD_NAMES = (
    "Siân O'Brien",
    "Zoë D’Arcy-Łęcka",
    "Ó",
    "Nguyễn Thị Ánh",
    "محمد الأحمد",
    "Anne-Marie de la Tour",
    "李小龙",
    "Mary  Ann   Spaces",
    "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmond",
    "X",
    "Null",
    "Robert'); DROP TABLE people;--",
)
POSTCODES = (
    "NR1 3DD",
    "NR2 4AB",
    "NR3 1TU",
    "NR5 8DB",
    "NR6 5AA",
    "NR9 3DB",
    "NR11 6AA",
    "NR13 3AA",
    "NR19 1AW",
    "NR21 9AA",
    "NR26 8AA",
    "NR30 2PT",
    "NR31 6SP",
    "IP22 4HG",
    "IP24 2AW",
    "PE30 1EX",
    "PE31 6AA",
    "PE37 7AA",
)
PLACES = ("Norwich", "Great Yarmouth", "Dereham", "Thetford", "NR19", "King's Lynn", "Swaffham", "Cromer")
STORIES = (
    "I feel low most days and I cannot sleep even when the baby does.",
    "She cries every day since the birth and says she cannot stop worrying. Seen twice.",
    "I do not feel close to my little one and I am ashamed of it.",
    "We moved here in January, we know nobody and the flat is damp.",
    "Breastfeeding hurts and everybody tells me something else.",
    "Very anxious about the birth after what happened last time.",
    "I am going back to work in May and there is no nursery place.",
    "My partner is at sea for weeks and I am on my own with twins.",
    "English is hard for me. I want to meet other parents.",
    "The debt letters keep coming and I am scared to open them.",
    "I worry about everything, the breathing, the feeding, the cot.",
    "Would like a group to go to, the days are very long.",
)
FATHER_STORIES = (
    "Nobody asks how I am. I am angry all the time and then I feel bad about it.",
    "I was there when it all went wrong at the birth and I keep seeing it.",
    "I want to do this well, I never had a dad to show me.",
)
DANGER = (
    "Some nights I think they would all be better off without me.",
    "I want to die and I do not know who to tell.",
    "He said he would kill me if I told anybody about the baby.",
    "I keep thinking about hurting the baby and it frightens me.",
)
REFERRERS = (
    ("Ann Dunn", "Dereham surgery", "ann.dunn@dereham-surgery.example"),
    ("Pat Rudd", "Health visiting, Norwich", "01632 960371"),
    ("Community midwife", "Maternity unit", "midwives@maternity.example"),
    ("Kim Larwood", "Little Acorns nursery", "01632 960115"),
)
NEEDS = (
    "mood",
    "anxiety",
    "bond",
    "feeding",
    "housing",
    "money",
    "childcare",
    "english",
    "isolation",
    "parenting",
)


def main() -> None:
    rows = list(_rows(random.Random(1001)))
    TARGET.parent.mkdir(exist_ok=True)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, NAMES, restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} rows in {TARGET.name}")


def _rows(draw: random.Random) -> Iterator[Row]:
    """Good rows in a fixed order, with a bad one after each twelve."""
    good = [*_special(draw)]
    while len(good) < GOOD:
        good.append(_ordinary(draw, len(good)))
    bad = _bad(draw)
    for number, row in enumerate(good, start=1):
        # One row in nine comes without a number of the sender's own.
        yield {**row, "source_ref": "" if number % 9 == 0 else f"NORF-{number:04d}"}
        if number % 12 == 0 and bad:
            yield {**bad.pop(0), "source_ref": f"NORF-B{number:03d}"}
    for row in bad:
        yield {**row, "source_ref": f"NORF-B{len(bad)}"}


def nhs_number(serial: int) -> str:
    """The serial-th sound number of the 999 range, which is never issued."""
    first_nine = f"999{serial:06d}"
    check = nhs_check_digit(first_nine)
    return nhs_number(serial + 500_000) if check is None else f"{first_nine}{check}"


def _mobile(number: int) -> str:
    """Of the last 200 drama numbers: the families of `anydoor demo` have the others, and are nobody here."""
    return f"07700 900{800 + number % 200:03d}"


def _ordinary(draw: random.Random, number: int) -> Row:
    father = draw.random() < 0.15
    first = draw.choice(FATHERS if father else FIRST)
    born = date(1982, 1, 1) + timedelta(days=draw.randrange(25 * 365))
    row = {
        "story": draw.choice(FATHER_STORIES if father else STORIES),
        "name": f"{first} {draw.choice(LAST)}",
        "role": "father" if father else draw.choice(("mother", "mother", "Mum", "")),
        # Both ways of writing a day are met in real files.
        "born_on": f"{born:%d/%m/%Y}" if draw.random() < 0.5 else born.isoformat(),
        "place": draw.choice(POSTCODES) if draw.random() < 0.8 else draw.choice(PLACES),
        "contact": _mobile(number // 3) if number % 3 == 0 else f"{first.lower()}.{number}@mail.example",
        "nhs_number": nhs_number(1000 + number) if draw.random() < 0.7 else "",
        "needs": ", ".join(draw.sample(NEEDS, draw.randrange(3))),
    }
    if draw.random() < 0.5:
        row |= (
            {"safe": "yes", "uses": "text, call"}
            if "@" not in row["contact"]
            else {"safe": "yes", "uses": "email"}
        )
    if draw.random() < 0.35:
        row["baby_born_on"] = (TODAY - timedelta(days=draw.randrange(3, 500))).isoformat()
    elif draw.random() < 0.3:
        row["due_on"] = date(2026, 10, 1 + draw.randrange(30)).isoformat()
    if draw.random() < 0.4:
        name, organisation, contact = draw.choice(REFERRERS)
        row |= {
            "referrer_name": name,
            "referrer_organisation": organisation,
            "referrer_contact": contact,
            "family_knows": draw.choice(("yes", "yes", "not asked")),
        }
    return row


def _special(draw: random.Random) -> Iterator[Row]:
    """Rows that must be received and show something: odd names, losses, twins, fathers, danger, joins."""
    for number, name in enumerate(ODD_NAMES):
        yield {
            "story": draw.choice(STORIES),
            "name": name,
            "contact": _mobile(100 + number),
            "place": draw.choice(POSTCODES),
        }
    for number, words in enumerate(DANGER):
        yield {
            "story": words,
            "name": f"{FIRST[number]} {LAST[-number - 1]}",
            "contact": _mobile(120 + number),
        }
    yield from _in_many_ways()
    yield from _known_already()


def _in_many_ways() -> Iterator[Row]:
    yield {
        "story": 'We lost our boy at 22 weeks.\n\nEverybody says "at least" and I cannot hear it any more.',
        "name": "Tamsin Howes",
        "role": "mother",
        "lost_on": "2026-01-18",
        "loss_kind": "miscarriage",
        "contact": _mobile(130),
    }
    yield {
        "story": "My son was stillborn in November. I am the father and nobody has rung me.",
        "name": "Marek Kowalski",
        "role": "dad",
        "lost_on": "21/11/2025",
        "loss_kind": "stillbirth",
        "contact": _mobile(131),
        "safe": "yes",
        "uses": "call; voicemail",
    }
    yield {
        "story": "Twins, one of them was in special care for six weeks. I jump at each beep.",
        "name": "Jade Farrow",
        "role": "mother",
        "babies": "2",
        "baby_born_on": "2025-12-02",
        "contact": _mobile(132),
    }
    yield {
        "story": "Expecting twins and terrified.",
        "name": "Sade Okafor",
        "role": "mother",
        "babies": "2",
        "due_on": "12/10/2026",
        "contact": "sade.okafor@mail.example",
        "safe": "yes",
        "uses": "email",
        "hours": "weekdays before three",
    }
    yield {
        "story": "Third round of IVF. Hope hurts by now.",
        "name": "Ines Ribeiro",
        "trying_to_conceive": "yes",
        "assisted_conception": "yes",
        "contact": _mobile(133),
    }
    yield {
        "story": "Nie mówię dobrze po angielsku. Potrzebuję pomocy z dzieckiem. 🙏",
        "name": "Zofia Wójcik",
        "contact": "+48 600 000 123",
        "language": "Polish",
        "interpreter": "yes",
        "communication": "Speak slowly and use short sentences.|Letters in Polish, please.",
    }
    yield {
        "story": "Staying at a refuge with her baby. Do not write to any address.",
        "name": "E",
        "contact": _mobile(134),
        "safe": "no",
        "safety": "Never say where you ring from.\nAsk first if she can talk.",
        "address_kind": "refuge",
        "referrer_name": "Refuge worker",
        "referrer_organisation": "A refuge",
        "referrer_contact": "01632 960777",
        "family_knows": "yes",
        "agreed_words": "Yes, please ask them for me.",
    }
    yield {
        "story": "Sofa surfing with a bump.",
        "contact": _mobile(135),
        "address_kind": "no fixed abode",
        "role": "mum",
    }
    yield {
        "story": "=1+1 is what my head feels like",
        "name": "@dad_of_one",
        "role": "father",
        "contact": _mobile(136),
    }
    yield {"story": "-- please ring after 4, not before --", "name": "+Faith Mann", "contact": "01632 960404"}
    yield {"story": "Mum rang us; she reads right to left: \u202bشكرا\u202c.", "contact": "noor@mail.example"}
    yield {
        "story": "Baby lives with his gran, she is worn out.",
        "name": "Bridget Wegg",
        "role": "carer",
        "born_on": "1958-07-30",
        "baby_name": "Alfie",
        "baby_born_on": "2025-05-06",
        "contact": "01632 960405",
    }


def _known_already() -> Iterator[Row]:
    """Three people whose second row joins the first, and three who may be the same as somebody."""
    for number, name in enumerate(("Rosie Thackeray", "Amelia Cushing", "Hamza Begum")):
        again = name if number else "Rosie Thackray"
        for turn, called in enumerate((name, again)):
            yield {
                "story": STORIES[number + 3 * turn],
                "name": called,
                "born_on": "1994-05-1" + str(number) if turn == 0 else f"1{number}/05/1994",
                "nhs_number": nhs_number(number) if turn == 0 else " ".join(_threes(nhs_number(number))),
                "contact": _mobile(150 + 10 * turn + number),
            }
    for number, (name, like) in enumerate(
        (("Katarzyna Nowak", "Kasia Nowak"), ("Lily Gooch", "Lilly Gooch"), ("Emma Rix", "Emma J Rix"))
    ):
        yield {
            "story": STORIES[number],
            "name": name,
            "born_on": f"199{number}-02-0{number + 1}",
            "place": POSTCODES[number],
            "contact": _mobile(170 + number),
        }
        yield {
            "story": STORIES[number + 6],
            "name": like,
            "born_on": f"199{number}-02-0{number + 1}",
            "place": POSTCODES[number],
            "contact": _mobile(170 if number == 0 else 480 + number),
        }


def _threes(digits: str) -> tuple[str, str, str]:
    return digits[:3], digits[3:6], digits[6:]


def _bad(draw: random.Random) -> list[Row]:
    """Fifteen rows, each refused for a reason of its own."""
    sound = {"story": "I would like to talk to somebody.", "name": "Chloe Nunn", "contact": _mobile(200)}
    wrong_check = nhs_number(77)[:-1] + str((int(nhs_number(77)[-1]) + 1) % 10)
    return [
        {**sound, "nhs_number": wrong_check},
        {**sound, "nhs_number": "999 000"},
        {**sound, "born_on": "31/02/1994"},
        {**sound, "born_on": "3rd of March"},
        {**sound, "born_on": "2091-04-01"},
        {**sound, "due_on": "2031-09-09"},
        {**sound, "baby_born_on": "2024-13-01"},
        {**sound, "contact": ""},
        {**sound, "contact": "07700 9005"},
        {**sound, "contact": "ring my sister"},
        {**sound, "story": "   "},
        {**sound, "story": "A cell from another system\x07 with a hidden character."},
        {**sound, "role": "aunt's neighbour"},
        {**sound, "babies": "9"},
        {**sound, "name": "Chloe\nNunn", "safe": "perhaps"},
    ]


if __name__ == "__main__":
    main()
