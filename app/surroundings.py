"""Places and accounts at which a vault is in danger: what is known of them, judged without asking.

Whatever is found is a likelihood, in both directions: a share can look like a disk, and a place can
be backed up by something that nobody sees. So each has a sentence, and nothing is refused.

Sources: proc(5) for mountinfo; Microsoft's reference of GetDriveTypeW and GetProfileType; the
folders that OneDrive, Dropbox, iCloud and others use by default, and the marks that they leave.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import NamedTuple

DRIVE_REMOTE, DRIVE_RAMDISK = 4, 6
PROFILE_TEMPORARY, PROFILE_ROAMING, PROFILE_MANDATORY = 1, 2, 4
_NETWORK = re.compile(
    r"nfs4?|cifs|smb\w*|afs|afpfs|webdav|davfs2?|ceph|glusterfs|lustre|9p|ncpfs|"
    r"fuse\.(sshfs|davfs2?|rclone|glusterfs|s3fs|smbnetfs|gvfsd-fuse)"
)
_MEMORY = frozenset({"tmpfs", "ramfs"})
_LIVE = frozenset({"overlay", "overlayfs", "aufs"})
_SYNCED_FOLDER = re.compile(
    r"(?i)(onedrive|dropbox|google ?drive|my drive|nextcloud|owncloud|pclouddrive|syncthing)"
    r"( ?[-(].*)?|icloud ?drive|mobile documents|cloudstorage|box( sync)?"
)
_SYNC_MARKS = frozenset(
    {
        *(".dropbox", ".dropbox.cache", ".nextcloudsync.log", ".owncloudsync.log", ".stfolder"),
        *(".tmp.drivedownload", ".tmp.driveupload", ".sync_folder"),
    }
)
_SYNC_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_SHARED_ACCOUNT = re.compile(
    r"(?i)((pd|so|hq)[-_. ]?)?(guest(-\w+)?|public|kiosk|shared?|user|officers?|deput(y|ies)|"
    r"patrol|(front|booking)?[-_. ]?desk|booking|dispatch(er)?|precinct|squad(room)?|station|"
    r"roll[-_. ]?call|reports?|training|watch|shift|workstation|mdt|mdc|terminal|"
    r"admin(istrator)?|root|wdagutilityaccount)([-_. ]?(\d{1,4}|[a-c]))?"
)
_WIPED_ACCOUNT = re.compile(r"(?i)guest(-\w+)?|wdagutilityaccount")


class Danger(StrEnum):
    """What can be wrong with a place or an account."""

    NETWORK = "network"
    SYNCHRONISED = "synchronised"
    REDIRECTED = "redirected"
    WIPED = "wiped"
    SHARED_ACCOUNT = "shared account"


class Warned(NamedTuple):
    """The sentence of a danger."""

    title: str
    text: str


_OWN_PLACE = "Ask IT for a folder on this computer's own disk, and have NEARMISS_HOME name it."
SENTENCES = {
    Danger.NETWORK: Warned(
        "Your files lie on a network share.",
        "The vault can be damaged there, whoever runs the share sees when you write, and its "
        f"backups keep what you destroy. {_OWN_PLACE}",
    ),
    Danger.SYNCHRONISED: Warned(
        "Your files lie in a folder that is copied to a cloud.",
        "The copies are encrypted, but they stay when you destroy something, whoever runs the "
        "cloud sees when you write, and a vault that is copied while it is open can be damaged. "
        f"{_OWN_PLACE}",
    ),
    Danger.REDIRECTED: Warned(
        "Your files lie in a folder that your agency keeps on a server.",
        "It is copied there when you log on and off, and its backups keep what you destroy. "
        f"{_OWN_PLACE}",
    ),
    Danger.WIPED: Warned(
        "This place is probably emptied when you log off or the computer starts anew.",
        "A draft may be gone tomorrow. Finish and seal in one sitting, export the draft to a stick "
        "of yours, or use another computer. What is sealed and has not left is lost with it.",
    ),
    Danger.SHARED_ACCOUNT: Warned(
        "This account looks like one that several people use.",
        "Everybody who uses it can see that a vault is here and when it was changed, copy it, try "
        "passphrases on the copy or delete it. Only your passphrase keeps them out: use one that "
        "this program has made.",
    ),
}


class Surroundings(NamedTuple):
    """What is known of where the program's folder is, and of whom it belongs to.

    platform: as sys.platform. folder: absolute, links followed. home: of the account. user: its
    name. mounts: the text of /proc/self/mountinfo. filesystem: its kind where the system tells it
    of a folder (macOS). drive_type, profile_type: numbers of Windows, 0 for unknown. has_entry:
    whether a file or folder exists.
    """

    platform: str
    environ: Mapping[str, str]
    folder: PurePath
    home: PurePath
    user: str
    mounts: str = ""
    filesystem: str = ""
    drive_type: int = 0
    profile_type: int = 0
    has_entry: Callable[[PurePath], bool] = lambda _path: False


def find_dangers(around: Surroundings) -> tuple[Danger, ...]:
    """Each that is likely, the gravest first."""
    checks = {
        Danger.NETWORK: _is_on_network,
        Danger.SYNCHRONISED: _is_synchronised,
        Danger.REDIRECTED: _is_redirected,
        Danger.WIPED: _is_wiped,
        Danger.SHARED_ACCOUNT: _is_shared_account,
    }
    found = [danger for danger, is_so in checks.items() if is_so(around)]
    if Danger.NETWORK in found and Danger.REDIRECTED in found:
        found.remove(Danger.NETWORK)  # the more exact of the two
    return tuple(found)


def mounted_as(mounts: str, folder: PurePath) -> str:
    """The kind of file system that holds the folder, by the text of mountinfo; empty if unknown."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        before, _dash, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = PurePosixPath(_unescape(fields[4]))
        # A later line of the same place covers the earlier one.
        if folder.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split(" ")[0]
    return kind


