"""A program that fetches the feed beside its report is led to by its daily fetches."""

from tests.unlinkability.sight import Contact, Rows, Sight
from tests.unlinkability.tracking import follow_feed

HOUR_S = 3_600.0
ACCOUNTS = (b"a" * 32, b"b" * 32)
REPORTS = (b"r" * 16, b"s" * 16)


def _contact(at_s: float, path: str, body: bytes = b"") -> Contact:
    method = "GET" if "feed" in path else "PUT"
    return Contact(
        at_s, 0, 0, b"", resumed=False, head=f"{method} {path} HTTP/1.1".encode(), body=body
    )


def _sight(*, feed_beside_report: bool) -> Sight:
    """One fetches at six, the other at eighteen o'clock; reports on the fourth day."""
    contacts = []
    for number, first_s in enumerate((6 * HOUR_S, 18 * HOUR_S)):
        days = [first_s + 24 * HOUR_S * day for day in range(4)]
        contacts.append(_contact(days[0], "/v1/issuer/tokens", ACCOUNTS[number]))
        sent_s = days[-1] + 5 * HOUR_S
        contacts.append(_contact(sent_s, f"/v1/reports/{REPORTS[number].hex()}"))
        if feed_beside_report:
            days.append(sent_s)
        contacts += [_contact(each, "/feed/metadata/timestamp.json") for each in days]
    contacts.sort(key=lambda each: each.at_s)
    return Sight(ACCOUNTS, REPORTS, tuple(contacts), Rows({}))


def test_a_fetch_beside_a_report_leads_to_its_account() -> None:
    assert follow_feed(_sight(feed_beside_report=True)) > 1


def test_without_one_there_is_nothing_to_follow() -> None:
    assert follow_feed(_sight(feed_beside_report=False)) == 0
