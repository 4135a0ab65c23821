"""The library that runs the model writes no file, opens no connection, and cannot report."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRUB = """
import socket, sys
opened = []
sys.addaudithook(lambda event, _: opened.append(event) if event.startswith("socket.") else None)
from ui.cli.parts import build_scrubber
result = build_scrubber().scrub({"story": "Ofc. Renner fell near the Walmart."})
assert not result.doubts
assert not opened, opened
links = []
if sys.platform == "linux":
    import os
    paths = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
    links = [os.readlink(path) for path in paths if os.path.lexists(path)]
assert not any(link.startswith("socket:") for link in links), links
"""


def test_scrubbing_leaves_no_file_and_opens_no_socket(tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    names = ("TMPDIR", "TEMP", "TMP")
    subprocess.run(
        [sys.executable, "-c", SCRUB],
        cwd=ROOT,
        env={**os.environ, **dict.fromkeys(names, str(folder)), "HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        check=True,
    )
    assert list(folder.iterdir()) == []


def test_the_library_holds_no_telemetry_client() -> None:
    spec = find_spec("onnxruntime")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0]) / "capi"
    libraries = [path for path in folder.iterdir() if path.suffix in {".so", ".pyd", ".dylib"}]
    assert libraries
    for library in libraries:
        content = library.read_bytes()
        assert b"telemetry_1ds" not in content
        assert b"OneDsTelemetry" not in content
