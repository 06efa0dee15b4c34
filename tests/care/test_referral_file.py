"""Files of referrals: every row becomes a held request, was there already, or is refused with its reason."""

from __future__ import annotations

import csv
import importlib.util
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError
from tests.world import NOW, World

from anydoor.access.audit import Outsider
from anydoor.care import referral_file, referral_sheet
from anydoor.care.intake import Received
from anydoor.care.models import Holding, Referral, Story, Wait
from anydoor.care.referral_columns import COLUMNS, column_called
from anydoor.care.referral_file import Imported, import_referrals
from anydoor.config.environ import CHECKOUT
from anydoor.people.models import ContactPoint, FamilyMember, Instruction, Person
from anydoor.rules.errors import BadInput, NotFound, WrongMoment

pytestmark = pytest.mark.django_db
BY = Outsider("Import of a file", "import")
EXAMPLE = CHECKOUT / "examples" / "referrals-norfolk.csv"
Sheet = Callable[..., Path]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """Write a file and give its path: text as it is, or rows of cells."""

    def write(text: str, encoding: str = "utf-8", name: str = "in.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def taken(world: World, path: Path, *, dry_run: bool = False) -> Imported:
    return import_referrals(path=path, area=world.area, by=BY, at=NOW, dry_run=dry_run)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def everything() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.app_label in {"care", "people", "access", "anydoor_messages"}
    }


# ---------------------------------------------------------------- the example


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "referrals-norfolk.csv"
    path.write_bytes(EXAMPLE.read_bytes())
    return path


def test_the_example_is_tried_then_taken_and_the_second_time_nothing_is(world: World, example: Path) -> None:
    before = everything()
    tried = taken(world, example, dry_run=True)
    assert everything() == before
    assert not referral_sheet.refused_path(example).exists()

    first = taken(world, example)
    assert first.as_json() == tried.as_json()
    assert (first.rows, first.accepted, len(first.refusals)) == (200, 185, 15)
    assert (first.joined, first.possible_match, first.already_imported) == (3, 3, 0)
    assert Referral.objects.count() == Holding.objects.filter(to_at__isnull=True).count() == 185
    assert Wait.objects.open().filter(kind="danger").count() >= 4
    each_is_bad_in_its_own_way(example, first)

    before = everything()
    again = taken(world, example)
    assert (again.accepted, again.already_imported, len(again.refusals)) == (0, 185, 15)
    after = everything()
    for table in ("access.AuditEntry", "access.AuditUnsealed"):
        after[table] -= 1  # that a file was imported
    assert after == before
    assert again.differs == []


def each_is_bad_in_its_own_way(example: Path, done: Imported) -> None:
    assert len({refusal.reason for refusal in done.refusals}) >= 13
    with example.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for refusal in done.refusals:
        # The row a spreadsheet shows under this number is the one marked as bad.
        assert lines[refusal.row - 2]["source_ref"].startswith("NORF-B")


