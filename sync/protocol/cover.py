"""A cover submission: something sealed that says nothing, so that an upload proves nothing.

From outside it is a report: an id by chance, the same size, a token. The flag is inside the
seal, where only the desk can read it; it drops the cover before there is a case.
"""

from sync.protocol import canonical
from sync.protocol.errors import MalformedError

FORMAT = "nearmiss-cover-1"


def cover_content() -> bytes:
    """The canonical bytes that are sealed: the same in every cover."""
    return canonical.encode({"format": FORMAT})


def is_cover(content: bytes) -> bool:
    """Whether what was inside a seal is a cover.

    Raises MalformedError if it is no message at all, or a cover that says something.
    """
    if canonical.decode(content).get("format") != FORMAT:
        return False
    if content != cover_content():
        raise MalformedError("a cover says nothing")
    return True
