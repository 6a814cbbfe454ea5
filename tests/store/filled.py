"""Two rows in every table, whatever tables there are: each field gets a value of its kind that is not its default."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import models

TEXT = "Grüße 🌊 “quoted” \\ back\nline"
START = datetime(2026, 11, 24, 10, 0, 0, 123456, tzinfo=UTC)


def fill(tables: list[type[models.Model]], *, rows: int = 2) -> None:
    """Fill `tables` (in any order); whom a row points to is made first."""
    numbers = itertools.count(1)
    made: dict[type[models.Model], list[models.Model]] = {}

    def of(model: type[models.Model]) -> list[models.Model]:
        if model not in made:
            made[model] = []
            made[model] += [_row(model, next(numbers), index, of) for index in range(rows)]
        return made[model]

    for model in tables:
        of(model)


def _row(model: type[models.Model], number: int, index: int, of: Any) -> models.Model:
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.AutoField):
            values[field.attname] = 1000 + number  # apart from what a sequence would give
        elif isinstance(field, models.ForeignKey):
            there = of(field.related_model) if field.related_model is not model else []
            values[field.attname] = there[index].pk if there else None
        else:
            values[field.attname] = _value(field, number)
    row = model(**values)
    row.save(force_insert=True)
    return row


def _value(field: Any, number: int) -> Any:
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.BooleanField):
        return not field.default if isinstance(field.default, bool) else True
    if isinstance(field, models.DateTimeField):
        return START + timedelta(seconds=number)
    if isinstance(field, models.DateField):
        return date(2026, 11, 24) + timedelta(days=number)
    if isinstance(field, models.JSONField):
        return {"b": [1, 1.5, 1e22, None, True, TEXT], "a": {"z": number, "ä": ""}}
    if isinstance(field, models.BinaryField):
        return bytes(range(256)) + str(number).encode()
    if isinstance(field, models.FloatField):
        return 1_764_000_000.123456 + number
    if isinstance(field, models.IntegerField):
        small = isinstance(field, models.SmallIntegerField | models.PositiveSmallIntegerField)
        return number if small or not isinstance(field, models.BigIntegerField) else 2**53 + number
    if isinstance(field, models.GenericIPAddressField):
        return "192.0.2.7"
    text = f"{number} {TEXT}"
    return text[: field.max_length] if field.max_length else text
