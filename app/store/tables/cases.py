"""Tables of the desk's cases and of what it has published."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

METADATA = MetaData()

# envelope: what was inside the seal, as JSON, unchanged, and empty once the report is withdrawn.
# codes, texts: the desk's own, by field. withdrawal_hash: of the key that withdraws it, as its
# body said; NULL for what came before there were withdrawals.
CASES = Table(
    "cases",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("report_id", LargeBinary, nullable=False, unique=True),
    Column("month", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("envelope", Text, nullable=False),
    Column("codes", Text, nullable=False),
    Column("texts", Text, nullable=False),
    Column("withdrawal_hash", LargeBinary),
)
# What has been withdrawn, also where no case was: a service that was put back from a backup could
# offer it again.
WITHDRAWN = Table(
    "withdrawn",
    METADATA,
    Column("report_id", LargeBinary, primary_key=True),
    Column("withdrawal_hash", LargeBinary, nullable=False),
)
# sequence: of the index that carries the row's newest revision; NULL while it waits for one.
PUBLISHED = Table(
    "published",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("shelf", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("is_retracted", Boolean, nullable=False),
    Column("sequence", Integer),
    Column("case_id", Text, ForeignKey("cases.case_id", ondelete="SET NULL")),
    Index("published_by_sequence", "sequence"),
    Index("published_by_case", "case_id"),
)
# content: what is inside the seal, as JSON. record: the sealed bytes, made once and never again.
LETTERS = Table(
    "letters",
    METADATA,
    Column("case_id", Text, ForeignKey("cases.case_id", ondelete="CASCADE"), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("content", Text, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("is_published", Boolean, nullable=False),
    Index("letters_by_published", "is_published"),
)
# submission_id: under which the answer came up, so that it is not kept twice.
REPLIES = Table(
    "replies",
    METADATA,
    Column("submission_id", LargeBinary, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("month", Text, nullable=False),
    Column("text", Text, nullable=False),
    ForeignKeyConstraint(
        ["case_id", "turn"], ["letters.case_id", "letters.turn"], ondelete="CASCADE"
    ),
    Index("replies_by_case", "case_id"),
)
SETTINGS = Table(
    "settings",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
