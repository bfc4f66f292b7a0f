"""Named entities: the corpora brought to one set of labels, completed, and varied with kgraph's own names."""

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import treebank
from corpora import columns, joined
from spacy.language import Language
from spacy.tokens import Doc
from tokenizer import NAMES, names

ACTORS = NAMES.parents[2] / "actors"

LABELS = {
    "PER": "PERSON", "PERSON": "PERSON", "ORG": "ORG", "ORGANIZATION": "ORG", "ORGANISATION": "ORG",
    "LOC": "PLACE", "LOCATION": "PLACE", "PLACE": "PLACE",
}  # fmt: skip
KEPT = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT"})
# Words that open, or end, the names of places that are no towns, provinces or states.
NATURE = frozenset(
    "laut selat teluk samudra samudera sungai danau gunung pegunungan bukit pulau kepulauan semenanjung gurun hutan "
    "lembah pantai tanjung benua asia eropa afrika amerika timur barat utara selatan jazirah kawasan".split()
)
BUILT = frozenset(
    "bandara bandar stadion gedung jalan jl jembatan pelabuhan terminal stasiun istana masjid gereja candi hotel rumah "
    "museum monumen universitas sekolah pasar mal mall tol taman gelora plaza menara pangkalan lapangan bendungan "
    "kantor markas".split()
)
CONTINENTS = frozenset({"Asia", "Eropa", "Afrika", "Amerika Latin", "Amerika Utara", "Amerika Selatan", "Timur Tengah",
                        "Asia Tenggara", "Asia Tengah", "Asia Timur", "Eropa Timur"})  # fmt: skip


class Text(NamedTuple):
    """A sentence and its entities as (start, end, label), in characters, in order."""

    text: str
    entities: list[tuple[int, int, str]]


def tagged(path: Path) -> Iterator[Text]:
    """Yield the sentences of a file of tokens and IOB tags; places become GPE, LOC or FAC by their first word."""
    for rows in columns(path):
        text, starts = joined([r[0] for r in rows])
        spans: list[tuple[int, int, str]] = []
        for i, row in enumerate(rows):
            begin, _, name = row[-1].partition("-")
            if not name:
                continue
            end = starts[i] + len(row[0])
            if begin == "B" or not i or rows[i - 1][-1] == "O":
                spans.append((starts[i], end, LABELS[name]))
            else:
                spans[-1] = (spans[-1][0], end, spans[-1][2])
        yield Text(text, [(a, b, place(text[a:b]) if x == "PLACE" else x) for a, b, x in spans])


def document(nlp: Language, text: Text) -> Doc:
    """Return a text as a document with its entities, those left out that do not begin and end with a token."""
    doc = nlp.make_doc(text.text)
    spans = (doc.char_span(a, b, label) for a, b, label in text.entities)
    doc.ents = [s for s in spans if s is not None]
    return doc


def place(name: str) -> str:
    """Return the label of a place."""
    first = name.split(maxsplit=1)[0].lower().rstrip(".")
    if name in CONTINENTS or (first in NATURE and first not in {"timor", "jawa"}):
        return "LOC"
    return "FAC" if first in BUILT else "GPE"


def ontonotes(path: Path) -> Iterator[Text]:
    """Yield the sentences of a file of JSON lines, only the labels that we keep."""
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        text, marks = json.loads(line)
        yield Text(text, sorted((a, b, x) for a, b, x in map(tuple, marks["entities"]) if x in KEPT))


def news(path: Path) -> Iterator[Text]:
    """Yield the sentences of our own treebank."""
    for sentence in treebank.sentences(path):
        at = 0
        spans: list[tuple[int, int, str]] = []
        for token in sentence.tokens:
            end = at + len(token.form)
            if token.entity.startswith("B-"):
                spans.append((at, end, token.entity[2:]))
            elif token.entity:
                spans[-1] = (spans[-1][0], end, spans[-1][2])
            at = end + token.space
        yield Text(sentence.text, spans)


def people() -> list[str]:
    """Return the full names of kgraph's people."""
    lines = (ACTORS / "people.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [name for name in (line.split("\t")[2] for line in lines if line[0] != "#") if " " in name]


class Names:
    """kgraph's names, by the label that they have as entities."""

    def __init__(self) -> None:
        rows = {t: names(t) for t in ("countries", "organisations")}
        cased = {t: [r for r in rows[t] if r["form"][0].isupper()] for t in rows}
        self.countries = [r["form"] for r in cased["countries"] if r["sort"] in {"name", "short", "acronym"}]
        self.capitals = [r["form"] for r in cased["countries"] if r["sort"] == "capital"]
        self.people = people()
        self.nature = [r["form"] for r in names("places") if " " in r["form"] and place(r["form"]) == "LOC"]
        self.organisations = [r["form"] for r in cased["organisations"]]
        acronyms = {r["actor"]: r["form"] for r in cased["organisations"] if r["sort"] == "acronym"}
        self.pairs = [
            (r["form"], acronyms[r["actor"]])
            for r in cased["organisations"]
            if r["sort"] == "name" and r["actor"] in acronyms and " " in r["form"]
        ]
        self.country = either(w for w in self.countries if len(w) > 1)
        self.missed = {"LOC": either(self.nature), "GPE": self.country}


def either(forms: Iterable[str]) -> re.Pattern[str]:
    """Return what matches any of the forms, the longest first, as whole words."""
    longest = sorted(forms, key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, longest)) + r")(?![\w-])")


