"""Cues, roles and mentions put together: who stands to whom in which relation."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, permutations, product

from kgraph import ontology
from kgraph.actors.gazetteer import actors
from kgraph.actors.reference import unique
from kgraph.extract.cues import CueMatch
from kgraph.extract.sentence import Filler, Sentence
from kgraph.language import SLOTS
from kgraph.ontology import Relation

__all__ = ["Candidate", "Frame", "acts", "allowed", "frame", "settled", "slot"]

ACTORS = 10_000  # actors of whom it is remembered whether they act
REACH = 7  # tokens between a noun and an actor that may be its own although the parse does not say so


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cue with both sides filled; `penalty` counts how far the fillers are from what the frame names."""

    match: CueMatch
    relation: str
    subject: Filler
    object: Filler
    penalty: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """Who stands in the slots of a cue, and the candidates that this gives; `closed` if it relates nobody else."""

    subjects: list[Filler]
    objects: list[Filler]
    candidates: list[Candidate]
    closed: bool = False


def frame(sentence: Sentence, match: CueMatch) -> Frame:
    """Return what fills the slots of a cue, and the pairs of actors that the ontology allows."""
    cue = match.cue
    relation = ontology.load().relations[cue.relation]
    each_other = sentence.several(match.head) if relation.symmetric else []
    if each_other and sentence.roles.role[match.head] in ("subject", "subject-passive"):  # "The two rivals"
        both = list(combinations(each_other, 2)) if "parties" in cue.subject else []
        found = [Candidate(match, cue.relation, a, b) for a, b in both if allowed(relation, a, b)]
        return Frame(each_other, each_other, found, closed=True)
    if "parties" in cue.subject:
        these, partners = _parties(sentence, match)
        parties = unique([*these, *partners])
        either = combinations if relation.symmetric else permutations
        pairs = product(these, partners) if partners else either(these, 2)
        found = [Candidate(match, cue.relation, a, b) for a, b in pairs if allowed(relation, a, b) and _apart(a, b)]
        if len(parties) >= 2:
            return Frame(parties, parties, found)
    names = tuple(s for s in cue.subject if s != "parties") or ("agent",)
    subjects = slot(sentence, match, names, relation.subject_kinds)
    objects = slot(sentence, match, cue.object, relation.object_kinds) if cue.object else []
    together = tuple(sentence.language.words["with"])
    if "parties" in cue.subject and not objects:
        objects = slot(sentence, match, together)
    if relation.symmetric and cue.pos != "verb" and objects and not subjects and slot(sentence, match, together):
        subjects = _engaged(sentence, match, objects)
    if not objects and len(subjects) > 1 and cue.pos == "verb" and (each := _mutually(sentence, match)) is not None:
        objects = [replace(f, token=each) for f in subjects]  # "Jepang dan Korea saling mengusir diplomat"
    if not relation.symmetric and {f.mention.actor for f in subjects} == {f.mention.actor for f in objects}:
        their = {i for i, (_, _, sort, _) in sentence.references.items() if sort == "possessive-plural"}
        objects = [f for f in objects if f.token not in their]  # "took their garrisons home": not each other's
    own = subjects, objects
    penalty = 0
    mutual = relation.symmetric and len(subjects) > 1
    if bool(subjects) != bool(objects) and cue.object and not mutual:
        penalty = 1
        if not subjects and not any(_tokens(sentence, match, name) for name in cue.subject):
            passive = sentence.roles.passive(match.head) and sentence.roles.role[match.head] != "modifier"
            unnamed = passive and "agent" in cue.subject  # who did it stands after a passive, but in "US-backed"
            subjects = [] if unnamed else _only_one(sentence, match, objects, before=True)
        elif not objects and not any(
            _bears_name(sentence, t) for name in cue.object for t in _tokens(sentence, match, name)
        ):
            objects = (
                _own_state(sentence, relation, subjects)
                or _only_one(sentence, match, subjects, before=False)
                or _counterpart(sentence, match, subjects)
            )
    found = []
    for a in subjects:
        for b in objects:
            for x, y in _readings(a, b):
                if allowed(relation, x, y) and _apart(x, y):
                    found.append(Candidate(match, cue.relation, x, y, penalty))
                    break
    others = (t for name in cue.object for t in _tokens(sentence, match, name))
    alone = all(t not in sentence.at and sentence.sort_of(t) is None for t in others)  # "met, with Oman mediating"
    if relation.symmetric and not found and alone and len(subjects) > 1:
        found = [Candidate(match, cue.relation, a, b) for a, b in combinations(subjects, 2) if allowed(relation, a, b)]
    between = cue.subject == cue.object == ("poss",)  # "the border of X and Y" is nobody else's
    return Frame(*own, found, closed=between)


