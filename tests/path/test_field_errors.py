"""Every row of the error catalogue that concerns a field: provoked, said in words a person can act on, the other fields
of that record carried, nothing lost. What the product handles by itself is provoked, too, and says nothing.

A row is a generator: it makes the mistake beside a change of another field, and yields; mends it, and yields again for
the Retry; then says that the value arrived.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import pytest

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet, look, press_retry, warnings
from tests.path.system import System, running
from tests.path.test_fields import put_in_aha, put_in_jira, remap
from tests.shared_files import shared

TEXT, NUMBER, TIER, WHO = (f"customfield_1030{number}" for number in range(4))
PROJECT, SCREEN = "10000", "1"
EDIT, CREATE, TRANSITION = ("PUT", "/issue/[^/]+$"), ("POST", "/issue$"), ("POST", "/transitions$")


@pytest.fixture(scope="module", params=["cloud", "dc"])
def system(request: pytest.FixtureRequest) -> Iterator[System]:
    """One installation for all rows: each has a feature of its own, and leaves everything else as it was."""
    with running(request.param) as found:
        for key, type_, options in (
            ("text", "TextField", ()),
            ("number", "TextField", ()),
            ("tier", "SelectConstant", ("Gold", "Silver", "Tin")),
            ("who", "Records::UsersField", ()),
        ):
            put_in_aha(found, key, type_, options)
        put_in_jira(found, TEXT, "textfield")
        put_in_jira(found, NUMBER, "float")
        put_in_jira(found, TIER, "select", ("Gold", "Silver"))
        put_in_jira(found, WHO, "userpicker")
        names = {"text": TEXT, "number": NUMBER, "tier": TIER, "who": WHO}
        remap(found, *({"name": f"Own {key}", "aha": f"custom:{key}", "jira": name} for key, name in names.items()))
        fields = {
            kind: [{**line, "direction": "both"} if line["jira"] in ("labels", "status") else line for line in lines]
            for kind, lines in found.integration.mapping["fields"].items()
        }
        found.remap(fields=fields, statuses_to_jira={"feature": {"Shipped": "Done"}})
        yield found


@dataclass
class Case:
    """A feature that is in step, and what happens to it."""

    system: System
    ref: Ref
    key: str
    name: str

    def change(self, **values: Any) -> None:
        """A product owner changes something, and the name beside it."""
        self.system.aha.put(f"/features/{self.ref.id}", {"feature": {"name": self.name, **values}})

    def own(self, **values: Any) -> None:
        self.change(custom_fields=values)

    def edit(self, **values: Any) -> None:
        """An engineer changes something, and the summary beside it."""
        self.system.jira.edit(self.key, summary=self.name, **values)

    def fault(self, call: tuple[str, str], body: object, status: int = 400, times: int = 1) -> None:
        rule = {"kind": "status", "status": status, "method": call[0], "path_regex": call[1], "times": times}
        headers = {"Content-Type": "application/json"}
        self.system.fault("jira", **rule, body=json.dumps(body), headers=headers)

    @property
    def issue(self) -> dict[str, Any]:
        return self.system.issue(self.key)

    @property
    def record(self) -> dict[str, Any]:
        return self.system.aha.record("features", self.ref.key)

    def requirement(self, name: str) -> None:
        self.system.aha.post(f"/features/{self.ref.id}/requirements", {"requirement": {"name": name}})

    def forget(self) -> None:
        """What Crosswalk keeps in memory of this project is as old as its project data."""
        from crosswalk.sync.installation import current

        current().bridges.forget()


Steps = Iterator[None]


@dataclass(frozen=True)
class Row:
    """What is expected of a row of the catalogue; without words the product handles it and says nothing. A mistake that
    is `passing` is over by itself, so that the next look carries the value."""

    id: str
    act: Callable[[Case], Steps]
    code: str = ""
    says: str = ""
    do: str = ""
    passing: bool = False


ROWS: dict[str, Row] = {}


def row(
    id_: str, says: str = "", do: str = "", code: str = "", *, passing: bool = False
) -> Callable[[Callable[[Case], Steps]], None]:
    def keep(act: Callable[[Case], Steps]) -> None:
        assert id_ not in ROWS
        ROWS[id_] = Row(id_, act, (code or id_) if says else "", says, do, passing)

    return keep


TWICE = {
    "S5": "by each run that meets somebody else's write",
}
"""Rows whose message is told twice, and when; the others tell theirs once."""
FIELDS = [f"F{number}" for number in range(1, 27)]
OTHERS = [*(f"S{number}" for number in range(1, 9)), *(f"U{number}" for number in range(1, 8))]


@pytest.mark.parametrize("id_", [*FIELDS, *OTHERS])
def test_a_row_of_the_catalogue(system: System, id_: str) -> None:
    here = ROWS[id_]
    ref = system.feature(id_)
    case = Case(system, ref, system.send(ref).right_key, f"{id_} renamed")
    issues = len(system.site.issues)
    steps = here.act(case)
    next(steps)
    look(system, ref)
    told = warnings(system, ref)
    if here.says:
        (line, *more) = [one for one in told if one.code == here.code] or pytest.fail(f"{id_}: {told}")
        assert ref.key in line.what or case.key in line.what or id_ == "S5"  # that stands with the pair alone
        assert len(more) <= (id_ in TWICE)
        assert here.says.casefold() in f"{line.what} {line.why}".casefold()
        assert here.do.casefold() in line.remedy.casefold()
        assert line.remedy
    else:
        assert [(one.code, one.what, one.why) for one in told] == []
    assert (system.aha.name("features", ref.key), system.jira.summary(case.key)) == (case.name, case.name)
    if not here.passing:
        assert_quiet(system, ref, 1)
    next(steps, None)
    press_retry(system, ref)
    for _ in steps:
        pytest.fail("a row has two yields at most")
    pair = system.pair(ref)
    assert (pair.state, pair.reason) == ("agreed", "")
    assert len(system.site.issues) == issues + len(system.children(ref)), "no record twice"


def test_every_row_about_a_field_is_here() -> None:
    text = shared("reference/error-catalogue.md").read_text("utf-8")
    wanted = set(re.findall(r"^\| ([FSU]\d+) \|", text, re.MULTILINE))
    assert wanted - ROWS.keys() == set(), "these rows concern a field and are not provoked"
    assert ROWS.keys() - wanted == set()


# ---- fields and values ------------------------------------------------------------------------------------------


@row("F1", "data was not accepted", "mend the value", passing=True)
def refused_for_a_reason_of_its_own(case: Case) -> Steps:
    case.fault(EDIT, {"errorMessages": [], "errors": {TEXT: "Data was not accepted."}})
    case.own(text="odd")
    yield
    assert case.issue[TEXT] is None
    yield
    assert case.issue[TEXT] == "odd"


@row("F2", "screen", "put the field on the create and the edit screen")
def off_the_screen(case: Case) -> Steps:
    screen = case.system.site.screens[SCREEN].fields
    screen.remove("duedate")
    case.change(due_date="2027-01-31")
    yield
    screen.append("duedate")
    yield
    assert case.issue["duedate"] == "2027-01-31"


@row("F3", "is required", "always set in")
def a_required_field(case: Case) -> Steps:
    required = case.system.site.projects[PROJECT].required
    required.add("components")
    case.requirement("Late")
    case.change()
    yield
    required.discard("components")
    yield
    assert case.system.jira.summary(case.system.children(case.ref)[0].right_key) == "Late"


@row("F4")
def an_epic_needs_a_name_of_its_own(case: Case) -> Steps:
    from crosswalk.sync import service

    system = case.system
    types = system.integration.mapping["types"]
    system.remap(types={**types, "epic": {**types["epic"], "create": "to jira"}})
    release = system.aha.get("/products/FAB/releases")["releases"][0]["id"]
    made = system.aha.post(f"/releases/{release}/epics", {"epic": {"name": "An epic"}})["epic"]
    service.send(system.integration, [Ref("epic", made["id"], made["reference_num"])], "a test")
    case.change()
    system.drain()
    pair = system.pair(Ref("epic", made["id"]))
    assert (pair.state, system.jira.summary(pair.right_key)) == ("agreed", "An epic")
    if system.flavour == "dc":
        assert system.issue(pair.right_key)["customfield_10011"] == "An epic"
    system.site.issues.pop(system.site.issue(pair.right_key).id)
    pair.delete()
    system.remap(types=types)
    yield


@row("F5", "summary", "name")
def a_record_without_a_name(case: Case) -> Steps:
    record = case.system.account.find("feature", case.ref.id)
    case.change(due_date="2027-01-31")
    look(case.system, case.ref)
    record.name = ""
    case.system.aha.put(f"/features/{case.ref.id}", {"feature": {"due_date": "2027-02-01"}})
    look(case.system, case.ref)
    assert case.issue["duedate"] == "2027-02-01"
    assert case.system.jira.summary(case.key) == case.name, "the summary stays"
    record.name = case.name
    yield


@row("F6", "summary holds 254", "shorten")
def a_name_that_is_too_long(case: Case) -> Steps:
    case.change(due_date="2027-01-31")
    look(case.system, case.ref)
    case.system.aha.rename("features", case.ref.key, "long " * 60)
    look(case.system, case.ref)
    assert case.system.aha.name("features", case.ref.key) == ("long " * 60).strip()
    assert case.issue["duedate"] == "2027-01-31"
    case.change()
    yield


@row("F7", "32,767", "shorten")
def a_text_that_is_too_long(case: Case) -> Steps:
    case.change(description=f"<p>{'pedal ' * 6000}</p>")
    yield
    assert case.record["description"]["body"].count("pedal") == 6000
    case.change(description="<p>Ding</p>")
    yield
    assert "Ding" in case.issue["description"]


@row("F8", "255 characters", "shorten")
def a_tag_that_is_no_label(case: Case) -> Steps:
    case.change(tags=f"brass,two words,{'x' * 300}")
    look(case.system, case.ref)
    yield
    assert set(case.issue["labels"]) == {"brass", "two_words"}, "the others are carried"
    case.system.account.find("feature", case.ref.id).tags[:] = ["brass", "two words"]
    yield


@row("F9", "“Tin” is no option", "add the option")
def an_option_that_is_not_there(case: Case) -> Steps:
    case.own(tier="Tin")
    yield
    assert case.issue[TIER] is None
    case.own(tier="Silver")
    yield
    assert case.issue[TIER]["value"] == "Silver"


@row("F10")
def fields_that_make_no_sense_together(case: Case) -> Steps:
    from crosswalk.sync.mapping import MappingRefused

    before = case.system.integration.mapping
    with pytest.raises(MappingRefused, match="can not become"):
        remap(case.system, {"name": "Odd", "aha": "start_date", "jira": "components"})
    assert case.system.integration.mapping == before
    case.change()
    yield


@row("F11", "“twelve” is not a number", "write a number")
def a_text_that_is_no_number(case: Case) -> Steps:
    case.own(number="twelve", text="beside")
    yield
    assert (case.issue[NUMBER], case.issue[TEXT]) == (None, "beside")
    case.own(number="12")
    yield
    assert case.issue[NUMBER] == 12


@row("F12", "unknown", "load the project data", code="F12")
def a_field_that_is_gone(case: Case) -> Steps:
    site = case.system.site
    gone, screens = site.fields.pop(TEXT), [one.fields for one in site.screens.values() if TEXT in one.fields]
    for fields in screens:
        fields.remove(TEXT)
    case.own(text="lost?")
    yield
    site.fields[TEXT] = gone
    for fields in screens:
        fields.append(TEXT)
    yield
    assert case.issue[TEXT] == "lost?"


def shown_on_page(case: Case, error: Refused) -> None:
    """The integration's page gives the reason, and what to do about it."""
    from django.contrib.auth.models import User
    from django.test import Client

    browser, (olga, _) = Client(SERVER_NAME="localhost"), User.objects.get_or_create(username="olga", is_superuser=True)
    browser.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
    page = html.unescape(browser.get(f"/integrations/{case.system.integration.pk}/").content.decode())
    assert error.message in page
    assert error.remedy in page


