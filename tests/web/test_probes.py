"""What machines ask: alive, ready and why not, counted; and who may read the counts."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests import postgres
from tests.fixtures_store import make_integration, make_pair
from tests.web.test_hooks import Answer, Sender

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
OPERATE = Path(__file__).resolve().parents[2] / "docs/how-to/operate.md"
# https://prometheus.io/docs/instrumenting/exposition_formats/, written down once more and apart from what writes it
LABEL = r'[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"([a-zA-Z_:][\w:]*)(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?[\d.]+(?:e[+-]\d+)?)")


class Working:
    """An engine that says how many workers there are."""

    def __init__(self, workers: int = 1) -> None:
        self.count = workers

    def workers(self) -> int:
        return self.count

    def stats(self) -> Any:
        from crosswalk.engine.port import Stats

        return Stats(3, 2, 1, 4.5)


@pytest.fixture
def engine() -> Working:
    return Working()


@pytest.fixture
def ask(database: Any, engine: Working) -> Iterator[Sender]:
    from crosswalk.web.probes import Probes

    loop = asyncio.new_event_loop()
    probes: Any = Probes(engine, lambda: NOW)
    yield Sender(probes, loop)
    loop.close()
    probes.close()


def get(ask: Sender, path: str, **headers: str) -> Answer:
    return ask(path, method="GET", **headers)


def token(role: str = "viewer") -> str:
    from django.contrib.auth.models import User

    from crosswalk.store import tokens

    user = User.objects.create(username="prometheus")
    return tokens.make(user, "watching", role, NOW + timedelta(days=1), NOW)


def samples(text: str) -> dict[str, dict[str, float]]:
    """Values by name and labels; every line must be one that Prometheus reads."""
    found: dict[str, dict[str, float]] = {}
    for line in text.splitlines():
        if not re.fullmatch(r"# (HELP|TYPE) crosswalk_\w+ .+", line):
            match = SAMPLE.fullmatch(line)
            assert match, line
            values = found.setdefault(match[1], {})
            assert (match[2] or "") not in values, f"twice: {line}"
            values[match[2] or ""] = float(match[3])
    return found


def test_a_process_that_answers_lives_whatever_its_database_does(ask: Sender, engine: Working) -> None:
    engine.count = 0
    assert get(ask, "/healthz").status == 200


def test_ready_names_each_part(ask: Sender) -> None:
    answer = get(ask, "/readyz")
    assert (answer.status, json.loads(answer.body)) == (
        200,
        {"ready": True, "database": "ok", "migrations": "ok", "keys": "ok", "worker": "ok"},
    )


def _no_worker(engine: Working) -> None:
    engine.count = 0


def _tables_of_yesterday(_: Working) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="store").order_by("-id")[:1].get().delete()


def _tables_of_tomorrow(_: Working) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.create(app="store", name="9999_tomorrow")


def _another_key(_: Working) -> None:
    from cryptography.fernet import Fernet

    from crosswalk.store.models import Connection
    from crosswalk.store.secrets import Keyring, Sealed

    made = Connection.objects.create(name="Jira", kind="jira", address="https://jira.test", secret="a token")
    place = Connection._meta.get_field("secret").place(made)
    sealed = Keyring((Fernet.generate_key().decode(),)).seal(place, "a token")
    Connection.objects.filter(pk=made.pk).update(secret=Sealed(sealed))


@pytest.mark.parametrize(
    ("flag", "free", "says"),
    [
        (0, 300, ""),
        (0, 255, "the disk of the database is full"),
        (os.ST_RDONLY, 300, "the disk of the database is read-only"),
    ],
)
def test_a_disk_that_takes_nothing_is_not_ready(tmp_path: Path, flag: int, free: int, says: str) -> None:
    from crosswalk.sync.readiness import disk

    here = os.statvfs(tmp_path)
    shown = os.statvfs_result((here.f_bsize, 4096, 10_000, 500, free, 0, 0, 0, flag, 255))
    assert disk(tmp_path, lambda _: shown) == says


@pytest.mark.postgres
def test_a_server_that_only_lets_itself_be_read_is_not_ready(postgresql: Any, engine: Any) -> None:
    from django.db import connection

    from crosswalk.sync.readiness import readiness

    assert readiness(engine)["database"] == ""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    found = readiness(engine)
    assert found == {"database": "the database can only be read", "migrations": "", "keys": "", "worker": ""}


@pytest.mark.postgres
def test_a_server_that_was_read_only_for_a_while_is_written_to_afterwards(engine: Any) -> None:
    """As a cloud's is while its disk is all but full, or one that another took over from; what was opened stays so."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import OperationalError, connection
    from tests.django_setup import on_postgresql

    from crosswalk.sync.readiness import readiness

    with on_postgresql() as config:
        name, hands = config.database.name, postgres.server()
        hands.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        connection.close()
        assert readiness(engine)["database"] == "the database can only be read"
        with pytest.raises(OperationalError, match="read-only"):
            ContentType.objects.create(app_label="a", model="b")
        hands.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        ContentType.objects.create(app_label="a", model="b")
        assert readiness(engine)["database"] == ""


