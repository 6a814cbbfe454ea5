"""Addresses a connection may have, and addresses it may reach."""

from __future__ import annotations

import pytest

from crosswalk import config
from crosswalk.errors import Refused
from crosswalk.remote.address import checked_base, forbidden, pasted, to_list

GOOD = [
    ("https://example.atlassian.net", "https://example.atlassian.net"),
    (" https://example.atlassian.net/ ", "https://example.atlassian.net"),
    ("http://jira.example.com:8080/jira/", "http://jira.example.com:8080/jira"),
    ("https://api.atlassian.com/ex/jira/abc-1", "https://api.atlassian.com/ex/jira/abc-1"),
    ("http://[::1]:8080", "http://[::1]:8080"),
    ("HTTPS://EXAMPLE.com", "https://example.com"),
    ("https://example.com.:443/", "https://example.com"),
    ("http://example.com:80/jira", "http://example.com/jira"),
    ("http://example.com:443", "http://example.com:443"),
]
BAD = [
    "", "example.atlassian.net", "ftp://example.com", "javascript:alert(1)", "https://", "https:///x",
    "https://user:password@example.com", "https://example.com/?x=1", "https://example.com/#x", "https://example.com:99999",
    "https://example.com:port", "file:///etc/passwd", "https://a..example.com", "https://.",
    "https://[::1", "http://[x]/", "//[", "[", "https://user:password@[::1", "https://exa mple.com",
    f"https://{'a' * 64}.com",
    "user:password@example.com", "//user:password@example.com",
]  # fmt: skip


@pytest.mark.parametrize(("text", "base"), GOOD)
def test_an_address_as_people_write_it(text: str, base: str) -> None:
    assert checked_base(text) == base


@pytest.mark.parametrize("text", BAD)
def test_an_address_that_can_not_be_meant(text: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_base(text)
    assert caught.value.remedy
    assert "password@" not in str(caught.value)


@pytest.mark.parametrize("text", ["company.aha.io", " jira.example.com:8443/jira", "10.0.0.1:8080"])
def test_an_address_as_browsers_show_it_is_told_whole(text: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_base(text)
    assert caught.value.remedy.endswith(f": https://{text.strip()}")


PASTED = [
    ("https://example.atlassian.net/jira/software/c/projects/FAB/boards/1?x=1#y", "https://example.atlassian.net"),
    ("example.atlassian.net", "https://example.atlassian.net"),
    ("boats.aha.io/products/BOAT/feature_cards", "https://boats.aha.io"),
    ("https://jira.example.com/jira/browse/FAB-1", "https://jira.example.com/jira"),
    ("https://jira.example.com/secure/Dashboard.jspa?selectPageId=1", "https://jira.example.com"),
    ("https://jira.example.com/login.jsp", "https://jira.example.com"),
    ("https://jira.example.com/browser", "https://jira.example.com/browser"),
]


@pytest.mark.parametrize(("text", "base"), PASTED)
def test_an_address_of_a_page_is_taken_for_its_servers(text: str, base: str) -> None:
    assert checked_base(pasted(text)) == base


def test_a_page_of_aha_is_taken_for_its_account_wherever_that_stands() -> None:
    assert checked_base(pasted("http://127.0.0.1:8401/features/FAB-1", aha=True)) == "http://127.0.0.1:8401"
    assert pasted("http://127.0.0.1:8401/featured", aha=True) == "http://127.0.0.1:8401/featured"


@pytest.mark.parametrize("text", [one for one in BAD if one != "example.atlassian.net"])
def test_what_is_no_address_does_not_become_one(text: str) -> None:
    with pytest.raises(Refused):
        checked_base(pasted(text))


NEVER = [
    "169.254.169.254", "fe80::1", "fe80::1%eth0", "0.0.0.0", "224.0.0.1", "::ffff:169.254.169.254", "240.0.0.1",
    "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "fd00:ec2::254", "100.100.100.200", "168.63.129.16",
    "fd00:ec2::23", "fd20:ce::254", "fd00:c1::a9fe:a9fe", "fd00:42::42",
]  # fmt: skip
PRIVATE = ["127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "::1", "fc00::1", "::ffff:10.0.0.1", "100.64.0.1"]
HIDDEN = ["fec0::1", "64:ff9b::a00:1", "2002:a00:1::", "64:ff9b::7f00:1"]
PUBLIC = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"]


@pytest.mark.parametrize("address", NEVER)
def test_addresses_no_server_has(address: str) -> None:
    assert forbidden(address, allow_private=True)
    assert forbidden(address, allow_private=False)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_the_operators_choice(address: str) -> None:
    assert forbidden(address, allow_private=True) == ""
    assert address in forbidden(address, allow_private=False) or "ffff" in address


@pytest.mark.parametrize("address", HIDDEN)
def test_a_private_address_inside_another_is_one(address: str) -> None:
    assert forbidden(address, allow_private=False)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert forbidden(address, allow_private=False) == ""


def test_what_the_operator_may_list_is_told_as_it_counts() -> None:
    told = to_list(["::ffff:10.1.2.3", "10.1.2.3", "169.254.169.254", "64:ff9b::a00:1", "fd12::1", "fec0::1"])
    assert told == ("10.1.2.3", "10.0.0.1", "fd12::1", "fec0::1")
    listed = config.read({"CROSSWALK_ALLOW_PRIVATE": ", ".join(told)}).allow_private
    for address in ("::ffff:10.1.2.3", "10.1.2.3", "64:ff9b::a00:1", "fd12::1", "fec0::1"):
        assert forbidden(address, allow_private=listed) == "", address


def test_private_addresses_may_be_named_by_their_networks() -> None:
    listed = config.read({"CROSSWALK_ALLOW_PRIVATE": "10.20.0.0/16, 192.168.7.12,fd12::/16"}).allow_private
    for address in ("10.20.3.4", "192.168.7.12", "fd12::1", "::ffff:10.20.3.4", *PUBLIC):
        assert forbidden(address, allow_private=listed) == "", address
    for address in ("10.21.0.1", "192.168.7.13", "fd13::1", *PRIVATE, *HIDDEN):
        assert "only" in forbidden(address, allow_private=listed), address
    everything = config.read({"CROSSWALK_ALLOW_PRIVATE": "0.0.0.0/0, ::/0"}).allow_private
    assert all(forbidden(address, allow_private=everything) for address in NEVER)
