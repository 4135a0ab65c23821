"""What the service keeps: ids, hashes, sealed bytes, a month, and who may ask as a desk.

No table has a number that counts up, a time or an address. SQLite's hidden row number is
left out too (WITHOUT ROWID), since it would tell the order of arrival.
"""

from sqlalchemy import Column, LargeBinary, MetaData, String, Table

metadata = MetaData()

report = Table(
    "report",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("hash", LargeBinary(32), nullable=False),
    Column("month", String(7), nullable=False),
    # Last, so that a list of reports does not read the bodies. NULL once a desk has confirmed.
    Column("body", LargeBinary, nullable=True),
    sqlite_with_rowid=False,
)

desk_key = Table(
    "desk_key",
    metadata,
    Column("id", LargeBinary(8), primary_key=True),
    Column("file", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

desk_nonce = Table(
    "desk_nonce",
    metadata,
    Column("nonce", LargeBinary(16), primary_key=True),
    sqlite_with_rowid=False,
)
