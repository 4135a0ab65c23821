"""What went wrong on the way to the service, in words, without the address that it names."""

import re
import ssl
from collections.abc import Iterator

from app.errors import SurroundingsError
from sync.socks import SocksError

_TUNNEL = re.compile(r"Tunnel connection failed: ([0-9]{3})")
_SIGN_IN = 407
# X509_V_ERR_CERT_NOT_YET_VALID of OpenSSL, errSecCertificateNotValidYet of macOS.
_NOT_YET = frozenset({9, -67819})
# X509_V_ERR_CERT_HAS_EXPIRED, errSecCertificateExpired, CERT_E_EXPIRED of Windows, which means
# either; it is given as a signed or as an unsigned number.
_EXPIRED = frozenset({10, -67818, 0x800B0101, 0x800B0101 - 2**32})


class NetworkError(SurroundingsError):
    """No answer came, or none that can be read. Trying again later is right."""


class CertificateDateError(NetworkError):
    """By this computer's date the service's certificate is not valid: is the date right?"""


def explain_failure(error: BaseException, *, is_too_slow: bool) -> NetworkError:
    """The sentence for a failure of the libraries. is_too_slow: we ended it ourselves."""
    if is_too_slow:
        return say_too_slow()
    causes = list(_causes(error))
    for each in causes:
        found = _recognise(each)
        if found is not None:
            return found
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return _say_insecure()
    if any(type(each).__name__ == "ProxyError" for each in causes):
        return NetworkError(
            "The proxy of the network settings cannot be reached.",
            "Nothing is lost; what waits goes up later.",
            "Check the network connection and, under Settings, the proxy's address.",
        )
    return NetworkError(
        "The service cannot be reached.",
        "Nothing is lost; what waits goes up later.",
        "Check the network connection, or try again later.",
    )


def _recognise(cause: BaseException) -> NetworkError | None:
    """The sentence for a cause that says it all, else None."""
    if isinstance(cause, NetworkError):
        return cause
    if isinstance(cause, SocksError):
        return _say_proxy_refused(cause.reason_words)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _say_certificate(cause.verify_code)
    found = _TUNNEL.search(str(cause))
    return None if found is None else _say_tunnel(int(found[1]))


def say_strange(status: int) -> NetworkError:
    """For an answer that the service never gives."""
    return NetworkError(
        "Something else than the service answered.",
        f"The answer was {status}. Nothing is lost.",
        "A sign-in page of the network may be in between: open a web page, then try again.",
    )


def say_too_slow() -> NetworkError:
    """For an answer that was ended because it took too long."""
    return NetworkError(
        "The service answered too slowly.",
        "Nothing is lost; what waits goes up later.",
        "Try again later, or over another network.",
    )


def say_too_much() -> NetworkError:
    """For an answer beyond every limit."""
    return NetworkError(
        "The service sent far more than it should.",
        "It was not kept.",
        "Try again later; if it stays so, tell your IT.",
    )


def _say_tunnel(status: int) -> NetworkError:
    if status == _SIGN_IN:
        return NetworkError(
            "The proxy wants somebody to sign in.",
            "This program cannot do that (NTLM, Negotiate, Kerberos, names with passwords), and "
            "it would tell the proxy who sends. Nothing was sent.",
            "Ask IT to let the service pass without signing in, or carry reports out on a "
            "stick: nearmiss carry out FOLDER",
        )
    return _say_proxy_refused(f"its answer was {status}")


def _say_proxy_refused(why: str) -> NetworkError:
    return NetworkError(
        "The proxy did not open the way to the service.",
        f"The reason: {why}. Nothing is lost; what waits goes up later.",
        "Try again later; if it stays so, ask IT to allow this service.",
    )


def _say_certificate(code: int) -> NetworkError:
    if code in _NOT_YET:
        return CertificateDateError(
            "By this computer's date the service's certificate is not valid yet.",
            "Nothing was sent. Most often the computer's date is behind.",
            "Check this computer's date and time. If both are right, tell your IT.",
        )
    if code in _EXPIRED:
        return CertificateDateError(
            "By this computer's date the service's certificate is not valid any more.",
            "Nothing was sent. Either the computer's date is wrong, or the certificate has run "
            "out.",
            "Check this computer's date and time. If both are right, tell your IT.",
        )
    return _say_insecure()


def _say_insecure() -> NetworkError:
    return NetworkError(
        "The connection to the service is not secure.",
        "Its certificate is not one that this computer trusts. Nothing was sent.",
        "If your agency inspects connections, ask IT for its certificate: "
        "nearmiss network set --ca-bundle FILE",
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The failure and all that it came from; libraries put that in four places."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop(0)
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, getattr(each, "reason", None), *each.args, each.__context__]
