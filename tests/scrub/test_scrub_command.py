"""`nearmiss scrub`: plain, JSON and JSON lines."""

import argparse
import io
import json
from pathlib import Path

import pytest

from app.domain.report import Span
from app.errors import InputError
from sync.scrub import Doubt, Scrubber
from ui.cli.scrub import add_parser, run, scrub_command, sum_up


def run_scrub(scrubber: Scrubber, raw: bytes, *words: str) -> str:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    out = io.StringIO()
    assert scrub_command(parser.parse_args(["scrub", *words]), out, io.BytesIO(raw), scrubber) == 0
    return out.getvalue()


def test_text_in_scrubbed_text_out(scrubber: Scrubber) -> None:
    assert run_scrub(scrubber, b"Ofc. Renner fell.\r\n") == "Ofc. [NAME-1] fell.\r\n"


def test_known_names_are_masked(scrubber: Scrubber) -> None:
    raw = b"then wexley and ozmar fell"
    out = run_scrub(scrubber, raw, "--known", "Wexley", "--known", "Ozmar")
    assert out == "then [NAME-1] and [NAME-2] fell"


def test_json_tells_text_scrubbed_and_findings(scrubber: Scrubber) -> None:
    result = json.loads(run_scrub(scrubber, b"Ofc. Renner fell.", "--json"))
    assert result["text"] == "Ofc. Renner fell."
    assert result["scrubbed"] == "Ofc. [NAME-1] fell."
    assert result["findings"] == [
        {
            "start": 5,
            "end": 11,
            "kind": "NAME",
            "replacement": "[NAME-1]",
            "certainty": "sure",
            "masked": True,
            "reason": "after the word 'ofc'",
            "source": "rule",
        }
    ]


def test_json_lines_keep_their_order_and_count_code_points(scrubber: Scrubber) -> None:
    lines = [{"id": 1, "text": "\U0001f600 Ofc. Renner", "x": 1}, {"id": "b", "text": ""}]
    raw = "\n".join(json.dumps(line) for line in lines).encode()
    first, second = map(json.loads, run_scrub(scrubber, raw, "--jsonl", "-").splitlines())
    assert (first["id"], first["text"]) == (1, "\U0001f600 Ofc. [NAME-1]")
    assert (first["findings"][0]["start"], first["findings"][0]["end"]) == (7, 13)
    assert second == {"id": "b", "text": "", "findings": [], "leftovers": [], "doubts": []}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "Line 2 is not JSON"),
        (b"[1]", "Line 2 has no"),
        (b'{"id": 1}', "Line 2 has no"),
        (b'{"text": "a"}', "Line 2 has no"),
        (b'{"id": 1, "text": 3}', "Line 2 has no"),
        (b'{"id": 1, "text": "\\ud800"}', "Line 2 holds half a character"),
        (b'{"id": "\\udc00", "text": "a"}', "Line 2 holds half a character"),
        (b"\xff", "Line 2 is not written in UTF-8"),
    ],
)
def test_a_bad_line_has_an_error_in_its_place_and_the_next_is_scrubbed(
    scrubber: Scrubber, line: bytes, said: str
) -> None:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["scrub", "--jsonl"])
    out = io.StringIO()
    source = io.BytesIO(
        b'{"id": 0, "text": "He ran."}\n' + line + b'\n{"id": 3, "text": "Ofc. Renner"}\n'
    )
    assert scrub_command(args, out, source, scrubber) == 1
    first, bad, last = map(json.loads, out.getvalue().splitlines())
    assert (first["text"], last["text"]) == ("He ran.", "Ofc. [NAME-1]")
    assert bad["error"].startswith(said)
    assert bad == {"id": 1 if b'"id": 1' in line else None, "error": bad["error"]}


