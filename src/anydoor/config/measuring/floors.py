"""The bare SQL of each measured page: the statements that any program would need, and nothing around them."""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

import psutil
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from anydoor.config.measuring.machine import connect, processor_ms
from anydoor.config.measuring.targets import Targets

OPEN = "('received', 'read', 'decided', 'handing_over')"
_LIST = (
    "SELECT id, title, who_words, excerpt, door, due_at, tags FROM care_referral "  # noqa: S608  # our own words
    f"WHERE front_door_id = %s AND stage IN {OPEN} AND sort_key > %s ORDER BY sort_key LIMIT 25"
)
_SEEN = (
    "EXISTS (SELECT 1 FROM people_familymember m JOIN care_sight s ON s.family_id = m.family_id "
    "WHERE m.person_id = p.id AND m.left_at IS NULL AND s.team_id = %s AND s.level = 'full')"
)
_BY_NUMBER = f"SELECT p.* FROM people_person p WHERE nhs_number = %s AND {_SEEN}"  # noqa: S608  # as above
_BY_NAME = (
    "SELECT p.* FROM people_namekey k JOIN people_person p ON p.id = k.person_id "  # noqa: S608  # as above
    f"WHERE k.key >= %s AND k.key < %s AND {_SEEN} LIMIT 25"
)
# What intake cannot do without, each row cloned from one that is there.
_INTAKE = (
    *("people_family", "people_person", "people_familymember", "people_contactpoint", "care_referral"),
    *("care_story", "care_holding", "care_happening", "care_wait", "care_familycare", "care_sight"),
    *("anydoor_messages_outboxmessage", "access_auditentry"),
)


