"""Places and accounts that endanger a vault, in invented surroundings and on this computer."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from app.look_around import look_around
from app.paths import Home
from app.surroundings import (
    DRIVE_RAMDISK,
    DRIVE_REMOTE,
    PROFILE_MANDATORY,
    PROFILE_ROAMING,
    PROFILE_TEMPORARY,
    SENTENCES,
    Danger,
    Surroundings,
    find_dangers,
    mounted_as,
)

MOUNTS = r"""
22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
30 22 0:26 / /scratch rw,nosuid shared:5 - tmpfs tmpfs rw
41 22 0:40 / /home rw,relatime shared:9 - nfs4 files.example:/home rw,vers=4.2
42 41 259:3 / /home/wren rw,relatime shared:9 - ext4 /dev/nvme0n1p3 rw
43 22 0:51 / /srv/my\040share rw,relatime - cifs //files/share rw
44 22 0:52 / /mnt/cloud rw,relatime - fuse.rclone remote: rw
45 22 0:53 / /live rw,relatime - overlay overlay rw
"""
PROFILE = PureWindowsPath("C:/Users/wren")
WINDOWS = {
    "APPDATA": str(PROFILE / "AppData/Roaming"),
    "LOCALAPPDATA": str(PROFILE / "AppData/Local"),
    "OneDriveCommercial": str(PROFILE / "OneDrive - City of Bellweather"),
}


def on_linux(folder: str, user: str = "wren", entries: tuple[str, ...] = ()) -> Surroundings:
    known = {PurePosixPath(each) for each in entries}
    return Surroundings(
        "linux",
        {},
        PurePosixPath(folder),
        PurePosixPath("/home/wren"),
        user,
        MOUNTS,
        has_entry=known.__contains__,
    )


def on_windows(
    folder: str,
    user: str = "wren",
    drive_type: int = 3,
    profile_type: int = 0,
    entries: tuple[str, ...] = (),
    environ: Mapping[str, str] = WINDOWS,
) -> Surroundings:
    known = {PureWindowsPath(each) for each in entries}
    return Surroundings(
        "win32",
        environ,
        PureWindowsPath(folder),
        PROFILE,
        user,
        drive_type=drive_type,
        profile_type=profile_type,
        has_entry=known.__contains__,
    )


def on_mac(
    folder: str, filesystem: str = "apfs", user: str = "wren", entries: tuple[str, ...] = ()
) -> Surroundings:
    known: set[PurePath] = {PurePosixPath(each) for each in entries}
    home = PurePosixPath("/Users/wren")
    place = PurePosixPath(folder)
    return Surroundings(
        "darwin", {}, place, home, user, filesystem=filesystem, has_entry=known.__contains__
    )


ICLOUD = "/Users/wren/Library/Mobile Documents/com~apple~CloudDocs"
SAFE = {
    "an ordinary Linux": on_linux("/home/wren/.local/share/leo-near-miss"),
    "a Linux with a box in a name": on_linux("/home/wren/boxes/near-miss"),
    "an ordinary Windows": on_windows(r"C:\Users\wren\AppData\Local\leo-near-miss"),
    "a Windows with OneDrive beside it": on_windows(r"C:\Users\wren\OneDrivers\leo-near-miss"),
    "an ordinary Mac": on_mac("/Users/wren/Library/Application Support/leo-near-miss"),
    "a Mac whose documents are its own": on_mac("/Users/wren/Documents/near-miss"),
    "a roaming profile's local part": on_windows(
        r"C:\Users\wren\AppData\Local\leo-near-miss", profile_type=PROFILE_ROAMING
    ),
}
IN_DANGER = {
    "a home on NFS": (on_linux("/home/dana/.local/share"), Danger.NETWORK),
    "a share with a blank": (on_linux("/srv/my share/near-miss"), Danger.NETWORK),
    "a mounted cloud": (on_linux("/mnt/cloud/near-miss"), Danger.NETWORK),
    "a UNC path": (on_windows(r"\\files\home\wren\leo-near-miss"), Danger.NETWORK),
    "a mapped drive": (on_windows(r"H:\leo-near-miss", drive_type=DRIVE_REMOTE), Danger.NETWORK),
    "a Mac's share": (on_mac("/Volumes/home/near-miss", "smbfs"), Danger.NETWORK),
    "OneDrive by its variable": (
        on_windows(r"C:\Users\wren\OneDrive - City of Bellweather\Documents\x"),
        Danger.SYNCHRONISED,
    ),
    "OneDrive by its name": (
        on_windows(r"D:\OneDrive - Sheriff\near-miss", environ={}),
        Danger.SYNCHRONISED,
    ),
    "Dropbox": (on_linux("/home/wren/Dropbox (Personal)/near-miss"), Danger.SYNCHRONISED),
    "a Nextcloud folder by its mark": (
        on_linux("/home/wren/work/near-miss", entries=("/home/wren/work/.nextcloudsync.log",)),
        Danger.SYNCHRONISED,
    ),
    "iCloud Drive": (on_mac(f"{ICLOUD}/near-miss"), Danger.SYNCHRONISED),
    "a Mac's Documents in iCloud": (
        on_mac("/Users/wren/Documents/near-miss", entries=(f"{ICLOUD}/Documents",)),
        Danger.SYNCHRONISED,
    ),
    "a Mac's CloudStorage": (
        on_mac("/Users/wren/Library/CloudStorage/Box-Box/near-miss"),
        Danger.SYNCHRONISED,
    ),
    "the roaming part of a profile": (
        on_windows(r"C:\Users\wren\AppData\Roaming\x", profile_type=PROFILE_ROAMING),
        Danger.REDIRECTED,
    ),
    "a redirected folder on a share": (
        on_windows(
            r"\\files\profiles\wren\AppData\Roaming\x",
            environ={"APPDATA": r"\\files\profiles\wren\AppData\Roaming"},
        ),
        Danger.REDIRECTED,
    ),
    "programs' folder off the profile": (
        on_windows(
            r"E:\Profiles\wren\Local\x", environ={"LOCALAPPDATA": r"E:\Profiles\wren\Local"}
        ),
        Danger.REDIRECTED,
    ),
    "memory": (on_linux("/scratch/near-miss"), Danger.WIPED),
    "a live system": (on_linux("/live/near-miss"), Danger.WIPED),
    "a RAM disk": (on_windows(r"R:\x", drive_type=DRIVE_RAMDISK), Danger.WIPED),
    "a temporary profile": (
        on_windows(r"C:\Users\TEMP\AppData\Local\x", profile_type=PROFILE_TEMPORARY),
        Danger.WIPED,
    ),
    "a mandatory profile": (
        on_windows(r"C:\Users\wren\AppData\Local\x", profile_type=PROFILE_MANDATORY),
        Danger.WIPED,
    ),
    "a frozen disk": (on_windows(r"C:\x", entries=("C:/Persi0.sys",)), Danger.WIPED),
}


@pytest.mark.parametrize("around", SAFE.values(), ids=SAFE)
def test_an_ordinary_place_is_no_danger(around: Surroundings) -> None:
    assert find_dangers(around) == ()


@pytest.mark.parametrize(("around", "danger"), IN_DANGER.values(), ids=IN_DANGER)
def test_a_place_that_endangers_the_file_is_found(around: Surroundings, danger: Danger) -> None:
    assert find_dangers(around) == (danger,)


@pytest.mark.parametrize(
    "user",
    [
        *("patrol", "Patrol2", "frontdesk", "front-desk", "pd-desk1", "booking_a", "officer12"),
        *("squadroom", "MDT-104", "kiosk", "shared", "admin", "Administrator", "rollcall", "user"),
    ],
)
def test_an_account_that_several_people_use_is_found(user: str) -> None:
    assert find_dangers(on_linux("/home/wren/x", user)) == (Danger.SHARED_ACCOUNT,)


@pytest.mark.parametrize("user", ["wren", "d.wrenfield", "officerk", "usher", "deskins", "w1437"])
def test_an_account_of_one_person_is_not(user: str) -> None:
    assert find_dangers(on_linux("/home/wren/x", user)) == ()


@pytest.mark.parametrize("user", ["Guest", "guest-jx3kq1", "WDAGUtilityAccount"])
def test_a_guest_is_both_shared_and_wiped(user: str) -> None:
    assert find_dangers(on_linux("/home/wren/x", user)) == (Danger.WIPED, Danger.SHARED_ACCOUNT)


def test_every_danger_has_a_sentence_that_says_what_to_do() -> None:
    assert set(SENTENCES) == set(Danger)
    for title, text in SENTENCES.values():
        assert title.endswith(".")
        assert any(word in text for word in ("Ask IT", "use ", "Finish"))


def test_the_nearest_and_latest_mount_counts() -> None:
    assert mounted_as(MOUNTS, PurePosixPath("/home/wren/x")) == "ext4"
    covered = MOUNTS + "46 22 0:60 / /home/wren rw - cifs //files/wren rw\n"
    assert mounted_as(covered, PurePosixPath("/home/wren/x")) == "cifs"
    assert mounted_as("nothing of this kind", PurePosixPath("/x")) == ""


def test_this_computer_can_be_asked(tmp_path: Path) -> None:
    around = look_around(Home(tmp_path / "not" / "there yet"))
    assert around.platform == sys.platform
    assert around.folder == tmp_path.resolve()
    assert around.has_entry(around.folder)
    assert not around.has_entry(around.folder / "nothing")
    assert set(find_dangers(around)) <= set(Danger)


@pytest.mark.skipif(sys.platform != "linux", reason="mountinfo is of Linux")
def test_linux_says_what_holds_a_folder(tmp_path: Path) -> None:
    import pwd

    around = look_around(Home(tmp_path))
    assert mounted_as(around.mounts, around.folder)
    assert around.user == pwd.getpwuid(os.getuid()).pw_name
    shared_memory = Path("/dev/shm")  # noqa: S108  (only looked at)
    if shared_memory.is_dir():
        assert Danger.WIPED in find_dangers(look_around(Home(shared_memory / "near-miss")))


@pytest.mark.skipif(sys.platform != "win32", reason="functions of Windows")
def test_windows_says_what_the_drive_and_the_profile_are(tmp_path: Path) -> None:
    around = look_around(Home(tmp_path))
    assert around.drive_type in range(2, 7)
    assert around.profile_type in range(16)


@pytest.mark.skipif(sys.platform != "darwin", reason="statfs is of macOS")
def test_macos_says_the_kind_of_file_system(tmp_path: Path) -> None:
    assert look_around(Home(tmp_path)).filesystem in {"apfs", "hfs", "tmpfs"}


@pytest.mark.skipif(os.name == "nt", reason="a link needs rights there")
def test_a_link_is_followed_to_where_the_files_really_are(tmp_path: Path) -> None:
    real = tmp_path / "Dropbox" / "files"
    real.mkdir(parents=True)
    (tmp_path / "innocent").symlink_to(real)
    around = look_around(Home(tmp_path / "innocent" / "leo-near-miss"))
    assert around.folder == real.resolve()
    assert Danger.SYNCHRONISED in find_dangers(around)
