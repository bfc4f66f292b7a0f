"""Which two actors a cue relates: what the frames found and what else stands near, weighed by a log-linear model.

Frames name the roles in which the two sides of a cue stand. Parsers err, and half of what a text says is said by
reference or left out, so for each cue every pair of actors that the ontology allows is a candidate: those that fill the
frame, those elsewhere in the sentence, and those named shortly before. What is known of a pair (how a frame filled its
slots, the path of roles between cue and name, order and distance, who else there is) are its features; the weights of
the features, learnt from annotated texts of our own (`training/texts`), stand in the language's `weights.tsv`. Their
sum is the logit of the chance that the text says so: the confidence of the evidence. `kgraph explain` prints it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kgraph import ontology
from kgraph.extract.cues import CueMatch
from kgraph.extract.features import (
    UNWEIGHED,
    Block,
    Blocks,
    Place,
    Scene,
    given,
    most_of_pair,
    of_cue,
    of_pair,
    of_side,
    weight_of,
)
from kgraph.extract.frames import Candidate, frame, settled
from kgraph.extract.sentence import Filler, Sentence
from kgraph.language import FOLDER
from kgraph.model import Mention
from kgraph.tables import read

__all__ = ["Pair", "Weights", "likeliest", "load", "pairs", "without_thirds"]

CONTEXT = 4  # actors named before a sentence that may be meant in it
TRIED = 7  # actors that are tried on each side of a cue
FREE = 2  # the penalty of a pair that fills no frame
ROUNDING = 1e-6  # of sums of weights
SEVERAL = frozenset(["both", "plural"])  # sorts of references that mean more than one


class Weights:
    """The weights of a language's features, and the chances from which a pair is taken to be said.

    `framed` is that of pairs that fill the frame of a cue, `near` that of pairs one side of which only stands where its
    frame has nobody, `free` that of all others.
    """

    def __init__(self, of: Mapping[str, float], framed: float, near: float, free: float) -> None:
        """Begin with no block of features weighed."""
        self.of, self.thresholds = of, (framed, near, free)
        self.blocks = Blocks(of)
        self.least = cache(self._least)

    def chance(self, pair: "Pair") -> float:
        """Return the chance, from 0 to 1, that a pair is related as its cue says."""
        return logistic(sum(self.of.get(f, 0.0) for f in pair.features))

    def admits(self, penalty: int, chance: float) -> bool:
        """Tell whether a pair with a penalty and a chance is taken to be said."""
        return chance >= self.thresholds[min(penalty, FREE)]

    def _least(self, rule: str, pos: str, mutual: bool, told: bool) -> float:
        """Return what a cue and two sides that fill no frame must weigh at least to be admitted."""
        free = self.thresholds[FREE]
        return math.log(free / (1 - free)) - most_of_pair(self.blocks, rule, pos, mutual, told) - ROUNDING


def logistic(weight: float) -> float:
    """Return the chance of which a weight is the logit."""
    return 1 / (1 + math.exp(-weight))


@dataclass(slots=True)
class Side:
    """An actor on one side of a cue: its place, the features that this has, and what they weigh for all pairs."""

    place: "Place"
    blocks: list[Block]
    weight: float


@dataclass(slots=True)
class Pair:
    """A cue with two actors, the features by which they are weighed, of the pair and of either side, and their sum."""

    candidate: Candidate
    own: list[Block]
    sides: tuple[Side, Side]
    weight: float

    @property
    def features(self) -> tuple[str, ...]:
        """Return all features."""
        return tuple(f for block in (*self.own, *self.sides[0].blocks, *self.sides[1].blocks) for f in block.features)


def pairs(
    sentence: Sentence, matches: Sequence[CueMatch], known: Sequence[Mention], wanted: Weights | None = None
) -> Iterator[Pair]:
    """Yield the pairs of actors that each cue may relate, if weights are given those that they admit.

    `known` are the mentions of the document.
    """
    frames = [frame(sentence, match) for match in matches]
    if not frames:
        return
    blocks = UNWEIGHED if wanted is None else wanted.blocks
    scene = Scene(sentence, blocks, [*_named(sentence), *_referred(sentence), *_before(sentence, known)])
    ruled = Counter(
        (c.relation, c.match.head, c.subject.mention.actor, c.object.mention.actor)
        for f in frames
        for c in f.candidates
        if not c.penalty and not c.match.loose
    )
    between = {(a, b) for *_, a, b in ruled} | {(b, a) for *_, a, b in ruled}
    relations = ontology.load().relations
    told = {(d.subject.actor, d.object.actor): relations[d.relation].sign for d in sentence.history.dyads}
    for match, found in zip(matches, frames, strict=True):
        cue, relation = match.cue, relations[match.cue.relation]
        rule = {(c.subject.mention.actor, c.object.mention.actor): c for c in found.candidates}
        rule |= {(b, a): c for (a, b), c in rule.items() if relation.symmetric and (b, a) not in rule}
        mutual = relation.symmetric or cue.mutual
        own = [Place(f, "frame") for c in found.candidates for f in (c.subject, c.object)]
        pos = scene.pos(match)
        subjects = _side(scene, match, pos, "s", found.subjects, own, relation.subject_kinds)
        if relation.subject_kinds != {"place"}:
            subjects = [side for side in subjects if side.place.acts]
        objects = _side(scene, match, pos, "o", found.objects, own, relation.object_kinds) if subjects else []
        if not relation.territory:
            objects = [side for side in objects if side.place.acts]
        if not objects:
            continue
        sure = {(a, b) for r, h, a, b in ruled if r == cue.relation and h == match.head}
        supported = match.support is not None
        elsewhere = ("elsewhere",) if any(r == cue.relation and h != match.head for r, h, *_ in ruled) else ()
        loose = "loose " if match.loose else ""
        unframed = loose + ("other" if rule else "none")
        facts = pos, cue.id, cue.relation, cue.factuality, relation.symmetric, supported
        least = -math.inf
        if wanted is not None:
            least = wanted.least(unframed, pos, mutual, bool(told)) - blocks[of_cue, unframed, *facts].weight
        for one in subjects:
            for other in objects:
                a, b = one.place, other.place
                if one.weight + other.weight < least and (a.actor, b.actor) not in rule:
                    continue
                if a.actor == b.actor or a.source == b.source == "before":
                    continue
                x, y, penalty = a.filler, b.filler, FREE
                key = a.actor, b.actor
                by_frame = rule.get(key)
                if by_frame is None and (found.closed or (relation.symmetric and _of_their_own(a, b))):
                    continue
                if by_frame and (by_frame.subject.mention.actor, by_frame.object.mention.actor) == key:
                    x, y = by_frame.subject, by_frame.object
                elif relation.symmetric and (key[::-1] in rule or x.token > y.token):
                    continue
                if by_frame and not match.loose:
                    penalty = by_frame.penalty
                name = unframed if by_frame is None else f"{loose}frame{by_frame.penalty}"
                both = [
                    blocks[of_cue, name, *facts],
                    blocks[of_pair, name, pos, mutual, a.source, b.source, *scene.around(match.head, a, b)],
                ]
                beyond: tuple[str, ...] = elsewhere
                if sure and key not in sure and key[::-1] not in sure:
                    beyond = (*beyond, "settled")  # of the same word the frames say that others are so related
                if by_frame is None and key in between:
                    beyond = (*beyond, "related")
                if told:
                    for way, pair in (("told", key), ("told back", key[::-1])):
                        if pair in told:
                            beyond = (*beyond, way, f"{way} {'same' if told[pair] == relation.sign else 'other'} sign")
                if beyond:
                    both.append(blocks[given, *beyond])
                weight = weight_of(both) + one.weight + other.weight
                if wanted is None or wanted.admits(penalty, logistic(weight)):
                    yield Pair(Candidate(match, cue.relation, x, y, penalty), both, (one, other), weight)


def without_thirds(sentence: Sentence, matches: Iterable[CueMatch], found: Iterable[Pair]) -> list[Pair]:
    """Return the pairs without a third whom a noun with both sides named leaves out: "sanksi Barat terhadap Moskow"."""
    closed = {(m.head, m.cue.relation): sides for m in matches if (sides := settled(sentence, m)) is not None}

    def of_third(c: Candidate) -> bool:
        a, b = c.subject.mention.actor, c.object.mention.actor
        sides = (closed.get((token, c.relation)) for token in c.match.tokens)
        return bool(c.penalty) and any(s is not None and not (a in s[0] and b in s[1]) for s in sides)

    return [pair for pair in found if not of_third(pair.candidate)]


def likeliest(found: Sequence[Pair]) -> list[Pair]:
    """Return the pairs without those of which the same word says something likelier of the same kind.

    A second act, or a second lasting state, between two wants a word of its own; what a word embeds ("threatened with
    sanctions") is no second act.
    """
    best: dict[tuple[int, bool, str, str], Pair] = {}
    for pair in found:
        for key in _says(pair):
            if key not in best or pair.weight > best[key].weight:
                best[key] = pair
    return [p for p in found if all(p.candidate.relation == best[key].candidate.relation for key in _says(p))]


def _says(pair: Pair) -> Iterator[tuple[int, bool, str, str]]:
    """Yield the word that relates two, whether lastingly, and in which direction; nothing if it only embeds the act."""
    c, relation = pair.candidate, ontology.load().relations[pair.candidate.relation]
    a, b = c.subject.mention.actor, c.object.mention.actor
    if c.match.cue.factuality == "certain":
        yield c.match.head, relation.lasting, a, b
        if relation.symmetric:
            yield c.match.head, relation.lasting, b, a


def _named(sentence: Sentence) -> Iterator[Place]:
    """Yield the actors named in a sentence, each at the head of its name."""
    tokens: dict[Mention, list[int]] = {}
    for t, mention in sentence.at.items():
        tokens.setdefault(mention, []).append(t)
    for mention, inside in tokens.items():
        top = next((t for t in inside if sentence.roles.head[t] not in inside), inside[0])
        yield Place(Filler(mention, top), "name")


def _of_their_own(a: Place, b: Place) -> bool:
    """Tell whether of two places the first means several, who are what they are to each other ("Both rivals met X")."""
    return (b.source == "name" and not SEVERAL.isdisjoint(a.about)) or (a.source == "name" and "plural" in b.about)


def _referred(sentence: Sentence) -> Iterator[Place]:
    """Yield the actors that pronouns, descriptions and suffixes of a sentence may mean."""
    for i, (_, last, sort, _) in sentence.references.items():
        if i == last - 1 and sentence.referents(i):  # not those who made "the accord" that has no name
            for filler in sentence.actors_at(i, expand=False):
                at = replace(filler, token=i)
                yield Place(at, "reference", (sort,))
                for other in filler.others[:1]:
                    yield Place(Filler(other, i), "second", (sort,))
    for i in range(len(sentence.doc)):
        if sentence.roles.suffixes and i not in sentence.at and sentence.suffix_reference(i) is not None:
            for filler in sentence.suffixed(i):
                yield Place(replace(filler, token=i), "suffix")


def _before(sentence: Sentence, known: Sequence[Mention]) -> Iterator[Place]:
    """Yield the actors that were named last before a sentence and are not named in it."""
    here = {m.actor for m in sentence.at.values()}
    past = [m for m in known if m.end <= sentence.start]
    times = Counter(m.actor for m in past)
    seen: set[str] = set()
    for m in reversed(past):
        if m.actor not in seen and m.actor not in here and len(seen) < CONTEXT:
            seen.add(m.actor)
            about = [f"rank={len(seen)}", f"times={min(times[m.actor], 3)}"]
            if past[0].actor == m.actor:
                about.append("first")
            if sentence.history.dyads:
                last = sentence.history.dyads[-1]
                side = "s" if last.subject.actor == m.actor else "o" if last.object.actor == m.actor else "no"
                if side != "no" and ontology.load().relations[last.relation].symmetric:
                    side = "party"
                about.append(f"{side} of last")
            yield Place(Filler(replace(m, agent=None), -1), "before", tuple(about))


def _side(
    scene: Scene,
    match: CueMatch,
    pos: str,
    side: str,
    fillers: Sequence[Filler],
    own: Sequence[Place],
    kinds: frozenset[str],
) -> list[Side]:
    """Return actors on one side of a cue, each at its best place with the features of that place.

    `fillers` are those that the frame of the cue has on this side, `own` the places of all that it relates.
    """
    best = scene.best[match.head, kinds]
    if own:
        best = scene.ranked(match.head, (place for place in own if place.kind in kinds), dict(best))
    ruled = {f.mention.actor for f in fillers}
    ranked = sorted(best.values(), key=lambda found: (found[1].actor not in ruled, found[0]))[:TRIED]
    loose = "loose " if match.loose else ""
    elsewhere = f"{loose}other" if ruled else f"{loose}none"
    inside = f"{loose}in"
    places = [(place, path, inside if place.actor in ruled else elsewhere) for _, place, path in ranked]
    found = zip(places, of_side(scene, match, pos, side, places), strict=True)
    return [Side(place, blocks, weight_of(blocks)) for (place, *_), blocks in found]


@cache
def load(code: str) -> Weights | None:
    """Return the weights of a language, None where none were learnt: then the frames alone decide."""
    path = FOLDER / code / "weights.tsv"
    if not path.is_file():
        return None
    of = {row["feature"]: float(row["weight"]) for row in read(path, ["feature", "weight"])}
    framed = of.pop("threshold framed")
    return Weights(of, framed, of.pop("threshold near", framed), of.pop("threshold free"))
