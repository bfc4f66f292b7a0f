"""What refers to somebody named before in a sentence ("its", "both sides"), and whose clause it stands in."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kgraph.extract.sentence import Sentence

__all__ = ["clause_subjects", "find", "named_by_of"]

# Roles of those who act or are acted on.
NOMINAL = frozenset(["subject", "subject-passive", "object", "oblique", "recipient", "agent"])


def find(sentence: "Sentence") -> dict[int, tuple[int, int, str, str]]:
    """Return token → the reference that it belongs to: its first token, the one after it, its sort and kind."""
    found: dict[int, tuple[int, int, str, str]] = {}
    senses = sentence.language.references
    widths = sentence.language.references.widths
    lowered = sentence.roles.lower
    i = 0
    while i < len(lowered):
        for width in widths.get(lowered[i], ()):
            form = " ".join(lowered[i : i + width])
            if i + width <= len(lowered) and form in senses and not any(k in sentence.at for k in range(i, i + width)):
                sort, kind = senses[form][0]
                if sort == "both" and width == 1 and sentence.roles.role[i] not in NOMINAL:
                    continue  # "each year"
                if width > 1 and any(c in sentence.at for c in sentence.roles.of(i + width - 1, "apposition")):
                    continue  # "its neighbour Tanzania"
                if (
                    sort == "descriptor"
                    and sentence.language.definite
                    and not (i and lowered[i - 1] in sentence.language.definite)
                ):
                    continue
                last = i + width - 1
                several = sort in ("both", "plural") and width > 1
                if several and any(sentence.roles.marker[c] for c in named_by_of(sentence, last)):
                    continue  # "the leaders of Japan and India"
                if sort in ("singular", "descriptor") and named_by_of(sentence, last):
                    continue  # "the government of Japan"
                formal = lowered[i + width - 1] in sentence.language.words["formal_name"]
                if formal and i + width < len(lowered) and lowered[i + width] in sentence.language.words["of"]:
                    continue  # "the Republic of Indonesia"
                for k in range(i, i + width):
                    found[k] = (i, i + width, sort, kind)
                i += width - 1
                break
        i += 1
    return found


def named_by_of(sentence: "Sentence", i: int) -> list[int]:
    """Return what says whose a noun is: "of" and a name, or a noun that has a name."""
    return [
        c
        for c in sentence.roles.of(i, "oblique", "possessor")
        if (sentence.roles.marker[c] in sentence.language.words["of"] or not sentence.roles.marker[c])
        and (c in sentence.at or any(d in sentence.at for d in sentence.roles.children[c]))
    ]


def clause_subjects(sentence: "Sentence", i: int) -> frozenset[str]:
    """Return the actors that are the subject of the clause in whose object or complement a token stands."""
    if i not in sentence.references and sentence.roles.is_verb(i):  # "mengecamnya"
        return _subjects(sentence, i, i)
    here, seen = i, set[int]()
    while here not in seen and sentence.roles.head[here] != here:
        seen.add(here)
        if sentence.roles.marker[here] in sentence.language.words["blame"]:  # "sanctioned Y over its war"
            verb = sentence.roles.clause(here)
            for c in [*sentence.roles.of(verb, "recipient", "oblique"), *sentence.roles.of(verb, "object")]:
                for t in (c, *sentence.roles.of(c, "oblique", "possessor", "modifier")):
                    if t < here and t in sentence.at and c != here:
                        return frozenset([sentence.at[t].actor])
        if sentence.roles.role[here] in ("subject", "subject-passive"):
            threat = sentence.roles.head[sentence.roles.head[here]]
            fulfils = bool(
                sentence.roles.threatened(sentence.roles.head[here])
            )  # whoever is threatened, not who threatens
            return frozenset(_named(sentence, sentence.roles.surface_subjects(threat)) if fulfils else ())
        here = sentence.roles.head[here]
        if sentence.roles.is_verb(here):
            return _subjects(sentence, here, i)
    return frozenset()


def _subjects(sentence: "Sentence", verb: int, i: int) -> frozenset[str]:
    """Return the actors that are the subject of a verb, for the reference at a token beside it."""
    for s in sentence.roles.surface_subjects(verb):
        if s in sentence.at and s != i:
            listed = [t for t in sentence.roles.coordinated(s) if t in sentence.at] + sentence.listed(s)
            return frozenset(sentence.at[t].actor for t in (s, *listed))
        if s in sentence.references and sentence.references[s][0] != sentence.references.get(i, (i,))[0]:
            meant = sentence.actors_at(s, expand=False)
            return frozenset(f.mention.actor for f in meant)
        for c in sentence.roles.of(s, "possessor", "modifier"):
            if c in sentence.at and c != i:
                return frozenset([sentence.at[c].actor])
    return frozenset()


def _named(sentence: "Sentence", tokens: Sequence[int]) -> Iterator[str]:
    for t in tokens:
        yield from (f.mention.actor for f in sentence.actors_at(t, expand=False))
