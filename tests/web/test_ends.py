"""When tokens end: entered by a person, told by Data Center, a year after a consent; warned about 30 days before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from crosswalk.jira import pat
from crosswalk.store.grant_models import Grant
from crosswalk.store.models import Connection
from crosswalk.sync import ends

TODAY = date(2026, 11, 25)
CLOUD = {"flavour": "cloud"}
DC = {"flavour": "datacenter"}


def made(**fields: Any) -> Connection:
    given = {"name": "Sea", "kind": "jira", "address": "https://sea.test", "user": "a@sea.test", "secret": "t0ken"}
    return Connection.objects.create(**{**given, **fields})


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("fields", "on"),
    [
        ({}, None),
        ({"ends_on": in_days(9)}, in_days(9)),
        ({"ends_on": in_days(9), "server": CLOUD}, in_days(9)),
        ({"ends_on": in_days(9), "server": DC}, None),
        ({"ends_on": in_days(9), "server": DC, "user": ""}, in_days(9)),
        ({"ends_on": in_days(9), "server": {**DC, "ends": "2026-12-01", "tokens": 1}, "user": ""}, date(2026, 12, 1)),
        ({"server": {**DC, "ends": "", "tokens": 1}, "user": ""}, None),
    ],
)
def test_what_is_known_of_an_end(database: Any, fields: dict[str, Any], on: date | None) -> None:
    end = ends.end_of(made(**fields), TODAY)
    assert (end and end.on) == on


@pytest.mark.parametrize(
    ("fields", "flavour", "on"),
    [
        ({}, "cloud", in_days(365)),
        ({"ends_on": in_days(9)}, "cloud", in_days(9)),
        ({}, "datacenter", None),
        ({"kind": "aha"}, "", None),
    ],
)
def test_a_token_of_cloud_ends_a_year_after_the_test_at_most(
    database: Any, fields: dict[str, Any], flavour: str, on: date | None
) -> None:
    assert ends.reckoned(made(**fields), flavour, TODAY) == on


def test_a_consent_to_an_app_of_atlassians_ends_after_a_year_and_one_to_aha_does_not(database: Any, clock: Any) -> None:
    jira, aha = made(ends_on=TODAY), made(name="Aha!", kind="aha")
    for connection in (jira, aha):
        Grant.objects.create(connection=connection, client_id="id", granted_at=clock())
    assert ends.reckoned(made(name="Asked", server=CLOUD), "cloud", TODAY) == in_days(365)
    jira.ends_on = None
    assert ends.reckoned(jira, "cloud", TODAY) is None
    end = ends.end_of(jira, TODAY)
    assert end is not None
    assert end.on == clock().date() + timedelta(days=365)
    assert "Sign in again" in end.remedy
    assert ends.end_of(aha, TODAY) is None


@pytest.mark.parametrize(
    ("days", "near", "over", "words"),
    [
        (31, False, False, "ends in 31 days"),
        (30, True, False, "ends in 30 days"),
        (1, True, False, "ends in 1 day"),
        (0, True, False, "ends today"),
        (-1, True, True, "ended 1 day ago"),
        (-40, True, True, "ended 40 days ago"),
    ],
)
def test_it_is_warned_about_from_thirty_days_before(
    database: Any, days: int, near: bool, over: bool, words: str
) -> None:
    end = ends.end_of(made(ends_on=in_days(days)), TODAY)
    assert end is not None
    assert (end.near, end.over, end.words) == (near, over, words)
    assert [one.on for one in ends.near(TODAY)] == ([end.on] if near else [])


def test_the_nearest_end_comes_first(database: Any) -> None:
    for name, days in (("Later", 20), ("Sooner", 3), ("Over", -2), ("Far", 90)):
        made(name=name, ends_on=in_days(days))
    assert [end.connection.name for end in ends.near(TODAY)] == ["Over", "Sooner", "Later"]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ([], (None, 0)),
        ({"errorMessages": []}, (None, 0)),
        ([{"id": 1, "name": "a", "expiringAt": "2027-03-08T15:46:08.449Z"}], (date(2027, 3, 8), 1)),
        ([{"id": 1, "expiringAt": 1804520768449}], (date(2027, 3, 8), 1)),
        ([{"id": 1}], (None, 1)),
        ([{"id": 1}, {"expiringAt": "2027-03-08T15:46:08.449Z"}, {"expiringAt": "2026-12-01T00:00:00.000+0100"}],
         (date(2026, 11, 30), 3)),
        ([{"id": 1, "expiringAt": "some day"}, "nothing"], (None, 1)),
    ],
)  # fmt: skip
def test_what_data_center_tells_of_tokens(answer: Any, found: tuple[date | None, int]) -> None:
    assert pat.read(answer) == found


# ---- pages


def form(**changed: str) -> dict[str, str]:
    given = {"name": "Sea", "address": "https://sea.test", "user": "a@sea.test", "secret": "t0ken", "authority": ""}
    return {**given, **changed}


def stored() -> Connection:
    return Connection.objects.get(name="Sea")


def test_no_end_is_presumed_before_it_is_known_what_signs_in(client: Any) -> None:
    year = timezone.now().date() + timedelta(days=365)
    page = client.get("/connections/new/jira/").content.decode()
    assert 'name="ends_on"' in page
    assert f"{year:%Y-%m-%d}" not in page
    assert 'name="ends_on"' not in client.get("/connections/new/aha/").content.decode()
    client.post("/connections/new/jira/", form(ends_on=f"{year - timedelta(days=300):%Y-%m-%d}"))
    assert stored().ends_on == year - timedelta(days=300)


@pytest.mark.parametrize(("value", "says"), [("2020-01-01", "That day has passed"), ("soon", "Enter a valid date")])
def test_a_day_that_can_not_be_meant_is_said(client: Any, value: str, says: str) -> None:
    answer = client.post("/connections/new/jira/", form(ends_on=value))
    assert answer.status_code == 422
    assert says in answer.content.decode().split('name="ends_on"')[1].split("</div>")[0]


def test_a_new_token_with_the_old_day_ends_a_year_from_now(client: Any) -> None:
    today = timezone.now().date()
    client.post("/connections/new/jira/", form(ends_on=f"{today:%Y-%m-%d}"))
    one = stored()
    version = {"version": one.updated_at.isoformat(), "ends_on": f"{today:%Y-%m-%d}"}
    client.post(f"/connections/{one.pk}/", form(secret="", **version))
    assert stored().ends_on == today
    version["version"] = stored().updated_at.isoformat()
    client.post(f"/connections/{one.pk}/", form(secret="another", **version))
    assert stored().ends_on == today + timedelta(days=365)


def day(away: int, words: str) -> str:
    """How far away a day is, and on hover which it is."""
    on = timezone.now().date() + timedelta(days=away)
    return f'<time datetime="{on}" title="{on:%A %d %B %Y}">{words}</time>'


def test_home_the_list_and_the_connection_say_it_in_words_and_shape(client: Any) -> None:
    soon = made(ends_on=timezone.now().date() + timedelta(days=12))
    made(name="Far", ends_on=timezone.now().date() + timedelta(days=200))
    home = client.get("/").content.decode()
    assert 'class="trouble mild"' in home
    assert f"Sea</a> {day(12, 'ends in 12 days')}." in home
    assert "200 days" not in home
    for address in ("/connections/", f"/connections/{soon.pk}/"):
        page = client.get(address).content.decode()
        assert f"The token {day(12, 'ends in 12 days')}" in page, address
        assert 'class="state warn"' in page
        assert "200 days" not in page
    soon.ends_on = timezone.now().date() - timedelta(days=2)
    soon.save()
    page = client.get("/").content.decode()
    assert f"Sea</a> {day(-2, 'ended 2 days ago')}." in page
    assert 'class="trouble"' in page
    assert 'class="state bad"' in client.get("/connections/").content.decode()
    far = client.get(f"/connections/{Connection.objects.get(name='Far').pk}/").content.decode()
    assert f"The token {day(200, 'ends in 200 days')}" in far
