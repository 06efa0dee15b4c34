"""The backend that starts the embedded server the first time a connection is wanted.

Django looks for the module name `base` in a database backend; that is the only reason for it.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from anydoor.config import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL on the unix socket of the server that lives in ANYDOOR_HOME."""

    def get_connection_params(self) -> dict[str, Any]:
        server = embedded.ensure_running()
        self.settings_dict["HOST"] = str(server.socket_folder)
        self.settings_dict["PORT"] = ""
        self.settings_dict["USER"] = embedded.SUPERUSER
        params: dict[str, Any] = super().get_connection_params()
        return params
