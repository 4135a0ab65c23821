"""The desk's commands say what is wrong, and change nothing then."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from sync.protocol.seal import BODY_LENGTH, MEDIA_TYPE
from tests.e2e.journey import PASSPHRASE, Stage, first_answers
from tests.e2e.refusals import answering, http, refuse


@pytest.fixture(scope="module")
def stage(quick_stage: Stage) -> Stage:
    return quick_stage


@pytest.fixture(scope="module")
def case(stage: Stage) -> str:
    """One case that was pulled and not yet coded."""
    answers = stage.give("answers.json", first_answers())
    draft = stage.client("officer", "report", "new", "--answers", answers, "--json").row()["id"]
    stage.client("officer", "report", "approve", draft, "--mask-findings")
    with stage.serving():
        stage.desk("upload")
        stage.client("officer", "sync", "--now")
        stage.desk("pull")
    return str(stage.desk("list", "--json").row()["id"])


@pytest.fixture(autouse=True)
def _case_is_as_before(stage: Stage, case: str) -> Iterator[None]:
    before = stage.desk("show", case, "--json").row()
    yield
    stage.give("passphrase", PASSPHRASE)
    assert stage.desk("show", case, "--json").row() == before


def refuse_desk(stage: Stage, *words: str, stdin: bytes = b"") -> str:
    return refuse(stage, "desk", *words, who="desk", stdin=stdin)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("screen9=in_scope", "screen9"),
        ("screen1=perhaps", "screen1"),
        ("local_title=x", "local_title"),
        ("synopsis=in_scope", "is a text"),
        ("state=MO", "state"),  # the exact state never came here and is not to be kept
        ("event_month=03", "event_month"),
        ("accession=7", "accession"),
        ("screen1", "FIELD=VALUE"),
        ("light=special:lost", "light"),
        ("event_year=soon", "event_year"),
    ],
)
def test_code_that_does_not_fit(stage: Stage, case: str, setting: str, told: str) -> None:
    assert told in refuse_desk(stage, "code", case, "--set", "screen1=in_scope", "--set", setting)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a\x00b", b"x" * 700])
def test_text_that_does_not_fit(stage: Stage, case: str, content: bytes) -> None:
    refuse_desk(stage, "code", case, "--text", "synopsis=-", stdin=content)


def test_nothing_to_set(stage: Stage, case: str) -> None:
    assert "nothing to set" in refuse_desk(stage, "code", case)


def test_uncoded_case_is_not_approved(stage: Stage, case: str) -> None:
    sentence = refuse_desk(stage, "approve", case)
    for name in ("screen1", "synopsis", "deid_second"):
        assert name in sentence


@pytest.mark.parametrize("case_id", ["0" * 32, "nonsense", "../x", ""])
def test_case_that_is_not_there(stage: Stage, case_id: str) -> None:
    for words in (("show", case_id), ("approve", case_id), ("code", case_id, "--set", "alert=fyi")):
        refuse_desk(stage, *words)


def test_wrong_passphrase(stage: Stage, case: str) -> None:
    stage.give("passphrase", "not the right one")
    for words in (("list",), ("show", case), ("publish",), ("pull",), ("upload",)):
        assert "passphrase is not the right one" in refuse_desk(stage, *words)


def test_nothing_to_publish_or_to_sign(stage: Stage) -> None:
    assert "nothing to publish" in refuse_desk(stage, "publish")
    assert "Nothing waits" in refuse_desk(stage, "cosign", "--yes")


def test_nobody_is_asked_to_sign_unseen(stage: Stage) -> None:
    stage.desk("import", "--format", "sample")
    stage.desk("publish")
    assert "Nothing was signed" in refuse_desk(stage, "cosign")
    released = stage.desk_folder / "feed" / "metadata"
    assert not (released / "2.archive.json").exists()
    stage.desk("cosign", "--yes")
    assert (released / "2.archive.json").exists()


def test_desk_is_not_made_twice(stage: Stage) -> None:
    card = str(stage.service_folder / "service.public.json")
    sentence = refuse_desk(stage, "init", "--service", card, "--url", stage.url)
    assert "a desk on this computer already" in sentence


@pytest.mark.parametrize("url", ["ftp://x", "nonsense", "", "http://a b", "https://x/?q"])
def test_desk_is_not_made_for_a_strange_address(stage: Stage, url: str) -> None:
    card = str(stage.service_folder / "service.public.json")
    words = ("desk", "init", "--service", card, "--url", url)
    assert "address cannot be used" in refuse(stage, *words, who="newcomer")
    assert not stage.home("newcomer").exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff"])
def test_desk_is_not_made_for_a_broken_card(stage: Stage, content: bytes) -> None:
    card = stage.give("card.json", content)
    words = ("desk", "init", "--service", card, "--url", stage.url)
    assert "not a service's public file" in refuse(stage, *words, who="newcomer")


def test_officer_has_no_desk(stage: Stage) -> None:
    for words in (("list",), ("pull",), ("publish",), ("cosign",), ("upload",)):
        assert "no desk on this computer" in refuse(stage, "desk", *words)


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"[]",
        b'{"source": "asrs", "id": "1"}',
        b'{"source": "asrs", "id": 1, "text": "x"}',
        b'{"source": "asrs", "id": "1", "text": "\xff"}',
        b'{"source": "asrs", "id": "1", "text": "' + b"x" * 1_000_001 + b'"}',
    ],
)
def test_broken_line_imports_nothing_and_is_named(stage: Stage, line: bytes) -> None:
    good = json.dumps({"source": "asrs", "id": "1", "text": "It was close."}).encode()
    file = stage.give("reports.jsonl", good + b"\n\n" + line + b"\n")
    assert "Line 3" in refuse_desk(stage, "import", file, "--shelf", "sister-systems")
    assert "nothing to publish" in refuse_desk(stage, "publish")


def test_characters_that_steer_a_terminal_are_not_imported(stage: Stage) -> None:
    strange = "It was \x1b[31mclose\x00 \u202eagain \ud800and &#27;[2J again.\x07<br>Twice."
    line = {"source": "as\x1brs", "id": "7\x9b", "text": strange, "date": "\x1b"}
    file = stage.give("reports.jsonl", json.dumps(line))
    stage.desk("import", file, "--shelf", "strange")
    stage.release()
    stage.import_feed("officer")
    hits = stage.client("officer", "archive", "search", "", "--shelf", "strange", "--json").rows()
    shown = stage.client("officer", "archive", "show", str(hits[0]["number"])).out
    assert "Twice." in shown
    assert [each for each in shown if not each.isprintable() and each != "\n"] == []


def test_import_of_a_file_or_onto_a_shelf_that_cannot_be(stage: Stage, tmp_path: Path) -> None:
    refuse_desk(stage, "import", str(tmp_path / "nowhere"))
    refuse_desk(stage, "import")
    good = stage.give("reports.jsonl", b'{"source": "asrs", "id": "1", "text": "It was close."}')
    for shelf in ("", "a b", "../x", "x" * 41):
        assert "name of a shelf" in refuse_desk(stage, "import", good, "--shelf", shelf)


@pytest.mark.parametrize(
    "answer", [b"", http("200 OK", b"<html>"), http("500 Oops", b""), http("302 Found", b"")]
)
def test_nonsense_from_the_service(stage: Stage, answer: bytes) -> None:
    """The desk's own connection says where it is; another answers there now."""
    connection = stage.desk_folder / "connection.json"
    before = connection.read_bytes()
    with answering(answer) as url:
        connection.write_bytes(before.replace(stage.url.encode(), url.encode()))
        try:
            for words in (("pull",), ("upload",)):
                refuse_desk(stage, *words)
        finally:
            connection.write_bytes(before)


