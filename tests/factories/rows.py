"""Rows that many tests begin with: made once, and then put back as they were, in a fraction of the time."""

from collections.abc import Callable

from django.apps import apps
from django.db import connection, transaction


class KeptRows:
    """What one app's tables held after they were filled for the first time, by the name of the filling."""

    def __init__(self, app: str) -> None:
        self.app = app
        self.kept: dict[str, dict[str, bytes]] = {}

    def fill(self, name: str, make: Callable[[], object]) -> None:
        """Have the app's empty tables hold what `make` puts there, which is called the first time only."""
        if name not in self.kept:
            make()
            self.kept[name] = {table: self._read(table) for table in self._tables()}
            return
        with transaction.atomic(), connection.cursor() as cursor:  # foreign keys are looked at when it ends
            for table, rows in self.kept[name].items():
                with cursor.copy(f"COPY {table} FROM STDIN") as into:
                    into.write(rows)

    def _tables(self) -> list[str]:
        """Return each table with those of its columns that the database does not work out itself."""
        quoted = connection.ops.quote_name
        found = []
        for model in apps.get_app_config(self.app).get_models(include_auto_created=True):
            columns = [quoted(field.column) for field in model._meta.concrete_fields if not field.generated]
            found.append(f"{quoted(model._meta.db_table)} ({', '.join(columns)})")
        return found

    @staticmethod
    def _read(table: str) -> bytes:
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as out:
            return b"".join(bytes(block) for block in out)
