"""What a report's author is shown is what is sealed, and only for whom it was sealed."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from app.domain.answer_reading import parse_answers
from app.domain.answers import CoarseAnswers
from app.domain.form import FieldId
from app.domain.form_file import load_form
from app.domain.navigation import hidden_answers
from app.domain.report import Span
from app.paths import Home
from app.progress import Silent
from app.store.archive import ArchiveStore
from app.store.keys import Cost
from app.store.outbox import Outbox
from app.store.post import Post
from app.store.tables.archive import SIGNED_KEYS
from app.store.vault import Vault
from app.use_cases import keep_safe, write_report
from app.use_cases.write_report import DraftId, Drafts
from resources.read import read_bytes, read_form_files
from sync.archive_update import import_archive
from sync.connect import archive_key
from sync.decisions import begin, leave_in
from sync.desk.custody import make_rings
from sync.desk.folder import DeskFeed
from sync.desk.repository import create_repository
from sync.kept_decisions import name_originals
from sync.outgoing import Reviewed, review
from sync.protocol.connection import Connection
from sync.protocol.envelope import Envelope
from sync.protocol.keys import PublicKeyFile, Purpose, SealingKey
from sync.protocol.seal import unseal
from sync.scrub import Scrubber, ScrubResult
from sync.uploader import claim_post
from ui.cli.main import main
from ui.cli.parts import build_scrubber
from ui.cli.report import _print_leftovers

CHEAP = Cost(memory_kib=8_192, passes=1, lanes=1)
KEY = SealingKey.generate()
URL = "http://127.0.0.1:9"
TODAY = datetime.now(UTC)


def _key_of(tenant: str) -> PublicKeyFile:
    return PublicKeyFile(tenant, Purpose.RESEARCH, "2026-01", "2026-06", KEY.public_bytes())


def _trust(home: Home, tenant: str) -> None:
    """A connection to a team that has signed the key, and its archive, fetched once."""
    feed = DeskFeed(home.folder / "team" / tenant)
    root = create_repository(feed, make_rings(tenant), [_key_of(tenant)], TODAY)
    connection = Connection(tenant, "A team", URL, f"{URL}/feed", root, bytes(32))
    home.connection_file.write_bytes(connection.to_bytes())
    import_archive(home, connection, feed.released, TODAY, Silent(), allow_expired=False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    found = Home(tmp_path / "home")
    Vault.create(found.vault_folder("first"), "long enough", CHEAP).close()
    Post.open_or_create(found.vault_folder("first")).close()
    (tmp_path / "passphrase").write_text("long enough")
    monkeypatch.setenv("NEARMISS_HOME", str(found.folder))
    monkeypatch.setenv("NEARMISS_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    _trust(found, "a" * 32)
    return found


@pytest.fixture
def draft(home: Home, capsys: pytest.CaptureFixture[str]) -> str:
    """With an answer to a question that is no longer shown, and with a possible finding."""
    raw = json.loads(read_bytes("sample/first_report.json"))["answers"]
    raw["what_happened"] += " It was a Tuesday as always."
    raw["equip_make"] = "Hidden Makes Ltd"
    raw["equip_kind"] = ["none"]
    raw.pop("equip_problem")
    form = load_form(*read_form_files())[0]
    answers, _notes = parse_answers(form, raw)
    assert hidden_answers(form, answers)
    file = home.folder / "answers.json"
    file.write_text(json.dumps(raw))
    assert main(["report", "new", "--answers", str(file), "--json"]) == 0
    return str(json.loads(capsys.readouterr().out)["id"])


def test_what_is_shown_is_what_is_sealed(
    home: Home, draft: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "show", draft, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)["leaves"]
    assert main(["report", "approve", draft, "--mask-findings", "--json"]) == 0
    with keep_safe.open_post(home, "first") as post:
        outbox = Outbox(post)
        (row,) = outbox.submissions()
        body = outbox.body(row.report_id)
    envelope = Envelope.from_bytes(unseal(body, KEY, _key_of("a" * 32), row.report_id))
    assert shown == {"codes": dict(envelope.codes), "texts": dict(envelope.texts)}
    assert "Tuesday" not in json.dumps(shown)
    assert "Hidden Makes" not in json.dumps(shown)


def test_nothing_is_approved_or_sent_for_a_second_service_while_something_waits(
    home: Home, draft: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with keep_safe.open_post(home, "first") as post:
        claim_post(post, "b" * 32)
        Outbox(post).add(bytes(16), bytes(65_536), TODAY)
    assert main(["report", "approve", draft, "--mask-findings"]) == 1
    assert "for another service" in capsys.readouterr().err
    assert main(["sync", "--now", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["left"] == 1
    assert "for another service" in told["trouble"]
    with keep_safe.open_post(home, "first") as post:
        assert [row.tries for row in Outbox(post).submissions()] == [0]


def test_a_damaged_archive_does_not_stop_the_sync_that_would_renew_it(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    (archive,) = home.archive_folder.glob("*.db")
    archive.write_bytes(b"damaged" * 10_000)
    assert main(["sync", "--json"]) == 1
    assert "damaged" in json.loads(capsys.readouterr().out)["trouble"]
    assert main(["archive", "search", "x"]) == 1
    assert "empty" in capsys.readouterr().err


def test_without_a_vault_sync_only_fetches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = Home(tmp_path / "reader")
    reader.folder.mkdir()
    _trust(reader, "a" * 32)
    monkeypatch.setenv("NEARMISS_HOME", str(reader.folder))
    assert main(["sync", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["left"], "for another" in told["trouble"]) == (0, False)
    assert reader.vault_names() == ()
    assert main(["outbox", "list"]) == 1
    assert "no vault here" in capsys.readouterr().err


def test_a_key_that_nobody_signed_seals_nothing_and_does_not_stop_the_sync_that_mends_it(
    home: Home, draft: str, capsys: pytest.CaptureFixture[str]
) -> None:
    false = PublicKeyFile("a" * 32, Purpose.RESEARCH, "2026-01", "9999-12", KEY.public_bytes())
    (file,) = home.archive_folder.glob("*.db")
    connection = Connection.from_bytes(home.connection_file.read_bytes())
    with ArchiveStore.open_or_create(file, archive_key(connection)) as archive:
        row = {"purpose": false.purpose, "name": false.name, "content": false.to_bytes()}
        with archive.file.writing() as writing:
            writing.execute(insert(SIGNED_KEYS).values(row))
            writing.execute(insert(SIGNED_KEYS).values({**row, "purpose": "acknowledgement"}))
    assert main(["report", "approve", draft, "--mask-findings"]) == 1
    assert "not signed by the research team" in capsys.readouterr().err
    with keep_safe.open_post(home, "first") as post:
        assert Outbox(post).submissions() == ()
    assert main(["sync", "--json"]) == 1
    assert "not signed" in json.loads(capsys.readouterr().out)["trouble"]
    feed = home.folder / "team" / ("a" * 32) / "feed"
    assert main(["archive", "import", str(feed)]) == 0
    assert main(["report", "approve", draft, "--mask-findings"]) == 0


def test_a_doubt_is_printed_and_nothing_is_approved_before_it_was_read_in_full(
    home: Home,
    draft: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = Scrubber(build_scrubber().lexicon)
    monkeypatch.setattr("ui.cli.report.build_scrubber", lambda: rules)
    said = "The part that finds names is missing or damaged."
    assert main(["report", "scrub", draft]) == 0
    assert said in capsys.readouterr().err
    assert main(["report", "approve", draft, "--mask-findings"]) == 1
    refused = capsys.readouterr().err
    assert said in refused
    assert "--read-in-full" in refused
    assert main(["report", "approve", draft, "--mask-findings", "--read-in-full"]) == 0
    assert said in capsys.readouterr().err
    with keep_safe.open_post(home, "first") as post:
        assert len(Outbox(post).submissions()) == 1


def test_looking_at_a_draft_keeps_what_was_decided_about_it(
    home: Home, draft: str, capsys: pytest.CaptureFixture[str]
) -> None:
    story = FieldId("what_happened")
    with Vault.open(home.vault_folder("first"), "long enough") as vault:
        drafts = Drafts(vault)
        form = load_form(*read_form_files())[0]
        stored = write_report.load(drafts, form, DraftId(draft))
        answers = write_report.as_finished(form, stored.answers)
        reviewed = review(form, answers, stored.notes, build_scrubber())
        decisions = begin(reviewed)
        place = next(
            each
            for each, found in decisions.places()
            if each.field == story and "Tuesday" in decisions.text_at(each)
        )
        decisions = leave_in(decisions, place, "the lesson needs it")
        names = {str(field): found for field, found in decisions.findings.items()}
        drafts.save_decisions(DraftId(draft), names)
        drafts.save_scrub_map(DraftId(draft), name_originals(decisions))
        kept = drafts.decisions(DraftId(draft)), drafts.scrub_map(DraftId(draft))
    assert main(["report", "scrub", draft]) == 0
    said = capsys.readouterr().out
    assert "left in      'Tuesday'" in said
    assert "the lesson needs it" in said
    with Vault.open(home.vault_folder("first"), "long enough") as vault:
        drafts = Drafts(vault)
        assert (drafts.decisions(DraftId(draft)), drafts.scrub_map(DraftId(draft))) == kept


def test_what_nothing_explains_is_shown_too_and_then_something_was_found(
    capsys: pytest.CaptureFixture[str],
) -> None:
    story = FieldId("what_happened")
    coarse = CoarseAnswers(load_form(*read_form_files())[0])
    result = ScrubResult({story: ()}, {}, {story: (Span(4, 10),)})
    reviewed = Reviewed({story: "The Xyzzyq broke."}, {story: ()}, result, coarse)
    assert _print_leftovers(reviewed, as_json=False)
    assert "please look  'Xyzzyq'" in capsys.readouterr().out
    assert _print_leftovers(reviewed, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["text"], told["masked"], told["source"]) == ("Xyzzyq", False, "leftover")


def test_a_dry_run_holds_what_would_be_sealed_and_keeps_nothing_here(
    home: Home, draft: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "show", draft, "--json"]) == 0
    leaves = json.loads(capsys.readouterr().out)["leaves"]
    path = tmp_path / "counsel.txt"
    assert main(["report", "dry-run", draft, str(path)]) == 0
    assert "not encrypted" in capsys.readouterr().out
    text = path.read_text("utf-8")
    (line,) = (each for each in text.splitlines() if each.startswith('{"codes"'))
    sealed = json.loads(line)
    assert (sealed["codes"], sealed["texts"]) == (leaves["codes"], leaves["texts"])
    assert "The report is not approved." in text
    with keep_safe.open_post(home, "first") as post:
        assert Outbox(post).submissions() == ()


def test_the_dry_run_of_a_sealed_report_names_the_very_bytes_that_wait(
    home: Home, draft: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "approve", draft, "--mask-findings"]) == 0
    assert main(["report", "dry-run", draft, str(tmp_path / "late.txt")]) == 1
    assert not (tmp_path / "late.txt").exists()
    with keep_safe.open_post(home, "first") as post:
        outbox = Outbox(post)
        (row,) = outbox.submissions()
        body = outbox.body(row.report_id)
    path = tmp_path / "counsel.txt"
    name = row.report_id.hex()[:8]
    assert main(["outbox", "show", name, "--file", str(path)]) == 0
    text = path.read_text("utf-8")
    content = unseal(body, KEY, _key_of("a" * 32), row.report_id)
    assert content.decode() in text
    for each in (content, body):
        assert hashlib.sha256(each).hexdigest() in text
    assert f"PUT /v1/reports/{row.report_id.hex()} HTTP/1.1" in text
    assert "Whitlock" not in text


def test_the_next_requests_are_shown_without_a_passphrase(
    home: Home, draft: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "approve", draft, "--mask-findings", "--json"]) == 0
    monkeypatch.setenv("NEARMISS_PASSPHRASE_FILE", "/nowhere")
    capsys.readouterr()
    assert main(["outbox", "show"]) == 0
    text = capsys.readouterr().out
    assert "PUT /v1/reports/" in text
    assert "GET /feed/metadata/timestamp.json HTTP/1.1" in text
    assert "SHA-256" in text
    assert main(["outbox", "show", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["body_bytes"] for row in rows] == [65_536, 0]
    assert main(["outbox", "show", "ffff", "--file", "x"]) == 1
    assert main(["outbox", "show", "--file", "x"]) == 1


def test_the_notice_comes_before_the_story_and_numbers_after_the_seal(
    home: Home, draft: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "new", "--answers", str(home.folder / "answers.json")]) == 0
    assert "not privileged" in capsys.readouterr().err
    assert main(["report", "approve", draft, "--mask-findings"]) == 0
    assert "988" in capsys.readouterr().out
