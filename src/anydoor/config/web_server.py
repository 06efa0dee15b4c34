"""gunicorn, set up for us: threads, no access log of its own, our log lines."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gunicorn.app.base
import gunicorn.glogging
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections


class QuietLogger(gunicorn.glogging.Logger):
    """Sends gunicorn's few words to the logging that is already set up."""

    def setup(self, cfg: Any) -> None:
        self.error_log.propagate = True
        self.access_log.propagate = False
        self.access_log.disabled = True

    def access(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: `anydoor.config.access_log` writes it, without what people sent."""


def address(host: str, port: int) -> str:
    """host:port as the address bar wants it; the wildcard is shown as this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 only compared with
    return f"http://{shown}:{port}"


def is_free(host: str, port: int) -> bool:
    """Whether we could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


class WebServer(gunicorn.app.base.BaseApplication):
    """The pages under gunicorn, `workers` processes of four threads each."""

    def __init__(self, *, host: str, port: int, workers: int, when_ready: Callable[[], None]) -> None:
        self.host, self.port, self.workers, self.when_ready = host, port, workers, when_ready
        super().__init__()

    def load_config(self) -> None:
        shared_memory = Path("/dev/shm")  # noqa: S108 gunicorn's own heartbeat files, which it makes privately
        chosen: dict[str, Any] = {
            "bind": f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}",
            "workers": self.workers,
            "worker_class": "gthread",
            "threads": 4,
            "timeout": 60,
            "graceful_timeout": 20,
            "keepalive": 5,
            # Read once, then shared by the workers: half the memory and a start that is twice as fast.
            "preload_app": True,
            "logger_class": QuietLogger,
            "worker_tmp_dir": str(shared_memory) if os.access(shared_memory, os.W_OK) else None,
            "when_ready": lambda server: self.when_ready(),
            "proc_name": "anydoor",
            "control_socket_disable": True,
        }
        for name, value in chosen.items():
            if name in self.cfg.settings and value is not None:
                self.cfg.set(name, value)

    def load(self) -> Any:
        application = get_wsgi_application()
        # A connection must not be shared between a parent and its forked children.
        connections.close_all()
        return application


def worker_count() -> int:
    """Workers to start: `WEB_CONCURRENCY`, else one for each core."""
    chosen = os.environ.get("WEB_CONCURRENCY", "")
    return int(chosen) if chosen.isdigit() and int(chosen) else (os.cpu_count() or 2)


def static_is_fresh(fingerprint: str) -> bool:
    """Whether the collected static files are those of this fingerprint."""
    kept = Path(settings.STATIC_ROOT) / ".fingerprint"
    return kept.is_file() and kept.read_text() == fingerprint


def keep_fingerprint(fingerprint: str) -> None:
    """Notes what the collected static files were made from."""
    (Path(settings.STATIC_ROOT) / ".fingerprint").write_text(fingerprint)
