"""The embedded broker: kombu's filesystem transport with whole-or-nothing writes, for a machine without Redis.

It is a bell only. A message it loses costs one sweep: what is to be done is a row in the database.
"""

import logging
import os
import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps

log = logging.getLogger("tandem.broker")


class Channel(filesystem.Channel):
    """The stock channel shows a message before it is written and dies of a cut one; this one does neither."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        part = folder / f".{name}.part"  # never matches "<queue>.msg", so no reader takes it half written
        with part.open("wb") as file:
            file.write(str_to_bytes(dumps(payload)))
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        while True:
            try:
                return super()._get(queue)
            except ValueError:  # cut by a full disk: it stays in the processed folder
                log.exception("unreadable message set aside, queue=%s", queue)


class Transport(filesystem.Transport):
    Channel = Channel


TRANSPORT_ALIASES["embedded"] = "config.broker:Transport"
