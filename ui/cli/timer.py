"""Texts for the system's own scheduler, so that what waits leaves while no window is open.

They are printed, not installed: who runs the computer decides what it starts by itself. Nothing
that the started program says is kept, since a log would tell when a report left.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from app.errors import InputError

_WORDS = ("sync", "--if-due")
_HOME = "NEARMISS_HOME"
_TASK = "http://schemas.microsoft.com/windows/2004/02/mit/task"


def find_program() -> str:
    """The path of this very program, as a scheduler has to call it."""
    if getattr(sys, "frozen", False):
        return sys.executable
    return shutil.which("nearmiss") or str(Path(sys.argv[0]).absolute())


def describe_systemd(program: str, environ: Mapping[str, str]) -> str:
    """A user's service and its timer, one after the other, with the file that each goes into.

    Raises InputError for a path that such a file cannot hold.
    """
    home = environ.get(_HOME, "")
    place = f"Environment={_quote_systemd(f'{_HOME}={home}')}\n" if home else ""
    command = " ".join((_quote_systemd(program, is_command=True), *_WORDS))
    return f"""\
# ~/.config/systemd/user/nearmiss-sync.service
[Unit]
Description=Send what is due, fetch what is new

[Service]
Type=oneshot
ExecStart={command}
{place}UMask=0077
NoNewPrivileges=yes
StandardOutput=null
StandardError=null
TimeoutStartSec=1h

# ~/.config/systemd/user/nearmiss-sync.timer
[Unit]
Description=Look every now and then whether something is due

[Timer]
OnStartupSec=5min
OnUnitInactiveSec=30min
RandomizedDelaySec=30min

[Install]
WantedBy=timers.target
"""


def describe_task(program: str, environ: Mapping[str, str]) -> str:
    """A task of the Windows Task Scheduler, in ASCII, for `Register-ScheduledTask -Xml`.

    The scheduler sets no variables; who has moved the home sets NEARMISS_HOME for the account.
    """
    del environ
    command = _to_ascii(escape(program))
    return f"""\
<Task version="1.2" xmlns="{_TASK}">
  <RegistrationInfo>
    <Description>Send what is due, fetch what is new</Description>
  </RegistrationInfo>
  <Triggers>
    <TimeTrigger>
      <Repetition>
        <Interval>PT45M</Interval>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>
      <StartBoundary>2026-01-01T00:00:00</StartBoundary>
      <Enabled>true</Enabled>
      <RandomDelay>PT30M</RandomDelay>
    </TimeTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT1H</ExecutionTimeLimit>
    <Enabled>true</Enabled>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{command}</Command>
      <Arguments>{" ".join(_WORDS)}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


def print_timer(kind: str) -> None:
    """Print one of the two. kind: "systemd" or "task"."""
    describe = describe_systemd if kind == "systemd" else describe_task
    print(describe(find_program(), os.environ), end="")


def _quote_systemd(text: str, *, is_command: bool = False) -> str:
    """Quoted as systemd.syntax(7) and systemd.service(5) have it."""
    if any(not each.isprintable() for each in text):
        raise InputError("A path here has a letter that a systemd unit cannot hold.")
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    if is_command:
        quoted = quoted.replace("$", "$$")
    return f'"{quoted}"'


def _to_ascii(text: str) -> str:
    """Other letters as numbers, so that no shell's encoding changes them on the way."""
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")
