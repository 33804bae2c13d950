"""What somebody pasted: organisations by name or web address, one a line."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from businesses.look_alikes import FORMS, likeness
from businesses.models import Business
from core.search_text import search_key
from core.text import phone_number

MOST_LINES = 20
LONGEST_NAME, LONGEST_TOWN, LONGEST_PHONE = 160, 120, 40

BULLET = re.compile(r"^(?:[-•*·–—]\s*|\d{1,2}[.)]\s+)")
SEPARATOR = re.compile(r"\s*(?:\t|[;,|]|\s[-–—]\s|\s(?=https?://|www\.))\s*", re.IGNORECASE)
HOST = r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}"
WITH_MARK = re.compile(rf"(?:https?://|www\.){HOST}(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
# Without "www." only an ending of the web tells an address from a name with a full stop, as in "Co.Ltd".
ENDINGS = "ca|com|org|net|info|biz|coop|io|co|app|shop|store|quebec|us|uk|fr|eu|edu|gov|example"
WITHOUT_MARK = re.compile(rf"(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:{ENDINGS})(?:/\S*)?", re.IGNORECASE)
E_MAIL = re.compile(r"\S+@\S+\.\S+")
# What may stand before the ending of a country or province and is no name.
BEFORE_ENDING = frozenset(
    {"ab", "bc", "co", "com", "edu", "gc", "gov", "gouv", "gob", "mb", "nb", "net", "nl", "ns", "on", "org", "pe", "qc",
     "sk"}
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """An organisation as it was pasted; `is_guessed` if its name was made of its web address."""

    number: int
    typed: str
    name: str
    town: str = ""
    phone: str = ""
    website: str = ""
    is_guessed: bool = False


@dataclass(frozen=True)
class Pasted:
    """The organisations in their order, what stood there twice, how many lines were blank, and what is wrong."""

    lines: list[Line]
    doubled: list[str]
    blank: int
    problems: list[str]


def read(text: str) -> Pasted:
    """What was pasted, line by line. Every line that is not blank is an organisation, a double or a problem."""
    lines: list[Line] = []
    doubled: list[str] = []
    problems: list[str] = []
    typed = text.rstrip().split("\n") if text.strip() else []
    filled = [(number, line.strip()) for number, line in enumerate(typed, start=1) if line.strip()]
    for number, line in filled:
        try:
            found = _line(number, line)
        except ValidationError as problem:
            words = {"n": number, "problem": problem.messages[0]}
            problems.append(_("Line %(n)d: %(problem)s") % words)
            continue
        if any(_is_same(found, other) for other in lines):
            doubled.append(found.typed)
        else:
            lines.append(found)
    return Pasted(lines, doubled, len(typed) - len(filled), problems)


def _line(number: int, typed: str) -> Line:
    """One line; raises ValidationError in words that stand behind its number."""
    text, town, phone, website = BULLET.sub("", typed).strip(" ,;"), "", "", ""
    while separators := list(SEPARATOR.finditer(text)):
        cut = separators[-1]
        before, last = text[: cut.start()].strip(), text[cut.end() :].strip()
        if not before:
            text = last
        elif not website and is_web_address(last):
            text, website = before, last
        elif not phone and _is_phone(last):
            text, phone = before, last
        elif not town and _is_town(last):
            text, town = before, last
        else:
            break
    is_guessed = is_web_address(text)
    if is_guessed:
        text, website = name_of(host_of(text)), text
    _check(text, website, is_guessed)
    return Line(number, typed, " ".join(text.split()), town, phone, _address(website), is_guessed)


def _check(name: str, website: str, is_guessed: bool) -> None:
    if E_MAIL.search(name):
        raise ValidationError(_("this is an e-mail address. Write the organisation’s name or web address."))
    if len(name) > LONGEST_NAME:
        raise ValidationError(_("this name is longer than %(n)d characters.") % {"n": LONGEST_NAME})
    if not (is_guessed or any(letter.isalpha() for letter in name)):
        raise ValidationError(_("there is no name here. Write the organisation’s name or web address."))
    if website:
        _address(website)


def _address(typed: str) -> str:
    """A web address with its scheme; raises ValidationError."""
    if not typed:
        return ""
    try:
        return str(forms.URLField(assume_scheme="https", max_length=300).clean(typed))
    except ValidationError:
        raise ValidationError(_("this web address leads nowhere. Write it as example.org.")) from None


def is_web_address(text: str) -> bool:
    """Whether `text` is a web address, with or without its scheme."""
    return bool(WITH_MARK.fullmatch(text) or WITHOUT_MARK.fullmatch(text))


def _is_phone(text: str) -> bool:
    try:
        phone_number(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_PHONE


def _is_town(text: str) -> bool:
    """A town has letters and no figure; "Inc." behind a comma is part of the name."""
    words = [word for word in re.split(r"\W+", search_key(text)) if word]
    is_form = all(word in FORMS for word in words)
    return bool(words) and not is_form and len(text) <= LONGEST_TOWN and not any(c.isdigit() or c == "@" for c in text)


def host_of(address: str) -> str:
    """The host of a web address in small letters, without "www."; "" for none."""
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def name_of(host: str) -> str:
    """A readable name for whoever is at `host`: "northgate-robotics.on.ca" is Northgate Robotics."""
    labels = host.split(".")[:-1] or [host]
    while len(labels) > 1 and labels[-1] in BEFORE_ENDING:
        labels.pop()
    words = re.split(r"[-_.]+", ".".join(labels))
    return " ".join(word[:1].upper() + word[1:] for word in words if word)


def _is_same(one: Line, other: Line) -> bool:
    """Whether two lines name one organisation: the same web address, or the same name and no two towns."""
    if one.website and host_of(one.website) == host_of(other.website):
        return True
    return search_key(one.name) == search_key(other.name) and _towns_agree(one.town, other.town)


def _towns_agree(one: str, other: str) -> bool:
    return not (one and other) or search_key(one) == search_key(other)


@dataclass(frozen=True)
class Known:
    """A line beside the directory: `there` is the organisation it names, `alike` one that only looks like it."""

    line: Line
    there: Business | None = None
    alike: Business | None = None


def beside(line: Line, directory: Iterable[Business]) -> Known:
    """What of `directory` the line names. The same web address or name is the same organisation; a name made of a web
    address, another town, and a name that differs by "Inc." or spaces is one to ask about."""
    alike = None
    host, key, near = host_of(line.website), search_key(line.name), _squeezed(line.name)
    for business in directory:
        if host and host == host_of(business.website):
            return Known(line, there=business)
        is_named = search_key(business.name) == key and not line.is_guessed
        if is_named and _towns_agree(line.town, business.town):
            return Known(line, there=business)
        if alike is None and near == _squeezed(business.name):
            alike = business
    return Known(line, alike=alike)


def _squeezed(name: str) -> str:
    return likeness(name).replace(" ", "")