@pytest.mark.parametrize(
    ("broken", "part", "says"),
    [
        (_no_worker, "worker", "no worker gave a sign of life lately"),
        (_tables_of_yesterday, "migrations", "the tables are those of an older version"),
        (_tables_of_tomorrow, "migrations", "a newer version changed the tables"),
        (_another_key, "keys", "a stored secret does not open with the keys that are here"),
    ],
)
def test_what_is_not_ready_is_named_and_nothing_else(
    ask: Sender, engine: Working, broken: Any, part: str, says: str
) -> None:
    broken(engine)
    answer = get(ask, "/readyz")
    told = json.loads(answer.body)
    assert answer.status == 503
    assert {name: words for name, words in told.items() if words not in ("ok", True)} == {"ready": False, part: says}


def test_a_part_can_be_left_out(ask: Sender, engine: Working) -> None:
    engine.count = 0

    async def asked() -> tuple[int, Any]:
        status, told = await ask.door._ready(frozenset({"worker"}))
        return status, told

    status, told = ask.loop.run_until_complete(asked())
    assert (status, told["ready"], "worker" in told) == (200, True, False)


def test_a_database_that_does_not_answer_is_told(ask: Sender, tmp_path: Any) -> None:
    from tests.django_setup import using

    from crosswalk.config import read
    from crosswalk.store.database import databases

    nobody = read({"CROSSWALK_DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/none"})
    with using(databases(nobody)["default"]):
        answer = get(ask, "/readyz")
        metrics = get(ask, "/metrics", authorization="Bearer cw_x")
    assert answer.status == metrics.status == 503
    assert json.loads(answer.body)["database"] == "the database does not answer"
    assert b"nobody" not in answer.body


def test_pages_and_programs_are_told_to_come_again_while_it_does_not_answer(database: Any) -> None:
    from django.test import Client
    from tests.django_setup import using

    from crosswalk.config import read
    from crosswalk.store.database import databases

    nobody = read({"CROSSWALK_DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/none"})
    browser = Client(SERVER_NAME="localhost", raise_request_exception=False)
    with using(databases(nobody)["default"]):
        page = browser.get("/", HTTP_COOKIE=f"crosswalk_session={'a' * 32}")
        program = browser.get("/api/v1/me", HTTP_AUTHORIZATION="Bearer cw_x")
    for answer in (page, program):
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert b"database does not answer" in answer.content
        assert b"nobody" not in answer.content
    assert program["Content-Type"] == "application/problem+json"


def test_metrics_want_a_token(ask: Sender) -> None:
    text = token()
    for given in ({}, {"authorization": "Bearer cw_wrong"}, {"authorization": f"Basic {text}"}):
        answer = get(ask, "/metrics", **given)
        assert answer.status == 401
        assert b"crosswalk_" not in answer.body
    assert get(ask, "/metrics", authorization=f"Bearer {text}").status == 200


