"""Whose claim it is: reporting words, "according to", and quotes that run over several sentences."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import takewhile

from kgraph import ontology
from kgraph.actors.reference import History
from kgraph.extract.factuality import Judge, Verdict
from kgraph.extract.frames import Candidate
from kgraph.extract.roles import Roles
from kgraph.extract.sentence import Sentence
from kgraph.language import load as load_language
from kgraph.model import Mention, Span

__all__ = ["Quotes", "reports", "speaker", "voice", "voices"]

OPENING, CLOSING = "“«„", "”»"
MARKS = re.compile(f'[{OPENING}{CLOSING}"\n]')
BREAKS = (",", '"', "”", "»", "’", "'")  # after which a report may be inserted


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
        elif number in self.speakers:
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
        return self.closing[self.spans[k][0]] or _behind(sentence)

    def inside(self, start: int, end: int) -> bool:
        """Tell whether a stretch lies in a quote."""
        k = bisect_right(self.spans, start, key=lambda span: span[0]) - 1
        return k >= 0 and end <= self.spans[k][1]

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


def reports(sentence: Sentence, i: int) -> bool:
    """Tell whether a word reports what the actor of its own clause says."""
    return any(
        row.effect == "report" and row.speaker in ("agent", "announcer")
        for word in sentence.roles.words(i)
        for row in sentence.language.embeddings.get(word, ())
    )


def _reporter(sentence: Sentence) -> Mention | None:
    """Return the actor that speaks in a sentence: the subject of a reporting verb outside quotes."""
    for token in sentence.roles.tokens:
        if reports(sentence, token.i):
            for voice in voices(sentence, token.i):
                return voice
    return None


def voices(sentence: Sentence, verb: int) -> Iterator[Mention]:
    """Yield who may speak by a reporting word: its subject, or whom the "-nya" of "katanya" means."""
    agents = sentence.roles.agents(verb)
    for agent in agents:
        voice = _voice(sentence, agent)
        if voice is not None:
            yield voice
    if not agents and sentence.suffix_reference(verb) is not None:
        behind = _behind(sentence)
        if behind is not None:
            yield behind


def _voice(sentence: Sentence, token: int) -> Mention | None:
    """Return the actor for whom a noun speaks; officials speak for the capital they sit in."""
    strict = not sentence.language.unlisted_stand_in  # "the Confederation of Indian Industry" does not speak for India
    for filler in sentence.actors_at(token, expand=False, strict=strict):
        return filler.mention
    roles, words = sentence.roles, sentence.language.words
    if token in sentence.references:
        first, last, _, kind = sentence.references[token]
        return _behind(sentence) if kind == "person" and last == first + 1 else None  # "he", not "the minister"
    if sentence.sort_of(token) in ("body", "person") and words["posted"].isdisjoint(roles.words(token)):
        near = roles.lower[token + 1 : token + 2]  # "in" of "said an official in Kabul", which may hang on "said"
        beside = [c for c in roles.of(roles.head[token], "oblique") if [roles.marker[c]] == near]
        for c in [*roles.of(token, "oblique", "possessor"), *beside]:
            mention = sentence.at.get(c)
            if mention is not None and mention.sort in ("capital", "seat"):
                return mention
    if not roles.is_verb(token) and reports(sentence, token):  # "a report by the army says"
        return next(
            (
                f.mention
                for a in [*roles.agents(token), *roles.obliques(token, *words["agent"])]
                for f in sentence.actors_at(a, expand=False)
            ),
            None,
        )
    return None


def _behind(sentence: Sentence) -> Mention | None:
    """Return who spoke, else was the subject, else was named first in the sentence before: for a bare "he said"."""
    before = (p for p in sentence.history.before(sentence.start) if not sentence.history.in_quote(p.mention))
    nearest = next(before, None)
    if nearest is None:
        return None
    last = [nearest, *takewhile(lambda p: p.sentence == nearest.sentence, before)]
    spoke = sentence.history.speaker
    if spoke is not None and any(p.mention.start == spoke.start for p in last):
        return spoke
    return min(last, key=lambda p: (not p.subject, p.mention.start)).mention


@cache
def _report_phrases(code: str) -> tuple[list[str], ...]:
    """Return the phrases of a language that report and name their speaker next."""
    return tuple(
        form.split()
        for form, rows in load_language(code).embeddings.items()
        if " " in form
        and any(row.effect == "report" and row.speaker not in (None, "agent", "announcer") for row in rows)
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
                    if sentence.roles.head[k] < i + len(words) or k in sentence.at:
                        fillers = sentence.actors_at(k, expand=False)
                        if fillers:
                            return fillers[0].mention
    return None


def speaker(sentence: Sentence, candidate: Candidate, verdict: Verdict, quotes: Quotes) -> Mention | None:
    """Return the actor whose claim a candidate is, None where the text gives it as its own."""
    match = candidate.match
    relation = ontology.load().relations[candidate.relation]
    if relation.lasting and not relation.sign:
        return None  # who borders on whom is taken for granted, whoever mentions it
    for token in verdict.speakers:
        voice = _voice(sentence, token)
        if voice is None:
            continue
        if token in verdict.announcers and _does(sentence, candidate, voice):
            return None
        return _own(sentence, candidate, voice)
    named = _beside(sentence, match.head, match.tokens)
    return _own(sentence, candidate, named) if named is not None else _quoted(sentence, match.head, quotes)


def voice(sentence: Sentence, token: int, judge: Judge, quotes: Quotes) -> Mention | None:
    """Return the actor who says what the clause around a token says, None where the text itself does."""
    own = frozenset({token})
    embedding = (_voice(sentence, speaker) for speaker in judge.judge(token, own).speakers)
    named = next((m for m in embedding if m is not None), None) or _beside(sentence, token, own)
    return named or _quoted(sentence, token, quotes)


def _beside(sentence: Sentence, head: int, tokens: frozenset[int]) -> Mention | None:
    """Return whom the words beside a clause name as the one who says it: a source, an aside, an inserted report."""
    finders: list[Callable[[Sentence, int, frozenset[int]], Mention | None]] = [_source, _phrase_speaker]
    if _asserted(sentence, head):
        finders += [_aside, _inserted]
    found = (find(sentence, head, tokens) for find in finders)
    return next((m for m in found if m is not None), None)


def _quoted(sentence: Sentence, head: int, quotes: Quotes) -> Mention | None:
    """Return who speaks in the quote in which a clause stands with its subject."""
    token = sentence.roles.tokens[head]
    start = sentence.start + token.idx
    if quotes.inside(start, start + len(token)) and not _fragment(sentence, head, quotes):
        return quotes.speaker_at(start)
    return None


def _does(sentence: Sentence, candidate: Candidate, voice: Mention) -> bool:
    """Tell whether who announces an act does it by announcing: "said it was leaving", not "that it had left"."""
    perfect = sentence.language.words["perfect"]
    told = any(sentence.roles.lower[c] in perfect for c in sentence.roles.children[candidate.match.head])
    return voice.actor in (candidate.subject.mention.actor, candidate.object.mention.actor) and not told


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
        account = marker in words["agent"] and reports(sentence, place) and bool(roles.of(place, "possessor"))
        if (account or marker in words["source"]) and (place < 4 or _under(roles, head, roles.clause(place))):
            voice = _voice(sentence, place)
            if voice is not None:
                return voice
    for place, form in enumerate(roles.lower if roles.suffixes else ()):
        if sentence.suffix_reference(place) is not None and not words["source"].isdisjoint(roles.words(place)):
            return _behind(sentence) if form not in words["source"] else None
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
    """Return who reports in an aside: "Iran fired missiles, the army reports"."""
    roles = sentence.roles
    for c in roles.of(roles.clause(head), "parataxis", "other"):
        if reports(sentence, c) and not _under(roles, head, c):  # "..., he said, while turning down an offer"
            for voice in voices(sentence, c):
                return voice
            for m in roles.of(c, "modifier"):
                named = _voice(sentence, m)
                if named is not None:
                    return named
    return None


def _inserted(sentence: Sentence, head: int, tokens: frozenset[int]) -> Mention | None:
    """Return who reports between commas, wherever the parse hangs it: "Kabul, it says, will not ..."."""
    roles = sentence.roles
    for token in roles.tokens:
        verb = token.i
        if verb == head or verb in tokens or not reports(sentence, verb):
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


def _fragment(sentence: Sentence, head: int, quotes: Quotes) -> bool:
    """Tell whether only a few words of a clause are quoted: its subject stands outside the quote."""
    subjects = sentence.roles.agents(head)
    places = [sentence.start + sentence.doc[t].idx for t in subjects]
    return bool(places) and not any(quotes.inside(p, p + 1) for p in places)
