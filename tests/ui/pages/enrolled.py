"""A vault whose officer is verified, without a service: invented tokens of this quarter."""

from datetime import UTC, datetime

from app.domain.token import Account, AskedBatch, KeptToken
from app.use_cases.keep_safe import Purse, open_purse
from sync.protocol.quarters import quarter_of
from tests.ui.pages.officer import TENANT
from ui.session import Session


def purse_of(session: Session) -> Purse:
    """Account and tokens of the open vault."""
    return open_purse(session.home, session.post, TENANT)


def enrol(session: Session, quarter: str = "", *, spent: int = 0) -> None:
    """Enrol, with twelve tokens of which some are spent. quarter: the present one if empty."""
    purse, quarter = purse_of(session), quarter or quarter_of(datetime.now(UTC))
    purse.keep_account(Account(b"s" * 32, None))
    tokens = tuple(KeptToken(f"{quarter}{place:025}".encode(), b"asked") for place in range(12))
    purse.ask(AskedBatch(quarter, tokens))
    purse.fill({each.nonce: b"own" for each in tokens}, quarter)
    session.post.put_setting("tokens/quarter", quarter)
    for place in range(spent):
        purse.take(bytes([place]) * 16, {quarter})
    purse.settle(())
