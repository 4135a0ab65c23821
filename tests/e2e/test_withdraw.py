"""A report is taken back after it has left, over real processes, and nothing brings it back."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.journey import Done, Stage
from tests.e2e.refusals import refuse
from tests.e2e.test_mail import report

SYNOPSIS = "A pistol was found only when the driver sat in his car again."


@dataclass
class Story:
    """What the commands printed, by step."""

    stage: Stage
    printed: dict[str, Done] = field(default_factory=dict)
    carried: list[str] = field(default_factory=list)

    def row(self, step: str) -> dict[str, Any]:
        """The JSON line of a step."""
        return self.printed[step].row()


@pytest.fixture(scope="module")
def story(quick_stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Story:
    stage, stick = quick_stage, tmp_path_factory.mktemp("stick")
    story = Story(stage)
    printed = story.printed
    with stage.serving():
        stage.desk("upload")
        _withdraw_before_anybody_reads(story, stick)
        _withdraw_what_is_published(story)
        printed["status"] = stage.service("status", "--dir", str(stage.service_folder))
    return story


def _withdraw_before_anybody_reads(story: Story, stick: Path) -> None:
    stage, printed = story.stage, story.printed
    words = report(stage, "officer", "Stop on Harlow")
    printed["too early"] = stage.try_client("officer", "withdraw", "--yes", stdin=words)
    printed["no answer"] = stage.try_client("officer", "withdraw", stdin=words)
    carried = stage.client("officer", "carry", "out", str(stick), "--json").rows()
    story.carried = [row["file"] for row in carried]
    stage.client("officer", "sync", "--now")
    ask = ("withdraw", "--yes", "--json")
    printed["queued"] = stage.client("officer", *ask, stdin=words)
    printed["waits"] = stage.client("officer", "outbox", "list", "--json")
    printed["sent"] = stage.client("officer", "sync", "--now", "--json")
    printed["over"] = stage.client("officer", "outbox", "list", "--json")
    printed["again"] = stage.client("officer", *ask, "--now", stdin=words)
    printed["late copy"] = stage.client("officer", "carry", "send", *story.carried, "--json")
    printed["pull nothing"] = stage.desk("pull", "--json")


def _withdraw_what_is_published(story: Story) -> None:
    stage, printed = story.stage, story.printed
    words = report(stage, "officer", "Ladder at the warehouse", "--keep-words")
    report(stage, "officer", "Stays in the archive")
    stage.client("officer", "sync", "--now")
    stage.desk("pull")
    for row in stage.desk("list", "--json").rows():
        stage.code_and_approve(str(row["id"]), SYNOPSIS)
    stage.release()
    stage.desk("upload")
    stage.connect("abroad")  # another machine, without a vault
    stage.client("abroad", "archive", "update")
    search = ("archive", "search", "pistol", "--json")
    printed["published"] = stage.client("abroad", *search)
    printed["no vault"] = stage.try_client("abroad", "withdraw", "--yes", stdin=words)
    ask = ("withdraw", "--now", "--yes", "--json")
    printed["abroad"] = stage.client("abroad", *ask, stdin=words)
    printed["pull"] = stage.desk("pull", "--json")
    printed["pull again"] = stage.desk("pull", "--json")
    printed["cases"] = stage.desk("list", "--json")
    printed["publish"] = stage.desk("publish", "--json")
    stage.desk("cosign", "--yes")
    stage.desk("upload")
    stage.client("abroad", "archive", "update")
    printed["dropped"] = stage.client("abroad", *search)


def withdrawals(done: Done) -> list[str]:
    """The states of the withdrawals in a list of the outbox."""
    return [row["state"] for row in done.rows() if row.get("kind") == "withdrawal"]


def test_what_still_waits_is_taken_back_instead(story: Story) -> None:
    assert story.printed["too early"].code == 1
    assert "outbox take-back" in story.printed["too early"].err


def test_nothing_is_withdrawn_without_a_word_of_the_person(story: Story) -> None:
    assert story.printed["no answer"].code == 1


def test_it_waits_like_a_report_and_is_signed_for(story: Story) -> None:
    assert story.row("queued") == {"state": "waiting"}
    assert withdrawals(story.printed["waits"]) == ["waiting"]
    assert (story.row("sent")["withdrawn"], story.row("sent")["withdrawals_left"]) == (1, 0)
    assert withdrawals(story.printed["over"]) == ["withdrawn"]
    assert story.row("again") == {"state": "withdrawn"}


def test_a_copy_that_comes_later_brings_nothing_back(story: Story) -> None:
    assert len(story.printed["late copy"].rows()) == len(story.carried) == 1
    pulled = story.row("pull nothing")
    assert (pulled["opened"], pulled["unreadable"], pulled["withdrawn"]) == (0, 0, 0)


def test_a_published_one_leaves_the_desk_and_every_archive(story: Story) -> None:
    assert len(story.printed["published"].rows()) == 2
    assert story.printed["no vault"].code == 1
    assert story.row("abroad") == {"state": "withdrawn"}
    pulled = story.row("pull")
    assert (pulled["withdrawn"], pulled["retracted"]) == (1, 1)
    assert story.row("pull again")["withdrawn"] == 0
    states = sorted(row["state"] for row in story.printed["cases"].rows())
    assert states == ["published", "withdrawn"]
    assert (story.row("publish")["puts"], story.row("publish")["deletes"]) == (0, 1)
    assert len(story.printed["dropped"].rows()) == 1
    assert "withdrawn  2" in story.printed["status"].out.splitlines()


def test_words_that_belong_to_nothing_there_withdraw_nothing(story: Story) -> None:
    stage = story.stage
    with stage.serving():
        unsent = report(stage, "officer", "Stays here")
        ask = ("withdraw", "--now", "--yes", "--json")
        assert stage.client("abroad", *ask, stdin=unsent).row() == {"state": "absent"}


@pytest.mark.parametrize("words", [b"", b"one two three", b"\xff" * 20])
def test_words_that_are_none_are_refused(story: Story, words: bytes) -> None:
    assert "not the words of a receipt" in refuse(story.stage, "withdraw", "--yes", stdin=words)


def test_words_on_the_command_line_are_refused_without_being_repeated(story: Story) -> None:
    sentence = refuse(story.stage, "withdraw", "abacus", "zoom")
    assert "not taken from the command line" in sentence
    assert "abacus" not in sentence
