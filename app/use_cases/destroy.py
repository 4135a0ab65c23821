"""Destroy a report here at once, without waiting for the service's signature."""

from app.store.drafts import DraftApprovedError, DraftId, Drafts, DraftState

__all__ = ["can_destroy", "destroy_now"]


def can_destroy(state: DraftState) -> bool:
    """Not while its sealed bytes are on their way into the post: a crash is mended from there."""
    return state is not DraftState.APPROVING


def destroy_now(drafts: Drafts, draft_id: DraftId) -> bool:
    """Destroy a draft with its notes, decisions, scrub map and words, in free pages, log and
    automatic backups too. What was sealed of it stays in the post and leaves as planned.

    Returns whether something sealed waits on. If that is refused or taken back, nothing is left
    to be written again. Raises NoSuchDraftError, DraftApprovedError while it is being approved.
    """
    with drafts.step:
        state = drafts.summary(draft_id).state
        if not can_destroy(state):
            raise DraftApprovedError
        drafts.destroy(draft_id)
    return state is DraftState.QUEUED
