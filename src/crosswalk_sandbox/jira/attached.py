"""Where the bytes of a file are found. Pure; knows no request.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/ (schema Attachment); on Data
Center as recorded, where a name in an address has plus signs for blanks.
"""

from __future__ import annotations

from urllib.parse import quote_plus

from crosswalk_sandbox.jira.state import Attachment, Json

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/bmp")


def pictured(file: Attachment) -> bool:
    """Whether a file has a thumbnail."""
    return file.media.partition(";")[0].strip().lower() in PICTURES


def addresses(file: Attachment, root: str, base: str, *, cloud: bool) -> Json:
    """Of the file, and of its thumbnail where it is a picture. `base` is that of the REST API."""
    if cloud:
        content, thumbnail = f"{base}/attachment/content/{file.id}", f"{base}/attachment/thumbnail/{file.id}"
    else:
        content = f"{root}/secure/attachment/{file.id}/{quote_plus(file.filename)}"
        thumbnail = f"{root}/secure/thumbnail/{file.id}/_thumb_{file.id}.png"
    return {"content": content, **({"thumbnail": thumbnail} if pictured(file) else {})}
