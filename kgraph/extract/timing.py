"""When a statement holds: which of the dates in a sentence is that of a cue."""

from collections.abc import Collection, Iterator, Sequence

from kgraph import ontology
from kgraph.extract.dates import DateMention
from kgraph.extract.frames import Candidate
from kgraph.extract.sentence import Sentence
from kgraph.model import Factuality

__all__ = ["of"]


def of(sentence: Sentence, candidate: Candidate, found: Sequence[DateMention], factuality: Factuality) -> str | None:
    """Return the date of what a cue says, None where the dates of the sentence are those of something else."""
    if not found:
        return None
    relation = ontology.load().relations[candidate.relation]
    tops = [_top(sentence, mention) for mention in found]
    for anchors in _anchors(sentence, candidate, factuality, lasting=relation.lasting):
        for mention, top in zip(found, tops, strict=True):
            if not _hangs_on(sentence, mention, top, anchors):
                continue
            if relation.lasting and not relation.sign and not mention.value.endswith("/.."):
                continue  # who holds an office, what borders on what, is no matter of a day
            return mention.ahead if factuality is Factuality.POSSIBLE and mention.ahead else mention.value
    return None


def _anchors(
    sentence: Sentence, candidate: Candidate, factuality: Factuality, *, lasting: bool
) -> Iterator[Collection[int]]:
    """Yield the tokens on one of which a date of the cue hangs, nearest first."""
    roles, match = sentence.roles, candidate.match
    own = match.tokens | ({match.support} if match.support is not None else set())
    made = {c for t in own for c in roles.of(t, "participle", "relative") if roles.passive(c)}
    yield own
    yield made  # "treaty signed in 1949"
    noun, seen = match.head, set[int]()
    verb = noun
    while not roles.is_verb(verb) and verb not in seen and roles.head[verb] != verb and roles.role[verb] != "relative":
        seen.add(verb)
        noun, verb = verb, roles.head[verb]
    if verb not in own and noun != verb and roles.role[noun] not in _SHARING[lasting]:
        return  # "acted at the request of X": the verb's date is not the request's
    yield {verb}
    yield [c for c in roles.of(verb, "coordinate") if roles.is_verb(c) and not roles.of(c, *_SUBJECT)]
    above = roles.head[verb]
    if above != verb and _shares_time(sentence, verb, factuality):
        yield {above}
    elif roles.role[verb] == "relative" and roles.lemma(roles.head[above]) in sentence.language.words["linking"]:
        yield {roles.head[above]}  # "on Friday became the first to leave"


def _shares_time(sentence: Sentence, verb: int, factuality: Factuality) -> bool:
    """Tell whether a verb without a date of its own has that of the verb above: "met X on Sunday and left"."""
    roles = sentence.roles
    if roles.of(verb, "mark", *_SUBJECT):
        return False
    match roles.role[verb]:
        case "coordinate":
            return factuality is not Factuality.NEGATED and not roles.of(verb, "auxiliary")
        case "adverbial":
            return not roles.of(verb, "auxiliary")  # "rang X on Sunday, urging", but "having met"
        case "complement":
            return factuality is Factuality.CERTAIN  # "hastened on Monday to recognise X"
    return False


_SUBJECT = ("subject", "subject-passive")
_SHARING = {
    True: frozenset({*_SUBJECT, "predicate", "predicate-object"}),
    False: frozenset({*_SUBJECT, "predicate", "predicate-object", "object", "complement"}),
}


def _top(sentence: Sentence, mention: DateMention) -> int:
    """Return the token by which a date hangs on the rest of its sentence."""
    head = sentence.roles.head
    inside = range(mention.first, mention.last)
    return next((t for t in inside if head[t] not in inside), mention.first)


def _hangs_on(sentence: Sentence, mention: DateMention, top: int, anchors: Collection[int]) -> bool:
    """Tell whether a date hangs on one of some tokens with no other verb or act in between."""
    roles = sentence.roles
    here = roles.head[top]
    if _set_off(sentence, mention) and not (roles.is_verb(here) and here < mention.first):
        here = _main(sentence, mention.first - 2)
    climbed: set[int] = set()
    while here not in climbed:
        if here in anchors:
            return True
        climbed.add(here)
        if roles.is_verb(here) or not sentence.language.acts.keys().isdisjoint(roles.words(here)):
            return False
        here = roles.head[here]
    return False


def _set_off(sentence: Sentence, mention: DateMention) -> bool:
    """Tell whether a date stands between commas or between a comma and the end: "..., Kamis (5/8)."."""
    lower = sentence.roles.lower
    first, last = mention.first, mention.last
    return first > 1 and lower[first - 1] == "," and (last >= len(lower) or lower[last] in (",", ".", ";"))


def _main(sentence: Sentence, i: int) -> int:
    """Return the verb of the main clause around a token."""
    roles = sentence.roles
    seen: set[int] = set()
    while i not in seen and roles.head[i] != i and roles.role[i] != "coordinate":
        seen.add(i)
        i = roles.head[i]
    return i if roles.is_verb(i) or roles.head[i] == i else roles.clause(i)
