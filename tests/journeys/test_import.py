"""A board administrator brings in schools from a file: looks, downloads what is refused, mends it, imports."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys import running_site
from tests.journeys.browsing import Album, Visitor
from tests.journeys.test_every_page import cookie
from tests.journeys.test_joining import come_in
from tests.journeys.test_people import look_at

pytestmark = pytest.mark.journey
LIST = "Code;Désignation;Ville\n900001;École du Lac;Sudbury\n;Without a number;Ajax\n900003;=Élan;Hearst\n"
MANY = "School Number,School Name,City\n" + "".join(f"8{n:05},Big School {n},Ajax\n" for n in range(3000))


def test_a_file_is_looked_at_mended_and_imported(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    album = Album("import")
    with running_site.place("imports") as (data, env), running_site.running(data=data, env=env) as site:
        link = next(link for who, link in site.links().items() if "Ruth" in who)
        ruth = visit(site)
        come_in(ruth, link)
        without_script = visit(site, session=ruth.context.storage_state(), java_script_enabled=False)
        upload(ruth, "schools.csv", LIST.encode("cp1252"), album)
        match_the_columns(ruth, album)
        mended = mend(look(ruth, album, tmp_path))
        import_it(ruth, album)
        upload(ruth, "mended.csv", mended)
        import_mended(ruth, album)
        import_many(without_script)
        invite_many(ruth, album)
        take_the_list(ruth)


def upload(ruth: Visitor, name: str, content: bytes, album: Album | None = None, kind: str = "Schools") -> None:
    ruth.page.goto("/board/")
    ruth.page.get_by_role("main").get_by_role("link", name="Import", exact=True).click()
    ruth.page.get_by_role("radio", name=kind).check()
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": content}
    ruth.page.get_by_label("File", exact=True).set_input_files(file)
    if album:
        look_at(ruth, "upload", album)
    ruth.press_twice("Upload and look")


def match_the_columns(ruth: Visitor, album: Album) -> None:
    expect(ruth.page.get_by_role("heading", level=1)).to_contain_text("The columns of schools.csv")
    ruth.page.get_by_label("School number").select_option(label="Code (900001)")
    ruth.page.get_by_label("Name of the school").select_option(label="Désignation (École du Lac)")
    look_at(ruth, "columns", album)
    ruth.press("Go on with these columns")


def look(ruth: Visitor, album: Album, folder: Path) -> str:
    """What is refused, as the file that is downloaded."""
    expect(ruth.page.get_by_role("region", name="New", exact=True)).to_contain_text("École du Lac")
    expect(ruth.page.get_by_role("region", name="Refused")).to_contain_text("it has no school number")
    look_at(ruth, "preview", album)
    here = ruth.page.url
    for name, value in (("theme", "dark"), ("django_language", "fr")):
        with cookie(ruth, name, value):
            ruth.page.goto(here)
            album.keep(ruth, f"preview-{value}")
            assert not ruth.scrolls_sideways(320)
    ruth.page.goto(here)
    with ruth.page.expect_download() as download:
        ruth.follow("All of them as a file (CSV)")
    kept = folder / "refused.csv"
    download.value.save_as(kept)
    ruth.page.goto(here)
    return kept.read_text("utf-8-sig")


def mend(refused: str) -> bytes:
    lines = list(csv.reader(io.StringIO(refused), delimiter=";"))  # as the file that came
    assert lines[1][:3] == ["3", "Code", "it has no school number"]
    lines[1][3] = "900002"
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(lines)
    return out.getvalue().encode("utf-8-sig")


def import_it(ruth: Visitor, album: Album) -> None:
    ruth.press_twice("Import")
    expect(ruth.page.get_by_text("All is done: 2 of 2 usable rows")).to_be_visible()
    look_at(ruth, "imported", album)


def import_mended(ruth: Visitor, album: Album) -> None:
    """Its columns are remembered."""
    expect(ruth.page.get_by_role("region", name="New", exact=True)).to_contain_text("Without a number")
    ruth.press("Import")
    expect(ruth.page.get_by_text("All is done: 1 of 1 usable rows")).to_be_visible()
    ruth.page.goto("/schools/?q=lac")
    expect(ruth.page.get_by_role("link", name="École du Lac")).to_be_visible()
    look_at(ruth, "schools", album)


def import_many(robin: Visitor) -> None:
    """Without a script one looks again by a link."""
    upload(robin, "many.csv", MANY.encode())
    again_until(robin, "This is what the file would do")
    robin.press("Import")
    again_until(robin, "All is done: 3,000 of 3,000 usable rows")


def again_until(robin: Visitor, words: str) -> None:
    link, there = robin.page.get_by_role("link", name="Look again"), robin.page.get_by_text(words)
    for _n in range(300):
        if there.count():
            return
        if link.count():
            link.click()
        robin.page.wait_for_timeout(100)
    expect(there).to_be_visible()


def invite_many(ruth: Visitor, album: Album) -> None:
    people = (
        "Name,E-mail,Role,School\nLuc Roy,luc@lac.example,Principal,École du Lac\nNobody,nobody,Staff,École du Lac\n"
    )
    upload(ruth, "people.csv", people.encode(), kind="People")
    expect(ruth.page.get_by_role("region", name="New", exact=True)).to_contain_text("Luc Roy · luc@lac.example")
    look_at(ruth, "people", album)
    ruth.press("Import")
    expect(ruth.page.get_by_text("All is done: 1 of 1 usable rows")).to_be_visible()
    ruth.page.goto("/members/")
    expect(ruth.page.get_by_text("luc@lac.example").first).to_be_visible()


def take_the_list(ruth: Visitor) -> None:
    ruth.page.goto("/schools/?q=elan")
    for name in ("As a file (CSV)", "As a workbook (XLSX)"):
        with ruth.page.expect_download() as download:
            ruth.follow(name)
        assert download.value.failure() is None
