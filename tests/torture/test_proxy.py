"""Each fault breaks a connection where it says, and nowhere else."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest

from tests.service.front import free_port
from tests.torture.faults import Fault, Patience, Weather
from tests.torture.proxy import FaultProxy

BODY = b"b" * 70_000
REQUEST = b"PUT / HTTP/1.1\r\nContent-Length: 70000\r\n\r\n" + BODY
ANSWER = b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello"
PATIENCE = Patience(swallow_s=0.05, endless=0, pause_s=0.001)


class _Always(Weather):
    """The same weather for every connection."""

    def __init__(self, fault: Fault | None) -> None:
        super().__init__(random.Random(7), PATIENCE)
        self.fault = fault

    def draw(self) -> Fault | None:
        self.connections += 1
        return self.fault


def _meet(fault: Fault | None, *, is_up: bool = True) -> tuple[bytes, bytes, Weather]:
    """What the client and what the service read, when the one asks the other."""
    weather, came = _Always(fault), bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(100_000):
                came.extend(piece)
                if len(came) == len(REQUEST):
                    writer.write(ANSWER)
        except OSError:
            pass
        finally:
            writer.close()

    async def run() -> bytes:
        inside, outside = free_port(), free_port()
        proxy = FaultProxy(weather, lambda: inside)
        server = await proxy.listen(outside)
        service = await asyncio.start_server(serve, "127.0.0.1", inside) if is_up else None
        try:
            return await _ask(outside)
        finally:
            await asyncio.sleep(0.05)
            await proxy.close()
            for each in (server, service):
                if each is not None:
                    each.close()

    return asyncio.run(run()), bytes(came), weather


async def _ask(port: int) -> bytes:
    read = bytearray()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(REQUEST)
        await writer.drain()
        while len(read) < len(ANSWER) and (piece := await reader.read(1_000)):
            read.extend(piece)
        writer.close()
    except OSError:
        pass
    return bytes(read)


@pytest.mark.parametrize("fault", [None, Fault.SLOW])
def test_what_is_not_broken_comes_through(fault: Fault | None) -> None:
    assert _meet(fault)[:2] == (ANSWER, REQUEST)


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.SWALLOWED])
def test_nothing_reaches_the_service(fault: Fault) -> None:
    assert _meet(fault)[:2] == (b"", b"")


def test_a_part_of_the_request_reaches_the_service() -> None:
    answer, request, _ = _meet(Fault.REQUEST_CUT)
    assert answer == b""
    assert 0 < len(request) < len(REQUEST)
    assert REQUEST.startswith(request)


def test_the_service_has_done_its_work_and_nobody_hears_of_it() -> None:
    assert _meet(Fault.ANSWER_LOST)[:2] == (b"", REQUEST)


def test_a_part_of_the_answer_comes_back() -> None:
    answer, request, _ = _meet(Fault.ANSWER_CUT)
    assert request == REQUEST
    assert 0 < len(answer) < len(ANSWER)
    assert ANSWER.startswith(answer)


def test_a_service_that_is_down_is_counted() -> None:
    answer, _, weather = _meet(None, is_up=False)
    assert (answer, weather.seen["service was down"]) == (b"", 1)


def test_a_whole_upload_is_told_with_the_port_of_its_worker() -> None:
    async def run() -> tuple[int, int]:
        inside, outside = free_port(), free_port()
        proxy = FaultProxy(_Always(None), lambda: inside)
        server = await proxy.listen(outside)
        service = await asyncio.start_server(_answer_after(REQUEST), "127.0.0.1", inside)
        waiting = asyncio.ensure_future(proxy.next_upload())
        await asyncio.sleep(0)
        await _ask(outside)
        port = await waiting
        await proxy.close()
        server.close()
        service.close()
        return port, inside

    port, inside = asyncio.run(run())
    assert port == inside


def _answer_after(
    request: bytes,
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(len(request))
        writer.write(ANSWER)
        writer.close()

    return serve


def test_about_a_third_of_the_connections_breaks_in_all_ways_alike() -> None:
    weather = Weather(random.Random(1), PATIENCE)
    for _ in range(10_000):
        weather.draw()
    assert abs(weather.seen.total() / weather.connections - 0.35) < 0.02
    assert set(weather.seen) == set(Fault)
    assert max(weather.seen.values()) < 1.3 * min(weather.seen.values())
