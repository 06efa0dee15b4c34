"""Habits of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from anydoor.config.environ import CHECKOUT

PACKAGE = CHECKOUT / "src" / "anydoor"
BANNED_STEMS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "service",
    "services",
}
BANNED_STEMS |= {"base", "core", "tools", "lib"}
# Django looks for this very name in a database backend.
ALLOWED = {PACKAGE / "config" / "postgres" / "base.py"}


def tracked() -> list[Path]:
    said = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=True, text=True
    ).stdout
    return [CHECKOUT / name for name in said.split("\0") if name and (CHECKOUT / name).is_file()]


def python_files(*rooms: str) -> Iterator[Path]:
    for room in rooms:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def short(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


def test_no_file_is_called_after_nothing_in_particular() -> None:
    found = [short(path) for path in python_files("") if path.stem in BANNED_STEMS and path not in ALLOWED]
    assert found == []


def test_no_file_is_longer_than_a_person_can_hold() -> None:
    lengths = {short(path): len(path.read_text().splitlines()) for path in python_files("")}
    assert {name: lines for name, lines in lengths.items() if lines > 600} == {}


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = []
    for path in python_files(""):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > 60:
                    long.append(f"{short(path)}:{node.lineno} {node.name} ({lines})")
    assert long == []


READS_A_CLOCK = re.compile(
    r"\b(timezone\.(now|localtime|localdate)\(\s*\)|datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\()"
)


def test_verbs_and_rules_are_told_the_time() -> None:
    """`at=` is passed in from the edge (a view, a job, a command), so that any moment can be tested."""
    found = [
        f"{short(path)}:{number}"
        for path in python_files("rules", "access", "people", "directory", "messages", "care")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if READS_A_CLOCK.search(line)
    ]
    assert found == []


WRITES = {"create", "save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def test_pages_and_interfaces_write_by_verbs_only() -> None:
    """No ORM write in web or api: a write has an author, an audit row and an outbox; verbs do that."""
    found = []
    for path in python_files("web", "api"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            through_objects = "objects" in ast.unparse(node.func.value).split(".")
            if (node.func.attr in WRITES and node.func.attr != "save" and through_objects) or (
                node.func.attr in {"update", "delete"} and through_objects
            ):
                found.append(f"{short(path)}:{node.lineno} {ast.unparse(node.func)}")
            if node.func.attr == "save" and "form" not in ast.unparse(node.func.value).lower():
                found.append(f"{short(path)}:{node.lineno} {ast.unparse(node.func)}")
    assert found == []


# Written in pieces, so that this file does not find itself.
MACHINE_TEXT = re.compile(
    "|".join(
        [
            r"py" + r"pi\.org",
            r"python" + r"hosted",
            r"np" + r"mjs\.(org|com)",
            r"deb\." + r"debian\.org",
            r"/wo" + r"rk/(main|steering|shared|\.library)",
            r"/fa" + r"rm/",
            r"/opt/" + r"(pypi|wheels)",
            r"/tm" + r"p/(plan|platform)",
        ]
    )
)
BINARY = {".png", ".jpg", ".ico", ".woff2", ".gz", ".pdf", ".parquet", ".svgz"}


def test_no_registry_host_and_no_path_of_one_machine_is_kept() -> None:
    found = []
    for path in tracked():
        if path.suffix in BINARY:
            continue
        text = path.read_text(errors="replace")
        found += [f"{short(path)}: {hit.group()}" for hit in MACHINE_TEXT.finditer(text)]
    assert found == []


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    from io import StringIO

    from django.core.management import call_command

    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


@pytest.mark.django_db
def test_every_migration_can_be_applied_in_one_line() -> None:
    """One leaf for each app: two would mean two people numbered the same step."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    assert MigrationLoader(connection).detect_conflicts() == {}


# Where a transaction is no verb's: of its own isolation, or about no family.
OWN_TRANSACTION = {"access/sealing.py", "access/audit_check.py", "access/wall.py"}


def test_verbs_work_behind_the_wall() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for room in ("access", "people", "messages", "care")
        for path in (PACKAGE / room).rglob("*.py")
        if "migrations" not in path.parts and "transaction.atomic" in path.read_text()
    }
    assert found == OWN_TRANSACTION
