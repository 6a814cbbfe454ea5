"""Connections: entered, checked field by field, tested; a secret goes in and never comes out."""

from __future__ import annotations

import re
from typing import Any

import pytest

GOOD = {
    "name": "Sea",
    "address": "https://sea.atlassian.example/",
    "user": "alice@example.com",
    "secret": "t0ken",
    "authority": "",
}

BEGUN = "-----BEGIN CERTIFICATE-----"


def _connections() -> Any:
    from crosswalk.store.models import Connection

    return Connection.objects


def _good(connection: Any) -> dict[str, str]:
    """A form that was opened just now."""
    return {**GOOD, "version": connection.updated_at.isoformat()}


def test_the_empty_list_says_the_next_step(client: Any) -> None:
    assert b"No connections yet" in client.get("/connections/").content


def test_a_new_one_is_kept_and_then_tested(client: Any) -> None:
    answer = client.post("/connections/new/jira/", GOOD)
    made = _connections().get()
    assert answer.url == f"/connections/{made.pk}/?test=now"
    assert made.address == "https://sea.atlassian.example"
    assert made.secret.reveal() == "t0ken"
    page = client.get(answer.url).content
    assert b'hx-trigger="load, submit"' in page
    assert b"Without script it begins when you press Test connection." in page
    assert b"Without script" not in client.get(f"/connections/{made.pk}/").content
    assert b"t0ken" not in page


