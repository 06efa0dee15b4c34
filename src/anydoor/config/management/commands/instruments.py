"""`anydoor instruments load|list|blank|values`: the licensed words and the thresholds of this place."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anydoor.access.audit import Outsider
from anydoor.care.measures import values, wording
from anydoor.care.models import LocalValues, WordingPack
from anydoor.directory.models import Area
from anydoor.rules.errors import BadInput
from anydoor.rules.instruments import pack
from anydoor.rules.instruments.registry import PRESENT
from anydoor.rules.instruments.values import NOT_SHIPPED
from anydoor.rules.instruments.wording import WORDINGS

BY = Outsider("anydoor instruments", "import")
MOST_BYTES = 5_000_000


class Command(BaseCommand):
    help = (
        "The words and thresholds of instruments. `load` takes a pack, a FHIR R4 Questionnaire with words "
        "this place holds a licence for, and holds it against the structure item by item and option by "
        "option; `blank` writes an empty one to fill in. `values` takes a file of thresholds. "
        "docs/reference/packs.md says how both are written. Ends with 0 when it was done, 1 when the file "
        "does not fit (each fault is a line, nothing is loaded), 2 when it cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="what", required=True, metavar="load|list|blank|values")
        load = kinds.add_parser("load", help="a pack of words; loading the same one again changes nothing")
        load.add_argument("file", metavar="FILE.json", type=Path)
        load.add_argument(
            "--instrument", metavar="NAME", default="", help="which one, if the pack does not say"
        )
        load.add_argument("--area", metavar="AREA", help="for this area alone (default: everywhere here)")
        load.add_argument("--dry-run", action="store_true", help="say whether it fits and keep nothing")
        listed = kinds.add_parser("list", help="every instrument, and where its words come from")
        listed.add_argument("--json", action="store_true", help="print it as JSON")
        blank = kinds.add_parser("blank", help="an empty pack of the right structure, for words to be put in")
        blank.add_argument("name", metavar="NAME")
        local = kinds.add_parser(
            "values", help="thresholds of an area or a service, on top of the shipped ones"
        )
        local.add_argument("file", metavar="FILE.toml", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        what = {"load": self._load, "list": self._list, "blank": self._blank, "values": self._values}
        what[options["what"]](options)

    # ---- words

    def _load(self, options: dict[str, Any]) -> None:
        area = self._area(options["area"])
        document = self._json(options["file"])
        if options["dry_run"]:
            fit = pack.fit(document, options["instrument"])
            if fit.pack is None:
                self._does_not_fit(fit.misfits)
            self.stdout.write(f"It fits {fit.pack.instrument.name}. This was a dry run. Nothing was kept.")
            return
        try:
            row, is_new = wording.load_pack(
                document=document, name=options["instrument"], area=area, by=BY, at=timezone.now()
            )
        except BadInput as problem:
            self._does_not_fit(problem.message.splitlines())
        done = "is loaded and in use" if is_new else "was loaded before. Nothing was changed"
        self.stdout.write(f"{row} {done}. Checksum {row.checksum[:12]}.")

    def _does_not_fit(self, faults: Any) -> NoReturn:
        for fault in faults:
            self.stderr.write(fault)
        raise CommandError("It does not fit, so nothing was loaded.", returncode=1)

    def _area(self, slug: str | None) -> Area | None:
        if slug is None:
            return None
        area = Area.objects.filter(slug=slug).first()
        if area is None:
            known = ", ".join(Area.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"There is no such area. There is: {known or 'none yet'}.", returncode=2)
        return area

    def _bytes(self, file: Path) -> bytes:
        try:
            if file.stat().st_size > MOST_BYTES:
                raise CommandError("This file is larger than 5 MB. It is not one of these.", returncode=2)
            return file.read_bytes()
        except OSError:
            raise CommandError("There is no such file, or it cannot be read.", returncode=2) from None

    def _json(self, file: Path) -> Any:
        try:
            return json.loads(self._bytes(file).decode("utf-8-sig"), parse_constant=_no_constant)
        except RecursionError:
            raise CommandError("This file is nested too deeply to be a pack.", returncode=2) from None
        except UnicodeDecodeError:
            raise CommandError("This file is not UTF-8.", returncode=2) from None
        except ValueError as problem:
            where = f" Line {problem.lineno}." if isinstance(problem, json.JSONDecodeError) else ""
            raise CommandError(f"This file is not JSON.{where}", returncode=2) from None

    def _blank(self, options: dict[str, Any]) -> None:
        instrument = next(
            (one for name, one in PRESENT.items() if name.casefold() == options["name"].casefold()), None
        )
        if instrument is None:
            raise CommandError(f"There is no such instrument. There is: {', '.join(PRESENT)}.", returncode=2)
        self.stdout.write(json.dumps(pack.blank(instrument), indent=2, ensure_ascii=False))

    # ---- what there is

    def _list(self, options: dict[str, Any]) -> None:
        rows = [_row(name) for name in PRESENT]
        sets = [
            {
                "name": row.name,
                "base": row.base,
                "area": row.area.slug if row.area else None,
                "service": row.service.slug if row.service else None,
                "values": row.changes,
            }
            for row in LocalValues.objects.filter(ended_at__isnull=True)
            .select_related("area", "service")
            .order_by("pk")
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"instruments": rows, "values": sets}, indent=2, ensure_ascii=False))
            return
        for row in rows:
            words = "; ".join(row["words"]) or f"none: {row['licence']}"
            self.stdout.write(f"{row['name']:<12} {row['rule']:<14} {words}")
            if row["not_set"]:
                self.stdout.write(f"{'':<27} not set: {', '.join(row['not_set'])}")
        for one in sets:
            whose = one["service"] or one["area"] or "everywhere"
            self.stdout.write(
                f"Thresholds {one['name']} on {one['base']}, for {whose}: {len(one['values'])} set"
            )

    # ---- thresholds

    def _values(self, options: dict[str, Any]) -> None:
        try:
            document = tomllib.loads(self._bytes(options["file"]).decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise CommandError("This file is not UTF-8.", returncode=2) from None
        except tomllib.TOMLDecodeError as problem:
            raise CommandError(f"This file is not TOML: {problem}.", returncode=2) from None
        try:
            row, is_new = values.load_values(document=document, by=BY, at=timezone.now())
        except BadInput as problem:
            self._does_not_fit(problem.message.splitlines())
        done = "are in use from now on" if is_new else "were loaded before. Nothing was changed"
        self.stdout.write(f"The thresholds {row.name} ({len(row.changes)} of them) {done}.")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _row(name: str) -> dict[str, Any]:
    """One instrument: its rule, its licence, where its words come from, and which thresholds are not set."""
    instrument = PRESENT[name]
    words = [f"{language}, shipped" for rule, language in WORDINGS if rule == instrument.key]
    words += [
        f"{row.language}, pack {row.version}" + (f" for {row.area.slug}" if row.area else "")
        for row in WordingPack.objects.filter(rule=instrument.key, ended_at__isnull=True)
        .select_related("area")
        .order_by("language", "pk")
    ]
    changed = {
        key
        for row in LocalValues.objects.filter(ended_at__isnull=True).only("changes")
        for key in row.changes
    }
    return {
        "name": name,
        "rule": instrument.key,
        "title": instrument.title,
        "licence": instrument.licence.terms,
        "words": words,
        "not_set": [
            key.partition(".")[2] for key in NOT_SHIPPED if key.startswith(f"{name}.") and key not in changed
        ],
    }
