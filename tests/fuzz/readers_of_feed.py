"""The feed: indexes, packs of the archive and of mail, and the metadata that signs them."""

import contextlib
import functools
import hashlib
import io
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from securesystemslib.exceptions import FormatError
from securesystemslib.formats import encode_canonical
from tuf.api.exceptions import ExpiredMetadataError

from app.use_cases.import_reports import read_imported
from sync.desk.custody import ANALYST_RINGS, ROOT_RINGS, TARGETS_RINGS, RingName
from sync.feed_folder import FolderSource
from sync.feed_index import Index, choose_packs
from sync.feed_keys import KeyProof, prove_files
from sync.feed_mail import plan_mail
from sync.feed_marks import Marks
from sync.feed_source import MissingFileError
from sync.feed_verify import verify_feed
from sync.mail_index import MailIndex, MailPack, next_mail_index
from sync.mail_packs import read_mail_pack
from sync.pack_lines import read_operation, write_operation
from sync.packs import PackFigures, PackKey, read_pack
from sync.protocol.errors import MalformedError
from sync.protocol.keys import Purpose
from tests.desk.feed_maker import NOW, Desk, make_desk, put
from tests.fuzz.examples import expect_same, golden
from tests.fuzz.readers_of_reports import form
from tests.golden.make_protocol import TENANT
from tests.golden.make_records import pack_key

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_UNPACKED = 256 * 1024
_DAY = "2026-08-02"
_ROLES = ("root", "timestamp", "snapshot", "targets", "archive")


def read_index(raw: bytes) -> None:
    """The archive's, and what a client would fetch by it."""
    found = Index.from_bytes(raw, tenant=TENANT)
    expect_same(found, Index.from_bytes(found.to_bytes(), tenant=TENANT))
    for held in range(8):
        plan = choose_packs(found, held)
        if held != found.sequence and plan.packs:
            expect_same(plan.packs[-1].sequence, found.sequence)


def read_mail_index(raw: bytes) -> None:
    """The same for mail; the desk goes on from it."""
    found = MailIndex.from_bytes(raw, tenant=TENANT)
    expect_same(found, MailIndex.from_bytes(found.to_bytes(), tenant=TENANT))
    plan_mail(found, (), NOW)
    next_mail_index(found, (), _DAY)


INDEX: tuple[Callable[[bytes], object], ...] = (read_index,)
MAIL_INDEX: tuple[Callable[[bytes], object], ...] = (read_mail_index,)


def read_pack_file(raw: bytes) -> None:
    """A file whose figures fit."""
    _read(raw, raw.count(b"\n"), pack_key())


def read_frame(raw: bytes) -> None:
    """What is inside the encryption, for which every agency has the key: a zstd frame."""
    key, nonce = pack_key(), bytes(12)
    content = b"NMP1" + nonce + AESGCMSIV(key.encryption).encrypt(nonce, raw, b"NMP1")
    lines = _count_lines(raw)
    _read(content, lines, key)


def read_lines(raw: bytes) -> None:
    """What is inside the frame."""
    read_frame(zstd.compress(raw))


def read_line(raw: bytes) -> None:
    """One operation."""
    found = read_operation(raw)
    expect_same(write_operation(found), raw)


def read_mail(raw: bytes) -> None:
    """A pack of mail whose figures fit."""
    pack = MailPack(1, None, hashlib.sha256(raw).hexdigest(), len(raw), _DAY)
    read_mail_pack(raw, pack)


def read_sister(raw: bytes) -> None:
    """A sister system's file, as the desk imports it."""
    for _report in read_imported(form(), io.BytesIO(raw)):
        pass


def _count_lines(frame: bytes) -> tuple[int, int]:
    """Lines and bytes in a frame, as whoever signed it would have said."""
    unpacker = zstd.ZstdDecompressor()
    try:
        unpacked = unpacker.decompress(frame, _UNPACKED)
    except zstd.ZstdError:
        return 1, 1
    return unpacked.count(b"\n"), len(unpacked)


def _read(content: bytes, lines: int | tuple[int, int], key: PackKey) -> None:
    operations, unpacked = lines if isinstance(lines, tuple) else (lines, _UNPACKED)
    sha256 = hashlib.sha256(content).hexdigest()
    figures = PackFigures(sha256, len(content), unpacked, operations)
    for operation in read_pack(content, figures, key):
        write_operation(operation)


PACK: tuple[Callable[[bytes], object], ...] = (
    read_pack_file,
    read_frame,
    read_lines,
    read_line,
    read_mail,
    read_sister,
)


