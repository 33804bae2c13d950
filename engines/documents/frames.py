"""How the two ends of the rendering process talk over a pipe.

A message is four bytes (the header's length, big-endian), a JSON header and, after it, the binary parts
whose lengths the header lists under "parts".
"""

import json
from collections.abc import Sequence
from typing import Any, Protocol

MOST_BYTES = 256 * 1024 * 1024


class Stream(Protocol):
    """What a pipe's end offers, buffered or raw: both calls may do less than asked."""

    def read(self, size: int, /) -> bytes | None: ...
    def write(self, data: bytes | memoryview, /) -> int | None: ...
    def flush(self) -> None: ...


class Closed(Exception):
    """The other end closed the pipe: between two messages, or in the middle of one."""


def write(stream: Stream, header: dict[str, Any], parts: Sequence[bytes] = ()) -> None:
    """Send one message. Raises OSError (BrokenPipeError) when nobody reads any more."""
    head = json.dumps({**header, "parts": [len(part) for part in parts]}).encode()
    for piece in (len(head).to_bytes(4, "big"), head, *parts):
        _write_all(stream, piece)
    stream.flush()


def read(stream: Stream) -> tuple[dict[str, Any], list[bytes]]:
    """Wait for one message: its header without "parts", and its parts. Raises Closed."""
    header = json.loads(_read_all(stream, int.from_bytes(_read_all(stream, 4), "big")))
    return header, [_read_all(stream, size) for size in header.pop("parts")]


def _write_all(stream: Stream, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[stream.write(rest) or 0 :]


def _read_all(stream: Stream, size: int) -> bytes:
    if not 0 <= size <= MOST_BYTES:
        raise ValueError(f"A message of {size} bytes")
    data = bytearray()
    while len(data) < size:
        if not (piece := stream.read(size - len(data))):
            raise Closed
        data += piece
    return bytes(data)
