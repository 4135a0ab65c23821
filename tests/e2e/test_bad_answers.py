"""Answers that cannot be used, and wrong usage: one clear sentence, and nothing saved is lost."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.journey import Stage, first_answers
from tests.e2e.refusals import CANARY, check_nothing_lost, refuse, remove_draft


@pytest.fixture(autouse=True)
def _nothing_is_lost(ready: Stage) -> Iterator[None]:
    yield
    check_nothing_lost(ready)


def refuse_answers(stage: Stage, content: bytes | dict[str, object]) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return refuse(stage, "report", "new", "--answers", "-", stdin=raw)


# Answers


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"hazzard": "gunfire"}, ["hazzard", "hazard"]),
        ({"screen1": "in_scope"}, ["screen1"]),
        ({"hazard": "dragons"}, ["hazard", '"dragons"', "It accepts one of"]),
        ({"hazard": CANARY * 40}, ["hazard", "It accepts one of"]),
        ({"light": ["1", "4"]}, ["light"]),
        ({"event_year": 2190}, ["event_year", "still to come"]),
        ({"event_year": "soon"}, ["event_year"]),
        ({"light": {"special": "not_asked"}}, ["light", "not for you"]),
        ({"hazard": {"special": "declined"}}, ["hazard", "not offered"]),
        ({"title": 7}, ["title"]),
        ({"title": True}, ["title"]),
        ({"what_happened": CANARY * 90_000}, ["what_happened", "at most 20000 characters"]),
        ({"local_people": [CANARY] * 51}, ["local_people", "51 entries"]),
        ({"title": f"{CANARY}\u202egun"}, ["title", "order of the text"]),
        ({"title": f"{CANARY}\x00"}, ["title", "control characters"]),
        ({"title": f"{CANARY}\ud800"}, ["title", "half a character"]),
    ],
)
def test_answer_that_does_not_fit_is_refused_by_name(
    ready: Stage, changes: dict[str, object], told: list[str]
) -> None:
    sentence = refuse_answers(ready, first_answers(**changes))
    assert [part for part in told if part not in sentence] == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json at all " + CANARY.encode(),
        b'{"title": "cut off',
        b"[1, 2]",
        b'"text"',
        b"null",
        b'{"title": "\xff\xfe"}',
        "{}".encode("utf-16")[:-1],
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 10_000,
    ],
)
def test_answers_that_are_no_json_object_are_refused(ready: Stage, content: bytes) -> None:
    assert "not one JSON object in UTF-8" in refuse_answers(ready, content)


def test_answers_file_that_cannot_be_read_is_named(ready: Stage, tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.json", tmp_path):
        assert str(path) in refuse(ready, "report", "new", "--answers", str(path))


def test_empty_answers_stop_at_the_gate_questions(ready: Stage) -> None:
    assert "report_kind" in refuse_answers(ready, {})


def test_incomplete_report_stays_a_draft_and_says_all_that_is_missing(ready: Stage) -> None:
    answers = ready.give("answers.json", first_answers(hazard=None, lessons=None, title="half"))
    draft = ready.client("officer", "report", "new", "--answers", answers, "--json").row()["id"]
    try:
        sentence = refuse(ready, "report", "approve", draft, "--mask-findings")
        assert "hazard" in sentence
        assert "lessons" in sentence
        states = {
            row["id"]: row["state"]
            for row in ready.client("officer", "report", "list", "--json").rows()
        }
        assert states[draft] == "writing"
    finally:
        remove_draft(ready, draft)


def test_odd_but_honest_letters_are_kept_as_they_are(ready: Stage) -> None:
    title = "Señor Ωmega 中文 🚓 e\u0301 \u200bhidden"
    answers = first_answers(local_title=title, title=title, local_people=["Ωmega"])
    given = ready.give("answers.json", answers)
    draft = ready.client("officer", "report", "new", "--answers", given, "--json").row()["id"]
    try:
        row = ready.client("officer", "report", "show", draft, "--json").row()
        assert row["answers"]["title"] == "Señor Ωmega 中文 🚓 é hidden"
        assert "Ωmega" not in row["leaves"]["texts"]["title"]
    finally:
        remove_draft(ready, draft)


@pytest.mark.parametrize("draft", ["0" * 16, "../../etc", "'; drop table drafts", "\u202e"])
def test_report_that_is_not_there(ready: Stage, draft: str) -> None:
    for words in (("show", draft), ("scrub", draft), ("approve", draft, "--mask-findings")):
        assert "no such report" in refuse(ready, "report", *words)


def test_report_in_the_outbox_is_not_sealed_again(ready: Stage) -> None:
    rows = ready.client("officer", "report", "list", "--json").rows()
    queued = next(row["id"] for row in rows if row["state"] == "queued")
    sentence = refuse(ready, "report", "approve", queued, "--mask-findings")
    assert "not in the state for that" in sentence


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nonsense",),
        ("report",),
        ("report", "new"),
        ("report", "approve", "0" * 16),
        ("archive", "show", "first"),
        ("archive", "show", "0"),
        ("archive", "search", "x", "--limit", "-1"),
        ("archive", "search", "x", "--limit", "many"),
        ("desk", "init"),
        ("vault", "create", "--passphrase", "never here"),
    ],
)
def test_wrong_usage_is_told_apart(ready: Stage, words: tuple[str, ...]) -> None:
    done = ready.try_client("officer", *words) if words else ready.try_client("officer", "--oops")
    assert done.code == 2
    assert done.err.startswith("usage: nearmiss")
    assert "Traceback" not in done.err
    assert "_count" not in done.err


def test_a_draft_is_built_up_by_following_the_errors(ready: Stage) -> None:
    """From the gate alone to a report that can be approved."""
    gate = {"report_kind": "near_miss", "gate_serious": "no", "gate_open_case": "no"}
    answers = ready.give("gate.json", {**gate, "reporter_role": "involved"})
    made = ready.client("officer", "report", "new", "--answers", answers, "--json").row()
    assert {"what_happened", "hazard", "state"} <= set(made["missing"])
    whole = {name: value for name, value in first_answers().items() if name not in gate}
    edit = ready.give("rest.json", whole)
    changed = ready.client("officer", "report", "edit", made["id"], "--answers", edit, "--json")
    assert changed.row()["missing"] == []
    less = ready.give("less.json", {"hazard": None})
    changed = ready.client("officer", "report", "edit", made["id"], "--answers", less, "--json")
    assert changed.row()["missing"] == ["hazard"]
    refuse(ready, "report", "approve", made["id"], "--mask-findings")
    ready.client("officer", "report", "delete", made["id"])
    assert made["id"] not in ready.client("officer", "report", "list").out


def test_an_edit_that_stops_at_the_gate_or_does_not_fit_changes_nothing(ready: Stage) -> None:
    answers = ready.give("whole.json", first_answers())
    made = ready.client("officer", "report", "new", "--answers", answers, "--json").row()
    before = ready.client("officer", "report", "show", made["id"], "--json").row()["answers"]
    for change in ({"gate_serious": "yes"}, {"hazard": "gunfire", "light": "99"}, {"nonsense": 1}):
        edit = ready.give("edit.json", change)
        refuse(ready, "report", "edit", made["id"], "--answers", edit)
    after = ready.client("officer", "report", "show", made["id"], "--json").row()["answers"]
    assert after == before
    ready.client("officer", "report", "delete", made["id"])


def test_the_form_tells_what_each_code_means(ready: Stage) -> None:
    told = ready.client("officer", "report", "form", "light").out
    assert '"1"  Daylight' in told
    assert '{"special": "unknown"}' in told
    assert "hazard" in ready.client("officer", "report", "form").out
    assert "no field" in refuse(ready, "report", "form", "nonsense")


def test_one_that_waits_is_taken_back_and_edited(ready: Stage) -> None:
    answers = ready.give("whole.json", first_answers(local_title="taken back"))
    made = ready.client("officer", "report", "new", "--answers", answers, "--json").row()
    waiting = {row["id"] for row in ready.client("officer", "outbox", "list", "--json").rows()}
    ready.client("officer", "report", "approve", made["id"], "--mask-findings")
    rows = ready.client("officer", "outbox", "list", "--json").rows()
    (new,) = {row["id"] for row in rows} - waiting
    done = ready.client("officer", "outbox", "take-back", new[:8], "--json")
    assert done.row()["draft"] == made["id"]
    ready.client("officer", "report", "delete", made["id"])
    assert "no such submission" in refuse(ready, "outbox", "take-back", new[:8])
