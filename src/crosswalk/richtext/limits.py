"""How large and how deep a text may be. It knows no format; it only counts, cuts, and refuses in clear words."""

from __future__ import annotations

from crosswalk.errors import Refused

# The widest field of Jira holds 32,767 characters; a page of Aha! holds more. Beyond this a text is hostile or broken.
MAX_CHARS = 2_000_000
MAX_DEPTH = 100


class TextTooLarge(Refused):
    """A text has more characters than MAX_CHARS; nothing was converted."""


class TextTooDeep(Refused):
    """Elements are nested deeper than MAX_DEPTH; nothing was converted."""


class NotRichText(Refused):
    """The value is not of the format it was given as (for example a string where an ADF document is needed)."""


def units(text: str) -> int:
    """How long Jira counts `text`: in UTF-16 units, two for a character such as an emoji."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """The beginning of `text`, at most `most` UTF-16 units, no character cut in half."""
    return text.encode("utf-16-le", "surrogatepass")[: most * 2].decode("utf-16-le", "ignore")


def check_size(source: str) -> None:
    """Raise TextTooLarge where `source` is longer than any real text."""
    if len(source) > MAX_CHARS:
        raise TextTooLarge(
            f"The text has {len(source):,} characters; at most {MAX_CHARS:,} are converted.",
            remedy="Shorten the text, or attach it as a file.",
        )


def too_deep() -> TextTooDeep:
    """The error for nesting beyond MAX_DEPTH."""
    return TextTooDeep(
        f"The text is nested more than {MAX_DEPTH} levels deep.",
        remedy="Remove the formatting of the deepest part (paste it again as plain text).",
    )
