"""Why a text is no JQL, in Jira's words. Knows lark's errors and tokens, no field and no issue.

The words follow what Jira Data Center 10.3 and Cloud were seen to answer; Atlassian has no page that lists them. Two of
them start with "Error in JQL Query", without the article, and so they do here.
Document: https://support.atlassian.com/jira-software-cloud/docs/what-is-advanced-search-in-jira-cloud/.
"""

from __future__ import annotations

from lark import Token, UnexpectedToken

from crosswalk_sandbox.jira.jql_words import RESERVED_CHARACTERS
from crosswalk_sandbox.jira.refusals import Refusal

ERROR = "Error in the JQL Query: "
OPERATORS = "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'"
ESCAPES = r"The valid escape sequences are \', \", \t, \n, \r, \\, '\ ' and \uXXXX."
OPERATOR_NAMES = {
    "=": "EQUALS", "!=": "NOT_EQUALS", "<": "LESS_THAN", ">": "GREATER_THAN", "<=": "LESS_THAN_EQUALS",
    ">=": "GREATER_THAN_EQUALS", "~": "LIKE", "!~": "NOT_LIKE", "in": "IN", "not in": "NOT_IN", "is": "IS",
    "is not": "IS_NOT",
}  # fmt: skip
END = "$END"
VALUES = {"WORD", "QUOTED", "NATURAL", "NEGATIVE"}


def _refusal(message: str, line: int | None = None, column: int | None = None, start: str = ERROR) -> Refusal:
    return Refusal(400, start + message + (f" (line {line}, character {column})" if line else ""))


def _at(word: Token, message: str) -> Refusal:
    return _refusal(message, word.line, word.column)


def _shown(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def reserved(word: Token) -> Refusal:
    """A reserved word stands where only a quotation may."""
    message = f"'{word}' is a reserved JQL word. You must surround it in quotation marks to use it in a query."
    return _at(word, message)


def no_number(word: Token) -> Refusal:
    """Digits beyond what a long holds."""
    limits = f"{-(2**63):,} and {2**63 - 1:,}"
    return _at(word, f"'{str(word)[:100]}' is not a valid number. Numbers must be between {limits}.")


def empty_name(word: Token, kind: str) -> Refusal:
    """`"" = 1` or `a = ""()`."""
    return _at(word, f"A {kind} name cannot be empty.")


def wrong_path(word: Token) -> Refusal:
    """Behind `issue.property[key]` comes a path that starts with a point, or an operator."""
    return _at(word, f"Expecting operator but got '{_inside(word)}'. The valid operators are {OPERATORS}.")


def unwanted_predicates(operator: str, shown: str) -> Refusal:
    """`status = Open BY admin`."""
    return _refusal(
        f"The {OPERATOR_NAMES[operator]} operator does not support the use of the {shown} predicate.", start=""
    )


def unwanted_operand(shown: str) -> Refusal:
    """`status CHANGED Open`."""
    message = (
        f"The CHANGED operator does not support the use of values without predicates. You must prefix the {shown} "
        "value with a suitable predicate."
    )
    return _refusal(message, start="")


def character(source: str, at: int) -> Refusal:
    """No word starts at this place."""
    first = source[at]
    if first in "\"'":
        return _quotation(source, at)
    if first == "\\":
        return _escape(source, at)
    if first in RESERVED_CHARACTERS:
        message = (
            f"The character '{first}' is a reserved JQL character. You must enclose it in a string or use the escape "
            f"'\\u{ord(first):04x}' instead."
        )
        return _refusal(message, *_place(source, at))
    return _illegal(source, at)


def _place(source: str, at: int) -> tuple[int, int]:
    return source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at)


def _illegal(source: str, at: int) -> Refusal:
    line, column = _place(source, at)
    code = f"{ord(source[at]):04x}"
    message = (
        f"The character 'U+{code.upper()}' on line {line} at position {column} must be escaped. Use the escape "
        f"'\\u{code}' instead."
    )
    return _refusal(message, line, column)


def _quotation(source: str, at: int) -> Refusal:
    """What is wrong inside a quotation: an escape, a control character, or that it never ends."""
    place = at + 1
    while place < len(source):
        if source[place] == "\\":
            size = _escape_size(source, place)
            if size == 0:
                return _escape(source, place)
            place += size
        elif (
            (source[place] < " " and source[place] not in "\n\r")
            or "\x7f" <= source[place] <= "\x9f"
            or "\ufdd0" <= source[place] <= "\ufdef"
            or source[place] in "\ufffe\uffff"
        ):
            return _illegal(source, place)
        else:
            place += 1
    rest = _shown(source[at + 1 :])
    text = f"The quoted string '{rest}' has" if rest else "The quoted string has"
    return _refusal(f"{text} not been completed.", *_place(source, at))


def _escape_size(source: str, at: int) -> int:
    """How many characters the escape takes; 0 when it is none."""
    second = source[at + 1 : at + 2]
    if second == "u":
        digits = source[at + 2 : at + 6]
        return 6 if len(digits) == 4 and all(d in "0123456789abcdefABCDEF" for d in digits) else 0
    return 2 if second and second in "tnr\"'\\ " else 0


