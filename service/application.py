"""Joins the parts of the service into one application."""

import asyncio
from collections.abc import Callable

from fastapi import FastAPI
from starlette.requests import ClientDisconnect

from service.accepted_keys import AcceptedKeys, this_quarter
from service.answers import (
    answer_mistake,
    answer_nobody,
    answer_other_method,
    answer_unavailable,
)
from service.database.commits import Database
from service.desk import DeskRoutes
from service.desk_gate import DeskGate
from service.desk_withdrawals import DeskWithdrawalRoutes
from service.errors import UnavailableError
from service.feed import FeedFolder, FeedRoutes
from service.folder import Service
from service.intake import IntakeRoutes
from service.limits import InFlightLimit
from service.withdrawing import WithdrawalRoutes

_MOST_UPLOADS = 2


def make_application(
    service: Service,
    database: Database,
    *,
    accepts_unverified: bool,
    quarter: Callable[[], str] = this_quarter,
) -> FastAPI:
    """The whole service. Its description stays inside: no page of it is served.

    quarter: tells the current one. Raises ServiceError for a file among the issuer's public keys
    that is none.
    """
    feed = FeedFolder(service.feed)
    gate = DeskGate(service.tenant, database)
    application = FastAPI(
        title="LEO Near Miss service",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    keys = AcceptedKeys(service.issuer_keys, service.tenant, quarter)
    keys.now()  # a damaged file is said before anything is served
    intake = IntakeRoutes(service, database, keys, accepts_unverified)
    desk = DeskRoutes(gate, database, feed, asyncio.Semaphore(_MOST_UPLOADS))
    withdrawals = WithdrawalRoutes(service, database)
    told = DeskWithdrawalRoutes(gate, database)
    for part in (intake, withdrawals, told, desk, FeedRoutes(feed)):
        application.include_router(part.router())
    application.add_exception_handler(405, answer_other_method)
    application.add_exception_handler(UnavailableError, answer_unavailable)
    application.add_exception_handler(ClientDisconnect, answer_nobody)
    application.add_exception_handler(Exception, answer_mistake)
    application.add_middleware(InFlightLimit)
    return application
