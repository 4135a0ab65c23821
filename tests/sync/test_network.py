"""Network settings: what can be set, who may set it, and what is never guessed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import DamagedError, InputError
from app.paths import Home
from sync.network import Network, check_proxy, read_network, write_network
from sync.protocol.errors import MalformedError
from tests.sync.servers import Authority


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    return tmp_path / "machine.json"


@pytest.mark.parametrize(
    "text",
    ["http://proxy.example:3128", "socks5h://127.0.0.1:9050/", "http://[::1]:8080", "", "  "],
)
def test_a_usable_proxy_is_kept_as_it_is(text: str) -> None:
    assert check_proxy(text) == text.strip().rstrip("/")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("socks5://proxy.example:1080", "look names up by itself"),
        ("SOCKS4://proxy.example:1080", "look names up by itself"),
        ("http://proxy.example/wpad.dat", "PAC"),
        ("https://proxy.example/proxy.pac", "PAC"),
        ("http://me:secret@proxy.example:3128", "unencrypted"),
        ("https://proxy.example:3128", "HOST:PORT"),
        ("proxy.example:3128", "HOST:PORT"),
        ("http://proxy.example:0", "HOST:PORT"),
        ("http://proxy.example:70000", "HOST:PORT"),
        ("http://proxy.example:80\r\nX: y", "HOST:PORT"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        check_proxy(text)
    assert words in caught.value.sentence()
    assert "secret" not in caught.value.sentence()


@given(st.text())
def test_whatever_is_written_is_refused_or_can_be_read_again(text: str) -> None:
    try:
        proxy = check_proxy(text)
    except InputError:
        return
    assert Network.from_bytes(Network(proxy).to_bytes()) == Network(proxy)


@given(st.binary())
def test_any_file_is_read_or_refused_in_one_way(raw: bytes) -> None:
    with pytest.raises((MalformedError, InputError)):
        Network.from_bytes(raw)


def test_what_was_set_is_read_again_and_nothing_is_the_default(home: Home, machine: Path) -> None:
    assert read_network(home, machine) == Network()
    write_network(home, Network("socks5h://127.0.0.1:9050"), machine)
    assert read_network(home, machine) == Network("socks5h://127.0.0.1:9050")


def test_what_the_administrator_says_holds_and_cannot_be_changed(home: Home, machine: Path) -> None:
    write_network(home, Network("http://mine.example:1"), machine)
    machine.write_text('{"format":"nearmiss-network-1","proxy":"http://ours.example:3128"}')
    assert read_network(home, machine) == Network("http://ours.example:3128")
    with pytest.raises(InputError, match="administrator"):
        write_network(home, Network(), machine)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"format":"nearmiss-network-1","proxy":"socks5://a.example:1"}',
        b'{"format":"nearmiss-network-1","no_proxy":"*"}',
        b'{"format":"nearmiss-network-1","proxy":7}',
        b" " * 20_000,
    ],
)
def test_a_damaged_file_never_means_no_proxy(home: Home, machine: Path, content: bytes) -> None:
    home.folder.mkdir()
    (home.folder / "network.json").write_bytes(content)
    with pytest.raises(DamagedError, match="cannot be read"):
        read_network(home, machine)


def test_a_bundle_without_certificates_is_refused_when_it_is_set(
    home: Home, machine: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate")
    for path in (empty, tmp_path / "none.pem"):
        with pytest.raises(InputError, match="extra certificates"):
            write_network(home, Network("", str(path)), machine)
    bundle = Authority.make(tmp_path).bundle
    write_network(home, Network("", str(bundle)), machine)
    assert read_network(home, machine).ca_bundle == str(bundle)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8700", "https://localhost/x", "http://[::1]:9"])
def test_what_is_on_this_machine_needs_no_proxy(url: str) -> None:
    network = Network("http://proxy.example:3128")
    assert network.proxy_for(url) == ""
    assert network.proxy_for("https://service.example") == "http://proxy.example:3128"
