"""What stands before the storm begins: service, desk, cards, a client's home, the plans."""

from dataclasses import dataclass
from pathlib import Path

from tests.e2e.forks import Forks
from tests.e2e.journey import Stage
from tests.torture.officers import Plan, officers_for
from tests.torture.station import REPORTS_OF_AN_OFFICER

TEMPLATE = "officer"


@dataclass(frozen=True, slots=True)
class Ground:
    """clients: the plan of each client process. officers: how many there are."""

    stage: Stage
    clients: tuple[Plan, ...]
    officers: int


def prepare(
    folder: Path, forks: Forks, databases: tuple[str, ...], clients: int, uploads: int, seed: int
) -> Ground:
    """databases: words for `nearmiss-service init`. Nothing runs afterwards."""
    stage = Stage.build(folder, forks)
    stage.found_service_and_desk(*databases)
    (key,) = (stage.service_folder / "issuer-keys").iterdir()
    stage.desk("issuer-key", str(key), "--officers", "1000")
    stage.connect(TEMPLATE)
    stage.import_feed(TEMPLATE)
    with stage.serving():
        stage.desk("upload")
    shares = _share(uploads, clients)
    officers = sum(officers_for(end - first) for first, end in shares)
    cards = _make_cards(stage, officers)
    plans = []
    for number, (first, end) in enumerate(shares):
        own = folder / "clients" / str(number)
        own.mkdir(parents=True)
        taken = officers_for(end - first)
        mine, cards = cards[:taken], cards[taken:]
        plans.append(Plan(str(own), str(stage.home(TEMPLATE)), tuple(mine), (first, end), seed))
    return Ground(stage, tuple(plans), officers)


def _share(uploads: int, clients: int) -> list[tuple[int, int]]:
    """Whole officers for each client, as evenly as that goes; the last one gets the rest."""
    officers = officers_for(uploads)
    ends = [
        min(officers * (number + 1) // clients * REPORTS_OF_AN_OFFICER, uploads)
        for number in range(clients)
    ]
    ends[-1] = uploads
    return list(zip([0, *ends], ends, strict=False))


def _make_cards(stage: Stage, count: int) -> list[str]:
    file = stage.folder / "given" / "cards"
    words = ("cards", "--count", str(count), "--text", str(file))
    stage.service(*words, "--dir", str(stage.service_folder))
    return file.read_text().splitlines()
