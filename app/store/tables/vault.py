"""Tables of the vault: what one person writes, and nobody else reads."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text

METADATA = MetaData()


def _of_draft() -> "Column[str]":
    return Column("draft_id", Text, ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True)


DRAFTS = Table(
    "drafts",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("created_utc", Text, nullable=False),
    Column("changed_utc", Text, nullable=False),
)
ANSWERS = Table(
    "answers",
    METADATA,
    _of_draft(),
    Column("field", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
# A table of its own, so that no query for what leaves can read what never leaves.
PRIVATE_ANSWERS = Table(
    "private_answers",
    METADATA,
    _of_draft(),
    Column("field", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
DECISIONS = Table(
    "decisions",
    METADATA,
    _of_draft(),
    Column("field", Text, primary_key=True),
    Column("findings", Text, nullable=False),
)
SCRUB_MAPS = Table(
    "scrub_maps",
    METADATA,
    _of_draft(),
    Column("map", Text, nullable=False),
)
APPROVALS = Table(
    "approvals",
    METADATA,
    _of_draft(),
    Column("report_id", LargeBinary, nullable=False, unique=True),
    Column("words", Text, nullable=False),
)
# What was sealed, to be read again until it has arrived; it goes with the approval.
SEALED_CONTENTS = Table(
    "sealed_contents",
    METADATA,
    Column(
        "draft_id",
        Text,
        ForeignKey("approvals.draft_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("content", LargeBinary, nullable=False),
)
# Only if their owner wants it. mail_tag, reply_seed follow from words and tenant; making them
# again would take 0.2 s for each receipt at each look.
RECEIPTS = Table(
    "receipts",
    METADATA,
    Column("report_id", LargeBinary, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("mail_tag", LargeBinary, nullable=False),
    Column("reply_seed", LargeBinary, nullable=False),
)
# draft: the answer while it is written; empty once it is sealed, and submission_id tells which.
REPLIES = Table(
    "replies",
    METADATA,
    Column(
        "report_id",
        LargeBinary,
        ForeignKey("receipts.report_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("turn", Integer, primary_key=True),
    Column("draft", Text, nullable=False),
    Column("submission_id", LargeBinary),
)
# What was destroyed here, until no automatic backup holds it any more; the ids are random.
DESTROYED = Table(
    "destroyed",
    METADATA,
    Column("id", Text, primary_key=True),
)
# Copies of this vault at places that its owner chose. They are told of, and never deleted unasked.
COPIES = Table(
    "copies",
    METADATA,
    Column("path", Text, primary_key=True),
    Column("made_utc", Text, nullable=False),
)
# Wishes of the person that would tell of them in a file that others can read.
WISHES = Table(
    "wishes",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
# How far something had counted when this vault was open last, so that an older file is noticed.
# head: what stood there; empty where there is only the number.
COUNTED = Table(
    "counted",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("head", LargeBinary, nullable=False),
)
