"""The part of the demonstration in which an officer uses the buttons of the window."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.paths import replace_file

WHO = "officer-by-hand"
_TITLE = "Ladder at the warehouse"
_QUESTION = "How far was the second officer from the car?"
_USED = "A roll-call sheet on searches, in four agencies."


class Step(Protocol):
    """A command as a process of its own; returns what it printed."""

    def __call__(self, title: str, *words: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Actors:
    """Who acts. connect: makes an officer's program trust the service. window: takes a step of
    `ui.by_hand`, whose words follow its title. code: codes and approves a case. release: signs
    what waits and brings it to the service.
    """

    folder: Path
    connect: Callable[[str], None]
    client: Callable[..., str]
    desk: Step
    service: Step
    window: Step
    code: Callable[[str], None]
    release: Callable[[], None]


def act(actors: Actors) -> None:
    """Enrol, report, question, answer, news, withdraw. Raises SurroundingsError."""
    card = _prepare(actors)
    actors.window("officer's window: enrol with the card", "enrol", str(card))
    client, desk, window = actors.client, actors.desk, actors.window
    client(WHO, "fetch tokens now instead of on their day", "sync", "--tokens-now")
    window("officer's window: check, seal, keep the words, send", "report")
    desk("desk: pull it", "pull")
    rows = [json.loads(line) for line in desk("desk: list", "list", "--json").splitlines()]
    (case,) = [str(row["id"]) for row in rows if row["state"] == "received"]
    asked = actors.folder / "question.txt"
    replace_file(asked, _QUESTION.encode())
    desk("desk: ask a question", "ask", case, "--text", str(asked))
    desk("desk: tell that it is screened", "tell", case, "--news", "screened")
    actors.release()
    client(WHO, "fetch what is new", "sync")
    window("officer's window: read the question, answer", "question")
    client(WHO, "send the answer now", "sync", "--now")
    desk("desk: pull the answer", "pull")
    actors.code(case)
    actors.release()
    used = actors.folder / "used.txt"
    replace_file(used, _USED.encode())
    desk("desk: tell where it is used", "tell", case, "--news", "used", "--text", str(used))
    actors.release()
    client(WHO, "fetch what is new", "sync")
    window("officer's window: read the news, withdraw", "news")
    client(WHO, "send the withdrawal now", "sync", "--now")
    window("officer's window: see that it is withdrawn", "withdrawn")


def _prepare(actors: Actors) -> Path:
    """The issuer's key is signed, a card printed, an officer has a vault and a draft."""
    service = actors.folder / "service"
    (key,) = (service / "issuer-keys").iterdir()
    actors.desk("desk: sign the issuer's key", "issuer-key", str(key), "--officers", "1240")
    actors.desk("bring the signed key to the service", "upload")
    cards = actors.folder / "cards.txt"
    words = ("cards", "--count", "1", "--text", str(cards), "--dir", str(service))
    actors.service("print a card", *words)
    actors.connect(WHO)
    actors.client(WHO, f"{WHO}: make an encrypted vault", "vault", "create")
    answers = json.loads((actors.folder / "first_report.json").read_bytes())
    file = actors.folder / "answers.json"
    raw = {**answers, "local_title": _TITLE, "consent_mailbox": "yes"}
    replace_file(file, json.dumps(raw).encode())
    actors.client(WHO, f"{WHO}: draft a report", "report", "new", "--answers", str(file))
    return cards