@row("F13")
def project_data_that_was_never_loaded(case: Case) -> Steps:
    from crosswalk.sync import service
    from crosswalk.sync.installation import current

    case.system.integration.project_data.all().delete()
    case.forget()
    case.change()
    with pytest.raises(Refused, match="project data") as told:
        current().bridges.of(case.system.integration)
    assert (told.value.code, "Load project data" in told.value.remedy) == ("F13", True)
    shown_on_page(case, told.value)
    service.load_project_data(case.system.integration)
    case.forget()
    yield


@row("F14")
def a_type_that_is_gone(case: Case) -> Steps:
    from crosswalk.sync import service
    from crosswalk.sync.installation import current

    types = case.system.integration.mapping["types"]
    story = next(one for one in case.system.site.types.values() if one.name == types["feature"]["type"])
    for project in case.system.site.projects.values():
        project.types[:] = ["77001" if one == story.id else one for one in project.types]
    case.system.site.types["77001"] = replace(story, id="77001", name="Tale")
    service.load_project_data(case.system.integration)
    case.change()
    with pytest.raises(Refused, match="no issue type") as told:
        current().bridges.of(case.system.integration)
    assert (told.value.code, "Tale" in told.value.remedy) == ("F14", True)
    shown_on_page(case, told.value)
    for project in case.system.site.projects.values():
        project.types[:] = [story.id if one == "77001" else one for one in project.types]
    service.load_project_data(case.system.integration)
    yield