def _escape(source: str, at: int) -> Refusal:
    place = _place(source, at)
    if at + 1 >= len(source):
        return _refusal(f"The escape sequence has not been completed. {ESCAPES}", *place)
    wrong = source[at : at + 2]
    if wrong == "\\u":
        end = at + 2
        while end < min(at + 6, len(source)) and source[end] in "0123456789abcdefABCDEF":
            end += 1
        wrong = source[at : end + 1]
    return _refusal(f"'{_shown(wrong)}' is an illegal JQL escape sequence. {ESCAPES}", *place)


# ---- a word where another was expected


def _inside(word: Token) -> str:
    text = str(word)
    return _shown(text[1:-1] if word.type == "QUOTED" else text)


def _expecting(word: Token, expected: str, *, use: str = "", end: str = "before", start: str = ERROR) -> Refusal:
    """`Expecting this but got that.`, with advice to quote where the word could then be a `use`."""
    if word.type == END:
        return _refusal(f"Expecting {expected} {end} the end of the query.", start=start)
    text = _inside(word)
    advice = f" You must surround '{text}' in quotation marks to use it as {use}." if use else ""
    return _refusal(f"Expecting {expected} but got '{text}'.{advice}", word.line, word.column, start)


def _operand(word: Token) -> Refusal:
    return _expecting(word, "either a value, list or function", use="a value", start="Error in JQL Query: ")


def token(error: UnexpectedToken) -> Refusal:
    """A word stands where another was expected."""
    word = error.token
    stack = error.interactive_parser.parser_state.value_stack
    last = stack[-1] if stack and isinstance(stack[-1], Token) else None
    before = last.type if last is not None else ""
    expected = set(error.accepts)
    for judge in (_after_keyword, _in_brackets, _in_call, _by_what_may_come):
        if (found := judge(word, before, expected, stack)) is not None:
            return found
    return _expecting(word, "either 'OR' or 'AND'")


def _after_keyword(word: Token, before: str, expected: set[str], _stack: list[object]) -> Refusal | None:
    """Behind ORDER comes BY, behind IS an operand or NOT, behind NOT as an operator IN."""
    if expected == {"BY"}:
        return _expecting(word, "'by'")
    if expected == {"IN"}:
        return _expecting(word, "'IN'")
    if before == "IS":
        return _expecting(word, "'NOT'")
    return _operand(word) if before == "WAS" else None


def _in_brackets(word: Token, _before: str, expected: set[str], _stack: list[object]) -> Refusal | None:
    """`cf[10000]` and `issue.property[key]`."""
    if expected == {"LSQB"}:
        return _expecting(word, "'['")
    if expected == {"NATURAL"}:
        return _expecting(word, "a custom field id (a positive number)")
    return _expecting(word, "']'") if expected == {"RSQB"} else None


def _in_call(word: Token, before: str, expected: set[str], stack: list[object]) -> Refusal | None:
    """Arguments of a function: values only."""
    if not _opened_by_call(stack):
        return None
    if "EMPTY" in expected or not expected & (VALUES | {"COMMA", "RPAR"}):
        return None
    if before == "LPAR":
        if word.type in (END, "COMMA"):
            return _expecting(word, "')'")
    elif not expected & VALUES:
        return _expecting(word, "')'" if word.type == END else "')' or ','")
    elif word.type in ("COMMA", "RPAR"):
        return _at(word, "Function argument must be specified.")
    return _expecting(word, "a function argument", use="an argument", end="at")


def _opened_by_call(stack: list[object]) -> bool:
    """Whether the innermost open parenthesis follows the name of a function."""
    depth = 0
    for place in range(len(stack) - 1, -1, -1):
        one = stack[place]
        if isinstance(one, Token) and one.type == "RPAR":
            depth += 1
        elif isinstance(one, Token) and one.type == "LPAR":
            if depth == 0:
                before = stack[place - 1] if place else None
                return isinstance(before, Token) and before.type in VALUES
            depth -= 1
    return False


def _by_what_may_come(word: Token, _before: str, expected: set[str], stack: list[object]) -> Refusal | None:
    if "EMPTY" in expected and "CHANGED" not in expected and not expected & {"FROM", END}:
        return _operand(word)
    if "EQ" in expected:
        return _expecting_operator(word)
    if expected & VALUES and "EMPTY" not in expected:
        return _field_name(word)
    if expected & {"ASC", "DESC"}:
        return _expecting(word, "either 'ASC' or 'DESC'")
    if expected == {"COMMA", END}:
        return _expecting(word, "','")
    if "RPAR" in expected:
        return _closing(word, expected, stack)
    return None


def _closing(word: Token, expected: set[str], stack: list[object]) -> Refusal:
    """A parenthesis is open."""
    if word.type in (END, "ORDER"):
        return _expecting(word, "')'")
    last = stack[-1]
    simple = not (isinstance(last, Token) and last.type in ("RPAR", "EMPTY"))
    if "COMMA" in expected:
        return _expecting(word, "',' or ')'" if simple else "')'")
    return _expecting(word, "either 'OR' or 'AND'" if simple else "')'")


def _expecting_operator(word: Token) -> Refusal:
    if word.type == END:
        return _refusal(f"Expecting operator before the end of the query. The valid operators are {OPERATORS}.")
    message = f"Expecting operator but got '{_inside(word)}'. The valid operators are {OPERATORS}."
    return _at(word, message)


def _field_name(word: Token) -> Refusal:
    if word.type == "LSQB":
        return _at(word, "Expecting a field name but got '['. Did you mean 'cf['?")
    return _expecting(word, "a field name", use="a field name", end="at")