def completed(text: Text, known: Names) -> Text:
    """Return the text with the seas, islands and countries that nobody tagged, but for the names of languages."""
    found = list(text.entities)
    for label, pattern in known.missed.items():
        taken = [range(a, b) for a, b, _ in found]
        found += [
            (m.start(), m.end(), label)
            for m in pattern.finditer(text.text)
            if not any(m.start() in r or m.end() - 1 in r for r in taken)
            and not text.text[: m.start()].lower().endswith("bahasa ")
        ]
    return Text(text.text, sorted(found))


def parted(text: Text) -> Text:
    """Return the text with names and the acronyms in parentheses after them as two entities each."""
    out = []
    for a, b, kind in text.entities:
        both = re.fullmatch(r"(.+) \(([A-Z][A-Za-z]+)\)", text.text[a:b])
        out += [(a, a + both.end(1), kind), (a + both.start(2), a + both.end(2), kind)] if both else [(a, b, kind)]
    return Text(text.text, out)


def replaced(text: Text, chance: random.Random, known: Names) -> Text:
    """Return the text with other countries, people and organisations in the places of its own."""
    out, at = "", 0
    spans = []

    def add(name: str, kind: str) -> None:
        nonlocal out
        spans.append((len(out), len(out) + len(name), kind))
        out += name

    for a, b, kind in text.entities:
        out += text.text[at:a]
        name = text.text[a:b]
        at = b
        if kind == "GPE" and known.country.fullmatch(name):
            add(chance.choice(known.countries if chance.random() < 0.8 else known.capitals), kind)
        elif kind == "LOC" and place(name) == "LOC" and chance.random() < 0.5:
            add(chance.choice(known.nature), kind)
        elif kind == "PERSON" and chance.random() < 0.7:
            add(chance.choice(known.people), kind)
        elif kind == "ORG" and chance.random() < 0.6:
            if chance.random() < 0.5 and not text.text[b:].startswith(" ("):
                full, short = chance.choice(known.pairs)
                add(full, kind)
                out += " ("
                add(short, kind)
                out += ")"
            else:
                add(chance.choice(known.organisations), kind)
        else:
            add(name, kind)
    return Text(out + text.text[at:], spans)


def listed(text: Text, chance: random.Random, known: Names) -> Text:
    """Return the text with a list of two to four organisations or countries where its first organisation stood."""
    spot = next((e for e in text.entities if e[2] == "ORG"), None)
    if spot is None:
        return text
    parts: list[list[tuple[str, str]]] = []
    for _ in range(chance.randint(2, 4)):
        full, short = chance.choice(known.pairs)
        country = chance.choice(known.countries)
        parts.append(chance.choice([[(full, "ORG"), (short, "ORG")], [(full, "ORG"), (short, "ORG")], [(full, "ORG")],
                                    [(short, "ORG")], [(country, "GPE")]]))  # fmt: skip
    a, b, _ = spot
    inner, spans = "", []
    for i, part in enumerate(parts):
        inner += "" if not i else (" dan " if i == len(parts) - 1 else ", ")
        for j, (name, kind) in enumerate(part):
            inner += " (" * (j > 0)
            spans.append((a + len(inner), a + len(inner) + len(name), kind))
            inner += name + ")" * (j > 0)
    shift = len(inner) - (b - a)
    moved = [(x + shift, y + shift, k) if x >= b else (x, y, k) for x, y, k in text.entities if (x, y) != (a, b)]
    return Text(text.text[:a] + inner + text.text[b:], sorted(moved + spans))


def training(ner: Path, own: Sequence[Path], chance: random.Random) -> Iterator[Text]:
    """Yield the sentences to train on, each with what varies it; none that stands in a test set."""
    known = Names()
    held_out = (
        *tagged(ner / "idner-news-2k.test.iob.gz"),
        *ontonotes(ner / "spacyndo-gsd-ontonotes.test.jsonl.gz"),
        *tagged(ner / "indonlu-nergrit.test.iob.gz"),
    )
    tests = {t.text for t in held_out}
    sources: list[tuple[Iterable[Text], int]] = [
        ([completed(parted(t), known) for t in tagged(ner / "idner-news-2k.train.iob.gz")], 2),
        ([completed(parted(t), known) for t in tagged(ner / "indolem-nerui.iob.gz")], 1),
        ([completed(parted(t), known) for t in tagged(ner / "indonlu-nergrit.train.iob.gz")], 1),
        ([completed(parted(t), known) for t in ontonotes(ner / "spacyndo-gsd-ontonotes.train.jsonl.gz")], 1),
        ([t for path in own for t in news(path)], 4),
    ]
    for texts, times in sources:
        for text in texts:
            if text.text in tests:
                continue
            yield from [text] * times
            if text.entities:
                for _ in range(times if times == 4 else 1):
                    other = replaced(text, chance, known)
                    if other.text != text.text:
                        yield other
            if chance.random() < 0.1 * times:
                yield listed(text, chance, known)
