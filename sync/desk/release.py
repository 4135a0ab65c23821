"""From approved cases to a publication, and back to the cases once it is released.

What a prepared publication carries is noted beside the cases. When the released index has
reached its sequence, the note is settled: those records and cases count as published, and each
reporter who wants mail is told the number with the next publication. Mail needs no note: a letter
is out when the released feed holds its sealed bytes.
"""

import json
import random
from datetime import datetime

from app.domain.archive import Operation, Put
from app.domain.form import Form
from app.progress import Progress
from app.use_cases.review_case import (
    CaseId,
    CaseState,
    CaseStore,
    Publications,
    number_approved,
)
from sync.desk.custody import Ring
from sync.desk.folder import BusyDeskError, DeskFeed, read_index, read_released
from sync.desk.mail import settle_mail, tell_published, waiting_records
from sync.desk.publish import Prepared, publish_held
from sync.protocol.connection import Connection

_NOTE = "prepared_publication"


def prepare(
    feed: DeskFeed,
    connection: Connection,
    ring: Ring,
    cases: CaseStore,
    form: Form,
    now: datetime,
    progress: Progress,
) -> Prepared:
    """Pack and sign all that waits. Raises UserError as `publish.publish`.

    One at a time from the first step on: two at once would give one case two numbers.
    """
    publications = Publications(cases)
    with feed.hold():
        settle_held(feed, connection, cases)
        number_approved(cases, publications, form, random.SystemRandom())
        operations = publications.waiting()
        mail = waiting_records(cases)
        prepared = publish_held(feed, connection, ring, operations, now, progress, mail)
        released = [
            case.case_id
            for case in cases.summaries(CaseState.APPROVED)
            if publications.of_case(case.case_id) is not None
        ]
        note = {
            "sequence": prepared.sequence,
            "operations": [_name(each) for each in operations],
            "cases": released,
        }
        # Nothing is to be marked if there is mail alone.
        cases.put_setting(_NOTE, json.dumps(note) if operations or released else "")
    return prepared


def settle_release(feed: DeskFeed, connection: Connection, cases: CaseStore) -> bool:
    """Mark what the released feed carries. Returns whether something was marked.

    While another program prepares or signs, nothing is: the next call will find it.
    """
    if not cases.setting(_NOTE) and not waiting_records(cases):
        return False
    try:
        with feed.hold():
            return settle_held(feed, connection, cases)
    except BusyDeskError:
        return False


def settle_held(feed: DeskFeed, connection: Connection, cases: CaseStore) -> bool:
    """What `settle_release` does, for a caller that holds the feed's lock."""
    archive = read_released(feed, connection).archive.signed
    has_settled = settle_mail(feed, archive, connection.tenant, cases)
    noted = json.loads(cases.setting(_NOTE) or "{}")
    if not noted:
        return has_settled
    index = read_index(feed, archive, connection.tenant)
    if index.sequence < noted["sequence"]:
        return has_settled
    publications = Publications(cases)
    names = {tuple(name) for name in noted["operations"]}
    carried = [each for each in publications.waiting() if tuple(_name(each)) in names]
    publications.mark_published(noted["sequence"], carried)
    for case_id in noted["cases"]:
        state = cases.get(CaseId(case_id)).state
        if state is CaseState.APPROVED:
            cases.move(CaseId(case_id), CaseState.PUBLISHED)
        if state in {CaseState.APPROVED, CaseState.PUBLISHED}:  # moved before a crash
            _tell_number(publications, connection.tenant, cases, CaseId(case_id), index.signed_on)
    cases.put_setting(_NOTE, "")
    return True


def _tell_number(
    publications: Publications, tenant: str, cases: CaseStore, case_id: CaseId, signed_on: str
) -> None:
    record = publications.of_case(case_id)
    if record is not None:
        tell_published(cases, tenant, case_id, int(record.number), signed_on[:7])


def _name(operation: Operation) -> list[int]:
    """Number and revision: what an index carries of it."""
    each = operation.record if isinstance(operation, Put) else operation
    return [int(each.number), each.revision]
