"""Without a network: reports leave on a stick, and their acknowledgements come back on it.

Both ways may be gone at once. The same bytes go up under the same id, so whichever arrives
second changes nothing.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from app.domain.submission import Submission, SubmissionState
from app.errors import DamagedError, InputError, SurroundingsError, UntrustedError
from app.paths import disk_errors, replace_file
from app.use_cases.keep_safe import Outbox, Post
from sync.client import submit
from sync.network import Network
from sync.protocol.acknowledgement import Acknowledgement, check_acknowledgement
from sync.protocol.carry import SIZE_LIMIT, Carried, CarryReply
from sync.protocol.connection import Connection
from sync.protocol.errors import MalformedError, ProtocolError
from sync.protocol.keys import PublicKeyFile
from sync.protocol.token import Token
from sync.protocol.token_proof import TokenProof
from sync.report_proof import ReportProofs
from sync.uploader import claim_post

_NAME, _REPLY = "carry-*.json", "-reply"
_ACCEPTED = frozenset({200, 201})
_TOKEN_WANTED = frozenset({401, 403})
_NEVER_ACCEPTED = frozenset({400, 409, 413, 415})


class CarriedIn(StrEnum):
    """What an acknowledgement changed. LATE: the report had been taken back, and arrived."""

    RECEIVED = "received"
    KNOWN = "known"
    LATE = "late"


class NotAcceptedError(SurroundingsError):
    """The service did not sign for what was carried."""


class NotOursError(InputError):
    """An acknowledgement of a report that does not wait here."""


def carry_out(
    posts: Iterable[Post],
    connection: Connection,
    folder: Path,
    find_proofs: Callable[[Post], ReportProofs | None] = lambda _post: None,
) -> tuple[Path, ...]:
    """Write one file for each submission that waits, which counts as a try: it may arrive from now
    on, also after it was taken back.

    The names are drawn by chance. find_proofs: where a post's tokens come from, None for a
    program that is not enrolled; what an enrolled one has no token for stays here. Raises
    OtherServiceError if it was sealed for another service, InputError if there is no such
    folder, SendingError if another program sends just now, SurroundingsError.
    """
    if not folder.is_dir():
        raise InputError("There is no such folder.", hint="Check the name of the stick.")
    written = []
    for post in posts:
        with post.only_sender():
            claim_post(post, connection.tenant)
            outbox, proofs = Outbox(post), find_proofs(post)
            outbox.recover()
            for row in outbox.submissions():
                carried = None if row.state.is_final else _pack(outbox, row, connection, proofs)
                if carried is not None:
                    path = folder / f"carry-{secrets.token_hex(4)}.json"
                    replace_file(path, carried.to_bytes())
                    written.append(path)
    return tuple(written)


def _pack(
    outbox: Outbox, row: Submission, connection: Connection, proofs: ReportProofs | None
) -> Carried | None:
    """What the file holds; None if there is no token to show with it."""
    body = outbox.body(row.report_id)
    shown = None if proofs is None else proofs.draw(row.report_id, body)
    if proofs is not None and shown is None:
        return None
    outbox.move(row.report_id, SubmissionState.SENDING)
    outbox.move(row.report_id, row.state, status=row.last_status)
    return Carried(
        connection.tenant,
        connection.service_url,
        row.report_id,
        body,
        token=None if shown is None else Token.from_header(shown.authorization),
        proof=None if shown is None else TokenProof.from_header(shown.proof),
    )


def find_carried(folder: Path) -> tuple[Path, ...]:
    """Files on a stick that wait to be passed on. Raises SurroundingsError."""
    return tuple(
        each
        for each in _find(folder)
        if not each.stem.endswith(_REPLY) and not _reply_of(each).exists()
    )


def find_replies(folder: Path) -> tuple[Path, ...]:
    """Acknowledgements on a stick. Raises SurroundingsError."""
    return tuple(each for each in _find(folder) if each.stem.endswith(_REPLY))


def _find(folder: Path) -> list[Path]:
    with disk_errors():
        return sorted(each for each in folder.glob(_NAME) if each.is_file())


def _reply_of(path: Path) -> Path:
    return path.with_name(f"{path.stem}{_REPLY}.json")


def read_carried(path: Path) -> Carried:
    """What a file carries. Raises DamagedError, SurroundingsError."""
    try:
        return Carried.from_bytes(_read(path))
    except MalformedError as error:
        raise _not_a_file_of_ours(error) from error


def carry_send(path: Path, carried: Carried, network: Network) -> Path:
    """Send it, and write the acknowledgement beside it; returns that file.

    Needs neither vault nor connection, so it cannot verify what it is given: `carry_in` does.
    Raises NetworkError, NotAcceptedError, SurroundingsError.
    """
    answer = submit(
        carried.service_url,
        carried.report_id,
        carried.body,
        network,
        authorization=None if carried.token is None else carried.token.to_header(),
        proof=None if carried.proof is None else carried.proof.to_header(),
    )
    if answer.status in _ACCEPTED:
        try:
            signed = Acknowledgement.from_bytes(answer.body)
        except ProtocolError:
            raise NotAcceptedError(
                "Something answered, but it did not sign for the report.",
                "Nothing is lost. A sign-in page of the network may be in between.",
                "Open a web page, then send the file again.",
            ) from None
        reply = _reply_of(path)
        replace_file(reply, CarryReply(carried.tenant, carried.report_id, signed).to_bytes())
        return reply
    raise _explain_refusal(answer.status)


def carry_in(
    posts: Sequence[Post], connection: Connection, keys: Sequence[PublicKeyFile], path: Path
) -> CarriedIn:
    """Take an acknowledgement that came back.

    keys: the verified keys of the service. Raises DamagedError, UntrustedError for one that the
    service did not sign, NotOursError for one that belongs to nothing here, SendingError if
    another program sends just now.
    """
    try:
        reply = CarryReply.from_bytes(_read(path))
    except MalformedError as error:
        raise _not_a_file_of_ours(error) from error
    for post in posts:
        outbox = Outbox(post)
        for row in outbox.submissions():
            if row.report_id == reply.report_id and reply.tenant == connection.tenant:
                _check(reply, keys, outbox.body(row.report_id))
                return _mark_received(post, row)
    raise NotOursError(
        "This acknowledgement belongs to no report that waits here.",
        "Nothing was changed; perhaps it was taken in before, or on another computer.",
        "List what waits with: nearmiss outbox list",
    )


def _check(reply: CarryReply, keys: Sequence[PublicKeyFile], body: bytes) -> None:
    try:
        check_acknowledgement(
            reply.acknowledgement, keys, reply.report_id, hashlib.sha256(body).digest()
        )
    except ProtocolError:
        raise UntrustedError(
            "The service did not sign this acknowledgement.",
            "Nothing was changed; the report waits on.",
            "Update the archive, from a stick if need be, then try again. If it stays so, send "
            "the report again: nearmiss carry out FOLDER",
        ) from None


def _mark_received(post: Post, row: Submission) -> CarriedIn:
    if row.state is SubmissionState.RECEIVED:
        return CarriedIn.KNOWN
    if row.state.is_final:
        return CarriedIn.LATE
    with post.only_sender():
        outbox = Outbox(post)
        outbox.recover()  # nobody sends while the lock is held
        outbox.move(row.report_id, SubmissionState.SENDING)
        outbox.move(row.report_id, SubmissionState.RECEIVED, status=200)
    return CarriedIn.RECEIVED


def _read(path: Path) -> bytes:
    with disk_errors(), path.open("rb") as file:
        return file.read(SIZE_LIMIT + 1)


def _not_a_file_of_ours(error: MalformedError) -> DamagedError:
    return DamagedError(
        "This is not a file of this kind, or it is damaged.",
        f"What is wrong: {error}. Nothing was sent or changed.",
        "Copy it again from the stick that it came from.",
    )


def _explain_refusal(status: int) -> NotAcceptedError:
    if status in _TOKEN_WANTED:
        return NotAcceptedError(
            "The service wants proof that a verified officer sends this.",
            "Nothing is lost; the report waits on the computer it came from.",
        )
    if status in _NEVER_ACCEPTED:
        return NotAcceptedError(
            "The service does not take this file.",
            f"Its answer was {status}. The report waits on the computer it came from.",
            "Sync there, so that its draft can be mended.",
        )
    return NotAcceptedError(
        "The service cannot take it just now.",
        f"Its answer was {status}. Nothing is lost.",
        "Send the file again later.",
    )
