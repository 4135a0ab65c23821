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
# A pack of mail that is here, and its sealed records. Nothing tells which are anybody's here.
MAIL_PACKS = Table(
    "mail_packs",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("signed_on", Text, nullable=False),
)
MAIL = Table(
    "mail",
    METADATA,
    Column("pack", Text, ForeignKey("mail_packs.sha256", ondelete="CASCADE"), primary_key=True),
    Column("tag", LargeBinary, nullable=False),
    Column("place", Integer, primary_key=True),
    Column("record", LargeBinary, nullable=False),
    Index("mail_by_tag", "tag"),
)
