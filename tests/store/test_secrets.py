"""Secrets: nothing leaks, nothing moves between rows, keys can be changed."""

from __future__ import annotations

import copy
import gc
import json
import logging
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core import serializers
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import post_save
from django.forms import modelform_factory
from django.forms.models import model_to_dict
from django.test import override_settings
from tests.fixtures_store import make_integration
from tests.template import lay

from crosswalk.config import Config, read
from crosswalk.errors import Refused
from crosswalk.store import secrets
from crosswalk.store.models import Connection
from crosswalk.store.secrets import MASK, Keyring, Sealed, Secret, add_key, keyring, rotate_secrets

TEXT = "hunter2-ATATT3xFfGF0"


@pytest.fixture(autouse=True)
def home(database: Config, tmp_path: Path) -> Iterator[Config]:
    """A home of its own for the keys."""
    config = read({"CROSSWALK_HOME": str(tmp_path / "home")})
    with override_settings(CONFIG=config):
        yield config


def make(name: str = "Jira", secret: str | Secret = TEXT) -> Connection:
    return Connection.objects.create(name=name, kind="jira", address="https://jira.test", secret=secret)


def column(connection: Connection) -> str:
    """What really stands in the table."""
    from django.db import connection as database

    with database.cursor() as cursor:
        cursor.execute("SELECT secret FROM store_connection WHERE id = %s", [connection.pk])
        return str(cursor.fetchone()[0])


def test_a_secret_comes_back_only_when_revealed() -> None:
    made = make()
    assert made.secret.reveal() == TEXT
    read_back = Connection.objects.get(pk=made.pk)
    assert read_back.secret.reveal() == TEXT
    assert [str(read_back.secret), repr(read_back.secret), f"{read_back.secret}"] == [MASK] * 3


def test_the_column_is_sealed_and_names_its_key(home: Config) -> None:
    stored = column(make())
    assert TEXT not in stored
    assert Sealed(stored).key_id == keyring(home).ids[0]
    key = home.keys_file.read_text().splitlines()[-1]
    assert Sealed(stored).key_id not in key


def test_nothing_leaks(caplog: pytest.LogCaptureFixture) -> None:
    made = Connection.objects.get(pk=make().pk)
    fresh = Connection(name="New", secret=TEXT)
    with caplog.at_level(logging.DEBUG):
        for shown in (made, fresh):
            logging.getLogger("test").warning("%s %r %r %r", shown, shown, shown.secret, vars(shown))
    form = modelform_factory(Connection, fields=["name", "secret"])(instance=made)
    for text in (
        caplog.text,
        serializers.serialize("json", [made, fresh]),
        serializers.serialize("xml", [made]),
        serializers.serialize("python", [made]).__repr__(),
        form.as_p(),
        str(model_to_dict(made)),
        str(Connection.objects.values("secret")),
    ):
        assert TEXT not in text


def test_a_secret_is_not_pickled_nor_written_as_json() -> None:
    made = make()
    with pytest.raises(TypeError):
        pickle.dumps(made.secret)
    with pytest.raises(TypeError):
        pickle.dumps(Connection(name="New", secret=TEXT))
    with pytest.raises(TypeError):
        json.dumps({"secret": made.secret})
    assert TEXT.encode() not in pickle.dumps(Connection.objects.get(pk=made.pk))
    held = Secret(TEXT)
    assert copy.deepcopy(held) is copy.copy(held) is held


def test_a_sealed_text_does_not_open_in_another_row() -> None:
    ours, theirs = make("Ours"), make("Theirs", "another")
    Connection.objects.filter(pk=theirs.pk).update(secret=Sealed(column(ours)))
    with pytest.raises(Refused, match=f"The secret of connection {theirs.pk} belongs to another place"):
        Connection.objects.get(pk=theirs.pk).secret.reveal()


def test_plain_text_never_goes_into_a_statement() -> None:
    make()
    with pytest.raises(TypeError):
        Connection.objects.update(secret=TEXT)
    with pytest.raises(TypeError):
        Connection.objects.filter(secret=TEXT).exists()


def test_a_secret_can_be_changed_and_other_fields_without_it() -> None:
    made = make()
    before = column(made)
    part = Connection.objects.only("name").get(pk=made.pk)
    part.name = "Renamed"
    part.save(update_fields=["name"])
    assert column(made) == before
    assert part.secret.reveal() == TEXT
    whole = Connection.objects.get(pk=made.pk)
    whole.secret = Secret("changed")
    whole.save()
    whole.refresh_from_db()
    assert whole.secret.reveal() == "changed"
    whole.save()
    assert Connection.objects.get(pk=made.pk).secret.reveal() == "changed"


def test_validation_keeps_the_secret() -> None:
    made = Connection.objects.get(pk=make().pk)
    made.full_clean(exclude=["server", "checked_at"])
    made.save()
    assert Connection.objects.get(pk=made.pk).secret.reveal() == TEXT


def test_no_secret_is_no_secret() -> None:
    made = Connection.objects.get(pk=make(secret="").pk)
    assert (bool(made.secret), made.secret.reveal(), column(made)) == (False, "", "")
    assert bool(make("Other").secret)


def test_a_form_keeps_the_secret_when_its_input_is_blank() -> None:
    made = make()
    form_class = modelform_factory(Connection, fields=["name", "secret"])
    for given, expected in (("", TEXT), (" new-one ", "new-one")):
        form = form_class({"name": "Jira", "secret": given}, instance=Connection.objects.get(pk=made.pk))
        assert form.is_valid()
        form.save()
        assert Connection.objects.get(pk=made.pk).secret.reveal() == expected


