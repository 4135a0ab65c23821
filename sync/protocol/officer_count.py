"""How many officers are enrolled, rounded, as a signed target: among few, nobody is hidden."""

from dataclasses import dataclass

from sync.protocol import canonical
from sync.protocol.errors import MalformedError
from sync.protocol.keys import TENANT_LENGTH
from sync.protocol.quarters import is_quarter

FORMAT = "nearmiss-officers-1"
PURPOSE = "officers"
STEP = 50
FEW = 200
"""Below this a program warns."""


def round_officers(count: int) -> int:
    """Down to a multiple of 50, so that a single enrolment is not seen."""
    return count // STEP * STEP


@dataclass(frozen=True, slots=True)
class OfficerCount:
    """officers: at least so many are enrolled, a multiple of 50. quarter: "YYYY-Qn"."""

    tenant: str
    quarter: str
    officers: int

    @property
    def name(self) -> str:
        """File name under `keys/`."""
        return f"{PURPOSE}-{self.quarter}.json"

    def to_bytes(self) -> bytes:
        """The signed bytes."""
        return canonical.encode(
            {
                "format": FORMAT,
                "tenant": self.tenant,
                "purpose": PURPOSE,
                "quarter": self.quarter,
                "officers": self.officers,
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes, *, tenant: str) -> "OfficerCount":
        """Read it. Raises MalformedError for another tenant's."""
        message = canonical.decode(raw)
        canonical.expect_format(message, FORMAT)
        canonical.expect_only(message, "format", "tenant", "purpose", "quarter", "officers")
        canonical.from_hex(message.get("tenant"), TENANT_LENGTH)
        if message.get("tenant") != tenant:
            raise MalformedError("the count belongs to another tenant")
        if message.get("purpose") != PURPOSE:
            raise MalformedError("not a count of officers")
        quarter = canonical.text_of(message, "quarter")
        officers = canonical.number_of(message, "officers")
        if not is_quarter(quarter) or officers % STEP:
            raise MalformedError("not a quarter or not a rounded number")
        return cls(tenant, quarter, officers)
