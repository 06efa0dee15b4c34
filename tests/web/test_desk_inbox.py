"""The team's inbox: every door, shortest time left first, always a holder, counts that stay bounded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from tests.world import NOW, World, person

from anydoor.access.models import DutyTurn, Team, User
from anydoor.access.roles import Role
from anydoor.care import episode, inbox, sweep, triage
from anydoor.care.inbox import Wanted, read_inbox
from anydoor.care.models import PossibleMatch, Referral
from anydoor.care.triage import Shown
from anydoor.directory.models import Area

INBOX = "/desk/inbox"
DANGER = "Some nights I think they would be better off without me. She is asleep."


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, query: str = "") -> str:
    answer = signed_in(user).get(INBOX + query)
    assert answer.status_code == 200
    return answer.content.decode()


def names(html: str) -> list[str]:
    """Who is listed, in order."""
    return [
        row.split("</bdi>")[0]
        for row in html.split('class="ad-inbox__who"')[1:]
        for row in [row.split("<bdi>")[1]]
    ]


def many(world: World, count: int) -> None:
    for number in range(count):
        world.refer(
            at=NOW - timedelta(minutes=5 * number),
            name=f"Rosie {number:02d}",
            contact=f"07700 9{number:05d}"[:12],
            door=("web", "text", "professional")[number % 3],
        )


def test_danger_first_then_the_least_time_left(world: World) -> None:
    world.refer(at=NOW - timedelta(days=1), name="Hannah Leeder", contact="07700 900001")
    world.refer(at=NOW - timedelta(hours=1), name="Ieva Petrauskienė", contact="07700 900002")
    world.refer(at=NOW - timedelta(minutes=4), name="Callum Reeve", story=DANGER, contact="07700 900003")
    html = page(world.sunita)
    assert names(html) == ["Callum Reeve", "Hannah Leeder", "Ieva Petrauskienė"]
    assert "Words of danger" in html
    assert "11 min left" in html
    assert html.count("Sunita Rao") >= 3
    assert "3 open requests. Every one has a holder. Oldest unread: 1 day." in html


def test_a_row_says_door_words_needs_age_and_what_to_do(world: World) -> None:
    world.refer(
        at=NOW - timedelta(hours=5),
        name="Kayleigh Brundle",
        role="mother",
        door="professional",
        referrer_organisation="Health visiting",
        story="She feels nothing when he cries.",
        needs=("bond", "housing"),
    )
    html = page(world.sunita)
    for words in (
        "Professional",
        "Health visiting: She feels nothing when he cries.",
        '<span class="ad-tag ad-tag--bond">Bond with baby</span>',
        '<span class="ad-tag ad-tag--wider">Housing</span>',
        "5 h old",
        "Today by 18:00",
        ">Read<",
    ):
        assert words in html


def test_own_words_stand_in_quotation_marks_and_cannot_hurt(world: World) -> None:
    world.refer(story='<img src=x onerror="alert(1)"> I am low', name="O'Neil <b>")
    html = page(world.sunita)
    assert "<img src=x" not in html
    assert "“&lt;img src=x" in html
    assert "O&#39;Neil &lt;b&gt;" in html


def test_tabs_and_their_counts(world: World) -> None:
    unread = world.refer(name="Unread One", contact="07700 900001")
    read = world.refer(name="Read One", contact="07700 900002")
    triage.read(referral=read, by=world.sunita, at=NOW)
    reached = world.refer(name="Tomasz Wójcik", contact="07700 900003")
    for hour in (3, 2, 1):
        episode.record_contact(
            thing=reached,
            mode="phone",
            outcome="not_reached",
            by=world.sunita,
            at=NOW - timedelta(minutes=hour),
        )
    twin = world.refer(name="Unread Onne", contact="07700 900001")
    assert PossibleMatch.objects.get(referral=twin).candidate == unread.person
    decided = world.refer(name="Decided One", contact="07700 900005")
    triage.decide(
        referral=decided,
        level="targeted",
        words="You asked.",
        answer="not_asked",
        shown=[Shown(world.therapies.pk, "Therapies", "suits", (), (), True)],
        by=world.sunita,
        at=NOW,
    )
    shown = {tab: sorted(names(page(world.sunita, f"?tab={tab}"))) for tab in inbox.TABS}
    assert shown["open"] == ["Decided One", "Read One", "Tomasz Wójcik", "Unread One", "Unread Onne"]
    assert shown["unread"] == ["Tomasz Wójcik", "Unread One", "Unread Onne"]
    assert shown["decide"] == ["Decided One", "Read One"]
    assert shown["match"] == ["Unread Onne"]
    assert shown["not_reached"] == ["Tomasz Wójcik"]
    assert shown["stuck"] == []
    assert shown["decided"] == ["Decided One"]
    counts = read_inbox_counts(world)
    assert counts == {tab: len(rows) for tab, rows in shown.items()}


def read_inbox_counts(world: World) -> dict[str, int]:
    from anydoor.access.policy import standing_of

    return dict(read_inbox(standing_of(world.sunita, NOW.date()), Wanted(), at=NOW).tabs)


def test_what_is_past_its_time_is_on_the_stuck_tab(world: World) -> None:
    world.refer(at=NOW - timedelta(days=4), name="Hollie Cubitt")
    sweep.run(at=NOW - timedelta(days=1))
    assert names(page(world.sunita, "?tab=stuck")) == ["Hollie Cubitt"]


def test_filters_narrow_and_stay_ticked(world: World) -> None:
    world.refer(name="Web One", contact="07700 900001", place="Norwich")
    world.refer(name="Text Father", contact="07700 900002", door="text", role="father")
    world.refer(name="Text Mother", contact="07700 900003", door="text", role="mother")
    assert names(page(world.sunita, "?door=text")) == ["Text Father", "Text Mother"]
    html = page(world.sunita, "?door=text&who=father")
    assert names(html) == ["Text Father"]
    assert 'value="text" checked' in html
    assert 'value="father" checked' in html
    assert names(page(world.sunita, "?place=E07000148")) == ["Web One"]
    assert names(page(world.sunita, "?place=-")) == ["Text Father", "Text Mother"]
    assert names(page(world.tom, "?held=me")) == []
    assert "No request is like that." in page(world.tom, "?held=me")


def test_pages_of_25_forward_and_back_meet_everybody_once(world: World) -> None:
    many(world, 60)
    client, seen, address = signed_in(world.sunita), [], INBOX
    pages = []
    for _ in range(3):
        html = client.get(address).content.decode()
        pages.append(names(html))
        seen += pages[-1]
        if 'rel="next"' not in html:
            break
        address = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert [len(each) for each in pages] == [25, 25, 10]
    assert len(set(seen)) == 60
    html = client.get(address).content.decode()
    back = html.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    assert names(client.get(back).content.decode()) == pages[1]


def test_the_page_asks_five_queries_and_no_more_with_more_rows(
    world: World, django_assert_num_queries: object
) -> None:
    many(world, 30)
    client = signed_in(world.sunita)
    client.get(INBOX)
    # session; account with roles; page; counts; areas with the rota
    with django_assert_num_queries(5):  # type: ignore[operator]  # a fixture of pytest-django
        client.get(INBOX)


def test_a_page_stays_light(world: World) -> None:
    for number in range(26):
        world.refer(
            name=f"Aleksandra Dąbrowska {number}",
            role="mother",
            contact=f"07700 9002{number:02d}",
            needs=("mood", "isolation"),
            story="It is hard to say. " * 20,
        )
    assert len(signed_in(world.sunita).get(INBOX).content) <= 45_000


def test_counts_stop_at_a_thousand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from anydoor.web.desk import inbox as pages

    monkeypatch.setattr(inbox, "MOST_COUNTED", 3)
    monkeypatch.setattr(pages, "MOST_COUNTED", 3)
    many(world, 6)
    html = page(world.sunita)
    assert "Open 3+" in html
    assert "Counts are of the first 3 requests." in html


def test_who_is_on_duty_and_who_comes_next(world: World, at: object) -> None:
    DutyTurn.objects.all().delete()
    for weekday in range(5):
        for order, (user, starts, ends) in enumerate(
            [(world.sunita, "08:00", "15:00"), (world.tom, "15:00", "18:00")]
        ):
            DutyTurn.objects.create(
                team=world.front_door, user=user, weekday=weekday, starts=starts, ends=ends, order=order
            )
    html = page(world.sunita)
    assert "On duty: <bdi>Sunita Rao</bdi>" in html
    assert "until 15:00, then Tom Ardley" in html
    at(NOW + timedelta(hours=11))  # type: ignore[operator]  # a fixture that moves the clock
    html = page(world.sunita)
    assert "Next on duty: <bdi>Sunita Rao</bdi>" in html
    assert "from Wed 11 Mar, 08:00" in html


def test_only_the_front_door_sees_the_inbox(world: World) -> None:
    world.refer(name="Rosie Thackeray")
    assert signed_in(world.grace).get(INBOX).status_code == 403
    clerk = person("Ada Clerk", world.front_door, Role.REFERRER)
    assert signed_in(clerk).get(INBOX).status_code == 403
    assert "Team inbox" not in signed_in(world.grace).get("/desk/").content.decode()


def test_another_areas_front_door_sees_its_own_only(world: World) -> None:
    world.refer(name="Rosie Thackeray")
    door = Team.objects.create(
        organisation=world.front_door.organisation,
        slug="cornwall-door",
        name="Cornwall front door",
        kind="front_door",
        fallback=world.tom,
    )
    Area.objects.create(
        slug="cornwall",
        name="Cornwall",
        door_name="Cornwall Family Hubs",
        reference_prefix="CWL",
        phone="01632 960551",
        text_number="07700 900551",
        email="hello@cornwall.example",
        front_door=door,
    )
    merryn = person("Merryn Pascoe", door, Role.FRONT_DOOR)
    html = page(merryn)
    assert "Front door, Cornwall" in html
    assert "No open requests." in html
    assert "Rosie" not in html


@pytest.mark.parametrize(
    "query",
    [
        "?tab=everything",
        "?door=xx&door=%00&who=%27--&place=" + "z" * 500,
        "?after=%00",
        "?after=" + "9" * 5000,
        "?after=%F0%9F%98%80&before=%E2%80%AE",
        "?held=' OR 1=1",
        "?place=E07000148&place=-&place=<script>",
    ],
)
def test_odd_addresses_are_only_a_list(world: World, query: str) -> None:
    world.refer(name="Rosie Thackeray")
    answer = signed_in(world.sunita).get(INBOX + query)
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


def test_a_paused_request_says_until_when(world: World) -> None:
    referral = world.refer(name="Gemma Larwood")
    triage.pause(referral=referral, until=date(2026, 3, 16), words="After the 16th.", by=world.sunita, at=NOW)
    html = page(world.sunita)
    assert "Paused until Mon 16 Mar" in html
    assert "See plan" in html


def test_the_words_that_may_mean_danger_are_in_the_row(world: World) -> None:
    world.refer(story="It began in January. " * 20 + DANGER)
    html = page(world.sunita)
    assert "better off without me" in html


def test_words_of_danger_told_later_stand_in_front(world: World) -> None:
    referral = world.refer(story=DANGER, name="Callum Reeve")
    Referral.objects.filter(pk=referral.pk).update(excerpt="I shout, then I go and sit in the van.")
    html = page(world.sunita)
    assert "“…better off without me…” “I shout, then I go and sit in the van.”" in html
