"""Carries every row from one database to another, and proves that they are the same. Knows tables, not what rows mean.

Values are read as the models give them and written as the other database wants them. A secret stays sealed: its seal
names table, column and row, which are the same there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

from django.apps import apps
from django.db import DatabaseError, connections, models, transaction
from django.db.models import Max

from crosswalk.errors import Refused
from crosswalk.store import schema
from crosswalk.store.models import Job

PAGE: Final = 500
_REMEDY: Final = "Name an empty database."
_MADE_ANEW: Final = ("django_content_type", "auth_permission")
"""Tables that are filled when they are made, and are replaced by the source's."""


_NEXT: Final = "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)"


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows a table has, and a digest of what is in them."""

    rows: int
    digest: str


def tables() -> list[type[models.Model]]:
    """The models whose rows are carried: all but the engines' own, whose jobs are carried as jobs."""
    every = (one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy)
    return [one for one in every if one._meta.app_label != "procrastinate" and one is not Job]


def check_empty(alias: str) -> None:
    """Raises Refused where the database holds anything, other than Crosswalk's tables without rows.

    Some of those may be missing: a move that was cut off had only begun to make them.
    """
    there = connections[alias].introspection.table_names()
    if other := schema.foreign(alias):
        raise Refused(f"The target holds tables of something else, such as {other[0]}.", remedy=_REMEDY)
    if schema.newer(alias):
        raise Refused("The target holds tables of another version of Crosswalk.", remedy=_REMEDY)
    for model in tables():
        if (
            model._meta.db_table in there
            and model._meta.db_table not in _MADE_ANEW
            and model._base_manager.using(alias).exists()
        ):
            raise Refused(f"The target is not empty: {model._meta.db_table} has rows.", remedy=_REMEDY)


def copy(source: str, target: str) -> Iterator[tuple[str, int]]:
    """Copy every row; gives each table's name and how many rows it had. The caller keeps both in a transaction."""
    # Comes with the extra that PostgreSQL needs.
    from psycopg import sql

    with connections[target].cursor() as cursor:
        for name in reversed(_MADE_ANEW):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
    for model in tables():
        yield model._meta.db_table, _copy(model, source, target)
    _set_sequences(source, target)
    connections[target].check_constraints()


def _copy(model: type[models.Model], source: str, target: str) -> int:
    from psycopg import sql

    fields = model._meta.concrete_fields
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(field.column) for field in fields if field.column),
        sql.SQL(", ").join([sql.Placeholder()] * len(fields)),
    )
    rows, count = _rows(model, source), 0
    while page := list(islice(rows, PAGE)):
        _insert(target, statement, fields, page)
        count += len(page)
    return count


def _rows(model: type[models.Model], alias: str) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.concrete_fields]
    return iter(model._base_manager.using(alias).order_by("pk").values_list(*names).iterator(PAGE))


def _insert(target: str, statement: Any, fields: Sequence[Any], page: Sequence[tuple[Any, ...]]) -> None:
    """Insert a page of rows; where one is not taken, say which."""
    connection = connections[target]
    values = [
        [field.get_db_prep_save(value, connection=connection) for field, value in zip(fields, row, strict=True)]
        for row in page
    ]
    try:
        with transaction.atomic(target), connection.cursor() as cursor:
            cursor.executemany(statement, values)
    except DatabaseError as error:
        table = fields[0].model._meta.db_table
        if len(page) > 1:
            for row in page:
                _insert(target, statement, fields, [row])
        raise Refused(
            f"The target does not take the row {page[0][0]} of {table}: {str(error).splitlines()[0]}",
            remedy="Nothing was moved. Report this; until then Crosswalk goes on with the old database.",
        ) from error


def _set_sequences(source: str, target: str) -> None:
    """The next row's number follows the highest there ever was: a removed row's number is not given again."""
    given: dict[str, int] = {}
    if connections[source].vendor == "sqlite":
        with connections[source].cursor() as cursor:
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            given = dict(cursor.fetchall())
    for model in tables():
        pk = model._meta.pk
        if isinstance(pk, models.AutoField):
            highest = model._base_manager.using(source).aggregate(last=Max("pk"))["last"] or 0
            last = max(highest, given.get(model._meta.db_table, 0))
            with connections[target].cursor() as cursor:
                name = connections[target].ops.quote_name(model._meta.db_table)
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)", [name, pk.column, max(last, 1), last > 0]
                )


def sums(alias: str) -> dict[str, Sum]:
    """Count and digest of each table, by name: equal where the rows are, whatever database holds them."""
    found = {}
    for model in tables():
        digest, count = hashlib.sha256(), 0
        for row in _rows(model, alias):
            digest.update(json.dumps([_plain(value) for value in row], sort_keys=True).encode())
            count += 1
        found[model._meta.db_table] = Sum(count, digest.hexdigest())
    return found


def differing(one: dict[str, Sum], other: dict[str, Sum]) -> Iterable[str]:
    """The tables that are not the same."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def _plain(value: Any) -> Any:
    """A value as JSON, the same for what both databases hold. PostgreSQL writes 1e22 in a JSON column as an integer."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, str | int | float | None) else str(value)
