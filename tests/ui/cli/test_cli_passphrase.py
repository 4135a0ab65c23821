"""The same passphrase, however it is handed over; and nobody to ask is said."""

import getpass
import sys
from pathlib import Path

import pytest

from app.errors import InputError
from ui.cli import passphrase


@pytest.mark.parametrize(
    "content",
    [
        b"seven lamps",
        b"seven lamps\n",
        b"seven lamps\r\nsecond line",
        b"\xef\xbb\xbfseven lamps\r\n",
    ],
)
def test_the_first_line_of_the_file_is_the_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (tmp_path / "file").write_bytes(content)
    monkeypatch.setenv(passphrase.ENVIRONMENT, str(tmp_path / "file"))
    assert passphrase.read_passphrase() == "seven lamps"


def test_an_odd_letter_does_not_cut_it_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes("seven\u2028lamps\x0c under\n".encode())
    monkeypatch.setenv(passphrase.ENVIRONMENT, str(tmp_path / "file"))
    assert passphrase.read_passphrase() == "seven\u2028lamps\x0c under"


def test_a_closed_input_is_nobody_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(passphrase.ENVIRONMENT, raising=False)
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="nobody to ask"):
        passphrase.read_passphrase()


def test_an_input_that_ends_at_the_prompt_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(_prompt: str) -> str:
        raise EOFError

    monkeypatch.delenv(passphrase.ENVIRONMENT, raising=False)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", end)
    with pytest.raises(InputError, match="No passphrase"):
        passphrase.read_passphrase()
