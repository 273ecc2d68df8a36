"""The API as Django knows it: every operation, its errors as JSON, its description in OpenAPI."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import path as at
from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from tieline.errors import TielineError
from tieline.web.api import faults, reads, webhook_operations, writes
from tieline.web.api.calling import Needs, TooMany
from tieline.web.permissions import open_to_all


class _Api(NinjaAPI):
    """Ninja's, with the plain name of each function as the name of its operation."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        """The name of an operation: programs made from the description have it."""
        return str(operation.view_func.__name__)


api = _Api(
    title="Tieline",
    version="1",
    description="Accounts, sites, contacts and what is known of them; judgements; events. "
    "Every answer that is read from the database has the name of its snapshot as ETag.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    # What names no permission of its own is nobody's.
    auth=Needs(),
)
api.add_router("", reads.router)
api.add_router("", writes.router)
api.add_router("", webhook_operations.router)


@api.exception_handler(TielineError)
def _told(request: Any, problem: Any) -> HttpResponse:
    seconds = problem.seconds if isinstance(problem, TooMany) else 0
    return faults.told(problem, retry_seconds=seconds)


@api.exception_handler(ValidationError)
def _wrong(request: Any, problem: Any) -> HttpResponse:
    return faults.wrong_input(problem.errors)


@api.exception_handler(HttpError)
def _unreadable(request: Any, problem: Any) -> HttpResponse:
    return faults.fault(problem.status_code, "bad_request", str(problem)[:200])


@api.exception_handler(Http404)
def _missing(request: Any, problem: Any) -> HttpResponse:
    return faults.missing(request)


@api.exception_handler(UnicodeEncodeError)
def _half(request: Any, problem: Any) -> HttpResponse:
    return faults.fault(400, "bad_text", "A text in it holds half a character.")


@api.exception_handler(RecursionError)
def _deep(request: Any, problem: Any) -> HttpResponse:
    return faults.fault(400, "bad_request", "It is nested too deeply.")


@api.exception_handler(Exception)
def _broken(request: Any, problem: Any) -> HttpResponse:
    return faults.broken(request, problem)


def described() -> dict[str, Any]:
    """The OpenAPI description, with the errors that every operation may answer."""
    told: dict[str, Any] = api.get_openapi_schema(path_prefix="/api/v1/")
    schema = {"$ref": "#/components/schemas/Fault"}
    told["components"]["schemas"]["Fault"] = reads.Fault.model_json_schema()
    means = {
        "400": "It cannot be understood", "401": "No key, or one that opens nothing",
        "403": "The key may not do this", "404": "There is no such thing",
        "405": "Not this way", "409": "Not in this state", "413": "Too large",
        "422": "This Idempotency-Key was another request's",
        "429": "Too much at once: wait for the seconds of Retry-After",
        "503": "Not now: wait for the seconds of Retry-After",
    }  # fmt: skip
    needs = dict(_permissions())
    for path, operations in told["paths"].items():
        for operation in operations.values():
            # Ninja counts in numbers, OpenAPI in texts.
            known = operation["responses"]
            operation["responses"] = {str(status): one for status, one in known.items()}
            for status, meaning in means.items():
                operation["responses"][status] = {
                    "description": meaning,
                    "content": {"application/json": {"schema": schema}},
                }
            operation["x-permissions"] = needs[operation["operationId"]]
            _add_headers(path, operation)
    bulk = told["paths"]["/api/v1/tables/{name}/bulk"]["get"]["responses"]["200"]
    bulk["content"] = {
        "application/x-ndjson": {"schema": {"type": "string"}},
        "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
    }
    return told


def _permissions() -> Iterator[tuple[str, list[str]]]:
    """Each operation's name with the permissions that its key needs."""
    for router in (reads.router, writes.router, webhook_operations.router):
        for view in router.path_operations.values():
            for one in view.operations:
                held = [auth for auth in one.auth_callbacks if isinstance(auth, Needs)]
                named = [permission.name for auth in held for permission in auth.permissions]
                yield one.view_func.__name__, named


def _add_headers(path: str, operation: dict[str, Any]) -> None:
    """What may be sent in headers: the snapshot that is known, or the name of a request."""
    if path.startswith("/api/v1/judgements/"):
        header, means = "Idempotency-Key", "The same key and request: done once, answered alike"
    elif not path.startswith(("/api/v1/judgements", "/api/v1/events", "/api/v1/webhooks")):
        header, means = "If-None-Match", "The ETag that is known: 304 if nothing has changed"
        operation["responses"]["304"] = {"description": "Nothing has changed"}
    else:
        return
    operation.setdefault("parameters", []).append(
        {"in": "header", "name": header, "description": means, "required": False,
         "schema": {"type": "string", "maxLength": 255, "pattern": "^[A-Za-z0-9_.:\"-]*$"}}
    )  # fmt: skip


def _open(view: Callable[..., Any]) -> Any:
    """An operation past the sign-in of people: it asks for a key itself."""

    @csrf_exempt
    def opened(request: Any, *args: Any, **kwargs: Any) -> Any:
        answer = view(request, *args, **kwargs)
        if answer.status_code == 405:
            allowed = answer.headers.get("Allow", "")
            answer = faults.fault(405, "wrong_method", "This address is not used that way.")
            answer.headers["Allow"] = allowed
        return answer

    return open_to_all("every operation asks for a key with the permissions it names")(opened)


@csrf_exempt
@open_to_all("it says that nothing is there")
def nothing(request: Any, rest: str = "") -> HttpResponse:
    """An address of the API that leads nowhere."""
    return faults.missing(request)


def _addresses() -> list[Any]:
    """Ninja's own addresses but for its pages, each opened to keys."""
    found = []
    for pattern in api.urls[0]:
        route = re.sub(r"^/+", "", str(pattern.pattern))
        if pattern.name in ("openapi-json", "openapi-view", "api-root"):
            continue
        found.append(at(f"api/v1/{route}", _open(pattern.callback), name=f"api-{pattern.name}"))
    return found


urlpatterns = [*_addresses(), re_path(r"^api/(?P<rest>.*)$", nothing, name="api-nothing")]
