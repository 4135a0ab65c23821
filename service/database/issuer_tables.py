"""What the issuer keeps: cards that wait, and accounts without a name, card or address.

A database of its own, so that nothing leads from an account to a report. No time is finer
than the quarter, and no row tells the order of arrival.
"""

from sqlalchemy import Column, LargeBinary, MetaData, String, Table

metadata = MetaData()

card = Table(
    "card",
    metadata,
    # The row goes when the card is used: which account came of it is not kept.
    Column("digest", LargeBinary(32), primary_key=True),
    sqlite_with_rowid=False,
)

account = Table(
    "account",
    metadata,
    # The public key that signs its batches.
    Column("key", LargeBinary(32), primary_key=True),
    # Of the last batch, empty before the first; and the batch's digest, to know a repeat.
    Column("quarter", String(7), nullable=False),
    Column("batch", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)
