"""What belongs elsewhere goes no further than the gate: nothing of it is kept."""

import json
from pathlib import Path

import pytest

from tests.e2e.canary import find_words
from tests.e2e.journey import Stage, first_answers
from tests.e2e.refusals import CANARY, refuse

WHOM = ("critical-incident process", "Your union or association representative", "own counsel")
STOPS: list[tuple[dict[str, object], str]] = [
    ({"gate_serious": "yes"}, "critical-incident process"),
    ({"gate_serious": "not_sure"}, "whether someone was seriously hurt"),
    ({"gate_open_case": "yes"}, "open investigation comes first"),
    ({"gate_open_case": "not_sure"}, "whether an investigation is open"),
    ({"actual_harm": "3"}, "serious injury"),
    ({"actual_harm": "4"}, "A death belongs"),
]


@pytest.fixture(scope="module")
def stage(quick_stage: Stage) -> Stage:
    return quick_stage


def files_of(stage: Stage) -> dict[str, bytes]:
    home = stage.home("officer")
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize(("answer", "told"), STOPS, ids=[json.dumps(each[0]) for each in STOPS])
def test_gate_keeps_nothing_and_says_whom_to_ask(
    stage: Stage, answer: dict[str, object], told: str
) -> None:
    before = files_of(stage)
    answers = first_answers(**answer, what_happened=f"A {CANARY} was hurt. " * 20, title=CANARY)
    raw = json.dumps(answers).encode()
    sentence = refuse(stage, "report", "new", "--answers", "-", "--json", stdin=raw)
    assert told in sentence
    assert any(whom in sentence for whom in WHOM)
    assert "Nothing you entered here is kept or sent." in sentence
    assert files_of(stage) == before, "not one byte of the home has changed"
    assert stage.client("officer", "report", "list", "--json").out == ""
    written = [stage.home("officer"), stage.folder / "tmp"]
    assert find_words(written, [CANARY]) == {}


@pytest.mark.parametrize("order", ["gate first", "gate last"])
def test_gate_comes_before_every_other_complaint(stage: Stage, order: str) -> None:
    """Whoever is stopped does not have to mend other answers first."""
    gate = {"gate_serious": "yes"}
    rest = {"report_kind": "near_miss", "what_happened": "short"}
    answers = {**gate, **rest} if order == "gate first" else {**rest, **gate}
    raw = json.dumps(answers).encode()
    assert "critical-incident" in refuse(stage, "report", "new", "--answers", "-", stdin=raw)


def test_gate_needs_neither_passphrase_nor_vault(stage: Stage, tmp_path: Path) -> None:
    home = tmp_path / "nobody"
    stage.more = {"NEARMISS_HOME": str(home), "NEARMISS_PASSPHRASE_FILE": ""}
    try:
        raw = json.dumps(first_answers(gate_serious="yes")).encode()
        refuse(stage, "report", "new", "--answers", "-", stdin=raw)
    finally:
        stage.more = {}
    assert not home.exists()


@pytest.mark.parametrize("missing", ["gate_serious", "gate_open_case", "report_kind"])
def test_unanswered_gate_keeps_nothing(stage: Stage, missing: str) -> None:
    before = files_of(stage)
    raw = json.dumps(first_answers(**{missing: None})).encode()
    sentence = refuse(stage, "report", "new", "--answers", "-", stdin=raw)
    assert missing in sentence
    assert "before anything is kept" in sentence
    assert files_of(stage) == before


def test_harm_that_is_light_passes(stage: Stage) -> None:
    raw = json.dumps(first_answers(actual_harm="2")).encode()
    done = stage.client("officer", "report", "new", "--answers", "-", stdin=raw)
    assert "is in the vault" in done.out
