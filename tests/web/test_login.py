"""Signing in and out; guessing is slowed down."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.conftest import PASSWORD


def _try(browser: Any, password: str, name: str = "alice", **more: str) -> Any:
    return browser.post("/login/", {"username": name, "password": password, **more})


def test_the_right_password_leads_home(stranger: Any) -> None:
    assert _try(stranger, PASSWORD).url == "/"
    assert stranger.get("/").status_code == 200


def test_it_leads_to_where_one_wanted_to_go(stranger: Any) -> None:
    assert _try(stranger, PASSWORD, next="/log/").url == "/log/"


@pytest.mark.parametrize("trap", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_it_never_leads_to_another_site(stranger: Any, trap: str) -> None:
    assert _try(stranger, PASSWORD, next=trap).url == "/"


def test_a_wrong_password_is_said_in_plain_words(stranger: Any) -> None:
    answer = _try(stranger, "wrong")
    assert b"do not belong together" in answer.content
    assert b"wrong" not in answer.content.split(b"<form")[1].split(b'name="next"')[0].split(b"password")[-1]


def test_after_five_wrong_ones_there_is_a_pause_even_for_the_right_one(stranger: Any) -> None:
    answers = [_try(stranger, f"wrong {number}") for number in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    answer = _try(stranger, PASSWORD)
    assert answer.status_code == 429
    assert b"Wait 5 minutes" in answer.content


def test_the_pause_is_for_that_name_only(stranger: Any) -> None:
    for number in range(5):
        _try(stranger, f"wrong {number}", name="bob")
    assert _try(stranger, PASSWORD).status_code == 302


def test_signing_out_needs_a_form(client: Any) -> None:
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").url == "/login/"
    assert client.get("/").status_code == 302
