"""What intake keeps: ids, hashes, sealed bytes, a month, spent tokens, withdrawals, who may ask
as a desk.

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
    # After what a list of reports reads. NULL once a desk has confirmed, or once withdrawn.
    Column("body", LargeBinary, nullable=True),
    # From the readable part of the body, which it outlives: the hash of the key that withdraws.
    # Who knows it knows the id. NULL for what was confirmed before there were withdrawals.
    Column("withdrawal", LargeBinary(32), nullable=True),
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

spent_token = Table(
    "spent_token",
    metadata,
    # Of the token only its nonce, which stands in no other table and nowhere at the issuer.
    Column("nonce", LargeBinary(32), primary_key=True),
    Column("report_id", LargeBinary(16), nullable=False),
    # Of the key that signed it: the row may go when such tokens are taken no more.
    Column("quarter", String(7), nullable=False),
    sqlite_with_rowid=False,
)

withdrawn = Table(
    "withdrawn",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    # As the report's writer signed it, so that a desk need not take the service's word for it.
    Column("public", LargeBinary(32), nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
    sqlite_with_rowid=False,
)

# A row for each desk that has confirmed, since each has cases of its own.
withdrawn_told = Table(
    "withdrawn_told",
    metadata,
    Column("desk", LargeBinary(8), primary_key=True),
    Column("id", LargeBinary(16), primary_key=True),
    sqlite_with_rowid=False,
)
