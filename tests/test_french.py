"""English and French: every text is marked, every marked text has its French, and the compiled file is of that."""

import gettext
import io
import re
from functools import cache, partial
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.pofile import read_po
from django.conf import settings
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

from tests.test_floor_plan import modules

ROOT = Path(settings.BASE_DIR)
FRENCH = ROOT / "locale" / "fr" / "LC_MESSAGES"
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
SPOKEN = {"aria-label", "alt", "title", "placeholder", "data-label", "content"}
# Names that are the same in every language, a class of the style sheet, and what only machines read.
SAME = re.compile(
    r"[\W\d_]*(Tandem|[A-Z]{2,4}|English|Français)[\W\d_]*|has-save|class=\"[a-z -]+\""
    r"|width=device-width.*|\{\"include.*"
)
NAMES = {
    "Lakeshore Regional Hospital · Mentors for 60",
    "Geoff Stone, Maple Valley Coach Lines",
    "Harbour Credit Union",
    "FreshFields Grocery",
    "Marcus Lee",
}
ONLY_MEASURED = {"demo/bare.html"}  # seen by the bench, by nobody else
Key = tuple[str, str]  # context ("" for none) and English


@cache
def french() -> Catalog:
    with (FRENCH / "django.po").open("rb") as file:
        return read_po(file, locale="fr")


def translated() -> list[Message]:
    return [message for message in french() if message.id]


def key(message: Message) -> Key:
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


def strings(message: Message) -> list[str]:
    """The French of a message: one, or singular and plural."""
    return [message.string] if isinstance(message.string, str) else list(message.string or [])


def marked() -> dict[Key, str]:
    """Every marked text of the house and where it stands."""
    found: dict[Key, str] = {}
    sources = {str(path.relative_to(ROOT)): templatize(path.read_text(), path.name) for path in TEMPLATES}
    sources |= {name: _file(name).read_text() for name in modules()} | {
        "config/settings.py": (ROOT / "config" / "settings.py").read_text()
    }
    for where, source in sources.items():
        for line, called, texts, _comments in extract_python(io.BytesIO(source.encode()), KEYWORDS, [], {}):
            parts = [texts] if isinstance(texts, str) else [text for text in texts if text]
            context = parts.pop(0) if "pgettext" in str(called) else ""
            if parts:
                found.setdefault((context, parts[0]), f"{where}:{line}")
    return found


def _file(module: str) -> Path:
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def test_every_marked_text_is_in_the_catalogue_and_no_other() -> None:
    in_code, in_catalogue = marked(), {key(message) for message in translated()}
    assert {text: where for text, where in in_code.items() if text not in in_catalogue} == {}
    assert in_catalogue - set(in_code) == set()


def test_no_message_is_missing_or_fuzzy() -> None:
    for message in translated():
        assert strings(message), f"{message.id!r} has no French"
        assert all(strings(message)), f"{message.id!r} has no French"
        assert not message.fuzzy, f"{message.id!r} is fuzzy"


def test_the_compiled_catalogue_is_the_one_of_the_text() -> None:
    with (FRENCH / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in translated():
        context, english = key(message)
        if len(strings(message)) == 1:
            found = compiled.pgettext(context, english) if context else compiled.gettext(english)
            assert [found] == strings(message)
        else:
            asked = partial(compiled.npgettext, context) if context else compiled.ngettext
            assert [asked(english, message.id[1], number) for number in (1, 2)] == strings(message)
    entries = [entry for entry in compiled._catalog if entry]  # type: ignore[attr-defined]
    assert len(entries) == sum(len(strings(message)) for message in translated())


@pytest.mark.parametrize("message", translated(), ids=lambda message: str(key(message)[1])[:40])
def test_french_is_written_as_french_is(message: Message) -> None:
    english = message.id if isinstance(message.id, str) else message.id[-1]
    for string in strings(message):
        assert set(PLACEHOLDER.findall(string)) <= set(PLACEHOLDER.findall(english))
        assert "'" not in string
        assert not re.search(r"[^\u00a0\s\d][:;?!»](\s|$)| [:;?!»%](?!\()|« ", string), string
    assert set(PLACEHOLDER.findall(strings(message)[-1])) == set(PLACEHOLDER.findall(english))


# ── Nothing is written past the catalogue ──


class Said(HTMLParser):
    """The texts and spoken attributes of a piece of HTML; what is code is no text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.tag = ""

    def handle_data(self, data: str) -> None:
        if self.tag != "code":
            self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = tag
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.tag = ""


def unmarked(source: str) -> list[str]:
    """The texts of a template that no translation reaches."""
    html, blocks = [], 0
    for token in Lexer(source).tokenize():
        word = token.contents.split()[0] if token.contents.split() else ""
        if token.token_type == TokenType.BLOCK and word in ("blocktranslate", "comment"):
            blocks += 1
        elif token.token_type == TokenType.BLOCK and word in ("endblocktranslate", "endcomment"):
            blocks -= 1
        elif token.token_type == TokenType.TEXT and not blocks:
            html.append(token.contents)
        else:
            html.append("\u0001")  # what stands for a tag or variable
    parser = Said()
    parser.feed("".join(html))
    texts = [piece.strip() for text in parser.found for piece in text.split("\u0001")]
    return [
        text for text in texts if re.search(r"[^\W\d_]{2}", text) and not SAME.fullmatch(text) and text not in NAMES
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_text_of_a_template_is_marked(path: Path) -> None:
    assert unmarked(path.read_text()) == [] or str(path.relative_to(ROOT / "templates")) in ONLY_MEASURED


def test_the_walk_sees_an_unmarked_text() -> None:
    assert unmarked('<p>{{ name }} owes</p><b aria-label="Close {{ it }}">{% translate "x" %}</b>') == ["owes", "Close"]
    assert unmarked("{% blocktranslate %}Marked{% endblocktranslate %} Tandem · 12") == []
