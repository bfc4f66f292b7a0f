"""Whose claim it is: reporting words, "according to", and quotes that run over several sentences."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from kgraph import ontology
from kgraph.actors.reference import History
from kgraph.extract.factuality import DESCRIBING, Judge, Verdict
from kgraph.extract.frames import Candidate
from kgraph.extract.roles import Roles
from kgraph.extract.sentence import Sentence
from kgraph.extract.voices import BREAKS, STANDING_IN, behind, reports, voice_of, voices
from kgraph.language import load as load_language
from kgraph.model import Factuality, Mention, Span

__all__ = ["Quotes", "speaker", "voice"]

OPENING, CLOSING = "“«„", "”»"
MARKS = re.compile(f'[{OPENING}{CLOSING}"\n]')
VERBAL = frozenset({"ACCUSE", "REJECT", "REQUEST", "THREATEN"})  # PLOVER's types of what is done by words
DASHES, LABEL = frozenset({"-", "–", "—"}), 6  # what sets off a speaker of a few words


class Quotes:
    """The quoted stretches of a text, and who speaks in each."""

    def __init__(self, text: str, history: History) -> None:
        """Find the quotes of a text, paragraph by paragraph."""
        self.spans = quoted(text)
        self.paragraphs = _paragraphs(text)
        self.speakers: dict[int, Mention] = {}
        self.history = history
        history.quoted = self.spans
        self.closing: dict[
            int, Mention | None
        ] = {}  # offset of a quote → who is named at its end; None: who was before
        self.heard = True  # whether it matters who speaks: something is quoted, or somebody says "we"

    def note(self, sentence: Sentence) -> None:
        """Note who speaks in a sentence's paragraph, so that pronouns and claims in its quotes have a speaker."""
        found = _reporter(sentence) or self._announced(sentence)
        number = self._paragraph(sentence.start)
        if found is not None:
            self.speakers[number] = found
            sentence.history.speaker = found
        else:
            if number not in self.speakers and (spoke := self._goes_on(sentence, number)) is not None:
                self.speakers[number] = spoke
            if number in self.speakers:
                sentence.history.speaker = self.speakers[number]

    def running(self, sentences: Sequence[Span]) -> Iterator[tuple[int, int]]:
        """Yield the offset of each quote that runs over several sentences, and the number of that in which it ends."""
        starts = [span.start for span in sentences]
        for start, end in self.spans:
            first, last = bisect_right(starts, start), bisect_right(starts, end - 1)
            if last > first:
                yield start, last - 1

    def expect(self, start: int, sentence: Sentence) -> None:
        """Note who speaks in the quote at an offset, which the given sentence ends: "... We will stay," said X."""
        verbs = [t.i for t in sentence.roles.tokens if reports(sentence, t.i)]
        named = next((v for verb in verbs for v in voices(sentence, verb)), None)
        if named is not None or any(sentence.suffix_reference(verb) is not None for verb in verbs):
            self.closing[start] = named

    def _announced(self, sentence: Sentence) -> Mention | None:
        """Return who is named at the end of the quote that a sentence begins or goes on with."""
        k = bisect_right(self.spans, sentence.span.end - 1, key=lambda span: span[0]) - 1
        if k < 0 or self.spans[k][1] <= sentence.start or self.spans[k][0] not in self.closing:
            return None
        return self.closing[self.spans[k][0]] or behind(sentence)

    def _goes_on(self, sentence: Sentence, number: int) -> Mention | None:
        """Return who spoke in the paragraph before, where a sentence begins one with a quote and names no speaker."""
        if not self.inside(sentence.start, sentence.start + 1):
            return None
        return next((self.speakers[n] for n in (number - 1, number - 2) if n in self.speakers), None)

    def inside(self, start: int, end: int) -> bool:
        """Tell whether a stretch lies in a quote."""
        k = bisect_right(self.spans, start, key=lambda span: span[0]) - 1
        return k >= 0 and end <= self.spans[k][1]

    def around(self, place: int) -> tuple[int, int]:
        """Return the quote in which an offset lies."""
        return self.spans[bisect_right(self.spans, place, key=lambda span: span[0]) - 1]

    def speaker_at(self, start: int) -> Mention | None:
        """Return who speaks in the paragraph around an offset."""
        return self.speakers.get(self._paragraph(start))

    def _paragraph(self, start: int) -> int:
        return bisect_right(self.paragraphs, start)


def quoted(text: str) -> list[tuple[int, int]]:
    """Return the stretches between quotation marks; a quote ends with its paragraph at the latest."""
    spans = []
    opened: int | None = None
    for mark in MARKS.finditer(text):
        i, character = mark.start(), mark.group()
        if character == "\n":
            opened = None
        elif character in OPENING or (character == '"' and opened is None):
            opened = i
        elif (character in CLOSING or character == '"') and opened is not None:
            spans.append((opened, i + 1))
            opened = None
    return spans


