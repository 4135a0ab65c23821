"""What issuer, intake and feed can see together if one malicious operator runs all of them."""

from collections.abc import Mapping
from dataclasses import dataclass

ISSUER, INTAKE, FEED = "issuer", "intake", "feed"


@dataclass(frozen=True, slots=True)
class Contact:
    """One request, as a log at the socket has it.

    at_s: of the operator's clock. connection: its number, in the order of opening. port: the
    client's. hello: the first words of TLS as they came. resumed: whether a TLS session was
    taken up again. head: request line and headers, as they came.
    """

    at_s: float
    connection: int
    port: int
    hello: bytes
    resumed: bool
    head: bytes
    body: bytes

    @property
    def method(self) -> str:
        """Such as "PUT"."""
        return self.head.split(b" ", 1)[0].decode("ascii")

    @property
    def path(self) -> str:
        """What is asked for."""
        return self.head.split(b" ", 2)[1].decode("ascii")

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Names and values in their order."""
        lines = self.head.decode("ascii").split("\r\n")[1:]
        pairs = (line.partition(": ") for line in lines if line)
        return tuple((name, value) for name, _, value in pairs)

    @property
    def part(self) -> str:
        """Whose request it is."""
        if self.path.startswith("/v1/issuer/"):
            return ISSUER
        return INTAKE if self.path.startswith("/v1/reports/") else FEED


@dataclass(frozen=True, slots=True)
class Rows:
    """Where rows lie in the files of both databases: name of a file → key or id → place."""

    places: Mapping[str, Mapping[bytes, int]]


@dataclass(frozen=True, slots=True)
class Sight:
    """One round: accounts and reports are two each, in an order by chance.

    accounts: the keys. reports: the ids, which somebody told the operator are no covers.
    contacts: everything that was asked meanwhile, in its order.
    """

    accounts: tuple[bytes, bytes]
    reports: tuple[bytes, bytes]
    contacts: tuple[Contact, ...]
    rows: Rows

    def of_account(self, account: bytes) -> tuple[Contact, ...]:
        """What names this account: its batch, and where it is in clear its enrolment."""
        return tuple(
            each for each in self.contacts if each.part == ISSUER and _names(each.body, account)
        )

    def batch_of(self, account: bytes) -> Contact:
        """The request for its tokens."""
        return next(each for each in self.of_account(account) if each.path.endswith("/tokens"))

    def of_report(self, report: bytes) -> tuple[Contact, ...]:
        """The tries of this report."""
        return tuple(
            each
            for each in self.contacts
            if each.part == INTAKE and each.path.endswith(report.hex())
        )

    def after(self, contact: Contact, within_s: float) -> tuple[Contact, ...]:
        """What the feed was asked soon afterwards."""
        return tuple(
            each
            for each in self.contacts
            if each.part == FEED and 0 <= each.at_s - contact.at_s <= within_s
        )

    def around(self, contact: Contact, within_s: float) -> tuple[Contact, ...]:
        """What the feed was asked shortly before or afterwards."""
        return tuple(
            each
            for each in self.contacts
            if each.part == FEED and abs(each.at_s - contact.at_s) <= within_s
        )


@dataclass(frozen=True, slots=True)
class Round:
    """is_straight: whether the first report is the first account's, which is to be guessed."""

    sight: Sight
    is_straight: bool


def _names(body: bytes, account: bytes) -> bool:
    return account in body or _base64(account) in body


def _base64(raw: bytes) -> bytes:
    from base64 import b64encode

    return b64encode(raw)
