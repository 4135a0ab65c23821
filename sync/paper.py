"""A socket of paper: what would have been sent is written down, and nothing is.

It stands where the client's own socket would, so that what is shown to a person is what the same
code sends.
"""


class WrittenDownError(Exception):
    """The request is complete; there is nobody to answer it."""


class Paper:
    """written: all bytes that were to be sent, inside of TLS where there is any."""

    def __init__(self) -> None:
        self.written = bytearray()

    def sendall(self, piece: bytes) -> None:
        """Write it down."""
        self.written += piece

    def settimeout(self, seconds: float | None) -> None:
        """There is nothing to wait for."""

    def makefile(self, *_mode: object) -> None:
        """Called when the answer is to be read."""
        raise WrittenDownError

    def shutdown(self, _how: int) -> None:
        """There is nothing to end."""

    def close(self) -> None:
        """There is nothing to end."""
