"""A question goes to an officer and an answer comes back, over real processes."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.canary import find_words
from tests.e2e.journey import Done, Stage, first_answers
from tests.e2e.refusals import refuse

SYNOPSIS = "A pistol was found only when the driver sat in his car again."
QUESTION = "How far was the second officer from the car?\nAnd did the radio work?"
ANSWER = "About ten steps. The radio of Whitlock was silent."
USED = "The roll-call sheet on searches."


@dataclass
class Story:
    """What the commands printed, by step. words: of the receipt, as a person types them."""

    stage: Stage
    words: bytes = b""
    case: str = ""
    printed: dict[str, Done] = field(default_factory=dict)

    def row(self, step: str) -> dict[str, Any]:
        """The JSON line of a step."""
        return self.printed[step].row()

    def read(self, who: str, *more: str) -> Done:
        """Read mail by the words."""
        return self.stage.client(who, "mail", *more, stdin=self.words)


def report(stage: Stage, who: str, title: str, *more: str, mailbox: str = "yes") -> bytes:
    """Seal a report; returns the words of its receipt."""
    answers = stage.give("answers.json", first_answers(local_title=title, consent_mailbox=mailbox))
    draft = stage.client(who, "report", "new", "--answers", answers, "--json").row()["id"]
    approve = ("report", "approve", draft, "--mask-findings", "--json", *more)
    receipt = stage.client(who, *approve).row()["receipt"]
    return " ".join(receipt).encode()


@pytest.fixture(scope="module")
def story(quick_stage: Stage) -> Story:
    stage = quick_stage
    story = Story(stage)
    printed = story.printed
    with stage.serving():
        stage.desk("upload")
        story.words = report(stage, "officer", "Stop on Harlow", "--keep-words")
        printed["nothing yet"] = story.read("officer", "--json")
        stage.client("officer", "sync", "--now")
        stage.desk("pull")
        story.case = str(stage.desk("list", "--json").row()["id"])
        question = QUESTION.encode()
        printed["ask"] = stage.desk("ask", story.case, "--json", stdin=question)
        stage.desk("tell", story.case, "--news", "screened")
        printed["show asked"] = stage.desk("show", story.case, "--json")
        printed["publish mail"] = stage.desk("publish", "--json")
        printed["cosign mail"] = stage.try_client("desk", "desk", "cosign", "--yes", "--json")
        stage.desk("upload")
        stage.client("officer", "sync")
        printed["asked"] = story.read("officer", "--json")
        stage.connect("abroad")  # another machine, without a vault
        stage.client("abroad", "archive", "update")
        printed["asked abroad"] = story.read("abroad", "--json")
        printed["kept"] = stage.client("officer", "mail", "--kept", "--json")
        answer = ("mail", "--kept", "--answer", stage.give("answer.txt", ANSWER), "--turn", "1")
        printed["answer"] = stage.client("officer", *answer, "--mask-findings", "--json")
        printed["outbox"] = stage.client("officer", "outbox", "list", "--json")
        stage.client("officer", "sync", "--now")
        printed["pull"] = stage.desk("pull", "--json")
        printed["pull again"] = stage.desk("pull", "--json")
        printed["show answered"] = stage.desk("show", story.case, "--json")
        stage.code_and_approve(story.case, SYNOPSIS)
        stage.release()
        used = stage.give("used.txt", USED)
        stage.desk("tell", story.case, "--news", "used", "--text", used)
        stage.release()
        stage.desk("upload")
        stage.client("officer", "sync")
        printed["told"] = story.read("officer", "--json")
        printed["told in words"] = story.read("officer")
    return story


def letters(done: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = done["letters"]
    return found


def test_mail_goes_out_alone_and_by_two_people(story: Story) -> None:
    assert story.row("publish mail") == {"sequence": 0, "puts": 0, "deletes": 0, "letters": 2}
    released = {"sequence": 0, "puts": 0, "deletes": 0, "letters": 2, "released": True}
    assert story.row("cosign mail") == released


def test_the_question_is_read_by_its_words_wherever_one_is(story: Story) -> None:
    assert letters(story.row("nothing yet")) == []
    question, news = letters(story.row("asked"))
    assert (question["kind"], question["turn"], question["text"]) == ("question", 1, QUESTION)
    assert (news["kind"], news["news"], news["number"]) == ("news", "screened", None)
    assert len(question["month"]) == len("2026-01")
    assert story.row("asked abroad") == story.row("asked")


def test_kept_words_read_the_same_without_being_typed(story: Story) -> None:
    kept = story.row("kept")
    assert kept.pop("title") == "Stop on Harlow"
    assert kept == story.row("asked")


def test_the_answer_is_masked_and_waits_like_a_report(story: Story) -> None:
    assert "Whitlock" not in story.row("answer")["leaves"]
    assert "[NAME-1]" in story.row("answer")["leaves"]
    waiting = [row for row in story.printed["outbox"].rows() if row["state"] == "queued"]
    assert len(waiting) == 1


def test_the_answer_comes_to_its_case_once(story: Story) -> None:
    nothing = dict.fromkeys(story.row("pull"), 0)
    assert story.row("pull") == {**nothing, "answers": 1}
    assert story.row("pull again") == nothing
    asked, answered = (letters(story.row(f"show {step}")) for step in ("asked", "answered"))
    assert [each["is_published"] for each in asked] == [False, False]
    assert [each["is_published"] for each in answered] == [True, True]
    (answer,) = answered[0]["answers"]
    assert answer["text"] == story.row("answer")["leaves"]
    assert answered[1]["answers"] == []


def test_publication_is_told_by_itself_and_use_by_a_word(story: Story) -> None:
    told = letters(story.row("told"))
    assert [each["turn"] for each in told] == [1, 2, 3, 4]
    published, used = told[2:]
    assert (published["news"], used["news"]) == ("published", "used")
    assert published["number"] == used["number"] > 10_000
    assert used["text"] == USED
    assert f"published as number {published['number']}" in story.printed["told in words"].out


def test_a_stick_brings_mail_too(story: Story, tmp_path: Path) -> None:
    stick = Path(shutil.copytree(story.stage.service_folder / "feed", tmp_path / "stick"))
    story.stage.connect("offline")
    story.stage.client("offline", "archive", "import", str(stick))
    assert story.read("offline", "--json").row() == story.row("told")


def test_words_of_another_report_read_and_answer_nothing(story: Story) -> None:
    stage = story.stage
    other = report(stage, "officer", "Another")
    found = stage.client("officer", "mail", "--json", stdin=other).row()
    assert letters(found) == []
    answer = ("mail", "--answer", stage.give("answer.txt", ANSWER), "--mask-findings")
    assert "no such question" in refuse(stage, *answer, stdin=other)


def test_who_wants_no_questions_cannot_be_asked(story: Story) -> None:
    stage = story.stage
    with stage.serving():
        report(stage, "officer", "Leave me alone", mailbox="no")
        stage.client("officer", "sync", "--now")
        stage.desk("pull")
    cases = {
        str(row["id"]): stage.desk("show", str(row["id"]), "--json").row()
        for row in stage.desk("list", "--json").rows()
    }
    (silent,) = (
        case for case, shown in cases.items() if shown["sent"]["codes"]["consent_mailbox"] == "no"
    )
    done = stage.try_client("desk", "desk", "ask", silent, stdin=b"Why?")
    assert (done.code, "wants no questions" in done.err) == (1, True)


@pytest.mark.parametrize("words", [b"", b"one two three", b"abacus " * 6 + b"zzzz", b"\xff" * 20])
def test_words_that_are_none_are_refused_without_being_repeated(story: Story, words: bytes) -> None:
    sentence = refuse(story.stage, "mail", stdin=words)
    assert "not the words of a receipt" in sentence
    assert "zzzz" not in sentence


def test_words_on_the_command_line_are_refused_without_being_repeated(story: Story) -> None:
    words = story.words.decode().split()
    sentence = refuse(story.stage, "mail", *words)
    assert "not taken from the command line" in sentence
    assert [word for word in words if word in sentence] == []


def test_no_words_and_no_text_of_mail_lie_open_anywhere(story: Story) -> None:
    folders = [story.stage.home("officer"), story.stage.service_folder, story.stage.folder / "tmp"]
    found = find_words(folders, [story.words.decode(), "second officer from the car", "ten steps"])
    assert found == {}
