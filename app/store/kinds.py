"""The kinds of encrypted file, and what is different between them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file is for, and how it is written.

    name: also the folder of its migrations. noun: what people call it. version: the newest
    schema this program knows. page_size: bytes. synchronous: SQLite's word; FULL flushes at
    every commit, NORMAL may lose the last commits in a power cut but never breaks the file.
    secure_delete: whether deleted content is overwritten at once. if_damaged: what to do then.
    """

    name: str
    noun: str
    version: int
    page_size: int
    synchronous: str
    secure_delete: bool
    if_damaged: str


VAULT = FileKind(
    name="vault",
    noun="vault",
    version=4,
    page_size=4096,
    synchronous="FULL",
    secure_delete=True,
    if_damaged="Do not delete it. Put a copy back from a backup, or ask for help.",
)
POST = FileKind(
    name="post",
    noun="outbox",
    version=5,
    page_size=4096,
    synchronous="FULL",
    secure_delete=True,
    if_damaged="Do not delete it. Put a copy of the vault's folder back from a backup.",
)
ARCHIVE = FileKind(
    name="archive",
    noun="offline archive",
    version=2,
    page_size=16384,
    synchronous="NORMAL",
    secure_delete=False,
    if_damaged="Nothing of yours is in it. Update the archive again: it is fetched anew.",
)
CASES = FileKind(
    name="cases",
    noun="file of cases",
    version=3,
    page_size=4096,
    synchronous="FULL",
    secure_delete=True,
    if_damaged="Do not delete it. Put the desk's newest backup back.",
)
