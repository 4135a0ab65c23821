"""What was sealed, word for word: the sealed bytes in the post can be opened by nobody here."""

from sqlalchemy import select

from app.store.drafts import DraftId
from app.store.tables.vault import SEALED_CONTENTS
from app.store.vault import Vault


def read_content(vault: Vault, draft_id: DraftId) -> bytes | None:
    """The exact bytes that were sealed for a draft that waits; None if they were not kept."""
    query = select(SEALED_CONTENTS.c.content).where(SEALED_CONTENTS.c.draft_id == draft_id)
    with vault.file.reading() as connection:
        found = connection.execute(query).scalar_one_or_none()
    return None if found is None else bytes(found)