@row("F15", "atlassian document", "report this", passing=True)
def a_text_in_the_wrong_format(case: Case) -> Steps:
    said = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
    case.fault(EDIT, {"errorMessages": [], "errors": {"description": said}})
    case.change(description="<p>Ding</p>")
    yield
    yield
    assert "Ding" in case.issue["description"]


@row("F16", "comment body is not valid", "report this", passing=True)
def a_comment_in_the_wrong_format(case: Case) -> Steps:
    case.fault(("POST", "/comment$"), {"errorMessages": [], "errors": {"comment": "Comment body is not valid!"}})
    case.system.aha.post(f"/features/{case.ref.id}/comments", {"comment": {"body": "<p>Ding</p>"}})
    case.change()
    yield
    yield
    (made,) = case.system.jira.get(f"/issue/{case.key}/comment")["comments"]
    assert "Ding" in made["body"]


def refused_create(field: str, said: str) -> Callable[[Case], Steps]:
    """A requirement that Jira does not make the first time; its feature goes on."""

    def act(case: Case) -> Steps:
        case.fault(CREATE, {"errorMessages": [], "errors": {field: said}})
        case.requirement("Below")
        case.change()
        look(case.system, case.ref)
        assert case.system.children(case.ref)[0].state == "parked"
        yield
        yield
        assert case.system.jira.summary(case.system.children(case.ref)[0].right_key) == "Below"

    return act


