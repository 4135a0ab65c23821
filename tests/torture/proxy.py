"""A proxy between clients and service that breaks connections, each in one way.

It reads a whole message before it passes on what the fault lets through, so it knows where a cut
is a cut. The first request of a connection meets the fault.
"""

import asyncio
import re
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from tests.torture.faults import Fault, Weather

_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)\r\n", re.IGNORECASE)
_PIECES = 6
_LARGE = 60_000  # an upload, and not a question to the feed
_BROKEN = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)


class _ServiceGoneError(Exception):
    """The service died before it had answered."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One side of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def read(self) -> bytes:
        """One whole message, with its head. Raises IncompleteReadError."""
        head = await self.reader.readuntil(_HEAD_END)
        found = _LENGTH.search(head)
        return head + (await self.reader.readexactly(int(found[1])) if found else b"")

    async def write(self, content: bytes) -> None:
        """Send it, or raise OSError."""
        self.writer.write(content)
        await self.writer.drain()

    def reset(self) -> None:
        """End it at once, without a goodbye."""
        opened = self.writer.get_extra_info("socket")
        with suppress(OSError):
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
        self.writer.transport.abort()


class FaultProxy:
    """pick: the port of the worker for the next connection."""

    def __init__(self, weather: Weather, pick: Callable[[], int]) -> None:
        self._weather = weather
        self._pick = pick
        self._next_upload: asyncio.Future[int] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(self, port: int) -> asyncio.Server:
        """Take connections on this port of this machine."""
        return await asyncio.start_server(self._accept, "127.0.0.1", port, backlog=1_024)

    async def next_upload(self) -> int:
        """Wait until a whole upload was handed to a worker; returns the worker's port."""
        if self._next_upload is None:
            self._next_upload = asyncio.get_running_loop().create_future()
        return await asyncio.shield(self._next_upload)

    async def close(self) -> None:
        """End all connections."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(_Line(reader, writer)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, client: _Line) -> None:
        fault = self._weather.draw()
        try:
            if fault is Fault.SWALLOWED:
                await self._swallow(client)
            elif fault is not Fault.REFUSED:
                await self._connect(client, fault)
        except _ServiceGoneError:
            self._weather.seen["service killed meanwhile"] += 1
        except ConnectionRefusedError:
            self._weather.seen["service was down"] += 1
        except _BROKEN:
            pass  # the client has had enough, or was killed
        finally:
            if not client.writer.is_closing():
                client.reset()

    async def _swallow(self, client: _Line) -> None:
        hold_s = self._weather.draw_hold()
        if hold_s is None:
            self._weather.seen["swallowed without an end"] += 1
        with suppress(TimeoutError):
            async with asyncio.timeout(hold_s):
                while await client.reader.read(65_536):
                    pass

    async def _connect(self, client: _Line, fault: Fault | None) -> None:
        port = self._pick()
        service = _Line(*await asyncio.open_connection("127.0.0.1", port))
        try:
            is_over = False
            while not is_over:
                request = await client.read()
                is_over = await self._carry(client, service, request, fault, port)
                fault = None
        finally:
            service.reset()

    async def _carry(
        self, client: _Line, service: _Line, request: bytes, fault: Fault | None, port: int
    ) -> bool:
        """One request and its answer. Returns whether the connection ends with it."""
        if fault is Fault.REQUEST_CUT:
            await service.write(request[: self._weather.draw_cut(len(request))])
            await asyncio.sleep(self._weather.draw_pause() / 10)
            return True
        try:
            await self._write(service, request, is_slow=fault is Fault.SLOW)
            if len(request) > _LARGE and self._next_upload is not None:
                self._next_upload.set_result(port)
                self._next_upload = None
            answer = await service.read()
        except _BROKEN as error:
            raise _ServiceGoneError from error
        if fault is Fault.ANSWER_LOST:
            return True
        if fault is Fault.ANSWER_CUT:
            await client.write(answer[: self._weather.draw_cut(len(answer))])
            client.writer.close()  # what was sent arrives; a reset could overtake it
            return True
        await self._write(client, answer, is_slow=fault is Fault.SLOW)
        return False

    async def _write(self, line: _Line, content: bytes, *, is_slow: bool) -> None:
        size = -(-len(content) // _PIECES) if is_slow else len(content)
        for start in range(0, len(content), size):
            await line.write(content[start : start + size])
            if is_slow:
                await asyncio.sleep(self._weather.draw_pause())
