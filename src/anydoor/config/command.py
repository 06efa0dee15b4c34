"""The one command, `anydoor`: Django's own commands and ours, with faults of set-up told in one line."""

from __future__ import annotations

import os
import sys

from anydoor.config.environ import SettingMissing


def main(arguments: list[str] | None = None) -> None:
    """Runs `anydoor COMMAND ...`; exit code 2 with one plain line when the set-up cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anydoor.config.settings")
    from django.core.management import ManagementUtility

    from anydoor.config.embedded import EmbeddedUnavailable

    words = ["anydoor", *(sys.argv[1:] if arguments is None else arguments)]
    try:
        ManagementUtility(words).execute()
    except (SettingMissing, EmbeddedUnavailable) as problem:
        print(f"anydoor: {problem}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