row("F17", "valid project id", "choose the project", passing=True)(
    refused_create("project", "Specify a valid project ID or key")
)
SUBTASK = "Sub-tasks must be created in the same project as the parent."
row("F19", "same project", "move the issue", passing=True)(refused_create("parent", SUBTASK))
row("F20", "issue type", "choose the issue type", passing=True)(
    refused_create("issuetype", "The issue type selected is invalid.")
)


@row("F18", "parsing JSON", "report this", passing=True)
def a_request_that_is_not_understood(case: Case) -> Steps:
    said = "There was an error parsing JSON. Check that your request body is valid."
    case.fault(EDIT, {"errorMessages": [said]}, times=2)
    case.own(text="a{}b")
    yield
    yield
    assert case.issue[TEXT] == "a{}b"


@row("F21")
def a_value_that_is_emptied(case: Case) -> Steps:
    case.change(due_date="2027-01-31", assigned_to_user="chandra@example.com")
    look(case.system, case.ref)
    assert (case.issue["duedate"], bool(case.issue["assignee"])) == ("2027-01-31", True)
    case.change(due_date=None, assigned_to_user=None)
    yield
    assert (case.issue["duedate"], case.issue["assignee"]) == (None, None)


@row("F22")
def a_version_set_in_jira_alone(case: Case) -> Steps:
    system = case.system
    own = system.site.projects[PROJECT].versions[0]
    held = [{"id": one["id"]} for one in case.issue["fixVersions"]]
    system.jira.edit(case.key, fixVersions=[*held, {"id": own}])
    release = system.aha.post("/products/FAB/releases", {"release": {"name": "F22 release"}})["release"]["id"]
    case.change(release=release)
    yield
    assert {own} < {one["id"] for one in case.issue["fixVersions"]}
    assert "F22 release" in [one["name"] for one in case.issue["fixVersions"]]


