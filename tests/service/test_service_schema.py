"""What the service answers is what its OpenAPI description says, whatever is asked.

All of schemathesis' checks run, for what is well formed and for what is not, at intake, at the
issuer, and at the desk's routes: unsigned, and as a desk that the operator has let in.
"""

from pathlib import Path
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis import Case

from service.application import make_application
from service.database.commits import Database
from service.database.engine import open_engine
from service.folder import new_service
from service.issuer.application import make_issuer_application
from service.issuer.home import IssuerHome
from sync.protocol import token_batch
from sync.protocol.card import Card
from sync.protocol.desk_request import HEADER, prove
from sync.protocol.keys import SigningKey
from sync.protocol.seal import BODY_LENGTH, MEDIA_TYPE
from sync.protocol.token_request import TokenRequest
from sync.protocol.withdrawal import LENGTH as WITHDRAWAL_LENGTH
from sync.protocol.withdrawal import MEDIA_TYPE as WITHDRAWAL_TYPE
from tests.service.running import Desk, RunningService

# Of a sealed body only its first bytes are looked at; the rest is of any kind, as is its length
# for what is no body.
BODIES = st.binary(min_size=8, max_size=8).map(
    lambda raw: (b"NMR1" + raw * (BODY_LENGTH // 8))[:BODY_LENGTH]
)
# What follows has the right form, which no schema can say, and leads nowhere: a signature that fits
# to nothing, a card that nobody has made, an account that nobody has.
WITHDRAWALS = st.binary(min_size=96, max_size=96).map(
    lambda raw: (b"NMW1" + raw).ljust(WITHDRAWAL_LENGTH, b"\0")
)
CARDS = st.sampled_from([Card.generate().text for _ in range(8)])
BATCHES = st.builds(
    lambda seed, hint, blinded: token_batch.sign_batch(
        SigningKey(seed), "0" * 32, [TokenRequest(hint, blinded * 8)] * token_batch.TOKENS_IN_BATCH
    ).to_bytes(),
    st.binary(min_size=32, max_size=32),
    st.integers(0, 255),
    st.binary(min_size=32, max_size=32),
)
for name, strategy in (
    (MEDIA_TYPE, BODIES),
    (WITHDRAWAL_TYPE, WITHDRAWALS),
    (token_batch.REQUEST_MEDIA_TYPE, BATCHES),
):
    schemathesis.openapi.media_type(name, strategy)
schemathesis.openapi.format("nearmiss-card", CARDS)


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
    case.call_and_validate(base_url=running_service.address)


@INTAKE.include(path_regex="^/v1/desk/(?!nonce)").parametrize()
@SOME
def test_a_desk_is_answered_as_described(
    case: Case[Any], running_service: RunningService, desk: Desk
) -> None:
    sent = requests.Request(**case.as_transport_kwargs(base_url=running_service.address)).prepare()
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
    path = sent.path_url.partition("?")[0]
    proof = prove(desk.key, desk.public, str(sent.method), path, body, desk.nonce())
    case.call_and_validate(base_url=running_service.address, headers={HEADER: proof.to_header()})
