"""One report goes the whole way, over a service process and a process for each command."""

import json
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from resources.read import read_bytes
from tests.e2e.journey import Done, Stage, first_answers, leave_notices_out, run_whole

SYNOPSIS = "A pistol was found only when the driver sat in his car again."
NOTES = (
    *("Stop on Harlow", "2026-03-06 23:40", "1418 Harlow", "26-003318", "Whitlock", "Teller"),
    *("Ferraro", "Okafor", "Brandt"),
)
HELD_BACK = ("state", "event_month", "policy_state", "gate_serious", "gate_open_case", "bwc")


@dataclass
class Story:
    """What the commands printed on the way, by step."""

    stage: Stage
    draft: str = ""
    case: str = ""
    number: int = 0
    printed: dict[str, Done] = field(default_factory=dict)

    def row(self, step: str) -> dict[str, Any]:
        """The JSON line of a step."""
        return self.printed[step].row()


def write_and_send(story: Story) -> None:
    """The officer's part."""
    officer, printed = story.stage.client, story.printed
    answers = story.stage.give(
        "answers.json",
        first_answers(
            light={"special": "unknown"},
            bwc="on",
            equip_kind=["none"],
            equip_problem=None,
            officers_at_start={"special": "unknown"},
        ),
    )
    printed["new"] = officer("officer", "report", "new", "--answers", answers, "--json")
    story.draft = str(story.row("new")["id"])
    printed["list"] = officer("officer", "report", "list", "--json")
    printed["scrub"] = officer("officer", "report", "scrub", story.draft, "--json")
    printed["show"] = officer("officer", "report", "show", story.draft, "--json")
    approve = ("report", "approve", story.draft, "--mask-findings", "--json")
    printed["approve"] = officer("officer", *approve)
    printed["outbox"] = officer("officer", "outbox", "list", "--json")
    printed["early"] = officer("officer", "sync", "--json")
    printed["sync"] = officer("officer", "sync", "--now", "--json")
    printed["outbox after"] = officer("officer", "outbox", "list", "--json")
    printed["list after"] = officer("officer", "report", "list", "--json")
    printed["outbox at last"] = officer("officer", "outbox", "list", "--json")


def review_and_publish(story: Story) -> None:
    """The desk's part."""
    desk, printed = story.stage.desk, story.printed
    printed["pull"] = desk("pull", "--json")
    printed["pull again"] = desk("pull", "--json")
    story.case = str(desk("list", "--json").row()["id"])
    printed["case"] = desk("show", story.case, "--json")
    desk("code", story.case, "--set", "veh_speed=special:deidentified")
    story.stage.code_and_approve(story.case, SYNOPSIS)
    story.stage.release()
    printed["case after"] = desk("list", "--json")
    printed["upload"] = desk("upload", "--json")


@pytest.fixture(scope="module")
def story(stage: Stage) -> Story:
    story = Story(stage)
    stage.desk("import", "--format", "sample")
    stage.release()
    with stage.serving():
        stage.desk("upload")
        stage.client("officer", "archive", "update")
        write_and_send(story)
        review_and_publish(story)
        stage.connect("second")
        story.printed["update"] = stage.client("second", "archive", "update", "--json")
    found = stage.client("second", "archive", "search", SYNOPSIS, "--json")
    story.number = int(found.row()["number"])
    story.printed["record"] = stage.client("second", "archive", "show", str(story.number), "--json")
    return story


def test_draft_is_in_the_vault_until_it_is_received(story: Story) -> None:
    assert story.row("list")["id"] == story.draft
    assert story.row("list")["state"] == "writing"
    assert story.row("outbox")["state"] == "queued"
    assert story.row("early")["left"] == 1  # its random time has not come
    assert (story.row("sync")["received"], story.row("sync")["left"]) == (1, 0)
    assert story.row("outbox after")["state"] == "received"
    assert story.printed["list after"].out == ""
    assert story.printed["outbox at last"].out == ""


def test_receipt_has_seven_words(story: Story) -> None:
    assert len(story.row("approve")["receipt"]) == 7


def test_every_name_of_the_private_notes_was_found(story: Story) -> None:
    found = {str(row["text"]) for row in story.printed["scrub"].rows()}
    for name in ("Whitlock", "Teller", "Ferraro", "Okafor", "Brandt", "26-003318"):
        assert any(name in text for text in found), name


def test_case_holds_what_was_shown_and_nothing_else(story: Story) -> None:
    shown, case = story.row("show"), story.row("case")
    assert case["sent"]["texts"] == shown["leaves"]["texts"]
    codes = case["sent"]["codes"]
    assert codes == shown["leaves"]["codes"]
    not_asked = {name for name, value in codes.items() if value == {"special": "not_asked"}}
    assert not_asked == {"equip_problem", "equip_make"}
    assert shown["private"]["local_case_number"] == "26-003318"
    assert not any(name.startswith("local_") for name in (*codes, *case["sent"]["texts"]))