@row("F23")
def tags_that_are_switched_on_later(case: Case) -> Steps:
    fields = case.system.integration.mapping["fields"]
    off = [{**line, "direction": "off"} if line["jira"] == "labels" else line for line in fields["feature"]]
    case.system.remap(fields={**fields, "feature": off})
    ref = case.system.feature("F23 second", tags="brass")
    case.system.jira.edit(case.system.send(ref).right_key, labels=["own"])
    look(case.system, ref)
    case.system.remap(fields=fields)
    case.change()
    look(case.system, ref)
    assert set(case.system.issue(case.system.pair(ref).right_key)["labels"]) == {"brass", "own"}
    assert set(case.system.aha.record("features", ref.key)["tags"]) == {"brass", "own"}
    case.system.site.issues.pop(case.system.site.issue(case.system.pair(ref).right_key).id)
    case.system.pair(ref).delete()
    yield


@row("F24")
def a_version_whose_name_differs_in_case(case: Case) -> Steps:
    from crosswalk.store import journal

    system = case.system
    body = {"name": "winter 2031", "projectId": int(PROJECT)}
    version = system.jira.send("POST", "/version", body)["id"]
    release = system.aha.post("/products/FAB/releases", {"release": {"name": "WINTER 2031"}})["release"]["id"]
    case.change(release=release)
    yield
    assert version in [one["id"] for one in case.issue["fixVersions"]]
    assert sum(one.name.casefold() == "winter 2031" for one in system.site.versions.values()) == 1
    lines = [line.what for line in journal.of_integration(system.integration.pk)]
    assert "winter 2031 was found in Jira by its name." in lines


@row("F25", "one at a time", "legacy mode", passing=True)
def estimates_in_legacy_mode_and_on_both_levels(case: Case) -> Steps:
    case.requirement("Below")
    (below,) = case.record["requirements"]
    case.system.aha.put(f"/requirements/{below['id']}", {"requirement": {"original_estimate_text": "2h"}})
    case.change(original_estimate_text="1d", remaining_estimate_text="6h")
    look(case.system, case.ref)
    assert case.issue["timeoriginalestimate"] == 8 * 3600, "what is below is not added"
    assert case.system.issue(case.system.children(case.ref)[0].right_key)["timeoriginalestimate"] == 2 * 3600
    words = {"errorMessages": [], "errors": {"timetracking": "Estimates are set one at a time here."}}
    case.fault(EDIT, words)
    case.change(original_estimate_text="2d")
    look(case.system, case.ref)
    assert case.issue["timeoriginalestimate"] == 16 * 3600, "once more, and alone"
    assert warnings(case.system, case.ref) == []
    case.fault(EDIT, words, times=2)
    case.change(original_estimate_text="3d")
    yield
    assert case.issue["timeoriginalestimate"] == 16 * 3600
    yield
    assert case.issue["timeoriginalestimate"] == 24 * 3600


@row("F26")
def an_estimate_of_many_weeks(case: Case) -> Steps:
    case.change(original_estimate_text="25000min")
    yield
    assert case.issue["timeoriginalestimate"] == 25000 * 60


# ---- statuses -----------------------------------------------------------------------------------------------------


@row("S1", "no way", "let the status travel")
def a_workflow_without_a_way(case: Case) -> Steps:
    project = case.system.site.projects[PROJECT]
    whole = project.transitions
    project.transitions = [one for one in whole if one.name in ("To Do", "Start progress")]
    case.forget()
    case.change(workflow_status={"name": "Shipped"})
    yield
    project.transitions = whole
    case.forget()
    case.change(workflow_status={"name": "In development"})
    yield


@row("S2")
def a_transition_that_is_gone(case: Case) -> Steps:
    case.fault(TRANSITION, {"errorMessages": ["Transition id '31' is not valid for this issue."]})
    case.change(workflow_status={"name": "In development"})
    yield
    assert case.issue["status"]["name"] == "In Progress"


@row("S3", "missing 'transition' identifier", "report this", passing=True)
def a_step_without_a_transition(case: Case) -> Steps:
    case.fault(TRANSITION, {"errorMessages": ["Missing 'transition' identifier"]})
    case.change(workflow_status={"name": "In development"})
    yield
    yield
    assert case.issue["status"]["name"] == "In Progress"


@row("S4", "may not move", "transition issues")
def nothing_leads_on(case: Case) -> Steps:
    case.fault(("GET", "/transitions$"), {"expand": "transitions", "transitions": []}, status=200, times=20)
    case.change(workflow_status={"name": "In development"})
    yield
    httpx2.delete(f"{case.system.jira_at.address}/_sandbox/faults").raise_for_status()
    yield
    assert case.issue["status"]["name"] == "In Progress"


