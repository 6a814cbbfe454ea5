"""Connect's tokens: the vendor's vectors, the vendor's own package, and every way in which a token is not good."""

from __future__ import annotations

import base64
import functools
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.jira import connect_jwt
from crosswalk.jira.connect_jwt import BadToken, Call
from tests.jira.connect.make import BASE, NOW, SECRET, made
from tests.shared_files import shared

GOLDEN: Any = json.loads(Path(__file__).with_name("golden.json").read_text("utf-8"))
HERE = Call("POST", "/connect/enabled", "a=1")


def call_of(method: str, url: str, base: str = BASE) -> Call:
    parts = urlsplit(url)
    return Call(method, connect_jwt.below(base, parts.path), parts.query)


# ---- what others say


def test_the_vendors_vectors() -> None:
    vectors = json.loads(shared("fixtures/connect/jwt-signed-urls.json").read_text("utf-8"))
    assert len(vectors["tests"]) == 78
    for vector in vectors["tests"]:
        parts = urlsplit(vector["signedUrl"])
        call = Call(vector["canonicalUrl"].partition("&")[0], parts.path, parts.query)
        assert connect_jwt.canonical(call) == vector["canonicalUrl"], vector["name"]
        token = connect_jwt.token_of("", {name: found[0] for name, found in parse_qs(parts.query).items()})
        claims = connect_jwt.check(token, vectors["secret"], 1466731100)
        connect_jwt.for_request(claims, call)
        assert claims["iss"] == connect_jwt.issuer(token) == "jira:1234-5678-9000"


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: f"{case['method']} {case['url']}")
def test_the_vendors_package_agrees(case: Any) -> None:
    call = call_of(case["method"], case["url"])
    assert connect_jwt.canonical(call) == case["canonical"]
    assert connect_jwt.qsh(call) == case["qsh"]
    connect_jwt.for_request(connect_jwt.check(case["theirs"], SECRET, NOW), call)
    assert case["verified"] == connect_jwt.check(case["token"], SECRET, NOW)


def test_the_golden_file_is_of_the_tokens_that_are_signed_today() -> None:
    named = ("method", "url", "token")
    assert [{name: case[name] for name in named} for case in GOLDEN["cases"]] == made()["cases"]


def test_an_installation_signed_by_the_vendors_package() -> None:
    token, call = GOLDEN["install"], Call("POST", "/connect/installed")
    assert connect_jwt.key_id(token) == "3f1c"
    assert connect_jwt.check_install(token, GOLDEN["key"], BASE, call, NOW)["iss"] == "jira:1"
    with pytest.raises(BadToken, match=r"meant for an app at https://crosswalk.example.com/app, and this is https://b"):
        connect_jwt.check_install(token, GOLDEN["key"], "https://b.example", call, NOW)
    with pytest.raises(BadToken, match="another request"):
        connect_jwt.check_install(token, GOLDEN["key"], BASE, Call("POST", "/connect/uninstalled"), NOW)


# ---- what is refused


@functools.cache
def pair() -> tuple[Any, str]:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private, private.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def claims(**changed: Any) -> dict[str, Any]:
    found = {"iss": "site-1", "iat": NOW, "exp": NOW + 180, "qsh": connect_jwt.qsh(HERE), "aud": [BASE], **changed}
    return {name: value for name, value in found.items() if value is not None}


def unsigned(**header: Any) -> str:
    parts = (json.dumps({"typ": "JWT", **header}), json.dumps(claims()))
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts) + "."


def hmac_with_the_public_key() -> str:
    """The old trick: an HS256 token keyed with the public half, for a checker that lets the token choose."""
    import hashlib
    import hmac

    head = unsigned(alg="HS256", kid="k")[:-1]
    mac = hmac.new(pair()[1].encode(), head.encode(), hashlib.sha256).digest()
    return f"{head}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


BAD = {
    "alg none": lambda: unsigned(alg="none"),
    "alg None": lambda: unsigned(alg="None"),
    "another secret": lambda: jwt.encode(claims(), f"not {SECRET}", "HS256"),
    "HS384": lambda: jwt.encode(claims(), SECRET.ljust(48, "."), "HS384"),
    "RS256 for HS256": lambda: jwt.encode(claims(), pair()[0], "RS256"),
    "expired": lambda: jwt.encode(claims(exp=NOW - 61), SECRET, "HS256"),
    "from the future": lambda: jwt.encode(claims(iat=NOW + 61), SECRET, "HS256"),
    "no exp": lambda: jwt.encode(claims(exp=None), SECRET, "HS256"),
    "no qsh": lambda: jwt.encode(claims(qsh=None), SECRET, "HS256"),
    "endless": lambda: jwt.encode(claims(exp=1e300), SECRET, "HS256"),
    "exp in words": lambda: jwt.encode(claims(exp="soon"), SECRET, "HS256"),
    "rubbish": lambda: "a.b.c",
    "two parts": lambda: "a.b",
    "deep": lambda: base64.urlsafe_b64encode(b"[" * 4000).decode() + ".e30.x",
}


@pytest.mark.parametrize("name", BAD)
def test_a_token_that_is_not_good_is_refused(name: str) -> None:
    assert connect_jwt.check(jwt.encode(claims(), SECRET, "HS256"), SECRET, NOW), "the one they differ from is good"
    with pytest.raises(BadToken) as told:
        connect_jwt.check(BAD[name](), SECRET, NOW)
    assert told.value.remedy
    assert told.value.code in ("C2", "C4")


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (lambda: jwt.encode(claims(), SECRET, "HS256", {"kid": "k"}), "instead of RS256"),
        (lambda: unsigned(alg="none", kid="k"), "instead of RS256"),
        (hmac_with_the_public_key, "instead of RS256"),
        (lambda: jwt.encode(claims(), pair()[0], "RS256"), "names no key"),
        (lambda: jwt.encode(claims(), pair()[0], "RS256", {"kid": "../keys"}), "names no key"),
        (lambda: jwt.encode(claims(), pair()[0], "RS256", {"kid": "a?b"}), "names no key"),
        (lambda: jwt.encode(claims(), pair()[0], "RS256", {"kid": "k" * 129}), "names no key"),
    ],
)
def test_only_atlassians_key_signs_an_installation(token: Any, words: str) -> None:
    with pytest.raises(BadToken, match=words):
        connect_jwt.key_id(token())


def test_a_public_key_is_never_taken_for_a_secret() -> None:
    """Also where a caller forgets to ask for the key's id first."""
    with pytest.raises(BadToken):
        connect_jwt.check_install(hmac_with_the_public_key(), pair()[1], BASE, HERE, NOW)
    assert connect_jwt.check_install(jwt.encode(claims(), pair()[0], "RS256"), pair()[1], BASE, HERE, NOW)
    for other in (Call("GET", HERE.path, HERE.query), Call("POST", "/connect/disabled", HERE.query)):
        with pytest.raises(BadToken, match="another request"):
            connect_jwt.check_install(jwt.encode(claims(), pair()[0], "RS256"), pair()[1], BASE, other, NOW)


@pytest.mark.parametrize("qsh", [None, "", "0" * 64, "context-qsh", 7, ["x"], "ä"])
def test_a_token_for_another_request_is_refused(qsh: Any) -> None:
    with pytest.raises(BadToken, match="another request"):
        connect_jwt.for_request({"qsh": qsh}, HERE)
    if qsh != "context-qsh":
        with pytest.raises(BadToken, match="no token of a page"):
            connect_jwt.for_context({"qsh": qsh})


def test_a_token_is_where_jira_puts_it() -> None:
    assert connect_jwt.token_of("JWT abc", {"jwt": "other"}) == "abc"
    assert connect_jwt.token_of("", {"jwt": "abc"}) == "abc"
    for nothing in ("", "JWT", "JWT ", "Bearer abc", "Basic abc"):
        with pytest.raises(BadToken, match="carries no token"):
            connect_jwt.token_of(nothing, {})
    with pytest.raises(BadToken, match="longer than"):
        connect_jwt.token_of(f"JWT {'a' * 9000}", {})


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_request_has_a_hash_and_the_token_parameter_never_counts(query: str, path: str) -> None:
    call = Call("GET", f"/{path}", query)
    assert len(connect_jwt.qsh(call)) == 64
    assert connect_jwt.qsh(Call("get", f"/{path}", f"{query}&jwt=abc")) == connect_jwt.qsh(call)


@given(st.text(max_size=200))
def test_no_text_is_a_token_and_none_breaks_the_reader(text: str) -> None:
    for read in (connect_jwt.issuer, connect_jwt.key_id, lambda token: connect_jwt.check(token, SECRET, NOW)):
        with pytest.raises(BadToken):
            read(text)


@pytest.mark.parametrize("name", ["\0", "site\0", "\ud800", "a\nb", "", "x" * 201, 7, None])
def test_an_issuer_that_no_site_is_called_is_none(name: object) -> None:
    with pytest.raises(BadToken, match=r"names no issuer|can not be read"):
        connect_jwt.issuer(_signed(name))


def _signed(name: object) -> str:
    """A token that names any issuer: the library refuses to make some of them."""
    parts = ({"alg": "HS256"}, {"iss": name})
    return ".".join(
        [*(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts), "eA"]
    )
