"""Reads single values of a write: texts, dates, estimates, tags. Pure; raises `Invalid` for what Aha! would refuse."""

from __future__ import annotations

import math
import re
from datetime import date

from crosswalk_sandbox.aha.refusals import Invalid
from crosswalk_sandbox.aha.state import MINUTES, POINTS

DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# 1d = 8h, 1w = 5d, 1m = 22d: https://www.aha.io/api/resources/features/update_a_feature
UNITS = {"min": 1, "h": 60, "d": 480, "w": 2400, "m": 10560}
PART = re.compile(r"(\d+(?:\.\d+)?)\s*(min|h|d|w|m|p)", re.ASCII)
LONGEST = 1e9


def text(value: object, name: str) -> str:
    """A text; numbers are taken as their digits, null as empty."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid(f"{name} is invalid")
    return _sound(str(value))


def _sound(value: str) -> str:
    """Lone surrogates and zero bytes can not be stored."""
    return value.replace("\x00", "").encode("utf-8", "replace").decode()


def day(value: object, name: str) -> date | None:
    """A date in the form YYYY-MM-DD; null or empty is no date."""
    if value in (None, ""):
        return None
    if not isinstance(value, str) or not DATE.fullmatch(value):
        raise Invalid(f"{name} is not a valid date, use YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Invalid(f"{name} is not a valid date, use YYYY-MM-DD") from error


def number(value: object, name: str, most: float = LONGEST) -> float | None:
    """A number from 0 to `most`, also as text; null or empty is none."""
    found = any_number(value, name)
    if found is not None and not 0 <= found <= most:
        raise Invalid(f"{name} is not between 0 and {most:g}")
    return found


def any_number(value: object, name: str) -> float | None:
    """A number, also as text; null or empty is none."""
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid(f"{name} is not a number")
    try:
        found = float(value)
    except (ValueError, OverflowError) as error:
        raise Invalid(f"{name} is not a number") from error
    if not math.isfinite(found):
        raise Invalid(f"{name} is not a number")
    return found


def estimate(value: object, name: str) -> tuple[float | None, int | None]:
    """An estimate in words ("2d 1h", "4p"): the amount, and its unit where one is named."""
    if value in (None, ""):
        return None, None
    if not isinstance(value, str) or len(value) > 100 or PART.sub("", value).strip():
        raise Invalid(f"{name} is not an estimate such as 2d 1h or 4p")
    parts = PART.findall(value)
    points = [float(amount) for amount, unit in parts if unit == "p"]
    if points and len(points) != len(parts):
        raise Invalid(f"{name} mixes points and time")
    if points:
        return number(sum(points), name), POINTS
    return number(sum(float(amount) * UNITS[unit] for amount, unit in parts), name), MINUTES


def flag(value: object, name: str) -> bool:
    """A truth value as JSON or as text."""
    if isinstance(value, bool):
        return value
    if value in ("true", "1", 1):
        return True
    if value in ("false", "0", 0, "", None):
        return False
    raise Invalid(f"{name} is neither true nor false")


def names(value: object, name: str) -> list[str]:
    """A list of texts, from a list or a comma-separated text; each once, in order."""
    if value is None:
        return []
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        raise Invalid(f"{name} is invalid")
    found = [text(part, name).strip() for part in value]
    return list(dict.fromkeys(part for part in found if part))


def pointer(value: object, name: str) -> str | None:
    """What names a record or person: a text, a number, or an object with `id`, `email`, `reference_num` or `name`."""
    if isinstance(value, dict):
        for key in ("id", "email", "reference_num", "name"):
            if value.get(key) not in (None, ""):
                return text(value[key], name)
        raise Invalid(f"{name} is invalid")
    return text(value, name).strip() or None
