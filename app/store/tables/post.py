"""Tables of the post: sealed bytes that wait, tokens, and what the sync needs. Nothing readable."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text

METADATA = MetaData()

SUBMISSIONS = Table(
    "submissions",
    METADATA,
    Column("report_id", LargeBinary, primary_key=True),
    Column("body_hash", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("not_before_utc", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("last_status", Integer),
)
# Apart from the states, so that a change of state does not write 64 KiB again.
BODIES = Table(
    "bodies",
    METADATA,
    Column(
        "report_id",
        LargeBinary,
        ForeignKey("submissions.report_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("body", LargeBinary, nullable=False),
)
MARKS = Table(
    "marks",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)
SETTINGS = Table(
    "settings",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("tenant", Text, primary_key=True),
    Column("seed", LargeBinary, nullable=False),
    # Until the issuer has said yes.
    Column("card", Text),
)
TOKENS = Table(
    "tokens",
    METADATA,
    Column("nonce", LargeBinary, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("quarter", Text, nullable=False),
    Column("state", Text, nullable=False),
    # Empty once it is spent.
    Column("secret", LargeBinary, nullable=False),
    # The one report that it was ever shown with; forgotten when that has arrived.
    Column("report_id", LargeBinary),
    Column("refusals", Integer, nullable=False),
)
