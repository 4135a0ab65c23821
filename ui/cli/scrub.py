"""`nearmiss scrub`: text in, scrubbed text out; or a line of JSON for a line of JSON."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from app.domain.report import Finding, apply_findings
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
from ui.cli.parts import Commands, build_scrubber, read_file

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
        reconfigure(encoding="utf-8")
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
    left; a doubt that asks for a full manual review is said there too, once for all lines.

    Raises InputError if the source is not UTF-8, a line is not what --jsonl expects, or the roster
    cannot be used.
    """
    roster = NOBODY_LISTED if args.roster is None else read_roster(read_file(args.roster))
    known = Identities(names=tuple(args.known), roster=roster)
    err = err or sys.stderr
    if args.jsonl:
        said: set[Doubt] = set()
        for line, doubts in _scrub_lines(source, scrubber, known):
            out.write(line + "\n")
            out.flush()
            say_doubts([each for each in doubts if each not in said], err)
            said.update(doubts)
        return 0
    text = _decode(source.read(), "The text")
    found = scrubber.scrub({_FIELD: text}, known)
    findings = found.findings[_FIELD]
    scrubbed = apply_findings(text, findings)
    if args.json:
        result = {
            "text": text,
            "scrubbed": scrubbed,
            "findings": describe_findings(findings),
            "doubts": describe_doubts(found),
        }
        out.write(json.dumps(result, ensure_ascii=False, indent=2) + "\n")
    else:
        out.write(scrubbed)
    out.flush()
    if not args.json:
        gap = "\n" if out.isatty() and not scrubbed.endswith("\n") else ""
        err.write(gap + sum_up(text, findings) + "\n")
    say_doubts(found.doubts, err)
    return 0


def say_doubts(doubts: Iterable[Doubt], err: TextIO) -> None:
    """Write why a person has to read every word; nothing where there is no doubt."""
    for each in doubts:
        err.write(" ".join(explain_doubt(each)) + "\n")


def describe_doubts(found: ScrubResult) -> list[str]:
    """The doubts as JSON values."""
    return [each.value for each in found.doubts]


def sum_up(text: str, findings: tuple[Finding, ...]) -> str:
    """What was replaced in `text`, and what is left that may identify (five named at most)."""
    line = f"{sum(each.masked for each in findings)} replaced."
    left = [each.span for each in findings if not each.masked]
    if not left:
        return line
    originals = (" ".join(text[span.start : span.end].split()) for span in left)
    names = list(dict.fromkeys(originals))
    shown = ", ".join(f'"{name}"' for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"{line} {len(left)} left that may identify: {shown}{more}."


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


def _scrub_lines(
    source: BinaryIO, scrubber: Scrubber, known: Identities
) -> Iterator[tuple[str, tuple[Doubt, ...]]]:
    for number, raw in enumerate(iter(source.readline, b""), start=1):
        line = _decode(raw, f"Line {number}").strip()
        if not line:
            continue
        entry = _read_entry(line, number)
        text = entry["text"]
        found = scrubber.scrub({_FIELD: text}, known)
        findings = found.findings[_FIELD]
        result = {
            "id": entry["id"],
            "text": apply_findings(text, findings),
            "findings": describe_findings(findings),
            "doubts": describe_doubts(found),
        }
        yield json.dumps(result, ensure_ascii=False), found.doubts


def _read_entry(line: str, number: int) -> Mapping[str, str]:
    hint = 'Each line has to be a JSON object with "id" and "text".'
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError(f"Line {number} is not JSON.", "", hint) from None
    if not isinstance(entry, dict) or "id" not in entry or not isinstance(entry.get("text"), str):
        raise InputError(f'Line {number} has no "id" or no "text".', "", hint)
    try:
        entry["text"].encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(f"Line {number} holds half a character.", "", hint) from None
    return entry


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
