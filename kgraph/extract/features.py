"""What is known of two actors beside a cue, as named features: how far they are, by which roles, what else there is."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import product
from typing import Any

from kgraph import ontology
from kgraph.extract.cues import CueMatch
from kgraph.extract.frames import acts
from kgraph.extract.sentence import Filler, Sentence

__all__ = [
    "UNWEIGHED",
    "Block",
    "Blocks",
    "Place",
    "Ranked",
    "Scene",
    "given",
    "most_of_pair",
    "of_cue",
    "of_pair",
    "of_side",
    "weight_of",
]

STEPS = 4  # of a path between cue and name that is told in full
BUCKETS = (1, 2, 4, 7, 12, 20)
RANKS = {"frame": 0, "name": 1, "reference": 1, "suffix": 1, "second": 3, "before": 4}  # the likelier place
GIVEN = ("elsewhere", "settled", "related")  # what frames say of others
TOLD = tuple(f"told{way}{sign}" for way in ("", " back") for sign in ("", " same sign", " other sign"))
BLOCKS = 100_000  # blocks of features that are remembered


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
        self.heaviest = cache(self._heaviest)

    def _heaviest(self, start: str) -> float:
        """Return the most that a feature weighs whose name begins so."""
        return max((weight for feature, weight in self.of.items() if feature.startswith(start)), default=0.0)

    def __missing__(self, key: tuple[Any, ...]) -> Block:
        """Make a block; now and then forget all, so that memory stays bounded."""
        if len(self) >= BLOCKS:
            self.clear()
        features = tuple(key[0](*key[1:]))
        block = self[key] = Block(features, sum(self.of.get(f, 0.0) for f in features))
        return block


UNWEIGHED = Blocks({})  # of those who only ask for features


def weight_of(blocks: Iterable[Block]) -> float:
    """Return what blocks of features weigh together."""
    return sum([block.weight for block in blocks])


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


Ranked = tuple[tuple[int, int], "Place", tuple[str, ...]]  # how far a place is from a cue, and the path between


class _Answers(dict[tuple[Any, ...], Any]):
    """A question asked by a tuple → its answer, found once."""

    def __init__(self, find: Callable[..., Any]) -> None:
        super().__init__()
        self.find = find

    def __missing__(self, key: tuple[Any, ...]) -> Any:
        answer = self[key] = self.find(*key)
        return answer


class Scene:
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

    def _best(self, head: int, kinds: frozenset[str]) -> Mapping[str, "Ranked"]:
        """Return actor of one of the kinds → its best place beside a cue."""
        return self.ranked(head, (place for place in self.places if place.kind in kinds), {})

    def ranked(self, head: int, places: Iterable[Place], best: dict[str, "Ranked"]) -> dict[str, "Ranked"]:
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


def of_side(
    scene: Scene, match: CueMatch, pos: str, side: str, places: Iterable[tuple[Place, tuple[str, ...], str]]
) -> Iterator[list[Block]]:
    """Yield the features of actors on one side of a cue: of each place with its path and what the frame says of it."""
    cue, relation, blocks = match.cue, match.cue.relation, scene.blocks
    names = cue.subject if side == "s" else cue.object
    head, first, last = match.head, min(match.tokens), max(match.tokens)
    for place, path, rule in places:
        mention, token, source = place.filler.mention, place.filler.token, place.source
        agent = mention.agent is not None
        found = [blocks[_of_source, side, rule, pos, relation, source, mention.sort, place.kind, agent]]
        for what in place.about:
            found.append(blocks[_of_what, side, rule, relation, source, what])  # noqa: PERF401  # most have none
        if token >= 0:
            stand = scene.stand[head, first, last, token, place.actor]
            found += (
                blocks[_of_way, side, rule, pos, path],
                blocks[_of_stand, side, rule, pos, *stand],
                blocks[_of_role, side, pos, relation, stand[0], *scene.role(token, names)],
            )
        yield found


def given(*features: str) -> Iterator[str]:
    """Yield features that are already named."""
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


def of_cue(
    rule: str, pos: str, cue: str, relation: str, factuality: str, mutual: bool, supported: bool
) -> Iterator[str]:
    """Yield the features of a cue, and of how a frame fills its slots (`rule`)."""
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


def of_pair(
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
    """Yield the features of two places; see `Scene.around`."""
    yield f"sources {source} {other}"
    yield f"{rule} sources {source} {other}"
    yield f"actors {actors}"
    yield f"{rule} actors {actors}"
    yield from _of_order(rule, pos, mutual, only, first, around, coordinate)


def _of_order(
    rule: str, pos: str, mutual: bool, only: bool, first: bool | None, around: bool, coordinate: bool | None
) -> Iterator[str]:
    ways = "mutual" if mutual else "one-way"
    if first is not None:
        order, where = "subject first" if first else "object first", "around" if around else "beside"
        yield from (order, f"{pos} {order}", f"{pos} {where}", f"{rule} {where}")
    if coordinate is not None:
        yield from (f"listed {ways}", f"listed {rule}") if coordinate else ("governed",)
    if only:
        yield from ("only two", f"only two {rule}", f"only two {ways}")


def most_of_pair(blocks: Blocks, rule: str, pos: str, mutual: bool, told: bool) -> float:
    """Return the most that two places can weigh by what `of_pair` and `given` name; `told` if statements stand before.

    It may be more than any two places do weigh.
    """
    starts = ("sources ", f"{rule} sources ", "actors ", f"{rule} actors ")
    orders = product((True, False), (None, True, False), (True, False), (None, True, False))
    weight = blocks.of.get
    return (
        sum(blocks.heaviest(start) for start in starts)
        + max(sum(weight(f, 0.0) for f in _of_order(rule, pos, mutual, *order)) for order in orders)
        + sum(max(weight(f, 0.0), 0.0) for f in (GIVEN + TOLD if told else GIVEN))
    )


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
