"""Our PostgreSQL: the embedded server started when first wanted, and each connection behind the wall.

Django looks for the module name `base` in a database backend; that is the only reason for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from anydoor.access import wall
from anydoor.config import embedded

UNKNOWN = object()
_AGREE = (
    "SELECT set_config('role', %s, false), set_config('anydoor.user', %s, false), "
    "set_config('anydoor.teams', %s, false), set_config('anydoor.families', %s, false), "
    "set_config('anydoor.seen', %s, false), set_config('anydoor.kept_from', %s, false)"
)


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL by the settings, or on the unix socket of the server that lives in ANYDOOR_HOME.

    Before each statement the connection is made what `access.wall` wants: its role and whose eyes it sees
    with. That costs a turn to the server when it changed, a comparison when it did not. What is set inside
    a transaction goes back with it, so after a rollback it is not known and set again.
    """

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        self._agreed: object = UNKNOWN
        self.execute_wrappers.append(self._agree_first)

    def get_connection_params(self) -> dict[str, Any]:
        if self.settings_dict.get("EMBEDDED"):
            server = embedded.ensure_running()
            self.settings_dict["HOST"] = str(server.socket_folder)
            self.settings_dict["PORT"] = ""
            self.settings_dict["USER"] = embedded.SUPERUSER
        params: dict[str, Any] = super().get_connection_params()
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._agreed = None  # a new connection is the account it signed in with
        return super().get_new_connection(conn_params)

    def _agree_first(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        wanted = wall.wanted()
        if wanted is not self._agreed and wanted != self._agreed:
            self._agree(wanted)
        return execute(sql, params, many, context)

    def _agree(self, wanted: wall.Wall | None) -> None:
        if self.connection is None or self._has_failed():
            return  # nothing but a rollback is taken now, and after it we set it again
        values = _values(wanted)
        with self.wrap_database_errors:  # a lost connection looks here as it does anywhere else
            self.connection.execute(_AGREE, values)
        self._agreed = wanted

    def _has_failed(self) -> bool:
        """Whether a statement failed in the transaction, which then ends undone, even by a commit."""
        open_now = self.connection
        return open_now is not None and open_now.info.transaction_status == TransactionStatus.INERROR

    def _commit(self) -> Any:
        if self._has_failed():
            self._agreed = UNKNOWN  # the error was caught, and the server undoes it all without a word
        try:
            return super()._commit()  # type: ignore[misc] # Django's own, which its stubs leave out
        except BaseException:
            self._agreed = UNKNOWN
            raise

    def _rollback(self) -> Any:
        self._agreed = UNKNOWN
        return super()._rollback()  # type: ignore[misc] # as above

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc] # as above
        self._agreed = UNKNOWN


def _values(wanted: wall.Wall | None) -> list[str]:
    if wanted is None:
        return ["none", "", "{}", "{}", "{}", "{}"]
    return [
        wanted.role,
        str(wanted.user),
        _array(wanted.teams),
        _array(wanted.families),
        _array(wanted.families | wanted.asked),
        _array(wanted.kept_from),
    ]


def _array(ids: frozenset[int]) -> str:
    return "{" + ",".join(map(str, sorted(ids))) + "}"
