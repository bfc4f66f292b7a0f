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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

from kgraph import ontology
from kgraph.extract.cues import CueMatch
from kgraph.extract.frames import Candidate, acts, frame, settled
from kgraph.extract.sentence import Filler, Sentence
from kgraph.language import FOLDER
from kgraph.model import Mention
from kgraph.tables import read

__all__ = ["Pair", "Weights", "load", "pairs", "without_thirds"]

CONTEXT = 4  # actors named before a sentence that may be meant in it
TRIED = 7  # actors that are tried on each side of a cue
STEPS = 4  # of a path between cue and name that is told in full
FREE = 2  # the penalty of a pair that fills no frame
SEVERAL = frozenset(["both", "plural"])  # sorts of references that mean more than one
BUCKETS = (1, 2, 4, 7, 12, 20)
RANKS = {"frame": 0, "name": 1, "reference": 1, "suffix": 1, "second": 3, "before": 4}  # the likelier place
BLOCKS = 100_000  # blocks of features that are remembered


_Ranked = tuple[tuple[int, int], "Place", tuple[str, ...]]  # how far a place is from a cue, and the path between


@dataclass(slots=True)
class Block:
    """Features that the same few facts give, and what they weigh."""

    features: tuple[str, ...]
    weight: float


class Blocks(dict[tuple[Any, ...], Block]):
    """A function that names features and the facts that it is given → the block: made once for all pairs alike."""

    def __init__(self, of: Mapping[str, float]) -> None:
        """Begin with no block; `of` are the weights of features."""
        super().__init__()
        self.of = of

    def __missing__(self, key: tuple[Any, ...]) -> Block:
        """Make a block; now and then forget all, so that memory stays bounded."""
        if len(self) >= BLOCKS:
            self.clear()
        features = tuple(key[0](*key[1:]))
        block = self[key] = Block(features, sum(self.of.get(f, 0.0) for f in features))
        return block


class Weights:
    """The weights of a language's features, and the chances from which a pair is taken to be said.

    `framed` is that of pairs that fill the frame of a cue, `near` that of pairs one side of which only stands where its
    frame has nobody, `free` that of all others.
    """

    def __init__(self, of: Mapping[str, float], framed: float, near: float, free: float) -> None:
        """Begin with no block of features weighed."""
        self.of, self.thresholds = of, (framed, near, free)
        self.blocks = Blocks(of)

    def chance(self, pair: "Pair") -> float:
        """Return the chance, from 0 to 1, that a pair is related as its cue says."""
        return logistic(sum(self.of.get(f, 0.0) for f in pair.features))

    def admits(self, penalty: int, chance: float) -> bool:
        """Tell whether a pair with a penalty and a chance is taken to be said."""
        return chance >= self.thresholds[min(penalty, FREE)]


UNWEIGHED = Blocks({})  # of those who only ask for features


def weight_of(blocks: Iterable[Block]) -> float:
    """Return what blocks of features weigh together."""
    return sum([block.weight for block in blocks])


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


