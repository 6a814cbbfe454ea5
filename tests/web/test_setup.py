"""First run: only who knows the setup code becomes the owner, and only once."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from tests.web.conftest import PASSWORD

from crosswalk.web.keys import setup_code


@pytest.fixture
def visitor(database: Any) -> Any:
    return Client(SERVER_NAME="localhost")


def _filled(**other: str) -> dict[str, str]:
    good = {"code": setup_code(settings.CONFIG), "username": "alice", "password1": PASSWORD, "password2": PASSWORD}
    return {**good, **other}


def test_every_page_leads_to_the_set_up_while_nobody_owns_it(visitor: Any) -> None:
    answer = visitor.get("/", follow=True)
    assert answer.redirect_chain[-1] == ("/setup/", 302)
    assert b"Welcome to Crosswalk" in answer.content


def test_the_code_is_not_on_the_page(visitor: Any) -> None:
    assert setup_code(settings.CONFIG).encode() not in visitor.get("/setup/").content


def test_the_link_on_the_console_fills_the_code_in(visitor: Any) -> None:
    code = setup_code(settings.CONFIG)
    page = visitor.get(f"/setup/?code={code}").content.decode()
    assert f'<input type="hidden" name="code" value="{code}"' in page, "there is nothing to type"
    assert '<label for="id_code">' in visitor.get("/setup/?code=11111").content.decode()


def test_with_the_code_the_owner_is_made_and_signed_in(visitor: Any) -> None:
    answer = visitor.post("/setup/", _filled(), follow=True)
    assert answer.redirect_chain == [("/", 302)]
    owner = User.objects.get()
    assert owner.username == "alice"
    assert owner.is_superuser
    assert owner.password.startswith("argon2$")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("code", "11111-22222-33333-44444", b"not the setup code"),
        ("code", "", b"This field is required"),
        ("username", "", b"This field is required"),
        ("password1", "", b"This field is required"),
        ("password2", "another one entirely", b"match"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_made(visitor: Any, field: str, value: str, says: bytes) -> None:
    answer = visitor.post("/setup/", _filled(**{field: value}))
    assert says in answer.content
    assert not User.objects.exists()


def test_a_short_password_is_refused(visitor: Any) -> None:
    answer = visitor.post("/setup/", _filled(password1="short", password2="short"))
    assert b"too short" in answer.content
    assert not User.objects.exists()


def test_the_second_visitor_can_not_claim_it(visitor: Any) -> None:
    visitor.post("/setup/", _filled())
    other = Client(SERVER_NAME="localhost")
    assert other.get("/setup/").url == "/login/"
    assert other.post("/setup/", _filled(username="mallory")).url == "/login/"
    assert User.objects.count() == 1
