"""The package's copyright file: our licence, and the licence of everything that comes along.

The licences are read from the installed packages themselves, so that none is forgotten.
"""

import re
import sysconfig
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from build_steps import ROOT, BuildError, run

_LICENCE_NAME = re.compile(r"(?i)(licen[cs]e|copying|notice)")
_NOT_TEXT = frozenset({".py", ".pyc", ".pyi", ".so"})
_RULE = "-" * 78
# What a wheel carries without saying so in its own licence files.
_INSIDE_WHEELS = ROOT / "build" / "packaging" / "debian" / "inside-wheels.txt"
_ABOUT_QT = """\
Qt and PySide6 are used under the GNU Lesser General Public License, version 3, whose text is
in /usr/share/common-licenses/LGPL-3. They are shared libraries of their own, unchanged, in
/opt/leo-near-miss/_internal/PySide6 and _internal/shiboken6: you may put your own build of the
same version in their place. Their source is published by The Qt Company, code.qt.io."""


def write_notices(bundle: Path) -> str:
    """The text of the copyright file. Raises BuildError if a licence cannot be found."""
    parts = [
        "LEO Near Miss Desktop\n\nLicence: Apache-2.0, see /usr/share/common-licenses/Apache-2.0\n",
        (ROOT / "resources" / "NOTICE.md").read_text(encoding="utf-8"),
        *_fonts_and_icons(),
        "The program comes with the following works of others.",
        _section("Python", _python_licence()),
        *(_section(_title(each), _licence(each)) for each in sorted_distributions()),
        _INSIDE_WHEELS.read_text(encoding="utf-8"),
        *_system_libraries(bundle),
    ]
    return f"\n{_RULE}\n".join(part.strip() + "\n" for part in parts)


def sorted_distributions() -> list[metadata.Distribution]:
    """The installed packages that the program needs, directly or not, and the bundle's starter.

    Raises BuildError if one is not installed.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, metadata.Distribution] = {}
    waiting = [Requirement(each) for each in [*project["dependencies"], "pyinstaller"]]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name in found or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError as error:
            raise BuildError(f"{wanted.name} is not installed. Type: ./run setup") from error
        if name != "pyinstaller":  # its own needs stay at home
            waiting += [Requirement(each) for each in found[name].requires or []]
    return [found[name] for name in sorted(found)]


def _title(found: metadata.Distribution) -> str:
    licence = _named_licence(found).split("\n")[0]
    return f"{found.name} {found.version}" + (f" ({licence})" if licence else "")


def _licence(found: metadata.Distribution) -> str:
    if found.name.lower().startswith(("pyside6", "shiboken6")):
        return _ABOUT_QT
    texts = []
    for path in found.files or []:
        if _LICENCE_NAME.search(path.name) and path.suffix not in _NOT_TEXT:
            texts.append(Path(str(path.locate())).read_text(encoding="utf-8", errors="replace"))
    if not texts:
        texts = [_named_licence(found)]
    if not any(texts):
        raise BuildError(f"{found.name} names no licence. Look it up and add it.")
    return "\n".join(texts)


def _named_licence(found: metadata.Distribution) -> str:
    words = found.metadata
    for field in ("License-Expression", "License"):
        if field in words:
            return words[field]
    return ""


def _python_licence() -> str:
    for place in (Path(sysconfig.get_path("stdlib")), Path("/usr/share/doc/python3")):
        for name in ("LICENSE.txt", "copyright"):
            if (place / name).exists():
                return (place / name).read_text(encoding="utf-8")
    raise BuildError("The licence of this machine's Python was not found.")


def _fonts_and_icons() -> Iterator[str]:
    for path in sorted((ROOT / "resources").glob("*/LICENSE.txt")):
        yield _section(f"resources/{path.parent.name}", path.read_text(encoding="utf-8"))


def _system_libraries(bundle: Path) -> Iterator[str]:
    """Debian's copyright file of each library that was taken from this machine."""
    owners = set()
    for path in (bundle / "_internal").glob("lib*.so*"):
        if path.is_symlink() or path.name.startswith("libpython"):
            continue
        owners.add(run(["dpkg", "-S", f"*/{path.name}*"]).split(":")[0])
    for owner in sorted(owners):
        papers = Path("/usr/share/doc") / owner / "copyright"
        if papers.exists():
            text = papers.read_text(encoding="utf-8", errors="replace")
            yield _section(f"{owner} (Debian)", text)


def _section(title: str, text: str) -> str:
    return f"{title}\n\n{text.strip()}\n"