def _mutually(sentence: Sentence, match: CueMatch) -> int | None:
    """Return the word that says that those who act do it to each other, None where none stands by the verb."""
    roles, words = sentence.roles, sentence.language.words["mutually"]
    return next((c for c in roles.children[match.head] if roles.lower[c] in words), None)


def _engaged(sentence: Sentence, match: CueMatch, partners: list[Filler]) -> list[Filler]:
    """Return the subject of the clause around a noun that has only partners: "halted work after talks with Iran"."""
    roles, i = sentence.roles, match.head
    while not roles.is_verb(roles.head[i]) and roles.head[i] != i and roles.head[i] not in sentence.at:
        i = roles.head[i]
    verb = roles.head[i]
    if not roles.is_verb(verb) or roles.role[i] not in ("object", "oblique"):
        return []
    taken = {f.mention.actor for f in partners}
    found = unique([f for s in roles.surface_subjects(verb) for f in sentence.actors_at(s)])
    return [f for f in found if f.mention.actor not in taken]


def _own_state(sentence: Sentence, relation: Relation, subjects: list[Filler]) -> list[Filler]:
    """Return the state of a capital that is only said to be one: "Honiara, the capital on Guadalcanal"."""
    if relation.subject_kinds != {"place"} or relation.object_kinds != {"country"}:
        return []
    return [Filler(sentence.at[f.token], f.token, 1) for f in subjects if f.token in sentence.at]


