"""Releases as versions: made, taken by name, completed, changed, watched, marked."""

from __future__ import annotations

from crosswalk import errors
from crosswalk.merge.records import Draft, Gone, Mark, Ref, Snapshot
from crosswalk.merge.values import Value
from tests.jira.stage import Jira
from tests.jira.test_side import DAY, FEATURE, failed, one


def release(token: str = "v", **fields: Value) -> Draft:
    mark = Mark(Ref("release", "9", "PRJ-R-1"), "https://aha.example.com/releases/PRJ-R-1", "Winter")
    return Draft("release", {"name": "Winter 2027", **fields}, token, None, mark)


def test_a_release_becomes_a_version(each: Jira) -> None:
    side = each.side()
    made = one(side.create([release(releaseDate=DAY)]))
    assert made.ref.kind == "version"
    found = side.read([made.ref])[made.ref]
    assert isinstance(found, Snapshot)
    assert (found.get("name"), found.get("releaseDate"), found.get("released")) == ("Winter 2027", DAY, False)
    assert "PRJ-R-1" in str(found.get("description"))
    wrote = side.update(made.ref, {"name": "Winter", "released": True, "no_such_field": "x"})
    assert list(wrote.left_out) == ["no_such_field"]
    assert (wrote.snapshot.get("name"), wrote.snapshot.get("released")) == ("Winter", True)
    assert wrote.snapshot.get("releaseDate") == DAY


def test_a_version_by_that_name_is_taken(each: Jira) -> None:
    side = each.side()
    made = one(side.create([Draft("release", {"name": "SPRING 2027"}, "v")]))
    assert made.ref == Ref("version", "10001")
    assert made.by_name
    assert one(side.create([release("one")])).ref == one(side.create([release("two")])).ref


def test_a_version_that_is_taken_gets_what_it_lacks(each: Jira) -> None:
    side = each.side()
    mark = release().mark
    made = one(
        side.create([Draft("release", {"name": "SPRING 2027", "releaseDate": DAY, "released": True}, "v", None, mark)])
    )
    found = side.read([made.ref])[made.ref]
    assert isinstance(found, Snapshot)
    assert (found.get("name"), found.get("releaseDate"), found.get("released")) == ("spring 2027", DAY, True)
    assert "PRJ-R-1" in str(found.get("description"))
    each.forget()
    assert (
        one(side.create([Draft("release", {"name": "spring 2027", "releaseDate": DAY}, "v2", None, mark)])).ref
        == made.ref
    )
    assert each.calls() == ["getProjectVersions"]


def test_a_release_that_is_out_becomes_a_released_version(each: Jira) -> None:
    side = each.side()
    found = side.read([ref := one(side.create([release(released=True)])).ref])[ref]
    assert isinstance(found, Snapshot)
    assert found.get("released") is True


def test_versions_that_are_gone_are_gone(each: Jira) -> None:
    side = each.side()
    kept = one(side.create([release()])).ref
    found = side.read([kept, Ref("version", "4711")])
    assert isinstance(found[kept], Snapshot)
    assert isinstance(found[Ref("version", "4711")], Gone)
    alone = side.read([Ref("version", "4711")])[Ref("version", "4711")]
    assert isinstance(alone, Gone)
    assert "or is hidden from the account" in alone.reason, "Jira says the same of a project that is hidden"


def test_a_changed_version_is_noticed(each: Jira) -> None:
    side = each.side()
    ref = one(side.create([release()])).ref
    start = side.changed("")
    assert ref not in side.changed(start.cursor).refs
    each.person("PUT", f"/version/{ref.id}", {"name": "Winter, renamed"})
    after = side.changed(start.cursor)
    assert ref in after.refs
    assert ref not in side.changed(after.cursor).refs
    assert len(after.cursor) < 200


def test_a_version_shows_its_release_unless_somebody_wrote_there(each: Jira) -> None:
    side = each.side()
    free, taken = each.person("GET", "/project/FAB/versions")[:2]
    each.person("PUT", f"/version/{taken['id']}", {"description": "Our own words"})
    for entry in (free, taken, free):
        each.side().mark({Ref("version", entry["id"]): release().mark or FEATURE})
    first, second = (each.person("GET", f"/version/{entry['id']}") for entry in (free, taken))
    assert first["description"] == "Planned in Aha!: https://aha.example.com/releases/PRJ-R-1"
    assert second["description"] == "Our own words"
    assert side.read([Ref("version", free["id"])])


def test_an_account_without_the_right_is_told_so(cloud: Jira) -> None:
    grants, alice = cloud.site.projects["10000"].grants, next(iter(cloud.site.people))
    grants[alice] = grants[alice] - {"ADMINISTER_PROJECTS"}
    error = failed(cloud.side().create([release()]))
    assert error.code == "A9"
    assert "Administer Projects" in error.remedy


def test_a_release_without_a_name_is_refused(cloud: Jira) -> None:
    error = failed(cloud.side().create([Draft("release", {}, "v")]))
    assert isinstance(error, errors.Refused)
    assert error.remedy


def test_a_version_name_that_is_taken_is_left_out_of_an_update(each: Jira) -> None:
    side = each.side()
    ref = one(side.create([release()])).ref
    wrote = side.update(ref, {"name": "spring 2027", "releaseDate": DAY})
    assert list(wrote.left_out) == ["name"]
    assert (wrote.snapshot.get("name"), wrote.snapshot.get("releaseDate")) == ("Winter 2027", DAY)
    alone = side.update(ref, {"name": "spring 2027"})
    assert (list(alone.left_out), alone.snapshot.get("name")) == (["name"], "Winter 2027")
    nothing = side.update(ref, {"no_such_field": "x"})
    assert list(nothing.left_out) == ["no_such_field"]
    assert nothing.snapshot.get("name") == "Winter 2027"


def test_a_release_date_can_be_emptied(each: Jira) -> None:
    side = each.side()
    ref = one(side.create([release(releaseDate=DAY)])).ref
    assert side.update(ref, {"releaseDate": None}).snapshot.get("releaseDate") is None


def test_a_version_is_never_looked_for_by_token(cloud: Jira) -> None:
    assert cloud.side().find(["v"], "release", cloud.clock.now()) == {}
