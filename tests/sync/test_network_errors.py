"""What the libraries say becomes a sentence that tells what to do, whatever system they run on."""

import ssl

import pytest

from sync.network_errors import CertificateDateError, NetworkError, explain_failure


def _refused(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError("of the system")
    error.verify_code = code
    return error


@pytest.mark.parametrize("code", [9, 10, -67819, -67818, 0x800B0101, 0x800B0101 - 2**32])
def test_a_certificate_of_another_time_is_known_on_every_system(code: int) -> None:
    found = explain_failure(_refused(code), is_too_slow=False)
    assert isinstance(found, CertificateDateError)
    assert "date" in found.hint


@pytest.mark.parametrize("code", [18, 19, 20, 62, -67843, 0x800B0109])
def test_any_other_refused_certificate_is_not_blamed_on_the_date(code: int) -> None:
    found = explain_failure(_refused(code), is_too_slow=False)
    assert not isinstance(found, CertificateDateError)
    assert "not secure" in found.title


def test_a_cause_is_found_however_deep_it_lies_and_a_circle_ends() -> None:
    outer, inner = OSError("https://service.example refused"), _refused(9)
    outer.__cause__, inner.__context__ = RuntimeError(inner), outer
    assert isinstance(explain_failure(outer, is_too_slow=False), CertificateDateError)


def test_nothing_of_the_libraries_own_words_is_shown() -> None:
    found = explain_failure(OSError("https://service.example/secret"), is_too_slow=False)
    assert type(found) is NetworkError
    assert "service.example" not in found.sentence()


def test_what_we_ended_ourselves_is_called_slow() -> None:
    assert "slowly" in explain_failure(_refused(9), is_too_slow=True).title