@row("S5", "same moment", "", code="S5")
def somebody_writes_at_the_same_moment(case: Case) -> Steps:
    case.fault(EDIT, {"errorMessages": ["Issue was changed"]}, status=409)
    case.own(text="both")
    yield
    assert case.issue[TEXT] == "both"


@row("S6", "resolution", "mapping (screens)")
def a_screen_that_asks(case: Case) -> Steps:
    case.change(workflow_status={"name": "Shipped"})
    yield
    case.system.remap(screens={"Resolution": "Done"})
    yield
    assert case.issue["status"]["name"] == "Done"
    case.system.remap(screens={})


@row("S7")
def a_status_that_must_not_jump_back(case: Case) -> Steps:
    case.system.jira.move(case.key, "In Progress")
    case.edit()
    look(case.system, case.ref)
    meant = case.system.integration.mapping["statuses"]["feature"]["In Progress"]
    for _ in range(2):
        look(case.system, case.ref)
        assert (case.issue["status"]["name"], case.system.aha.status(case.ref.key)) == ("In Progress", meant)
    yield


@row("S8", "status", "")
def a_status_aha_does_not_know(case: Case) -> Steps:
    meant = case.system.integration.mapping["statuses"]["feature"]["In Progress"]
    flows = case.system.account.workflows.values()
    status = next(one for flow in flows for one in flow.statuses if one.name == meant)
    status.name = "Being built"
    case.system.jira.move(case.key, "In Progress")
    case.edit()
    yield
    status.name = meant
    yield
    assert case.system.aha.status(case.ref.key) == meant


# ---- people -------------------------------------------------------------------------------------------------------


def person(case: Case, name: str) -> Any:
    return next(one for one in case.system.site.people.values() if one.name == name)


@row("U1", "no jira account", "same e-mail address")
def somebody_without_an_account(case: Case) -> Steps:
    case.change(assigned_to_user="emil@example.com")
    yield
    assert case.record["assigned_to_user"]["email"] == "emil@example.com"
    case.change(assigned_to_user="chandra@example.com")
    yield
    assert case.issue["assignee"]["displayName"] == "Chandra Iyer"


@row("U2", "2 jira accounts", "leave the address with one")
def an_address_of_two(case: Case) -> Steps:
    person(case, "dana").email = "chandra@example.com"
    case.forget()
    case.change(assigned_to_user="chandra@example.com")
    yield
    assert case.issue["assignee"] is None
    person(case, "dana").email = "dana@example.com"
    case.forget()
    yield
    assert case.issue["assignee"]["displayName"] == "Chandra Iyer"


@row("U3", "must be provided", "report this", passing=True)
def a_search_for_nobody(case: Case) -> Steps:
    said = "The username or property query parameter must be provided"
    case.forget()
    case.fault(("GET", "/user/(assignable/)?search"), {"errorMessages": [said]})
    case.change(assigned_to_user="chandra@example.com")
    yield
    case.forget()
    yield
    assert case.issue["assignee"]["displayName"] == "Chandra Iyer"


@row("U4")
def a_user_picker_is_filled(case: Case) -> Steps:
    case.own(who=["chandra@example.com"])
    yield
    assert case.issue[WHO]["displayName"] == "Chandra Iyer"


@row("U5", "cannot be assigned", "right to be assigned")
def somebody_who_may_not_be_assigned(case: Case) -> Steps:
    otto = person(case, "otto")
    before, otto.email = otto.email, "emil@example.com"
    case.forget()
    case.change(assigned_to_user="emil@example.com")
    yield
    assert case.issue["assignee"] is None
    otto.email = before
    case.forget()
    case.change(assigned_to_user=None)
    yield


@row("U6")
def one_of_very_many_people(case: Case) -> Steps:
    people = case.system.site.people
    last = person(case, "chandra")
    crowd = {f"crowd{n}": replace_person(last, n) for n in range(120)}
    kept = dict(people)
    people.clear()
    people.update({**crowd, **kept})
    case.forget()
    case.change(assigned_to_user="chandra@example.com")
    yield
    assert case.issue["assignee"]["displayName"] == "Chandra Iyer"
    for name in crowd:
        del people[name]


