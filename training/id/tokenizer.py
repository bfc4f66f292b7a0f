"""The tokenizer's rules for Indonesian news: spaCy's, but for what is written with a hyphen, a slash or a full stop.

One token: reduplications (*negara-negara*), names (*Kassym-Jomart*, *Ban Ki-moon*), prefixes and numbers (*non-migas*,
*ke-20*, *1990-an*), dates (*15/6*), abbreviations (*Jend.*). Split: pairs of which one is a country, capital,
organisation or group (*Rusia-Kazakhstan*, *anti-Rusia*, *RI-Jepang*), months (*Januari-Oktober*), and the clitic of a
foreign word (*GDP-nya*).
"""

import csv
from pathlib import Path

import spacy
from spacy.lang.char_classes import ALPHA, ALPHA_LOWER, ALPHA_UPPER, CONCAT_QUOTES, LIST_ELLIPSES, LIST_ICONS
from spacy.language import Language
from spacy.symbols import ORTH
from spacy.util import compile_infix_regex

NAMES = Path(__file__).parents[2] / "kgraph" / "language" / "id" / "names"
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
          "Desember")  # fmt: skip
REGIONS = ("Eropa", "Asia", "Afrika", "Amerika", "Arab", "Barat", "Timur")
ABBREVIATIONS = ("No.", "Tn.", "Ny.", "Sdr.", "Jend.", "Letjen.", "Mayjen.", "Brigjen.", "Kol.", "Jl.", "Hj.", "Ir.")


def names(*tables: str) -> list[dict[str, str]]:
    """Return the rows of kgraph's tables of names that name an actor without conditions."""
    rows: list[dict[str, str]] = []
    for table in tables:
        with (NAMES / f"{table}.tsv").open(encoding="utf-8", newline="") as file:
            lines = (line for line in file if not line.startswith("#"))
            rows += csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [r for r in rows if r["actor"] != "-" and not r["needs"] and not r["avoid"]]


def make() -> Language:
    """Return an Indonesian pipeline that has the tokenizer alone."""
    nlp = spacy.blank("id")
    forms = {r["form"] for r in names("countries", "organisations", "groups")}
    known = sorted(w for w in {*forms, *MONTHS, *REGIONS} if w.isalpha() and w[0].isupper() and len(w) > 1)
    right = "|".join(known)
    left = "|".join(f"(?<={w}-)|(?<={w}–)" for w in known)
    nlp.tokenizer.infix_finditer = compile_infix_regex(
        [
            *LIST_ELLIPSES,
            *LIST_ICONS,
            r"(?<=[0-9])[+\-–*^](?=[0-9-])",
            rf"(?<=[{ALPHA_LOWER}{CONCAT_QUOTES}])\.(?=[{ALPHA_UPPER}{CONCAT_QUOTES}])",
            rf"(?<=[{ALPHA}]),(?=[{ALPHA}])",
            rf"(?<=[{ALPHA}])(?:--|---|—|——|~)(?=[{ALPHA}])",
            rf"(?<=[{ALPHA}0-9])[:<>=/](?=[{ALPHA}])",
            rf"(?<=[{ALPHA}0-9])[-–](?:(?=(?:{right})\b)|(?=[{ALPHA_UPPER}])(?:{left}))",
        ]
    ).finditer
    abbreviations = {
        w for w in nlp.Defaults.tokenizer_exceptions if w[0].isalpha() and w.endswith(".") and "-" not in w
    }
    whole = {w for w in forms if "-" in w and " " not in w}
    nlp.tokenizer.rules = {w: [{ORTH: w}] for w in sorted({*abbreviations, *ABBREVIATIONS, *whole})}
    return nlp