class Floors:
    """The statements of one database over one connection, and what they cost PostgreSQL."""

    def __init__(self, database: str, targets: Targets) -> None:
        self.line = connect(database, f"{database}:floors")
        self.backend = psutil.Process(self.line.info.backend_pid)
        self.targets = targets
        self.turn: Iterator[int] = itertools.count()
        self.run = secrets.token_hex(3)  # so that two runs on one database do not meet
        self.by_key: dict[str, Callable[[], None]] = {
            "list": self.work_list,
            "deep": self.deep_list,
            "home": self.home,
            "family": self.family,
            "number": self.number,
            "name": self.name,
            "short": self.short_name,
            "small": self.small_team,
            "few": self.letters_in_small_team,
            "nobody": self.nobody,
            "intake": self.intake,
        }
        self.pattern = self._pattern()

    def spent(self) -> float:
        """Processor milliseconds of the connection's own process so far."""
        return processor_ms(self.backend)

    def timed(self, key: str) -> float:
        """Run one floor; wall milliseconds."""
        began = time.perf_counter()
        self.by_key[key]()
        return (time.perf_counter() - began) * 1000

    def close(self) -> None:
        self.line.close()

    def _all(self, words: str, *given: object) -> list[tuple[Any, ...]]:
        return self.line.execute(words.encode(), given).fetchall()

    # ---- reads

    def work_list(self) -> None:
        self._all(_LIST, self.targets.hub_team, "")

    def deep_list(self) -> None:
        self._all(_LIST, self.targets.hub_team, self.targets.deep_key)

    def home(self) -> None:
        self._all(
            "SELECT * FROM care_wait WHERE user_id = %s AND done_at IS NULL ORDER BY due_at LIMIT 15",
            self.targets.worker,
        )
        held = (
            "FROM care_familycare c WHERE EXISTS (SELECT 1 FROM care_holding h "
            "WHERE h.family_id = c.family_id AND h.user_id = %s AND h.to_at IS NULL)"
        )
        self._all(f"SELECT c.* {held} ORDER BY sort_key LIMIT 6", self.targets.worker)
        self._all(f"SELECT count(*) {held}", self.targets.worker)

    def family(self) -> None:
        family = self._next(self.targets.families)
        with self.line.transaction():
            self._all("SELECT * FROM care_familycare WHERE family_id = %s", family)
            self._all("SELECT team_id, level FROM care_sight WHERE family_id = %s", family)
            self._all(
                "SELECT p.* FROM people_familymember m JOIN people_person p ON p.id = m.person_id "
                "WHERE family_id = %s AND left_at IS NULL",
                family,
            )
            for table in ("care_referral", "care_episode", "care_handover", "care_story"):
                self._all(f"SELECT * FROM {table} WHERE family_id = %s", family)  # noqa: S608  # named here
            self._all(
                "SELECT * FROM care_happening WHERE family_id = %s ORDER BY at DESC, id DESC LIMIT 12", family
            )
            self._add("access_auditentry", {"family_id": family, "subject_id": family})

    def number(self) -> None:
        self._all(_BY_NUMBER, self._next(self.targets.numbers), self.targets.hub_team)

    def name(self) -> None:
        self._name(self._next(self.targets.names).split()[1], self.targets.hub_team)

    def short_name(self) -> None:
        self._name(self._next(self.targets.short_names), self.targets.hub_team)

    def small_team(self) -> None:
        self._name(self._next(self.targets.small_names).split()[1], self.targets.small_team)

    def letters_in_small_team(self) -> None:
        self._name(self._next(self.targets.short_names), self.targets.small_team)

    def nobody(self) -> None:
        self._name("zzqx", self.targets.hub_team)

    def _name(self, start: str, team: int) -> None:
        self._all(_BY_NAME, start, start + "\U0010ffff", team)

    def _next(self, values: list[Any]) -> Any:
        return values[next(self.turn) % len(values)]

    # ---- writes

    def intake(self) -> None:
        """A request with its holder, story, clock, standing, message and audit, in one transaction."""
        turn = next(self.turn)
        with self.line.transaction():
            ids = {"family_id": self._add("people_family", {})}
            ids["person_id"] = self._add("people_person", {"nhs_number": None})
            self._add("people_familymember", ids)
            self._add("people_contactpoint", {**ids, "value": f"floor.{self.run}.{turn}@post.example"})
            reference = f"{self.run} {turn:05d}"
            ids["referral_id"] = self._add(
                "care_referral",
                {**ids, "reference": reference, "sort_key": f"9|{reference}", "source_ref": None},
            )
            for table in ("care_story", "care_holding", "care_happening", "care_wait", "care_sight"):
                self._add(table, ids)
            self._add("care_familycare", ids)
            self._add("anydoor_messages_outboxmessage", {**ids, "key": f"floor:{self.run}:{turn}"})
            self._add("access_auditentry", ids)

    def _add(self, table: str, changed: dict[str, Any]) -> int:
        """Clone the pattern's row of a table with some columns changed; its new key (or 0)."""
        row = {**self.pattern[table], **{k: v for k, v in changed.items() if k in self.pattern[table]}}
        words = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING {}").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() * len(row)),
            sql.Identifier("family_id" if table == "care_familycare" else "id"),
        )
        found = self.line.execute(words, list(row.values())).fetchone()
        assert found is not None
        return int(str(found[0]))

    def _pattern(self) -> dict[str, dict[str, Any]]:
        """One row of each table, of a family with one open request and nothing else."""
        found = self._all(
            "SELECT r.family_id FROM care_referral r WHERE stage = 'received' AND front_door_id = %s "
            "AND NOT EXISTS (SELECT 1 FROM care_episode e WHERE e.family_id = r.family_id) "
            "AND (SELECT count(*) FROM care_referral o WHERE o.family_id = r.family_id) = 1 "
            "AND (SELECT count(*) FROM care_wait w WHERE w.family_id = r.family_id) = 1 "
            "AND (SELECT count(*) FROM care_sight s WHERE s.family_id = r.family_id) = 1 LIMIT 1",
            self.targets.hub_team,
        )
        family = found[0][0]
        columns = {"people_family": "id", "people_person": "id", "people_contactpoint": "person_id"}
        person = self._all("SELECT person_id FROM people_familymember WHERE family_id = %s LIMIT 1", family)[
            0
        ][0]
        wanted = {"people_person": person, "people_contactpoint": person}
        return {
            table: self._row(table, columns.get(table, "family_id"), wanted.get(table, family))
            for table in _INTAKE
        }

    def _row(self, table: str, column: str, value: object) -> dict[str, Any]:
        named = sql.SQL("SELECT * FROM {} WHERE {} = %s LIMIT 1").format(
            sql.Identifier(table), sql.Identifier(column)
        )
        with self.line.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(named, [value]).fetchone()
            if row is None:  # not everybody has one: any row has the same shape
                row = cursor.execute(
                    sql.SQL("SELECT * FROM {} LIMIT 1").format(sql.Identifier(table))
                ).fetchone()
        assert row is not None
        left_out = {"id"} if "id" in row else set()
        return {
            name: Jsonb(given) if isinstance(given, dict) else given
            for name, given in row.items()
            if name not in left_out
        }
