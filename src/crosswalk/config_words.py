"""How the words of a setting are read: yes or no, one of some words, a number. Pure; refuses what can not be meant."""

from __future__ import annotations

from collections.abc import Mapping

from crosswalk.errors import Refused

_YES, _NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off")


def is_yes_or_no(text: str) -> bool:
    """Whether it says one of both, or nothing."""
    return text.strip().lower() in (*_YES, *_NO, "")


def yes(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    """Yes or no, however people write it."""
    text = environment.get(name, "").strip().lower()
    if not text:
        return default
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Refused(f"{name} is {text!r}.", remedy="Write yes or no.")


def choice(environment: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    """One of `words`; the first where nothing is said."""
    text = environment.get(name, "").strip().lower() or words[0]
    if text not in words:
        raise Refused(f"{name} is {text!r}.", remedy=f"Write {' or '.join(words)}.")
    return text


def count(environment: Mapping[str, str], name: str) -> int:
    """A small number."""
    text = environment.get(name, "").strip() or "0"
    if not text.isdecimal() or int(text) > 10:
        raise Refused(f"{name} is {text!r}.", remedy="Write a number from 0 to 10.")
    return int(text)


def seconds(environment: Mapping[str, str], name: str, *, default: float) -> float:
    """Seconds, up to a day."""
    text = environment.get(name, "").strip()
    try:
        seconds = float(text) if text else default
    except ValueError:
        seconds = 0
    if not 0.05 <= seconds <= 86400:
        raise Refused(f"{name} is {text!r}.", remedy="Write a number of seconds from 0.05 to 86400.")
    return seconds
