"""Files by their hash, outside the static folder; served only by a view that asked the policy."""

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.db import models, transaction

from core import clock
from core.models import StoredFile


class FileDamaged(Exception):
    """The bytes on disk are gone or not the ones that were stored."""


def store(content: bytes, *, content_type: str) -> StoredFile:
    """Keep `content` and return its row; the same bytes are kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(content)
        part.replace(path)
    stored, _created = StoredFile.objects.get_or_create(
        sha256=sha256,
        defaults={"size": len(content), "content_type": content_type, "stored_at": clock.now()},
    )
    return stored


def read(stored: StoredFile) -> bytes:
    """The bytes of `stored`; raises FileDamaged rather than hand out others."""
    try:
        content = _path(stored.sha256).read_bytes()
    except FileNotFoundError as error:
        raise FileDamaged(stored.sha256) from error
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise FileDamaged(stored.sha256)
    return content


def forget(stored: StoredFile) -> bool:
    """Delete `stored` and, once that is committed, its bytes; False if some row still holds it."""
    path = _path(stored.sha256)
    try:
        with transaction.atomic():
            stored.delete()
    except models.ProtectedError:
        return False
    transaction.on_commit(lambda: _unlink_unless_kept(stored.sha256, path), robust=True)
    return True


def _unlink_unless_kept(sha256: str, path: Path) -> None:
    # The same bytes may have been stored again meanwhile.
    if not StoredFile.objects.filter(sha256=sha256).exists():
        path.unlink(missing_ok=True)


def _path(sha256: str) -> Path:
    return Path(settings.STORED_FILES_DIR) / sha256[:2] / sha256
