"""What an officer is told before the story and after it; an agency's policy may say it better."""

from app.policy import PeerSupport, Policy

NOTICE_TITLE = "What you write here is not privileged, and it may be subpoenaed."
"""Stays, whatever a policy says."""
_NOTICE = (
    "A court, a prosecutor or an inquiry can demand what lies on this computer, drafts too. Talk "
    "to your union or association representative or to your own lawyer first if somebody was hurt, "
    "force was used, somebody may be disciplined or sued, or you were told not to talk about it."
)
PEER_TITLE = "If it stays with you"
PEER_TEXT = (
    "A close call can come back for days: bad sleep, a short temper, the same picture again. "
    "Talking helps. These numbers have nothing to do with this program, which calls nobody."
)
_PEERS = (PeerSupport("988 Lifeline, for anyone in the United States", "call or text 988"),)


def notice_text(policy: Policy) -> str:
    """What stands below the title."""
    return policy.notice or _NOTICE


def peer_support(policy: Policy) -> tuple[PeerSupport, ...]:
    """Whom to call."""
    return policy.peer_support or _PEERS