@pytest.mark.parametrize("step", ["case", "record"])
def test_nothing_of_the_private_notes_left(story: Story, step: str) -> None:
    printed = json.dumps(story.row(step), ensure_ascii=False)
    assert [note for note in NOTES if note in printed] == []


def test_repeated_pull_brings_nothing_twice(story: Story) -> None:
    nothing = dict.fromkeys(story.row("pull"), 0)
    assert story.row("pull") == {**nothing, "opened": 1}
    assert story.row("pull again") == nothing
    assert story.row("case after")["state"] == "published"


def test_what_must_not_be_published_yet_is_not_in_the_record(story: Story) -> None:
    sent, record = story.row("case")["sent"]["codes"], story.row("record")
    assert [name for name in HELD_BACK if name not in sent] == []
    assert [name for name in HELD_BACK if name in record["codes"]] == []
    assert [name for name in ("screen1", "deid_second", "deid_checklist") if name in record] == []
    assert record["texts"]["synopsis"] == SYNOPSIS


def test_special_values_stay_apart_to_the_archive(story: Story) -> None:
    sent, record = story.row("case")["sent"]["codes"], story.row("record")["codes"]
    for codes in (sent, record):
        assert codes["sleep_24h"] == {"special": "declined"}
        assert codes["light"] == {"special": "unknown"}
        assert codes["equip_problem"] == {"special": "not_asked"}
    assert sent["veh_speed"] == "stopped"
    assert record["veh_speed"] == {"special": "deidentified"}


@pytest.mark.parametrize(
    ("condition", "is_found"),
    [
        ("sleep_24h=special:declined", True),
        ("sleep_24h=special:unknown", False),
        ("light=special:unknown", True),
        ("light=special:declined", False),
        ("equip_problem=special:not_asked", True),
        ("veh_speed=special:deidentified", True),
        ("veh_speed=stopped", False),
        ("hazard=gunfire", True),
    ],
)
def test_special_values_can_be_asked_for(story: Story, condition: str, is_found: bool) -> None:
    words = ("archive", "search", SYNOPSIS, "--where", condition, "--json")
    numbers = [row["number"] for row in story.stage.client("second", *words).rows()]
    assert numbers == ([story.number] if is_found else [])


def test_second_client_has_the_whole_archive_offline(story: Story) -> None:
    assert story.row("update")["state"] == "new"
    assert story.row("update")["operations"] == 16
    found = story.stage.client("second", "archive", "search", "", "--limit", "50", "--json").rows()
    assert len({row["number"] for row in found}) == 16


def test_stick_brings_the_same_archive_with_the_service_down(story: Story, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    shutil.copytree(story.stage.service_folder / "feed", stick)
    story.stage.connect("third")
    refused = story.stage.try_client("third", "archive", "update")
    assert refused.code == 1
    assert "cannot be reached" in refused.err
    row = story.stage.client("third", "archive", "import", str(stick), "--json").row()
    assert (row["state"], row["operations"]) == ("new", 16)
    shown = story.stage.client("third", "archive", "show", str(story.number), "--json")
    assert shown.row() == story.row("record")
    again = story.stage.client("third", "archive", "import", str(stick), "--json").row()
    assert (again["state"], again["operations"]) == ("nothing new", 0)


def test_report_for_statistics_only_is_never_published(story: Story) -> None:
    stage = story.stage
    answers = stage.give("answers.json", first_answers(consent_publish="statistics_only"))
    draft = stage.client("officer", "report", "new", "--answers", answers, "--json").row()["id"]
    stage.client("officer", "report", "approve", draft, "--mask-findings")
    with stage.serving():
        stage.client("officer", "sync", "--now")
        stage.desk("pull")
    cases = {row["id"]: row["state"] for row in stage.desk("list", "--json").rows()}
    (case,) = (each for each, state in cases.items() if state == "received")
    assert "statistics only" in stage.code_and_approve(case, "Counted and not published.")
    published = stage.desk("publish", "--json").row()  # the news about the other report alone
    assert (published["puts"], published["deletes"], published["letters"]) == (0, 0, 1)


def test_demonstration_goes_the_whole_way(tmp_path: Path) -> None:
    began = time.monotonic()
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    done = run_whole(environment, "demo", "--headless", str(tmp_path / "demo"))
    assert (done.code, leave_notices_out(done.err)) == (0, "")
    assert "The report went the whole way in" in done.out
    assert "There is no draft in this vault." in done.out
    number = done.out.rpartition("is number ")[2].split()[0]
    home = {**environment, "NEARMISS_HOME": str(tmp_path / "demo" / "second-officer")}
    record = json.loads(run_whole(home, "archive", "show", number, "--json").out)
    assert record["texts"]["lessons"]
    assert [note for note in NOTES if note in json.dumps(record)] == []
    first = json.loads(read_bytes("sample/first_report.json"))["answers"]
    assert record["codes"]["hazard"] == first["hazard"]
    print(f"demonstration: {time.monotonic() - began:.1f} s")
