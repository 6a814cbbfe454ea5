"""Jira's side beyond the contract: requests counted, refusals survived, parents, links, versions, statuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from crosswalk import errors
from crosswalk.merge.records import Draft, Failed, Made, Mark, Ref, Snapshot
from crosswalk.merge.values import Choice, Person, Rich, Value
from crosswalk.richtext import canonical
from crosswalk_sandbox.kernel.faults import Fault
from tests.jira.slow import followed
from tests.jira.stage import FIELDS, Jira

FEATURE = Mark(Ref("feature", "7001", "PRJ-7"), "https://aha.example.com/features/PRJ-7", "A bell")
DAY = date(2027, 4, 1)


def draft(kind: str = "feature", token: str = "t", parent: Ref | None = None, **fields: Value) -> Draft:
    return Draft(kind, {"summary": "A bell", **fields}, token, parent, FEATURE)


def one(answers: Sequence[Made | Failed]) -> Made:
    (answer,) = answers
    assert isinstance(answer, Made), answer
    return answer


def failed(answers: Sequence[Made | Failed]) -> errors.CrosswalkError:
    (answer,) = answers
    assert isinstance(answer, Failed), answer
    return answer.error


def take_off_screen(server: Jira, *fields: str) -> None:
    for field in fields:
        server.site.screens["1"].fields.remove(field)


# ---- requests counted ----


def test_a_feature_with_four_requirements_is_two_requests(each: Jira) -> None:
    side = each.side()
    each.forget()
    feature = one(side.create([draft()]))
    below = side.create([draft("requirement", f"r{n}", feature.ref) for n in range(4)])
    assert each.calls() == ["createIssue", "createIssues"]
    assert len({made.ref.id for made in below if isinstance(made, Made)}) == 4
    child = each.person("GET", f"/issue/{one(below[:1]).ref.id}")
    assert child["fields"]["parent"]["id"] == feature.ref.id


def test_a_one_field_edit_is_one_read_and_one_write(cloud: Jira) -> None:
    ref = one(cloud.side().create([draft()])).ref
    side = cloud.side()
    cloud.forget()
    side.read([ref])
    wrote = side.update(ref, {"duedate": DAY})
    assert cloud.calls() == ["bulkFetchIssues", "editIssue"]
    assert wrote.snapshot.get("duedate") == DAY


def test_data_center_reads_back_what_its_edit_does_not_answer(each: Jira) -> None:
    ref = one(each.side().create([draft()])).ref
    side = each.side()
    each.forget()
    side.read([ref])
    side.update(ref, {"summary": "Louder"})
    expected = {"cloud": ["bulkFetchIssues", "editIssue"], "datacenter": ["getIssue", "editIssue", "getIssue"]}
    assert each.calls() == expected[each.flavour.name]


def test_a_hundred_issues_are_read_in_one_request(each: Jira) -> None:
    side = each.side()
    made = side.create([draft(token=f"t{n}") for n in range(60)])
    refs = [answer.ref for answer in made if isinstance(answer, Made)]
    assert len(refs) == 60
    each.forget()
    assert all(isinstance(found, Snapshot) for found in side.read(refs).values())
    assert len(each.calls()) == 1


# ---- refusals ----


def test_a_field_off_the_create_screen_is_left_out_before_sending(each: Jira) -> None:
    take_off_screen(each, "duedate")
    each.reload()
    side = each.side()
    each.forget()
    made = one(side.create([draft(duedate=DAY)]))
    assert each.calls() == ["createIssue"]
    assert "create screen" in made.left_out["duedate"]
    assert "F2" in made.left_out["duedate"]


def test_a_field_that_left_the_screen_since_is_left_out_and_the_rest_made(each: Jira) -> None:
    take_off_screen(each, "duedate")
    side = each.side()
    each.forget()
    made = one(side.create([draft(duedate=DAY, labels=frozenset({"bell"}))]))
    assert each.calls() == ["createIssue", "createIssue"]
    assert list(made.left_out) == ["duedate"]
    found = each.side().read([made.ref])[made.ref]
    assert isinstance(found, Snapshot)
    assert found.get("labels") == frozenset({"bell"})


def test_a_bulk_create_repeats_only_what_was_refused(each: Jira) -> None:
    side = each.side()
    gone = frozenset({Choice("99999", "Deleted")})
    each.forget()
    answers = side.create([draft(token="a"), draft(token="b", fixVersions=gone), draft(token="c")])
    assert each.calls() == ["createIssues", "createIssue"]
    first, second, third = answers
    assert isinstance(first, Made)
    assert isinstance(third, Made)
    assert isinstance(second, Made)
    assert not first.left_out
    assert list(second.left_out) == ["fixVersions"]
    keys = {each.person("GET", f"/issue/{a.ref.id}?properties=*all")["key"] for a in (first, second, third)}
    assert len(keys) == 3


def test_a_bulk_create_that_is_refused_whole_is_repeated_whole(each: Jira) -> None:
    take_off_screen(each, "duedate")
    side = each.side()
    each.forget()
    answers = side.create([draft(token="a", duedate=DAY), draft(token="b", duedate=DAY)])
    assert each.calls() == ["createIssues", "createIssues"]
    assert all(isinstance(answer, Made) and list(answer.left_out) == ["duedate"] for answer in answers)


def test_a_required_field_without_a_value_names_field_and_remedy(each: Jira) -> None:
    each.site.projects["10000"].required.add("components")
    error = failed(each.side().create([draft()]))
    assert isinstance(error, errors.Invalid)
    assert error.code == "F3"
    assert "Components" in error.message
    assert "PRJ-7" in error.message
    assert error.remedy


def test_a_type_that_is_gone_fails_its_drafts_alone(cloud: Jira) -> None:
    side = cloud.side(types={"feature": "10001", "requirement": "4711"})
    made, not_made = side.create([draft(), draft("requirement", "r")])
    assert isinstance(made, Made)
    assert isinstance(not_made, Failed)
    assert not_made.error.code == "F14"


def test_an_edit_leaves_out_what_is_not_on_the_screen(each: Jira) -> None:
    side = each.side()
    ref = one(side.create([draft()])).ref
    take_off_screen(each, "duedate")
    wrote = side.update(ref, {"duedate": DAY, "summary": "Louder"})
    assert list(wrote.left_out) == ["duedate"]
    assert wrote.snapshot.get("summary") == "Louder"


def test_values_that_can_not_be_held_are_left_out_and_said(each: Jira) -> None:
    side = each.side()
    ref = one(side.create([draft()])).ref
    long = Rich("wiki", "x" * 40_000)
    if each.flavour.name == "cloud":
        text = {"type": "text", "text": "x" * 40_000}
        long = Rich(
            "adf", canonical({"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [text]}]})
        )
    wrote = side.update(ref, {"description": long, "labels": frozenset({"two words"}), "duedate": DAY})
    assert "32,767" in wrote.left_out["description"]
    assert "F7" in wrote.left_out["description"]
    assert "two words" in wrote.left_out["labels"]
    assert "F8" in wrote.left_out["labels"]
    assert wrote.snapshot.get("duedate") == DAY


def test_a_long_name_is_cut_and_never_refused(each: Jira) -> None:
    side = each.side()
    made = one(side.create([Draft("feature", {"summary": "bell\n" + "x" * 300}, "t", None, FEATURE)]))
    found = side.read([made.ref])[made.ref]
    assert isinstance(found, Snapshot)
    name = found.get("summary")
    assert isinstance(name, str)
    assert name.startswith("bell xxx")
    assert len(name) == 255
    assert name.endswith("…")


@pytest.mark.parametrize(("title", "summary"), [("A bell", "A bell"), ("", "(untitled) PRJ-7")])
def test_a_record_whose_name_is_not_carried_gets_one(cloud: Jira, title: str, summary: str) -> None:
    side = cloud.side()
    made = one(side.create([Draft("feature", {}, "t", None, replace(FEATURE, title=title))]))
    found = side.read([made.ref])[made.ref]
    assert isinstance(found, Snapshot)
    assert found.get("summary") == summary


# ---- sets ----


def test_elements_that_others_put_in_meanwhile_stay(each: Jira) -> None:
    side = each.side()
    autumn, spring = Choice("10000"), Choice("10001")
    ref = one(side.create([draft(fixVersions=frozenset({autumn}), labels=frozenset({"bell"}))])).ref
    side.read([ref])
    each.person("PUT", f"/issue/{ref.id}", {"update": {"labels": [{"add": "theirs"}]}})
    wrote = side.update(ref, {"fixVersions": frozenset({spring}), "labels": frozenset({"bell", "ours"})})
    assert wrote.snapshot.get("labels") == frozenset({"bell", "theirs", "ours"})
    assert wrote.snapshot.get("fixVersions") == frozenset({spring})


# ---- what others write right after an edit ----


@pytest.mark.parametrize("theirs", ["Silver bell", "Bell"])
def test_what_somebody_writes_before_the_edit_is_read_back_is_theirs(each: Jira, theirs: str) -> None:
    """Data Center answers an edit with nothing. Taken for what the edit left, theirs would never be carried."""
    ref = one(each.side().create([draft(summary="Bell")])).ref

    def then() -> None:
        each.clock.advance(1)
        each.person("PUT", f"/issue/{ref.id}", {"fields": {"summary": theirs}})

    side = followed(each, then).side()
    side.read([ref])
    each.clock.advance(60)
    wrote = side.update(ref, {"summary": "Brass bell", "duedate": date(2027, 3, 1)})
    assert (wrote.snapshot.get("summary"), wrote.snapshot.get("duedate")) == ("Brass bell", date(2027, 3, 1))
    now = side.read([ref])[ref]
    assert isinstance(now, Snapshot)
    assert now.get("summary") == theirs
    stamps = [wrote.snapshot.changed_at, now.changed_at]
    assert stamps == sorted(set(filter(None, stamps))), "it is news"


def test_so_is_a_status(each: Jira) -> None:
    ref = one(each.side().create([draft()])).ref

    def then() -> None:
        each.clock.advance(1)
        each.person("POST", f"/issue/{ref.id}/transitions", {"transition": {"id": "11"}})

    side = followed(each, then).side()
    side.read([ref])
    each.clock.advance(60)
    wrote = side.update(ref, {"status": Choice("3")})
    assert wrote.snapshot.get("status") == Choice("3")
    now = side.read([ref])[ref]
    assert isinstance(now, Snapshot)
    assert now.get("status") == Choice("10000"), "to do again"


@pytest.mark.parametrize("each", ["dc"], indirect=True)
def test_so_is_a_long_text(each: Jira) -> None:
    ref = one(each.side().create([draft(description=Rich("wiki", "Loud"))])).ref

    def then() -> None:
        each.clock.advance(1)
        each.person("PUT", f"/issue/{ref.id}", {"fields": {"description": "*Loud*\n\nRed\n\nTheirs"}})

    side = followed(each, then).side()
    side.read([ref])
    each.clock.advance(60)
    wrote = side.update(ref, {"description": Rich("wiki", "*Loud*\n\nRed")})
    assert wrote.snapshot.get("description") == Rich("wiki", "*Loud*\n\nRed")


# ---- parents and links ----


def test_a_requirement_that_is_no_subtask_is_linked(each: Jira) -> None:
    side = each.side()
    feature = one(side.create([draft()])).ref
    task = one(side.create([draft("task", "r", feature)])).ref
    links = each.person("GET", f"/issue/{task.id}?fields=issuelinks")["fields"]["issuelinks"]
    assert [link["type"]["name"] for link in links] == ["Relates"]
    assert links[0].get("inwardIssue", links[0].get("outwardIssue"))["id"] == feature.id


def test_a_link_that_can_not_be_made_does_not_undo_the_issue(cloud: Jira) -> None:
    side = cloud.side()
    feature = one(side.create([draft()])).ref
    cloud.control.faults.add(Fault("status", "POST", "/issueLink", status=404))
    made = one(side.create([draft("task", "r", feature)]))
    assert "issuelinks" in made.left_out


def test_features_hang_below_an_epic(each: Jira) -> None:
    side = each.side()
    epic = one(side.create([draft("epic", "e")])).ref
    feature = one(side.create([draft("feature", "f", epic)])).ref
    fields = each.person("GET", f"/issue/{feature.id}")["fields"]
    if each.flavour.name == "cloud":
        assert fields["parent"]["id"] == epic.id
    else:
        assert fields["customfield_10014"] == epic.key
        assert each.person("GET", f"/issue/{epic.id}")["fields"]["customfield_10011"] == "A bell"


# ---- people, options, numbers ----


def test_every_kind_of_value_is_carried(each: Jira) -> None:
    side = each.side(
        fields=FIELDS | {"customfield_10016", "customfield_10030", "customfield_10031", "customfield_10033"}
    )
    person = side.people("chandra@example.com")
    assert isinstance(person, Person)
    values: dict[str, Value] = {
        "assignee": person,
        "priority": Choice("2"),
        "components": frozenset({Choice("10000"), Choice("10001")}),
        "customfield_10016": Decimal("5.5"),
        "customfield_10030": Choice("10101"),
        "customfield_10031": frozenset({Choice("10110"), Choice("10112")}),
        "customfield_10033": DAY,
    }
    made = one(side.create([draft(**values)]))
    assert not made.left_out
    found = side.read([made.ref])[made.ref]
    assert isinstance(found, Snapshot)
    assert {name: found.get(name) for name in values} == values
    cleared = side.update(made.ref, {name: None for name in values if name != "priority"})
    assert not cleared.left_out
    assert cleared.snapshot.get("assignee") is None
    assert cleared.snapshot.get("components") == frozenset()
    assert cleared.snapshot.get("customfield_10016") is None


def test_people_are_found_by_their_whole_address_only(each: Jira) -> None:
    side = each.side()
    assert side.people("chandra@example.com") is not None
    assert side.people("CHANDRA@EXAMPLE.COM") is not None
    assert side.people("chandra@example") is None
    assert side.people("nobody@example.com") is None
    assert side.people("chandra") is None
    for like in ("chandra+jira@example.com", "chandra.@example.com", "chandra@example.com.test", "chandra@EXAMPLE,com"):
        assert side.people(like) is None


@pytest.mark.parametrize(
    "like", ["mi\u212ae@example.com", "m\u0131ke@example.com", "mike@e\u017fample.com", "ｍike@example.com"]
)
def test_a_letter_that_only_looks_alike_makes_another_address(each: Jira, like: str) -> None:
    """A Kelvin sign in lower case is a k: such an account is somebody else."""
    chandra = next(one for one in each.site.people.values() if one.name == "chandra")
    chandra.email = like
    assert each.side().people("mike@example.com") is None
    assert each.side().people(like) is not None


def test_two_active_accounts_with_one_address_are_nobody(each: Jira) -> None:
    people = {one.name: one for one in each.site.people.values()}
    people["dana"].email = people["chandra"].email
    with pytest.raises(errors.Refused, match="2 Jira accounts"):
        each.side().people("chandra@example.com")
    people["dana"].active = False
    found = each.side().people("chandra@example.com")
    assert found is not None
    assert found.name == people["chandra"].display_name


def test_who_calls_itself_an_address_and_hides_its_own_is_not_taken_for_its_owner(cloud: Jira) -> None:
    """The search finds names, too."""
    bruno = next(one for one in cloud.site.people.values() if one.name == "bruno")
    bruno.display_name = "ceo@example.com"
    with pytest.raises(errors.Refused, match="can not be told"):
        cloud.side().people("ceo@example.com")


def test_a_person_who_hides_the_address_is_found_by_it(cloud: Jira) -> None:
    found = cloud.side().people("bruno@example.com")
    assert found is not None
    assert (found.name, found.email) == ("Bruno Costa", "")


# ---- statuses ----


def test_a_status_is_reached_by_a_transition(each: Jira) -> None:
    side = each.side()
    ref = one(side.create([draft()])).ref
    wrote = side.update(ref, {"status": Choice("3", "In Progress")})
    assert not wrote.left_out
    status = wrote.snapshot.get("status")
    assert isinstance(status, Choice)
    assert (status.id, status.name, status.category) == ("3", "In Progress", "indeterminate")
    assert not side.update(ref, {"status": Choice("3", "In Progress")}).left_out


def test_a_status_without_a_way_is_left_out_and_said(each: Jira) -> None:
    side = each.side()
    ref = one(side.create([draft()])).ref
    wrote = side.update(ref, {"status": Choice("99999", "Nowhere"), "duedate": DAY})
    assert "To Do" in wrote.left_out["status"]
    assert "Nowhere" in wrote.left_out["status"]
    assert "S1" in wrote.left_out["status"]
    assert wrote.snapshot.get("status") == Choice("10000"), "no step is taken towards a status there is not"
    assert wrote.snapshot.get("duedate") == DAY


# ---- showing the record ----


def test_without_the_field_a_link_shows_the_record(each: Jira) -> None:
    side = each.side()
    ref = one(side.create([draft()])).ref
    side.mark({ref: FEATURE})
    (link,) = each.person("GET", f"/issue/{ref.id}/remotelink")
    assert link["globalId"] == "crosswalk:7001"
    assert link["object"]["url"] == FEATURE.url
    assert "A bell" in link["object"]["title"]


def test_an_answer_lost_after_others_landed_is_raised(cloud: Jira) -> None:
    side = cloud.side()
    cloud.control.faults.add(Fault("reset_after", "POST", "/issue/bulk", nth=2))
    with pytest.raises(errors.Unanswered):
        side.create([draft(token=f"t{n}") for n in range(52)])
    cloud.clock.advance(5)
    found = side.find([f"t{n}" for n in range(52)], "feature", cloud.clock.now())
    assert len(found) == 52


def test_a_refusal_after_others_landed_is_those_drafts_alone(cloud: Jira) -> None:
    side = cloud.side()
    cloud.control.faults.add(Fault("status", "POST", "/issue/bulk", nth=2, status=403, body="{}"))
    answers = side.create([draft(token=f"t{n}") for n in range(52)])
    assert sum(isinstance(answer, Made) for answer in answers) == 50
    assert all(isinstance(answer, Failed) for answer in answers[50:])


def test_an_unknown_credential_is_not_mass_deletion(cloud: Jira) -> None:
    side = cloud.side()
    ref = one(side.create([draft()])).ref
    cloud.control.faults.add(Fault("status", "POST", "bulkfetch", status=200, body='{"issues": [], "issueErrors": []}'))
    cloud.control.faults.add(Fault("status", "GET", "myself", status=401))
    with pytest.raises(errors.NotSignedIn):
        side.read([ref])


def test_an_issue_is_followed_by_its_id_when_its_key_changes(each: Jira) -> None:
    side = each.side()
    ref = one(side.create([draft()])).ref
    each.site.issues[ref.id].key = "OPS-99"
    each.site.keys["OPS-99"] = ref.id
    found = side.read([ref])[ref]
    assert isinstance(found, Snapshot)
    assert found.ref.key == "OPS-99"
    assert found.url.endswith("/browse/OPS-99")
