"""Tables of the offline archive. The full-text index over the records stands in the migration."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

METADATA = MetaData()

# codes: JSON by field; marks: a JSON list. title, body: the texts as the index wants them;
# layout: how to take them apart into fields again (app/store/records.py).
RECORDS = Table(
    "records",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("shelf", Text, nullable=False),
    Column("codes", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("layout", Text, nullable=False),
    Column("marks", Text, nullable=False),
    Index("records_by_shelf", "shelf", "number"),
)
# One row for each code of each record: what filters look at.
RECORD_CODES = Table(
    "record_codes",
    METADATA,
    Column("field", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("number", Integer, ForeignKey("records.number", ondelete="CASCADE"), primary_key=True),
    Index("record_codes_by_number", "number"),
    sqlite_with_rowid=False,
)
# What was taken out, so that an older revision does not come back.
RETRACTIONS = Table(
    "retractions",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
)
SIGNED_KEYS = Table(
    "signed_keys",
    METADATA,
    Column("purpose", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
MARKS = Table(
    "marks",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
