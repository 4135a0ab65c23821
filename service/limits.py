"""How much of the service one connection, or many at once, may take up.

A reverse proxy in front does this better; these limits hold without one. Each worker counts for
itself, since what it protects is its own memory.
"""

import asyncio

import h11
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from service.answers import refuse_for_now

LARGEST_IN_FLIGHT = 256
LARGEST_FEED_IN_FLIGHT = 128
MOST_CONNECTIONS = 1_000
KEEP_ALIVE_S = 5
_FEED = "/feed/"


class InFlightLimit:
    """Answers 503 with Retry-After when too many requests are being worked on.

    Whoever fetches the feed, which may take long, is counted apart, so that slow readers keep
    no report out.
    """

    def __init__(
        self,
        app: ASGIApp,
        largest: int = LARGEST_IN_FLIGHT,
        largest_feed: int = LARGEST_FEED_IN_FLIGHT,
    ) -> None:
        self._app = app
        self._largest = {False: largest, True: largest_feed}
        self._in_flight = {False: 0, True: 0}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_feed = str(scope.get("path", "")).startswith(_FEED)
        if self._in_flight[is_feed] >= self._largest[is_feed]:
            await refuse_for_now()(scope, receive, send)
            return
        self._in_flight[is_feed] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._in_flight[is_feed] -= 1


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that waits for a request, and for whoever reads its answer, only so long.

    What comes after a refusal is read and discarded up to a limit, since closing at once would
    reset the connection and the client would not hear the refusal (RFC 9112, section 9.6).
    """

    header_s = 10.0
    request_s = 300.0
    answer_s = 600.0
    largest_discarded = 1024 * 1024

    _deadline: asyncio.TimerHandle | None = None
    _patience_s = 0.0
    _discarded = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
            return
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what came, and see what is still awaited."""
        is_answered = self.conn.our_state is h11.DONE
        super().data_received(data)
        self._discarded = self._discarded + len(data) if is_answered else 0
        if self._discarded > self.largest_discarded:
            self.transport.abort()
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for what follows, which may have begun to arrive already."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_watch()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.conn.their_state is h11.IDLE:
            patience_s = self.header_s
        elif self.conn.their_state is h11.SEND_BODY:
            patience_s = self.request_s
        else:
            patience_s = self.answer_s
        # More of the same, a byte at a time, prolongs nothing.
        if self._deadline is not None and patience_s == self._patience_s:
            return
        self._stop_watch()
        self._patience_s = patience_s
        self._deadline = self.loop.call_later(patience_s, self.transport.abort)

    def _stop_watch(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
