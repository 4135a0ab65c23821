"""Build what is handed out: `python build/make.py bundle deb`, or `package-test`.

    bundle         the program with its Python and Qt, in out/bundle/nearmiss
    deb            a Debian package of that bundle, in out/dist (makes the bundle if missing)
    package-test   the Debian package installed, used and removed on a clean Debian (needs root)

Everything is written under out/.
"""

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "build" / "packaging")]

from build_steps import BuildError, timed  # noqa: E402
from bundle import BUNDLE, make_bundle  # noqa: E402
from clean_debian import run_package_test  # noqa: E402
from debian_package import make_package, package_file  # noqa: E402


def main(words: list[str]) -> int:
    """Do what the words name, in their order; returns the exit code."""
    commands: dict[str, Callable[[], None]] = {
        "bundle": make_bundle,
        "deb": _make_package,
        "package-test": _test_package,
    }
    if not words or not set(words) <= set(commands):
        print(f"usage: python build/make.py {' | '.join(commands)}", file=sys.stderr)
        return 2
    try:
        for word in words:
            with timed(word):
                commands[word]()
    except BuildError as error:
        print(f"make: {error}", file=sys.stderr)
        return 1
    return 0


def _make_package() -> None:
    if not BUNDLE.exists():
        make_bundle()
    make_package()


def _test_package() -> None:
    if not package_file().exists():
        _make_package()
    run_package_test()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
