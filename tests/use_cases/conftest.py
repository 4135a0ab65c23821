"""The packaged form, an invented report, and cheap real files."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.answer_reading import parse_answers
from app.domain.answers import PrivateNotes, ReportAnswers
from app.domain.form import Form
from app.domain.form_file import load_form
from app.domain.labels import Labels
from app.store.cases import CaseStore
from app.store.drafts import Drafts
from app.store.keys import Cost
from app.store.vault import Vault
from resources.read import read_bytes, read_form_files

CHEAP = Cost(memory_kib=8_192, passes=1, lanes=1)


@pytest.fixture(scope="session")
def form_and_labels() -> tuple[Form, Labels]:
    return load_form(*read_form_files())


@pytest.fixture(scope="session")
def form(form_and_labels: tuple[Form, Labels]) -> Form:
    return form_and_labels[0]


@pytest.fixture(scope="session")
def labels(form_and_labels: tuple[Form, Labels]) -> Labels:
    return form_and_labels[1]


@pytest.fixture(scope="session")
def raw_answers() -> dict[str, object]:
    found: dict[str, object] = json.loads(read_bytes("sample/first_report.json"))["answers"]
    return found


@pytest.fixture(scope="session")
def parsed(form: Form, raw_answers: dict[str, object]) -> tuple[ReportAnswers, PrivateNotes]:
    return parse_answers(form, raw_answers)


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[Drafts]:
    with Vault.create(tmp_path / "vault", "long enough", CHEAP) as vault:
        yield Drafts(vault)


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[CaseStore]:
    with CaseStore.open_or_create(tmp_path / "desk" / "cases.db", bytes(32)) as store:
        yield store
