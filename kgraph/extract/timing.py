"""When a statement holds: which of the dates in a sentence is that of a cue."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache

from kgraph import ontology
from kgraph.extract import dates
from kgraph.extract.dates import DateMention
from kgraph.extract.factuality import Verdict
from kgraph.extract.frames import Candidate
from kgraph.extract.sentence import Sentence
from kgraph.extract.voices import reports, voices
from kgraph.language import Senses
from kgraph.language import load as load_language
from kgraph.model import Document, Factuality

__all__ = ["before", "of", "of_headline", "of_lead"]

DATELINE = 8  # tokens before which a date and then a dash is a dateline
DASHES = ("—", "–", "--")
WORD = re.compile(r"\w+(?:[-/.]\w+)*|[^\w\s]")  # what `dates.find` takes for tokens
MADE = 1  # place among the anchors of what made a state that lasts: "a treaty signed in 1949 binds X to Y"
OPINIONS = frozenset({"ACCUSE", "REJECT", "SUPPORT", "PROTEST"})  # PLOVER's types of what only judges an act
PRESENT = frozenset({"VBZ", "VBP"})
JOINED = 3  # place among the anchors of verbs that are coordinated with the cue's
LEAD = 12  # words that a line has at least for it to be no byline, and a sentence at most that only sums up
NEAR = 500  # characters within which a date is still the one that "that night" counts from


def of(
    document: Document, sentence: Sentence, candidate: Candidate, found: Sequence[DateMention], verdict: Verdict
) -> str | None:
    """Return the date of what a cue says, None where the dates of the sentence are those of something else."""
    roles, factuality = sentence.roles, verdict.factuality
    relation = ontology.load().relations[candidate.relation]
    day = document.date.isoformat() if document.date is not None else ""
    done = factuality is Factuality.CERTAIN and not relation.lasting
    usable = [
        (mention, _governor(sentence, mention))
        for mention in found
        if not mention.value.startswith("..")  # until when something else was so
        and not _dateline(sentence, mention)
        and (mention.value.endswith("/..") or not relation.lasting or relation.sign)  # offices and borders last
        and not (
            done and mention.value.endswith("/..") and (mention.ahead or mention.value > day)
        )  # "a truce from ..."
    ]
    for k, anchors in enumerate(_anchors(sentence, candidate, factuality) if usable else ()):
        nearest = [m for m, above in usable if above in anchors or not anchors.isdisjoint(range(m.first, m.last))]
        hanging = [*nearest, *(m for m, above in usable if _hangs_on(sentence, above, anchors))]
        if k == JOINED:  # "met and condemned X on Monday", not "trades with X and since 2014 has armed it"
            hanging = [m for m in hanging if m.first > min(anchors)]
        if k > MADE and verdict.granted:  # "its ally has bombed X since Monday"
            hanging = [m for m in hanging if not m.value.endswith("/..")]
        for mention in hanging[:1]:
            value = mention.ahead if mention.ahead and _ahead(sentence, candidate, verdict) else mention.value
            return f"{value}/.." if k == MADE and relation.lasting and "/" not in value else value
    if factuality is Factuality.CERTAIN and not relation.judges:
        meant = frozenset(c for c in roles.of(candidate.match.head, "complement") if not roles.of(c, "mark", *_SUBJECT))
        for mention, above in usable:  # "agreed to restore ties on 10 March": what is past was no plan
            past = mention.ahead is None and len(mention.value) == len("2022-03-10") and mention.value <= day
            if past and above in meant:
                return mention.value
    return None


def _ahead(sentence: Sentence, candidate: Candidate, verdict: Verdict) -> bool:
    """Tell whether what may be is yet to come: a plan or a fear, not what somebody is accused of having done."""
    roles, head = sentence.roles, candidate.match.head
    if roles.tokens[head].tag_ == "VBN" and roles.is_verb(head) and not roles.passive(head):
        return False  # "may have bombed X on Sunday"
    words = {step.partition("→")[0] for step in verdict.trail}
    alleged = not words.isdisjoint(sentence.language.words["alleging"])
    return verdict.factuality is Factuality.POSSIBLE and not alleged


def before(document: Document, place: int, senses: Senses) -> str | None:
    """Return the date that is named last in the few sentences before a place."""
    text = document.text[max(0, place - NEAR) : place]
    if place > NEAR:
        _, _, text = text.partition(" ")  # no half word
    found = dates.find(WORD.findall(text), document.date, senses)
    return found[-1].value if found else None


def of_headline(document: Document, sentence: Sentence, relation: str, factuality: Factuality) -> str | None:
    """Return for what a headline says the day of the last week that the lead below it names first.

    None for other text, and for what lasts: no day is that of a border or an alliance.
    """
    end = sentence.span.end
    if (
        ontology.load().relations[relation].lasting
        or sentence.number
        or document.date is None
        or factuality is not Factuality.CERTAIN
    ):
        return None
    if document.text[end : end + 1] != "\n" or document.text[end - 1] in ".!?":
        return None
    below = document.text[end : end + 2 * NEAR].split("\n")
    lead = next((line for line in below if "." in line and len(line.split()) > LEAD), "")
    earliest = (document.date - timedelta(days=7)).isoformat()
    for mention in dates.find(WORD.findall(lead), document.date, sentence.language.dates):
        if len(mention.value) == len(earliest) and earliest < mention.value <= document.date.isoformat():
            return mention.value
    return None


def of_lead(document: Document, sentence: Sentence, candidate: Candidate, verdict: Verdict) -> str | None:
    """Return for the act of the second sentence the day of a first one that only sums up, in few words.

    "The Gulf closed ranks on Monday. Saudi Arabia cut ties with Qatar."
    """
    first = document.text[: sentence.start]
    if (
        sentence.number != 1
        or document.date is None
        or verdict.factuality is not Factuality.CERTAIN
        or sentence.roles.role[candidate.match.head] != "root"
        or ontology.load().relations[candidate.relation].lasting
        or len(first.split()) > LEAD
        or not sentence.language.words["source"].isdisjoint(sentence.roles.lower)
        or len({p.mention.actor for p in sentence.history.past if p.sentence == 0}) > 1
    ):
        return None
    found = dates.find(WORD.findall(first), document.date, sentence.language.dates)
    earliest, latest = (document.date - timedelta(days=7)).isoformat(), document.date.isoformat()
    days = [m.value for m in found if len(m.value) == len(latest) and earliest < m.value <= latest]
    return days[0] if len(found) == len(days) == 1 else None


def _anchors(sentence: Sentence, candidate: Candidate, factuality: Factuality) -> Iterator[frozenset[int]]:
    """Yield the tokens on one of which a date of the cue hangs, nearest first."""
    roles, match = sentence.roles, candidate.match
    relation = ontology.load().relations[candidate.relation]
    own = match.tokens | ({match.support} if match.support is not None else set())
    yield own
    made = [
        c
        for t in own
        for c in roles.of(t, "participle", "relative")
        if t in roles.patients(c)
        and _own_act(sentence, candidate, c)
        and (not relation.lasting or _hostile(sentence.language.code).isdisjoint(roles.words(c)))
    ]
    yield frozenset(made)  # "a treaty signed in 1949"
    top = next((t for t in match.tokens if roles.head[t] not in match.tokens), match.head)
    if match.cue.pos == "phrase" and relation.lasting and not roles.is_verb(roles.head[top]):
        yield frozenset({roles.head[top]})  # "Honduras, at war since Monday, accepted a truce on Friday"
        return
    noun, seen = match.head, set[int]()
    verb = noun
    while not roles.is_verb(verb) and verb not in seen and roles.head[verb] != verb and roles.role[verb] != "relative":
        seen.add(verb)
        if roles.role[verb] == "apposition" and relation.lasting:
            return  # "Bulgaria, a member, has blocked it since May"
        noun, verb = verb, roles.head[verb]
    occasion = _occasion(sentence, noun)
    linked = roles.lemma(verb) in sentence.language.words["linking"]  # "have been at war since 1998"
    at_once = (occasion and not relation.lasting) or (linked and (occasion or roles.role[noun] == "case"))
    act = not relation.lasting and relation.plover not in OPINIONS | {"REQUEST"}  # what was asked for was asked before
    phrase = act and match.cue.pos == "phrase" and roles.role[noun] in ("oblique", "case")
    bound = relation.binding and not sentence.language.words["pledging"].isdisjoint(roles.words(verb))
    shares = at_once or phrase or bound or roles.role[noun] in _SHARING[relation.lasting]
    judged = roles.role[noun] == "object" and verb not in own
    if judged and not _opinions(sentence.language.code).isdisjoint(roles.words(verb)):
        return  # "condemned on Monday the attack on X"
    if verb not in own and noun != verb and not shares:
        return  # "acted at the request of X": the verb's date is not the request's
    yield frozenset({verb})
    yield frozenset(c for c in roles.of(verb, "coordinate") if roles.is_verb(c) and not roles.of(c, *_SUBJECT))
    yield frozenset(_sayings(sentence, candidate, verb, factuality))
    above = roles.head[verb]
    if above != verb and (
        _shares_time(sentence, verb, factuality) or _done_by_saying(sentence, candidate, verb, factuality)
    ):
        yield frozenset({above})
    elif roles.role[verb] in ("relative", "participle") and _serves(sentence, candidate, above):
        yield frozenset({above, roles.head[above]})  # "talks that X mediates opened on Monday"
    elif (
        roles.role[verb] == "relative"
        and roles.role[above] == "object"
        and _acts(sentence, candidate, roles.head[above])
        and not sentence.actors_at(above)
    ):
        yield frozenset({roles.head[above]})  # "passed a law on Monday that bans trade with X"
    elif roles.role[verb] in ("relative", "complement", "adverbial") and (
        roles.role[verb] == "relative" or roles.lemma(above) in sentence.language.words["linking"]
    ):
        yield frozenset({above})  # "it was in 1979 that X recognised Y"
        if roles.lemma(roles.head[above]) in sentence.language.words["linking"]:
            yield frozenset({roles.head[above]})  # "on Friday became the first to leave"
    beside = [verb, *roles.of(verb, *_SUBJECT)]
    yield frozenset(c for t in beside for c in roles.of(t, "participle", "adverbial") if roles.tokens[c].tag_ == "VBG")


@cache
def _opinions(code: str) -> frozenset[str]:
    """Return the verbs that only say what somebody thinks of their object: "condemn", "hail", "reject"."""
    relations = ontology.load().relations
    acts: dict[str, set[str | None]] = {}
    for cue in load_language(code).cues:
        for head in cue.heads if cue.pos == "verb" else ():
            acts.setdefault(head[0], set()).add(relations[cue.relation].plover)
    return frozenset(verb for verb, types in acts.items() if types <= OPINIONS)


def _own_act(sentence: Sentence, candidate: Candidate, verb: int) -> bool:
    """Tell whether what a verb says of a noun is what the parties do: not "talks that Bulgaria has blocked"."""
    roles, relative = sentence.roles, sentence.language.words["relative"]
    if any(roles.lower[s] not in relative for s in roles.of(verb, "subject-passive")):  # "whose independence is ..."
        return False
    parties = {candidate.subject.mention.actor, candidate.object.mention.actor}
    doers = {f.mention.actor for a in roles.agents(verb) for f in sentence.actors_at(a)}
    return not doers or not parties.isdisjoint(doers)


def _serves(sentence: Sentence, candidate: Candidate, noun: int) -> bool:
    """Tell whether a noun names what two others do with each other, one of them the object of a candidate."""
    roles, role = sentence.roles, sentence.roles.role[noun]
    if ontology.load().relations[candidate.relation].judges or role not in ("object", *_SUBJECT):
        return False
    if sentence.language.acts.keys().isdisjoint(roles.words(noun)):
        return False
    verb = roles.head[noun]
    sides = [*roles.of(noun, "possessor", "modifier", "oblique"), *(roles.agents(verb) if role == "object" else ())]
    return any(f.mention.actor == candidate.object.mention.actor for c in sides for f in sentence.actors_at(c))


def _acts(sentence: Sentence, candidate: Candidate, verb: int) -> bool:
    """Tell whether the subject of a candidate is that of a verb, too."""
    subject = candidate.subject.mention.actor
    return any(f.mention.actor == subject for a in sentence.roles.agents(verb) for f in sentence.actors_at(a))


@cache
def _hostile(code: str) -> frozenset[str]:
    """Return the verbs that head cues of conflict alone: ties are made by what was signed, not by what was severed."""
    relations = ontology.load().relations
    signs: dict[str, set[bool]] = {}
    for cue in load_language(code).cues:
        for head in cue.heads if cue.pos == "verb" else ():
            signs.setdefault(head[0], set()).add(relations[cue.relation].sign < 0)
    return frozenset(word for word, hostile in signs.items() if hostile == {True})


def _done_by_saying(sentence: Sentence, candidate: Candidate, verb: int, factuality: Factuality) -> bool:
    """Tell whether the act is done when its doer announces it: "said on Friday that it was leaving the pact"."""
    above = sentence.roles.head[verb]
    if factuality is not Factuality.CERTAIN or sentence.roles.role[verb] != "complement":
        return False
    relation = ontology.load().relations[candidate.relation]
    ends = bool(relation.ends)
    announces = (
        ends
        or relation.judges
        or any(
            row.speaker == "announcer"
            for word in sentence.roles.words(above)
            for row in sentence.language.embeddings.get(word, ())
        )
    )
    perfect = sentence.language.words["perfect"]
    if not perfect.isdisjoint(sentence.roles.lower[c] for c in sentence.roles.children[verb]) and not ends:
        return False  # "announced that its men had captured the town"
    return announces and any(v.actor == candidate.subject.mention.actor for v in voices(sentence, above))


def _sayings(sentence: Sentence, candidate: Candidate, verb: int, factuality: Factuality) -> list[int]:
    """Return the verbs beside a quote by which its speaker does what it says: "“We condemn it,” said X on Friday"."""
    if factuality is not Factuality.CERTAIN or not ontology.load().relations[candidate.relation].judges:
        return []
    subject = candidate.subject.mention.actor
    return [
        c
        for c in sentence.roles.of(verb, "parataxis", "other")
        if reports(sentence, c) and any(v.actor == subject for v in voices(sentence, c))
    ]


def _shares_time(sentence: Sentence, verb: int, factuality: Factuality) -> bool:
    """Tell whether a verb without a date of its own has that of the verb above: "met X on Sunday and left"."""
    roles = sentence.roles
    marks = roles.of(verb, "mark")
    at_once = all(roles.lower[c] in sentence.language.words["meanwhile"] for c in marks)
    if not at_once or (not marks and roles.of(verb, *_SUBJECT)):
        return False  # but "looked on as they signed"
    match roles.role[verb]:
        case "coordinate":
            tags = {roles.tokens[verb].tag_, roles.tokens[roles.head[verb]].tag_}
            moved = not tags.isdisjoint(PRESENT) and "VBD" in tags  # "met X on Monday and flies on to Y"
            return factuality is not Factuality.NEGATED and not roles.of(verb, "auxiliary") and not moved
        case "adverbial" if roles.purpose(verb):
            return factuality is Factuality.CERTAIN  # "used a visit on Sunday to condemn X"
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


def _dateline(sentence: Sentence, mention: DateMention) -> bool:
    """Tell whether a date only says when the text was written: "ZURICH, Oct 11 (Reuters) — ..."."""
    lower = sentence.roles.lower
    return mention.last < DATELINE and any(w in DASHES for w in lower[mention.last : DATELINE + 4])


def _governor(sentence: Sentence, mention: DateMention) -> int:
    """Return the token on which a date hangs, mended where the parse passes over a comma."""
    roles = sentence.roles
    inside = range(mention.first, mention.last)
    if mention.first == 0 and roles.lower[mention.last : mention.last + 1] == [":"]:  # "June 12th: X attacks Y"
        return next((t for t in range(mention.last + 1, len(roles.lower)) if roles.is_verb(t)), mention.first)
    top = next((t for t in inside if roles.head[t] not in inside), mention.first)
    above = roles.head[top]
    if roles.role[above] == "auxiliary":
        above = roles.head[above]
    closing = mention.last >= len(roles.lower) or roles.lower[mention.last] == "."
    own = roles.is_verb(above) and above < mention.first and not (closing and roles.role[above] == "adverbial")
    if _set_off(sentence, mention) and not own:
        main = _main(sentence, mention.first - 2)
        after = mention.last + 1
        if not roles.is_verb(main) and after < len(roles.lower) and roles.tokens[after].pos_ == "VERB":
            return after  # "the president of X, on Monday, condemned Y" with a noun at the root
        if main < mention.first or not roles.is_verb(above):
            return main
    if above >= mention.last < len(roles.lower) and roles.lower[mention.last] == ",":  # "who came on Friday, asked"
        k = mention.first - 1
        while k >= 0 and roles.lower[k] != ",":
            if roles.is_verb(k):
                return k
            k -= 1
    return above


def _hangs_on(sentence: Sentence, above: int, anchors: frozenset[int]) -> bool:
    """Tell whether what a date hangs on is one of some tokens or below it with no other verb or act in between."""
    roles = sentence.roles
    here, climbed = above, set[int]()
    while here not in climbed:
        if here in anchors:
            return True
        climbed.add(here)
        act = not sentence.language.acts.keys().isdisjoint(roles.words(here))
        where = _occasion(sentence, here)
        held = roles.role[here] == "participle" and _occasion(
            sentence, roles.head[here]
        )  # "at a summit held on Friday"
        if not held and (roles.is_verb(here) or (act and not where and roles.role[here] != "predicate")):
            return False  # but "have been allies since 1963", "agreed at a summit on Friday"
        here = roles.head[here]
    return False


def _occasion(sentence: Sentence, noun: int) -> bool:
    """Tell whether a noun says at what occasion its verb happens: "at a summit", "in a statement"."""
    roles = sentence.roles
    return roles.role[noun] == "oblique" and roles.marker[noun] in sentence.language.words["occasion"]


def _set_off(sentence: Sentence, mention: DateMention) -> bool:
    """Tell whether a date stands between commas or between a comma and the end: "..., Kamis (5/8)."."""
    lower = sentence.roles.lower
    first, last = mention.first, mention.last
    joined = first > 1 and sentence.roles.role[first - 2] == "conjunction"  # "and, two days later, left"
    return (
        first > 1 and not joined and lower[first - 1] == "," and (last >= len(lower) or lower[last] in (",", ".", ";"))
    )


def _main(sentence: Sentence, i: int) -> int:
    """Return the verb of the main clause around a token."""
    roles = sentence.roles
    seen: set[int] = set()
    while i not in seen and roles.head[i] != i and roles.role[i] != "coordinate":
        seen.add(i)
        i = roles.head[i]
    return i if roles.is_verb(i) or roles.head[i] == i else roles.clause(i)
