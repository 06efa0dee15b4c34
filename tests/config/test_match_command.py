"""`anydoor match` from outside: its contract to the letter, and every fault told with exit code 2."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

EXAMPLES = Path(__file__).parents[2] / "examples" / "match"
FATHER = EXAMPLES / "father-low-mood-norwich.json"
OFFER_KEYS = [
    *("service_id", "service", "organisation", "strand", "level", "verdict", "for", "against"),
    *("near_miss", "wait_days", "distance_km"),
]


def run(*arguments: str, piped: bytes | None = None, monkeypatch: pytest.MonkeyPatch | None = None) -> Any:
    """What the command prints, as JSON."""
    if piped is not None and monkeypatch is not None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped)))
    out = io.StringIO()
    call_command("match", *arguments, "--from-files", stdout=out)
    return json.loads(out.getvalue())


def test_the_answer_has_the_keys_of_the_contract() -> None:
    answered = run(str(FATHER), "--area", "norfolk")
    assert list(answered)[:3] == ["emergency", "offers", "human_route"]
    assert answered["emergency"] is None
    assert answered["human_route"]["phone"] == "01632 960214"
    assert "Norfolk Family Hubs" in answered["human_route"]["text"]
    for offer in answered["offers"]:
        assert list(offer) == OFFER_KEYS
        assert offer["verdict"] in {"suits", "possible", "not"}
        assert offer["for"] if offer["verdict"] == "suits" else offer["against"]
        assert all(isinstance(words, str) for words in offer["for"] + offer["against"])
        assert offer["near_miss"] is None or offer["near_miss"].endswith(".")
    verdicts = [offer["verdict"] for offer in answered["offers"]]
    assert verdicts == sorted(verdicts, key=["suits", "possible", "not"].index)
    assert set(verdicts) == {"suits", "possible", "not"}


def test_a_limit_and_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    short = run("-", "--area", "norfolk", "--limit", "3", piped=FATHER.read_bytes(), monkeypatch=monkeypatch)
    whole = run(str(FATHER), "--area", "norfolk")
    assert len(short["offers"]) == 3
    assert short["offers"][:2] == whole["offers"][:2]
    assert short["offers"][2]["level"] == "universal"
    everything = run(str(FATHER), "--area", "norfolk", "--limit", "99999999999")
    assert everything["offers"] == whole["offers"]


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        (Path("src/anydoor/directory/areas") / "cornwall.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    answered = run(str(EXAMPLES / "grandmother-bodmin.json"), "--area", str(own))
    assert answered["offers"][0]["verdict"] == "suits"
    own.write_text("[area]\nslug = 1\n", encoding="utf-8")
    with pytest.raises(CommandError, match="slug") as caught:
        run(str(FATHER), "--area", str(own))
    assert caught.value.returncode == 2


DAY = '{"as_of": "2026-03-10"'


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ("", "is not JSON"),
        ("{", "line 1"),
        ("[]", "must be a JSON object"),
        ("null", "must be a JSON object"),
        ('"x"', "must be a JSON object"),
        ("{}", "as_of"),
        ('{"as_of": "2026-02-30"}', "as_of"),
        ('{"as_of": "2026-W10-2"}', "as_of"),
        ('{"as_of": "1066-10-14"}', "as_of"),
        ('{"as_of": 20260310}', "as_of"),
        ('{"as_of": "2026-03-10", "as_of": "2026-03-11"}', "as_of stands twice"),
        (DAY + ', "colour": "blue"}', "colour"),
        (DAY + ', "stage": {"baby_birth_date": "2026-03-11"}}', "stage.baby_birth_date"),
        (DAY + ', "stage": {"baby_birth_date": "1996-03-11"}}', "stage.baby_birth_date"),
        (DAY + ', "stage": {"due_date": "2020-01-01"}}', "stage.due_date"),
        (DAY + ', "stage": {"due_date": "2028-01-01"}}', "stage.due_date"),
        (DAY + ', "stage": {"pregnant_weeks": 20.5}}', "stage.pregnant_weeks"),
        (DAY + ', "stage": {"pregnant_weeks": -1}}', "stage.pregnant_weeks"),
        (DAY + ', "stage": {"pregnant_weeks": 9, "due_date": "2026-07-01"}}', "stage"),
        (DAY + ', "stage": {"loss_date": "2027-01-01"}}', "stage.loss_date"),
        (DAY + ', "person": "mother"}', "person"),
        (DAY + ', "person": {"role": "mum"}}', "person.role"),
        (DAY + ', "person": {"age": "thirty"}}', "person.age"),
        (DAY + ', "person": {"age": 1e3}}', "person.age"),
        (DAY + ', "concerns": [{"severity": "mild"}]}', "concerns[0].strand"),
        (DAY + ', "concerns": [{"strand": "pmh"}, {"strand": "x"}]}', "concerns[1].strand"),
        (DAY + ', "concerns": [{"strand": "pmh", "measures": {"PHQ-99": 1}}]}', "concerns[0].measures"),
        (DAY + ', "concerns": [{"strand": "pmh", "measures": {"PHQ-9": 28}}]}', "concerns[0].measures.PHQ-9"),
        (DAY + ', "concerns": [{"strand": "pmh", "measures": {"PHQ-9": true}}]}', "measures.PHQ-9"),
        (DAY + ', "concerns": [{"strand": "pmh", "measures": {"PHQ-9": NaN}}]}', "NaN"),
        (DAY + ', "concerns": [{"strand": "pir", "measures": {"MORS-SF": {"warmth": 99}}}]}', "warmth"),
        (DAY + ', "flags": ["tired"]}', "flags[0]"),
        (DAY + ', "flags": {"loss": true}}', "flags"),
        (DAY + ', "wider_needs": [1]}', "wider_needs[0]"),
        (DAY + ', "postcode": "not one"}', "postcode"),
        (DAY + ', "postcode": 5}', "postcode"),
        (DAY + ', "language": ["pl"]}', "language"),
        (DAY + ', "language": "a\\u0000b"}', "language"),
        (DAY + ', "mode": "owl"}', "mode"),
        (DAY + ', "has_car": "no"}', "has_car"),
        (DAY + ', "has_car": ' + "9" * 5000 + "}", "is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        (" " * 1_000_001, "longer than"),
    ],
)
def test_a_fault_names_its_field(tmp_path: Path, sent: str, named: str) -> None:
    file = tmp_path / "profile.json"
    file.write_text(sent, encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        run(str(file), "--area", "norfolk")
    assert caught.value.returncode == 2
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_not_there(tmp_path: Path) -> None:
    for name, area in ((str(tmp_path / "none.json"), "norfolk"), (str(tmp_path), "norfolk")):
        with pytest.raises(CommandError) as caught:
            run(name, "--area", area)
        assert caught.value.returncode == 2
        assert name in str(caught.value)
    for area in ("atlantis", "../../etc/passwd", "none.toml", "nor\0folk"):
        with pytest.raises(CommandError, match="area") as caught:
            run(str(FATHER), "--area", area)
        assert caught.value.returncode == 2
    not_text = tmp_path / "latin.json"
    not_text.write_bytes(b'{"as_of": "2026-03-10", "language": "\xe9"}')
    with pytest.raises(CommandError, match="UTF-8"):
        run(str(not_text), "--area", "norfolk")


@pytest.mark.parametrize("limit", ["0", "-1", "many", "1.5"])
def test_a_limit_that_is_none(limit: str) -> None:
    with pytest.raises(CommandError, match="--limit"):
        run(str(FATHER), "--area", "norfolk", "--limit", limit)


@pytest.mark.parametrize(
    "told",
    [
        {"measures": {"MORS-SF": {"warmth": 11, "invasion": 20}}},
        {"measures": {"MORS warmth": 11}},
        {"measures": {"mors_sf_warmth": 11, "KPCS": 30}},
        {"severity": "unknown", "measures": {"MORS-SF": 11}},
        {"measures": None},
        {"severity": None},
    ],
)
def test_ways_to_tell_a_score(tmp_path: Path, told: dict[str, Any]) -> None:
    profile = json.loads((EXAMPLES / "low-warmth-scunthorpe.json").read_text())
    profile["concerns"] = [{"strand": "pir"} | told]
    file = tmp_path / "profile.json"
    file.write_text(json.dumps(profile), encoding="utf-8")
    first = run(str(file), "--area", "north-lincolnshire")["offers"]
    assert next(offer["verdict"] for offer in first if offer["service_id"] == "nl-piew") != "not"
