"""Intake and issuer as processes of their own: neither answers for the other."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.service.issuing import Officer, make_cards
from tests.service.running import SEALED, RunningService, make_body, run_command

REPORT = f"/v1/reports/{'0' * 32}"


def test_two_processes_do_together_what_one_does(
    service_folder: Path, tmp_path: Path, start: Callable[..., RunningService]
) -> None:
    (card,) = make_cards(service_folder, 1)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (service_folder / "issuer").rename(elsewhere / "issuer")  # intake's host has none of it
    issuer = start(elsewhere, "--part", "issuer")
    intake = start(service_folder, "--part", "intake")
    assert issuer.ask("PUT", REPORT, make_body(), SEALED).status == 404
    assert intake.ask("POST", "/v1/issuer/tokens", b"").status == 404
    officer = Officer(intake)
    officer.running = intake
    asker = Officer(issuer, key=officer.key)
    shutil.copytree(service_folder / "issuer-keys", elsewhere / "issuer-keys")
    shutil.copy(service_folder / "service.public.json", elsewhere)
    assert asker.enrol(card).status == 200
    tokens = asker.finish(asker.ask())
    assert officer.submit("0" * 32, make_body(), tokens[0]).status == 201


def test_a_folder_of_before_there_was_an_issuer_serves_and_gets_one(
    service_folder: Path, start: Callable[..., RunningService]
) -> None:
    for name in ("issuer", "issuer-keys"):
        shutil.rmtree(service_folder / name)
    running = start(service_folder, "--accept-unverified")
    assert running.ask("PUT", REPORT, make_body(), SEALED).status == 201
    assert running.ask("POST", "/v1/issuer/tokens", b"").status == 404
    assert running.stop() == 0
    assert run_command("serve", service_folder, "--part", "issuer", "--port", "0").returncode == 1
    assert run_command("cards", "--count", "1", "--dir", service_folder).returncode == 1
    made = run_command("rotate-keys", "--dir", service_folder)
    assert made.returncode == 0, made.stderr
    again = start(service_folder)
    officer = Officer(again)
    assert officer.enrol(make_cards(service_folder, 1)[0]).status == 200
    assert officer.ask().status == 200


def test_a_key_made_while_the_service_runs_signs_and_is_taken(
    service_folder: Path, start: Callable[..., RunningService]
) -> None:
    running = start(service_folder)
    officer = Officer(running)
    officer.enrol(make_cards(service_folder, 1)[0])
    first = officer.finish(officer.ask())
    assert run_command("rotate-keys", "--dir", service_folder).returncode == 0
    assert officer.ask(again=True).status == 200
    assert officer.submit("1" * 32, make_body(), first[0]).status == 201
    assert run_command("rotate-keys", "--dir", service_folder).stdout.startswith("the keys of")
    # The key of the next quarter does not sign before its time.
    last = Officer(running)
    keys = sorted((service_folder / "issuer").glob("*.key"))
    assert len(keys) == 2
    assert last.issuer == officer.issuer
