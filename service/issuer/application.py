"""The issuer as an application of its own: it knows no report, no desk and no feed."""

from collections.abc import Callable

from fastapi import FastAPI
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from service.accepted_keys import this_quarter
from service.answers import answer_mistake, answer_nobody, answer_unavailable
from service.database.commits import Database
from service.errors import UnavailableError
from service.issuer.home import IssuerHome
from service.issuer.private_keys import PrivateKeys
from service.issuer.routes import IssuerRoutes, SigningPlaces
from service.limits import InFlightLimit

_PREFIX = "/v1/issuer/"


def make_issuer_application(
    home: IssuerHome, database: Database, quarter: Callable[[], str] = this_quarter
) -> FastAPI:
    """The whole issuer. Its description stays inside: no page of it is served."""
    keys = PrivateKeys(home.folder, home.tenant)
    application = FastAPI(
        title="LEO Near Miss issuer",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    routes = IssuerRoutes(home.tenant, database, keys, SigningPlaces(), quarter)
    application.include_router(routes.router())
    application.add_exception_handler(UnavailableError, answer_unavailable)
    application.add_exception_handler(ClientDisconnect, answer_nobody)
    application.add_exception_handler(Exception, answer_mistake)
    application.add_middleware(InFlightLimit)
    return application


class SideBySide:
    """Two applications under one address, for a service on one machine: told apart by path."""

    def __init__(self, intake: ASGIApp, issuer: ASGIApp) -> None:
        self._intake = intake
        self._issuer = issuer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_issuers = str(scope.get("path", "")).startswith(_PREFIX)
        await (self._issuer if is_issuers else self._intake)(scope, receive, send)