def test_the_example_is_what_its_script_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("example", CHECKOUT / "scripts" / "referral_example.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "TARGET", tmp_path / "again.csv")
    script.main()
    assert (tmp_path / "again.csv").read_bytes() == EXAMPLE.read_bytes()


# ---------------------------------------------------------------- what is kept


def test_names_and_stories_are_kept_as_they_stand(world: World, sheet: Sheet) -> None:
    names = [
        "Siân O'Brien",
        "Ó",
        "محمد الأحمد",
        "=cmd|'/c calc'!A1",
        "Robert'); DROP TABLE people;--",
        "W" * 60,
    ]
    story = 'She said ""no"".\n\nThen: <script>alert(1)</script> 💕'
    lines = "".join(f'"{story}",07700 9001{number:02d},"{name}"\n' for number, name in enumerate(names))
    assert taken(world, sheet(f"story,contact,name\n{lines}")).accepted == len(names)
    assert list(Person.objects.order_by("pk").values_list("name", flat=True)) == names
    assert {row.words for row in Story.objects.all()} == {story.replace('""', '"')}


def test_every_column_reaches_its_place(world: World, sheet: Sheet) -> None:
    cells = {
        "source_ref": "A-1",
        "story": "Please ring me.",
        "contact": "+48 600 000 123",
        "place": "Norwich",
        "name": "Zofia",
        "role": "Dad",
        "born_on": "10/03/1990",
        "nhs_number": "999 000 0069",
        "trying_to_conceive": "yes",
        "assisted_conception": "no",
        "due_on": "2026-06-01",
        "babies": "2",
        "baby_name": "Bump",
        "safe": "Yes",
        "uses": "text; call",
        "hours": "after six",
        "language": "Polish",
        "interpreter": "yes",
        "communication": "Speak slowly.|Short letters.",
        "safety": "Ask first.",
        "address_kind": "no fixed abode",
        "address": "c/o a friend",
        "needs": "housing, english",
        "asks_for": "a call",
        "referrer_name": "Ann",
        "referrer_organisation": "Surgery",
        "referrer_contact": "ann@surgery.example",
        "family_knows": "yes",
        "agreed_words": "Yes please",
    }
    text = StringIO()
    writer = csv.DictWriter(text, list(cells))
    writer.writeheader()
    writer.writerow(cells)
    done = taken(world, sheet(text.getvalue()))
    assert done.refusals == []
    referral = Referral.objects.select_related("person", "family").get()
    person = referral.person
    assert (referral.door, referral.source_ref, referral.holder) == ("file", "file:A-1", world.sunita)
    assert (referral.needs, referral.asks_for) == (["housing", "english"], "a call")
    assert (referral.referrer_name, referral.family_knows) == ("Ann", "yes")
    assert (person.name, person.nhs_number, f"{person.born_on}") == ("Zofia", "9990000069", "1990-03-10")
    assert (person.address_kind, person.interpreter, person.district_code) == (
        "no_fixed_abode",
        "yes",
        "E07000148",
    )
    point = ContactPoint.objects.get()
    assert (point.kind, point.safe, point.uses, point.hours) == (
        "foreign",
        "yes",
        ["text", "call"],
        "after six",
    )
    roles = sorted(FamilyMember.objects.values_list("role", flat=True))
    assert roles == ["baby", "baby", "father"]
    assert list(Instruction.objects.values_list("kind", "words")) == [
        ("need", "Speak slowly."),
        ("need", "Short letters."),
        ("safety", "Ask first."),
    ]
    assert referral.family.trying_to_conceive


def test_rows_join_only_by_number_and_birth_date_together(world: World, sheet: Sheet) -> None:
    done = taken(
        world,
        sheet(
            "story,contact,name,born_on,nhs_number\n"
            "One,07700 900101,Rosie,1994-05-10,9990000069\n"
            "Two,07700 900102,Rosie T,10/05/1994,999 000 0069\n"
            "Three,07700 900103,Rosie,,9990000069\n"
            "Four,07700 900101,Somebody,,\n"
        ),
    )
    assert (done.accepted, done.joined, done.possible_match) == (4, 1, 2)
    one, two, three, _ = Referral.objects.order_by("pk")
    assert one.person_id == two.person_id != three.person_id
    assert two.claimed["name"] == "Rosie T"


# ---------------------------------------------------------------- the same row


def test_a_row_without_a_number_is_known_by_what_stands_in_it(world: World, sheet: Sheet) -> None:
    line = "Please ring.,07700 900101\n"
    done = taken(world, sheet(f"story,contact\n{line}{line}Please write.,07700 900101\n"))
    assert (done.accepted, done.already_imported) == (2, 1)
    # Columns in another order, a new empty one, another name of the file: the same rows.
    again = taken(world, sheet("contact;name;story\n07700 900101;;Please ring.\n", name="other.csv"))
    assert (again.accepted, again.already_imported) == (0, 1)


def test_a_row_that_came_before_with_another_story_is_named(world: World, sheet: Sheet) -> None:
    taken(world, sheet("source_ref,story,contact\n1,First.,07700 900101\n"))
    done = taken(world, sheet("source_ref,story,contact\n1,Second.,07700 900101\n"))
    assert (done.already_imported, done.differs) == (1, [2])
    assert Story.objects.get().words == "First."


def test_a_row_that_came_before_with_another_contact_is_named(world: World, sheet: Sheet) -> None:
    taken(world, sheet("source_ref,story,contact\n1,Please ring.,07700 900101\n"))
    done = taken(world, sheet("source_ref,story,contact\n1,Please ring.,07700 900102\n"))
    assert (done.already_imported, done.differs) == (1, [2])


def test_one_number_for_two_requests_in_a_file_hides_neither(world: World, sheet: Sheet) -> None:
    path = sheet(
        "source_ref,story,contact\n1,Ring me.,07700 900101\n"
        "1,Ring me.,07700 900102\n 1 ,Or text.,07700 900101\n"
    )
    done = taken(world, path)
    assert (done.accepted, done.already_imported) == (1, 0)
    assert [(one.row, one.column) for one in done.refusals] == [(3, "source_ref"), (4, "source_ref")]
    assert "Row 2 has the same number" in done.refusals[0].reason
    again = taken(world, path)
    assert (again.accepted, again.already_imported, len(again.refusals)) == (0, 1, 2)


# ---------------------------------------------------------------- shapes of files


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("story,contact\nÉté,07700 900101\n", "utf-8"),
        ("story,contact\nÉté,07700 900101\n", "utf-8-sig"),
        ("Story ; Phone \r\nÉté;07700 900101\r\n", "utf-8"),
        ("story\tcontact\nÉté\t07700 900101", "utf-8"),
        ('"story","contact",\n"Été","07700 900101",\n,,\n\n', "utf-8"),
        ("CONTACT,Story\n07700 900101,Été\n", "utf-8"),
    ],
)
def test_files_of_many_makes_are_read(world: World, sheet: Sheet, text: str, encoding: str) -> None:
    done = taken(world, sheet(text, encoding))
    assert (done.rows, done.accepted, done.refusals) == (1, 1, [])
    assert Story.objects.get().words == "Été"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        ("story,contact\nÉté,07700 900101\n".encode("cp1252"), "UTF-8"),
        ("story,contact\nhallo,07700 900101\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04" + bytes(200), "spreadsheet"),
        (bytes(range(256)), "UTF-8|Row 1"),
        (b"\x00" * 50, "Row 1"),
        (b"Ann,07700 900101\nBeth,07700 900102\n", "Row 1 must name the columns"),
        (b"story,name\nHello,Ann\n", "contact"),
        (b"contact,name\n07700 900101,Ann\n", "story is missing"),
        (b"story,contact,shoe size\nHello,07700 900101,5\n", "shoe size"),
        (b"story,contact,phone\nHello,07700 900101,5\n", "are both contact"),
        (b'story,contact\nHello,07700 900101\n"never closed,07700 900102\nx,y\n', "never closed"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    world: World, tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=says):
        taken(world, path)
    assert not Referral.objects.exists()


