"""What is wrong with a query, in Jira's words, as a table; and garbage, which gets a 400 and soon."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk_sandbox.jira import jql, search, seeds
from crosswalk_sandbox.jira.refusals import Refusal
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.traits import Asker
from crosswalk_sandbox.kernel.clock import VirtualClock

OPERATORS = "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'."
ESCAPES = r"The valid escape sequences are \', \", \t, \n, \r, \\, '\ ' and \uXXXX."
NUMBERS = "Numbers must be between -9,223,372,036,854,775,808 and 9,223,372,036,854,775,807."
DATES = (
    "Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format "
    "e.g. '-5d', '4w 2d'."
)
INCREMENT = "Duration for function 'startOfDay' should have the format (+/-)n(yMwdm), e.g -1M for 1 month earlier."

# Each begins with "Error in the JQL Query: ".
UNREADABLE = [
    ("comment ~ 'test", "The quoted string 'test' has not been completed. (line 1, character 11)"),
    ("priority=\"test\nword", "The quoted string 'test word' has not been completed. (line 1, character 10)"),
    ("comment ~ '", "The quoted string has not been completed. (line 1, character 11)"),
    ("comme\\unt ~ 'test", rf"'\un' is an illegal JQL escape sequence. {ESCAPES} (line 1, character 6)"),
    ("a = 'x\\q'", rf"'\q' is an illegal JQL escape sequence. {ESCAPES} (line 1, character 7)"),
    ("status =\n\n \\c", rf"'\c' is an illegal JQL escape sequence. {ESCAPES} (line 3, character 2)"),
    ("status = \\", f"The escape sequence has not been completed. {ESCAPES} (line 1, character 10)"),
    (
        "mine{www = qwwr",
        (r"The character '{' is a reserved JQL character. You must enclose it in a string or use the escape '\u007b' "
        "instead. (line 1, character 5)"),
    ),
    (
        "project = FAB; x",
        (r"The character ';' is a reserved JQL character. You must enclose it in a string or use the escape '\u003b' "
        "instead. (line 1, character 14)"),
    ),
    (
        'mqwwr="\x7f this"',
        (r"The character 'U+007F' on line 1 at position 8 must be escaped. Use the escape '\u007f' instead. (line 1, "
        "character 8)"),
    ),
    ("a=-9223372036854775809", f"'-9223372036854775809' is not a valid number. {NUMBERS} (line 1, character 3)"),
    (
        "summary ~ field",
        ("'field' is a reserved JQL word. You must surround it in quotation marks to use it in a query. (line 1, "
        "character 11)"),
    ),
    ("a =b order", "Expecting 'by' before the end of the query."),
    ("a =b order summary", "Expecting 'by' but got 'summary'. (line 1, character 12)"),
    ("a =b order by", "Expecting a field name at the end of the query."),
    (
        "a =b order by asc",
        ("Expecting a field name but got 'asc'. You must surround 'asc' in quotation marks to use it as a field name. "
        "(line 1, character 15)"),
    ),
    ("a =b order by ajsks blah", "Expecting either 'ASC' or 'DESC' but got 'blah'. (line 1, character 21)"),
    ("order by a desc d", "Expecting ',' but got 'd'. (line 1, character 17)"),
    ('a =b order by "" desc', "A field name cannot be empty. (line 1, character 15)"),
    ("'' = c", "A field name cannot be empty. (line 1, character 1)"),
    ("a = ''()", "A function name cannot be empty. (line 1, character 5)"),
    ("a", f"Expecting operator before the end of the query. {OPERATORS}"),
    ("a blah >", f"Expecting operator but got 'blah'. {OPERATORS} (line 1, character 3)"),
    ("a =a and j not is empty", "Expecting 'IN' but got 'is'. (line 1, character 16)"),
    ("a =a and j is ! empty", "Expecting 'NOT' but got '!'. (line 1, character 15)"),
    ('a not was "Open"', "Expecting 'IN' but got 'was'. (line 1, character 7)"),
    ("cf", "Expecting '[' before the end of the query."),
    ("a = b and not (cf = 6)", "Expecting '[' but got '='. (line 1, character 19)"),
    ("cf[", "Expecting a custom field id (a positive number) before the end of the query."),
    ("cf[29829k] = ", "Expecting a custom field id (a positive number) but got '29829k'. (line 1, character 4)"),
    ("cf[-2] = 1", "Expecting a custom field id (a positive number) but got '-2'. (line 1, character 4)"),
    ("cf[29829 = world", "Expecting ']' but got '='. (line 1, character 10)"),
    ("[brenden] = a", "Expecting a field name but got '['. Did you mean 'cf['? (line 1, character 1)"),
    ("a = func(", "Expecting ')' before the end of the query."),
    ("a = func(, and not (a = x)", "Expecting ')' but got ','. (line 1, character 10)"),
    ("bas=func(bad,)", "Function argument must be specified. (line 1, character 14)"),
    ("bas=func(bad,", "Expecting a function argument at the end of the query."),
    (
        "k = func(!",
        ("Expecting a function argument but got '!'. You must surround '!' in quotation marks to use it as an "
        "argument. (line 1, character 10)"),
    ),
    ("k = func(abc, jk!)", "Expecting ')' or ',' but got '!'. (line 1, character 17)"),
    ("a=b or (c=d and not l ~ kate", "Expecting ')' before the end of the query."),
    ("b in ((12, (288)", "Expecting ')' before the end of the query."),
    ("abc IN ((foo) abc = a", "Expecting ')' but got 'abc'. (line 1, character 15)"),
    ("a in (b c)", "Expecting ',' or ')' but got 'c'. (line 1, character 9)"),
    ("a=b c=d", "Expecting either 'OR' or 'AND' but got 'c'. (line 1, character 5)"),
    ("a=b !c=d", "Expecting either 'OR' or 'AND' but got '!'. (line 1, character 5)"),
    ("a=b)", "Expecting either 'OR' or 'AND' but got ')'. (line 1, character 4)"),
    ("status was (x, y) at '10:55'", "Expecting either 'OR' or 'AND' but got 'at'. (line 1, character 19)"),
    ("comment !~ \"brenden\" and", "Expecting a field name at the end of the query."),
    (
        ", a = b",
        ("Expecting a field name but got ','. You must surround ',' in quotation marks to use it as a field name. "
        "(line 1, character 1)"),
    ),
]  # fmt: skip

# Whole messages.
WRONG = [
    ("a=", "Error in JQL Query: Expecting either a value, list or function before the end of the query."),
    ("a was", "Error in JQL Query: Expecting either a value, list or function before the end of the query."),
    ("a=(a,", "Error in JQL Query: Expecting either a value, list or function before the end of the query."),
    (
        "project = FAB and status = = Done",
        ("Error in JQL Query: Expecting either a value, list or function but got '='. You must surround '=' in "
        "quotation marks to use it as a value. (line 1, character 28)"),
    ),
    (
        "project = OR",
        ("Error in JQL Query: Expecting either a value, list or function but got 'OR'. You must surround 'OR' in "
        "quotation marks to use it as a value. (line 1, character 11)"),
    ),
    (
        'status = "Open" by admin',
        'The EQUALS operator does not support the use of the by "admin" predicate.',
    ),
    (
        'fixVersion changed 4 by "I"',
        ("The CHANGED operator does not support the use of values without predicates. You must prefix the 4 value with "
        "a suitable predicate."),
    ),
    ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
    ("status = 666", "A value with ID '666' does not exist for the field 'status'."),
    ("status = '666'", "The value '666' does not exist for the field 'status'."),
    ("Fixversion = x", "The value 'x' does not exist for the field 'Fixversion'."),
    ("key = foo", "The issue key 'foo' for field 'key' is invalid."),
    ("issue in (0.0, FAB-1)", "The issue key '0.0' for field 'issue' is invalid."),
    ("id = 99999", "An issue with key '99999' does not exist for field 'id'."),
    ("key = FAB-99", "An issue with key 'FAB-99' does not exist for field 'key'."),
    ("colour = red", "Field 'colour' does not exist or you do not have permission to view it."),
    ("cf[99999] = red", "Field 'cf[99999]' does not exist or you do not have permission to view it."),
    (
        "board.property[colour].hue = red",
        "Field 'board.property[colour].hue' does not exist or you do not have permission to view it.",
    ),
    ("project ~ FAB", "The operator '~' is not supported by the 'project' field."),
    ("text !~ FAB", "The operator '!~' is not supported by the 'text' field."),
    ("summary = test", "The operator '=' is not supported by the 'summary' field."),
    ("summary in test", "Operator 'in' does not support the non-list value '\"test\"' for field 'summary'."),
    (
        "assignee in currentUser()",
        "Operator 'in' does not support the non-list value 'currentUser()' for field 'assignee'.",
    ),
    ("sprint = openSprints()", "Operator '=' does not support the list value 'openSprints()' for field 'sprint'."),
    ("status = (Done, 3)", "Operator '=' does not support the list value '(\"Done\", 3)' for field 'status'."),
    ("status is Done", "Operator 'is' does not support searching for non-empty values for field 'status'."),
    ("created > EMPTY", "Operator '>' does not support the empty value representation 'EMPTY' for field 'created'."),
    ("key is EMPTY", "The field 'key' does not support searching for EMPTY values."),
    ("updated > soon", f"Date value 'soon' for field 'updated' is invalid. {DATES}"),
    ("due = '2026-02-30'", f"Date value '2026-02-30' for field 'due' is invalid. {DATES}"),
    ("created > now(1)", "Function 'now' expected '0' arguments but received '1'."),
    ("created > startOfDay(invalid)", INCREMENT),
    ("assignee = nobody(1, 'a b')", "Unable to find JQL function 'nobody(1, \"a b\")'."),
    ("status = currentUser()", "A value provided by the function 'currentUser' is invalid for the field 'status'."),
    ("status was currentUser()", "A value provided by the function 'currentUser' is invalid for the field 'status'."),
    (
        "assignee was currentUser()",
        "A value provided by the function 'currentUser' is invalid for the field 'assignee'.",
    ),
    (
        "assignee in membersOf(nobodies)",
        (
            "Function 'membersOf' can not generate a list of usernames for group 'nobodies'; the group does not "
            "exist."
        ),
    ),
    ("assignee in membersOf()", "Function 'membersOf' expected '1' arguments but received '0'."),
    ("issue in linkedIssues(FAB-99)", "Issue 'FAB-99' could not be found in function 'linkedIssues'."),
    ("issue in linkedIssues(FAB-1, x)", "Issue link type 'x' could not be found in function 'linkedIssues'."),
    (
        "issue in linkedIssues()",
        ("Incorrect number of arguments for function 'linkedIssues'. Usage: 'linkedIssues ( issuekey "
        "[, linkDescription ]* )'."),
    ),
    (
        "fixVersion in releasedVersions(NOPE)",
        "Could not resolve the project 'NOPE' provided to function 'releasedVersions'.",
    ),
    ("summary ~ ''", "The field 'summary' does not support searching for an empty string."),
    ("summary ~ '?'", "The text query '?' for field 'summary' is not allowed to start with '?'."),
    ("text ~ 'AND'", "Unable to parse the text 'AND' for field 'text'."),
    ("text ~ 'BAD +'", "Unable to parse the text 'BAD +' for field 'text'."),
    ("project = FAB ORDER BY colour", "Not able to sort using field 'colour'."),
    ("project = FAB ORDER BY text", "Not able to sort using field 'text'."),
    ("status changed from fred", "The value 'fred' does not exist for the field 'status'."),
    ("status changed after '20/12/10'", f"Date value '20/12/10' for predicate 'after' is invalid. {DATES}"),
    (
        "status changed after currentUser()",
        "A date for the predicate 'after' provided by the function 'currentUser' is not valid.",
    ),
    ("status changed before (11, 12)", "The BEFORE predicate must be supplied with only 1 date value."),
    ("status changed during 11", "The DURING predicate must be supplied with exactly 2 date values."),
    ("assignee changed by bogus()", "Unable to find JQL function 'bogus()'."),
    ("assignee was bogus()", "Unable to find JQL function 'bogus()'."),
    ("status was Done by currentUser() AFTER startOfDay(invalid)", INCREMENT),
    ("labels was x", "History searches do not support the 'labels' field."),
    ("labels changed", "History searches do not support the 'labels' field."),
]  # fmt: skip


@pytest.fixture(scope="module", params=["cloud", "dc"])
def world(request: pytest.FixtureRequest) -> tuple[Site, Asker]:
    site = seeds.plant("demo", request.param, VirtualClock())
    return site, Asker(next(iter(site.people.values())), request.param == "cloud")


def refused(world: tuple[Site, Asker], query: str) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        search.find(*world, jql.parse(query))
    assert refusal.value.status == 400
    return refusal.value.messages


@pytest.mark.parametrize(("query", "message"), UNREADABLE)
def test_what_can_not_be_read(world: tuple[Site, Asker], query: str, message: str) -> None:
    assert refused(world, query) == ["Error in the JQL Query: " + message]


@pytest.mark.parametrize(("query", "message"), WRONG)
def test_what_is_not_there(world: tuple[Site, Asker], query: str, message: str) -> None:
    assert refused(world, query) == [message]


def test_everything_wrong_is_said_at_once(world: tuple[Site, Asker]) -> None:
    assert refused(world, "colour = 1 and status = x or status = x and due > soon order by hue") == [
        "Field 'colour' does not exist or you do not have permission to view it.",
        "The value 'x' does not exist for the field 'status'.",
        f"Date value 'soon' for field 'due' is invalid. {DATES}",
        "Not able to sort using field 'hue'.",
    ]


def test_user_names_are_gone_from_cloud(world: tuple[Site, Asker]) -> None:
    if world[1].cloud:
        assert refused(world, "assignee = bruno") == ["The value 'bruno' does not exist for the field 'assignee'."]
    else:
        assert len(search.find(*world, jql.parse("assignee = bruno"))) == 2


# ---- garbage

WORDS = [
    "project", "status", "key", "created", "labels", "text", "cf[10016]", "issue.property[x].y", "=", "!=", "<",
    ">=", "~", "!~", "in", "not in", "is", "is not", "was", "was not in", "changed", "and", "or", "not", "!", "&&",
    "|", "(", ")", ",", "empty", "null", "order by", "asc", "desc", "from", "to", "by", "after", "during", "FAB",
    "FAB-1", "Done", "-1d", "1", "-1", "99999999999", "'a b'", '"', "'", "\\", "\\u0041", "currentUser()", "now(",
    "startOfDay('-1d')", "[", "]", "linkedIssues(FAB-1)", "updatedBy(x)", "9" * 30, "'9999999y'", "\x00", "\n",
    "\ud800", "select", "'\"a b'", "'+ -'",
]  # fmt: skip
tokens = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


@settings(max_examples=400, deadline=None, database=None, derandomize=True)
@given(st.one_of(tokens, st.text(max_size=40), st.tuples(tokens, st.text(max_size=5), tokens).map("".join)))
def test_garbage_is_found_or_refused(query: str) -> None:
    assert outcome(query) in (200, 400)


def outcome(query: str) -> int:
    """200 when the query was run, else the status of the refusal, which says something."""
    try:
        search.find(*_GARBAGE, jql.parse(query))
    except Refusal as refusal:
        return refusal.status if all(refusal.messages) else 0
    return 200


_SITE = seeds.plant("demo", "cloud", VirtualClock())
_SITE.issues["10000"].values["summary"] = "a" * 20_000
_GARBAGE = (_SITE, Asker(next(iter(_SITE.people.values()))))

HUGE = {
    "open parentheses": "(" * 49_999,
    "closed parentheses": "(" * 16_000 + "key = FAB-1" + ")" * 16_000,
    "nots": "not " * 12_000 + "a = b",
    "signs": "!" * 49_999,
    "ands": "key = FAB-1 and " * 3_000 + "key = FAB-1",
    "a list": "key in (" + "FAB-1," * 8_000 + "FAB-1)",
    "lists in lists": "key in " + "(" * 20_000 + "FAB-1" + ")" * 20_000,
    "an open quotation": "'" + "x" * 49_000,
    "escapes": "\\" * 49_999,
    "calls": "a(" * 20_000,
    "words": "x " * 20_000,
    "a text query": "text ~ '" + "a* " * 3_000 + "'",
    "wild letters": "text ~ '" + "*a" * 5_000 + "'",
    "both and either": "a=b or c=d and not (" * 2_000,
    "wild letters that nearly fit": "text ~ '" + "*a" * 300 + "b'",
    "order": "order by " + "key," * 10_000 + "key",
    "predicates": "status changed " + "by currentUser() " * 2_900,
    "digits": "key = " + "9" * 49_000,
    "too long": "x" * 60_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_hostile_queries_end_soon(name: str) -> None:
    """A few seconds at most on a slow machine; what grows with the square of the length would take minutes."""
    started = time.process_time()
    assert outcome(HUGE[name]) in (200, 400)
    assert time.process_time() - started < 5
