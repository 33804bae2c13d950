"""Files of others are what the manifest says; pages ask only for icons we ship and code the CSP lets run."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
MANIFEST = json.loads((STATIC / "vendor" / "manifest.json").read_text())

NOT_OURS = {".venv", "var", "node_modules", ".git"}
# A mail and a document are no page of the site: no CSP rules them, and mail readers want their styles inline.
NO_PAGES = (ROOT / "templates" / "emails", ROOT / "templates" / "documents")

ICON_IN_TEMPLATE = re.compile(r"""\{%\s*(?:icon\s+|status\s+"[a-z]+"\s+)"([a-z0-9-]+)\"""")
ICON_BY_NAME = re.compile(r"""\b(?:chip_)?icon(?:_name)?["']?\s*[=:]\s*["']([a-z0-9-]+)["']""")
ICON_OF_PLACE = re.compile(r"""_place\(\s*["'][a-z_]+["'],\s*["']([a-z0-9-]+)["']""")
ICON_MAP = re.compile(r"\b[A-Z_]*ICONS\b[^=\n]*=\s*\{(.*?)\}", re.DOTALL)
ICON_IN_MAP = re.compile(r""":\s*["']([a-z0-9-]+)["']""")

INLINE = {
    "a script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "an icon of the font we do not ship": re.compile(r'<i class="bi\b'),
}


def ours(pattern: str) -> list[Path]:
    """Our files of that name, those of the tests left out."""
    found = [path for path in ROOT.rglob(pattern) if not NOT_OURS & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in found if path.relative_to(ROOT).parts[0] != "tests")


def pages() -> list[Path]:
    templates = [path for path in ours("*.html") if "templates" in path.relative_to(ROOT).parts]
    return [path for path in templates if not path.is_relative_to(NO_PAGES[0]) and not path.is_relative_to(NO_PAGES[1])]


def icons_asked_for() -> set[tuple[str, str]]:
    """(icon, file) for every icon a template or a module names."""
    asked = set()
    for path in pages() + ours("*.py"):
        text = path.read_text()
        names = ICON_IN_TEMPLATE.findall(text) + ICON_BY_NAME.findall(text) + ICON_OF_PLACE.findall(text)
        if path.suffix == ".py":
            names += [name for body in ICON_MAP.findall(text) for name in ICON_IN_MAP.findall(body)]
        asked |= {(name, str(path.relative_to(ROOT))) for name in names}
    return asked


@pytest.mark.parametrize("name", sorted(MANIFEST["files"]))
def test_a_vendored_file_is_the_one_that_was_fetched(name: str) -> None:
    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == MANIFEST["files"][name]


def test_every_vendored_file_is_in_the_manifest() -> None:
    held = [path for folder in ("vendor", "fonts") for path in (STATIC / folder).rglob("*") if path.is_file()]
    names = {str(path.relative_to(STATIC)) for path in held} - {"vendor/manifest.json"}
    assert names | {"icons.svg"} == set(MANIFEST["files"])


def test_every_vendored_package_came_with_its_licence() -> None:
    for folder in (
        "vendor/bootstrap",
        "vendor/bootstrap-icons",
        "fonts/source-sans-3",
        "fonts/source-serif-4",
    ):
        assert (STATIC / folder / "LICENSE").is_file()


def test_style_sheets_refer_to_files_that_are_there() -> None:
    for sheet in STATIC.rglob("*.css"):
        text = sheet.read_text()
        assert "sourceMappingURL" not in text
        for address in re.findall(r"url\(([\"']?)((?!data:)[^)\"']+)\1\)", text):
            assert (sheet.parent / address[1]).resolve().is_file(), address[1]


def test_every_icon_a_page_asks_for_is_in_the_sprite() -> None:
    held = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (STATIC / "icons.svg").read_text()))
    missing = sorted((name, where) for name, where in icons_asked_for() if name not in held)
    assert not missing, "add them to ICONS in scripts/vendor_assets.py and run it"


def test_the_search_for_icons_finds_them() -> None:
    asked = {name for name, _where in icons_asked_for()}
    assert {"box-arrow-right", "exclamation-circle-fill", "key", "sun"} <= asked


@pytest.mark.parametrize("page", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_holds_nothing_the_csp_forbids(page: Path) -> None:
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}", "", page.read_text(), flags=re.DOTALL)
    found = {what: match.group() for what, pattern in INLINE.items() if (match := pattern.search(text))}
    assert not found