def test_an_address_of_the_cloud_wants_the_owner_of_the_token(client: Any) -> None:
    given = {**GOOD, "address": "https://sea.atlassian.net", "user": ""}
    assert "with its owner&#x27;s e-mail address" in client.post("/connections/new/jira/", given).content.decode()
    assert not _connections().exists()
    assert client.post("/connections/new/jira/", {**GOOD, "user": ""}).status_code == 302, "a token of Data Center"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "This field is required"),
        ("name", "x" * 201, "at most 200 characters"),
        ("address", "", "This field is required"),
        ("address", "not an address", "is not a web address"),
        ("address", "ftp://sea.example", "is not a web address"),
        ("address", "https://sea.example:99999", "has a port"),
        ("address", "https://alice:pw@sea.example", "Enter those in their own fields"),
        ("address", "https://sea.example/?x=1", "such as https://example.atlassian.net"),
        ("address", "https://" + "x" * 500, "at most 500 characters"),
        ("secret", "", "This field is required"),
        ("authority", "not a certificate", "not a certificate in PEM form"),
        ("certificate", BEGUN, "Paste both: the certificate and its private key"),
        ("certificate", "-----BEGIN PRIVATE KEY-----", "Paste both: the certificate and its private key"),
        ("certificate", f"{BEGUN}\n-----BEGIN PRIVATE KEY-----", "or do not belong together"),
        ("proxy_login", "alice", "Write it as name:password."),
        ("proxy", "http://alice:pw@proxy.example", "Enter name and password below"),
        ("proxy", "proxy.example", "is not a web address"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(
    client: Any, field: str, value: str, says: str
) -> None:
    answer = client.post("/connections/new/jira/", {**GOOD, field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page.split(f'name="{field}"')[1].split("</div>")[0]
    assert 'aria-invalid="true"' in page
    assert "t0ken" not in page
    assert not _connections().exists()


def test_a_test_replaces_what_is_said_of_a_pause(client: Any, integration: Any) -> None:
    """What was paused before a test is no more once it passed, and is said anew where it failed."""
    jira = integration.jira
    jira.paused = "Jira does not accept the credentials."
    jira.save()
    page = client.get(f"/connections/{jira.pk}/").content.decode()
    assert page.count("Paused: ") == 1
    tested = page.split('<section id="check"')[1].split("</section>")[0]
    assert "Paused: Jira does not accept the credentials." in tested
    assert "press Save and test" in tested


def test_a_test_that_failed_is_told_where_the_connection_stands(client: Any, integration: Any) -> None:
    jira, words = integration.jira, "The server sea.example is not known by that name (DNS)."
    jira.server = {"trouble": words}
    jira.save()
    for page in ("/connections/", f"/connections/{jira.pk}/", f"/integrations/{integration.pk}/setup/"):
        shown = client.get(page).content.decode()
        assert words in shown
        assert "ot tested yet" not in shown.split(words)[0][-100:]
    # What a test found belongs to the settings it was made with.
    client.post(f"/connections/{jira.pk}/", {**_good(jira), "address": jira.address})
    assert words not in client.get("/connections/").content.decode()


def test_the_settings_of_one_that_works_stand_folded(client: Any, integration: Any) -> None:
    """What the last test found is said before the next one; what has to be mended is unfolded."""

    def page(query: str = "") -> str:
        return str(client.get(f"/connections/{jira.pk}/{query}").content.decode())

    jira = integration.jira
    jira.server = {"product": "Jira", "version": "10.3", "account": "Alice Ng", "rights": "looked at in 1 project"}
    jira.save()
    assert '<details id="settings">' in page()
    assert "none missing, looked at in 1 project" in page()
    assert '<details id="settings">' in page("?test=now")
    assert "none missing" not in page("?test=now"), "it is asked anew"
    jira.server["problems"] = [{"message": "The account may not link issues.", "remedy": "Ask for it.", "code": "L6"}]
    jira.save()
    assert "The account may not link issues." in page()
    assert "none missing" not in page()
    for changed in ({"server": {**jira.server, "trouble": "No answer."}}, {"server": {}}, {"paused": "Locked."}):
        _connections().filter(pk=jira.pk).update(**{"server": jira.server, "paused": "", **changed})
        assert '<details id="settings" open>' in page(), changed


def test_a_test_that_fails_unfolds_the_settings(client: Any, integration: Any) -> None:
    there = f"/connections/{integration.jira.pk}/check/"
    assert '<details id="settings" open>' in client.post(there).content.decode()
    part = client.post(there, headers={"HX-Request": "true"}).content.decode()
    assert 'data-opens="settings"' in part


def test_one_that_nothing_works_over_is_removed(client: Any, integration: Any) -> None:
    client.post("/connections/new/jira/", GOOD)
    made = _connections().get(name="Sea")
    assert b"Remove Sea" in client.get(f"/connections/{made.pk}/").content
    answer = client.post(f"/connections/{made.pk}/remove/", follow=True)
    assert b"Sea is removed." in answer.content
    assert not _connections().filter(name="Sea").exists()
    jira = integration.jira
    assert b"so it stays" in client.get(f"/connections/{jira.pk}/").content
    answer = client.post(f"/connections/{jira.pk}/remove/", follow=True)
    assert f"is used by “{integration}”".encode() in answer.content
    assert _connections().filter(pk=jira.pk).exists()


def test_where_many_work_over_it_some_are_named_and_all_are_counted(client: Any, integration: Any) -> None:
    from crosswalk.store.models import Integration

    jira = integration.jira
    for number in range(14):
        made = {"name": f"Z {number:02}", "workspace": f"W{number}", "project": f"P{number}"}
        Integration.objects.create(aha=integration.aha, jira=jira, **made)
    page = client.get(f"/connections/{jira.pk}/").content.decode()
    named = re.findall(r'<a href="/integrations/\d+/">([^<]+)</a>', page)
    assert named == [str(integration), *(f"Z {number:02}" for number in range(11))]
    assert "</a> and 3 more work over it, so it stays." in page
    answer = client.post(f"/connections/{jira.pk}/remove/", follow=True).content.decode()
    assert "“Z 10” and 3 more." in answer
    assert "Z 11" not in answer.partition("is used by")[2].partition("</")[0]


def test_a_name_is_used_once_so_a_double_click_makes_one(client: Any) -> None:
    client.post("/connections/new/jira/", GOOD)
    answer = client.post("/connections/new/jira/", GOOD)
    assert b"with this Name already exists" in answer.content
    assert _connections().count() == 1


def test_a_new_one_is_given_a_name_that_is_free(client: Any) -> None:
    names = []
    for name in ("", "Jira", "Jira 2"):
        if name:
            client.post("/connections/new/jira/", {**GOOD, "name": name})
        names.append(
            client.get("/connections/new/jira/").content.decode().split('name="name" value="')[1].split('"')[0]
        )
    assert names == ["Jira", "Jira 2", "Jira 3"]


def test_an_empty_secret_keeps_the_stored_one(client: Any, integration: Any) -> None:
    jira = integration.jira
    client.post(f"/connections/{jira.pk}/", {**_good(jira), "address": integration.jira.address, "secret": ""})
    jira = _connections().get(pk=jira.pk)
    assert jira.name == "Sea"
    assert jira.secret.reveal() == "jira-key"


def test_a_stored_secret_never_goes_to_another_server(client: Any, integration: Any) -> None:
    form = {**_good(integration.jira), "address": "https://evil.example", "secret": ""}
    answer = client.post(f"/connections/{integration.jira.pk}/", form)
    assert b"another server now. Enter the secret for it" in answer.content
    assert _connections().get(pk=integration.jira.pk).address == integration.jira.address


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ({}, "pat:psst"),
        ({"proxy": "http://proxy.example:3128/"}, "pat:psst"),
        ({"proxy": "http://other.example:3128"}, ""),
        ({"proxy": "http://proxy.example:8080"}, ""),
        ({"proxy": ""}, ""),
        ({"proxy": "http://other.example:3128", "proxy_login": "pat:new"}, "pat:new"),
        ({"address": "https://other.example", "secret": "new"}, "pat:psst"),
    ],
)
def test_what_signs_in_at_a_proxy_never_goes_to_another_host(
    client: Any, integration: Any, entered: dict[str, str], kept: str
) -> None:
    jira = integration.jira
    jira.proxy, jira.proxy_login = "http://proxy.example:3128", "pat:psst"
    jira.save()
    stays = {**_good(jira), "address": jira.address, "secret": "", "proxy": jira.proxy}
    assert client.post(f"/connections/{jira.pk}/", {**stays, **entered}).status_code == 302
    jira.refresh_from_db()
    assert (jira.proxy_login.reveal() if jira.proxy_login else "") == kept


def test_a_client_certificate_is_forgotten_with_another_server(client: Any, integration: Any) -> None:
    jira = integration.jira
    jira.certificate = "a certificate"
    jira.save()
    form = {**_good(jira), "address": jira.address}
    client.post(f"/connections/{jira.pk}/", form)
    jira.refresh_from_db()
    assert jira.certificate.reveal() == "a certificate"
    client.post(f"/connections/{jira.pk}/", {**_good(jira), "address": "https://other.example"})
    jira.refresh_from_db()
    assert not jira.certificate


def test_aha_has_no_user_field(client: Any) -> None:
    page = client.get("/connections/new/aha/").content
    assert b'name="user"' not in page
    assert b"API key" in page


def test_a_refused_credential_is_said_with_what_to_do(client: Any, integration: Any) -> None:
    address = f"/connections/{integration.jira.pk}/check/"
    part = client.post(address, headers={"HX-Request": "true"}).content.decode()
    assert 'class="trouble"' in part
    assert "<strong>" in part
    assert ">just now</time>" in part.partition("Tested ")[2]
    assert "autofocus" not in part, "a test that begins by itself takes nobody away from a field"
    assert "autofocus" in client.post(address, {"pressed": "yes"}, headers={"HX-Request": "true"}).content.decode()
    assert "jira-key" not in part
    assert "<html" not in part


def test_what_an_earlier_test_found_is_forgotten_with_new_settings(client: Any, integration: Any) -> None:
    jira = integration.jira
    jira.server, jira.paused = {"product": "Jira", "version": "9"}, "Not signed in."
    jira.save()
    client.post(f"/connections/{jira.pk}/", {**_good(jira), "address": integration.jira.address, "secret": "new"})
    jira.refresh_from_db()
    assert (jira.server, jira.paused) == ({}, "")


@pytest.mark.parametrize(("address", "kept"), [("", {"flavour": "cloud"}), ("https://other.example", {})])
def test_which_server_stands_at_an_address_that_stayed_is_known_before_the_next_test(
    client: Any, integration: Any, address: str, kept: dict[str, str]
) -> None:
    """A run between Save and the test's answer would be stopped for want of it."""
    jira = integration.jira
    jira.server = {"flavour": "cloud", "product": "Jira", "version": "1001", "account": "Alice"}
    jira.save()
    client.post(f"/connections/{jira.pk}/", {**_good(jira), "address": address or jira.address, "secret": "new"})
    jira.refresh_from_db()
    assert jira.server == kept