def test_a_token_that_only_sends_shows_no_metrics(ask: Sender) -> None:
    told = get(ask, "/metrics", authorization=f"Bearer {token('sender')}")
    assert told.status == 403
    assert b"crosswalk_" not in told.body


def test_metrics_say_what_there_is(ask: Sender) -> None:
    from crosswalk.store.models import HookDelivery, RequestEntry

    one = make_integration('The "long" \\ way\nround')
    for number, state in enumerate(("agreed", "agreed", "parked")):
        make_pair(one, NOW - timedelta(seconds=30 * number), state=state, dirty=1, done=int(state == "agreed"), fence=5)
    HookDelivery.objects.create(side="jira", identifier="1", received_at=NOW - timedelta(seconds=7), body=b"{}")
    for status, ago in ((200, 10), (204, 20), (503, 30), (0, 40), (200, 400)):
        RequestEntry.objects.create(
            at=NOW.timestamp() - ago,
            account="jira jira.test",
            connection=one.jira,
            status=status,
            seconds=0.5,
            error="" if status in (200, 204) else "broke",
        )
    answer = get(ask, "/metrics", authorization=f"Bearer {token()}")
    found = samples(answer.body.decode())
    name = r'integration="The \"long\" \\ way\nround"'
    assert found["crosswalk_pairs"] == {f'{name},state="agreed"': 2, f'{name},state="parked"': 1}
    assert found["crosswalk_runs_total"] == {name: 15}
    assert (found["crosswalk_pairs_due"][""], found["crosswalk_pairs_due_seconds"][""]) == (1, 60)
    assert (found["crosswalk_hooks_waiting"][""], found["crosswalk_hooks_waiting_seconds"][""]) == (1, 7)
    jira = one.jira.name.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    by_status = {"2xx": 2, "5xx": 1, "none": 1}
    assert found["crosswalk_requests"] == {f'connection="{jira}",status="{k}"': v for k, v in by_status.items()}
    assert found["crosswalk_requests_seconds"][f'connection="{jira}",status="2xx"'] == 1
    assert sum(found["crosswalk_requests_failed"].values()) == 2
    assert found["crosswalk_budget_left"][f'connection="{jira}",seconds="1"'] == 40
    assert found["crosswalk_jobs"] == {'state="ready"': 3, 'state="delayed"': 2, 'state="running"': 1}
    assert (found["crosswalk_jobs_late_seconds"][""], found["crosswalk_workers"][""]) == (4.5, 1)
    assert b"jira-key" not in answer.body


def test_pairs_that_differ_in_a_field_though_in_step_are_counted(ask: Sender) -> None:
    one, _ = make_integration("Boats"), make_integration("Bells")
    for fields in ({}, {}, {"apart": None}, {"dirty": 2}, {"held": "paused"}, {"state": "asking"}):
        make_pair(one, NOW, **{"state": "agreed", "dirty": 1, "done": 1, "apart": ["Status"], **fields})
    found = samples(get(ask, "/metrics", authorization=f"Bearer {token()}").body.decode())
    assert found["crosswalk_pairs_excepted"] == {'integration="Boats"': 2, 'integration="Bells"': 0}


def test_the_docs_name_every_metric(ask: Sender) -> None:
    make_integration("Boats")
    found = samples(get(ask, "/metrics", authorization=f"Bearer {token()}").body.decode())
    rows = [line for line in OPERATE.read_text("utf-8").splitlines() if line.startswith("| `crosswalk_")]
    told, whole = {"crosswalk_info"}, ""
    for name in re.findall(r"`([.a-z_]+)[{}a-z,]*`", "".join(row.split("|")[1] for row in rows)):
        whole = whole if "..." in name else name
        told.add(name.replace("...", whole))
    assert found.keys() - told == set()
    assert len(found) > 10


def test_other_methods_are_refused(ask: Sender) -> None:
    assert ask("/healthz", method="POST").status == 405