def _paragraphs(text: str) -> list[int]:
    return [m.start() for m in re.finditer("\n", text)]


def _reporter(sentence: Sentence) -> Mention | None:
    """Return the actor that speaks in a sentence: the subject of a reporting verb outside quotes."""
    for token in sentence.roles.tokens:
        place = sentence.start + token.idx
        if reports(sentence, token.i) and not any(a <= place < b for a, b in sentence.history.quoted):
            for voice in voices(sentence, token.i):
                return voice
    return None


@cache
def _report_phrases(code: str) -> tuple[list[str], ...]:
    """Return the words of a language that report and name their speaker next: "in the words of", "citing"."""
    return tuple(
        form.split()
        for form, rows in load_language(code).embeddings.items()
        if any(row.effect == "report" and row.speaker not in (None, "agent", "announcer") for row in rows)
    )


def _phrase_speaker(sentence: Sentence, *_: object) -> Mention | None:
    """Return who is named after a phrase that reports, such as "in the words of"."""
    lowered = sentence.roles.lower
    for words in _report_phrases(sentence.language.code):
        if words[0] not in lowered:
            continue
        for i in range(len(lowered) - len(words)):
            if lowered[i : i + len(words)] == words:
                for k in range(i + len(words), min(i + len(words) + 6, len(lowered))):
                    says = k in sentence.at or sentence.sort_of(k) in STANDING_IN or reports(sentence, k)
                    top = sentence.roles.head[k] < i + len(words)  # "citing the army", not "citing Somali attacks"
                    if (top and says) or (k in sentence.at and len(words) > 1):
                        named = voice_of(sentence, k)
                        if named is not None:
                            return named
    return None


def speaker(sentence: Sentence, candidate: Candidate, verdict: Verdict, quotes: Quotes) -> Mention | None:
    """Return the actor whose claim a candidate is, None where the text gives it as its own."""
    match = candidate.match
    relation = ontology.load().relations[candidate.relation]
    if verdict.granted or (relation.lasting and not relation.sign):
        return None  # who borders on whom is taken for granted, whoever mentions it
    parties = {candidate.subject.mention.actor, candidate.object.mention.actor}
    for token in verdict.speakers:
        voice = voice_of(sentence, token)
        if voice is None:
            continue
        if token in verdict.announcers and _does(sentence, candidate, voice):
            return None
        if relation.symmetric and parties <= {f.mention.actor for f in sentence.actors_at(token)}:
            return None  # "both say that they have come to terms"
        if verdict.factuality is Factuality.CERTAIN and (
            _by_word(sentence, candidate, voice) or _granted(sentence, candidate)
        ):
            return None
        return _own(sentence, candidate, voice)
    named = _beside(sentence, match.head, match.tokens)
    if named is not None:
        return _own(sentence, candidate, named)
    return (
        _labelled(sentence, candidate)
        or _introduced(sentence, match.head, quotes)
        or _quoted(sentence, match.head, quotes)
    )


def voice(sentence: Sentence, token: int, judge: Judge, quotes: Quotes) -> Mention | None:
    """Return the actor who says what the clause around a token says, None where the text itself does."""
    own = frozenset({token})
    embedding = (voice_of(sentence, speaker) for speaker in judge.judge(token, own).speakers)
    named = next((m for m in embedding if m is not None), None) or _beside(sentence, token, own)
    return named or _quoted(sentence, token, quotes)


def _beside(sentence: Sentence, head: int, tokens: frozenset[int]) -> Mention | None:
    """Return whom the words beside a clause name as the one who says it: a source, an aside, an inserted report."""
    finders: list[Callable[[Sentence, int, frozenset[int]], Mention | None]] = [_source, _phrase_speaker]
    if _asserted(sentence, head):
        finders += [_aside, _inserted]
    found = (find(sentence, head, tokens) for find in finders)
    return next((m for m in found if m is not None), None)


def _labelled(sentence: Sentence, candidate: Candidate) -> Mention | None:
    """Return whom a colon or dash sets before or after what they say: "Minister: X attacked Y", "X attacked Y: Kabul".

    A mere name before a colon may be the topic, and is taken for a speaker only where it is no party of the claim.
    """
    roles, head = sentence.roles, candidate.match.head
    lower, tokens = roles.lower, roles.tokens
    ends = range(max(head + 1, len(lower) - LABEL), len(lower) - 1)
    apart = [i for i in ends if lower[i] == ":" or (lower[i] in DASHES and tokens[i - 1].whitespace_)]
    if apart and lower[-1].isalpha():
        return _named_in(sentence, apart[-1] + 1, len(lower))
    first = next((i for i, word in enumerate(lower[:LABEL]) if word == ":"), 0)
    if not 0 < first < head:
        return None
    named = [sentence.at[i] for i in range(first) if i in sentence.at]
    parties = candidate.subject.mention.actor, candidate.object.mention.actor
    if len(named) == first and any(m.actor in parties or m.sort in ("capital", "seat") for m in named):
        return None
    return _named_in(sentence, 0, first) if len({m.actor for m in named}) < 2 else None