def test_a_folder_or_nothing_is_no_file(world: World, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="folder"):
        taken(world, tmp_path)
    with pytest.raises(NotFound):
        taken(world, tmp_path / "nothing.csv")


def test_a_bad_row_stops_no_other(world: World, sheet: Sheet) -> None:
    done = taken(
        world,
        sheet(
            "story,contact\n"
            'He said "no" twice,07700 900101\n'
            '"Hello" there,07700 900102\n'
            '"two\nlines",07700 900103\n'
            "a,b,c,d\n"
            "only a story\n"
            "Last.,07700 900104\n"
        ),
    )
    assert (done.rows, done.accepted) == (6, 3)
    assert [(r.row, r.column) for r in done.refusals] == [(3, ""), (5, ""), (6, "contact")]
    refused = rows_of(referral_sheet.refused_path(sheet("x")))
    assert refused[1][3] == '"Hello" there,07700 900102'


def test_ten_megabytes_in_a_cell_are_refused_and_kept(world: World, sheet: Sheet) -> None:
    long = "a" * 10_000_000
    path = sheet(f"story,contact\n{long},07700 900101\nShort.,07700 900102\n")
    done = taken(world, path)
    assert (done.accepted, [(r.row, r.column) for r in done.refusals]) == (1, [(2, "story")])
    with pytest.raises(csv.Error):  # the limit of others is as it was
        rows_of(referral_sheet.refused_path(path))
    assert long in referral_sheet.refused_path(path).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("born_on", "31/02/1994"),
        ("born_on", "29/02/1995"),
        ("born_on", "03/31/1994"),
        ("born_on", "10/03/94"),
        ("born_on", "0000-00-00"),
        ("born_on", "٢٠٠١-٠١-٠١"),
        ("due_on", "2099-01-01"),
        ("babies", "9" * 5000),
        ("babies", "-1"),
        ("nhs_number", "9990000068"),
        ("contact", "07700 900"),
        ("contact", "0" * 300),
        ("role", "baby"),
        ("safe", "maybe"),
        ("uses", "text, pigeon"),
        ("needs", "a pony"),
        ("name", "N" * 201),
        ("name", "tab\tin it"),
        ("story", "bell \x07"),
        ("story", "nought \x00"),
        ("source_ref", "r" * 500),
        ("safety", "s" * 301),
        ("loss_kind", "other"),
        ("referrer_organisation", "o" * 201),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(world: World, sheet: Sheet, column: str, cell: str) -> None:
    cells = {"story": "Hello.", "contact": "07700 900101", column: cell}
    text = StringIO()
    writer = csv.DictWriter(text, list(cells))
    writer.writeheader()
    writer.writerow(cells)
    done = taken(world, sheet(text.getvalue()))
    assert [(r.row, r.column, bool(r.reason)) for r in done.refusals] == [(2, column, True)]
    assert cell not in done.refusals[0].reason
    assert not Referral.objects.exists()


