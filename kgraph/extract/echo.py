"""Acts that are told by pointing at one told before: "Britain followed suit", "Minsk returned the compliment"."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kgraph import ontology
from kgraph.extract import attribution, reliability
from kgraph.extract.attribution import Quotes
from kgraph.extract.factuality import Judge, Verdict
from kgraph.extract.sentence import Sentence
from kgraph.model import Evidence, Span

__all__ = ["find"]

FAR = 250  # characters at most between an act and what points at it
WIDE = 5  # tokens after the verb among which the other words stand


def find(sentence: Sentence, past: Sequence[Evidence], quotes: Quotes) -> Iterator[Evidence]:
    """Yield the evidence of a sentence that somebody else did what was told last, or that it was done in return.

    `past` is the evidence of the document so far. The words that point back stand for the other side of the act.
    """
    roles, words = sentence.roles, sentence.language.words
    for verb in range(len(roles.lower) if past else 0):
        same, back = (_points_back(sentence, verb, words[kind]) for kind in ("echo", "requital"))
        last = same or back
        if last is None:
            continue
        here, judge = sentence.span_of(verb, last), Judge(roles, sentence.language)
        cue = frozenset(range(verb, last + 1))
        voice = attribution.voice(sentence, verb, judge, quotes)
        for told in _meant(past, here):
            e = told.swapped() if same is None else told
            verdict = judge.judge(verb, cue, Verdict(told.factuality, [], []))  # who does the same as one who refuses
            rule = f"{sentence.language.code}/{e.relation}/echo"
            for actor in (f.mention for token in roles.agents(verb) for f in sentence.actors_at(token)):
                if actor.actor == told.subject or (actor.actor == told.object) is not (same is None):
                    continue
                if not ontology.load().relations[e.relation].allows(actor.actor, e.object):
                    continue
                yield replace(
                    e,
                    subject=actor.actor,
                    factuality=verdict.factuality,
                    sentence=sentence.span,
                    subject_span=Span(actor.start, actor.end),
                    cue_span=here,
                    object_span=here,
                    quote=sentence.text,
                    attributed_to=voice.actor if voice else None,
                    agent=actor.agent,
                    when=None,
                    rule=rule,
                    confidence=min(e.confidence, reliability.of(rule)),
                )


def _points_back(sentence: Sentence, verb: int, forms: Iterable[str]) -> int | None:
    """Return the last token of the words by which a verb points at an act, None where it does not."""
    roles = sentence.roles
    if not roles.is_verb(verb):
        return None
    after = roles.lower[verb + 1 : verb + 1 + WIDE]
    for form in forms:
        first, *others = form.split()
        if first in roles.words(verb) and all(other in after for other in others):
            return verb + 1 + max((after.index(other) for other in others), default=-1)
    return None


def _meant(past: Sequence[Evidence], here: Span) -> list[Evidence]:
    """Return what was told last before a place: that of one cue, of one who acts."""
    known = ontology.load().relations
    done = (e for e in past if "/verb/" in e.rule or not known[e.relation].lasting)  # not "Peru, an ally of Chile,"
    before = [e for e in done if e.cue_span.end <= here.start <= e.sentence.end + FAR]
    if not before:
        return []
    last = max(before, key=lambda e: e.cue_span)
    return [e for e in before if (e.cue_span, e.relation, e.subject) == (last.cue_span, last.relation, last.subject)]
