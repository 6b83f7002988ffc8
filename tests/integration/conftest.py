"""Tests that commit what they write, and how the database is made empty after them."""

from collections.abc import Iterator

import pytest
from asgiref.sync import SyncToAsync
from django.db import connections, transaction
from django.test import TransactionTestCase

# What the migrations fill; Django's own `flush` empties these too, and then fills them anew.
FILLED = {"django_migrations", "django_content_type", "auth_permission"}


def empty(alias: str) -> None:
    """Delete every row that a test has committed, once whoever still writes is done.

    Cutting off all tables and making the permissions anew, as Django does it, takes longer than most tests.
    """
    connection = connections[alias]
    quoted = connection.ops.quote_name
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - FILLED)
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(map(quoted, tables))} IN SHARE ROW EXCLUSIVE MODE")
        found = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT FROM {quoted(table)})" for table in tables
        )
        cursor.execute(found)
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {quoted(table)}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Make the test database; before it is deleted, end what the consumers' thread has open to it.

    All that consumers ask of the database is asked in one thread. Channels would close its connection after
    each question, but channels.testing keeps Channels from doing so.
    """
    yield
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()


@pytest.fixture(autouse=True, scope="session")
def _quick_emptying() -> Iterator[None]:
    def teardown(case: TransactionTestCase) -> None:
        for alias in case._databases_names(include_mirrors=False):
            empty(alias)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield
