"""Extensions in the stand-in Aha!: what is taken in and what refused, settings, fields, what a page may reach."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.aha.conftest import Aha

VIEW = {"title": "Bell", "host": "attribute", "entryPoint": "src/bell.js", "recordTypes": ["Feature"]}
BELL: dict[str, Any] = {
    "cspSources": ["https://bell.test"],
    "contributes": {
        "views": {"bell": VIEW},
        "commands": {"ring": {"title": "Ring", "entryPoint": "src/ring.js", "recordTypes": ["Feature", "Epic"]}},
        "settings": {
            "volume": {"title": "Volume", "type": "number", "scope": ["account", "user"], "default": 3},
            "owner": {"title": "Owner", "type": "string", "scope": ["account"]},
        },
    },
}


def _parts(configuration: Any = None, **given: str) -> list[tuple[str, Any]]:
    """A form as the vendor's program sends it: names come again, in order."""
    told = {"identifier": "fable.bell", "name": "Bell", "version": "1.0.0", **given}
    parts: list[tuple[str, Any]] = []
    for name in ("bell", "ring"):
        parts.append(("extension[scripts][][name]", (None, name)))
        code = f"aha.on({json.dumps(name)}, () => {{}});".encode()
        parts.append(("extension[scripts[][script_text]", ("script.txt", code, "text/plain")))
        parts.append(("extension[scripts[][source_map]", ("source_map.txt", b"{}", "text/plain")))
    text = json.dumps(BELL if configuration is None else configuration)
    return [*parts, *((f"extension[{name}]", (None, value)) for name, value in told.items()),
            ("extension[configuration]", (None, text))]  # fmt: skip


def _install(aha: Aha, parts: Any = None, code: int = 200) -> Any:
    return aha.call("POST", "/extensions", code=code, files=_parts() if parts is None else parts)


def _seen(aha: Aha, **query: str) -> Any:
    return aha.http.get("/_play/extensions", params=query).json()


def test_each_script_belongs_to_the_name_before_it(aha: Aha) -> None:
    told = _install(aha)["extension"]
    assert told == {
        "identifier": "fable.bell",
        "name": "Bell",
        "version": "1.0.0",
        "cspSources": ["https://bell.test"],
    }
    code = aha.http.get("/_play/extensions/fable.bell/ring.js")
    assert code.text == 'aha.executeExtension("fable.bell", () => {\naha.on("ring", () => {});\n});'
    assert aha.http.get("/_play/extensions/fable.bell/bells.js").status_code == 404


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"identifier": "bell"}, "identifier"),
        ({"identifier": "fable.bell; x"}, "identifier"),
        ({"version": ""}, "extension"),
        ({"configuration": []}, "configuration"),
        ({"configuration": {}}, "contributes"),
        ({"configuration": {**BELL, "cspSources": ["'unsafe-inline'"]}}, "cspSources"),
        ({"configuration": {**BELL, "cspSources": ["https://bell.test; script-src *"]}}, "cspSources"),
        ({"configuration": {"contributes": {"bells": {}}}}, "bells"),
        ({"configuration": {"contributes": {"views": {"bell": {**VIEW, "host": "roof"}}}}}, "bell"),
        ({"configuration": {"contributes": {"views": {"bell": {**VIEW, "recordTypes": ["Release"]}}}}}, "bell"),
        ({"configuration": {"contributes": {"views": {"gong": VIEW}}}}, "gong"),
        ({"configuration": {"contributes": {"commands": {"ring": 7}}}}, "ring"),
    ],
)
def test_what_is_wrong_is_said_part_by_part(aha: Aha, change: dict[str, Any], part: str) -> None:
    configuration = change.pop("configuration", None)
    assert list(_install(aha, _parts(configuration, **change), code=422)["errors"]) == [part]
    assert _seen(aha)["extensions"] == []


def test_only_an_administrator_installs_and_uninstalls(aha: Aha) -> None:
    reviewer = {"Authorization": f"Bearer {aha.credentials['reviewer_token']}"}
    assert aha.http.post("/api/v1/extensions", files=_parts(), headers=reviewer).status_code == 403
    _install(aha)
    assert aha.http.delete("/api/v1/extensions/fable.bell", headers=reviewer).status_code == 403
    aha.delete("/extensions/fable.bell")
    aha.delete("/extensions/fable.bell", code=404)


def test_a_record_shows_what_stands_beside_its_kind(aha: Aha) -> None:
    _install(aha)
    shown = {}
    for kind, ref in (("feature", "FAB-1"), ("epic", "FAB-E-1"), ("requirement", "FAB-1-1")):
        seen = _seen(aha, kind=kind, ref=ref)
        (one,) = seen["extensions"]
        shown[seen["record"]["typename"]] = [part["name"] for part in (*one["views"], *one["commands"])]
    assert shown == {"Feature": ["bell", "ring"], "Epic": ["ring"], "Requirement": []}
    assert 'id="beside"' in aha.http.get("/features/FAB-1").text
    assert 'id="beside"' not in aha.http.get("/releases/FAB-R-1").text


def test_a_person_s_setting_comes_before_the_account_s_and_that_before_the_built_in_one(aha: Aha) -> None:
    _install(aha)

    def volume(person: str) -> object:
        return _seen(aha, **{"as": person})["extensions"][0]["settings"]["volume"]

    def say(scope: str, code: int = 200, **values: object) -> None:
        given = {"scope": scope, "as": "alice@example.com", "values": values}
        answer = aha.http.post("/_play/extensions/fable.bell/settings", json=given)
        assert answer.status_code == code

    assert volume("alice@example.com") == 3
    say("account", volume=5)
    say("user", volume=9)
    assert (volume("alice@example.com"), volume("bruno@example.com")) == (9, 5)
    say("user", volume="")
    assert volume("alice@example.com") == 5
    say("user", code=400, owner="alice")
    say("account", code=400, pitch="c")


def test_another_version_keeps_settings_and_fields(aha: Aha) -> None:
    _install(aha)
    aha.http.post("/_play/extensions/fable.bell/settings", json={"scope": "account", "values": {"owner": "Alice"}})
    record = _seen(aha, kind="feature", ref="FAB-1")["record"]["id"]
    kept = {"record": record, "name": "rung", "value": [1, 2]}
    assert aha.http.post("/_play/extensions/fable.bell/fields", json=kept).status_code == 200
    _install(aha, _parts(version="2.0.0"))
    (one,) = _seen(aha, kind="feature", ref="FAB-1")["extensions"]
    assert (one["version"], one["settings"]["owner"], one["fields"]) == ("2.0.0", "Alice", {"rung": [1, 2]})
    assert _seen(aha, kind="feature", ref="FAB-2")["extensions"][0]["fields"] == {}


def test_a_page_may_reach_what_extensions_name_and_no_more(aha: Aha) -> None:
    def reach(path: str) -> str:
        policy = aha.http.get(path).headers["content-security-policy"]
        return next(part.strip() for part in policy.split(";") if part.strip().startswith("connect-src"))

    assert reach("/features/FAB-1") == "connect-src 'self'"
    _install(aha)
    assert reach("/features/FAB-1") == "connect-src 'self' https://bell.test"
    assert reach("/") == "connect-src 'self'"


def test_react_is_what_somebody_put_there(aha: Aha) -> None:
    assert _seen(aha)["libraries"] is False
    for name in ("react", "react-dom"):
        assert aha.http.get(f"/_play/libraries/{name}").status_code == 404
        assert aha.http.put(f"/_play/libraries/{name}", content=b"/* it */").status_code == 204
        assert aha.http.get(f"/_play/libraries/{name}").text == "/* it */"
    assert _seen(aha)["libraries"] is True
    assert aha.http.put("/_play/libraries/jquery", content=b"x").status_code == 404
