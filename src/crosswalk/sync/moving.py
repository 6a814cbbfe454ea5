"""Moves an installation from SQLite to PostgreSQL: every row, every waiting job; or nothing at all.

The source is only read. What is carried is compared afterwards, table by table, before the target keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.db import OperationalError, connections, transaction

from crosswalk.config import Config
from crosswalk.errors import Refused
from crosswalk.store import schema, transfer
from crosswalk.store.database import databases
from crosswalk.store.locks import only_one
from crosswalk.store.models import Job

TARGET: Final = "target"


def move(home: Path, to: Config) -> Iterator[str]:
    """Move everything to the database of `to`; gives a line for each step. Raises Refused, and then nothing was moved.

    Django is set up on the source.
    """
    if connections["default"].vendor != "sqlite":
        raise Refused("The database is PostgreSQL already.", remedy="Use pg_dump and pg_restore to move it on.")
    if missing := schema.missing():
        raise Refused(
            f"The database is of an older version: {len(missing)} changes of its tables are to come.",
            remedy="Start this version once with the old database, stop it, and move then.",
        )
    _open(databases(to)["default"])
    with closing(only_one(home)):
        schema.check_encoding(TARGET)
        transfer.check_empty(TARGET)
        yield "The target is empty; its tables are made."
        call_command("migrate", database=TARGET, interactive=False, verbosity=0)
        # The first transaction keeps others from writing to the source meanwhile.
        with transaction.atomic(), transaction.atomic(TARGET):
            for table, rows in transfer.copy("default", TARGET):
                yield f"{rows:>10} {table}"
            yield f"{_jobs():>10} waiting jobs"
            before, after = transfer.sums("default"), transfer.sums(TARGET)
            if other := ", ".join(transfer.differing(before, after)):
                raise Refused(f"The copy is not the same in {other}. Nothing was moved.", remedy="Report this.")
        yield f"{sum(one.rows for one in after.values())} rows in {len(after)} tables: counts and digests are the same."
    connections[TARGET].close()


def _open(target: Mapping[str, Any]) -> None:
    connections.settings[TARGET] = connections.configure_settings({"default": dict(target)})["default"]
    try:
        connections[TARGET].ensure_connection()
    except OperationalError as error:
        raise Refused(
            f"The target does not answer: {str(error).splitlines()[0].rstrip('.')}.",
            remedy="Look at host, port, name, user and password of the address.",
        ) from None


def _jobs() -> int:
    """Have the target's engine do what waits here, or ran when this one was stopped. A key waits once."""
    import procrastinate
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from crosswalk.engine.procrastinate import TASK

    app = procrastinate.App(connector=DjangoConnector(alias=TARGET))
    jobs: dict[str, Job] = {}
    for job in Job.objects.order_by("-state", "due_at"):
        jobs.setdefault(job.key, job)
    for job in jobs.values():
        task = app.configure_task(
            TASK,
            lock=job.key,
            queueing_lock=job.key,
            queue=job.kind,
            priority=job.priority,
            schedule_at=job.due_at,
        )
        task.defer(key=job.key, kind=job.kind, tries=job.tries)
    return len(jobs)
