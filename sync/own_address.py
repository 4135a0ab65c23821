"""Notices that the network has changed, without sending anything."""

import socket

# Addresses for documentation (RFC 5737, RFC 3849), which lead nowhere.
_NOWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


def own_address() -> str:
    """The address that this computer would speak from, empty without a network.

    Nothing is sent: it only asks the system which way a packet would take. Another answer than
    before means that the network has changed.
    """
    for family, address in _NOWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                return str(probe.getsockname()[0])
        except OSError:
            continue  # no way out in this family
    return ""
