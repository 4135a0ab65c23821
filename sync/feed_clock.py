"""The one place that touches a private part of python-tuf.

python-tuf has no offline mode and takes no clock: the time against which it checks expiry,
and what it has verified, are in an attribute of its own. A test in tests/sync fails if a
new version changes that.
"""

from datetime import UTC, datetime

from tuf.api.metadata import Signed, Targets
from tuf.ngclient import Updater
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet

NEVER_EXPIRED = datetime(2000, 1, 1, tzinfo=UTC)
"""A time at which nothing of ours has expired: for reading what a person allowed to be old."""


def set_clock(updater: Updater, now: datetime) -> None:
    """Check expiry against `now`, which carries its time zone."""
    _verified(updater).reference_time = now


def verified_roles(updater: Updater) -> dict[str, Signed]:
    """What has been verified so far, by the name of the role."""
    verified = _verified(updater)
    names = ("root", "timestamp", "snapshot", "targets", "archive")
    return {name: verified[name] for name in names if verified.get(name) is not None}


def verified_targets(updater: Updater) -> Targets:
    """The targets that the top-level role itself vouches for, after a refresh."""
    return _verified(updater).targets


def _verified(updater: Updater) -> TrustedMetadataSet:
    return updater._trusted_set