def replace_person(one: Any, number: int) -> Any:
    key = f"crowd{number}"
    return replace(one, key=key, name=key, account_id=key, email=f"chandra@example.com.{number}.example")


@row("U7")
def who_said_it(case: Case) -> Steps:
    case.system.jira.send("POST", f"/issue/{case.key}/comment", {"body": "Ding"})
    case.edit()
    yield
    (made,) = case.system.aha.get(f"/features/{case.ref.id}/comments")["comments"]
    assert "Alice" in made["body"]


# ---- rows that concern more than one field -----------------------------------------------------------------------


def test_a_record_without_a_name_is_sent_with_one(system: System) -> None:
    """F5, at the create: the rest of it is carried."""
    ref = system.feature("F5 nameless", due_date="2027-01-31")
    system.account.find("feature", ref.id).name = ""
    pair = system.send(ref)
    assert (pair.state, system.jira.summary(pair.right_key)) == ("agreed", f"(untitled) {ref.key}")
    assert system.issue(pair.right_key)["duedate"] == "2027-01-31"
    assert_quiet(system, ref)


def test_a_frozen_issue_holds_back_only_what_goes_there(system: System) -> None:
    """A10: what changed in Jira beside it reaches Aha!, and nothing of Aha!'s is lost."""
    ref = system.feature("A10")
    case = Case(system, ref, system.send(ref).right_key, "A10 renamed")
    said = {"errorMessages": ["You do not have permission to edit issues in this project."], "errors": {}}
    system.jira.edit(case.key, duedate="2027-03-03")
    case.change()
    case.fault(EDIT, said, times=50)
    look(system, ref)
    line = next(one for one in warnings(system, ref) if one.code == "A10")
    assert ("edit the issue" in line.why + line.what, "then press Retry" in line.remedy) == (True, True)
    assert (case.record["due_date"], case.record["name"]) == ("2027-03-03", "A10 renamed")
    assert system.jira.summary(case.key) == "A10"
    assert_quiet(system, ref, 1)
    httpx2.delete(f"{system.jira_at.address}/_sandbox/faults").raise_for_status()
    assert press_retry(system, ref).state == "agreed"
    assert (system.jira.summary(case.key), case.issue["duedate"]) == ("A10 renamed", "2027-03-03")


def test_a_reporter_off_the_screen_holds_back_nothing_else(system: System) -> None:
    """U5, of the reporter."""
    ref = system.feature("U5 reporter")
    case = Case(system, ref, system.send(ref).right_key, "U5 renamed")
    fields = system.integration.mapping["fields"]
    line = {"name": "Reporter", "aha": "created_by_user", "jira": "reporter", "direction": "to jira"}
    others = [one for one in fields["feature"] if one["jira"] != "reporter"]
    system.remap(fields={**fields, "feature": [*others, line]})
    screen = system.site.screens[SCREEN].fields
    screen.remove("reporter")
    case.change(created_by="chandra@example.com", due_date="2027-01-31")
    look(system, ref)
    (told,) = [one for one in system.journal(ref) if one.code == "U5"]
    assert (told.field, "the rest of the record was carried" in told.what.casefold()) == ("Reporter", True)
    assert (system.jira.summary(case.key), case.issue["duedate"]) == ("U5 renamed", "2027-01-31")
    assert case.issue["reporter"]["displayName"] != "Chandra Iyer"
    assert_quiet(system, ref, 1)
    screen.append("reporter")
    assert press_retry(system, ref).state == "agreed"
    assert case.issue["reporter"]["displayName"] == "Chandra Iyer"
    system.remap(fields=fields)


def test_a_text_that_aha_still_holds_back_arrives_later_whole(system: System) -> None:
    """X4: no hook tells of a text for minutes. A look for another reason carries it; nothing older replaces it."""
    ref = system.feature("X4", description="<p>one</p>")
    case = Case(system, ref, system.send(ref).right_key, "X4 renamed")
    system.aha.put(f"/features/{ref.id}", {"feature": {"description": "<p>two</p>"}})
    system.pass_time(600)
    case.edit()
    look(system, ref)
    assert "two" in case.issue["description"]
    assert (case.record["name"], case.record["description"]["body"]) == ("X4 renamed", "<p>two</p>")
    assert_quiet(system, ref, 1)
