"""The feed: static files that the desk has signed and anyone may read.

The service holds no key of it and understands none of it.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from service.answers import describe_part, describe_refusals
from service.files import TEMPORARY_PREFIX, remove_leftovers, write_whole

FILE_LIMIT = 64 * 1024 * 1024
_TOPS = frozenset({"metadata", "targets"})
_DEEPEST = 4
# No leading dot: no dot segments, no hidden and no half-written file can be named.
_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")
_PIECE = 256 * 1024
_WHOLE_SEGMENT = "[A-Za-z0-9_-]([A-Za-z0-9._-]{0,126}[A-Za-z0-9_-])?"
PATH_PATTERN = f"^(metadata|targets)(/{_WHOLE_SEGMENT}){{1,{_DEEPEST - 1}}}$"
"""The same for the OpenAPI description."""


def read_feed_path(text: str) -> tuple[str, ...] | None:
    """The segments of a path that may be in the feed; None for any other.

    Two to four segments of letters, digits, dot, dash and underscore, the first of them
    `metadata` or `targets`.
    """
    segments = tuple(text.split("/"))
    if segments[0] not in _TOPS or not 2 <= len(segments) <= _DEEPEST:
        return None
    if not all(_SEGMENT.fullmatch(each) and not each.endswith(".") for each in segments):
        return None
    return segments


@dataclass(frozen=True, slots=True)
class FeedFileEntry:
    """path: segments joined by slashes. hash: SHA-256. length: bytes."""

    path: str
    hash: bytes
    length: int


@dataclass(frozen=True, slots=True)
class FeedFolder:
    """The folder on the disk."""

    root: Path

    def clean(self) -> None:
        """Remove what a crash left half-written."""
        remove_leftovers(self.root)

    def list_files(self) -> list[FeedFileEntry]:
        """All files, by path."""
        found = []
        for path in self.root.rglob("*"):
            if path.is_file() and not path.name.startswith(TEMPORARY_PREFIX):
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").digest()
                    length = file.tell()
                name = path.relative_to(self.root).as_posix()
                found.append(FeedFileEntry(name, digest, length))
        return sorted(found, key=lambda each: each.path)

    def write(self, path: tuple[str, ...], content: bytes) -> None:
        """Put a file; a reader sees the old or the new one. Raises OSError."""
        target = self.root.joinpath(*path)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, content)

    def open(self, path: tuple[str, ...]) -> BinaryIO | None:
        """The file to read from; None if there is none."""
        target = self.root.joinpath(*path)
        return target.open("rb") if target.is_file() else None


@dataclass(frozen=True, slots=True)
class FeedRoutes:
    """Hands out the files."""

    feed: FeedFolder

    def router(self) -> APIRouter:
        """The route, described for OpenAPI."""
        router = APIRouter(prefix="/feed")
        router.add_api_route(
            "/{path:path}",
            self.get_file,
            methods=["GET"],
            responses={
                200: {"content": {"application/octet-stream": {}}},
                **describe_refusals(404),
            },
            openapi_extra={"parameters": [describe_part("path", PATH_PATTERN)]},
        )
        return router

    async def get_file(self, request: Request) -> Response:
        """One file of the feed."""
        path = read_feed_path(request.path_params["path"])
        file = None if path is None else await run_in_threadpool(self.feed.open, path)
        if path is None or file is None:
            raise HTTPException(404, "no such file")
        # Never "not changed": a tag that a client sends back would recognise it.
        headers = {
            "Content-Length": str(os.fstat(file.fileno()).st_size),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-cache" if path[0] == "metadata" else "public",
        }
        close = BackgroundTask(file.close)
        return StreamingResponse(_pieces(file), 200, headers, "application/octet-stream", close)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
