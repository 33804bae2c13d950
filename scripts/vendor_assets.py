"""Refresh the files of others under static/ (maintainers only; needs npm and the network).

Run `python scripts/vendor_assets.py` after changing a version in PACKAGES or a name in ICONS. It fetches the
pinned npm packages, copies the named files with their licences, builds the sprite of the icons named here and
writes static/vendor/manifest.json with the SHA-256 of every file it made. Commit what it changes.
tests/test_vendored_assets.py checks the manifest and that every icon a page asks for is in the sprite.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
MANIFEST = STATIC / "vendor" / "manifest.json"
SPRITE = "icons.svg"

PACKAGES = {
    "bootstrap": "5.3.8",
    "bootstrap-icons": "1.13.2",
    "@fontsource-variable/source-sans-3": "5.3.0",
    "@fontsource-variable/source-serif-4": "5.3.1",
}

# package: where its files go under static/, and which they are
FILES = {
    "bootstrap": ("vendor/bootstrap", ["dist/css/bootstrap.min.css", "LICENSE"]),
    "bootstrap-icons": ("vendor/bootstrap-icons", ["LICENSE"]),
    "@fontsource-variable/source-sans-3": (
        "fonts/source-sans-3",
        [
            "files/source-sans-3-latin-wght-normal.woff2",
            "files/source-sans-3-latin-ext-wght-normal.woff2",
            "files/source-sans-3-latin-wght-italic.woff2",
            "files/source-sans-3-latin-ext-wght-italic.woff2",
            "LICENSE",
        ],
    ),
    "@fontsource-variable/source-serif-4": (
        "fonts/source-serif-4",
        [
            "files/source-serif-4-latin-standard-normal.woff2",
            "files/source-serif-4-latin-ext-standard-normal.woff2",
            "LICENSE",
        ],
    ),
}

ICONS = [
    "arrow-repeat",
    "arrow-right",
    "box-arrow-right",
    "briefcase",
    "building",
    "building-check",
    "bus-front",
    "calendar-check",
    "calendar-plus",
    "calendar-x",
    "cash-coin",
    "check-circle-fill",
    "check2",
    "chevron-expand",
    "chevron-left",
    "chevron-right",
    "circle",
    "clock",
    "clock-fill",
    "clock-history",
    "compass",
    "dash-lg",
    "door-open",
    "envelope",
    "envelope-heart",
    "exclamation-circle-fill",
    "eye",
    "eye-slash",
    "file-earmark-pdf",
    "file-earmark-richtext",
    "file-earmark-text",
    "flag",
    "hospital",
    "hourglass-split",
    "house-door",
    "key",
    "lightbulb",
    "list",
    "lock-fill",
    "map",
    "mic",
    "moon",
    "moon-stars",
    "mortarboard",
    "pencil",
    "people",
    "person",
    "person-arms-up",
    "person-badge",
    "person-plus",
    "phone",
    "plus-lg",
    "search",
    "send",
    "share",
    "signpost-split",
    "sun",
    "table",
    "telephone",
    "text-left",
    "three-dots",
    "tools",
    "translate",
]


def fetched(package: str, version: str, folder: Path) -> Path:
    """Fetch one pinned package from npm into `folder` and unpack it; return the unpacked folder.

    Raises CalledProcessError when npm cannot give that version.
    """
    target = folder / package.replace("/", "__")
    target.mkdir()
    done = subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", str(target), f"{package}@{version}"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    archive = target / done.stdout.strip().splitlines()[-1]
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def copied(package: str, source: Path) -> list[Path]:
    """Copy the named files of one package under static/; return where they went."""
    folder, names = FILES[package]
    (STATIC / folder).mkdir(parents=True, exist_ok=True)
    made = []
    for name in names:
        goal = STATIC / folder / Path(name).name
        shutil.copyfile(source / name, goal)
        # The map is not shipped, and the manifest storage stops on a reference to a missing file.
        if goal.suffix == ".css":
            goal.write_text(re.sub(r"/\*# sourceMappingURL=.*?\*/\s*$", "", goal.read_text()).rstrip() + "\n")
        made.append(goal)
    return made


def sprite(icons: Path, names: list[str]) -> str:
    """Give the sprite: one <symbol> for each named icon, drawn in the colour of the text around it.

    Raises FileNotFoundError for a name the package does not have.
    """
    namespace = "{http://www.w3.org/2000/svg}"
    ET.register_namespace("", namespace.strip("{}"))
    symbols = []
    for name in sorted(set(names)):
        drawing = ET.parse(icons / f"{name}.svg").getroot()
        shapes = "".join(ET.tostring(shape, encoding="unicode").strip() for shape in drawing)
        shapes = shapes.replace(' xmlns="http://www.w3.org/2000/svg"', "")
        symbols.append(f'<symbol id="{name}" viewBox="{drawing.attrib["viewBox"]}">{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def main() -> None:
    made = []
    with tempfile.TemporaryDirectory() as work:
        for package, version in PACKAGES.items():
            source = fetched(package, version, Path(work))
            made += copied(package, source)
            if package == "bootstrap-icons":
                (STATIC / SPRITE).write_text(sprite(source / "icons", ICONS))
                made.append(STATIC / SPRITE)
    sums = {str(path.relative_to(STATIC)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(made)}
    MANIFEST.write_text(json.dumps({"packages": PACKAGES, "files": sums}, indent=2) + "\n")
    print(f"{len(sums)} files, {len(set(ICONS))} icons")


if __name__ == "__main__":
    main()