def settled(sentence: Sentence, match: CueMatch) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return who does what a noun names, and to whom, where names beside it say both: "sanksi Barat terhadap Moskow".

    Nobody farther off has a part in it. None if the noun does not say both.
    """
    roles, head = sentence.roles, match.head
    doers = _beside(sentence, head, 1) or _beside(sentence, head, -1)
    if match.cue.pos == "verb" or not doers:
        return None
    for t in range(max(head, *doers) + 1, len(roles.lower)):
        if roles.is_verb(t) or roles.lower[t] == ",":
            return None
        venue = roles.marker[t] in sentence.language.words["venue"]  # "met his Thai counterpart in Bangkok"
        if t in sentence.at and roles.marker[t] in match.cue.object and not venue:
            targets = frozenset(f.mention.actor for f in sentence.actors_at(t))
            return frozenset(sentence.at[d].actor for d in doers), targets
    return None


def _beside(sentence: Sentence, noun: int, step: int) -> list[int]:
    """Return the tokens of the names that stand next to a noun on one side, "and" between them."""
    found: list[int] = []
    t = noun + step
    while 0 <= t < len(sentence.doc) and (t in sentence.at or (found and sentence.roles.role[t] == "conjunction")):
        found += [t] if t in sentence.at else []
        t += step
    return found


def _bears_name(sentence: Sentence, token: int) -> bool:
    """Tell whether a noun phrase may name somebody: a name, a reference or a proper noun is in it."""
    below = [token]
    for t in below:
        below += [c for c in sentence.roles.children[t] if c not in below]
    return any(t in sentence.at or t in sentence.references or sentence.doc[t].pos_ == "PROPN" for t in below)


def _within(sentence: Sentence, token: int, nouns: set[int]) -> bool:
    """Tell whether a token belongs to what is said of one of several nouns, or the noun to what is said of it."""
    heads = sentence.roles.head

    def above(i: int) -> set[int]:
        found: set[int] = set()
        while i not in found and not sentence.roles.is_verb(i):
            found.add(i)
            i = heads[i]
        return found

    return any(not above(token).isdisjoint(above(noun)) for noun in nouns)


def _counterpart(sentence: Sentence, match: CueMatch, subjects: list[Filler]) -> list[Filler]:
    """Return the other party of an act whose object is left out ("Athens protested at once").

    It is the only other actor that the document has named before this sentence, or the sentence before the act.
    """
    taken = {f.mention.actor for f in subjects}
    kinds = ontology.load().relations[match.cue.relation].object_kinds
    others = {
        past.mention.actor: past.mention
        for past in sentence.history.past
        if past.sentence < sentence.number
        and past.mention.actor not in taken
        and ontology.kind_of(past.mention.actor) in kinds
    }
    if match.cue.pos == "verb" and not match.loose and not others:
        others = {
            m.actor: m
            for t, m in sentence.at.items()
            if t < match.head
            and m.actor not in taken
            and ontology.kind_of(m.actor) in kinds
            and sentence.roles.role[t] in ("subject", "subject-passive", "apposition", "coordinate")
            and not _within(sentence, t, {f.token for f in subjects})
        }
    if (
        others and "country" not in kinds and match.cue.pos != "verb"
    ):  # "Bulgaria, a member state": of the organisation that was named last
        return [Filler(list(others.values())[-1], match.head, 3)]
    return [Filler(mention, match.head, 3) for mention in others.values()] if len(others) == 1 else []


def _only_one(sentence: Sentence, match: CueMatch, other: list[Filler], *, before: bool) -> list[Filler]:
    """Return the only actor that is named on one side of a cue, besides those of the other slot.

    Parsers err about what hangs on a noun; where nothing stands in the role that the frame names, order still tells.
    """
    if match.cue.pos == "verb":
        return []
    taken = {f.mention.actor for f in other}
    first, last = min(match.tokens), max(match.tokens)
    clause = sentence.roles.clause(match.head)
    side = [
        t for t in sorted(sentence.at) if (t < first if before else t > last) and sentence.roles.clause(t) == clause
    ]
    names = {sentence.at[t].actor for t in side} - taken
    if len(names) != 1:
        return []
    tokens = [t for t in side if sentence.at[t].actor in names]
    near = tokens[-1] if before else tokens[0]
    if (first - near if before else near - last) > REACH:
        return []
    return sentence.actors_at(tokens[-1] if before else tokens[0], expand=False)


def _readings(a: Filler, b: Filler) -> Iterator[tuple[Filler, Filler]]:
    """Yield the two fillers, then with the next best readings of a reference."""
    yield a, b
    for other in b.others[:2]:
        yield a, Filler(other, b.token, b.distance + 1)
    for other in a.others[:2]:
        yield Filler(other, a.token, a.distance + 1), b


def allowed(relation: Relation, a: Filler, b: Filler) -> bool:
    """Tell whether two fillers may stand in a relation: a place without a government only where it is the prize."""
    subject, object_ = a.mention.actor, b.mention.actor
    if not relation.allows(subject, object_):
        return False
    able = relation.subject_kinds == {"place"} or acts(subject)
    return able and (relation.territory or acts(object_))


@lru_cache(ACTORS)
def acts(actor: str) -> bool:
    """Tell whether an actor can act: a place can if it has a government of its own."""
    known = actors().get(actor)
    return ontology.kind_of(actor) != "place" or (known is not None and known.acts)


def _apart(a: Filler, b: Filler) -> bool:
    return a.mention.start != b.mention.start or a.mention.actor != b.mention.actor


def slot(
    sentence: Sentence, match: CueMatch, names: tuple[str, ...], kinds: frozenset[str] = frozenset()
) -> list[Filler]:
    """Return the actors in the first of the named roles that holds any.

    Where a bare noun may possess, a by-phrase comes before all: "pendudukan X oleh Y" has X where others have who acts.
    `kinds` are those that the relation wants there: where it wants a place, a proper name that no table knows is one.
    """
    by = sentence.language.words["agent"] if sentence.language.bare_possessor else frozenset()
    for name in sorted(names, key=lambda name: name not in by):
        if name == "parties" and match.needed:
            inner = replace(match, head=match.needed[0], support=None)
            these, partners = _parties(sentence, inner)
            if these:
                return unique([*these, *partners])
        found: list[Filler] = []
        if name == "pair":
            doers = {f.mention.actor for role in match.cue.subject for f in slot(sentence, match, (role,))}
            return sentence.two_before(match.head, doers)
        if name in ("self", "poss") and (other := sentence.kin(match.head)):
            return other[name == "poss"]
        for token in _tokens(sentence, match, name):
            if token in match.tokens and token not in match.needed:
                if name == "patient" and kinds and kinds != {"place"}:
                    found += _object_suffix(sentence, token)
                elif name == "poss":
                    found += sentence.suffixed(token)  # "perbatasannya dengan Polandia"
                continue
            judged = (name == "patient" or name not in SLOTS) and ontology.load().relations[match.cue.relation].judges
            strict = not (sentence.language.unlisted_stand_in or judged)
            alone = name == "self" and _of_one(sentence, match.head, token)
            here = (
                sentence.standing_at(token, expand=not alone, venue=name not in SLOTS, strict=strict)
                if kinds != {"place"}
                else []
            )
            if kinds == {"country", "place"}:  # a capital that is taken is a town
                here = [sentence.place_at(f.token) or f if f.mention.sort == "capital" else f for f in here]
            if not here and "place" in kinds and "org" not in kinds:
                towns = [sentence.place_at(t) for t in ([token] if alone else sentence.roles.coordinated(token))]
                here = [town for town in towns if town is not None]
            if kinds == {"treaty"}:
                here = sentence.treaty_at(token) or here
            if kinds == {"person"}:
                here = [person for f in here if (person := _person(f)) is not None]
            found += here
        if name == "agent" and not found and not sentence.roles.passive(match.head):
            for token in sentence.roles.governing_subjects(match.head):
                found += sentence.actors_at(token)
        if found:
            return unique(found)
    return []


def _of_one(sentence: Sentence, noun: int, name: int) -> bool:
    """Tell whether a noun in the singular stands beside one name of a list: "Riga, the Latvian capital, and Paris"."""
    beside = sentence.roles.role[noun] == "apposition" and sentence.roles.head[noun] == name
    return beside and not sentence.roles.several(noun)


def _object_suffix(sentence: Sentence, verb: int) -> list[Filler]:
    """Return whom the suffix of an active verb means: "mengakuinya", but not "ujarnya"."""
    voice = sentence.language.voice
    return sentence.suffixed(verb) if voice and voice.is_active(sentence.roles.lower[verb]) else []


def _person(filler: Filler) -> Filler | None:
    """Return a filler as the person that it names, not as the state for which that person acts."""
    mention = filler.mention
    if mention.agent is None:
        return filler if mention.actor.startswith("person:") else None
    return replace(filler, mention=replace(mention, actor=mention.agent, agent=None))


def _tokens(sentence: Sentence, match: CueMatch, name: str) -> list[int]:
    """Return the heads of the noun phrases that stand in a role of the cue."""
    roles, head = sentence.roles, match.head
    if name == "agent":
        if match.support is not None:
            through = roles.agents(match.support)
            own = roles.agents(head)
            return [t for t in own if sentence.actors_at(t)] or through
        acting = roles.agents(head) + _titled(sentence, head)
        adverbial = match.cue.pos == "phrase" and roles.is_verb(roles.head[head])
        return acting or (roles.agents(roles.head[head]) if adverbial else [])  # "expels them in solidarity with Y"
    if name == "patient":
        acts_on = [n for n in match.needed if roles.is_verb(n) and not _other_subject(sentence, match, n)]
        inner = [p for n in acts_on for p in roles.patients(n)]
        own = inner or roles.patients(head) or roles.behind_particle(match.tokens.difference(match.needed))
        if not own and match.cue.pos == "adj":
            return roles.described(head)
        return own or ([head] if _object_suffix(sentence, head) else [])
    if name == "recipient":
        out = [c for t in match.tokens for c in roles.of(t, "recipient")]
        if roles.passive(head) and roles.of(head, "object"):  # "Moldova was granted candidate status"
            out += roles.surface_subjects(head)
        return out + [c for t in match.tokens for c in roles.obliques(t, *roles.known["dative"])]
    if name == "poss":
        nouns = match.needed or (head, *sorted(match.tokens - {head}))
        found = []
        for noun in nouns:
            if roles.role[noun] == "apposition" and roles.head[noun] in sentence.at and roles.of(noun, "relative"):
                continue
            found += roles.of(noun, "possessor", "modifier") + _titled(sentence, noun)
            if not sentence.roles.tokens[noun].pos_.startswith("V"):
                found += roles.of(noun, "agent")
            if sentence.suffix_reference(noun) is not None or (noun in match.needed and sentence.doers(noun)):
                found.append(noun)
        return found
    if name == "inner":  # "threatened to attack Y"
        below = [c for c in roles.of(head, "complement", "adverbial") if not _other_subject(sentence, match, c)]
        close = [t for c in below for t in (*roles.patients(c), *roles.of(c, "oblique", "recipient"))]
        return close + [t for c in below for p in roles.patients(c) for t in roles.of(p, "oblique")]
    if name == "complement":  # "demanded that Y withdraw"
        return [s for c in roles.of(head, "complement", "adverbial") for s in roles.of(c, "subject", "subject-passive")]
    if name == "self":
        return roles.described(head)
    if name == "governor":  # "in a jab at Y, X said", "thanks to Y's mediation, X swapped them"
        verb = head
        while verb != roles.head[verb] and (verb == head or not roles.is_verb(verb)):
            verb = roles.head[verb]
        return roles.agents(verb) if verb != head and roles.is_verb(verb) else []
    if name not in roles.markers:
        return roles.where(head) if name in roles.known["venue"] else []
    tokens = [*match.tokens] + ([match.support] if match.support is not None else [])
    out = []
    for token in sorted(tokens):
        listed = roles.coordinated(token) if token in match.needed else (token,)  # "drones from X and tanks from Y"
        out += [o for t in listed for o in roles.obliques(t, name)]
    if not out:  # "buys four-fifths of its wheat from"
        out = [
            o
            for p in roles.patients(head)
            for c in roles.obliques(p, *roles.known["of"])
            for o in roles.obliques(c, name)
        ]
    if not out:
        out = _nearby(sentence, match, name)
    return list(dict.fromkeys(out))


def _other_subject(sentence: Sentence, match: CueMatch, clause: int) -> bool:
    """Tell whether somebody else is the subject of a clause ("warned that X could attack", "told X to leave")."""
    if sentence.roles.threatened(clause):  # "threatened X with sanctions if it armed Y"
        return True
    own = {f.mention.actor for t in sentence.roles.agents(match.head) for f in sentence.actors_at(t)}
    subjects = [t for t in sentence.roles.surface_subjects(clause) if t in sentence.at]
    return any(sentence.at[t].actor not in own for t in subjects)


def _titled(sentence: Sentence, noun: int) -> list[int]:
    """Return the possessors that a parse hangs on the name after a noun ("Tehran's arch-foe Israel")."""
    roles = sentence.roles
    if roles.role[noun] != "modifier" or sentence.roles.tokens[noun].pos_ not in ("NOUN", "PROPN"):
        return []
    return [c for c in roles.of(roles.head[noun], "possessor", "modifier") if c < noun]


def _nearby(sentence: Sentence, match: CueMatch, marker: str) -> list[int]:
    """Return a prepositional phrase that the parse hung elsewhere although it follows the cue at once.

    Or it hangs on what lies between: on the sum or the name in "dilancarkan Iran ke Israel".
    """
    roles = sentence.roles
    own = match.tokens | ({match.support} if match.support is not None else set())
    for i in range(max(own) + 1, min(max(own) + 10, len(sentence.doc))):
        if roles.marker[i] == marker and roles.role[i] in ("oblique", "possessor", "recipient"):
            above = roles.head[i]
            while above not in own and above > min(own) and not roles.is_verb(above):
                sum_or_attribute = roles.of(above, "number") or roles.role[above] in ("number", "possessor", "modifier")
                if above not in sentence.at and not sum_or_attribute:
                    break
                above = roles.head[above]
            if above in own:
                return [i]
    last = max(match.tokens)
    for i in range(last + 1, min(last + 8, len(sentence.doc))):
        if roles.marker[i] == marker and roles.role[i] in ("oblique", "possessor", "recipient"):
            start = next((k for k in range(i, last, -1) if sentence.roles.lower[k] == marker), i)
            if start - last <= 3 and not any(roles.is_verb(k) for k in range(last + 1, start)):
                return [i]
    return []


def _parties(sentence: Sentence, match: CueMatch) -> tuple[list[Filler], list[Filler]]:
    """Return the two or more parties of a mutual noun: "talks between X and Y", "X–Y talks".

    Partners stand apart from those who have them: "X's talks with Y and Z" are not between Y and Z.
    """
    roles, head = sentence.roles, match.head
    tokens = sorted(match.tokens | ({match.support} if match.support is not None else set()))
    for marker in sorted(roles.known["between"]):
        found = [f for t in tokens for c in roles.obliques(t, marker) for f in sentence.actors_at(c)]
        if len(unique(found)) >= 2:
            return unique(found), []
    near = [c for marker in sorted(roles.known["between"]) for c in _nearby(sentence, match, marker)]
    found = [f for c in near for f in sentence.actors_at(c)]
    if len(unique(found)) >= 2:
        return unique(found), []
    beside = [c for c in roles.of(head, "coordinate") if c in sentence.at]  # "perdagangan China dan Rusia"
    hung = roles.agents(head) if roles.is_verb(head) else roles.of(head, "possessor", "modifier")
    own = [f for c in [*hung, *beside] for f in sentence.actors_at(c)]
    through = (
        [f for t in roles.agents(match.support) for f in sentence.actors_at(t)] if match.support is not None else []
    )
    partner = [f for t in tokens for c in roles.obliques(t, *roles.known["with"]) for f in sentence.actors_at(c)]
    if not partner:
        partner = [
            f for m in sorted(roles.known["with"]) for c in _nearby(sentence, match, m) for f in sentence.actors_at(c)
        ]
    own = unique(own)
    if partner:
        side = own or through
        return (side[:1], unique(partner)) if side else ([], [])
    if len(own) >= 2:
        return own, []
    if len(unique(through)) >= 2:
        return unique(through), []
    if own and through:
        return unique([*through, *own]), []
    return ([] if own or through else _shared(sentence, match)), []


def _shared(sentence: Sentence, match: CueMatch) -> list[Filler]:
    """Return the two subjects of the clause that ends, holds or follows what the cue names, where it names no parties.

    So "Peru and Chile ended years of war", "after decades of enmity, Cuba and America are to swap envoys".
    """
    roles, known, i = sentence.roles, sentence.roles.known, match.head
    while (
        roles.marker[i] in known["of"] and roles.head[i] != i and not roles.is_verb(roles.head[i])
    ):  # "three years of war"
        i = roles.head[i]
    verb = roles.head[i]
    if verb == i or not roles.is_verb(verb):
        return []
    framing = roles.role[i] == "object" and not known["shared"].isdisjoint(roles.words(verb))
    if not framing and not (roles.role[i] == "oblique" and roles.marker[i] in known["shared"]):
        return []
    pair = unique([f for s in roles.surface_subjects(verb) for f in sentence.actors_at(s)])
    return pair if len(pair) == 2 else []
