"""What all stores over one open file have in common: giving it back."""

from types import TracebackType
from typing import Self

from app.store.engine import StoreFile


class OpenStore:
    """An open file; leaving a `with` block closes it."""

    def __init__(self, file: StoreFile) -> None:
        self.file = file

    def close(self) -> None:
        """Give the file back."""
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
