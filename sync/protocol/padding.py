"""Content of any length made one length, and strictly back.

padded = length of the content (4 bytes) | content | zeros
"""

from sync.protocol.errors import MalformedError, TooLargeError

PREFIX_LENGTH = 4


def pad(content: bytes, length: int) -> bytes:
    """The content with its length before it and zeros behind, `length` bytes in all.

    Raises TooLargeError if it does not fit.
    """
    if len(content) > length - PREFIX_LENGTH:
        raise TooLargeError(f"{len(content)} bytes do not fit into {length - PREFIX_LENGTH}")
    return (len(content).to_bytes(PREFIX_LENGTH, "big") + content).ljust(length, b"\0")


def unpad(padded: bytes) -> bytes:
    """The content. Raises MalformedError unless it is padded as `pad` does."""
    length = int.from_bytes(padded[:PREFIX_LENGTH], "big")
    content = padded[PREFIX_LENGTH : PREFIX_LENGTH + length]
    if (
        len(padded) < PREFIX_LENGTH
        or len(content) != length
        or any(padded[PREFIX_LENGTH + length :])
    ):
        raise MalformedError("the padding is not as it has to be")
    return content
