"""A user name is taken once, however it is written: by form, by command, by two at once, and from before."""

import threading

import pytest
from django.db import IntegrityError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from coliseum.accounts.models import User
from coliseum.accounts.services import ensure_user

PASSWORD = "four words make sense"


def test_the_database_takes_a_name_once_in_any_case(ann):
    with pytest.raises(IntegrityError):
        User.objects.create_user(username="ANN")


def test_a_command_means_the_person_there_is_in_any_case(ann):
    assert ensure_user(username="Ann") == ann


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_one_name_at_once_get_one_account():
    answers = []
    gate = threading.Barrier(3)

    def sign_up(name):
        try:
            client = Client()
            gate.wait(10)
            answers.append(client.post("/sign-up", {"username": name, "password1": PASSWORD}).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sign_up, args=[name]) for name in ("Gil", "gil", "GIL")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    first, *others = sorted(answers)
    assert first == 302
    assert set(others) <= {400, 409}
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_names_that_clash_from_before_are_told_apart_and_the_first_keeps_its_own():
    executor = MigrationExecutor(connection)
    executor.migrate([("accounts", "0003_token_competition")])
    try:
        old = executor.loader.project_state([("accounts", "0003_token_competition")]).apps
        people = old.get_model("accounts", "User").objects
        for name in ("Gil", "gil", "GIL", "gil-2", "eve"):
            people.create(username=name)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert list(User.objects.order_by("pk").values_list("username", flat=True)) == [
        "Gil", "gil-3", "GIL-4", "gil-2", "eve",
    ]  # fmt: skip
