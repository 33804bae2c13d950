"""What a board is called, as it is compared: the ministry writes `Toronto DSB` where the board has its name in full.

Pure: text in, text out.
"""

import re

from core.search_text import search_key

# What kind of board a name says it is, without the small words. The longer stands before the shorter it holds.
KINDS = (
    ("cdsb", ("catholic district school board", "district catholic school board", "catholic school board")),
    ("cdsb", ("cdsb", "dcsb", "csb")),
    ("dsab", ("district school area board", "dsab")),
    ("dsb", ("district school board", "dsb")),
    ("pssb", ("protestant separate school board", "pssb")),
    ("ssb", ("secondary school board", "ssb")),
    ("sa", ("school authority", "sa")),
    ("csdc", ("conseil scolaire district catholique", "conseil scolaire catholique district")),
    ("csdc", ("conseil ecoles catholiques", "conseil scolaire catholique", "cs catholique", "csdc", "cscd", "csc")),
    ("csp", ("conseil scolaire public district", "conseil scolaire district public", "conseil scolaire public")),
    ("csp", ("cs public", "csdp", "cspd", "csp")),
    ("cep", ("conseil ecoles publiques", "cep")),
    ("cs", ("conseil scolaire district", "conseil scolaire", "csd", "cs")),
)
SMALL = {"of", "the", "and", "de", "du", "des", "la", "le", "les", "l", "d", "et"}
NO_WORD = re.compile(r"[^a-z0-9]+")


def board_key(name: str) -> str:
    """`name` as boards are told apart: its kind in the short form, then the rest in one word; "" for no name.

    Capitals, accents, signs, spaces and small words do not count, nor whether the kind stands first or last.
    """
    words = " ".join(word for word in NO_WORD.sub(" ", search_key(name)).split() if word not in SMALL)
    for kind, forms in KINDS:
        for form in forms:
            before, found, after = f" {words} ".partition(f" {form} ")
            if found:
                return f"{kind} {(before + after).replace(' ', '')}"
    return words.replace(" ", "") or search_key(name)
