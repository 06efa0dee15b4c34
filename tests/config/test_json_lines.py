"""`anydoor score`, `outcomes` and `waits`: hostile lines, pipes, exit codes, and no database."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

PHQ = {"instrument": "PHQ-9", "respondent_role": "mother", "format": "item_scores", "answers": [1] * 9}
REFERRAL = {"ended": True, "attended_treatment_appointments": 2, "problem_descriptor": "gad"}
COURSE = {
    "referral": REFERRAL,
    "scores": {"PHQ-9": {"first": 15, "last": 5}, "GAD-7": {"first": 9, "last": 3}},
}
WAIT = {"referral_received": "2026-01-01", "assessment": "2026-01-15", "first_treatment_appointment": None}


def answered(tmp_path: Path, content: bytes, *words: str) -> tuple[list[Any], int]:
    """What a command wrote, line by line, and its exit code."""
    file = tmp_path / "lines.jsonl"
    file.write_bytes(content)
    said, code = io.StringIO(), 0
    try:
        call_command(words[0], str(file), *words[1:], stdout=said)
    except CommandError as problem:
        code = problem.returncode
    return [json.loads(line) for line in said.getvalue().splitlines()], code


def as_lines(*objects: Any) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in objects)


def test_lines_come_back_in_order(tmp_path: Path) -> None:
    found, code = answered(tmp_path, as_lines({"id": "b", **PHQ}, {"id": 7, **PHQ}), "score")
    assert ([line["id"] for line in found], code) == (["b", 7], 0)
    assert list(found[0]) == [
        "id", "instrument", "status", "total", "band", "screen", "subscales", "risk_flag",
        "prorated_estimate", "tt_caseness", "reasons",
    ]  # fmt: skip


def test_nothing_in_nothing_out(tmp_path: Path) -> None:
    assert answered(tmp_path, b"", "score") == ([], 0)
    assert answered(tmp_path, b"\n \r\n\t\n", "score") == ([], 0)


def test_a_byte_order_mark_blank_lines_and_carriage_returns(tmp_path: Path) -> None:
    line = as_lines({"id": 1, **PHQ}).strip()
    found, code = answered(
        tmp_path, b"\xef\xbb\xbf" + line + b"\r\n\r\n\n" + line.replace(b"1", b"2", 1), "score"
    )
    assert ([each["id"] for each in found], code) == ([1, 2], 0)


@pytest.mark.parametrize(
    "bad",
    [
        b"{",
        b"[]",
        b"3",
        b"null",
        b'"text"',
        b"not json",
        b"\xff\xfe{}",
        b'{"id": NaN}',
        b'{"id": 1, "answers": [Infinity]}',
        b'{"id": 1, "id": 2}',
        b"[" * 100_000,
        b'{"id": "' + b"x" * 1_100_000 + b'"}',
        b"\x00",
        b'{"id": ' + b"9" * 6000 + b"}",
        b'{"id": "never closed',
        b'{"id": 2, "instrument": "PHQ-9", "format": "item_scores"}',
        b"'; DROP TABLE people; --",
        '{"id": "а", "instrument": "<script>alert(1)</script>"}'.encode(),
    ],
)
@pytest.mark.parametrize("command", ["score", "outcomes", "waits"])
def test_a_bad_line_has_an_error_in_its_place_and_the_run_goes_on(
    tmp_path: Path, command: str, bad: bytes
) -> None:
    good = {"score": PHQ, "outcomes": COURSE, "waits": WAIT}[command]
    before, after = as_lines({"id": "before", **good}), as_lines({"id": "after", **good})
    found, code = answered(tmp_path, before + bad + b"\n" + after, command)
    assert code == 1
    assert [line.get("id") for line in (found[0], found[2])] == ["before", "after"]
    assert found[1]["line"] == 2
    assert len(found[1]["error"]) > 10
    assert "script" not in found[1]["error"]
    assert len(found) == 3


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    found, code = answered(tmp_path, as_lines({"id": 1, **PHQ}).rstrip(), "score")
    assert (len(found), code) == (1, 0)


def test_every_line_is_answered_and_only_what_is_counted_is_counted_once(tmp_path: Path) -> None:
    """A line in, a line out, whatever its id; in the counts of a cohort the same referral stands once."""
    found, code = answered(tmp_path, as_lines({"id": 1, **PHQ}, {"id": 1, **PHQ}), "score")
    assert (len(found), code) == (2, 0)
    assert found[0] == found[1]
    course = {"referral": {"ended": True, "attended_treatment_appointments": 2}, "scores": {}}
    found, code = answered(
        tmp_path,
        as_lines({"id": 1, **course}, {"id": 1, **course}, {"id": "1", **course}),
        "outcomes",
        "--cohort",
    )
    assert code == 1
    assert "line 1" in found[0]["error"]
    assert found[-1]["lines_not_read"] == 1


def test_numbers_no_item_can_have_make_the_answer_invalid_not_the_line_bad(tmp_path: Path) -> None:
    huge = ("9" * 5000).encode()
    for number in (b"1e400", b"1e99999999999999999999", huge, b"-1", b"3.0", b"true", b'"3"', b"[]"):
        line = as_lines({"id": 1, **PHQ}).replace(b"[1,", b"[" + number + b",", 1)
        found, code = answered(tmp_path, line, "score")
        assert (found[0]["status"], found[0]["total"], code) == ("invalid", None, 0), number


def test_letters_of_every_script_come_back_whole(tmp_path: Path) -> None:
    for name in ("łódź", "مريم", "👩‍👧", "\u202e", "a\u0000b", "\ud800"):
        line = json.dumps({"id": name, **PHQ}).encode()
        found, _ = answered(tmp_path, line, "score")
        assert found[0]["id"] == name


def test_a_cohort_is_one_object_after_its_errors(tmp_path: Path) -> None:
    content = as_lines({"id": 1, **COURSE}, {"id": 2}, {"id": 3, **COURSE}, {"id": 3, **COURSE})
    found, code = answered(tmp_path, content, "outcomes", "--cohort")
    assert code == 1
    assert ["error" in line for line in found] == [True, True, False]
    assert (found[-1]["referrals"], found[-1]["recovery_rate"], found[-1]["lines_not_read"]) == (2, 1.0, 2)


def test_waits_net_by_setting(tmp_path: Path) -> None:
    line = {
        "id": 1,
        **WAIT,
        "assessment": "2026-01-18",
        "pauses": [{"from": "2026-01-03", "to": "2026-01-08"}],
    }
    assert answered(tmp_path, as_lines(line), "waits")[0][0]["perinatal_2wk_assessment_met"] is False
    assert answered(tmp_path, as_lines(line), "waits", "--net")[0][0]["perinatal_2wk_assessment_met"] is True


def test_a_file_that_is_not_there_ends_with_two(tmp_path: Path) -> None:
    for name in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(CommandError) as problem:
            call_command("score", str(name))
        assert problem.value.returncode == 2


def run(home: Path, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "ANYDOOR_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "anydoor", *words],
        env=environment,
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_from_a_pipe_without_starting_a_database(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for command, line in (("score", PHQ), ("outcomes", COURSE), ("waits", WAIT)):
        done = run(home, command, "-", given=as_lines({"id": 1, **line}) + b"bad\n")
        assert done.returncode == 1, done.stderr
        first, second = done.stdout.splitlines()
        assert json.loads(first)["id"] == 1
        assert "error" in json.loads(second)
        assert b"1 line could not be read" in done.stderr
        assert b"Traceback" not in done.stderr
    made = {path.name for path in home.rglob("*")}
    assert not {"PG_VERSION", "postmaster.pid", "base"} & made


def test_a_reader_who_goes_away_is_no_fault(tmp_path: Path) -> None:
    content = as_lines(*({"id": at, **PHQ} for at in range(20_000)))
    file = tmp_path / "many.jsonl"
    file.write_bytes(content)
    with subprocess.Popen(
        [sys.executable, "-m", "anydoor", "score", str(file)],
        env={**os.environ, "ANYDOOR_HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["id"] == 0
        process.stdout.close()
        said = process.stderr.read()
        process.wait(timeout=60)
    assert b"Traceback" not in said
    assert b"BrokenPipe" not in said
