"""nearmiss network and nearmiss carry, as they are typed."""

import json
from pathlib import Path

import pytest

from app.paths import Home
from sync.inspection import note_issuer
from sync.network import Network, read_network
from tests.sync.servers import Authority
from ui.cli.main import main


def test_settings_are_set_shown_and_cleared(
    own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = Authority.make(tmp_path).bundle
    assert main(["network", "set", "--proxy", "socks5h://127.0.0.1:9050"]) == 0
    assert main(["network", "set", "--ca-bundle", str(bundle)]) == 0
    assert read_network(own_home) == Network("socks5h://127.0.0.1:9050", str(bundle))
    capsys.readouterr()
    assert main(["network", "show", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["proxy"] == "socks5h://127.0.0.1:9050"
    assert shown["private_issuer"] == ""
    assert main(["network", "set", "--no-ca-bundle"]) == 0
    assert read_network(own_home).ca_bundle == ""
    assert main(["network", "clear"]) == 0
    assert read_network(own_home) == Network()


def test_an_authority_that_is_not_public_is_told_and_cannot_steer_the_terminal(
    own_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    note_issuer(own_home, "Agency\x1b[2J")
    assert main(["network", "show"]) == 0
    printed = capsys.readouterr().out
    assert "no public authority" in printed
    assert "\x1b" not in printed


@pytest.mark.parametrize(
    "arguments",
    [[], ["--proxy", "socks5://127.0.0.1:1"], ["--ca-bundle", "/nowhere.pem"]],
    ids=["nothing", "socks5", "no file"],
)
def test_what_cannot_be_set_changes_nothing(
    own_home: Home, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["network", "set", *arguments]) == 1
    assert read_network(own_home) == Network()
    assert capsys.readouterr().err.startswith("nearmiss: ")


def test_a_damaged_file_can_be_cleared(own_home: Home) -> None:
    (own_home.folder / "network.json").write_bytes(b"nonsense")
    assert main(["network", "show"]) == 1
    assert main(["network", "clear"]) == 0
    assert main(["network", "show"]) == 0


def test_carry_send_names_each_file_that_fails_and_goes_on(
    own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.json").write_bytes(b"{}")
    files = [str(tmp_path / "one.json"), str(tmp_path / "two.json")]
    assert main(["carry", "send", *files]) == 1
    said = capsys.readouterr().err
    assert "one.json: This is not a file of this kind" in said
    assert "two.json: There is no such file" in said


def test_carry_out_without_a_connection_says_so(
    own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["carry", "out", str(tmp_path)]) == 1
    assert "not connected" in capsys.readouterr().err
