"""One clause of a query as a test, checked as Jira checks it: field, operator, kind of operand, values, functions.

Which operators take lists, EMPTY or neither:
https://support.atlassian.com/jira-work-management/docs/advanced-search-reference-jql-operators/
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from crosswalk_sandbox.jira import jql, jql_properties
from crosswalk_sandbox.jira.compare import HISTORY, NEGATIVE, Doc, Test, Trait, compare
from crosswalk_sandbox.jira.jql_functions import Function, Wrong, function_named
from crosswalk_sandbox.jira.jql_history import FIELDS, Bounds, History, Wanted
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.traits import Asker, Traits

NO_DATE = (
    "Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format "
    "e.g. '-5d', '4w 2d'."
)
LISTS = ("in", "not in", "was in", "was not in")
ORDERING = ("<", ">", "<=", ">=")
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]+-\d+")


def nothing(_doc: Doc) -> bool:
    """The test of a clause that is wrong."""
    return False


class Clauses:
    """Tests for clauses; what is wrong with them is added to `errors`, in Jira's words."""

    def __init__(self, site: Site, asker: Asker) -> None:
        self.site, self.asker = site, asker
        self.traits = Traits(site, asker)
        self.errors: list[str] = []

    def clause(self, clause: jql.Clause, *, negated: bool = False) -> Test:
        """The test for a clause, or for its opposite."""
        before = len(self.errors)
        traits = self.named(clause.field)
        if not traits:
            self.errors.append(f"Field '{clause.field}' does not exist or you do not have permission to view it.")
            return nothing
        self._check_operator(clause, traits[0])
        if len(self.errors) > before:
            return nothing
        if clause.operator in HISTORY:
            return self._history(clause, traits[0], negated=negated)
        assert clause.operand is not None
        operator = jql.OPPOSITE[clause.operator] if negated else clause.operator
        tests = [compare(trait, operator, self.values(trait, clause, clause.operand)) for trait in traits]
        if len(tests) == 1:
            return tests[0]
        # Fields that share a name are searched together.
        if operator in NEGATIVE:
            return lambda doc: all(test(doc) for test in tests)
        return lambda doc: any(test(doc) for test in tests)

    def named(self, name: jql.Name) -> list[Trait]:
        """The fields that a query means by a name."""
        return jql_properties.of_name(self.traits, name) if name.properties else self.traits.named(name.text)

    def _check_operator(self, clause: jql.Clause, trait: Trait) -> None:
        """Adds an error where the operator does not fit the field or the operand."""
        operator, operand, name = clause.operator, clause.operand, clause.field
        if operand is not None and (found := self._misuse(operator, operand)):
            self.errors.append(f"Operator '{operator}' does not support {found} for field '{name}'.")
        elif operator in HISTORY and trait.name not in FIELDS:
            self.errors.append(f"History searches do not support the '{name}' field.")  # wording unconfirmed
        elif not trait.operators:
            self.errors.append(f"Field '{name}' is not searchable, it is only sortable.")
        elif operator not in trait.operators and not (operator in ("is", "is not") and not trait.empty):
            self.errors.append(f"The operator '{operator}' is not supported by the '{name}' field.")

    def _misuse(self, operator: str, operand: jql.Operand) -> str:
        """Why an operator does not take an operand: a list, no list, EMPTY, or anything but EMPTY. "" if it does."""
        many = isinstance(operand, jql.Listed) or (
            isinstance(operand, jql.Call) and (function := self.function(operand)) is not None and function.many
        )
        known = not isinstance(operand, jql.Call) or self.function(operand) is not None
        if operator in (*LISTS, *ORDERING) and isinstance(operand, jql.Empty):
            return "the empty value representation 'EMPTY'"
        if operator in LISTS:
            return "" if many or not known else f"the non-list value '{operand}'"
        if operator in ("is", "is not"):
            return "" if isinstance(operand, jql.Empty) else "searching for non-empty values"
        return f"the list value '{operand}'" if many else ""

    def function(self, call: jql.Call) -> Function | None:
        return function_named(call.name, cloud=self.asker.cloud)

    # ---- values

    def values(self, trait: Trait, clause: jql.Clause, operand: jql.Operand) -> list[object]:
        """What an operand means for a field; None stands for EMPTY."""
        if isinstance(operand, jql.Listed):
            return [value for item in operand.items for value in self.values(trait, clause, item)]
        if isinstance(operand, jql.Call):
            return self.call(trait, str(clause.field), operand)
        if isinstance(operand, jql.Empty):
            if not trait.empty:
                self.errors.append(f"The field '{clause.field}' does not support searching for EMPTY values.")
            return [None]
        meant = trait.mean(operand)
        if not meant:
            self.errors.append(no_value(trait, str(clause.field), operand))
        elif trait.name == "key" and clause.operator in ORDERING and self._moved(operand):
            self.errors.append(f"Operator '{clause.operator}' cannot be applied to moved issue key '{operand.text}'.")
        return meant

    def _moved(self, literal: jql.Literal) -> bool:
        """Whether this is a key that an issue had before it was moved: it is found by it, and has no place in an
        order, as the vendor's own tests have it."""
        found = self.site.issue(literal.text)
        return found is not None and literal.text.upper() != found.key and literal.text != found.id

    def call(self, trait: Trait, name: str, call: jql.Call) -> list[object]:
        """What a function answers, if it is one and fits the field."""
        function = self.function(call)
        if function is None:
            self.errors.append(f"Unable to find JQL function '{call}'.")
            return []
        if trait.kind not in function.kinds:
            self.errors.append(f"A value provided by the function '{call.name}' is invalid for the field '{name}'.")
            return []
        try:
            found = function.run(self.traits, call)
        except Wrong as wrong:
            self.errors.append(str(wrong))
            return []
        if trait.kind == "day":
            return [v.astimezone(self.asker.zone).date().isoformat() for v in found if isinstance(v, datetime)]
        return found

    # ---- history

    def _history(self, clause: jql.Clause, trait: Trait, *, negated: bool) -> Test:
        before = len(self.errors)
        history = History(self.site, trait.name)
        bounds = self._bounds(clause, trait, history)
        if clause.operator == "changed":
            test = history.changed(bounds)
        else:
            assert clause.operand is not None
            test = history.was(self._wanted(clause, trait, clause.operand, history), bounds)
            negated = negated is not ("not" in clause.operator)
        if len(self.errors) > before:
            return nothing
        return (lambda doc: not test(doc)) if negated else test

    def _wanted(self, clause: jql.Clause, trait: Trait, operand: jql.Operand, history: History) -> Wanted:
        """The values WAS, FROM or TO ask for: those there are, and names there were once."""
        operands = operand.items if isinstance(operand, jql.Listed) else (operand,)
        ids: set[str] = set()
        names: set[str] = set()
        empty = False
        for one in operands:
            if isinstance(one, jql.Literal):
                found = trait.mean(one)
                lower = one.text.lower()
                if not found and not history.known_name(lower):
                    self.errors.append(no_value(trait, str(clause.field), one))
                ids |= {str(value) for value in found if value is not None}
                empty = empty or None in found
                # A person's display name is no identity.
                names |= set() if history.people else {lower}
            elif isinstance(one, jql.Call) and one.name.lower() == "currentuser":
                # Only in predicates, says its page; Data Center 10.3 answered this.
                message = f"A value provided by the function '{one.name}' is invalid for the field '{clause.field}'."
                self.errors.append(message)
            else:
                found = self.values(trait, clause, one)
                ids |= {str(value) for value in found if value is not None}
                empty = empty or None in found
        return Wanted(frozenset(ids), frozenset(names), empty)

    def _bounds(self, clause: jql.Clause, trait: Trait, history: History) -> Bounds:
        people: set[object] | None = None
        since: list[datetime] = []
        until: list[datetime] = []
        spans: list[tuple[datetime, datetime]] = []
        sides: dict[str, Wanted] = {}
        for predicate in clause.predicates:
            operator, operand = predicate.operator, predicate.operand
            if operator in ("from", "to"):
                sides[operator] = self._wanted(clause, trait, operand, history)
            elif operator == "by":
                found = set(self._people(operand))
                people = found if people is None else people & found
            elif (dates := self._dates(operator, operand)) is None:
                continue
            elif operator == "after":
                since += dates
            elif operator == "before":
                until += dates
            elif operator == "on":
                spans.append(self._day(dates[0]))
            else:
                spans.append((dates[0], dates[1]))
        return Bounds(
            None if people is None else frozenset(people),
            max(since, default=None),
            min(until, default=None),
            tuple(spans),
            sides.get("from"),
            sides.get("to"),
        )

    def _day(self, moment: datetime) -> tuple[datetime, datetime]:
        start = moment.astimezone(self.asker.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return start, start + timedelta(days=1, microseconds=-1)

    def _people(self, operand: jql.Operand) -> list[object]:
        """Whom BY names."""
        trait = self.traits.person_trait("by", lambda _doc: [])
        if isinstance(operand, jql.Literal) and not trait.mean(operand):
            self.errors.append(f"The user '{operand.text}' does not exist and cannot be used in the 'by' predicate.")
            return []
        return self.values(trait, jql.Clause(jql.Name("by"), "=", operand), operand)

    def _dates(self, operator: str, operand: jql.Operand) -> list[datetime] | None:
        """The dates of a predicate: one, but two for DURING."""
        wanted = 2 if operator == "during" else 1
        operands = operand.items if isinstance(operand, jql.Listed) else (operand,)
        if len(operands) != wanted:
            count = "exactly 2 date values" if wanted == 2 else "only 1 date value"
            self.errors.append(f"The {operator.upper()} predicate must be supplied with {count}.")
            return None
        out = [self._date(operator, one) for one in operands]
        return [date for date in out if date is not None] if None not in out else None

    def _date(self, operator: str, operand: jql.Operand) -> datetime | None:
        if isinstance(operand, jql.Call):
            function = self.function(operand)
            if function is not None and "moment" not in function.kinds:
                message = (
                    f"A date for the predicate '{operator}' provided by the function '{operand.name}' is not valid."
                )
                self.errors.append(message)
                return None
            found = self.call(self.traits.time(operator, lambda _doc: []), operator, operand)
        elif isinstance(operand, jql.Literal):
            found = self.traits.moment(operand)
            if not found:
                self.errors.append(f"Date value '{operand.text}' for predicate '{operator}' is invalid. {NO_DATE}")
        else:
            self.errors.append(f"The {operator.upper()} predicate must be supplied with only 1 date value.")
            return None
        return next((value for value in found if isinstance(value, datetime)), None)


def no_value(trait: Trait, name: str, literal: jql.Literal) -> str:
    """What Jira says of a value there is none of."""
    text = literal.text
    if trait.kind in ("moment", "day"):
        return f"Date value '{text}' for field '{name}' is invalid. {NO_DATE}"
    if trait.name == "key" and not literal.number and not KEY.fullmatch(text):
        return f"The issue key '{text}' for field '{name}' is invalid."  # as others recorded of a Server
    if trait.name == "key":
        return f"An issue with key '{text}' does not exist for field '{name}'."
    if trait.kind == "text":
        return no_words(name, text)
    if literal.number:
        return f"A value with ID '{text}' does not exist for the field '{name}'."
    return f"The value '{text}' does not exist for the field '{name}'."


def no_words(name: str, text: str) -> str:
    """What Jira says of a text query that it can not read."""
    if not text.strip():
        return f"The field '{name}' does not support searching for an empty string."
    if text[0] == "?":
        return f"The text query '{text}' for field '{name}' is not allowed to start with '?'."
    return f"Unable to parse the text '{text}' for field '{name}'."