def test_all_that_is_wrong_with_a_row_is_said_at_once(world: World, sheet: Sheet) -> None:
    done = taken(world, sheet("born_on,story,contact\nsoon,,nobody\n"))
    said = done.as_json()["refusals"][0]
    assert (said["row"], said["column"]) == (2, "born_on")
    assert [also["column"] for also in said["also"]] == ["story", "contact"]


# ---------------------------------------------------------------- written back


def test_refused_rows_run_nothing_in_a_spreadsheet_and_come_in_once_put_right(
    world: World, sheet: Sheet
) -> None:
    path = sheet(
        'Story,Contact,name\n=HYPERLINK(""),+44 7700 900101 or so,@ann\n\'=odd,07700 900,-dash\n'.replace(
            '=HYPERLINK("")', '"=HYPERLINK("""")"'
        )
    )
    done = taken(world, path)
    back = referral_sheet.refused_path(path)
    assert done.refused_file == back
    header, one, two = rows_of(back)
    assert header == [*referral_sheet.REFUSED, "Story", "Contact", "name"]
    assert one[0:2] == ["2", "Contact"]
    assert one[4:] == ['\'=HYPERLINK("")', "'+44 7700 900101 or so", "'@ann"]
    assert two[4:] == ["''=odd", "07700 900", "'-dash"]
    assert not any(cell.startswith(referral_sheet.RUNS) for row in (one, two) for cell in row)
    back.write_text(
        back.read_text(encoding="utf-8-sig").replace(" or so", "").replace("07700 900,", "07700 900102,"),
        encoding="utf-8-sig",
    )
    again = taken(world, back)
    assert (again.accepted, again.refusals) == (2, [])
    assert set(Person.objects.values_list("name", flat=True)) == {"@ann", "-dash"}
    assert set(Story.objects.values_list("words", flat=True)) == {'=HYPERLINK("")', "'=odd"}


