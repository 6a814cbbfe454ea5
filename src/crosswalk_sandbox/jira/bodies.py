"""What a request to a stand-in Jira carries: JSON, or files. Knows no endpoint.

Documents: https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/ (status codes); for files
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from crosswalk_sandbox.jira.refusals import Problem, Refusal
from crosswalk_sandbox.kernel.requests import parsed, whole

NOT_JSON = "There was an error parsing JSON. Check that your request body is valid."
NO_CONTENT = "No content to map to Object due to end of input"  # observed by others on Cloud
TAKEN = {"Accept": "application/json"}  # with a 415, what would be taken; observed by others on Cloud
LARGEST_BODY = 30 * 1024 * 1024
BODIED = {b"content-length", b"transfer-encoding"}  # of a request that has a body (RFC 9112, 6)


@dataclass(slots=True)
class Upload:
    filename: str
    media: str
    data: bytes


async def read(request: Request) -> tuple[object, list[Upload], bytes]:
    """The body: JSON, or the files of a multipart request."""
    if request.method == "GET" and not BODIED & {name for name, _ in request.scope["headers"]}:
        return None, [], b""
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return None, await _files(request), b""
    raw = await whole(request, LARGEST_BODY)
    if raw is None:
        raise Refusal(413, "Request body is too large.")
    if not raw or request.method in ("GET", "HEAD"):
        return None, [], raw
    if request.method in ("POST", "PUT") and not kind.startswith("application/json"):
        raise Problem(415, "Unsupported Media Type", f"Content-Type '{kind}' is not supported.", TAKEN)
    try:
        return parsed(raw), [], raw
    except (ValueError, RecursionError) as error:
        raise Refusal(400, NOT_JSON, bare=True) from error


async def passed_over(request: Request) -> tuple[object, list[Upload], bytes]:
    """Nothing, whatever is sent."""
    if await whole(request, LARGEST_BODY) is None:
        raise Refusal(413, "Request body is too large.")
    return None, [], b""


async def _files(request: Request) -> list[Upload]:
    try:
        form = await request.form(max_files=100)
    except (HTTPException, MultiPartException, ValueError, AssertionError) as error:
        raise Refusal(400, "Unable to read the multipart request.") from error
    out = []
    try:
        for name, part in form.multi_items():
            if name == "file" and isinstance(part, UploadFile):
                media = part.content_type or "application/octet-stream"
                out.append(Upload(part.filename or "", media, await part.read()))
    finally:
        await form.close()
    return out
