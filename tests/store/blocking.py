"""Which operations of a migration stand in the way of an upgrade without a stop: of old processes, or of everybody.

On PostgreSQL old processes go on working while a new one changes the tables (docs/how-to/upgrade.md). What they insert
knows nothing of new columns; what they read must still be there; and a table that is rewritten, or indexed in the usual
way, takes no write meanwhile (https://www.postgresql.org/docs/current/sql-altertable.html).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import migrations
from django.db.models.fields import NOT_PROVIDED


def faults(migration: migrations.Migration) -> Iterator[str]:
    """Each operation that stands in the way, and what to do instead."""
    made = {one.name.lower() for one in migration.operations if isinstance(one, migrations.CreateModel)}
    for one in migration.operations:
        about = getattr(one, "model_name", getattr(one, "name", "")) or ""
        if about.lower() not in made and (why := _why(one)):
            yield f"{migration.name}: {one.describe()}: {why}"


def _why(one: object) -> str:
    if isinstance(one, migrations.AddField):
        free = one.field.null or one.field.db_default is not NOT_PROVIDED
        return "" if free else "old processes insert rows without it: give it null=True or a db_default"
    if isinstance(one, migrations.RemoveField | migrations.DeleteModel):
        return "old processes still use it: remove it a version after its last use"
    if isinstance(one, migrations.RenameField | migrations.RenameModel | migrations.AlterModelTable):
        return "old processes know it by its old name: add a new one beside it"
    if isinstance(one, migrations.AlterField):
        return "the table may be rewritten: add a field beside it"
    if isinstance(one, migrations.AddIndex | migrations.AlterUniqueTogether):
        # AddIndexConcurrently is an AddIndex, too.
        gentle = type(one).__name__ == "AddIndexConcurrently"
        return "" if gentle else "nobody writes while it is made: make it CONCURRENTLY"
    if isinstance(one, migrations.AddConstraint):
        gentle = type(one).__name__ == "AddConstraintNotValid"
        return "" if gentle else "nobody writes while rows are checked: add it NOT VALID, and check later"
    if isinstance(one, migrations.RunPython | migrations.RunSQL):
        return "it holds what it touches until all is done: do it in small pieces from the engine"
    return ""