def test_a_text_that_is_not_utf8_is_refused(scrubber: Scrubber) -> None:
    with pytest.raises(InputError, match="not written in UTF-8"):
        run_scrub(scrubber, b"Ofc. M\xfcller")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def tell(scrubber: Scrubber, raw: bytes, *words: str, err: io.StringIO | None = None) -> str:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    err = err or Terminal()
    args = parser.parse_args(["scrub", *words])
    assert scrub_command(args, io.StringIO(), io.BytesIO(raw), scrubber, err) == 0
    return err.getvalue()


def test_a_line_beside_the_text_tells_what_was_replaced_and_left(scrubber: Scrubber) -> None:
    assert tell(scrubber, b"Ofc. Renner fell.") == "1 replaced.\n"
    rules = Scrubber(scrubber.lexicon)  # to them it is only possible
    assert tell(rules, b"Ofc. Renner fell. Brown was up.").startswith(
        '1 replaced. 1 left that may identify: "Brown".\n'
    )


def test_what_is_left_is_named_on_a_terminal_only(scrubber: Scrubber) -> None:
    raw = b"Ofc. Renner fell. Brown was up. He had 4471 then."
    rules = Scrubber(scrubber.lexicon)
    said = tell(rules, raw, err=io.StringIO())
    assert said.startswith("1 replaced. 1 left that may identify. Please look at 1 word")
    assert not {"Brown", "Renner", "4471"} & set(said.replace(".", " ").split())
    assert '"4471"' in tell(rules, raw)


def test_what_is_left_cannot_steer_the_terminal() -> None:
    text = "a\x1b[2Jb"
    assert "\x1b" not in sum_up(text, (), (Span(0, len(text)),), is_named=True)


def test_json_tells_what_nothing_explains(scrubber: Scrubber) -> None:
    rules = Scrubber(scrubber.lexicon)
    raw = b"He had 4471 then."
    (place,) = json.loads(run_scrub(rules, raw, "--json"))["leftovers"]
    assert raw[place["start"] : place["end"]] == b"4471"
    line = json.dumps({"id": 1, "text": raw.decode()}).encode()
    assert json.loads(run_scrub(rules, line, "--jsonl"))["leftovers"] == [place]


def test_on_windows_too_text_is_utf8_and_its_line_ends_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = "One caf\u00e9.\r\nTwo.\n".encode()
    (tmp_path / "text").write_bytes(raw)
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, "cp1252", newline="\r\n"))
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    assert run(parser.parse_args(["scrub", str(tmp_path / "text")])) == 0
    assert written.getvalue() == raw


def test_at_most_five_that_are_left_are_named(scrubber: Scrubber) -> None:
    names = ("Brown", "Smith", "Grant", "Porter", "Hunter", "Sawyer", "Parks")
    raw = " ".join(f"{name} was up." for name in names).encode()
    assert tell(Scrubber(scrubber.lexicon), raw).startswith(
        '0 replaced. 7 left that may identify: "Brown", "Smith", "Grant", "Porter", "Hunter"'
        " and 2 more.\n"
    )


def test_json_tells_nothing_beside(scrubber: Scrubber) -> None:
    assert tell(scrubber, b"Ofc. Renner fell.", "--json") == ""
    assert tell(scrubber, b'{"id": 1, "text": "Ofc. Renner"}', "--jsonl") == ""


def test_a_missing_model_is_said_beside_the_text_and_in_every_answer(scrubber: Scrubber) -> None:
    without = Scrubber(scrubber.lexicon)
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    lines = b'{"id": 1, "text": "a"}\n{"id": 2, "text": "b"}\n'
    for raw, words in ((b"It rained.", ["-"]), (b"It rained.", ["--json"]), (lines, ["--jsonl"])):
        out, err = io.StringIO(), io.StringIO()
        args = parser.parse_args(["scrub", *words])
        assert scrub_command(args, out, io.BytesIO(raw), without, err) == 0
        assert err.getvalue().count("The part that finds names is missing or damaged.") == 1
        assert out.getvalue().count(f'"{Doubt.MODEL}"') == {"--jsonl": 2, "--json": 1}.get(
            words[0], 0
        )
