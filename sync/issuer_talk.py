"""One conversation with the issuer: on whose behalf, when, and over which network."""

import random
from dataclasses import dataclass, field
from datetime import datetime

from app.use_cases.keep_safe import Post, Purse
from sync import token_times
from sync.client import HttpAnswer, ask
from sync.network import Network


@dataclass(frozen=True, slots=True)
class IssuerTalk:
    """chance: SystemRandom outside of tests."""

    post: Post
    purse: Purse
    service_url: str
    network: Network
    now_utc: datetime
    chance: random.Random = field(default_factory=random.SystemRandom)

    def ask(self, path: str, media_type: str, body: bytes) -> HttpAnswer:
        """One question over a connection of its own. Raises NetworkError.

        Intake is not spoken to for some time afterwards; that is noted before.
        """
        quiet_until = token_times.after_the_other(self.now_utc, self.chance)
        token_times.put_moment(self.post, token_times.INTAKE, quiet_until)
        headers = {"Content-Type": media_type}
        return ask("POST", self.service_url + path, self.network, headers, body)

    def plan_fetch(self, moment: datetime) -> None:
        """Fetch no tokens before this moment."""
        token_times.put_moment(self.post, token_times.FETCH, moment)
