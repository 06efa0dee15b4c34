"""Packs and local thresholds in use: loaded once, replaced, and never for a measure that was taken before."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from tests.care.measures.given import begun, ticked
from tests.rules.test_packs import filled, item
from tests.world import NOW, World

from anydoor.access.audit import CLOCK
from anydoor.care.measures import reading, taking
from anydoor.care.measures.taking import Answers
from anydoor.care.measures.values import load_values, value_set, values_for
from anydoor.care.measures.wording import languages, load_pack, words_for, words_shown
from anydoor.care.models import LocalValues, Measure, WordingPack
from anydoor.rules.errors import BadInput
from anydoor.rules.instruments.registry import PRESENT
from anydoor.rules.instruments.values import DEFAULTS

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(days=1)


def thresholds(name: str = "norfolk-1", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "value": [
            {"key": "MORS-SF.warmth_concern_max", "value": 20, "source": "The licence pack", "tag": "V"},
            {"key": "MORS-SF.invasion_concern_min", "value": 12, "source": "The licence pack", "tag": "V"},
        ],
        **more,
    }


def test_with_a_pack_there_are_words_to_show(world: World) -> None:
    assert words_for(PRESENT["EPDS"], language="en", area=world.area) is None
    load_pack(document=filled("EPDS", "en"), by=CLOCK, at=NOW)
    measure = begun(world, "EPDS")
    assert measure.mode == "interview"
    done = taking.finish(
        measure_id=measure.pk, answers=Answers(ticked=ticked(10, 3)), by=world.sunita, at=NOW
    ).measure
    # The last option printed: 3 for items 1, 2 and 4, and 0 for those printed the other way round.
    assert done.result["total"] == 9
    assert done.shown == ticked(10, 3)
    assert done.risk == "not_raised"


def test_the_same_pack_twice_is_one_and_another_takes_its_place(world: World) -> None:
    first, new = load_pack(document=filled("EPDS", "en"), by=CLOCK, at=NOW)
    again, new_again = load_pack(document=filled("EPDS", "en"), by=CLOCK, at=LATER)
    assert (new, new_again, again.pk) == (True, False, first.pk)
    measure = begun(world, "EPDS")
    changed = filled("EPDS", "en")
    item(changed, "1")["text"] = "Other words"
    second, _ = load_pack(document=changed, by=CLOCK, at=LATER)
    found = words_for(PRESENT["EPDS"], language="en", area=world.area)
    assert found is not None
    assert found.checksum() == second.checksum
    # What was taken before keeps the words it was taken with.
    kept = words_shown(measure.rule, measure.wording)
    assert kept is not None
    assert kept.items[0] == "Words of 1"


def test_the_areas_own_pack_comes_before_that_of_everywhere(world: World) -> None:
    everywhere, own = filled("EPDS", "pl"), filled("EPDS", "pl")
    item(own, "1")["text"] = "Ours"
    load_pack(document=everywhere, by=CLOCK, at=NOW)
    load_pack(document=own, area=world.area, by=CLOCK, at=NOW)
    found = words_for(PRESENT["EPDS"], language="pl", area=world.area)
    assert found is not None
    assert found.items[0] == "Ours"
    assert languages(PRESENT["EPDS"], world.area) == ["pl"]


def test_shipped_words_are_not_replaced_and_a_bad_pack_leaves_nothing(world: World) -> None:
    with pytest.raises(BadInput, match="are shipped"):
        load_pack(document=filled("PHQ-9", "en"), by=CLOCK, at=NOW)
    bad = filled("EPDS", "en")
    del bad["item"][3]
    with pytest.raises(BadInput, match="Missing: item 3"):
        load_pack(document=bad, by=CLOCK, at=NOW)
    assert not WordingPack.objects.exists()


def test_a_shipped_instrument_may_have_a_pack_in_another_language(world: World) -> None:
    load_pack(document=filled("PHQ-9", "pl"), by=CLOCK, at=NOW)
    assert languages(PRESENT["PHQ-9"], world.area) == ["en", "pl"]
    measure = begun(world, "PHQ-9", language="pl")
    assert measure.language == "pl"
    assert reading.page_of(measure).items[0].item.words == "Words of 1"


def test_thresholds_of_an_area_hold_for_what_is_begun_after(world: World) -> None:
    typed = {f"{scale}.{at}": "2" for scale in ("warmth", "invasion") for at in range(1, 8)}
    before = begun(world, "MORS-SF", mode="paper")
    taking.finish(measure_id=before.pk, answers=Answers(typed=typed), by=world.sunita, at=NOW)
    load_values(document=thresholds(area="norfolk"), by=CLOCK, at=NOW)
    after = begun(world, "MORS-SF", mode="paper")
    done = taking.finish(measure_id=after.pk, answers=Answers(typed=typed), by=world.sunita, at=NOW)
    assert (done.measure.value_set, done.measure.result["band"]) == (
        "norfolk-1",
        {"warmth_concern": True, "invasion_concern": True},
    )
    kept = Measure.objects.get(pk=before.pk)
    assert (kept.value_set, kept.result["band"]) == (DEFAULTS.name, None)


def test_a_services_set_comes_before_the_areas_and_nobody_elses(world: World) -> None:
    load_values(document=thresholds("everywhere-1"), by=CLOCK, at=NOW)
    load_values(document=thresholds("norfolk-1", area="norfolk"), by=CLOCK, at=NOW)
    load_values(document=thresholds("pairs-1", service="pairs"), by=CLOCK, at=NOW)
    assert values_for(world.area).name == "norfolk-1"
    assert values_for(world.area, world.pairs).name == "pairs-1"
    assert values_for(world.area, world.therapies).name == "norfolk-1"


def test_a_name_is_never_used_for_other_values(world: World) -> None:
    first, new = load_values(document=thresholds(), by=CLOCK, at=NOW)
    assert new
    assert load_values(document=thresholds(), by=CLOCK, at=LATER) == (first, False)
    other = thresholds()
    other["value"][0]["value"] = 19
    with pytest.raises(BadInput, match="used for other values"):
        load_values(document=other, by=CLOCK, at=LATER)
    load_values(document={**other, "name": "norfolk-2"}, by=CLOCK, at=LATER)
    assert values_for(world.area).name == "norfolk-2"
    assert value_set("norfolk-1").number("MORS-SF", "warmth_concern_max") == 20
    assert LocalValues.objects.filter(ended_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "A name"}, "small letters"),
        ({"name": DEFAULTS.name}, "shipped set"),
        ({"base": "nothing"}, "no such shipped set"),
        ({"area": "atlantis"}, "there is no area"),
        ({"service": "atlantis"}, "there is no service"),
        ({"value": []}, "1 to 200"),
        ({"more": 1}, "more is not known"),
        ({"value": [{"key": "PHQ-9.nothing", "value": 1, "source": "x", "tag": "V"}]}, "No value is called"),
        (
            {"value": [{"key": "PHQ-9.reliable_change", "value": -1, "source": "x", "tag": "V"}]},
            "from 1 to 27",
        ),
        ({"value": [{"key": "PHQ-9.reliable_change", "value": True, "source": "x", "tag": "V"}]}, "a number"),
        (
            {"value": [{"key": "PHQ-9.reliable_change", "value": 6, "source": "", "tag": "V"}]},
            "source is missing",
        ),
        (
            {"value": [{"key": "PHQ-9.reliable_change", "value": 6, "source": "x", "tag": "sure"}]},
            "tag must be",
        ),
        ({"value": [{"key": "KPCS.bands", "value": [[1, "low"]], "source": "x", "tag": "V"}]}, "begin at 0"),
        ({"value": ["x"]}, "must be a table"),
    ],
)
def test_a_fault_in_a_file_of_thresholds_is_named(world: World, change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        load_values(document={**thresholds(), **change}, by=CLOCK, at=NOW)
    assert not LocalValues.objects.exists()


def test_a_local_cut_off_is_shown_with_its_source_and_makes_no_band(world: World) -> None:
    load_values(
        document={
            "name": "norfolk-1",
            "value": [{"key": "EPDS.anxiety_3a_from", "value": 5, "source": "Our lead", "tag": "M-M"}],
        },
        by=CLOCK,
        at=NOW,
    )
    measure = begun(world, "EPDS", mode="paper")
    typed = {str(item): "2" if item in {3, 4, 5} else "0" for item in range(1, 11)}
    done = taking.finish(measure_id=measure.pk, answers=Answers(typed=typed), by=world.sunita, at=NOW).measure
    (found,) = done.result["local"]
    assert found["concern"] is True
    assert "items 3, 4 and 5" in found["words"]
    assert (found["source"], found["tag"]) == ("Our lead", "M-M")
    assert done.result["band"] == "lt10"


# ---- the command


def run(*words: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("instruments", *words, stdout=out, stderr=err)
    except CommandError as problem:
        return problem.returncode, out.getvalue(), err.getvalue() + str(problem)
    return 0, out.getvalue(), err.getvalue()


def test_a_blank_filled_in_is_loaded(world: World, tmp_path: Path) -> None:
    code, blank, _ = run("blank", "epds")
    assert code == 0
    assert json.loads(blank)["name"] == "EPDS"
    file = tmp_path / "epds.json"
    file.write_text(json.dumps(filled("EPDS", "en")))
    assert run("load", str(file), "--dry-run")[0] == 0
    assert not WordingPack.objects.exists()
    code, said, _ = run("load", str(file))
    assert code == 0
    assert "is loaded and in use" in said
    assert "was loaded before" in run("load", str(file))[1]
    assert "en, pack 1" in run("list")[1]
    rows = json.loads(run("list", "--json")[1])["instruments"]
    assert next(row for row in rows if row["name"] == "EPDS")["words"] == ["en, pack 1"]


def test_what_does_not_fit_is_told_line_by_line_and_loads_nothing(world: World, tmp_path: Path) -> None:
    bad = filled("EPDS", "en")
    item(bad, "10")["answerOption"].reverse()
    file = tmp_path / "epds.json"
    file.write_text(json.dumps(bad))
    code, _, said = run("load", str(file))
    assert code == 1
    assert "Item 10, option 1: its score is 0, the structure has 3." in said
    assert "nothing was loaded" in said
    assert not WordingPack.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"[" * 200_000, b'{"a": NaN}', b"x" * 5_000_001])
def test_a_file_that_is_no_pack_ends_with_2(world: World, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "pack.json"
    file.write_bytes(content)
    assert run("load", str(file))[0] == 2
    assert run("load", str(tmp_path / "nothing.json"))[0] == 2
    assert run("load", str(tmp_path))[0] == 2


def test_thresholds_by_command(world: World, tmp_path: Path) -> None:
    file = tmp_path / "values.toml"
    file.write_text(
        'name = "norfolk-1"\narea = "norfolk"\n[[value]]\nkey = "KPCS.bands"\n'
        'value = [[0, "low"], [31, "moderate"], [36, "mild"], [40, "usual"]]\n'
        'source = "Our lead"\ntag = "M-M"\n'
    )
    assert "in use from now on" in run("values", str(file))[1]
    assert "were loaded before" in run("values", str(file))[1]
    assert "Thresholds norfolk-1 on anydoor-2026-11, for norfolk: 1 set" in run("list")[1]
    file.write_text('name = "norfolk-2"\n[[value]]\nkey = "KPCS.bands"\nvalue = 3\nsource = "x"\ntag = "V"\n')
    code, _, said = run("values", str(file))
    assert code == 1
    assert "KPCS.bands is a table of bands" in said
    file.write_text("name = ")
    assert run("values", str(file))[0] == 2
