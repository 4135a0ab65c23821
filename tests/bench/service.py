"""`./run bench service`: sealed submissions a second, beside FastAPI's own echo of the same body.

The service is the real one, first with tokens, each spent with its report, then in the lane
without. Requests come over 32 connections that stay open, from a process of their own on the
same machine, so half of its processors go into the asking. Then a burst of 10,000, each over a
fresh connection: all are answered 2xx or 503 with Retry-After, those come again, and at the end
each is there once.
"""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path

from sync.protocol.keys import PublicKeyFile, Purpose, SealingKey
from sync.protocol.seal import MEDIA_TYPE, seal
from sync.protocol.token import HEADER as TOKEN_HEADER
from sync.protocol.token_proof import HEADER as PROOF_HEADER
from tests.bench.storm_client import Shot, Storm, run_storm
from tests.bench.tokens_at_once import token_headers
from tests.service.front import free_port
from tests.service.postgres import find_programs, running_server
from tests.service.running import ROOT, run_command, start_service, stored

CONNECTIONS = 32
BURST = 10_000
BURST_CONNECTIONS = 500
_BODIES = 64
_WARM_UP_S = 1.0
_GIVE_UP_S = 120.0
_MOST_A_SECOND = 1_500
_GOALS = "goals: 1,000/s, 15 % of the echo, P99 < 150 ms, on a quiet two-core machine"


def main(seconds: float = 8.0) -> int:
    """Measure and print. Returns 1 if a report is lost, twice there, or answered otherwise."""
    bodies = make_bodies(_BODIES)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; {_GOALS}")
    is_whole = True
    with tempfile.TemporaryDirectory(prefix="nearmiss-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        echo = _measure_echo(bodies, seconds)
        kinds: dict[str, tuple[str, ...]] = {"SQLite": ()}
        if find_programs() is None:
            print("PostgreSQL is not installed: left out")
        else:
            server = stack.enter_context(running_server())
            kinds["PostgreSQL"] = ("--database", server.new_database())
        for kind, words in kinds.items():
            home = folder / kind
            made = run_command("init", home, *words)
            assert made.returncode == 0, made.stderr
            shots = list(islice(verified(home, bodies), int(_MOST_A_SECOND * seconds)))
            running = start_service(home, "--accept-unverified")
            port = int(running.address.rpartition(":")[2])
            run_storm(port, submissions(bodies), CONNECTIONS, for_s=_WARM_UP_S)
            storms = {}
            for lane, some in (("tokens", iter(shots)), ("no tokens", submissions(bodies))):
                storm = run_storm(port, some, CONNECTIONS, for_s=seconds)
                storms[f"{kind}, {lane}"] = storm
                is_whole &= storm.statuses.keys() == {201} and not storm.broken
            before, echo = echo, _measure_echo(bodies, seconds)
            _tell_all(storms, before, echo)
            is_whole &= _burst(kind, home, port, bodies)
            assert running.stop() == 0
    print(f"load {os.getloadavg()[0]:.1f}; {'nothing lost, nothing twice' if is_whole else 'LOST'}")
    return 0 if is_whole else 1


def make_bodies(count: int) -> list[bytes]:
    """Bodies as clients seal them, to a key of this run."""
    public = SealingKey.generate().public_bytes()
    key = PublicKeyFile("0" * 32, Purpose.RESEARCH, "2026-01", "2026-12", public)
    return [
        seal(secrets.token_bytes(20_000), key, secrets.token_bytes(16), secrets.token_bytes(32))
        for _ in range(count)
    ]


def submissions(bodies: list[bytes]) -> Iterator[Shot]:
    """Without end, each with a fresh id and without a token."""
    for body in cycle(bodies):
        yield _shoot(secrets.token_hex(16), body)


def verified(folder: Path, bodies: list[bytes]) -> Iterator[Shot]:
    """Without end, each with a fresh id and token for the service in this folder."""
    for name, body, token, proof in token_headers(folder, bodies):
        yield _shoot(name, body, f"{TOKEN_HEADER}: {token}\r\n{PROOF_HEADER}: {proof}\r\n")


def _shoot(name: str, body: bytes, more: str = "") -> Shot:
    head = (
        f"PUT /v1/reports/{name} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n"
        f"Content-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    )
    return Shot(name, head.encode("ascii"), body)


def _measure_echo(bodies: list[bytes], seconds: float) -> Storm:
    port = free_port()
    words = ["tests.bench.echo:application", "--port", str(port), "--no-access-log"]
    command = [sys.executable, "-m", "uvicorn", *words, "--log-level", "error"]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait_for(port)
        run_storm(port, submissions(bodies), CONNECTIONS, for_s=_WARM_UP_S)
        return run_storm(port, submissions(bodies), CONNECTIONS, for_s=seconds)
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        time.sleep(0.05)
    raise AssertionError("the echo does not start")


def _burst(kind: str, home: Path, port: int, bodies: list[bytes]) -> bool:
    """Print what became of a burst. Returns whether each of its reports is there once."""
    before = len(stored(home))
    waiting = list(islice(submissions(bodies), BURST))
    names = {shot.name for shot in waiting}
    statuses: Counter[int] = Counter()
    broken = 0
    begun = time.perf_counter()
    first_s = 0.0
    while waiting and time.perf_counter() - begun < _GIVE_UP_S:
        storm = run_storm(port, iter(waiting), BURST_CONNECTIONS, for_s=_GIVE_UP_S, is_fresh=True)
        first_s = first_s or storm.duration_s
        statuses += storm.statuses
        broken += len(storm.broken)
        waiting = storm.later + storm.broken
    found = stored(home)
    lost = names - found.keys()
    answers = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
    print(
        f"{kind:<22} burst of {BURST:,} over {BURST_CONNECTIONS} connections at a time: "
        f"{first_s:.1f} s, {answers}, {broken} without an answer; "
        f"{len(lost)} lost, {len(found) - before - BURST + len(lost)} too many"
    )
    return not lost and len(found) == before + BURST and not broken


def _tell_all(storms: dict[str, Storm], before: Storm, after: Storm) -> None:
    """Print beside the mean of the echo's rates before and after, which tell how noisy it was."""
    echo_rate = (before.rate + after.rate) / 2
    echoes = {"FastAPI's echo, before": before, "FastAPI's echo, after": after}
    for name, storm in (echoes | storms).items():
        print(
            f"{name:<22} {storm.rate:6.0f}/s  {storm.rate / echo_rate:4.0%} of the echo  "
            f"P50 {storm.percentile_ms(0.5):5.1f} ms  P99 {storm.percentile_ms(0.99):5.1f} ms",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
