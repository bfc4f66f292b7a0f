"""Whose claim it is: reporting words, "according to", and quotes that run over several sentences."""

from functools import cache

from kgraph.actors.reference import History
from kgraph.extract.cues import CueMatch
from kgraph.extract.factuality import Verdict
from kgraph.extract.sentence import Sentence
from kgraph.language import load as load_language
from kgraph.model import Mention

__all__ = ["Quotes", "speaker"]

OPENING, CLOSING = "“«„", "”»"


class Quotes:
    """The quoted stretches of a text, and who speaks in each."""

    def __init__(self, text: str, history: History) -> None:
        """Find the quotes of a text, paragraph by paragraph."""
        self.spans = quoted(text)
        self.paragraphs = _paragraphs(text)
        self.speakers: dict[int, Mention] = {}
        self.history = history
        self.heard = True  # whether it matters who speaks: something is quoted, or somebody says "we"

    def note(self, sentence: Sentence) -> None:
        """Note who speaks in a sentence's paragraph, so that pronouns and claims in its quotes have a speaker."""
        found = _reporter(sentence)
        number = self._paragraph(sentence.start)
        if found is not None:
            self.speakers[number] = found
            sentence.history.speaker = found
        elif number in self.speakers:
            sentence.history.speaker = self.speakers[number]

    def inside(self, start: int, end: int) -> bool:
        """Tell whether a stretch lies in a quote."""
        return any(a <= start and end <= b for a, b in self.spans)

    def speaker_at(self, start: int) -> Mention | None:
        """Return who speaks in the paragraph around an offset."""
        return self.speakers.get(self._paragraph(start))

    def _paragraph(self, start: int) -> int:
        return sum(1 for p in self.paragraphs if p <= start)


def quoted(text: str) -> list[tuple[int, int]]:
    """Return the stretches between quotation marks; a quote ends with its paragraph at the latest."""
    spans = []
    opened: int | None = None
    for i, character in enumerate(text):
        if character == "\n":
            opened = None
        elif character in OPENING or (character == '"' and opened is None):
            opened = i
        elif (character in CLOSING or character == '"') and opened is not None:
            spans.append((opened, i + 1))
            opened = None
    return spans


def _paragraphs(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if c == "\n"]


def _reporter(sentence: Sentence) -> Mention | None:
    """Return the actor that speaks in a sentence: the subject of a reporting verb outside quotes."""
    roles = sentence.roles
    for token in sentence.roles.tokens:
        for word in roles.words(token.i):
            for row in sentence.language.embeddings.get(word, ()):
                if row.effect == "report" and row.speaker == "agent":
                    for agent in roles.agents(token.i):
                        fillers = sentence.actors_at(agent, expand=False)
                        if fillers:
                            return fillers[0].mention
    return None


@cache
def _report_phrases(code: str) -> tuple[list[str], ...]:
    """Return the phrases of a language that report and name their speaker next."""
    return tuple(
        form.split()
        for form, rows in load_language(code).embeddings.items()
        if " " in form and any(row.effect == "report" and row.speaker and row.speaker != "agent" for row in rows)
    )


def _phrase_speaker(sentence: Sentence) -> Mention | None:
    """Return who is named after a phrase that reports, such as "in the words of"."""
    lowered = sentence.roles.lower
    for words in _report_phrases(sentence.language.code):
        for i in range(len(lowered) - len(words)):
            if lowered[i : i + len(words)] == words:
                for k in range(i + len(words), min(i + len(words) + 6, len(lowered))):
                    if sentence.roles.head[k] < i + len(words) or k in sentence.at:
                        fillers = sentence.actors_at(k, expand=False)
                        if fillers:
                            return fillers[0].mention
    return None


def speaker(sentence: Sentence, match: CueMatch, verdict: Verdict, quotes: Quotes) -> Mention | None:
    """Return the actor whose claim a cue is, None where the text gives it as its own."""
    for token in verdict.speakers:
        fillers = sentence.actors_at(token, expand=False)
        if fillers:
            return fillers[0].mention
    roles = sentence.roles
    for place, marker in enumerate(roles.marker):
        if marker in sentence.language.words["source"]:
            fillers = sentence.actors_at(place, expand=False)
            if fillers:
                return fillers[0].mention
    named = _phrase_speaker(sentence)
    if named is not None:
        return named
    aside = _aside(sentence, match)
    if aside is not None:
        return aside
    head = sentence.roles.tokens[match.head]
    start = sentence.start + head.idx
    if quotes.inside(start, start + len(head)) and not _fragment(sentence, match, quotes):
        return quotes.speaker_at(start)
    return None


def _aside(sentence: Sentence, match: CueMatch) -> Mention | None:
    """Return who reports in an aside: "Iran fired missiles, the army reports"."""
    roles = sentence.roles
    for c in roles.of(roles.clause(match.head), "parataxis", "other"):
        if not any(
            row.effect == "report" and row.speaker == "agent"
            for word in roles.words(c)
            for row in sentence.language.embeddings.get(word, ())
        ):
            continue
        for agent in [*roles.agents(c), *roles.of(c, "modifier")]:
            fillers = sentence.actors_at(agent, expand=False)
            if fillers:
                return fillers[0].mention
    return None


def _fragment(sentence: Sentence, match: CueMatch, quotes: Quotes) -> bool:
    """Tell whether only a few words of a clause are quoted: its subject stands outside the quote."""
    subjects = sentence.roles.agents(match.head)
    places = [sentence.start + sentence.doc[t].idx for t in subjects]
    return bool(places) and not any(quotes.inside(p, p + 1) for p in places)
