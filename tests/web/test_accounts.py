"""People who sign in: invited by a link that works once, given roles, deactivated; the last owner stays."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from tests.web.conftest import PASSWORD

from crosswalk.errors import Refused
from crosswalk.store import invitations, roles
from crosswalk.store.models import Invitation
from crosswalk.store.roles import Role, role_of

NEW = "tram, lamp, thirty boats"


def _link(client: Any, name: str = "bob", role: str = "editor") -> str:
    page = client.post("/accounts/invite/", {"name": name, "role": role}, follow=True).content.decode()
    found = re.search(r'value="http://127\.0\.0\.1:8400(/join/[^"]+)"', page)
    assert found, page
    return found[1]


def _join(link: str, password: str = NEW) -> tuple[Any, Any]:
    browser = Client(SERVER_NAME="localhost")
    return browser, browser.post(link, {"new_password1": password, "new_password2": password})


def test_somebody_is_invited_and_comes_in_with_the_role(client: Any) -> None:
    link = _link(client)
    browser, answer = _join(link)
    assert answer.url == "/"
    assert browser.get("/").status_code == 200
    assert role_of(User.objects.get(username="bob")) is Role.EDITOR


def test_the_link_is_shown_once_and_is_not_in_the_database(client: Any) -> None:
    link = _link(client)
    assert link.encode() not in client.get("/accounts/").content
    row = Invitation.objects.get()
    assert row.digest not in link
    assert link.split("/")[2] not in str(vars(row))


def test_a_link_works_once(client: Any) -> None:
    link = _link(client)
    _join(link)
    browser, answer = _join(link, "another, quite long, one")
    assert answer.status_code == 404
    assert b"This link has ended" in answer.content
    assert browser.get("/").status_code == 302
    assert User.objects.get(username="bob").check_password(NEW)


def test_of_two_who_use_a_link_at_once_one_is_refused(alice: Any) -> None:
    code = invitations.invite("bob", Role.VIEWER, "alice", timezone.now())
    invitations.accept(code, NEW, timezone.now())
    with pytest.raises(Refused, match="used already"):
        invitations.accept(code, NEW, timezone.now())


def test_a_link_ends_after_seven_days_or_when_it_is_withdrawn(client: Any) -> None:
    link = _link(client)
    Invitation.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert _join(link)[1].status_code == 404
    link = _link(client, "carol")
    client.post(f"/accounts/invitations/{Invitation.objects.get(name='carol').pk}/withdraw/")
    assert _join(link)[1].status_code == 404


@pytest.mark.parametrize("name", ["alice", "ALICE", "", "a" * 151, "<b>bob</b>", "two words"])
def test_a_name_that_can_not_be_is_refused_beside_the_field(client: Any, name: str) -> None:
    answer = client.post("/accounts/invite/", {"name": name, "role": "viewer"})
    assert answer.status_code == 422
    assert b"errorlist" in answer.content
    assert b"<b>bob" not in answer.content
    assert not Invitation.objects.exists()


def test_a_role_that_is_none_is_refused(client: Any, as_role: Any) -> None:
    assert client.post("/accounts/invite/", {"name": "bob", "role": "king"}).status_code == 422
    as_role("viewer")
    vic = User.objects.get(username="vic")
    client.post(f"/accounts/{vic.pk}/", {"do": "role", "role": "king"})
    assert role_of(User.objects.get(username="vic")) is Role.VIEWER


def test_a_weak_password_is_refused_and_the_link_still_works(client: Any) -> None:
    link = _link(client)
    assert _join(link, "bob")[1].status_code == 422
    assert _join(link)[1].url == "/"


def test_a_role_changes_at_once_for_who_is_signed_in(client: Any, as_role: Any, integration: Any) -> None:
    viewer = as_role("viewer")
    path = f"/integrations/{integration.pk}/sync/"
    assert viewer.post(path).status_code == 403
    client.post(f"/accounts/{User.objects.get(username='vic').pk}/", {"do": "role", "role": "editor"})
    assert viewer.post(path).status_code == 302


def test_who_is_deactivated_is_out_at_once_and_can_not_sign_in(client: Any, as_role: Any) -> None:
    editor, eve = as_role("editor"), User.objects.get(username="eve")
    assert editor.get("/").status_code == 200
    client.post(f"/accounts/{eve.pk}/", {"do": "deactivate"})
    assert editor.get("/").status_code == 302
    answer = Client(SERVER_NAME="localhost").post("/login/", {"username": "eve", "password": PASSWORD})
    assert b"do not belong together" in answer.content
    client.post(f"/accounts/{eve.pk}/", {"do": "activate"})
    assert Client(SERVER_NAME="localhost").post("/login/", {"username": "eve", "password": PASSWORD}).url == "/"


@pytest.mark.parametrize("form", [{"do": "deactivate"}, {"do": "role", "role": "viewer"}])
def test_the_last_owner_stays_one(client: Any, alice: Any, as_role: Any, form: dict[str, str]) -> None:
    answer = client.post(f"/accounts/{alice.pk}/", form, follow=True)
    assert b"alice is the last owner" in answer.content
    assert list(roles.owners()) == [alice]
    as_role("editor")
    client.post(f"/accounts/{User.objects.get(username='eve').pk}/", {"do": "role", "role": "owner"})
    client.post(f"/accounts/{alice.pk}/", form)
    assert [owner.username for owner in roles.owners()] == ["eve"]


def test_an_owner_gives_a_link_for_a_new_password(client: Any, as_role: Any) -> None:
    editor, eve = as_role("editor"), User.objects.get(username="eve")
    page = client.post(f"/accounts/{eve.pk}/", {"do": "renew"}, follow=True).content.decode()
    found = re.search(r"/join/[^\"]+", page)
    assert found
    assert _join(found[0])[1].url == "/"
    assert editor.get("/").status_code == 302
    assert User.objects.get(username="eve").check_password(NEW)
    assert role_of(User.objects.get(username="eve")) is Role.EDITOR


def test_a_new_password_signs_out_everywhere_else(client: Any, alice: Any) -> None:
    elsewhere = Client(SERVER_NAME="localhost")
    elsewhere.post("/login/", {"username": "alice", "password": PASSWORD})
    assert elsewhere.get("/").status_code == 200
    before = client.session.session_key
    answer = client.post(
        "/me/password/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}, follow=True
    )
    assert b"signed out everywhere else" in answer.content
    assert elsewhere.get("/").status_code == 302
    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}, b"incorrectly"),
        ({"old_password": PASSWORD, "new_password1": NEW, "new_password2": "other"}, b"match"),
        ({"old_password": PASSWORD, "new_password1": "1234567890", "new_password2": "1234567890"}, b"too common"),
        ({}, b"required"),
    ],
)
def test_a_password_is_not_changed_by_a_faulty_form(client: Any, form: dict[str, str], said: bytes) -> None:
    answer = client.post("/me/password/", form)
    assert answer.status_code == 422
    assert said in answer.content
    assert User.objects.get(username="alice").check_password(PASSWORD)


def test_guessing_the_password_on_ones_own_page_is_slowed_too(client: Any) -> None:
    form = {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}
    assert [client.post("/me/password/", form).status_code for _ in range(6)] == [422, 422, 422, 422, 429, 429]
    assert client.post("/me/password/", {**form, "old_password": PASSWORD}).status_code == 429
    assert User.objects.get(username="alice").check_password(PASSWORD)


def test_signing_out_everywhere_else_keeps_this_browser(client: Any, alice: Any) -> None:
    elsewhere = Client(SERVER_NAME="localhost")
    elsewhere.post("/login/", {"username": "alice", "password": PASSWORD})
    assert b"1 other browser was signed out" in client.post("/me/sign-out/", follow=True).content
    assert elsewhere.get("/").status_code == 302
    assert client.get("/").status_code == 200


def test_signing_in_gives_the_session_another_key(stranger: Any) -> None:
    stranger.get("/login/")
    stranger.session["a"] = "b"
    stranger.session.save()
    stranger.post("/login/", {"username": "alice", "password": PASSWORD})
    first = stranger.session.session_key
    stranger.post("/logout/")
    stranger.post("/login/", {"username": "alice", "password": PASSWORD})
    assert stranger.session.session_key != first
