"""Logs without personal data.

The JSON shape writes the *template* of a message and never the values put into it, because a
library's values are paths, headers, SQL and names. What may be written is handed over on purpose, as
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

# These say only where we listen and which child process came or went.
SAFE_VALUES = ("anydoor.", "gunicorn.lifecycle")


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, said, then the fields handed over, then the error."""

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.startswith(SAFE_VALUES)
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "said": record.getMessage() if ours else str(record.msg),
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
                # Said by the page itself; a line for each mistyped address helps nobody.
                "django.request": {"level": "ERROR"},
                "django.security.DisallowedHost": {"level": "ERROR"},
            },
        }
    )