def test_the_key_file_is_the_owners_alone(home: Config) -> None:
    first = keyring(home)
    assert home.keys_file.stat().st_mode & 0o777 == 0o600
    assert keyring(home).ids == first.ids
    assert [path.name for path in home.home.iterdir()] == ["keys"]
    home.keys_file.chmod(0o640)
    with pytest.raises(Refused, match="Others may read"):
        keyring(home)


def test_many_that_begin_at_once_agree_on_one_key(home: Config) -> None:
    found: list[tuple[str, ...]] = []
    barrier = threading.Barrier(8)

    def begin() -> None:
        barrier.wait(60)
        found.append(keyring(home).ids)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 8


def test_of_many_that_rotate_at_once_each_keeps_the_keys_of_the_others(home: Config) -> None:
    first = keyring(home).ids[0]
    begun = threading.Barrier(8)

    def add() -> str:
        begun.wait(60)
        return add_key(home)

    with ThreadPoolExecutor(8) as all_at_once:
        made = {one.result() for one in [all_at_once.submit(add) for _ in range(8)]}
    assert set(keyring(home).ids) == {first, *made}
    assert len(made) == 8


def test_keys_can_stand_in_the_environment(tmp_path: Path) -> None:
    new, old = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    before = read({"CROSSWALK_HOME": str(tmp_path), "CROSSWALK_KEYS": old})
    after = read({"CROSSWALK_HOME": str(tmp_path), "CROSSWALK_KEYS": f"{new}, {old}"})
    sealed = keyring(before).seal("here", TEXT)
    assert keyring(after).open("here", sealed) == TEXT
    assert new not in repr(keyring(after))
    assert not after.keys_file.exists()
    with pytest.raises(Refused, match="CROSSWALK_KEYS"):
        add_key(after)


def test_a_key_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"Fernet.*32 random bytes in URL-safe base64"):
        keyring(read({"CROSSWALK_HOME": str(tmp_path), "CROSSWALK_KEYS": "password"}))
    (tmp_path / "keys").write_text("# nothing\n")
    (tmp_path / "keys").chmod(0o600)
    with pytest.raises(Refused, match="no key"):
        keyring(read({"CROSSWALK_HOME": str(tmp_path)}))


def test_rotation_moves_every_secret_to_the_new_key(home: Config) -> None:
    first, second, empty = make("First"), make("Second", "other"), make("Empty", "")
    old = keyring(home).ids[0]
    new = add_key(home)
    assert Sealed(column(first)).key_id == old != new
    assert first.secret.reveal() == TEXT
    assert rotate_secrets() == 2
    assert {Sealed(column(row)).key_id for row in (first, second)} == {new}
    assert column(empty) == ""
    lines = home.keys_file.read_text().splitlines()
    home.keys_file.write_text("\n".join(lines[:2]) + "\n")
    assert keyring(home).ids == (new,)
    assert [Connection.objects.get(pk=row.pk).secret.reveal() for row in (first, second)] == [TEXT, "other"]


def test_rotation_changes_all_or_nothing(home: Config) -> None:
    first, second = make("First"), make("Second")
    home.keys_file.unlink()
    fresh = make("Fresh")
    before = [column(row) for row in (fresh, first, second)]
    with pytest.raises(Refused, match="is missing") as raised:
        rotate_secrets()
    assert "Enter the secret anew" in raised.value.remedy
    assert [column(row) for row in (fresh, first, second)] == before


def test_a_derived_key_depends_on_its_purpose(home: Config) -> None:
    keys = keyring(home)
    assert keys.derive("sessions") == keyring(home).derive("sessions") != keys.derive("hooks")
    assert len(keys.derive("sessions")) == 64


def test_a_failed_insert_loses_nothing_and_reveals_nothing() -> None:
    from django.db import IntegrityError

    make()
    with pytest.raises(IntegrityError) as raised:
        make()
    assert TEXT not in str(raised.value)


@pytest.mark.postgres
def test_models_of_former_tables_are_let_go_of() -> None:
    """A change of the tables makes every model anew, at each step: what listened for one of them kept all of them."""
    from django.db import connection

    loader = MigrationLoader(connection)
    before = len(post_save.receivers)
    former = [len(loader.project_state().apps.all_models["store"]) for _ in range(2)]
    gc.collect()
    post_save.connect(_nothing, dispatch_uid="looks which receivers live")
    post_save.disconnect(_nothing, dispatch_uid="looks which receivers live")
    assert former[0] == former[1] > 20
    assert len(post_save.receivers) <= before


def _nothing(**_: object) -> None:
    """Listens for nothing."""


def test_secrets_on_postgresql(postgresql: Config, home: Config) -> None:
    integration = make_integration()
    add_key(home)
    assert rotate_secrets() == 3
    assert integration.aha.secret.reveal() == "aha-key"
    assert secrets.keyring(home).ids[0] == Sealed(column(integration.aha)).key_id


def test_a_command_makes_a_key_and_moves_every_secret_to_it(tmp_path: Path) -> None:
    """A process of its own, as an operator runs it, on a home without keys."""
    lay(tmp_path / "home")
    known = {name: value for name, value in os.environ.items() if not name.startswith("CROSSWALK_")}
    surroundings = {**known, "CROSSWALK_HOME": str(tmp_path / "home")}
    asked = [sys.executable, "-m", "crosswalk", "rotate-secrets"]
    told = subprocess.run(asked, env=surroundings, capture_output=True, text=True, check=True, timeout=120)
    keys = [line for line in (tmp_path / "home/keys").read_text().splitlines() if not line.startswith("#")]
    assert len(keys) == 2
    assert Keyring(tuple(keys)).ids[0] in told.stdout
