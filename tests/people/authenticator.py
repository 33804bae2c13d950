"""An authenticator app and a device with a passkey, as far as a test needs them."""

import base64
import hashlib
import hmac
import json
import struct
import time
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

Json = dict[str, Any]


def digits(secret: str, at: float | None = None) -> str:
    """The six digits an authenticator app shows for `secret` (RFC 6238)."""
    counter = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    mac = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class Passkey:
    """A device that keeps one passkey for a site, as far as a test needs one (W3C Web Authentication, level 2)."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = b"a passkey of a test"
        self.user = b""

    def made(self, options: Json) -> str:
        """What the browser sends when a passkey is made."""
        self.user = websafe_decode(options["publicKey"]["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        kept = self._data(0x45) + bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor.encode(dict(public))
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": kept})
        says = self._says("webauthn.create", options)
        return self._answer(clientDataJSON=says, attestationObject=attested)

    def used(self, options: Json) -> str:
        """What the browser sends when it is used."""
        data, says = self._data(0x05), self._says("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(says).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=says, authenticatorData=data, signature=signature, userHandle=self.user)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + bytes(4)

    def _says(self, what: str, options: Json) -> bytes:
        origin = f"https://{self.site}"
        return json.dumps({"type": what, "challenge": options["publicKey"]["challenge"], "origin": origin}).encode()

    def _answer(self, **parts: bytes) -> str:
        key = websafe_encode(self.id)
        response = {name: websafe_encode(part) for name, part in parts.items()}
        found = {"id": key, "rawId": key, "type": "public-key", "response": response}
        return json.dumps({**found, "clientExtensionResults": {"credProps": {"rk": True}}})
