"""Mail comes with the feed: all of it to everyone, verified as the archive is, or none at all."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata

from app.domain.archive import Operation
from app.errors import SurroundingsError, UntrustedError
from sync.desk.cosign import cosign, inspect
from sync.desk.folder import ARCHIVE_ROLE, DeskFeed, read_released, write_target
from sync.desk.mail_feed import read_mail_index
from sync.desk.publish import publish
from sync.desk.repository import release_state
from sync.feed import Update, import_folder, update
from sync.feed_folder import FolderSource
from sync.feed_mail import ArrivedMail
from sync.feed_marks import OlderFeedError
from sync.feed_source import FeedSource
from sync.mail_index import INDEX_TARGET, KEPT_DAYS, MailIndex
from tests.desk.feed_maker import FORM, NOW, Archive, Desk, Recording, make_desk, put
from tests.sync.test_mail_index import record

TAGS = [bytes([number]) * 16 for number in range(6)]


@dataclass
class MailArchive(Archive):
    """An archive that keeps the mail, too. packs: the records of each pack by its hash."""

    packs: dict[str, tuple[bytes, ...]] = field(default_factory=dict)
    arrived: ArrivedMail = field(default_factory=ArrivedMail)

    def apply(self, found: Update, operations: Iterator[Operation]) -> None:
        super().apply(found, operations)
        self.arrived = found.mail
        both = dict(self.packs)
        for each in found.mail.arrived:
            both[each.pack.sha256] = tuple(sealed for _tag, sealed in each.records)
        self.packs = {sha256: both[sha256] for sha256 in found.mail.kept}

    @property
    def mail(self) -> set[bytes]:
        return {each for pack in self.packs.values() for each in pack}


def send(desk: Desk, *tags: bytes, now: datetime = NOW) -> None:
    """Publish a record under each tag, with both signatures."""
    mail = [record(tag) for tag in tags]
    publish(desk.feed, desk.connection, desk.lead, [], now, mail=mail)
    digest = inspect(desk.feed, desk.connection, FORM, now).digest
    cosign(desk.feed, desk.connection, desk.second, FORM, now, digest)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_desk(tmp_path_factory.mktemp("desk"))
    desk.release([put(1), put(2)])
    send(desk, TAGS[0], TAGS[1])
    return desk


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(made.feed.folder, tmp_path / "desk")
    return made.at(tmp_path / "desk")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def fetch(
    desk: Desk,
    cache: Path,
    archive: MailArchive,
    source: FeedSource | None = None,
    now: datetime = NOW,
    *,
    allow_expired: bool = False,
) -> Update:
    return update(
        desk.connection,
        source or FolderSource(desk.feed.released),
        cache,
        archive.marks,
        now,
        archive.apply,
        held_mail=archive.packs.keys(),
        allow_expired=allow_expired,
    )


def test_all_mail_comes_with_the_archive(desk: Desk, cache: Path) -> None:
    archive = MailArchive()
    fetch(desk, cache, archive)
    assert archive.mail == {record(TAGS[0]), record(TAGS[1])}
    assert set(archive.records) == {1, 2}
    assert not list((cache / "targets").glob("*.pack"))


def test_what_is_here_is_not_fetched_again(desk: Desk, cache: Path) -> None:
    archive = MailArchive()
    fetch(desk, cache, archive)
    send(desk, TAGS[2])
    source = Recording(FolderSource(desk.feed.released))
    fetch(desk, cache, archive, source)
    assert archive.mail == {record(tag) for tag in TAGS[:3]}
    assert [path[-7:] for path in source.paths if path.endswith(".pack")] == [".2.pack"]


def test_mail_that_was_lost_is_fetched_anew(desk: Desk, cache: Path) -> None:
    archive = MailArchive()
    fetch(desk, cache, archive)
    archive.packs = {}
    fetch(desk, cache, archive)
    assert archive.mail == {record(TAGS[0]), record(TAGS[1])}


def test_a_stick_brings_it_too(desk: Desk, cache: Path, tmp_path: Path) -> None:
    stick = Path(shutil.copytree(desk.feed.released, tmp_path / "stick"))
    archive = MailArchive()
    import_folder(desk.connection, stick, cache, archive.marks, NOW, archive.apply)
    assert archive.mail == {record(TAGS[0]), record(TAGS[1])}


def test_expired_mail_is_neither_fetched_nor_kept(desk: Desk, cache: Path) -> None:
    archive = MailArchive()
    fetch(desk, cache, archive)
    late = NOW + timedelta(days=KEPT_DAYS + 1)
    source = Recording(FolderSource(desk.feed.released))
    fetch(desk, cache, archive, source, now=late, allow_expired=True)
    assert archive.mail == set()
    assert not any(path.endswith(".pack") for path in source.paths)


def test_a_clock_that_is_set_back_brings_nothing_back(desk: Desk, cache: Path) -> None:
    send(desk, TAGS[3], now=NOW + timedelta(days=KEPT_DAYS + 1))
    archive = MailArchive()
    fetch(desk, cache, archive, now=NOW - timedelta(days=900))
    assert archive.mail == {record(TAGS[3])}


# What a mirror or a stick could do to mail on its way.

Change = Callable[[bytes], bytes]
CHANGES: dict[str, Change] = {
    "flipped": lambda content: content[:2_000] + bytes([content[2_000] ^ 1]) + content[2_001:],
    "cut": lambda content: content[:-1],
    "a record cut off": lambda content: content[:4_096],
    "empty": lambda _content: b"",
    "too large": lambda content: content + content[-4_096:],
    "swapped": lambda content: content[4_096:] + content[:4_096],
    "another tag": lambda content: content[:4] + b"\xff" * 16 + content[20:],
}


def _released_file(feed: DeskFeed, ending: str) -> Path:
    (found,) = (feed.released / "targets" / "mail").glob(f"*{ending}")
    return found


@pytest.mark.parametrize("ending", [".1.pack", ".index.json"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changed_mail_is_refused_with_all_that_came_with_it(
    desk: Desk, cache: Path, change: Change, ending: str
) -> None:
    place = _released_file(desk.feed, ending)
    content = change(place.read_bytes().ljust(8_192, b" "))
    place.write_bytes(content)
    archive = MailArchive()
    with pytest.raises((UntrustedError, SurroundingsError)):
        fetch(desk, cache, archive)
    assert (archive.mail, archive.records, archive.applied) == (set(), {}, 0)


@pytest.mark.parametrize("ending", [".1.pack", ".index.json"])
def test_mail_that_is_withheld_is_noticed(desk: Desk, cache: Path, ending: str) -> None:
    _released_file(desk.feed, ending).unlink()
    archive = MailArchive()
    with pytest.raises(SurroundingsError):
        fetch(desk, cache, archive)
    assert archive.applied == 0


def test_older_mail_is_refused_also_with_a_wiped_cache(
    desk: Desk, cache: Path, tmp_path: Path
) -> None:
    old = Path(shutil.copytree(desk.feed.released, tmp_path / "old"))
    send(desk, TAGS[2])
    archive = MailArchive()
    fetch(desk, cache, archive)
    shutil.rmtree(cache)
    with pytest.raises(OlderFeedError):
        fetch(desk, cache, archive, FolderSource(old))
    assert record(TAGS[2]) in archive.mail


def test_without_the_delegation_nobody_puts_mail_into_the_feed(desk: Desk, cache: Path) -> None:
    """A target that the archive role does not name is not looked at."""
    content = record(TAGS[5])
    write_target(desk.feed.released, "mail/9.pack", content)
    archive = MailArchive()
    fetch(desk, cache, archive)
    assert content not in archive.mail


# What both analysts together could sign by mistake: a client refuses it all the same.


def _sign(desk: Desk, change: Callable[[MailIndex, dict[str, bytes]], MailIndex]) -> None:
    released = read_released(desk.feed, desk.connection)
    signed = deepcopy(released.archive.signed)
    signed.version += 1
    made: dict[str, bytes] = {}
    index = change(read_mail_index(desk.feed, signed, desk.connection.tenant), made)
    made[INDEX_TARGET] = index.to_bytes()
    for path, content in made.items():
        signed.targets[path] = write_target(desk.feed.released, path, content)
    archive = Metadata(signed)
    for ring in (desk.lead, desk.second):
        archive.sign(ring.signer(ARCHIVE_ROLE), append=True)
    release_state(desk.feed, released, {ARCHIVE_ROLE: archive}, desk.lead, NOW)


def _with_pack(index: MailIndex, made: dict[str, bytes], content: bytes) -> MailIndex:
    made[index.packs[0].target] = content
    sha256 = hashlib.sha256(content).hexdigest()
    pack = replace(index.packs[0], sha256=sha256, length=len(content))
    return replace(index, packs=(pack,))


@pytest.mark.parametrize(
    "content",
    [
        record(TAGS[1]) + record(TAGS[0]),
        record(TAGS[0]) * 2,
        b"x" * 4_096,
        record(TAGS[0])[:-1],
    ],
)
def test_signed_packs_that_hold_no_records_are_refused(
    desk: Desk, cache: Path, content: bytes
) -> None:
    _sign(desk, lambda index, made: _with_pack(index, made, content))
    archive = MailArchive()
    with pytest.raises(UntrustedError):
        fetch(desk, cache, archive)
    assert archive.applied == 0


def test_an_index_that_names_another_file_is_refused(desk: Desk, cache: Path) -> None:
    def change(index: MailIndex, _made: dict[str, bytes]) -> MailIndex:
        return replace(index, packs=(replace(index.packs[0], sha256="0" * 64),))

    _sign(desk, change)
    with pytest.raises(UntrustedError):
        fetch(desk, cache, MailArchive())


def test_names_of_files_do_not_tell_whose_mail_is_in_them(desk: Desk) -> None:
    names = [place.name for place in (desk.feed.released / "targets" / "mail").iterdir()]
    assert sorted(name.partition(".")[2] for name in names) == ["1.pack", "index.json"]
