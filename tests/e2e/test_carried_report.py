"""A report leaves a computer without a network on a stick, and its acknowledgement comes back."""

from pathlib import Path

from tests.e2e.journey import Stage


def test_a_report_goes_up_from_another_machine_and_both_ways_may_send_it(ready: Stage) -> None:
    """The other machine has neither a vault nor a connection, and the feed comes by stick too."""
    stick = ready.folder / "stick"
    stick.mkdir()
    written = ready.client("officer", "carry", "out", str(stick), "--json").row()["file"]
    assert Path(written).parent == stick
    with ready.serving():
        reply = ready.client("passer-by", "carry", "send", written, "--json").row()["reply"]
        again = ready.client("passer-by", "carry", "send", written, "--json").row()["reply"]
        assert again == reply
        assert ready.reports_at_service() == 1
        assert ready.client("officer", "carry", "in", reply, "--json").row()["state"] == "received"
        repeated = ready.client("officer", "carry", "in", reply, "--json")
        assert repeated.row()["state"] == "known"
        # The desk has not uploaded its archive here, so the exchange as a whole reports trouble.
        assert ready.try_client("officer", "sync", "--now", "--json").row()["received"] == 0
    assert ready.reports_at_service() == 1
    assert not (ready.home("passer-by") / "vaults").exists()
    assert sorted(path.name for path in stick.iterdir()) == sorted(
        (Path(written).name, Path(reply).name)
    )
