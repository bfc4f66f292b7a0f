"""Denials of what was claimed before: "Doha denies it", "Moskow membantah tudingan itu"."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kgraph.extract import attribution, reliability
from kgraph.extract.sentence import Sentence
from kgraph.model import Evidence, Factuality, Span

__all__ = ["REACH", "find"]

REACH = 12  # pieces of evidence up to which a claim is still the one that "it" means


def find(sentence: Sentence, past: Sequence[Evidence]) -> Iterator[Evidence]:
    """Yield the evidence of a sentence that denies a claim; `past` is that of the document so far, the last first.

    The words of the denial stand for both sides of the claim.
    """
    roles = sentence.roles
    for verb in range(len(roles.lower) if past else 0):
        denied = _denied(sentence, verb)
        if denied is None:
            continue
        voice = next(attribution.voices(sentence, verb), None)
        if voice is None:
            continue
        there = sentence.span_of(denied, denied)
        actor = Span(voice.start, voice.end)
        accused = roles.lower[denied] not in sentence.language.words["pronoun"] and denied != verb
        for claim in _claims(past, voice.actor, accused=accused):
            rule = f"{sentence.language.code}/{claim.relation}/denial"
            yield replace(
                claim,
                factuality=Factuality.NEGATED,
                sentence=sentence.span,
                subject_span=actor if voice.actor == claim.subject else there,
                cue_span=sentence.span_of(verb, verb),
                object_span=actor if voice.actor == claim.object else there,
                quote=sentence.text,
                attributed_to=voice.actor,
                agent=voice.agent if voice.actor == claim.subject else None,
                counterpart_agent=voice.agent if voice.actor == claim.object else None,
                when=None,
                rule=rule,
                confidence=min(claim.confidence, reliability.of(rule)),
            )


def _denied(sentence: Sentence, verb: int) -> int | None:
    """Return the token of what a verb denies where that only refers to a claim, None where it says no such thing."""
    roles, words = sentence.roles, sentence.language.words
    if not roles.is_verb(verb):
        return None
    denies = not words["denying"].isdisjoint(roles.words(verb))
    if not (denies or not words["rejecting"].isdisjoint(roles.words(verb))):
        return None
    if roles.of(verb, "negation", "complement") or roles.passive(verb):
        return None
    objects = roles.of(verb, "object")
    if not objects:
        return verb if denies and not roles.of(verb, "oblique", "adverbial", "parataxis") else None
    if denies and roles.lower[objects[0]] in words["pronoun"]:
        return objects[0]
    if words["claim"].isdisjoint(roles.words(objects[0])) or roles.of(objects[0], "oblique", "complement", "relative"):
        return None
    return objects[0]


def _claims(past: Sequence[Evidence], actor: str, *, accused: bool) -> list[Evidence]:
    """Return what was last claimed by somebody else, of the actor if of several; `accused`: of others than himself."""
    claims = [
        e
        for e in past
        if e.attributed_to not in (None, actor)
        and e.factuality is not Factuality.NEGATED
        and not (accused and e.attributed_to == e.subject)
    ]
    last = [e for e in claims if e.sentence == claims[0].sentence]
    return [e for e in last if actor == e.subject] or [e for e in last if actor == e.object] or last