def _introduced(sentence: Sentence, head: int, quotes: Quotes) -> Mention | None:
    """Return who is the subject before a colon that introduces the quote around a cue: "Kabul was blunt: “..."."""
    roles = sentence.roles
    place = sentence.start + roles.tokens[head].idx
    if not quotes.inside(place, place + 1):
        return None
    begin, _ = quotes.around(place)
    opened = next((t.i for t in roles.tokens if sentence.start + t.idx >= begin), 0)
    if opened < 2 or roles.lower[opened - 1] != ":":
        return None
    subjects = [i for i in range(opened) if roles.role[i] in ("subject", "subject-passive")]
    return next((v for i in subjects for v in [voice_of(sentence, i)] if v is not None), None)


def _named_in(sentence: Sentence, first: int, last: int) -> Mention | None:
    """Return the actor that a few words name or give the title of, None if they say more or something else."""
    roles = sentence.roles
    if any(roles.is_verb(i) or roles.tokens[i].is_punct or roles.tokens[i].like_num for i in range(first, last)):
        return None
    tops = [
        i
        for i in range(first, last)
        if (not first <= roles.head[i] < last or roles.head[i] == i)
        and (i in sentence.at or sentence.sort_of(i) in STANDING_IN)
    ]
    return next((v for i in tops for v in [voice_of(sentence, i)] if v is not None), None)


def _quoted(sentence: Sentence, head: int, quotes: Quotes) -> Mention | None:
    """Return who speaks in the quote in which a clause stands with its subject."""
    token = sentence.roles.tokens[head]
    start = sentence.start + token.idx
    if quotes.inside(start, start + len(token)) and not _fragment(sentence, head, quotes, start):
        return quotes.speaker_at(start)
    return None


def _does(sentence: Sentence, candidate: Candidate, voice: Mention) -> bool:
    """Tell whether who announces an act does it by announcing: "said it was leaving", not "that it had left"."""
    doers = {candidate.subject.mention.actor}
    if ontology.load().relations[candidate.relation].symmetric:
        doers.add(candidate.object.mention.actor)
    return voice.actor in doers and not _told(sentence, candidate)


def _by_word(sentence: Sentence, candidate: Candidate, voice: Mention) -> bool:
    """Tell whether who says something does by saying it what a candidate states: "says it needs arms from Y".

    Not so if it was done before; and of blame only where it lies in the saying, not in "we condemn".
    """
    subject, relation = candidate.subject.mention, ontology.load().relations[candidate.relation]
    act = relation.plover
    if not (act in VERBAL or relation.id == "claims") or voice.actor != subject.actor or _told(sentence, candidate):
        return False
    return act != "ACCUSE" or voice.start == subject.start


def _told(sentence: Sentence, candidate: Candidate) -> bool:
    """Tell whether the words of a candidate say that it was done before it is told: "had left"."""
    perfect, roles = sentence.language.words["perfect"], sentence.roles
    return any(roles.lower[c] in perfect for c in roles.children[candidate.match.head])


def _granted(sentence: Sentence, candidate: Candidate) -> bool:
    """Tell whether what a candidate states is no claim, but what a claim is about: "said the war with X must end"."""
    roles, match = sentence.roles, candidate.match
    if match.support is not None or roles.is_verb(match.head) or roles.role[match.head] not in DESCRIBING:
        return False
    verb = roles.head[match.head]
    if not sentence.language.support.keys().isdisjoint(roles.words(verb)) or roles.passive(verb):
        return False
    if reports(sentence, verb):
        return False  # "confirmed the attack"
    definite = sentence.language.words["demonstrative"] | sentence.language.words["genitive"]
    beside = [roles.lower[c] for c in roles.children[match.head]]
    return not definite.isdisjoint(beside) or bool(roles.of(match.head, "possessor"))


def _own(sentence: Sentence, candidate: Candidate, voice: Mention) -> Mention:
    """Let "its" in a speaker named after the claim be the claim's subject: "X will never arm Y, says its minister"."""
    subject, object_ = candidate.subject.mention, candidate.object.mention
    after = voice.start > sentence.start + sentence.roles.tokens[candidate.match.head].idx
    if voice.sort == "reference" and after and voice.actor == object_.actor:
        return subject
    return voice


