"""Which passwords are refused, by the real settings: breached, common, local; and nothing by its kind."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from tests.config.test_settings import anydoor
from tests.world import World, build

from anydoor.config import hash_list
from anydoor.config.environ import SettingMissing, breach_list


@pytest.fixture
def world(db: None) -> World:
    return build()


def digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def written(path: Path, passwords: Iterable[str], end: str = "\r\n", counts: bool = True) -> Path:
    """As the downloader writes it: ordered, in capitals, with how often each was seen."""
    lines = [
        f"{one}:{1 + turn}" if counts else one for turn, one in enumerate(sorted(map(digest, passwords)))
    ]
    path.write_bytes("".join(line + end for line in lines).encode())
    return path


def refused(password: str) -> set[str]:
    try:
        validate_password(password)
    except ValidationError as fault:
        return {error.code for error in fault.error_list}
    return set()


def test_every_line_of_a_list_is_found_and_nothing_else(tmp_path: Path) -> None:
    for end, counts in (("\r\n", True), ("\n", False), ("\n", True)):
        for length in (1, 2, 3, 257):
            known = [f"word {n}" for n in range(length)]
            path = written(tmp_path / f"list-{length}", known, end, counts)
            hash_list.check(path)
            assert all(hash_list.holds(path, digest(one)) for one in known)
            assert hash_list.holds(path, digest(known[0]).lower())
            assert not any(hash_list.holds(path, digest(f"other {n}")) for n in range(100))
            assert not hash_list.holds(path, "0" * 40)
            assert not hash_list.holds(path, "F" * 40)
    cut = tmp_path / "no-end"
    cut.write_bytes(written(tmp_path / "whole", known, "\n", counts=False).read_bytes().rstrip(b"\n"))
    assert all(hash_list.holds(cut, digest(one)) for one in known)


def test_a_breached_password_is_refused_from_the_file_alone(
    world: World, tmp_path: Path, settings: object
) -> None:
    settings.BREACHED_PASSWORDS = ""
    assert refused("teapot wading cloud") == set()
    known = [f"filler {n}" for n in range(50)]
    settings.BREACHED_PASSWORDS = str(written(tmp_path / "known", [*known, "teapot wading cloud"]))
    assert refused("teapot wading cloud") == {"password_breached"}
    assert refused("Teapot wading cloud") == set(), "exactly as typed"


def test_a_list_that_cannot_be_read_any_more_lets_no_new_password_in(
    world: World, tmp_path: Path, settings: object
) -> None:
    settings.BREACHED_PASSWORDS = str(tmp_path / "gone")
    assert refused("teapot wading cloud") == {"password_not_checked"}
    (tmp_path / "gone").write_bytes(b"x" * 5000)
    assert refused("teapot wading cloud") == {"password_not_checked"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"password\nqwerty\n", "forty hexadecimal digits"),
        (b"8846F7EAEE8FB117AD06BDD830B7586C:5\r\n" * 3, "NTLM"),
        (b"<html>" * 200, "a line of it"),
        ("".join(f"{digest(str(n))}:1\n" for n in range(60)).encode(), "not ordered"),
        (f"{digest('a')}:1\n".encode() + b"\xff" * 3, "forty hexadecimal digits"),
    ],
)
def test_a_file_that_is_no_such_list_is_named_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, why: str
) -> None:
    bad = tmp_path / "list.txt"
    bad.write_bytes(content)
    monkeypatch.setenv("ANYDOOR_BREACHED_PASSWORDS", str(bad))
    with pytest.raises(SettingMissing, match="ANYDOOR_BREACHED_PASSWORDS names ") as fault:
        breach_list("ANYDOOR_BREACHED_PASSWORDS")
    assert why in str(fault.value)
    assert str(bad) in str(fault.value)


def test_a_file_that_is_not_there_stops_the_start_in_one_line(tmp_path: Path) -> None:
    done = anydoor(tmp_path, "check", ANYDOOR_BREACHED_PASSWORDS=str(tmp_path / "nowhere.txt"))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "ANYDOOR_BREACHED_PASSWORDS" in done.stderr
    assert "No such file" in done.stderr


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password1234!",
        "P@ssw0rd2026",
        "passwordpassword",
        "sunshine!!!!2026",
        "123456789012",
        "098765432109",
        "abcdefghijkl",
        "qwertyuiopas",
        "aaaaaaaaaaaa",
        "xyzxyzxyzxyz",
    ],
)
def test_a_common_password_made_longer_is_still_common(world: World, password: str) -> None:
    assert "password_too_common" in refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "AnyDoor-2026!!",
        "Norfolk2026!!",
        "n0rf0lk-n0rf0lk",
        "NoRFoLK.summer",
        "welcome-to-norfolk",
        "babyfamilyhealthstart",
    ],
)
def test_words_of_this_place_make_no_password(world: World, password: str) -> None:
    assert "password_of_this_place" in refused(password)


def test_the_names_in_the_directory_count_whatever_the_county_is_called(world: World) -> None:
    assert refused("wimblethorpe 1234") == set()
    world.pairs_team.name = "Wimblethorpe young ones"
    world.pairs_team.save()
    assert refused("wimblethorpe 1234") == {"password_of_this_place"}


@pytest.mark.parametrize(
    "password",
    [
        "norfolk teapot wading cloud",
        "three plain words",
        "correct horse battery staple",
        "840275193664",  # digits alone, of twelve and more
        "𝔱𝔢𝔞𝔭𝔬𝔱 über alles egal",
        "  é b    ß d   ",
        "!!??..,,;;::--__",
        "家族の名前は長いですよ本当",
        "x" + " y7" * 120,
    ],
)
def test_any_kind_of_character_makes_one(world: World, password: str) -> None:
    assert refused(password) == set()


def test_shorter_than_twelve_is_not_enough(world: World) -> None:
    assert refused("teapot wade") == {"password_too_short"}
