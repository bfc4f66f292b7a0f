"""Denials of what was claimed before: "Doha denies it", "Moskow membantah tudingan itu", "..., itu tidak benar"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kgraph.extract import attribution, reliability, voices
from kgraph.extract.attribution import Quotes
from kgraph.extract.factuality import Judge
from kgraph.extract.sentence import Sentence
from kgraph.model import Evidence, Factuality, Mention, Span

__all__ = ["REACH", "corrected", "find"]

REACH = 12  # pieces of evidence up to which a claim is still the one that "it" means
GAP = 4  # characters at most between two sentences of which one follows the other at once
STOPS = frozenset({",", ".", ";", ":", "!", "”", '"', "“", ")", "—", "–"})  # what may follow "is not true"


@dataclass(frozen=True, slots=True)
class Rebuttal:
    """Words that call a claim untrue: the token that refers to the claim, the one that judges, and who says so.

    `back` tells whether that token only refers to a claim, which may stand in the sentence before.
    """

    claim: int
    verdict: int
    voice: Mention | None
    back: bool


def corrected(sentence: Sentence, evidence: Sequence[Evidence], quotes: Quotes) -> list[Evidence]:
    """Return the evidence of a sentence, what it tells only to call it untrue as denied: "That X left, is not true"."""
    out = list(evidence)
    for rebuttal in _rebuttals(sentence, quotes) if out else ():
        voice = rebuttal.voice.actor if rebuttal.voice else None
        for k, e in enumerate(out):
            if e in _told(sentence, rebuttal, out) and e.attributed_to in (None, voice):
                out[k] = replace(e, factuality=Factuality.NEGATED, attributed_to=voice)
    return out


def find(sentence: Sentence, past: Sequence[Evidence], quotes: Quotes) -> Iterator[Evidence]:
    """Yield the evidence of a sentence that denies a claim; `past` is that of the document so far, the last first.

    The words of the denial stand for both sides of the claim.
    """
    roles, words = sentence.roles, sentence.language.words
    for rebuttal in _rebuttals(sentence, quotes) if past else ():
        claims = _told(sentence, rebuttal, past)
        if not claims and rebuttal.back and (rebuttal.voice or not quotes.inside(sentence.start, sentence.start + 1)):
            claims = _just_told(sentence, rebuttal, past)
        for claim in claims:
            if claim.factuality is not Factuality.NEGATED:
                yield _denial(sentence, claim, rebuttal.voice, rebuttal.claim, rebuttal.verdict)
    for verb in range(len(roles.lower) if past else 0):
        denied = _denied(sentence, verb)
        if denied is None:
            continue
        voice = next(voices.voices(sentence, verb), None)
        if voice is None:
            continue
        accused = denied != verb and not words["claim"].isdisjoint(roles.words(denied))
        for claim in _claims(past, voice.actor, accused=accused):
            yield _denial(sentence, claim, voice, denied, verb)


def _denial(sentence: Sentence, claim: Evidence, voice: Mention | None, denied: int, by: int) -> Evidence:
    """Return the evidence that somebody, or the text itself, denies a claim with the words at two tokens."""
    there = sentence.span_of(denied, denied)
    rule = f"{sentence.language.code}/{claim.relation}/denial"
    denier = voice.actor if voice else None
    actor = Span(voice.start, voice.end) if voice else there
    return replace(
        claim,
        factuality=Factuality.NEGATED,
        sentence=sentence.span,
        subject_span=actor if denier == claim.subject else there,
        cue_span=sentence.span_of(by, by),
        object_span=actor if denier == claim.object else there,
        quote=sentence.text,
        attributed_to=denier,
        agent=voice.agent if voice and denier == claim.subject else None,
        counterpart_agent=voice.agent if voice and denier == claim.object else None,
        when=None,
        rule=rule,
        confidence=min(claim.confidence, reliability.of(rule)),
    )


def _rebuttals(sentence: Sentence, quotes: Quotes) -> Iterator[Rebuttal]:
    """Yield where a sentence calls a claim untrue: "hal itu tidak benar", "the report was false"."""
    roles, words = sentence.roles, sentence.language.words
    judging = words["true"] | words["untrue"]
    yield from _elided(sentence, quotes)
    for verdict in range(len(roles.lower)):
        if judging.isdisjoint(roles.words(verdict)):
            continue
        after = verdict + 1
        if after < len(roles.lower) and not (
            roles.lower[after] in STOPS or roles.role[after] == "conjunction" or voices.reports(sentence, after)
        ):
            continue  # "it is not true that", "false news"
        subject, denied = verdict - 1, not words["untrue"].isdisjoint(roles.words(verdict))
        while subject >= 0 and (
            roles.tokens[subject].pos_ in ("AUX", "ADV", "PART") or roles.lower[subject] in words["article"]
        ):
            denied ^= sentence.language.particles.get(roles.lower[subject]) == "negated"
            subject -= 1
        subject = _before_insertion(sentence, subject)
        if not denied or roles.role[roles.clause(verdict)] == "relative":
            continue
        if subject < 0 or (subject == 0 and roles.tokens[0].is_quote):  # "“A lie,” says X"
            voice = attribution.voice(sentence, verdict, Judge(roles, sentence.language), quotes)
            if voice is not None and after < len(roles.lower):
                yield Rebuttal(verdict, verdict, voice, back=True)
            continue
        named = max(subject - (roles.lower[subject] in words["demonstrative"]), 0)
        back = roles.lower[subject] in words["pronoun"] or not words["claim"].isdisjoint(roles.words(named))
        if back or (roles.lower[subject] not in words["relative"] and _claimed(sentence, subject)):
            claim = named if not words["claim"].isdisjoint(roles.words(named)) else subject
            calls = roles.clause(verdict)
            named_by = (
                voices.voices(sentence, calls) if not words["naming"].isdisjoint(roles.words(calls)) else iter(())
            )
            voice = next(named_by, None) or attribution.voice(
                sentence, verdict, Judge(roles, sentence.language), quotes
            )  # "X calls that a lie"
            yield Rebuttal(claim, verdict, voice, back=back)


def _elided(sentence: Sentence, quotes: Quotes) -> Iterator[Rebuttal]:
    """Yield where a clause ends with a bare negation: "X says that it is not"."""
    roles, particles = sentence.roles, sentence.language.particles
    for i in range(2, len(roles.lower) - 1):
        ends = particles.get(roles.lower[i]) == "negated" and roles.lower[i + 1] in STOPS
        if ends and roles.tokens[i - 1].pos_ == "AUX" and roles.tokens[i - 2].pos_ == "PRON":
            voice = attribution.voice(sentence, i - 1, Judge(roles, sentence.language), quotes)
            if voice is not None:
                yield Rebuttal(i - 2, i, voice, back=True)


def _before_insertion(sentence: Sentence, i: int) -> int:
    """Return the token before a report between commas that ends at a token: "the claim, Doha says, is untrue"."""
    lower = sentence.roles.lower
    opened = next((k for k in range(i - 1, 0, -1) if lower[k] == ","), 0) if i > 0 and lower[i] == "," else 0
    return opened - 1 if opened and any(voices.reports(sentence, k) for k in range(opened, i)) else i


def _claimed(sentence: Sentence, last: int) -> bool:
    """Tell whether a claim and what it says stand before a token with no break between: "kabar X kalah tidak benar"."""
    roles = sentence.roles
    begin = next((i for i in range(last, 0, -1) if roles.lower[i] in STOPS), 0)
    return any(not sentence.language.words["claim"].isdisjoint(roles.words(i)) for i in range(begin, last))


def _told(sentence: Sentence, rebuttal: Rebuttal, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return what a sentence tells before it calls it untrue, after the words that introduce it as a claim."""
    begin = next((i + 1 for i in range(rebuttal.claim) if _introduces(sentence, i)), 0)
    stretch = sentence.span_of(begin, rebuttal.claim)
    return [
        e
        for e in evidence
        if e.sentence == sentence.span and stretch.start <= e.cue_span.start and e.cue_span.end <= stretch.end
    ]


