"""The JSON API, put together: who may, how errors are answered, the OpenAPI document, the endpoints."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from ninja import NinjaAPI, Router
from ninja.openapi.schema import OpenAPISchema

from crosswalk import __version__
from crosswalk.web.access import NEEDS
from crosswalk.web.api import deciding, inside, integrations, joining, lone, mappings, overview, problems, records
from crosswalk.web.api.doors import Token

NAME: Final = "api"
_ABOUT = (
    "The verbs of Crosswalk's pages and command line, for programs. Send an API token as "
    "`Authorization: Bearer TOKEN`; it may do what its role may, and never more than its person. Every error is "
    "`application/problem+json` and says what happened, where, why, and what to do."
)
# What any request may be answered besides what its endpoint says.
_ERRORS: Final = {
    "400": "The body is not JSON",
    "401": "No token, or one that has ended",
    "403": "The token's role does not reach so far",
    "404": "There is nothing of this number",
    "409": "Somebody else was faster, or a person has to decide first",
    "422": "The request can not be meant so",
    "502": "Aha! or Jira refused, or did not answer",
    "503": "The database does not answer: ask again",
}


class Service(NinjaAPI):
    """NinjaAPI, with a document that says which role an endpoint needs and how its errors look."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The document."""
        prefix = reverse(f"{NAME}:api-root") if path_prefix is None else path_prefix
        document: OpenAPISchema = super().get_openapi_schema(path_prefix=prefix, path_params=path_params)
        schema = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"] |= {**schema.pop("$defs"), "Problem": schema}
        content = {problems.TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for methods in document["paths"].values():
            for method, operation in methods.items():
                # What sets X is called set_X, at the address X.
                name = operation["operationId"].removeprefix("set_")
                need = NEEDS[f"{NAME}:{name}"].role(method.upper())
                operation["description"] = f"{operation.get('description', '')}\n\nNeeds the role {need}.".strip()
                for status, why in _ERRORS.items():
                    operation["responses"][status] = {"description": why, "content": content}
        return document

    def get_openapi_operation_id(self, operation: Any) -> str:
        """The endpoint's name, as the table of rights knows it."""
        return str(operation.view_func.__name__)


def build() -> Service:
    """The API with all its endpoints."""
    made = Service(
        title="Crosswalk", version=__version__, description=_ABOUT, auth=Token(), docs_url=None, urls_namespace=NAME
    )
    problems.install(made)
    routers: tuple[Router, ...] = (
        *(overview.router, integrations.router, records.router),
        *(deciding.router, mappings.router, joining.router, lone.router, inside.router),
    )
    for router in routers:
        made.add_router("", router)
    return made
