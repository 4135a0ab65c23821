"""The card for proxy and certificates."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sync import network
from sync.inspection import note_issuer
from sync.network import Network, read_network
from tests.sync.servers import Authority
from tests.ui.accessibility import unnamed
from tests.ui.pages.officer import open_session
from ui.pages.settings_network import NetworkCard
from ui.session import Session


@pytest.fixture
def session(tmp_path: Path, qapp: QApplication) -> Iterator[Session]:
    with open_session(tmp_path) as found:
        yield found


@pytest.fixture
def card(session: Session, qtbot: QtBot) -> NetworkCard:
    made = NetworkCard(session)
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    made.read()
    return made


def test_what_is_written_is_kept_and_shown_again(
    card: NetworkCard, session: Session, tmp_path: Path
) -> None:
    bundle = Authority.make(tmp_path).bundle
    card._proxy.setText(" socks5h://127.0.0.1:9050/ ")
    card._bundle.setText(str(bundle))
    card._save.click()
    assert read_network(session.home) == Network("socks5h://127.0.0.1:9050", str(bundle))
    card.read()
    assert card._proxy.text() == "socks5h://127.0.0.1:9050"


def test_what_cannot_be_used_is_said_at_its_line_and_not_kept(
    card: NetworkCard, session: Session
) -> None:
    card._proxy.setText("socks5://127.0.0.1:9050")
    card._bundle.setText("/nowhere/none.pem")
    card._save.click()
    assert "look names up by itself" in card._proxy_field.error()
    assert "PEM" in card._bundle_field.error()
    assert read_network(session.home) == Network()


def test_a_damaged_file_is_said_and_can_be_written_anew(
    card: NetworkCard, session: Session
) -> None:
    (session.home.folder / "network.json").write_bytes(b"nonsense")
    card.read()
    assert card._news.isVisible()
    card._save.click()
    assert read_network(session.home) == Network()


def test_what_the_administrator_set_is_shown_and_cannot_be_changed(
    card: NetworkCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed = tmp_path / "machine.json"
    fixed.write_bytes(Network("http://ours.example:3128").to_bytes())
    monkeypatch.setattr(network, "machine_file", lambda: fixed)
    card.read()
    assert card._proxy.text() == "http://ours.example:3128"
    assert not card._proxy.isEnabled()
    assert not card._save.isEnabled()


def test_an_authority_that_is_not_public_is_named(card: NetworkCard, session: Session) -> None:
    note_issuer(session.home, "Invented Agency")
    card.read()
    assert "Invented Agency" in card._news.accessibleDescription()
    note_issuer(session.home, "")
    card.read()
    assert not card._news.isVisible()


def test_every_control_has_a_name(card: NetworkCard) -> None:
    assert unnamed(card) == []
