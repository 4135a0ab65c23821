"""What can go wrong between the parts. Both sides translate these into their own words."""


class ProtocolError(Exception):
    """Something that came from the other side is not as the protocol says."""


class MalformedError(ProtocolError):
    """Bytes that are not the message they claim to be."""


class ForgedError(ProtocolError):
    """A signature or a seal does not fit."""


class TooLargeError(ProtocolError):
    """A report does not fit into the one size that every submission has."""
