"""The embedded PostgreSQL: shared by processes, unharmed by `kill -9`, plain about what is in its way.

Each test has a home of its own and works from outside, in processes that can be killed.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

Opener = Callable[[Path], subprocess.Popen[str]]

# Says ready, then holds the server until its input closes; each line it reads is run as SQL.
USER = """
import sys
from anydoor.config import embedded
server = embedded.ensure_running()
print("ready", flush=True)
for line in sys.stdin:
    server = embedded.ensure_running()
    with embedded._connect(server, "anydoor") as connection:
        found = connection.execute(line)
        print(found.fetchone() if found.description else "done", flush=True)
"""


def surroundings(home: Path) -> dict[str, str]:
    return {**os.environ, "ANYDOOR_HOME": str(home), "DATABASE_URL": ""}


@pytest.fixture
def open_user(tmp_path: Path) -> Iterator[Opener]:
    with ExitStack() as stack:

        def opened(home: Path) -> subprocess.Popen[str]:
            user = subprocess.Popen(
                [sys.executable, "-c", USER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=surroundings(home),
            )
            stack.callback(close, user)
            assert user.stdout is not None
            assert user.stdout.readline() == "ready\n"
            return user

        yield opened


def close(user: subprocess.Popen[str]) -> None:
    assert user.stdin is not None
    assert user.stdout is not None
    if not user.stdin.closed:
        user.stdin.close()
    user.wait(30)
    user.stdout.close()


def ask(user: subprocess.Popen[str], sql: str) -> str:
    assert user.stdin is not None
    assert user.stdout is not None
    user.stdin.write(sql + "\n")
    user.stdin.flush()
    return user.stdout.readline().strip()


def server_pid(home: Path) -> int | None:
    note = home / "postgres" / "data" / "postmaster.pid"
    return int(note.read_text().split()[0]) if note.exists() else None


def until_gone(pid: int) -> None:
    """Waits for the end of a process that is not our child; a body nobody has buried counts as gone."""
    for _ in range(500):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        select.select([], [], [], 0.02)
    pytest.fail("the killed server would not go")


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "anydoor", *words],
        env=surroundings(home),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_two_processes_share_one_server_and_the_last_one_stops_it(tmp_path: Path, open_user: Opener) -> None:
    first, second = open_user(tmp_path), open_user(tmp_path)
    ask(first, "CREATE TABLE door (name text)")
    ask(first, "INSERT INTO door VALUES ('front')")
    assert ask(second, "SELECT name FROM door") == "('front',)"
    close(first)
    assert ask(second, "SELECT count(*) FROM door") == "(1,)"
    close(second)
    assert server_pid(tmp_path) is None
    third = open_user(tmp_path)
    assert ask(third, "SELECT name FROM door") == "('front',)"


def test_killing_one_user_neither_stops_the_server_nor_keeps_it_running(
    tmp_path: Path, open_user: Opener
) -> None:
    killed, other = open_user(tmp_path), open_user(tmp_path)
    killed.send_signal(signal.SIGKILL)
    killed.wait(30)
    assert ask(other, "SELECT 1") == "(1,)"
    close(other)
    assert server_pid(tmp_path) is None


def test_a_server_left_by_a_killed_process_is_found_again(tmp_path: Path, open_user: Opener) -> None:
    killed = open_user(tmp_path)
    left = server_pid(tmp_path)
    killed.send_signal(signal.SIGKILL)
    killed.wait(30)
    later = open_user(tmp_path)
    assert server_pid(tmp_path) == left
    assert ask(later, "SELECT 1") == "(1,)"


def test_a_killed_server_is_started_again_with_what_was_committed(tmp_path: Path, open_user: Opener) -> None:
    user = open_user(tmp_path)
    ask(user, "CREATE TABLE door (name text)")
    ask(user, "INSERT INTO door VALUES ('side')")
    before = server_pid(tmp_path)
    assert before is not None
    os.kill(before, signal.SIGKILL)
    until_gone(before)
    assert ask(user, "SELECT name FROM door") == "('side',)"
    assert server_pid(tmp_path) != before


def test_a_stale_note_with_the_number_of_another_program_does_no_harm(
    tmp_path: Path, open_user: Opener
) -> None:
    close(open_user(tmp_path))
    note = tmp_path / "postgres" / "data" / "postmaster.pid"
    stranger = os.getpid()
    note.write_text(f"{stranger}\n{note.parent}\n1700000000\n5432\n{note.parent}\n\n 1 1\nready\n")
    user = open_user(tmp_path)
    assert ask(user, "SELECT 1") == "(1,)"
    assert psutil.pid_exists(stranger)


def test_half_a_cluster_left_by_a_killed_first_start_is_cleared_away(
    tmp_path: Path, open_user: Opener
) -> None:
    half = tmp_path / "postgres" / "data.new-killed"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    user = open_user(tmp_path)
    assert ask(user, "SELECT 1") == "(1,)"
    assert not half.exists()


def test_a_long_path_moves_only_the_socket(tmp_path: Path, open_user: Opener) -> None:
    home = tmp_path / ("long-" * 12) / ("longer-" * 12)
    user = open_user(home)
    assert ask(user, "SELECT 1") == "(1,)"
    assert not list((home / "postgres" / "data").glob(".s.PGSQL.*"))
    close(user)


def test_another_versions_directory_is_told_in_one_line(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")
    done = run(tmp_path, "migrate")
    assert done.returncode == 2
    assert "made by PostgreSQL 15" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_directory_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    done = run(in_the_way / "home", "migrate")
    assert done.returncode == 2
    assert "ANYDOOR_HOME" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")
def test_another_account_that_may_not_write_is_told_in_one_line(tmp_path: Path) -> None:
    """The home must be within the other account's reach, so that only writing fails."""
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o755)
    for folder in tmp_path.parents:
        if folder.stat().st_uid == 0 and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    code = f"""
import os, sys
from anydoor.config import embedded
os.setgroups([]); os.setgid(65534); os.setuid(65534)
os.environ["ANYDOOR_HOME"] = {str(shut)!r}
try:
    embedded.ensure_running()
except embedded.EmbeddedUnavailable as problem:
    print(problem)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=surroundings(shut), capture_output=True, text=True, check=True
    )
    assert "cannot write" in done.stdout


def test_many_processes_that_start_at_once_get_one_server(tmp_path: Path, open_user: Opener) -> None:
    started = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from anydoor.config import embedded; print(embedded.ensure_running().data)",
            ],
            env=surroundings(tmp_path),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(5)
    ]
    said = {process.communicate(timeout=60)[0].strip() for process in started}
    assert said == {str(tmp_path / "postgres" / "data")}
    assert {process.returncode for process in started} == {0}
    assert server_pid(tmp_path) is None
