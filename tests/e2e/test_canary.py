"""Words of the draft are in no file that client, desk or service wrote: not in a log, not in a
temporary folder, not in what the service printed.
"""

import base64
import json
import signal
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.canary import files_in, find_words
from tests.e2e.forks import CLIENT
from tests.e2e.journey import Stage, first_answers, leave_notices_out
from tests.e2e.killing import Kill, stamp

STORY = "wheelbarrow"
TITLE = "quastenflosser"
DECISION = "mondgesicht"
NOTE_TITLE = "herbstzeitlose"
CASE_NUMBER = "77-KX-440219"
PLACE = "Krummholzgasse"
PEOPLE = ("Radegund Blauvogel", "Thaddeus Quillfeather")
SURNAMES = ("Blauvogel", "Quillfeather", "Radegund", "Thaddeus")
PASSPHRASE = "kesselflicker-und-morgenrot"
SYNOPSIS = "tintenklecks"
TEXT = (
    f"A {STORY} stood at the door when Officer Blauvogel came. Thaddeus Quillfeather had a knife "
    f"behind his back, and Blauvogel saw it only when he turned at {PLACE} 14. We stepped back, "
    "called for help and nobody was hurt. Quillfeather put the knife down after ten minutes."
)


@dataclass
class Trail:
    """The whole way, and what was learned on it."""

    stage: Stage
    receipt: tuple[str, ...]
    case: str
    shown: str

    @property
    def folders(self) -> list[Path]:
        """Everything that programs of ours wrote by themselves."""
        return [self.stage.folder / "homes", self.stage.service_folder, self.stage.folder / "tmp"]


@pytest.fixture(scope="module")
def trail(empty_stage: Stage) -> Trail:
    """An officer goes the whole way; a second one has left a draft, and a wrong passphrase."""
    stage = empty_stage
    stage.give("passphrase", PASSPHRASE)
    stage.found_service_and_desk()
    for who in ("officer", "second"):
        stage.connect(who)
    answers = first_answers(
        title=f"The {TITLE} at the door",
        what_happened=TEXT,
        decisions=f"I thought of the {DECISION} first.",
        local_title=f"About {NOTE_TITLE}",
        local_exact_place=f"{PLACE} 14",
        local_case_number=CASE_NUMBER,
        local_people=list(PEOPLE),
    )
    given = stage.give("answers.json", answers)
    with stage.serving():
        stage.desk("upload")
        for who in ("officer", "second"):
            stage.client(who, "archive", "update")
            stage.client(who, "vault", "create")
            draft = stage.client(who, "report", "new", "--answers", given, "--json").row()["id"]
            stage.client(who, "report", "scrub", draft)
        stage.client("officer", "report", "show", _draft(stage))
        approve = ("report", "approve", _draft(stage), "--mask-findings", "--json")
        receipt = tuple(stage.client("officer", *approve).row()["receipt"])
        stage.client("officer", "sync", "--now")
        stage.desk("pull")
        case = str(stage.desk("list", "--json").row()["id"])
        shown = stage.desk("show", case).out
        stage.code_and_approve(case, f"A {SYNOPSIS} at a door.")
        stage.release()
        stage.desk("upload")
        stage.client("second", "archive", "update")
        stage.give("passphrase", "not the right one")
        assert stage.try_client("second", "report", "list").code == 1
        stage.give("passphrase", PASSPHRASE)
        assert stage.client("officer", "report", "list", "--json").out == ""
        _kill_while_sealing(stage)
        found = stage.client("second", "archive", "search", STORY, "--json").out
        assert STORY in found, "the story has to have gone the whole way"
    return Trail(stage, receipt, case, shown)


def _kill_while_sealing(stage: Stage) -> None:
    """What a crash leaves behind is looked through too."""
    draft = str(stage.client("second", "report", "list", "--json").row()["id"])
    folder = stage.home("second") / "vaults" / "first"
    before = stamp(folder)
    started = stage.start(CLIENT, "second", "report", "approve", draft, "--mask-findings")
    Kill(0, is_armed=True).wait(folder, before)
    assert stage.end(started, kill=True).code == -signal.SIGKILL
    assert stamp(folder) != (), "a log with the last changes is left"


def _draft(stage: Stage) -> str:
    return str(stage.client("officer", "report", "list", "--json").row()["id"])


def test_no_word_of_it_lies_in_any_file(trail: Trail) -> None:
    words = [STORY, TITLE, DECISION, NOTE_TITLE, CASE_NUMBER, PLACE, *SURNAMES, PASSPHRASE]
    words += [SYNOPSIS, " ".join(trail.receipt), "-".join(trail.receipt)]
    assert len(list(files_in(trail.folders))) > 60
    assert find_words(trail.folders, words) == {}


def test_no_two_words_of_the_receipt_lie_side_by_side(trail: Trail) -> None:
    pairs = zip(trail.receipt, trail.receipt[1:], strict=False)
    words = [sign.join(pair) for pair in pairs for sign in (" ", "-", '", "', '","', "\n")]
    assert find_words(trail.folders, words) == {}


def test_nothing_is_left_in_the_temporary_folder(trail: Trail) -> None:
    assert list(files_in([trail.stage.folder / "tmp"])) == []


def test_service_printed_its_address_and_nothing_else(trail: Trail) -> None:
    (serving,) = (trail.stage.folder / "output").glob("*-serve.out")
    assert serving.read_text("utf-8") == f"listening on {trail.stage.url}\n"
    assert serving.with_suffix(".err").read_bytes() == b""


def test_nothing_on_stderr_tells_of_content(trail: Trail) -> None:
    words = [STORY, TITLE, DECISION, NOTE_TITLE, CASE_NUMBER, PLACE, *SURNAMES, PASSPHRASE]
    errors = {
        leave_notices_out(path.read_text("utf-8"))
        for path in (trail.stage.folder / "output").glob("*.err")
    }
    assert len(errors) == 2  # none, and the wrong passphrase
    for text in errors:
        assert [word for word in words if word in text] == []
        assert str(trail.stage.folder) not in text


def test_names_that_were_masked_are_not_in_the_case(trail: Trail) -> None:
    shown = trail.stage.desk("show", trail.case, "--json").row()
    texts = shown["sent"]["texts"]
    assert STORY in texts["what_happened"]
    assert TITLE in texts["title"]
    assert DECISION in texts["decisions"]
    for content in (trail.shown, json.dumps(shown, ensure_ascii=False)):
        assert not any(name in content for name in (*SURNAMES, CASE_NUMBER, PLACE, NOTE_TITLE))


@pytest.mark.parametrize(
    "left_behind",
    [
        STORY.encode(),
        STORY.upper().encode(),
        STORY.encode("utf-16"),
        base64.b64encode(b"x" + STORY.encode() + b"y"),
        base64.b64encode(b"xy" + STORY.encode()),
        base64.b64encode(STORY.encode()),
        STORY.encode().hex().encode(),
        zlib.compress(STORY.encode()),
    ],
)
def test_a_word_left_behind_would_be_found(tmp_path: Path, left_behind: bytes) -> None:
    hidden = tmp_path / "deep" / ".hidden"
    hidden.mkdir(parents=True)
    (hidden / "cache.bin").write_bytes(left_behind + b"\0" * 4096)
    assert find_words([tmp_path], [STORY, TITLE]) == {STORY: [str(hidden / "cache.bin")]}


def test_a_word_in_the_name_of_a_file_would_be_found(tmp_path: Path) -> None:
    (tmp_path / f"{STORY}.txt").write_bytes(b"")
    assert list(find_words([tmp_path], [STORY])) == [STORY]
