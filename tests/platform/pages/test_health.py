"""Whether the site says that it is well."""

from django.db import OperationalError, connection


def test_a_well_site_is_ready(browser, db):
    assert browser().get("/-/live").json() == {"live": True}
    answer = browser().get("/-/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "database": "ok"})


def test_without_its_database_it_says_so_and_nothing_secret(client, db, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OperationalError("password=secret host=db")

    monkeypatch.setattr(connection, "cursor", fail)
    answer = client.get("/-/ready")
    monkeypatch.undo()
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "unreachable (OperationalError)"}