@pytest.mark.parametrize(
    "fault", [WrongMoment("Not now."), IntegrityError("a trigger spoke"), DataError("long")]
)
def test_a_row_that_meets_a_fault_at_the_last_moment_is_refused(
    world: World, sheet: Sheet, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    real = referral_file.receive

    def receive(**facts: Any) -> Received:
        if facts["told"].name == "Beth":
            raise fault
        return real(**facts)

    monkeypatch.setattr(referral_file, "receive", receive)
    done = taken(
        world, sheet("story,contact,name\nHi,07700 900101,Ann\nHi,07700 900102,Beth\nHi,07700 900103,Cy\n")
    )
    assert (done.accepted, [refusal.row for refusal in done.refusals]) == (2, [3])


# ---------------------------------------------------------------- the command


def command(*words: str) -> str:
    said = StringIO()
    call_command("import", *words, stdout=said)
    return said.getvalue()


def test_the_command_speaks_json_and_words(world: World, sheet: Sheet) -> None:
    path = sheet("story,contact\nHello.,07700 900101\nHello.,nobody\n")
    said = json.loads(command("referrals", str(path), "--area", "norfolk", "--dry-run", "--json"))
    assert list(said)[:9] == [
        *("file", "area", "rows", "accepted", "joined"),
        *("possible_match", "already_imported", "refused", "refusals"),
    ]
    assert (said["rows"], said["accepted"], said["refused"]) == (2, 1, 1)
    words = command("referrals", str(path), "--area", "norfolk")
    assert "Row 3, contact:" in words
    assert "2 rows: 1 accepted" in words
    assert "in.refused.csv" in words


@pytest.mark.parametrize(("file", "area"), [("nothing.csv", "norfolk"), (str(EXAMPLE), "atlantis")])
def test_the_command_ends_with_2_when_it_cannot_begin(world: World, file: str, area: str) -> None:
    with pytest.raises(CommandError) as problem:
        command("referrals", file, "--area", area)
    assert problem.value.returncode == 2


def test_the_command_says_why_refused_rows_cannot_be_written(world: World, sheet: Sheet) -> None:
    path = sheet("story,contact\nHello.,07700 900101\nHello.,nobody\n")
    path.with_name("in.refused.csv").mkdir()
    with pytest.raises(CommandError) as problem:
        command("referrals", str(path), "--area", "norfolk")
    assert problem.value.returncode == 2
    assert Referral.objects.count() == 0


def test_a_disk_that_fills_at_the_end_takes_nothing_back(
    world: World, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(referral_file, "write_back", full)
    path = sheet("story,contact\nHello.,07700 900101\nHello.,nobody\n")
    with pytest.raises(CommandError, match="No space left") as problem:
        command("referrals", str(path), "--area", "norfolk")
    assert problem.value.returncode == 1
    assert Referral.objects.count() == 1


def test_a_name_no_disk_can_hold_is_no_file(world: World) -> None:
    with pytest.raises(CommandError) as problem:
        command("referrals", "x" * 5_000, "--area", "norfolk")
    assert problem.value.returncode == 2


# ---------------------------------------------------------------- the page that lists the columns


def test_the_page_lists_every_column_and_the_example_has_them_all() -> None:
    page = (CHECKOUT / "docs" / "reference" / "referral-file.md").read_text(encoding="utf-8")
    for column in COLUMNS:
        line = next(line for line in page.splitlines() if line.startswith(f"| `{column.name}` |"))
        assert column.what.replace("|", "\\|") in line
        assert all(f"`{other}`" in line for other in column.others)
        assert all(column_called(other) is column for other in (column.name, *column.others))
    header = rows_of(EXAMPLE)[0]
    assert set(header) == {column.name for column in COLUMNS}