def _source(sentence: Sentence, head: int, _: frozenset[int]) -> Mention | None:
    """Return who is named as the source of a cue's clause: "according to X", "by its own account"."""
    roles, words = sentence.roles, sentence.language.words
    for place, marker in enumerate(roles.marker):
        if not marker or not (place < 4 or _under(roles, head, roles.clause(place))):
            continue
        owners = roles.of(place, "possessor")
        account = owners and marker in words["agent"] and reports(sentence, place)
        view = owners and marker in words["occasion"] and not words["view"].isdisjoint(roles.words(place))
        eyes = (
            place == 1
            and marker in (words["dative"] | words["of"])
            and roles.lower[2:3] == [","]
            and roles.lemma(roles.clause(head)) in words["linking"]
        )  # "to Kabul, X is an enemy"
        named = [place] if marker in words["source"] or account or eyes else owners if view else []
        voice = next((v for i in named for v in [voice_of(sentence, i)] if v is not None), None)
        if voice is not None:
            return voice
    for place, form in enumerate(roles.lower if roles.suffixes else ()):
        if sentence.suffix_reference(place) is not None and not words["source"].isdisjoint(roles.words(place)):
            return behind(sentence) if form not in words["source"] else None
    return None


def _under(roles: Roles, i: int, top: int) -> bool:
    """Tell whether a token is another one or stands below it."""
    seen: set[int] = set()
    while i not in seen and i != top:
        seen.add(i)
        i = roles.head[i]
    return i == top


def _asserted(sentence: Sentence, head: int) -> bool:
    """Tell whether a token is part of what its sentence says, not of a relative clause that only describes somebody."""
    roles = sentence.roles
    here, seen = head, set[int]()
    while here not in seen and roles.head[here] != here:
        seen.add(here)
        if roles.role[here] == "relative" and roles.of(here, "subject", "subject-passive"):
            return False
        here = roles.head[here]
    return True


def _aside(sentence: Sentence, head: int, _: frozenset[int]) -> Mention | None:
    """Return who reports in an aside: "Iran fired missiles, the army reports", "as it puts it", "or so it says"."""
    roles = sentence.roles
    clause = roles.clause(head)
    like = sentence.language.words["role"] | sentence.language.words["likewise"]
    likened = (
        c
        for c in roles.of(clause, "adverbial")
        if any(roles.lower[m] in like for m in roles.of(c, "mark"))
        and not any(roles.lower[o] not in sentence.language.words["pronoun"] for o in roles.of(c, "object"))
    )
    so = (c for c in roles.of(clause, "coordinate") if any(roles.lower[a] in like for a in roles.of(c, "adverb")))
    for c in [*roles.of(clause, "parataxis", "other"), *likened, *so]:
        if reports(sentence, c) and not _under(roles, head, c):  # "..., he said, while turning down an offer"
            for voice in voices(sentence, c):
                return voice
            for m in roles.of(c, "modifier"):
                named = voice_of(sentence, m)
                if named is not None:
                    return named
    return None


def _inserted(sentence: Sentence, head: int, tokens: frozenset[int]) -> Mention | None:
    """Return who reports between commas, wherever the parse hangs it: "Kabul, it says, will not ..."."""
    roles = sentence.roles
    for token in roles.tokens:
        verb = token.i
        if verb == head or verb in tokens or roles.role[verb] == "relative" or not reports(sentence, verb):
            continue
        edges = [roles.tokens[a].left_edge.i for a in roles.agents(verb)]
        left = min([verb, *edges])
        if left == 0 or roles.lower[left - 1] not in BREAKS or _under(roles, head, verb):
            continue
        first, last = sorted((head, verb))
        if ";" in roles.lower[first:last]:
            continue
        if head > verb and not any(s < left for s in roles.agents(head)):
            continue
        for voice in voices(sentence, verb):
            return voice
    return None


def _fragment(sentence: Sentence, head: int, quotes: Quotes, place: int) -> bool:
    """Tell whether only a few words of a clause are quoted: its subject stands outside the quote, or it has none."""
    tokens, roles = sentence.roles.tokens, sentence.roles
    subjects = [sentence.start + sentence.doc[t].idx for t in roles.agents(head)]
    if subjects and not any(quotes.inside(p, p + 1) for p in subjects):
        return True
    begin, end = quotes.around(place)
    inside = [t.i for t in tokens if begin <= sentence.start + t.idx < end]
    whole = any(
        not roles.is_verb(i) and roles.role[i].startswith("subject") and roles.head[i] in inside for i in inside
    )
    words = [tokens[i].text for i in inside if tokens[i].is_alpha]
    return not whole and bool(words) and begin >= sentence.start and words[0].islower()
