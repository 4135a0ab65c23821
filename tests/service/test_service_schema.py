"""What the service answers is what its OpenAPI description says, whatever is asked."""

from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import positive_data_acceptance

from service.application import make_application
from service.database.commits import Database
from service.database.engine import open_engine
from service.folder import new_service
from service.issuer.application import make_issuer_application
from service.issuer.home import IssuerHome
from sync.protocol import enrolment, token_batch
from sync.protocol.seal import BODY_LENGTH, MEDIA_TYPE
from tests.service.running import RunningService

# Of a sealed body only its first bytes are looked at; the rest is of any kind, as is its length
# for what is no body.
BODIES = st.binary(min_size=8, max_size=8).map(
    lambda raw: (b"NMR1" + raw * (BODY_LENGTH // 8))[:BODY_LENGTH]
)
schemathesis.openapi.media_type(MEDIA_TYPE, BODIES)
for each in (enrolment.MEDIA_TYPE, token_batch.REQUEST_MEDIA_TYPE):
    schemathesis.openapi.media_type(each, st.binary(max_size=4_000))


def describe() -> list[dict[str, Any]]:
    """The descriptions of intake and issuer, which are served nowhere."""
    service = new_service(Path("nowhere"), "sqlite://")
    database = Database(open_engine(service.database))
    intake = make_application(service, database, accepts_unverified=True)
    issuer = make_issuer_application(IssuerHome(Path("nowhere"), service.tenant, ""), database)
    return [intake.openapi(), issuer.openapi()]


INTAKE, ISSUER = map(schemathesis.openapi.from_dict, describe())
SOME = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@INTAKE.parametrize()
@SOME
def test_intake_answers_as_described(case: Case[Any], running_service: RunningService) -> None:
    case.call_and_validate(base_url=running_service.address)


@ISSUER.parametrize()
@SOME
def test_issuer_answers_as_described(case: Case[Any], running_service: RunningService) -> None:
    # Well formed is only what a card or an account has signed, which no schema can say.
    unsigned: list[CheckFunction] = [positive_data_acceptance]
    case.call_and_validate(base_url=running_service.address, excluded_checks=unsigned)
