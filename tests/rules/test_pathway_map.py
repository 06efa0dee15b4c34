"""The map: whatever the services, none is lost, no two bars touch, and all lie inside the frame."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from anydoor.rules.pathway_map.contacts import contacts_of
from anydoor.rules.pathway_map.entry import VIEWS, Entry, lane_of, shown_in
from anydoor.rules.pathway_map.layout import END, LEFT, Picture, picture, poster
from anydoor.rules.pathway_map.lettering import in_lines, widest
from anydoor.rules.pathway_map.listing import as_list
from anydoor.rules.pathway_map.scale import STAGES, Axis, at_age, at_week
from anydoor.rules.profile import NEEDS

weeks = st.tuples(st.integers(0, 42), st.integers(0, 42)).map(lambda pair: (min(pair), max(pair)))
days = st.tuples(st.integers(0, 7000), st.integers(1, 7000)).map(lambda pair: (min(pair), max(pair) + 1))
names = st.text("abcdefghijk lmnopqrstuvwxyz,:ABC’é", min_size=1, max_size=110).filter(
    lambda name: name.strip()
)


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    count = draw(st.integers(0, 24))
    return [
        Entry(
            slug=f"service-{number}",
            name=draw(names),
            strand=draw(st.sampled_from(["pmh", "pir", ""])),
            level=draw(st.sampled_from(["universal", "targeted", "specialist"])),
            needs=tuple(draw(st.lists(st.sampled_from(sorted(NEEDS)), max_size=3, unique=True))),
            trying=draw(st.booleans()),
            pregnancy=draw(st.none() | weeks),
            child=draw(st.none() | days),
            after_loss=draw(st.booleans()),
            loss_days=draw(st.none() | st.integers(1, 2000)),
            audience=frozenset(draw(st.lists(st.sampled_from(["mother", "father", "co_parent"])))),
            routes=frozenset(draw(st.lists(st.sampled_from(["self", "gp", "drop_in"])))),
            age_under=draw(st.none() | st.sampled_from([20, 25, 30])),
        )
        for number in range(count)
    ]


def assert_sound(made: Picture, chosen: list[Entry]) -> None:
    bars = made.bars
    assert sorted(slug for one in bars for slug in one.bar.slugs) == sorted(entry.slug for entry in chosen)
    for one in bars:
        assert one.bar.first >= LEFT - 0.5
        assert one.bar.last <= made.width - END + 0.5
        assert one.y >= 0
        assert one.y + one.bar.height <= made.height
    for number, one in enumerate(bars):
        for other in bars[number + 1 :]:
            beside = one.bar.last < other.bar.first or other.bar.last < one.bar.first
            above = one.y + one.bar.height < other.y or other.y + other.bar.height < one.y
            assert beside or above, (one, other)
    for upper, lower in zip(made.lanes, made.lanes[1:], strict=False):
        assert upper.y + upper.high < lower.y


@settings(max_examples=40, deadline=None)
@given(entries(), st.sampled_from(sorted(VIEWS)))
def test_nothing_is_lost_and_nothing_touches(all_entries: list[Entry], view: str) -> None:
    chosen = shown_in(view, all_entries)
    assert_sound(picture(all_entries, view=view), chosen)
    told = {
        row.entry.slug
        for stage in as_list(all_entries, view=view)
        for group in stage.groups
        for row in group.rows
    }
    assert told == {entry.slug for entry in chosen}


@settings(max_examples=8, deadline=None)
@given(entries())
def test_the_poster_is_as_sound(all_entries: list[Entry]) -> None:
    assert_sound(poster(all_entries), all_entries)


@given(st.lists(names, min_size=1, max_size=6), st.floats(160, 900))
def test_lines_keep_every_word_and_stay_in_their_room(texts: list[str], room: float) -> None:
    lines = in_lines([(text, str(number)) for number, text in enumerate(texts)], room, 14)
    set_words = "".join(run.text for line in lines for run in line).replace(" ", "")
    assert set_words == "".join("".join(text.split()) for text in texts)
    assert widest(lines) <= room + 0.01


def test_time_runs_one_way() -> None:
    axis = Axis(STAGES, LEFT, 1556)
    moments = [0.0, at_week(0), at_week(20), at_week(40), at_age(0), at_age(56), at_age(400), at_age(9999)]
    xs = [axis.x(moment) for moment in moments]
    assert xs == sorted(xs)
    assert xs[3] == xs[4]
    assert xs[-1] == 1556


def test_every_contact_has_its_label_and_none_touches_another() -> None:
    made = picture([])
    assert {tick.contact.key for track in made.tracks for tick in track.ticks} == {
        one.key for one in contacts_of()
    }
    for track in made.tracks:
        for number, tick in enumerate(track.ticks):
            for other in track.ticks[number + 1 :]:
                apart = tick.label.span[1] < other.label.span[0] or tick.label.y != other.label.y
                assert apart, (tick.label, other.label)


def test_mood_and_bond_are_marked_where_they_are_asked() -> None:
    marks = {one.key: (one.mood, one.bond, one.review) for one in contacts_of()}
    assert marks["MW-BK"] == (True, False, False)
    assert marks["MW-16"] == (False, False, False)
    assert marks["HV2"] == (True, True, True)
    assert marks["HV5"] == (False, False, True)


def test_names_that_begin_alike_share_a_bar_and_keep_their_links() -> None:
    same = {"strand": "", "level": "universal", "pregnancy": (0, 42), "child": (0, 28), "needs": ("mood",)}
    made = picture([Entry(f"m-{town}", f"Midwifery, {town}", **same) for town in ("North", "South", "West")])
    (bar,) = made.bars
    assert {run.slug for line in bar.bar.lines for run in line if run.slug} == {
        "m-North",
        "m-South",
        "m-West",
    }


def test_a_loss_has_no_stage_of_a_pregnancy() -> None:
    here = Entry("gp", "Your GP", "", "universal", after_loss=True, child=(0, 1826), pregnancy=(0, 42))
    made = picture([here], view="loss")
    assert made.tracks == ()
    assert not [head for head in made.heads if "regnan" in head.name.text or "irth" in head.name.text]


def test_lanes() -> None:
    assert lane_of(Entry("a", "A", "", "targeted", needs=("housing", "money"))) == "life"
    assert lane_of(Entry("a", "A", "pmh", "targeted", needs=("loss",), after_loss=True)) == "loss"
    assert lane_of(Entry("a", "A", "pmh", "specialist", needs=("mood",))) == "specialist"