def pack_seeds() -> list[bytes]:
    """A pack, its frame, its lines, each line, a pack of mail, a sister system's line."""
    pack, lines, record = golden(
        "records/base-3.pack.base64", "records/operations.jsonl", "mail/record.base64"
    )
    report = {
        "source": "asrs",
        "id": "7",
        "text": "A<br>dog.",
        "date": "201203",
        "light": "Night",
        "time_block": "0001-0600",
        "contributing": "Fatigue; Distraction",
        "state": "ZZZ",
        "synopsis": "",
    }
    each = lines.splitlines(keepends=True)
    sister = json.dumps(report).encode()
    return [pack, zstd.compress(lines), lines, *each, record, sister]


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A feed in which one role's metadata is another."""

    source: FolderSource
    role: str
    content: bytes

    def read(self, path: str, limit: int) -> Iterator[bytes]:
        """The file, or the other one."""
        name = path.removeprefix("metadata/").removesuffix(".json")
        if not path.startswith("metadata/") or name.split(".")[-1] != self.role:
            yield from self.source.read(path, limit)
        elif name in {"1.root", "3.root"}:
            raise MissingFileError(path)
        else:
            yield self.content


@functools.cache
def desk() -> Desk:
    """A desk with a released feed, in a folder for as long as this process runs."""
    made = make_desk(Path(_keep(tempfile.TemporaryDirectory(prefix="fuzz-"))))
    made.release([put(1)])
    _loosen(made)
    return made


@functools.cache
def _keep(folder: "tempfile.TemporaryDirectory[str]") -> str:
    return folder.name


def _loosen(made: Desk) -> None:
    """Let timestamp and snapshot name versions only, so that what is exchanged below is read."""
    for role, path in newest(made).items():
        if role in {"timestamp", "snapshot"}:
            signed = json.loads(path.read_bytes())["signed"]
            for each in signed["meta"].values():
                each.pop("hashes", None)
                each.pop("length", None)
            path.write_bytes(_sign(made, role, signed))


def newest(made: Desk) -> dict[str, Path]:
    """The metadata that holds, by role."""
    found: dict[str, tuple[int, Path]] = {}
    for path in (made.feed.released / "metadata").iterdir():
        version, _, role = path.stem.rpartition(".")
        place = int(version or 0), path
        found[role] = max(found.get(role, place), place)
    return {role: path for role, (_version, path) in found.items()}


def read_unsigned(raw: bytes) -> None:
    """Anyone's metadata, in the place of some role's."""
    _verify(_ROLES[sum(raw) % len(_ROLES)], raw)


def read_signed(raw: bytes) -> None:
    """What a holder of the keys could sign, whatever it is."""
    try:
        signed = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise MalformedError("no JSON") from error
    if not isinstance(signed, dict):
        raise MalformedError("no JSON object")
    role = _role_of(signed)
    _verify(role, _sign(desk(), role, signed))


def read_as_proof(raw: bytes) -> None:
    """The metadata that is kept in the archive's file beside the keys."""
    connection = desk().connection
    for proof in (KeyProof((raw,), raw), KeyProof((), raw)):
        prove_files(connection, proof, {"a.json": raw}, Purpose.RESEARCH.value, Marks())


def _role_of(signed: dict[str, Any]) -> str:
    kind = signed.get("_type")
    if kind == "targets" and "delegations" not in signed:
        return "archive"
    return kind if isinstance(kind, str) and kind in _ROLES else "targets"


def _sign(made: Desk, role: str, signed: dict[str, Any]) -> bytes:
    rings = {"root": ROOT_RINGS, "targets": TARGETS_RINGS, "archive": ANALYST_RINGS}
    signers = [made.rings[name].signer(role) for name in rings.get(role, (RingName.LEAD,))]
    try:
        content = str(encode_canonical(signed)).encode()
        whole = json.dumps(
            {
                "signed": signed,
                "signatures": [
                    {"keyid": each.public_key.keyid, "sig": each.sign(content).signature}
                    for each in signers
                ],
            },
            separators=(",", ":"),
        )
    except (FormatError, UnicodeEncodeError) as error:
        raise MalformedError("no canonical form, so that no tool can sign it") from error
    return whole.encode()


def _verify(role: str, raw: bytes) -> None:
    source = Exchanged(FolderSource(desk().feed.released), role, raw)
    with (
        tempfile.TemporaryDirectory(prefix="fuzz-") as cache,
        contextlib.suppress(ExpiredMetadataError),
    ):
        verify_feed(desk().connection, source, Path(cache), NOW, lambda _length: None)


METADATA: tuple[Callable[[bytes], object], ...] = (read_signed, read_unsigned, read_as_proof)


def metadata_seeds() -> list[bytes]:
    """What each role has signed, and one file as it is."""
    files = [path for role, path in newest(desk()).items() if role in _ROLES]
    signed = [json.loads(path.read_bytes())["signed"] for path in files]
    for each in signed:
        each["version"] += each["_type"] == "root"  # the next one
    bare = [json.dumps(each, sort_keys=True, separators=(",", ":")).encode() for each in signed]
    return [*bare, files[0].read_bytes()]
