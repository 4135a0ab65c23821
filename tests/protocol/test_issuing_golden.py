"""What a program and the issuer say to each other, as it lies in tests/golden/issuing."""

import pytest

from sync.protocol.enrolment import Enrolment, check_answer
from sync.protocol.errors import MalformedError
from sync.protocol.officer_count import OfficerCount, round_officers
from sync.protocol.token_batch import TokenBatch, split_answers, verify_batch
from tests.golden.make_issuing import ACCOUNT, CARD, FOLDER, make_files
from tests.golden.make_protocol import TENANT


def test_the_files_are_what_is_written_now() -> None:
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == make_files()


def test_an_enrolment_and_its_answer_are_read_back() -> None:
    asked = Enrolment.from_bytes((FOLDER / "enrolment.json").read_bytes())
    assert asked == Enrolment(CARD, ACCOUNT.public_bytes())
    answer = (FOLDER / "enrolled.json").read_bytes()
    check_answer(answer, asked.account)
    with pytest.raises(MalformedError):
        check_answer(answer, b"x" * 32)


def test_a_batch_and_its_answers_are_read_back() -> None:
    batch = TokenBatch.from_bytes(bytes.fromhex((FOLDER / "token-batch.hex").read_text()))
    verify_batch(batch, TENANT)
    answers = split_answers(bytes.fromhex((FOLDER / "token-answers.hex").read_text()))
    assert len(answers) == len(batch.requests) == 12


def test_the_number_of_officers_is_read_back_for_its_tenant_only() -> None:
    raw = (FOLDER / "officers.json").read_bytes()
    assert OfficerCount.from_bytes(raw, tenant=TENANT) == OfficerCount(TENANT, "2026-Q3", 250)
    with pytest.raises(MalformedError):
        OfficerCount.from_bytes(raw, tenant="f" * 32)
    for change in ((b"250", b"251"), (b"2026-Q3", b"2026-Q5"), (b"officers-1", b"officers-2")):
        with pytest.raises(MalformedError):
            OfficerCount.from_bytes(raw.replace(*change), tenant=TENANT)


@pytest.mark.parametrize(("count", "told"), [(0, 0), (49, 0), (50, 50), (199, 150), (200, 200)])
def test_the_number_is_rounded_down(count: int, told: int) -> None:
    assert round_officers(count) == told
