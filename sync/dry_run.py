"""The dry run of one report as a file for counsel: what is in the seal, the seal, the request.

The plaintext is the very bytes that were sealed, kept in the vault since; what nobody here can
open is named by its size and hash, so that counsel can see later that it was the same.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from app.domain.form import Form
from app.paths import Home
from app.store.outbox import SubmissionMovedError
from app.store.sealed_contents import read_content
from app.use_cases.keep_safe import Post, Vault
from app.use_cases.write_report import Drafts
from app.version import __version__
from sync.archive_update import research_key
from sync.connect import show_fingerprint
from sync.leaving import NextRequest, list_next, write_trial
from sync.outgoing import ScrubbedReport
from sync.protocol.connection import Connection
from sync.protocol.receipt import make_receipt
from sync.protocol.seal import BODY_LENGTH, read_header
from sync.protocol.words import WordList
from sync.uploader import seal_content, write_content

_OPENING = """\
LEO Near Miss Desktop {version}: dry run of one report, made {made}

Making this file has sent nothing.
This file is not encrypted. It holds the report as it leaves, and the id under which it arrives:
whoever has the file and knows whose it is knows who wrote the report. Give it to your lawyer by
hand, and do not keep it on a computer of your agency. The program cannot destroy copies of it.
"""
_TRIAL = """\
The report is not approved. It was sealed once for this file and that seal was thrown away: at
approval it gets another id and is sealed anew, so id, hash and mail tag will be others.
"""
_NOT_KEPT = """\
This computer does not have the words any more: an answer to a question is not kept once it is
sealed, nor are reports that were approved by an older version of this program.
"""
_NOT_IN_IT = """\
Your private notes, what was replaced in the texts, the seven words of the receipt, and any name
or address of yours are not in the seal. The network address of this computer, or of its proxy, is
seen by the service while it is spoken to, and not stored by it.
"""


@dataclass(frozen=True, slots=True, repr=False)
class DryRun:
    """content: what is in the seal, None if it is not here any more. opener: who alone can open it.

    is_trial: the report is not approved yet.
    """

    request: NextRequest
    content: bytes | None
    opener: str
    is_trial: bool


def read_dry_run(
    home: Home,
    connection: Connection,
    vault: Vault,
    post: Post,
    report_id: bytes,
    words: WordList,
    now_utc: datetime,
) -> DryRun:
    """Of something that waits. words: for the fingerprint.

    Raises SubmissionMovedError if it waits no more, UserError.
    """
    named = {each.report_id: each.draft_id for each in Drafts(vault).approvals()}
    for request in list_next(home, connection, post, now_utc):
        if request.report_id == report_id:
            draft_id = named.get(report_id)
            content = None if draft_id is None else read_content(vault, draft_id)
            return DryRun(request, content, _name_opener(connection, words), is_trial=False)
    raise SubmissionMovedError


def try_sealing(
    home: Home,
    connection: Connection,
    post: Post,
    form: Form,
    report: ScrubbedReport,
    words: WordList,
    now_utc: datetime,
) -> DryRun:
    """Of a report that is not approved: sealed as it would be, with words that nobody sees.

    Nothing is kept. Raises UserError as sealing does.
    """
    receipt = make_receipt(words.draw(), connection.tenant)
    content = write_content(form, report, receipt)
    body = seal_content(content, receipt, research_key(home, connection))
    request = write_trial(home, connection, post, receipt.report_id, body, now_utc)
    return DryRun(request, content, _name_opener(connection, words), is_trial=True)


def write_dry_run(dry: DryRun, made_utc: datetime) -> bytes:
    """The file, UTF-8."""
    opening = _OPENING.format(version=__version__, made=f"{made_utc:%Y-%m-%d %H:%M} UTC")
    parts = [opening + (_TRIAL if dry.is_trial else "")]
    if not dry.request.is_withdrawal:
        parts += [_write_content(dry.content), _write_seal(dry)]
    parts += [_write_request(dry.request), _write_time(dry), f"What is not sent\n\n{_NOT_IN_IT}"]
    return "\n".join(parts).encode()


def describe_way(request: NextRequest) -> str:
    """Who sees what of the request on its way."""
    said = f"To {request.host}"
    said += f", through the proxy {request.proxy}. " if request.proxy else ". "
    if request.is_encrypted:
        return said + (
            "On the way these lines and the body are encrypted (TLS). Your network sees the "
            "address, the time and the size; if it inspects connections, it sees these lines too, "
            "and of the body only the seal."
        )
    return said + "Not encrypted on the way (http): whoever carries it reads these lines."


def _write_content(content: bytes | None) -> str:
    title = "1. What is in the seal"
    if content is None:
        return f"{title}\n\n{_NOT_KEPT}"
    readable = json.dumps(json.loads(content), indent=2, ensure_ascii=False)
    return (
        f"{title}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}\n\n"
        f"Word for word, as one line:\n\n{content.decode()}\n\n"
        f"The same, to be read:\n\n{readable}\n"
    )


def _write_seal(dry: DryRun) -> str:
    body = dry.request.body
    header = read_header(body)
    return (
        f"2. What is sent: {len(body):,} bytes, SHA-256 {dry.request.body_hash}\n\n"
        f"Every submission has {BODY_LENGTH:,} bytes. Readable in it: a version, the research "
        f"team's\nkey ({header.key_id.hex()}), and a hash that only the seven words lead to\n"
        f"({header.withdrawal_hash.hex()}).\n"
        f"The rest can be opened only by: {dry.opener}\n"
    )


def _write_request(request: NextRequest) -> str:
    lines = "\n".join(f"    {each}" for each in request.head)
    return f"3. The request\n\n{lines}\n\n{describe_way(request)}\n"


def _write_time(dry: DryRun) -> str:
    when = dry.request.not_before_utc
    moment = "" if when is None else f"{when:%Y-%m-%d %H:%M} UTC"
    if dry.is_trial:
        said = "A random time after you approve it: 6 hours on the average, 18 at the most."
        if moment:
            said += f" Not before {moment}."
    else:
        said = f"Not before {moment}; then with the next sync of this program."
    return f"4. When\n\n{said} {dry.request.obstacle}".rstrip() + "\n"


def _name_opener(connection: Connection, words: WordList) -> str:
    return f"{connection.name}, {show_fingerprint(connection, words)}"
