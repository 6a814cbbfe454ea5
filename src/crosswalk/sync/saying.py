"""What several parts of the story say alike: who asked for something, and that an integration does not run."""

from __future__ import annotations

from crosswalk.errors import Refused
from crosswalk.store.models import Integration


def asked(person: str) -> str:
    """Who asked for it, as a sentence; nothing where nobody is known. A name stays as it is written."""
    if not person:
        return ""
    return f"{called(person)} asked for it."


def called(person: str) -> str:
    """Who did it, at the beginning of a sentence."""
    return person[0].upper() + person[1:] if person.startswith("the ") else person


def began(integration: Integration) -> bool:
    """Whether it was ever enabled: then both sides were asked."""
    return bool(integration.polled_at or integration.swept_at)


def off(integration: Integration) -> str:
    """That it does not run, in the words of its page; nothing where it is enabled."""
    if integration.enabled:
        return ""
    return "is paused" if began(integration) else "is not enabled yet"


def refuse_while_off(integration: Integration, then: str) -> None:
    """Raises Refused where it does not run; `then` is what to do once it does."""
    if says := off(integration):
        raise Refused(f"The integration {says}.", remedy=f"Enable it under Set-up, then {then} again.")
