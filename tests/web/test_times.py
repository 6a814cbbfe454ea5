"""Times on pages: relative, with the exact one on hover. No template writes a moment in another way.

tests/pages/look.js asks every page in a browser for the same.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from django.apps import apps
from django.db.models import DateField

import crosswalk.web
from crosswalk.web.templatetags.crosswalk import ago

TEMPLATES = sorted((Path(crosswalk.web.__file__).parent / "templates").rglob("*.html"))
WRITTEN = re.compile(r"{{(.*?)}}|{%(?! ago | if | elif | with | include | ending )(.*?)%}")
OTHERWISE = {"acts.html: asked.since|date:'Y-m-d'", "deletions_answer.html: one.last"}
"""What a person wrote into a form, which shows it again; and a number that a form carries."""


def moments() -> set[str]:
    """What moments are called in tables and in what pages are made of."""
    found = {field.name for model in apps.get_models() for field in model._meta.fields if isinstance(field, DateField)}
    for package in ("crosswalk.web", "crosswalk.web.views", "crosswalk.sync", "crosswalk.store"):
        for module in iter_modules(import_module(package).__path__, f"{package}."):
            for kind in vars(import_module(module.name)).values():
                if isinstance(kind, type) and is_dataclass(kind):
                    found |= {one.name for one in fields(kind) if str(one.type).startswith("datetime")}
    return found


def test_no_template_writes_a_moment_by_itself() -> None:
    names = moments()
    assert {"at", "agreed_at", "finished_at", "since"} <= names
    wrong, shown = set(), 0
    for template in TEMPLATES:
        text = template.read_text("utf-8")
        shown += text.count("{% ago ")
        for found in WRITTEN.finditer(text):
            said = (found[1] or found[2] or "").strip()
            if re.search(rf"\.({'|'.join(names)})\b", said):
                wrong.add(f"{template.name}: {said}")
    assert wrong == OTHERWISE
    assert shown >= 50


@pytest.mark.parametrize(
    ("before", "says"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(seconds=59), "(59 s|1 min) ago"),
        (timedelta(hours=5, minutes=59), "5 h ago"),
        (timedelta(days=1, hours=2), "1 day ago"),
        (timedelta(days=40), "40 days ago"),
        (timedelta(minutes=-10, seconds=-20), "in 10 min"),
        (timedelta(days=-7), "in 7 days"),
    ],
)
def test_a_time_is_relative_and_exact_on_hover(before: timedelta, says: str) -> None:
    moment = datetime.now(UTC) - before
    exact = f"{moment:%A %d %B %Y, %H:%M:%S} UTC"
    stamp = moment.isoformat(timespec="seconds")
    # A moment passes in between, on a machine that is busy.
    assert re.fullmatch(
        f'<time datetime="{re.escape(stamp)}" title="{re.escape(exact)}" data-ago>{says}</time>', ago(moment)
    )


def test_what_never_was_says_so() -> None:
    assert ago(None) == "never"
