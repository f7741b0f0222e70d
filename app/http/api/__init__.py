"""The HTTP API: what programs read and report, by a token."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute

from app.http import API_ROOT
from app.http.api import bulk, milestones, readings, scorecards
from app.http.api.bulk import ReadingOfMetric
from app.http.api.docs import STYLE_POLICY, page
from app.http.api.door import Door, Parts
from app.http.api.limits import Limits
from app.http.api.measured import Measured
from app.http.api.problems import Problem, Wrong, handle_problems

__all__ = ["Limits", "Parts", "build_api"]

DESCRIPTION = (
    "Report readings and milestones to KPI Trajectories, and read scorecards. Every request "
    "brings a token, which reaches certain scorecards, to read or to write."
)

# The routes are functions of the module, not closures: FastAPI remembers each that it has seen,
# and would keep all that a closure holds.
pages = APIRouter(include_in_schema=False)


def build_api(parts: Parts) -> FastAPI:
    """The API, to be mounted at `API_ROOT`."""
    api = FastAPI(
        title="KPI Trajectories",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
    )
    api.state.parts = parts
    api.add_middleware(Door)
    api.add_middleware(Measured)
    handle_problems(api)
    routers = [each.routes for each in (scorecards, readings, bulk, milestones)] + [pages]
    for router in routers:
        api.include_router(router)
    api.state.routes = [route for router in routers for route in router.routes]
    return api


def _operation_id(route: APIRoute) -> str:
    return route.name


@pages.get("/openapi.json")
async def openapi(request: Request) -> Response:
    return JSONResponse(document(request.app))


@pages.get("/docs")
async def docs(request: Request) -> Response:
    return HTMLResponse(
        page(document(request.app)), headers={"Content-Security-Policy": STYLE_POLICY}
    )


_DONE = {"200": "What was asked for", "201": "It is done"}


def document(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once."""
    if api.openapi_schema is None:
        known = get_openapi(
            title=api.title,
            version=api.version,
            description=api.description,
            routes=api.routes,
            servers=[{"url": API_ROOT}],
        )
        schemas = known["components"]["schemas"]
        for model in (Problem, Wrong, ReadingOfMetric):
            told = model.model_json_schema(ref_template="#/components/schemas/{model}")
            told.pop("$defs", None)
            schemas[model.__name__] = told
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        for operations in known["paths"].values():
            for operation in operations.values():
                first_line = operation["description"].split("\n")[0]
                operation["summary"] = first_line.split(". ")[0].rstrip(".")
                for status, said in _DONE.items():
                    if status in operation["responses"]:
                        operation["responses"][status]["description"] = said
        api.openapi_schema = known
    return api.openapi_schema
