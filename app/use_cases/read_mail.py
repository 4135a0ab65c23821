"""Find sealed mail on this computer. What opens it is not known here."""

from app.store.mail import Mail
from app.store.receipts import KeptReceipt, NoSuchReceiptError, Receipts, StoredReply

__all__ = ["KeptReceipt", "Mail", "NoSuchReceiptError", "Receipts", "StoredReply"]