def _unescape(point: str) -> str:
    """proc(5): blanks, tabs, line ends and backslashes are octal there."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), point)


def _kind(around: Surroundings) -> str:
    return around.filesystem or mounted_as(around.mounts, around.folder)


def _is_on_network(around: Surroundings) -> bool:
    if around.platform == "win32":
        is_share = str(around.folder).startswith("\\\\")
        return is_share or around.drive_type == DRIVE_REMOTE
    return bool(_NETWORK.fullmatch(_kind(around)))


def _is_synchronised(around: Surroundings) -> bool:
    roots = [around.environ.get(name, "") for name in _SYNC_VARIABLES]
    flavour = type(around.folder)
    if any(root and around.folder.is_relative_to(flavour(root)) for root in roots):
        return True
    if any(_SYNCED_FOLDER.fullmatch(part) for part in around.folder.parts):
        return True
    if any(
        around.has_entry(each / mark)
        for each in (around.folder, *around.folder.parents)
        for mark in _SYNC_MARKS
    ):
        return True
    return _is_in_icloud_documents(around)


def _is_in_icloud_documents(around: Surroundings) -> bool:
    """macOS keeps Desktop and Documents in iCloud, at their old place, if somebody wants that."""
    if around.platform != "darwin":
        return False
    cloud = around.home / "Library" / "Mobile Documents" / "com~apple~CloudDocs"
    return any(
        around.folder.is_relative_to(around.home / name) and around.has_entry(cloud / name)
        for name in ("Desktop", "Documents")
    )


def _is_redirected(around: Surroundings) -> bool:
    """Windows: the roaming part of a profile, or a folder of programs outside of the profile."""
    if around.platform != "win32":
        return False
    roaming = around.environ.get("APPDATA", "")
    is_share = str(around.folder).startswith("\\\\")
    if roaming and around.folder.is_relative_to(PureWindowsPath(roaming)):
        return bool(around.profile_type & PROFILE_ROAMING) or is_share
    local = around.environ.get("LOCALAPPDATA", "")
    is_inside = bool(local) and around.folder.is_relative_to(PureWindowsPath(local))
    return is_inside and not PureWindowsPath(local).is_relative_to(around.home)


def _is_wiped(around: Surroundings) -> bool:
    if _WIPED_ACCOUNT.fullmatch(around.user):
        return True
    if around.platform == "win32":
        is_thrown_away = around.profile_type & (PROFILE_TEMPORARY | PROFILE_MANDATORY)
        has_freeze = around.has_entry(PureWindowsPath("C:/Persi0.sys"))  # Deep Freeze
        return bool(is_thrown_away) or around.drive_type == DRIVE_RAMDISK or has_freeze
    return _kind(around) in _MEMORY | _LIVE


def _is_shared_account(around: Surroundings) -> bool:
    return bool(_SHARED_ACCOUNT.fullmatch(around.user))