def _introduces(sentence: Sentence, i: int) -> bool:
    """Tell whether a word introduces a claim: "reports that", "said", "accused"."""
    words = sentence.roles.words(i)
    return not sentence.language.words["claim"].isdisjoint(words) or any(
        row.speaker == "agent" or row.effect == "report"
        for word in words
        for row in sentence.language.embeddings.get(word, ())
    )


def _just_told(sentence: Sentence, rebuttal: Rebuttal, past: Sequence[Evidence]) -> list[Evidence]:
    """Return the claims that a sentence means by "it" or "the report": those of the sentence just before it.

    What somebody else claims comes first, then what is said to be possible, then what the denier is said to have done.
    """
    denier = rebuttal.voice.actor if rebuttal.voice else None
    last = [e for e in past if e.sentence.end <= sentence.start and sentence.start - e.sentence.end <= GAP]
    claims = [e for e in last if e.attributed_to not in (None, denier)]
    claims = claims or [e for e in last if e.factuality is Factuality.POSSIBLE]
    return claims or [e for e in last if e.subject == denier]


def _denied(sentence: Sentence, verb: int) -> int | None:
    """Return the token of what a verb denies where that only refers to a claim, None where it says no such thing."""
    roles, words = sentence.roles, sentence.language.words
    if not roles.is_verb(verb):
        return None
    denies = not words["denying"].isdisjoint(roles.words(verb))
    if not (denies or not words["rejecting"].isdisjoint(roles.words(verb))):
        return None
    if roles.of(verb, "negation"):
        return None
    if roles.passive(verb):  # "the claim was denied by Doha", "a claim denied by Doha"
        told = roles.of(verb, "subject-passive") if roles.role[verb] not in ("relative", "participle") else []
        meant = told or [roles.head[verb]]
        refers = roles.lower[meant[0]] in words["pronoun"] or not words["claim"].isdisjoint(roles.words(meant[0]))
        return meant[0] if denies and refers and roles.agents(verb) else None
    if meant := roles.of(verb, "complement"):  # "denies doing so"
        does = denies and roles.lemma(meant[0]) in words["standing_in"]
        so = any(roles.lower[c] in words["pronoun"] for c in roles.children[meant[0]])
        return meant[0] if does and so else None
    objects = roles.of(verb, "object")
    head = roles.head[verb]
    if roles.role[verb] == "relative" and not words["claim"].isdisjoint(roles.words(head)):
        return head  # "a charge that Kigali denies"
    if not objects:
        return verb if denies and not roles.of(verb, "oblique", "adverbial", "parataxis") else None
    if denies and roles.lower[objects[0]] in words["pronoun"] | words["relative"]:  # ", which Kigali denies"
        return objects[0]
    known = words["claim"] | (words["guilt"] if denies else frozenset())
    if known.isdisjoint(roles.words(objects[0])) or roles.of(objects[0], "complement", "relative"):
        return None
    beside = [c for c in roles.of(objects[0], "oblique") if roles.marker[c] not in words["role"]]  # "as nonsense"
    return None if beside else objects[0]


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
