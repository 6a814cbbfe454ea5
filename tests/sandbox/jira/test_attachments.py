"""Where the bytes of files are, and of the thumbnails of those that are pictures."""

from __future__ import annotations

import httpx2

from .play import TLS, Sandbox

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def attach(jira: Sandbox, name: str, media: str) -> dict[str, object]:
    """A file on FAB-2, as the answer tells of it."""
    token = {"X-Atlassian-Token": "no-check"}
    answer = jira.call("POST", "~/issue/FAB-2/attachments", files={"file": (name, PNG, media)}, headers=token)
    assert answer.status_code == 200, answer.text
    (made,) = answer.json()
    return dict(made)


def read(jira: Sandbox, address: object) -> httpx2.Response:
    return httpx2.get(str(address), auth=jira.auth(), follow_redirects=True, timeout=60, verify=TLS)


def test_a_picture_has_a_thumbnail(jira: Sandbox) -> None:
    made = attach(jira, "bell.png", "image/png")
    held = jira.get("~/issue/FAB-2?fields=attachment")["fields"]["attachment"][-1]
    assert held["thumbnail"] == made["thumbnail"]
    path = "/attachment/thumbnail/" if jira.flavour == "cloud" else "/secure/thumbnail/"
    assert path in str(made["thumbnail"])
    got = read(jira, made["thumbnail"])
    assert (got.status_code, got.content, got.headers["content-type"]) == (200, PNG, "image/png")
    if jira.flavour == "cloud":
        straight = jira.call("GET", f"~/attachment/thumbnail/{made['id']}?redirect=false&width=20")
        assert (straight.status_code, straight.content) == (200, PNG)
        assert jira.call("GET", f"~/attachment/thumbnail/{made['id']}?width=wide").status_code == 400
    assert jira.call("GET", str(made["thumbnail"]).removeprefix(jira.url), role="outsider").status_code == 404


def test_what_is_no_picture_has_none(jira: Sandbox) -> None:
    made = attach(jira, "bell.txt", "text/plain")
    assert "thumbnail" not in made
    if jira.flavour == "cloud":
        assert jira.call("GET", f"~/attachment/thumbnail/{made['id']}").status_code == 404
        assert jira.call("GET", "~/attachment/thumbnail/999").status_code == 404


def test_a_name_stands_in_an_address_as_in_an_address(jira: Sandbox) -> None:
    made = attach(jira, "a bell & ü.txt", "text/plain")
    assert made["filename"] == "a bell & ü.txt"
    if jira.flavour == "dc":
        assert str(made["content"]).endswith("/a+bell+%26+%C3%BC.txt")
    got = read(jira, made["content"])
    assert (got.status_code, got.content) == (200, PNG)
