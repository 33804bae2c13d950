"""A board's own sign-in, and a name server, played on this machine: real sockets, real signatures."""

import base64
import hashlib
import json
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "tandem-at-the-board", "a secret of the client"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """What a usual sign-in does: discovery, a code bound to a challenge, tokens, userinfo, keys.

    A test changes `claims`, `shown` (the keys it shows), `signs_with`, `userinfo`, `discovery` or `answers` to have it
    misbehave.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.signs_with = ("key-1", new_key())
        self.shown = [self.signs_with]
        self.claims: dict[str, Any] = {"sub": "42", "email": "helen@maple.example", "email_verified": True}
        self.without: set[str] = set()
        self.userinfo: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.answers: dict[str, tuple[int, str, bytes]] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.tokens_asked: list[dict[str, str]] = []

    def authorize(self, way: str) -> str:
        """What the browser is led back to once the person has signed in there."""
        asked = dict(parse_qsl(urlsplit(way).query))
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert {"openid", "email"} <= set(asked["scope"].split())
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def answer(self, path: str, sent: dict[str, str], bearer: str) -> tuple[int, str, bytes]:
        """Status, content type and body."""
        path, _mark, query = path.partition("?")
        self.asked.append(path)
        if path == "/authorize":  # the person says yes at once
            return 302, self.authorize(f"{self.url}/authorize?{query}"), b""
        if path in self.answers:
            return self.answers[path]
        found: Any = {
            "/.well-known/openid-configuration": self._discovery,
            "/token": lambda: self._token(sent),
            "/userinfo": lambda: self.userinfo if bearer == "Bearer an-access-token" else None,
            "/keys": lambda: {"keys": [self._shown(kid, key) for kid, key in self.shown]},
        }.get(path, lambda: None)()
        return (
            (400, "application/json", b"{}") if found is None else (200, "application/json", json.dumps(found).encode())
        )

    def _discovery(self) -> dict[str, Any]:
        own = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        found = {name: f"{self.url}/{path}" for name, path in own.items()}
        return found | {"issuer": self.url, "userinfo_endpoint": f"{self.url}/userinfo"} | self.discovery

    def _token(self, sent: dict[str, str]) -> dict[str, str] | None:
        self.tokens_asked.append(sent)
        asked = self.codes.pop(sent.get("code", ""), None)  # a code is good once
        if asked is None or (sent["client_id"], sent["client_secret"]) != (CLIENT, SECRET):
            return None
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300} | self.claims
        kept = {name: value for name, value in claims.items() if name not in self.without}
        kid, key = self.signs_with
        return {
            "access_token": "an-access-token",
            "token_type": "Bearer",
            "id_token": jwt.encode(kept, key, algorithm="RS256", headers={"kid": kid}),
        }

    @staticmethod
    def _shown(kid: str, key: rsa.RSAPrivateKey) -> dict[str, Any]:
        shown = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        return {**shown, "kid": kid, "use": "sig", "alg": "RS256"}


@contextmanager
def board_provider() -> Iterator[Provider]:
    """A provider that answers on this machine until the end."""

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            sent = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            status, kind, body = provider.answer(self.path, sent, self.headers.get("Authorization", ""))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", kind)
            elif kind:
                self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _serve  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def name_server(records: dict[str, list[str]], port: int = 0) -> Iterator[str]:
    """Its address; it knows these TXT records, names in lower case, and nothing else. Any port unless one is named."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind(("127.0.0.1", port))

        def serve() -> None:
            while True:
                try:
                    asked, who = own.recvfrom(4096)
                except OSError:
                    return
                if not asked:
                    return
                own.sendto(_answer(asked, records), who)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = own.getsockname()[1]
        try:
            yield f"127.0.0.1:{port}"
        finally:
            own.sendto(b"", ("127.0.0.1", port))
            thread.join(5)


def _answer(asked: bytes, records: dict[str, list[str]]) -> bytes:
    question = dns.message.from_wire(asked)
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.AA | dns.flags.RA
    name = question.question[0].name
    texts = records.get(name.to_text(omit_final_dot=True).lower())
    if texts is None:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    elif texts:
        answer.answer.append(dns.rrset.from_text_list(name, 60, "IN", "TXT", [f'"{text}"' for text in texts]))
    return answer.to_wire()
