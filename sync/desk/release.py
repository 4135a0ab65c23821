"""From approved cases to a publication, and back to the cases once it is released.

What a prepared publication carries is noted beside the cases. When the released index has
reached its sequence, the note is settled: those records and cases count as published.
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
        _settle(feed, connection, cases)
        number_approved(cases, publications, form, random.SystemRandom())
        operations = publications.waiting()
        prepared = publish_held(feed, connection, ring, operations, now, progress)
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
        cases.put_setting(_NOTE, json.dumps(note))
    return prepared


def settle_release(feed: DeskFeed, connection: Connection, cases: CaseStore) -> bool:
    """Mark what the released feed carries. Returns whether something was marked.

    While another program prepares or signs, nothing is: the next call will find it.
    """
    if not cases.setting(_NOTE):
        return False
    try:
        with feed.hold():
            return _settle(feed, connection, cases)
    except BusyDeskError:
        return False


def _settle(feed: DeskFeed, connection: Connection, cases: CaseStore) -> bool:
    noted = json.loads(cases.setting(_NOTE) or "{}")
    if not noted:
        return False
    index = read_index(feed, read_released(feed, connection).archive.signed, connection.tenant)
    if index.sequence < noted["sequence"]:
        return False
    publications = Publications(cases)
    names = {tuple(name) for name in noted["operations"]}
    carried = [each for each in publications.waiting() if tuple(_name(each)) in names]
    publications.mark_published(noted["sequence"], carried)
    for case_id in noted["cases"]:
        if cases.get(CaseId(case_id)).state is CaseState.APPROVED:
            cases.move(CaseId(case_id), CaseState.PUBLISHED)
    cases.put_setting(_NOTE, "")
    return True


def _name(operation: Operation) -> list[int]:
    """Number and revision: what an index carries of it."""
    each = operation.record if isinstance(operation, Put) else operation
    return [int(each.number), each.revision]
