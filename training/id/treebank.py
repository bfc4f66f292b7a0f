"""Check the treebank of international news in `news/` and say how large it is; exit with 1 if something is wrong.

    python training/id/treebank.py training/id/news/*.conllu

The files are CoNLL-U (Universal Dependencies v2): one surface token a line (`negaranya` is one), the labels that the
pipeline is trained on, and in MISC the named entity that a token begins or continues (`NER=B-GPE`, `NER=I-GPE`).
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ENTITIES = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT"})
PARTS_OF_SPEECH = frozenset({
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM",
    "VERB", "X",
})  # fmt: skip
LABELS = frozenset({
    "acl", "acl:relcl", "advcl", "advmod", "amod", "appos", "aux", "case", "cc", "ccomp", "conj", "cop", "csubj", "det",
    "discourse", "dislocated", "fixed", "flat", "list", "mark", "nmod", "nsubj", "nsubj:pass", "nummod", "obj", "obl",
    "obl:agent", "orphan", "parataxis", "punct", "root", "xcomp",
})  # fmt: skip
CORE = frozenset({"nsubj", "nsubj:pass", "obj"})  # words that have no preposition
PASSIVE = ("di", "ter")
RUN = 6  # so many words in a row stand in one file alone
LEAVES = frozenset({"aux", "case", "cc", "cop", "det", "mark", "punct"})  # labels of words on which few others hang


class Token(NamedTuple):
    """A surface token: form, part of speech, number of its head (0 for the root), label, entity tag, space after it."""

    form: str
    pos: str
    head: int
    label: str
    entity: str
    space: bool


class Sentence(NamedTuple):
    """A tree with its identifier and the text that it stands for."""

    id: str
    text: str
    tokens: list[Token]


def sentences(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a file."""
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        lines = block.split("\n")
        comments = dict(line[2:].split(" = ", 1) for line in lines if line.startswith("# "))
        tokens = []
        for line in lines:
            if not line.startswith("#"):
                columns = line.split("\t")
                misc = dict(x.split("=") for x in columns[9].split("|") if "=" in x)
                space = misc.get("SpaceAfter") != "No"
                tokens.append(Token(columns[1], columns[3], int(columns[6]), columns[7], misc.get("NER", ""), space))
        yield Sentence(comments["sent_id"], comments["text"], tokens)


def problems(sentence: Sentence) -> Iterator[str]:
    """Yield what is wrong with a tree: its text, labels, shape or entities."""
    tokens = sentence.tokens
    if "".join(t.form + " " * t.space for t in tokens).rstrip() != sentence.text:
        yield "the tokens are not the text"
    roots = [i for i, t in enumerate(tokens, 1) if t.head == 0]
    if len(roots) != 1 or tokens[roots[0] - 1].label != "root":
        yield f"{len(roots)} roots"
    for i, token in enumerate(tokens, 1):
        where = f"{i} {token.form}"
        if token.label not in LABELS or (token.label == "root") != (token.head == 0):
            yield f"{where}: label {token.label!r}"
        if token.pos not in PARTS_OF_SPEECH:
            yield f"{where}: part of speech {token.pos!r}"
        if token.pos == "PUNCT" and token.label != "punct":
            yield f"{where}: punctuation as {token.label!r}"
        if token.head > len(tokens) or token.head == i:
            yield f"{where}: head {token.head}"
            return
        if (
            token.head
            and tokens[token.head - 1].label in LEAVES
            and token.label not in {"fixed", "advmod", "conj", "cc", "punct"}
        ):
            yield f"{where}: hangs on {tokens[token.head - 1].form}, which is {tokens[token.head - 1].label!r}"
        if token.label in {"flat", "conj", "appos", "fixed"} and token.head > i:
            yield f"{where}: {token.label!r} points to the right"
        yield from wrong_roles(tokens, token, where)
        kind = token.entity[2:]
        before = tokens[i - 2].entity[2:] if i > 1 else ""
        if token.entity and (kind not in ENTITIES or token.entity[:2] not in {"B-", "I-"}):
            yield f"{where}: entity {token.entity!r}"
        if token.entity.startswith("I-") and kind != before:
            yield f"{where}: {token.entity} after {before or 'no entity'}"
    for i in range(1, len(tokens) + 1):
        seen = [i]
        while tokens[seen[-1] - 1].head and len(seen) <= len(tokens):
            seen.append(tokens[seen[-1] - 1].head)
        if len(seen) > len(tokens):
            yield f"{i} {tokens[i - 1].form}: in a circle"
            return
    arcs = [(min(i, t.head), max(i, t.head)) for i, t in enumerate(tokens, 1) if t.head]
    for a, b in arcs:
        for c, d in arcs:
            if a < c < b < d:
                yield f"arcs {a}-{b} and {c}-{d} cross"


def wrong_roles(tokens: list[Token], token: Token, where: str) -> Iterator[str]:
    """Yield what is wrong with a subject, object, agent or preposition."""
    head = tokens[token.head - 1]
    passive = head.form.lower().startswith(PASSIVE)
    if head.pos == "VERB" and token.label == "nsubj" and passive:
        yield f"{where}: 'nsubj' of the passive {head.form}"
    if token.label in {"nsubj:pass", "obl:agent"} and not passive:
        yield f"{where}: {token.label!r} of {head.form}"
    if token.label == "case" and head.label in CORE:
        yield f"{where}: preposition of {head.form}, which is {head.label!r}"


def runs(sentence: Sentence) -> Iterator[str]:
    """Yield every `RUN` words in a row, punctuation left out."""
    words = [t.form.lower() for t in sentence.tokens if t.pos != "PUNCT"]
    return (" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


def main() -> None:
    """Print the problems of the files, or how many sentences, tokens and entities each holds."""
    wrong = 0
    ids: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    phrases: Counter[str] = Counter()
    for path in map(Path, sys.argv[1:]):
        trees = list(sentences(path))
        ids.update(s.id for s in trees)
        texts.update(s.text for s in trees)
        phrases.update({run for s in trees for run in runs(s)})
        for sentence in trees:
            for problem in problems(sentence):
                wrong += 1
                print(f"{path}: {sentence.id}: {problem}")
        entities = Counter(t.entity[2:] for s in trees for t in s.tokens if t.entity.startswith("B-"))
        counts = ", ".join(f"{kind} {count}" for kind, count in entities.most_common())
        print(f"{path}: {len(trees)} sentences, {sum(len(s.tokens) for s in trees)} tokens; {counts}")
    twice = [name for counter in (ids, texts, phrases) for name, count in counter.items() if count > 1]
    for name in twice:
        print(f"stands twice: {name}")
    if wrong or twice:
        sys.exit(1)


if __name__ == "__main__":
    main()
