"""A draft that comes as a file: as it is, and what who knows its passphrase could have sealed."""

import functools
import json
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from app.domain.form_file import load_form
from app.domain.labels import Labels
from app.domain.plain_text import UnfitTextError
from app.store import keys
from app.store.draft_file import open_draft, seal_draft
from app.store.drafts import Drafts
from app.store.keys import FLOOR
from app.store.vault import Vault
from app.use_cases.carry_draft import import_draft
from resources.read import read_form_files
from tests.fuzz.examples import golden
from tests.fuzz.readers_of_reports import form

_PASSPHRASE = "seven plain words"
_MAGIC = b"NEARMISS-DRAFT-1\n"


@functools.cache
def labels() -> Labels:
    """Of the form."""
    return load_form(*read_form_files())[1]


@functools.cache
def drafts() -> Drafts:
    """Of a vault that lives as long as this process."""
    return Drafts(Vault.create(Path(_folder().name) / "vault", _PASSPHRASE, FLOOR))


@functools.cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="fuzz-")


@functools.cache
def head() -> tuple[bytes, bytes]:
    """The beginning of a file, and the key that it holds."""
    key = secrets.token_bytes(32)
    key_file = keys.lock_secret(key, _PASSPHRASE, label="draft file", cost=FLOOR)
    return _MAGIC + len(key_file).to_bytes(4, "big") + key_file, key


def read_file(raw: bytes) -> None:
    """As it comes."""
    open_draft(raw, _PASSPHRASE)


def take_content(raw: bytes) -> None:
    """Anything inside, up to the draft in the vault."""
    start, key = head()
    nonce = bytes(12)
    whole = start + nonce + AESGCMSIV(key).encrypt(nonce, raw, start)
    try:
        import_draft(drafts(), form(), labels(), whole, _PASSPHRASE)
    except UnfitTextError as error:  # no sentence for a person
        raise AssertionError("a text that cannot be shown has no sentence of its own") from error


DRAFT: tuple[Callable[[bytes], object], ...] = (take_content, read_file)


def draft_seeds() -> list[bytes]:
    """What is inside, and a whole file."""
    answers = json.loads(golden("records/answers.json")[0])
    content = {"form": form().id, "version": form().version, "answers": answers}
    small = {**content, "answers": {"title": "A door", "report_kind": "near_miss"}}
    inside = [json.dumps(each).encode() for each in (content, small)]
    return [*inside, seal_draft(small, _PASSPHRASE, FLOOR)]
