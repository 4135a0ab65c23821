"""A defect of this program, told by a code that holds nothing of a report. Without Qt."""

import traceback
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]


def name_defect(error: BaseException) -> str:
    """The short code: kind of exception, module and line, such as "KeyError-outbox-41".

    The exception's own text is left out: it could hold an answer or a path.
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_ROOT)]
    place = own[-1] if own else frames[-1] if frames else None
    where = f"{Path(place.filename).stem}-{place.lineno}" if place else "nowhere"
    return f"{type(error).__name__}-{where}"


def describe_defect(error: BaseException) -> str:
    """A sentence with a code that tells the developers where, and holds nothing of a report."""
    return (
        f"Something went wrong that should not have. What was saved is still there. "
        f"Please report this code: {name_defect(error)}"
    )


def trace_defect(error: BaseException) -> str:
    """Which functions led to it, one a line: file names without folders, lines, no values."""
    steps = (
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    )
    return "\n".join((name_defect(error), *steps))
