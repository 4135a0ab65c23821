"""The rules of conftest.py are themselves tested."""

import logging
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["pytester"]

_NOISY = """
import logging

def test_noise(allowed_logs):
    {allow}
    logging.getLogger("nearmiss").warning("the disk is nearly full")
"""


@pytest.fixture(autouse=True)
def _seen_from_outside(allowed_logs: list[str]) -> None:
    """The inner run logs into this very process."""
    allowed_logs.append("nearly full")


def run_noisy(pytester: pytest.Pytester, allow: str) -> pytest.RunResult:
    pytester.makeconftest(Path(__file__).with_name("conftest.py").read_text("utf-8"))
    pytester.makepyfile(_NOISY.format(allow=allow))
    return pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider")


def test_an_unexpected_warning_fails(pytester: pytest.Pytester) -> None:
    result = run_noisy(pytester, "pass")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*unexpected log records: nearmiss: the disk is nearly full*"])


def test_an_allowed_warning_passes(pytester: pytest.Pytester) -> None:
    assert run_noisy(pytester, 'allowed_logs.append("nearly full")').ret == pytest.ExitCode.OK


def test_a_record_below_warning_passes(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("nearmiss").info("twelve reports wait")
    assert caplog.messages == ["twelve reports wait"]


def test_hypothesis_takes_the_same_examples_each_time() -> None:
    current = settings()
    assert current.derandomize
    assert current.deadline is None
