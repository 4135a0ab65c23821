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
    # Once it is spent, a number by chance in its place: the service keeps the real one with the id.
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
# moment_utc: when it is to be made; NULL from then on. report_id: while it is in `submissions`.
# With both NULL it is over, and remembered so that its quarter gets no more of them.
COVERS = Table(
    "covers",
    METADATA,
    Column("tenant", Text, primary_key=True),
    Column("quarter", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("moment_utc", Text),
    Column(
        "report_id",
        LargeBinary,
        ForeignKey("submissions.report_id", ondelete="SET NULL"),
        unique=True,
    ),
)
# What is signed is frozen here before it leaves, and empty once it is over. No report of this post
# need be there: the words may have been typed.
WITHDRAWALS = Table(
    "withdrawals",
    METADATA,
    Column("report_id", LargeBinary, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("not_before_utc", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("last_status", Integer),
    Column("absences", Integer, nullable=False),
)
# One entry for each change of what waits. digest: over a salt, which goes with the next entry, and
# ids and bodies as they were then; link: over the link before, number and digest.
CHAIN = Table(
    "chain",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", LargeBinary, nullable=False),
    Column("link", LargeBinary, nullable=False),
)
