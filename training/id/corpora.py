"""Read the corpora that the pipeline is trained on."""

import gzip
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

# Labels that the treebanks use differently, or too rarely to learn (see README.md).
COLLAPSED = {
    "flat:name": "flat", "flat:foreign": "flat", "goeswith": "flat", "obl:tmod": "obl", "nmod:poss": "nmod",
    "nmod:tmod": "nmod", "nmod:lmod": "nmod", "clf": "nmod", "case:adv": "case", "advmod:emph": "advmod",
    "cc:preconj": "cc", "iobj": "obj", "csubj:pass": "csubj", "vocative": "discourse",
}  # fmt: skip
CLOSING = frozenset({",", ".", ")", "]", ":", ";", "?", "!", "%", "…", "”"})  # no space stands before them
KEPT = {"nsubj:pass", "acl:relcl", "obl:agent"}


class Word(NamedTuple):
    """A surface token: form, part of speech, head (its own place for the root), label, and whether a space follows."""

    form: str
    pos: str
    head: int
    label: str
    space: bool


def label(name: str) -> str:
    """Return the label that is trained for a treebank's label."""
    if name in KEPT:
        return name
    return COLLAPSED.get(name) or ("nmod" if name.startswith("compound") else name.partition(":")[0])


def treebank(path: Path) -> Iterator[list[Word]]:
    """Yield the sentences of a treebank, multiword tokens (`negaranya`) as the one token that is written."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    for block in text.strip().split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n") if not line.startswith("#")]
        spans = {int(r[0].split("-")[0]): (int(r[0].split("-")[1]), r[1], r[9]) for r in rows if "-" in r[0]}
        words = [r for r in rows if r[0].isdigit()]
        tokens: list[tuple[list[str], str, str]] = []
        place: dict[int, int] = {}
        i = 0
        while i < len(words):
            number = int(words[i][0])
            last, form, misc = spans.get(number, (number, words[i][1], words[i][9]))
            group = words[i : i + last - number + 1]
            inside = {int(w[0]) for w in group}
            place |= dict.fromkeys(inside, len(tokens))
            tokens.append((next((w for w in group if int(w[6]) not in inside), group[0]), form, misc))
            i += len(group)
        if any(int(host[6]) not in place and int(host[6]) for host, *_ in tokens):
            raise ValueError(f"{path}: a head outside its sentence in {' '.join(t[1] for t in tokens)!r}")
        yield [
            Word(form, host[3], place[int(host[6])] if int(host[6]) else j, label(host[7]), "SpaceAfter=No" not in misc)
            for j, (host, form, misc) in enumerate(tokens)
        ]


def columns(path: Path) -> Iterator[list[list[str]]]:
    """Yield the sentences of a file of columns, each a list of rows."""
    for block in gzip.decompress(path.read_bytes()).decode().replace("\r", "").split("\n\n"):
        rows = [re.split(r"\t| ", line) for line in block.split("\n") if line.strip()]
        if rows:
            yield rows


def joined(tokens: Sequence[str]) -> tuple[str, list[int]]:
    """Return the text that tokens stand for, spaced as it is printed, and where each token begins in it."""
    text = ""
    starts = []
    open_quote = glue = False
    for form in tokens:
        closing = form == '"' and open_quote
        if text and not glue and not closing and form not in CLOSING:
            text += " "
        starts.append(len(text))
        text += form
        if form == '"':
            open_quote = not open_quote
        glue = form in {"(", "[", "“"} or (form == '"' and open_quote)
    return text, starts


def raw_news(path: Path) -> Iterator[str]:
    """Yield the distinct sentences of the tagged news as text, the clitic `nya` written to the word before it."""
    seen = set()
    for rows in columns(path):
        tokens: list[str] = []
        for row in rows:
            if row[0] == "nya" and tokens and tokens[-1].isalpha():
                tokens[-1] += "nya"
            else:
                tokens.append(row[0])
        text, _ = joined(tokens)
        if text not in seen and len(tokens) > 3:
            seen.add(text)
            yield text
