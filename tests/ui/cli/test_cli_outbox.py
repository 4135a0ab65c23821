"""What waits, in words and as JSON."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.submission import SubmissionState
from app.paths import Home
from app.store.outbox import BODY_LENGTH, Outbox
from app.store.post import Post
from sync.verified_officer import TOKENS_COME
from ui.cli.main import main
from ui.cli.outbox import _WORDS, _describe, _say_held

MOMENT = datetime(2026, 3, 9, 14, 30, tzinfo=UTC)
WAYS: dict[SubmissionState, list[SubmissionState]] = {
    SubmissionState.QUEUED: [],
    SubmissionState.SENDING: [SubmissionState.SENDING],
    SubmissionState.HELD: [SubmissionState.SENDING, SubmissionState.HELD],
    SubmissionState.RECEIVED: [SubmissionState.SENDING, SubmissionState.RECEIVED],
    SubmissionState.REFUSED: [SubmissionState.SENDING, SubmissionState.REFUSED],
    SubmissionState.TAKEN_BACK: [SubmissionState.TAKEN_BACK],
}


def put_one(home: Home, number: int, state: SubmissionState) -> None:
    """A submission that has come to the state in the way that leads there."""
    report_id = bytes([number]) * 16
    with Post.open_or_create(home.vault_folder("first")) as post:
        outbox = Outbox(post)
        outbox.add(report_id, bytes([number]) * BODY_LENGTH, MOMENT)
        for each in WAYS[state]:
            outbox.move(report_id, each, status=None)


def test_nothing_waits(own_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outbox", "list"]) == 0
    assert capsys.readouterr().out == "Nothing waits.\n"
    assert main(["outbox", "list", "--json"]) == 0
    assert capsys.readouterr().out == ""


def test_every_state_has_words_of_its_own(
    own_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, state in enumerate(SubmissionState):
        put_one(own_home, number, state)
    assert main(["outbox", "list", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["state"] for row in rows} == {state.value for state in SubmissionState}
    assert {row["not_before_utc"] for row in rows} == {"2026-03-09T14:30:00+00:00"}
    assert main(["outbox", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len({line[10:] for line in lines}) == len(SubmissionState)
    assert any("waits; leaves after 09 Mar 14:30 UTC" in line for line in lines)
    assert set(_WORDS) == set(SubmissionState)


def test_outbox_needs_no_passphrase(
    own_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEARMISS_PASSPHRASE_FILE", "/nowhere")
    put_one(own_home, 1, SubmissionState.QUEUED)
    assert main(["outbox", "list"]) == 0
    assert capsys.readouterr().out.startswith("01010101  waits")


@pytest.mark.parametrize(
    ("officer", "words"),
    [
        ("", "nearmiss enrol"),
        (TOKENS_COME, "3 to 31 days"),
        ("verified, 0 of 12 left", "a token for it"),
    ],
)
def test_what_is_held_is_explained_to_whom_it_concerns(
    officer: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _say_held([officer])
    told = capsys.readouterr().out
    assert [
        each for each in ("nearmiss enrol", "3 to 31 days", "a token for it") if each in told
    ] == [words]


def test_a_report_does_not_leave_before_the_earliest_moment(own_home: Home) -> None:
    put_one(own_home, 1, SubmissionState.QUEUED)
    with Post.open_or_create(own_home.vault_folder("first")) as post:
        (row,) = Outbox(post).submissions()
    assert "leaves after 12 Mar 14:30 UTC" in _describe(row, MOMENT + timedelta(days=3))
    assert "leaves after 09 Mar 14:30 UTC" in _describe(row, MOMENT - timedelta(days=3))
    assert _describe(row, None, TOKENS_COME) == "waits; leaves when this program has its tokens"