@dataclass(slots=True)
class Place:
    """An actor that may fill a slot, how it comes to be meant there, and what else is known of it."""

    filler: Filler
    source: str
    about: tuple[str, ...] = ()
    actor: str = field(init=False)
    kind: str = field(init=False)
    acts: bool = field(init=False)

    def __post_init__(self) -> None:
        """Note the actor, its kind, and whether it acts."""
        self.actor = self.filler.mention.actor
        self.kind, self.acts = ontology.kind_of(self.actor), acts(self.actor)


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
    scene = _Scene(sentence, blocks, [*_named(sentence), *_referred(sentence), *_before(sentence, known)])
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
        mutual = relation.symmetric or "parties" in cue.subject
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
        for one in subjects:
            for other in objects:
                a, b = one.place, other.place
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
                name = loose + ("none" if not rule else "other" if by_frame is None else f"frame{by_frame.penalty}")
                both = [
                    blocks[_of_cue, name, pos, cue.id, cue.relation, cue.factuality, relation.symmetric, supported],
                    blocks[_of_pair, name, pos, mutual, a.source, b.source, *scene.around(match.head, a, b)],
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
                    both.append(blocks[_beyond, *beyond])
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


class _Answers(dict[tuple[Any, ...], Any]):
    """A question asked by a tuple → its answer, found once."""

    def __init__(self, find: Callable[..., Any]) -> None:
        super().__init__()
        self.find = find

    def __missing__(self, key: tuple[Any, ...]) -> Any:
        answer = self[key] = self.find(*key)
        return answer


class _Scene:
    """What the features ask of a sentence, answered once for all cues."""

    def __init__(self, sentence: Sentence, blocks: Blocks, places: Sequence[Place]) -> None:
        self.sentence, self.roles, self.blocks, self.places = sentence, sentence.roles, blocks, places
        self.actors = len({m.actor for m in sentence.at.values()})
        self.path = _Answers(partial(_path, sentence))
        self.best = _Answers(self._best)
        self._of_token = _Answers(self._token)
        self.stand = _Answers(self._stand)

    def pos(self, match: CueMatch) -> str:
        """Return the part of speech of a cue, and whether its verb is passive."""
        return match.cue.pos + ("-passive" if match.cue.pos == "verb" and self.roles.passive(match.head) else "")

    def around(self, head: int, a: Place, b: Place) -> tuple[int, bool, bool | None, bool, bool | None]:
        """Return how two places stand to each other and to a cue.

        That is how many actors the sentence names, up to 6; whether these two are all of them; whether the first
        stands first, None where one of them stands before the sentence; whether the cue is between them; whether they
        are coordinated, None where neither governs the other.
        """
        x, y, head_of, role = a.filler.token, b.filler.token, self.roles.head, self.roles.role
        only = self.actors == 2 and a.source == b.source == "name"
        if x < 0 or y < 0:
            return min(self.actors, 6), only, None, False, None
        listed = head_of[y] == x or head_of[x] == y
        coordinate = "coordinate" in (role[x], role[y]) if listed else None
        return min(self.actors, 6), only, x < y, min(x, y) < head < max(x, y), coordinate

    def _best(self, head: int, kinds: frozenset[str]) -> Mapping[str, "_Ranked"]:
        """Return actor of one of the kinds → its best place beside a cue."""
        return self.ranked(head, (place for place in self.places if place.kind in kinds), {})

    def ranked(self, head: int, places: Iterable[Place], best: dict[str, "_Ranked"]) -> dict[str, "_Ranked"]:
        """Return actor → its best place beside a cue, of those found so far and some more."""
        for place in places:
            token = place.filler.token
            path = self.path[head, token] if token >= 0 else ()
            steps = min(len(path), STEPS + 1) * 3 + abs(token - head) if token >= 0 else 0
            far = RANKS[place.source], steps
            if place.actor not in best or far < best[place.actor][0]:
                best[place.actor] = far, place, path
        return best

    def _stand(self, head: int, first: int, last: int, token: int, actor: str) -> tuple[str, int, int, str]:
        """Return on which side of a cue an actor stands, how far, past how many others, and in whose clause."""
        distance = first - token if token < first else max(token - last, 0)
        bucket = next((b for b in BUCKETS if distance <= b), 99)
        order = "left" if token < first else "right" if token > last else "within"
        low, high = sorted((token, head))
        others = {m.actor for t, m in self.sentence.at.items() if low < t < high}
        others.discard(actor)
        here, there = self.roles.clause(token), self.roles.clause(head)
        clause = "same" if here == there else "above" if here < there else "below"
        return order, bucket, min(len(others), 3), clause

    def role(self, token: int, names: tuple[str, ...]) -> tuple[str, str | None, bool]:
        """Return the role of a token, its preposition as far as a cue names it; of what it is; whether it reports."""
        role, marker, last, of, reports = self._of_token[token,]
        if marker:
            role = f"{role} {'named' if marker in names or last in names else marker}"
        return role, of, reports

    def _token(self, token: int) -> tuple[str, str, str, str | None, bool]:
        sentence, roles = self.sentence, self.roles
        role, marker, above = roles.role[token], roles.marker[token], roles.head[token]
        of = None
        if role in ("possessor", "modifier", "oblique") and above != token:
            of = str(sentence.sort_of(above))
        reports = role == "subject" and any(
            row.effect == "report" for word in roles.words(above) for row in sentence.language.embeddings.get(word, ())
        )
        return role, marker, marker.split(" ")[-1], of, reports


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
    scene: _Scene,
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
    sides = []
    for _, place, path in ranked:
        blocks = _blocks(scene, match, pos, side, place, path, f"{loose}in" if place.actor in ruled else elsewhere)
        sides.append(Side(place, blocks, weight_of(blocks)))
    return sides


def _blocks(
    scene: _Scene, match: CueMatch, pos: str, side: str, place: Place, path: tuple[str, ...], rule: str
) -> list[Block]:
    """Return the features of an actor on one side of a cue."""
    cue, mention, token, blocks = match.cue, place.filler.mention, place.filler.token, scene.blocks
    agent = mention.agent is not None
    found = [blocks[_of_source, side, rule, pos, cue.relation, place.source, mention.sort, place.kind, agent]]
    found += [blocks[_of_what, side, rule, cue.relation, place.source, what] for what in place.about]
    if token >= 0:
        stand = scene.stand[match.head, min(match.tokens), max(match.tokens), token, place.actor]
        role = scene.role(token, cue.subject if side == "s" else cue.object)
        found += (
            blocks[_of_way, side, rule, pos, path],
            blocks[_of_stand, side, rule, pos, *stand],
            blocks[_of_role, side, pos, cue.relation, stand[0], *role],
        )
    return found


def _beyond(*features: str) -> Iterator[str]:
    yield from features


def _of_source(
    side: str, rule: str, pos: str, relation: str, source: str, sort: str, kind: str, agent: bool
) -> Iterator[str]:
    yield f"{side} {source}"
    yield f"{side} {rule} {source}"
    yield f"{side} {rule} {pos}"
    yield f"{side} {rule} {relation}"
    yield f"{side} {relation} {source}"
    yield f"{side} sort {sort}"
    yield f"{side} {relation} {kind}"
    if agent:
        yield f"{side} agent"


def _of_what(side: str, rule: str, relation: str, source: str, what: str) -> Iterator[str]:
    for by in (source, rule, relation):
        yield f"{side} {by} {what}"


def _of_way(side: str, rule: str, pos: str, path: tuple[str, ...]) -> Iterator[str]:
    way = ">".join(path) if len(path) <= STEPS else "far"
    yield f"{side} path {way}"
    yield f"{side} {pos} {way}"
    yield f"{side} {rule} {way}"
    yield f"{side} steps {min(len(path), STEPS + 1)}"


def _of_stand(side: str, rule: str, pos: str, order: str, bucket: int, others: int, clause: str) -> Iterator[str]:
    yield f"{side} {order} {bucket}"
    yield f"{side} {pos} {order}"
    yield f"{side} {rule} {order} {bucket}"
    yield f"{side} between {others}"
    yield f"{side} clause {clause}"
    yield f"{side} {rule} clause {clause}"


def _of_role(side: str, pos: str, relation: str, order: str, role: str, of: str | None, reports: bool) -> Iterator[str]:
    yield f"{side} role {role}"
    yield f"{side} {pos} role {role} {order}"
    if of is not None:
        yield f"{side} of {of}"
    if reports:
        yield f"{side} reporter"
        yield f"{side} {relation} reporter"


def _of_cue(
    rule: str, pos: str, cue: str, relation: str, factuality: str, mutual: bool, supported: bool
) -> Iterator[str]:
    yield "bias"
    yield rule
    yield f"{rule} {pos}"
    yield f"{rule} {relation}"
    yield f"{rule} {cue}"
    yield f"cue {cue}"
    yield f"relation {relation}"
    if mutual:
        yield f"mutual {rule}"
    if supported:
        yield f"support {rule}"
    if factuality != "certain":
        yield f"{rule} {factuality}"


def _of_pair(
    rule: str,
    pos: str,
    mutual: bool,
    source: str,
    other: str,
    actors: int,
    only: bool,
    first: bool | None,
    around: bool,
    coordinate: bool | None,
) -> Iterator[str]:
    """Yield the features of two places; see `_Scene.around`."""
    ways = "mutual" if mutual else "one-way"
    yield f"sources {source} {other}"
    yield f"{rule} sources {source} {other}"
    yield f"actors {actors}"
    yield f"{rule} actors {actors}"
    if first is not None:
        order, where = "subject first" if first else "object first", "around" if around else "beside"
        yield from (order, f"{pos} {order}", f"{pos} {where}", f"{rule} {where}")
    if coordinate is not None:
        yield from (f"listed {ways}", f"listed {rule}") if coordinate else ("governed",)
    if only:
        yield from ("only two", f"only two {rule}", f"only two {ways}")


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
    framed = of.pop("threshold framed")
    return Weights(of, framed, of.pop("threshold near", framed), of.pop("threshold free"))
