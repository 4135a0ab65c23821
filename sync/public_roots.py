"""Whether a certificate comes from a public authority, such as every browser trusts.

An agency that inspects connections puts an authority of its own into the system's store. The
connection is then not refused: the report is sealed, and only what lies around it can be read.
But it is said (docs/decisions/0009).
"""

import re
import warnings
from collections.abc import Sequence
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

_LONGEST_NAME = 80
_NAMELESS = "an authority without a name"
_BLOCK = re.compile(b"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


def find_private_issuer(chain: Sequence[bytes], host: str, now_utc: datetime) -> str:
    """The name of the authority behind a chain of certificates, empty for a public one.

    chain: DER, the host's own first, as the other side sent it. The name is what the certificate
    says, printable and short. Raises nothing: what cannot be judged counts as not public.
    """
    try:
        certificates = [x509.load_der_x509_certificate(each) for each in chain]
        subject = _subject(host)
        verifier = PolicyBuilder().store(_public_roots()).time(now_utc)
        verifier.build_server_verifier(subject).verify(certificates[0], certificates[1:])
    except VerificationError:
        return _name_issuer(certificates[-1])
    except (ValueError, IndexError):
        return _NAMELESS
    return ""


def _subject(host: str) -> x509.DNSName | x509.IPAddress:
    try:
        return x509.IPAddress(ip_address(host.strip("[]")))
    except ValueError:
        return x509.DNSName(host)


def _public_roots() -> Store:
    """Mozilla's list, as the packaged library `certifi` has it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old authorities with odd serial numbers
        blocks = _BLOCK.findall(Path(certifi.where()).read_bytes())
        return Store([x509.load_pem_x509_certificate(block) for block in blocks])


def _name_issuer(certificate: x509.Certificate) -> str:
    for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        for attribute in certificate.issuer.get_attributes_for_oid(kind):
            name = attribute.value if isinstance(attribute.value, str) else ""
            name = "".join(each for each in name if each.isprintable()).strip()
            if name:
                return name[:_LONGEST_NAME]
    return _NAMELESS
