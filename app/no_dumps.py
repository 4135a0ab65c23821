"""No copy of this program's memory on the disk when it crashes, as far as the system lets it."""

import os
import sys

_PR_SET_DUMPABLE = 4  # linux/prctl.h
_NO_WINDOWS_OF_FAULTS = 0x0001 | 0x0002 | 0x8000  # SEM_…, errhandlingapi.h: no report is made
_REPORT_WITHOUT_HEAP = 0x0001  # WER_FAULT_REPORTING_FLAG_NOHEAP, werapi.h


def limit_dumps() -> None:
    """Let a crash write no core file. Costs next to nothing, so it comes first."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  (not on Windows)

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def refuse_dumps() -> None:
    """The same where the limit does not hold: when a program collects dumps, and on Windows.

    On Linux other programs of the account can then not read this one's memory either. What
    macOS' own crash reports hold (names of functions, no memory but registers) stays.
    It imports ctypes, which takes 10 ms.
    """
    import ctypes  # noqa: PLC0415

    if sys.platform == "win32":
        ctypes.windll.kernel32.SetErrorMode(_NO_WINDOWS_OF_FAULTS)
        ctypes.windll.wer.WerSetFlags(_REPORT_WITHOUT_HEAP)
    elif sys.platform == "linux":
        # Systemd's collector is a pipe, for which the kernel does not ask the limit.
        if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
