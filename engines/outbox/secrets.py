"""Bodies that carry a code or token: encrypted while they wait, never shown, erased once sent."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def hide(text: str) -> str:
    """`text`, encrypted with a key made from SECRET_KEY."""
    return _cipher().encrypt(text.encode()).decode()


def reveal(hidden: str) -> str:
    """What `hide` hid; raises cryptography.fernet.InvalidToken for anything else."""
    return _cipher().decrypt(hidden.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"tandem.outbox." + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
