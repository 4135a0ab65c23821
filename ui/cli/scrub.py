"""`nearmiss scrub`: text in, scrubbed text out; or a line of JSON for a line of JSON."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from app.domain.report import Finding, Span, apply_findings
from app.errors import InputError, SurroundingsError
from sync.outgoing import explain_doubt
from sync.scrub import (
    NOBODY_LISTED,
    Doubt,
    Identities,
    Scrubber,
    ScrubResult,
    read_roster,
)
from ui.cli.parts import Commands, build_scrubber, read_file, show_plainly

_MOST_NAMED = 5
_FIELD = "text"


def add_parser(commands: Commands) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "scrub",
        help="find and replace what identifies people and places",
        description="Replaces identifiers in a UTF-8 text. What is only possibly one stays.",
    )
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="- is standard input")
    parser.add_argument("--known", action="append", default=[], metavar="NAME", help="also a name")
    parser.add_argument("--roster", metavar="LIST", help="a file of names, one person a line")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="text, scrubbed text and findings")
    form.add_argument("--jsonl", action="store_true", help='lines {"id","text"} in, the same out')
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Scrub the named file or standard input to standard output. Returns the exit code."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", newline="")  # a line ends as it did in the text
    scrubber = build_scrubber()
    with _open_source(args.file) as source:
        return scrub_command(args, sys.stdout, source, scrubber)


def scrub_command(
    args: argparse.Namespace,
    out: TextIO,
    source: BinaryIO,
    scrubber: Scrubber,
    err: TextIO | None = None,
) -> int:
    """Scrub `source` to `out` as `args` say (json, jsonl, known, roster). Returns the exit code.

    For a text, one line on `err` (standard error if None) says what was replaced and what is
    left; a doubt that asks for a full manual review is said there too, once for all lines. With
    --jsonl a line that cannot be used has an error in its place, and 1 is returned at the end.

    Raises InputError if a text is not UTF-8 or the roster cannot be used.
    """
    roster = NOBODY_LISTED if args.roster is None else read_roster(read_file(args.roster))
    known = Identities(names=tuple(args.known), roster=roster)
    err = err or sys.stderr
    if args.jsonl:
        return _scrub_lines(source, out, err, scrubber, known)
    text = _decode(source.read(), "The text")
    found = scrubber.scrub({_FIELD: text}, known)
    findings = found.findings[_FIELD]
    scrubbed = apply_findings(text, findings)
    if args.json:
        result = {
            "text": text,
            "scrubbed": scrubbed,
            "findings": describe_findings(findings),
            "leftovers": _describe_leftovers(found),
            "doubts": describe_doubts(found),
        }
        out.write(json.dumps(result, ensure_ascii=False, indent=2) + "\n")
    else:
        out.write(scrubbed)
    out.flush()
    if not args.json:
        gap = "\n" if out.isatty() and not scrubbed.endswith("\n") else ""
        leftovers = found.leftovers[_FIELD]
        err.write(gap + sum_up(text, findings, leftovers, is_named=err.isatty()) + "\n")
    say_doubts(found.doubts, err)
    return 0


def say_doubts(doubts: Iterable[Doubt], err: TextIO) -> None:
    """Write why a person has to read every word; nothing where there is no doubt."""
    for each in doubts:
        err.write(" ".join(explain_doubt(each)) + "\n")


def describe_doubts(found: ScrubResult) -> list[str]:
    """The doubts as JSON values."""
    return [each.value for each in found.doubts]


def sum_up(
    text: str, findings: tuple[Finding, ...], leftovers: tuple[Span, ...], *, is_named: bool
) -> str:
    """What was replaced in `text`, what is left that may identify, and what nothing explains.

    is_named: name five of each at most. Only for a terminal: what is written elsewhere is kept,
    and must not hold what was not to leave.
    """
    said = [f"{sum(each.masked for each in findings)} replaced."]
    left = [each.span for each in findings if not each.masked]
    if left:
        said.append(f"{len(left)} left that may identify{_name(text, left, is_named=is_named)}.")
    if leftovers:
        some = "1 word" if len(leftovers) == 1 else f"{len(leftovers)} words"
        named = _name(text, leftovers, is_named=is_named)
        said.append(f"Please look at {some} that nothing explains{named}.")
    return " ".join(said)


def _name(text: str, spans: Sequence[Span], *, is_named: bool) -> str:
    if not is_named:
        return ""
    originals = (" ".join(text[span.start : span.end].split()) for span in spans)
    names = list(dict.fromkeys(map(show_plainly, originals)))
    shown = ", ".join(f'"{name}"' for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f": {shown}{more}"


def describe_findings(findings: tuple[Finding, ...]) -> list[dict[str, object]]:
    """Findings as JSON values; offsets are code points of the text that went in."""
    return [
        {
            "start": each.span.start,
            "end": each.span.end,
            "kind": each.kind.value,
            "replacement": each.replacement,
            "certainty": each.certainty.value,
            "masked": each.masked,
            "reason": each.reason,
            "source": each.source,
        }
        for each in findings
    ]


def _describe_leftovers(found: ScrubResult) -> list[dict[str, int]]:
    return [{"start": each.start, "end": each.end} for each in found.leftovers[_FIELD]]


def _scrub_lines(
    source: BinaryIO, out: TextIO, err: TextIO, scrubber: Scrubber, known: Identities
) -> int:
    """Line for line; one that cannot be used does not end the stream. Returns the exit code."""
    code = 0
    said: set[Doubt] = set()
    for number, raw in enumerate(iter(source.readline, b""), start=1):
        if not raw.strip():
            continue
        entry: dict[str, object] = {"id": None}
        doubts: tuple[Doubt, ...] = ()
        try:
            _read_entry(raw, number, entry)
        except InputError as error:
            result = {"id": entry["id"], "error": " ".join((error.title, error.hint))}
            code = 1
        else:
            found = scrubber.scrub({_FIELD: str(entry["text"])}, known)
            result, doubts = _describe_line(entry, found), found.doubts
        out.write(json.dumps(result, ensure_ascii=False) + "\n")
        out.flush()
        say_doubts([each for each in doubts if each not in said], err)
        said.update(doubts)
    return code


def _describe_line(entry: Mapping[str, object], found: ScrubResult) -> dict[str, object]:
    findings = found.findings[_FIELD]
    return {
        "id": entry["id"],
        "text": apply_findings(str(entry["text"]), findings),
        "findings": describe_findings(findings),
        "leftovers": _describe_leftovers(found),
        "doubts": describe_doubts(found),
    }


def _read_entry(raw: bytes, number: int, entry: dict[str, object]) -> None:
    """Put "id" and "text" of a line into `entry`, the id also where the text cannot be used.

    Raises InputError if the line is not what it has to be.
    """
    hint = 'Each line has to be a JSON object with "id" and "text".'
    line = _decode(raw, f"Line {number}")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError(f"Line {number} is not JSON.", "", hint) from None
    if not isinstance(found, dict) or "id" not in found:
        raise InputError(f'Line {number} has no "id" or no "text".', "", hint)
    half = InputError(f"Line {number} holds half a character.", "", hint)
    if not _is_whole(found["id"]):
        raise half
    entry["id"] = found["id"]
    if not isinstance(found.get("text"), str):
        raise InputError(f'Line {number} has no "id" or no "text".', "", hint)
    if not _is_whole(found["text"]):
        raise half
    entry["text"] = found["text"]


def _is_whole(value: object) -> bool:
    """Whether it can be written: JSON may hold one half of a character of two."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _decode(raw: bytes, what: str) -> str:
    try:
        return raw.decode("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{what} is not written in UTF-8 (byte {error.start}).",
            "Nothing of it was scrubbed.",
            "Save the file as UTF-8 and try again.",
        ) from None


@contextmanager
def _open_source(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as source:
            yield source
    except FileNotFoundError:
        raise InputError("There is no such file.", "", "Check the name.") from None
    except IsADirectoryError:
        raise InputError("That is a folder, not a file.", "", "Name a file.") from None
    except PermissionError:
        raise SurroundingsError(
            "The file cannot be opened.", "You are not allowed to read it.", ""
        ) from None
