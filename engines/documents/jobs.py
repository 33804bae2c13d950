"""What the rendering process is asked and what it answers, and both as messages (frames.py).

Nothing here knows Django or WeasyPrint: the module is shared by the two ends of the pipe.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Paper = Literal["letter", "a4"]
Message = tuple[dict[str, Any], list[bytes]]


@dataclass(frozen=True)
class Job:
    """One document to render.

    `html` is complete and its user text escaped; it may refer to `files` as `job:name` and to nothing else.
    With `one_page` it must end in `<p id="end">`, and `budgets` names the fields (elements with
    `data-field`) and the words each may have when all are full; `hint` is the density step that fitted
    last time. `limit` is the seconds it may take before its process is killed.
    """

    html: str
    paper: Paper = "letter"
    files: Mapping[str, bytes] = field(default_factory=dict)
    one_page: bool = False
    budgets: Mapping[str, int] = field(default_factory=dict)
    hint: int | None = None
    limit: float = 30.0


@dataclass(frozen=True)
class Rendered:
    """A tagged PDF (PDF/UA-1). `step` is the density a one-page document got, to be kept as the next hint;
    `renders` counts the layouts made for it."""

    pdf: bytes
    pages: int
    renders: int
    step: int | None = None


@dataclass(frozen=True)
class Refused:
    """The text is too long for its page, and no document was made. `cuts` says how many words to take away
    from which fields so that it fits, measured; it is empty when shortening these fields cannot help
    (a title or a name is too long)."""

    cuts: Mapping[str, int]
    renders: int


@dataclass(frozen=True)
class Failed:
    """No document, and not for its length: something in it was refused, missing or broken."""

    reason: str


Answer = Rendered | Refused | Failed


def job_to_message(job: Job) -> Message:
    """`job` as it goes through the pipe; the inverse of `job_from_message`."""
    header = {
        "paper": job.paper,
        "files": list(job.files),
        "one_page": job.one_page,
        "budgets": dict(job.budgets),
        "hint": job.hint,
        "limit": job.limit,
    }
    return header, [job.html.encode("utf-8"), *job.files.values()]


def job_from_message(message: Message) -> Job:
    header, (html, *contents) = message
    names = header.pop("files")
    return Job(html=html.decode("utf-8"), files=dict(zip(names, contents, strict=True)), **header)


def answer_to_message(answer: Answer) -> Message:
    """`answer` as it goes through the pipe; the inverse of `answer_from_message`."""
    match answer:
        case Rendered():
            header = {"is": "rendered", "pages": answer.pages, "renders": answer.renders, "step": answer.step}
            return header, [answer.pdf]
        case Refused():
            return {"is": "refused", "cuts": dict(answer.cuts), "renders": answer.renders}, []
        case Failed():
            return {"is": "failed", "reason": answer.reason}, []


def answer_from_message(message: Message) -> Answer:
    header, parts = message
    match header.pop("is"):
        case "rendered":
            return Rendered(pdf=parts[0], **header)
        case "refused":
            return Refused(**header)
        case _:
            return Failed(**header)