def test_service_that_is_down(stage: Stage) -> None:
    for words in (("pull",), ("upload",)):
        assert "cannot be reached" in refuse_desk(stage, *words)


def test_reports_of_others_stand_on_a_shelf_of_their_own_and_once(stage: Stage) -> None:
    file = stage.give("twice.jsonl", b'{"source": "asrs", "id": "twice", "text": "Close."}')
    for words in ((), ("--shelf", "near-miss")):
        assert "shelf" in refuse_desk(stage, "import", file, *words)
    first = stage.desk("import", file, "--shelf", "once", "--json").row()
    assert first == {"added": 1, "skipped": 0, "shelf": "once"}
    assert "1 were skipped" in stage.desk("import", file, "--shelf", "once").out


def test_what_waits_can_be_read_whole_before_it_is_signed(stage: Stage) -> None:
    file = stage.give("whole.jsonl", b'{"source": "asrs", "id": "whole", "text": "To the end."}')
    stage.desk("import", file, "--shelf", "whole")
    stage.desk("publish")
    assert "To the end." in stage.desk("cosign", "--show").out
    signed = stage.try_client("desk", "desk", "cosign", "--yes", "--json")
    assert signed.code == 0
    assert signed.row()["released"] is True
    assert "Nothing waits" in refuse_desk(stage, "cosign")


def test_sample_that_is_none(stage: Stage) -> None:
    file = stage.give("sample.json", b"no json")
    assert "not a sample" in refuse_desk(stage, "import", file, "--format", "sample")


def test_junk_is_fetched_once_and_discarded_when_asked(stage: Stage) -> None:
    junk = b"NMR1" + bytes(BODY_LENGTH - 4)
    with stage.serving():
        connection = HTTPConnection("127.0.0.1", stage.port, timeout=30)
        connection.request("PUT", f"/v1/reports/{'a' * 32}", junk, {"Content-Type": MEDIA_TYPE})
        assert connection.getresponse().status == 201
        connection.close()
        for _each in range(2):
            assert stage.desk("pull", "--json").row() == _pulled(unreadable=1)
        assert "Nothing was deleted" in refuse_desk(stage, "discard", "--unreadable")
        done = stage.desk("discard", "--unreadable", "--yes", "--json").row()
        assert done == {"discarded": 1}
        assert stage.desk("pull", "--json").row() == _pulled(unreadable=0)


def test_the_cases_and_their_key_are_copied_when_something_is_published(
    stage: Stage, case: str
) -> None:
    copies = [stage.desk_folder / "backup" / name for name in ("cases.db", "cases.key")]
    assert all(copy.exists() for copy in copies)
    assert copies[1].read_bytes() == (stage.desk_folder / "cases.key").read_bytes()
    file = stage.give("more.jsonl", b'{"source": "asrs", "id": "more", "text": "Close."}')
    before = copies[0].read_bytes()
    stage.desk("import", file, "--shelf", "more")
    stage.desk("publish")
    assert copies[0].read_bytes() != before
    stage.desk("cosign", "--yes")


def _pulled(unreadable: int) -> dict[str, int]:
    names = ("opened", "answers", "covers", "withdrawn", "retracted")
    return {**dict.fromkeys(names, 0), "unreadable": unreadable}
