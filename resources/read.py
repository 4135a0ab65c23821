"""The one place that reads packaged files. Names are relative, with "/" between the parts."""

from pathlib import Path

# Not importlib.resources: the package is never zipped, and the window starts 3 ms sooner.
_ROOT = Path(__file__).parent


def read_bytes(name: str) -> bytes:
    """The content of a packaged file, such as "form/report.json".

    Raises FileNotFoundError if there is none, ValueError if the name leads out of the package.
    """
    return _find(name).read_bytes()


def list_names(folder: str) -> tuple[str, ...]:
    """The names of the files directly in a packaged folder, sorted, without the folder."""
    return tuple(sorted(each.name for each in _find(folder).iterdir() if each.is_file()))


def read_form_files(language: str = "en") -> tuple[bytes, dict[str, bytes], bytes]:
    """Structure, code lists by name, and labels: what `load_form` takes, in its order."""
    lists = {
        name.removesuffix(".json"): read_bytes(f"lists/{name}")
        for name in list_names("lists")
        if name.endswith(".json")
    }
    return read_bytes("form/report.json"), lists, read_bytes(f"form/labels.{language}.json")


def _find(name: str) -> Path:
    parts = name.split("/")
    if any(part in {"", ".", ".."} or "\\" in part for part in parts):
        raise ValueError("a packaged file is named by a relative path")
    return _ROOT.joinpath(*parts)
