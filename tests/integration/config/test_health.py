"""What supervisors and proxies are told."""

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler

from config import health

DEAD_REDIS = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
    }
}


def database(**changed):
    """Return a connection of its own, to the test database unless something is changed."""
    return ConnectionHandler({"default": connection.settings_dict | changed})["default"]


def test_healthz_asks_no_other_server(client, settings):
    settings.CACHES = DEAD_REDIS
    # Without the mark for it, pytest refuses every query.
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_when_all_is_well(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "cache": "ok"})


@pytest.mark.django_db
def test_readyz_names_a_cache_that_does_not_answer(client, settings):
    settings.CACHES = DEAD_REDIS
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "cache": "does not answer"})


@pytest.mark.django_db
def test_readyz_names_a_database_that_does_not_answer(client, monkeypatch):
    monkeypatch.setattr(health, "connection", database(HOST="127.0.0.1", PORT=1))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "does not answer", "cache": "ok"})


@pytest.mark.django_db(transaction=True)
def test_connections_that_a_restarted_database_has_cut_are_replaced():
    pooled = database(OPTIONS={"pool": {"min_size": 1, "max_size": 1, "timeout": 10}})
    try:
        with pooled.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            before = cursor.fetchone()[0]
        pooled.close()  # back into the pool
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
        with pooled.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            assert cursor.fetchone()[0] != before
    finally:
        pooled.close()
        pooled.close_pool()
