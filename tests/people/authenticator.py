"""An authenticator app, as far as a test needs one."""

import base64
import hmac
import struct
import time


def digits(secret: str, at: float | None = None) -> str:
    """The six digits an authenticator app shows for `secret` (RFC 6238)."""
    counter = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    mac = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
