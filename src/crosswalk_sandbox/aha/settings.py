"""What Aha! leaves open, as switches of the stand-in. Knows nothing else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Settings:
    """What Aha! does not document, or does differently from account to account; changed at `/_sandbox/settings`.

    Seconds are of the sandbox's clock. `text_delay`: Aha! sends text edits to the activity webhook five minutes after
    the last change (https://www.aha.io/support/suite/suite/integrations/activity-webhook). `merge_seconds`: it may
    merge a user's edits of a record in such a window. `upload_limit`: bytes; Aha! publishes no number. Its gateway may
    refuse a file with a web page (`page`), or the application with words about the field (`field`). `upload_kept`: the
    share of an upload's bytes that arrives, as behind a proxy that cuts it.
    """

    limits: bool = True
    per_second: int = 20
    per_minute: int = 300
    text_delay: float = 300.0
    merge_seconds: float = 0.0
    tags_mode: str = "replace"
    keep_text_when_emptied: bool = True
    parent_updated: bool = False
    integer_ids: bool = False
    many_fields_answer: str = "array"
    upload_limit: int = 100 * 1024 * 1024
    upload_answer: str = "page"
    upload_kept: float = 1.0
