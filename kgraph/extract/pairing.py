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
from kgraph.extract.frames import Candidate, allowed, frame
from kgraph.extract.sentence import Filler, Sentence
from kgraph.language import FOLDER
from kgraph.model import Mention
from kgraph.tables import read

__all__ = ["Pair", "Weights", "load", "pairs"]

CONTEXT = 4  # actors named before a sentence that may be meant in it
TRIED = 7  # actors that are tried on each side of a cue
STEPS = 4  # of a path between cue and name that is told in full
FREE = 2  # the penalty of a pair that fills no frame
BUCKETS = (1, 2, 4, 7, 12, 20)


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a language's features, and the chances from which a pair is taken to be said.

    `framed` is that of pairs that fill the frame of a cue, `free` that of all others.
    """

    of: Mapping[str, float]
    framed: float
    free: float

    def chance(self, pair: "Pair") -> float:
        """Return the chance, from 0 to 1, that a pair is related as its cue says."""
        weight = self.sum(pair.own) + sum(side.weight(self) for side in pair.sides)
        return 1 / (1 + math.exp(-weight))

    def sum(self, features: Iterable[str]) -> float:
        """Return what some features weigh together."""
        of = self.of
        return sum([of[f] for f in features if f in of])

    def admits(self, pair: "Pair", chance: float) -> bool:
        """Tell whether a pair with a chance is taken to be said."""
        return chance >= (self.framed if pair.candidate.penalty < FREE else self.free)


@dataclass(slots=True)
class Side:
    """An actor on one side of a cue: its place, and the features that this has, weighed once for all pairs."""

    place: "Place"
    features: tuple[str, ...]
    _weight: float | None = None

    def weight(self, weights: Weights) -> float:
        """Return what the features weigh together."""
        if self._weight is None:
            self._weight = weights.sum(self.features)
        return self._weight


@dataclass(frozen=True, slots=True)
class Pair:
    """A cue with two actors, and the features by which they are weighed: those of the pair, and of either side."""

    candidate: Candidate
    own: tuple[str, ...]
    sides: tuple[Side, Side]

    @property
    def features(self) -> tuple[str, ...]:
        """Return all features."""
        return (*self.own, *self.sides[0].features, *self.sides[1].features)


@dataclass(frozen=True, slots=True)
class Place:
    """An actor that may fill a slot, how it comes to be meant there, and what else is known of it."""

    filler: Filler
    source: str
    about: tuple[str, ...] = ()


def pairs(sentence: Sentence, matches: Sequence[CueMatch], known: Sequence[Mention]) -> Iterator[Pair]:
    """Yield the pairs of actors that each cue may relate; `known` are the mentions of the document."""
    frames = [frame(sentence, match) for match in matches]
    if not frames:
        return
    places = [*_named(sentence), *_referred(sentence), *_before(sentence, known)]
    ruled = Counter(
        (c.relation, c.match.head, c.subject.mention.actor, c.object.mention.actor)
        for f in frames
        for c in f.candidates
        if not c.penalty and not c.match.loose
    )
    between = {(a, b) for *_, a, b in ruled} | {(b, a) for *_, a, b in ruled}
    signs = ontology.load().relations
    told = {(d.subject.actor, d.object.actor): signs[d.relation].sign for d in sentence.history.dyads}
    for match, found in zip(matches, frames, strict=True):
        relation = ontology.load().relations[match.cue.relation]
        rule = {(c.subject.mention.actor, c.object.mention.actor): c for c in found.candidates}
        rule |= {(b, a): c for (a, b), c in rule.items() if relation.symmetric and (b, a) not in rule}
        own = [Place(f, "frame") for c in found.candidates for f in (c.subject, c.object)]
        sides = [
            _side(sentence, match, side, {f.mention.actor for f in fillers}, [*places, *own], kinds)
            for side, fillers, kinds in (
                ("s", found.subjects, relation.subject_kinds),
                ("o", found.objects, relation.object_kinds),
            )
        ]
        elsewhere = any(r == match.cue.relation and h != match.head for r, h, *_ in ruled)
        done: set[tuple[str, str]] = set()
        for one in sides[0].values():
            for other in sides[1].values():
                a, b = one.place, other.place
                x, y = a.filler, b.filler
                key = x.mention.actor, y.mention.actor
                if key in rule and (rule[key].subject.mention.actor, rule[key].object.mention.actor) == key:
                    x, y = rule[key].subject, rule[key].object
                elif relation.symmetric and (key[::-1] in rule or x.token > y.token):
                    continue
                if key in done or not allowed(relation, x, y) or x.mention.actor == y.mention.actor:
                    continue
                if {a.source, b.source} == {"before"}:
                    continue
                done.add(key)
                beyond = ["elsewhere"] if elsewhere else []
                if key in between and key not in rule:
                    beyond.append("related")
                for way, pair in (("told", key), ("told back", key[::-1])):
                    if pair in told:
                        beyond += [way, f"{way} {'same' if told[pair] == relation.sign else 'other'} sign"]
                candidate = Candidate(
                    match, match.cue.relation, x, y, rule[key].penalty if key in rule and not match.loose else FREE
                )
                own_features = _of_pair(sentence, match, a, b, rule.get(key), rule)
                yield Pair(candidate, (*own_features, *beyond), (one, other))


def _named(sentence: Sentence) -> Iterator[Place]:
    """Yield the actors named in a sentence, each at the head of its name."""
    tokens: dict[Mention, list[int]] = {}
    for t, mention in sentence.at.items():
        tokens.setdefault(mention, []).append(t)
    for mention, inside in tokens.items():
        top = next((t for t in inside if sentence.roles.head[t] not in inside), inside[0])
        yield Place(Filler(mention, top), "name")


def _referred(sentence: Sentence) -> Iterator[Place]:
    """Yield the actors that pronouns, descriptions and suffixes of a sentence may mean."""
    for i, (_, last, sort, _) in sentence.references.items():
        if i == last - 1:
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
    sentence: Sentence,
    match: CueMatch,
    side: str,
    ruled: set[str],
    places: Sequence[Place],
    kinds: frozenset[str],
) -> dict[str, Side]:
    """Return actor → its best place on one side of a cue and the features of that place."""
    best: dict[str, tuple[tuple[int, int], Place, tuple[str, ...]]] = {}
    names = match.cue.subject if side == "s" else match.cue.object
    reach: dict[int, tuple[str, ...]] = {}
    for place in places:
        actor, token = place.filler.mention.actor, place.filler.token
        if ontology.kind_of(actor) not in kinds:
            continue
        if token >= 0 and token not in reach:
            reach[token] = _path(sentence, match.head, token)
        path = reach.get(token, ())
        far = (
            {"frame": 0, "name": 1, "reference": 1, "suffix": 1, "second": 3, "before": 4}[place.source],
            min(len(path), STEPS + 1) * 3 + abs(token - match.head) if token >= 0 else 0,
        )
        if actor not in best or far < best[actor][0]:
            best[actor] = far, place, path
    ranked = sorted(best.items(), key=lambda item: (item[0] not in ruled, item[1][0]))[:TRIED]
    return {
        actor: Side(place, tuple(_of_place(sentence, match, side, place, path, actor in ruled, bool(ruled), names)))
        for actor, (_, place, path) in ranked
    }


def _of_place(
    sentence: Sentence,
    match: CueMatch,
    side: str,
    place: Place,
    path: tuple[str, ...],
    ruled: bool,
    taken: bool,
    names: tuple[str, ...],
) -> Iterator[str]:
    """Yield the features of an actor on one side of a cue."""
    roles, token, mention = sentence.roles, place.filler.token, place.filler.mention
    cue, relation = match.cue, match.cue.relation
    pos = cue.pos + ("-passive" if cue.pos == "verb" and roles.passive(match.head) else "")
    rule = ("loose " if match.loose else "") + ("in" if ruled else "other" if taken else "none")
    yield f"{side} {place.source}"
    yield f"{side} {rule} {place.source}"
    yield f"{side} {rule} {pos}"
    yield f"{side} {rule} {relation}"
    yield f"{side} {relation} {place.source}"
    yield f"{side} {relation} {ontology.kind_of(mention.actor)}"
    yield f"{side} sort {mention.sort}"
    if mention.agent:
        yield f"{side} agent"
    for about in place.about:
        yield f"{side} {place.source} {about}"
        yield f"{side} {rule} {about}"
        yield f"{side} {relation} {about}"
    if token < 0:
        return
    way = ">".join(path) if len(path) <= STEPS else "far"
    yield f"{side} path {way}"
    yield f"{side} {pos} {way}"
    yield f"{side} {rule} {way}"
    yield f"{side} steps {min(len(path), STEPS + 1)}"
    first, last = min(match.tokens), max(match.tokens)
    distance = first - token if token < first else max(token - last, 0)
    bucket = next((b for b in BUCKETS if distance <= b), 99)
    order = "left" if token < first else "right" if token > last else "within"
    yield f"{side} {order} {bucket}"
    yield f"{side} {pos} {order}"
    yield f"{side} {rule} {order} {bucket}"
    low, high = sorted((token, match.head))
    others = {m.actor for t, m in sentence.at.items() if low < t < high and m.actor != mention.actor}
    yield f"{side} between {min(len(others), 3)}"
    here, there = roles.clause(token), roles.clause(match.head)
    clause = "same" if here == there else "above" if here < there else "below"
    yield f"{side} clause {clause}"
    yield f"{side} {rule} clause {clause}"
    role = _role(sentence, token, names)
    yield f"{side} role {role}"
    yield f"{side} {pos} role {role} {order}"
    above = roles.head[token]
    if roles.role[token] in ("possessor", "modifier", "oblique") and above != token:
        yield f"{side} of {sentence.sort_of(above)}"
    if roles.role[token] == "subject" and any(
        row.effect == "report" for word in roles.words(above) for row in sentence.language.embeddings.get(word, ())
    ):
        yield f"{side} reporter"
        yield f"{side} {relation} reporter"


def _of_pair(
    sentence: Sentence,
    match: CueMatch,
    a: Place,
    b: Place,
    ruled: Candidate | None,
    rules: Mapping[tuple[str, str], Candidate],
) -> Iterator[str]:
    """Yield the features of a cue with two actors."""
    cue, roles = match.cue, sentence.roles
    relation = ontology.load().relations[cue.relation]
    rule = "none" if ruled is None and not rules else "other" if ruled is None else f"frame{ruled.penalty}"
    if match.loose:
        rule = f"loose {rule}"
    pos = cue.pos + ("-passive" if cue.pos == "verb" and roles.passive(match.head) else "")
    yield "bias"
    yield f"{rule}"
    yield f"{rule} {pos}"
    yield f"{rule} {cue.relation}"
    yield f"{rule} {cue.id}"
    yield f"cue {cue.id}"
    yield f"relation {cue.relation}"
    yield f"sources {a.source} {b.source}"
    yield f"{rule} sources {a.source} {b.source}"
    if relation.symmetric:
        yield f"mutual {rule}"
    if match.support is not None:
        yield f"support {rule}"
    if cue.factuality != "certain":
        yield f"{rule} {cue.factuality}"
    actors = len({m.actor for m in sentence.at.values()})
    yield f"actors {min(actors, 6)}"
    yield f"{rule} actors {min(actors, 6)}"
    x, y = a.filler.token, b.filler.token
    if x >= 0 and y >= 0:
        order = "subject first" if x < y else "object first"
        yield order
        yield f"{pos} {order}"
        around = "around" if min(x, y) < match.head < max(x, y) else "beside"
        yield f"{pos} {around}"
        yield f"{rule} {around}"
        listed = roles.head[y] == x or roles.head[x] == y
        if listed and "coordinate" in (roles.role[x], roles.role[y]):
            yield f"listed {'mutual' if relation.symmetric else 'one-way'}"
            yield f"listed {rule}"
        elif listed:
            yield "governed"
    if a.source == "name" and b.source == "name" and actors == 2:
        yield "only two"
        yield f"only two {rule}"
        yield f"only two {'mutual' if relation.symmetric else 'one-way'}"


def _role(sentence: Sentence, token: int, names: tuple[str, ...]) -> str:
    """Return the role of a token, its preposition as far as a cue names it."""
    role, marker = sentence.roles.role[token], sentence.roles.marker[token]
    if not marker:
        return role
    return f"{role} {'named' if marker in names or marker.split(' ')[-1] in names else marker}"


def _path(sentence: Sentence, start: int, end: int) -> tuple[str, ...]:
    """Return the roles on the way from one token up to what governs both and down to another."""
    roles = sentence.roles
    up = _climb(sentence, start)
    down = _climb(sentence, end)
    common = next((t for t in up if t in down), None)
    if common is None:
        return ("far",) * (STEPS + 1)
    rising = [f"^{roles.role[t]}" for t in up[: up.index(common)]]
    falling = [roles.role[t] + (f":{roles.marker[t]}" if roles.marker[t] else "") for t in down[: down.index(common)]]
    return (*rising, *reversed(falling))


def _climb(sentence: Sentence, token: int) -> list[int]:
    way = [token]
    while sentence.roles.head[way[-1]] not in way:
        way.append(sentence.roles.head[way[-1]])
    return way


@cache
def load(code: str) -> Weights | None:
    """Return the weights of a language, None where none were learnt: then the frames alone decide."""
    path = FOLDER / code / "weights.tsv"
    if not path.is_file():
        return None
    of = {row["feature"]: float(row["weight"]) for row in read(path, ["feature", "weight"])}
    return Weights(of, of.pop("threshold framed"), of.pop("threshold free"))
