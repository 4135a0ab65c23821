"""What can go wrong in the service, apart from what the protocol itself raises."""


class ServiceError(Exception):
    """Something that the operator can put right. The text is one sentence that says how."""


class UnavailableError(Exception):
    """The database is locked, full or away: the request is to be repeated later."""
