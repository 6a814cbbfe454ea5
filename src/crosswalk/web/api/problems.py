"""What went wrong, as problem details (RFC 9457): what, where, why, and what to do. Knows no endpoint."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from crosswalk.errors import CrosswalkError, NeedsPerson, Overtaken, RemoteError
from crosswalk.sync.files import FileRefused
from crosswalk.sync.mapping import MappingRefused
from crosswalk.web.troubleshooting import ENTRIES

TYPE = "application/problem+json"
log = structlog.get_logger(__name__)


class Fault(Schema):
    """One of several things that are wrong."""

    where: str = Field(description="The part of the request, such as body.records.0, or file:line")
    what: str


class Problem(Schema):
    """What went wrong."""

    type: str = Field(description="Address of the page that explains it, or about:blank")
    title: str = Field(description="What happened")
    status: int
    detail: str = Field(description="Why")
    instance: str = Field(description="Where: the address that was asked")
    remedy: str = Field(description="What to do next")
    faults: list[Fault] = Field(description="Each thing that is wrong, where there are several")


class Stop(Exception):
    """Ends a request with a problem."""

    def __init__(self, status: int, detail: str, remedy: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.remedy = status, detail, remedy


def answer(
    request: HttpRequest, status: int, detail: str, remedy: str = "", *, code: str = "", faults: Sequence[Fault] = ()
) -> HttpResponse:
    """The problem as an answer."""
    title = ENTRIES[code].title if code in ENTRIES else HTTPStatus(status).phrase
    problem = Problem(
        type=f"/help/{code}/" if code in ENTRIES else "about:blank",
        title=title,
        status=status,
        detail=detail,
        instance=request.path,
        remedy=remedy,
        faults=list(faults),
    )
    made = HttpResponse(json.dumps(problem.dict()), status=status, content_type=TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        made["WWW-Authenticate"] = 'Bearer realm="Crosswalk"'
    return made


def status_of(error: CrosswalkError) -> int:
    """The status that says what the caller can do about it."""
    if isinstance(error, RemoteError):
        return HTTPStatus.BAD_GATEWAY
    if isinstance(error, NeedsPerson | Overtaken):
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY


def faults_of(error: CrosswalkError) -> list[Fault]:
    """Each fault of a file or a mapping."""
    if isinstance(error, FileRefused):
        return [Fault(where=f"file:{line}", what=str(problem)) for line, problem in sorted(error.faults, key=_line)]
    if isinstance(error, MappingRefused):
        return [Fault(where=problem.where, what=str(problem)) for problem in error.problems]
    return []


def _line(fault: tuple[int, Any]) -> int:
    return fault[0]


def install(api: NinjaAPI) -> None:
    """From now on every error of `api` is answered as a problem."""
    api.add_exception_handler(CrosswalkError, _refused)
    api.add_exception_handler(Stop, _stopped)
    api.add_exception_handler(ValidationError, _faulty)
    api.add_exception_handler(AuthenticationError, _stranger)
    api.add_exception_handler(HttpError, _unreadable)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(Exception, _broken)
    for gone in (OperationalError, InterfaceError):
        api.add_exception_handler(gone, _silent)


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(request, status_of(error), error.message, error.remedy, code=error.code, faults=faults_of(error))


def _stopped(request: HttpRequest, stop: Any) -> HttpResponse:
    return answer(request, stop.status, stop.detail, stop.remedy)


def _faulty(request: HttpRequest, error: Any) -> HttpResponse:
    faults = [Fault(where=".".join(map(str, one["loc"])), what=str(one["msg"])) for one in error.errors]
    remedy = "Compare the request with /api/v1/openapi.json."
    return answer(request, 422, "The request does not fit the document.", remedy, faults=faults)


def _stranger(request: HttpRequest, _: Any) -> HttpResponse:
    remedy = "Make a token on your account's page, and send it as “Authorization: Bearer TOKEN”."
    return answer(request, 401, "There is no API token, or it has ended, or it was revoked.", remedy)


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(request, error.status_code, error.message, "Send JSON in UTF-8.")


def _missing(request: HttpRequest, _: Any) -> HttpResponse:
    return answer(request, 404, "There is nothing of this number.", "Ask for the list, and take a number from it.")


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("an API request broke", path=request.path, exc_info=error)
    return answer(request, 500, "Something broke inside Crosswalk.", "Its console says what happened.")


def _silent(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("an API request found no database", path=request.path, error=str(error))
    made = answer(request, 503, "The database does not answer.", "Ask again in a moment.")
    made["Retry-After"] = "5"
    return made
