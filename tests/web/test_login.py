"""Signing in and out; guessing is slowed down."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import RequestFactory
from django.utils import timezone
from tests.web.conftest import PASSWORD

from crosswalk.web import throttle, visitor


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


@pytest.mark.parametrize("name", ["al\0ice", "a" * 151, "a" * 30_000])
def test_a_name_that_no_table_can_hold_is_a_wrong_one(stranger: Any, name: str) -> None:
    answer = _try(stranger, PASSWORD, name)
    assert answer.status_code == 200
    assert b"do not belong together" in answer.content
    assert not AccessAttempt.objects.exists()


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


def _wrong(many: int, **where: str) -> None:
    """Wrong passwords as axes keeps them, one row each."""
    for number in range(many):
        given = {"username": f"name {number}", "ip_address": f"192.0.2.{number}", **where}
        AccessAttempt.objects.create(
            **given,
            user_agent=str(number),
            attempt_time=timezone.now(),
            failures_since_start=1,
            get_data="",
            post_data="",
        )


@pytest.mark.parametrize(("wrong", "status"), [(29, 302), (30, 429)])
def test_one_address_may_not_try_many_names(stranger: Any, wrong: int, status: int) -> None:
    _wrong(wrong, ip_address="127.0.0.1")
    assert _try(stranger, PASSWORD).status_code == status


@pytest.mark.parametrize(
    ("before", "now", "status"),
    [
        ("2001:db8:1:2:3::{:x}", "2001:db8:1:2:ffff::1", 429),
        ("2001:db8:1:2::{:x}", "2001:db8:1:3::1", 302),
        ("::ffff:192.0.2.{0}", "::ffff:192.0.2.77", 302),
    ],
)
def test_one_network_of_ipv6_may_not_try_many_names(
    stranger: Any, settings_with: Any, before: str, now: str, status: int
) -> None:
    """Whoever has one address there has as many as they like."""
    with settings_with(proxies=1):
        for number in range(throttle.FROM_ONE_ADDRESS):
            wrong = {"username": f"name {number}", "password": "wrong"}
            stranger.post("/login/", wrong, headers={"X-Forwarded-For": before.format(number + 1)})
        form = {"username": "alice", "password": PASSWORD}
        assert stranger.post("/login/", form, headers={"X-Forwarded-For": now}).status_code == status


@pytest.mark.parametrize(("wrong", "status"), [(49, 302), (50, 429)])
def test_many_addresses_may_not_try_one_name(stranger: Any, wrong: int, status: int) -> None:
    _wrong(wrong, username="alice")
    assert _try(stranger, PASSWORD).status_code == status


def test_a_pause_ends(stranger: Any) -> None:
    _wrong(60, username="alice")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=5, seconds=1))
    assert _try(stranger, PASSWORD).status_code == 302


def test_a_browser_that_signed_in_before_is_not_locked_out_by_strangers(stranger: Any) -> None:
    _try(stranger, PASSWORD)
    stranger.post("/logout/")
    _wrong(60, username="alice")
    assert _try(stranger, PASSWORD).status_code == 302
    stranger.cookies["crosswalk_known"] = "forged:1:x"
    stranger.post("/logout/")
    assert _try(stranger, PASSWORD).status_code == 429


def test_a_known_browser_is_known_for_its_person_only(stranger: Any) -> None:
    _try(stranger, PASSWORD)
    stranger.post("/logout/")
    _wrong(60, username="bob")
    assert _try(stranger, "x", name="bob").status_code == 429


def test_the_answer_is_the_same_whether_or_not_somebody_has_the_name(stranger: Any) -> None:
    answers = [_try(stranger, "wrong", name=name) for name in ("alice", "nobody")]
    pages = [
        re.sub(r'value="[^"]*"', "", answer.content.decode().replace("alice", "X").replace("nobody", "X"))
        for answer in answers
    ]
    assert pages[0] == pages[1]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_the_cookies_are_not_sent_from_other_sites_nor_shown_to_scripts(stranger: Any) -> None:
    stranger.get("/login/")
    _try(stranger, PASSWORD)
    assert set(stranger.cookies) == {"crosswalk_session", "crosswalk_csrf", "crosswalk_known"}
    for cookie in stranger.cookies.values():
        assert cookie["samesite"] == "Strict"
        assert cookie["httponly"]


FOLLOWED = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.mark.postgres
@pytest.mark.parametrize("cookie", ['"aaaaaaaaaa\\000"', '"aaaaaaaa\\377\\376"', "a" * 4000, "../../aaaaaaa"])
def test_a_cookie_that_no_session_has_is_none(postgresql: Any, cookie: str) -> None:
    """Quoted, a cookie may hold NUL, by which PostgreSQL can not be asked."""
    from django.contrib.auth.models import User
    from django.test import Client

    User.objects.create_user("alice")
    browser = Client(SERVER_NAME="localhost")
    assert browser.get("/login/", HTTP_COOKIE=f"crosswalk_session={cookie}").status_code == 200
    assert browser.get("/", HTTP_COOKIE=f"crosswalk_session={cookie}").status_code == 302


def test_a_link_from_another_site_is_opened_once_more_so_that_the_cookie_comes_along(stranger: Any) -> None:
    answer = stranger.get("/log/?q=x", headers=FOLLOWED)
    assert answer.status_code == 200
    assert b'http-equiv="refresh" content="0"' in answer.content
    assert b'href="/log/?q=x"' in answer.content
    assert stranger.get("/log/", headers={**FOLLOWED, "Sec-Fetch-Site": "same-origin"}).status_code == 302
    assert stranger.post("/log/", headers=FOLLOWED).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "nonsense", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_behind_proxies_the_address_is_the_one_our_own_proxy_heard(
    settings_with: Any, proxies: int, forwarded: str, address: str
) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
    with settings_with(proxies=proxies):
        assert visitor.address(request) == address


def test_signing_out_needs_a_form(client: Any) -> None:
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").url == "/login/"
    assert client.get("/").status_code == 302
