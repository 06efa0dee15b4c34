"""Logs without personal data.

The JSON shape writes the *template* of a library's message and never the values put into it, because
those are paths, headers, SQL and names. What may be written is handed over on purpose, as
`extra={"fields": {...}}`: routes, counts, ids. Of an exception the class and the lines of code are
kept; its text is not, since a database puts the offending value into it.
"""

from __future__ import annotations

import json
import logging
import logging.config
import traceback
from datetime import UTC, datetime
from typing import Any

# Whole sentences are taken from us, and from the job runner, whose arguments are ids and times.
TRUSTED = ("anydoor.", "procrastinate.")
KEPT_BACK = "(kept back: it may hold what a person sent)"


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, said, then the fields handed over, then the error."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "said": _said(record),
        }
        fields = getattr(record, "fields", None)
        if isinstance(fields, dict):
            line.update({str(key): value for key, value in fields.items() if key not in line})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__qualname__
            line["trace"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-12:]
            ]
        return json.dumps(line, default=str, ensure_ascii=False)


def _said(record: logging.LogRecord) -> str:
    if record.name.startswith(TRUSTED):
        return record.getMessage()
    # Without values to put in, we cannot know whether somebody has put them in already.
    return str(record.msg) if record.args else KEPT_BACK


def configure(chosen: dict[str, str]) -> None:
    """Sets up logging: `shape` json (production) or plain (a developer's terminal), and the least `level`."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {"()": JsonLines},
                "plain": {"format": "{levelname:7} {name}: {message}", "style": "{"},
            },
            "handlers": {
                "stream": {
                    "class": "logging.StreamHandler",
                    "formatter": "json" if chosen["shape"] == "json" else "plain",
                }
            },
            "root": {"handlers": ["stream"], "level": chosen["level"]},
            "loggers": {
                # What a job did is logged by us; its runner speaks up when one breaks.
                "procrastinate": {"level": "WARNING"},
                # Said by the page itself; a line for each mistyped address helps nobody.
                "django.request": {"level": "ERROR"},
                "django.security.DisallowedHost": {"level": "ERROR"},
            },
        }
    )
