"""Document → Evidence: sentences, mentions, the gate that keeps idle sentences from the parser, frames, verdicts."""

import gc
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import islice

import spacy
from spacy.language import Language as Pipeline
from spacy.tokens import Doc
from thinc.api import use_ops

from kgraph import ontology
from kgraph.actors import gazetteer, mentions
from kgraph.actors.reference import Dyad, History
from kgraph.extract import attribution, cues, dates, denial, echo, offices, pairing, reliability, timing, vectors
from kgraph.extract.factuality import Judge
from kgraph.extract.frames import Candidate
from kgraph.extract.gate import Gate, says_where
from kgraph.extract.roles import Roles
from kgraph.extract.sentence import Sentence
from kgraph.extract.tagging import Rules
from kgraph.extract.wording import Wording, with_tree
from kgraph.language import Language
from kgraph.language import load as load_language
from kgraph.model import Document, Evidence, Factuality, Mention, Span

__all__ = ["Piece", "Reader", "heads_of", "load", "said"]

UNUSED = ["ner", "entity_ruler", "span_ruler", "senter"]  # roles need none of these
SENTENCE = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[]*[A-Z0-9ÁÉÍÓÚÖÜŞÇİ])|(?<=;)\s+|\n+")
WORD = re.compile(r"\w+")
PARSED = 128  # sentences that are parsed at once: what is computed for their tokens stays in the processor's cache
SHOWN = "shown"  # where a sentence keeps what the parser is shown in its place
DATED = re.compile(r"\w+(?:[-/.]\w+)*|[^\w\s]")  # what `dates.find` takes for tokens
# "TOKYO —", "JAKARTA, KOMPAS —", "Jakarta (ANTARA) -", "TEMPO.CO, Jakarta -": a capital there only says where, and
# so does one in capital letters after a headline.
DATELINE = re.compile(
    r"(?:^(?:[A-Z]{4,}[\w.]*, [A-Z][\w .'-]{2,25}?"
    r"|[A-ZÀ-Þ][A-ZÀ-Þ .'-]{3,}?(?:, [^—–\n]{2,30}?| ?\([^)\n]{2,30}\))?"
    r"|[A-Z][\w .'-]{2,25}?(?:, [A-Z][^—–\n,]{2,30}?| ?\([A-Z][^)\n]{1,30}\)))"
    r"|\b[A-ZÀ-Þ]{4,})"
    r" ?(?:—|–|--| -) ",
    re.MULTILINE,
)
NEAR = 500  # characters within which a date is still the one that "that night" counts from


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence before it is parsed: its place in the document and the mentions in it."""

    number: int
    span: Span
    mentions: tuple[Mention, ...]


@dataclass(slots=True)
class Reading:
    """A document being read: its sentences, tokenised, which of them the gate admits, and the roles in those parsed."""

    document: Document
    pieces: list[Piece]
    known: list[Mention]
    docs: list[Doc]
    admitted: list[bool]
    roles: list[Roles | None]


class Reader:
    """Reads documents of one language."""

    def __init__(self, code: str, pipeline: str | None = "best") -> None:
        """Load the language's tables and its best installed pipeline, none if somebody else parses."""
        self.language: Language = load_language(code)
        self.gazetteer = gazetteer.load(code)
        self.cues = cues.load(code)
        self.weights = pairing.load(code)
        self.observe: Callable[[Sentence, list[pairing.Pair]], None] | None = None  # for those who learn the weights
        self.pipeline: Pipeline | None = None
        if pipeline is not None:
            with use_ops("numpy", use_blis=False):  # NumPy's own BLAS knows newer processors
                self.pipeline = spacy.load(self.language.pipeline(), exclude=UNUSED)
            vectors.remember(self.pipeline)
            self.rules = Rules(self.pipeline)
            self.gate = Gate(self.language, self.cues, self.pipeline)
            self.wording = Wording(self.language)
        self._boilerplate = [p.match if p.pattern.startswith("^") else p.search for p in self.language.boilerplate]
        self._pronouns = frozenset(
            form.split()[0] for form, senses in self.language.references.items() if not form.startswith("-")
        )
        self._judging = self.language.words["true"] | self.language.words["untrue"]  # "That is not true."

    def read(self, documents: Iterable[Document], batch: int = 64) -> Iterator[tuple[Document, list[Evidence]]]:
        """Yield each document with its evidence, in the order given."""
        stream = iter(documents)
        while chunk := list(islice(stream, batch)):
            readings = [self.begin(document) for document in chunk]
            self._parse([(r, k) for r in readings for k, admitted in enumerate(r.admitted) if admitted])
            for r in readings:
                yield r.document, self.gather(r.document, r.pieces, r.roles, r.known)

    def parse(self, texts: Iterable[str | Doc]) -> Iterator[Doc]:
        """Yield texts in order, each with its tree."""
        assert self.pipeline is not None, "this reader was made without a pipeline"
        docs = [self.pipeline.make_doc(text) if isinstance(text, str) else text for text in texts]
        shown = [doc.user_data.get(SHOWN) or doc for doc in docs]
        parsed = map(self.rules, self.pipeline.pipe(shown, batch_size=PARSED, disable=self.rules.names))
        for doc, tree in zip(docs, parsed, strict=True):
            yield tree if tree is doc else with_tree(doc, tree)

    def roles(self, document: Document, piece: Piece) -> Roles:
        """Return the roles in one sentence of a document."""
        return Roles(next(self.parse([self.tokens(document, piece)])), self.language)

    def tokens(self, document: Document, piece: Piece) -> Doc:
        """Return the tokens of a sentence and beside them what the parser is shown in their place."""
        assert self.pipeline is not None, "this reader was made without a pipeline"
        doc = self.pipeline.make_doc(as_prose(document.text, piece))
        start = piece.span.start
        names = [(m.start - start, m.end - start) for m in piece.mentions]
        doc.user_data[SHOWN] = self.wording.shown(doc, piece.span.of(document.text), names)
        return doc

    def begin(self, document: Document) -> Reading:
        """Return the sentences of a document up to the last that the gate admits."""
        assert self.pipeline is not None, "this reader was made without a pipeline"
        pieces, known = self.prepare(document)
        docs: list[Doc] = []
        admitted: list[bool] = []
        for piece in pieces:
            doc = self.tokens(document, piece)
            docs.append(doc)
            admitted.append(self.gate.admits(doc, piece.span.start, piece.mentions, known, acted=any(admitted)))
        while admitted and not admitted[-1]:
            admitted.pop()
        size = len(admitted)
        return Reading(document, pieces[:size], known, docs[:size], admitted, [None] * size)

    def _parse(self, places: Sequence[tuple[Reading, int]]) -> None:
        """Parse some of the sentences of some documents, all in one batch."""
        parsed = self.parse([reading.docs[k] for reading, k in places])
        for (reading, k), doc in zip(places, parsed, strict=True):
            reading.roles[k] = Roles(doc, self.language)

    def prepare(self, document: Document) -> tuple[list[Piece], list[Mention]]:
        """Return the sentences that can yield a statement, and all mentions of the document."""
        text, language = document.text, self.language
        known = mentions.find(document, self.gazetteer, language)
        datelines = [m.span() for m in DATELINE.finditer(text)]
        known = [m for m in known if m.sort != "capital" or not any(a <= m.start < b for a, b in datelines)]
        if len({text[m.start : m.end] for m in known}) < 2 and not any(m.agent for m in known):
            return [], known
        if self._idle_topic(text):
            return [], known
        pieces = []
        starts = [m.start for m in known]
        for number, whole in enumerate(sentences(text, language.abbreviations)):
            span = _after_dateline(text, whole)
            sentence = span.of(text)
            lowered = sentence.lower()
            words = set(WORD.findall(lowered))
            here = known[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
            inside = tuple(m for m in here if m.end <= span.end)
            if not inside and self._pronouns.isdisjoint(words) and self._judging.isdisjoint(words):
                continue
            if language.idle.count(lowered, words) or (inside and any(found(sentence) for found in self._boilerplate)):
                continue
            pieces.append(Piece(number, span, inside))
        return pieces, known

    def _idle_topic(self, text: str) -> bool:
        """Tell whether a document is about sports, cooking or the like: a word of the topic in every forty."""
        lowered = text.lower()
        words = WORD.findall(lowered)
        known = set(words)
        hits = [topic.count(lowered, known) for topic in self.language.topics.values()]
        return any(n >= 2 and n * 40 >= len(words) for n in hits)

    def gather(
        self, document: Document, pieces: Sequence[Piece], parsed: Sequence[Roles | None], known: Sequence[Mention]
    ) -> list[Evidence]:
        """Return the evidence in parsed sentences; one that has no roles only adds to who was named before."""
        if not pieces:
            return []
        history = History()
        quotes = attribution.Quotes(document.text, history)
        first = self.language.first_person
        quotes.heard = bool(quotes.spans) or any(r is not None and not first.isdisjoint(r.lower) for r in parsed)
        for start, k in quotes.running([piece.span for piece in pieces]):
            if (last := parsed[k]) is not None:
                piece, apart = pieces[k], History()
                inside = list(piece.mentions)
                closing = Sentence(piece.number, piece.span.start, last.doc, last, self.language, apart, inside)
                quotes.expect(start, closing)
        found: dict[Evidence, None] = {}
        for piece, roles in zip(pieces, parsed, strict=True):
            if roles is None:
                self._pass_over(document.text, piece, history)
                continue
            sentence = Sentence(
                piece.number, piece.span.start, roles.doc, roles, self.language, history, list(piece.mentions)
            )
            said = denial.corrected(sentence, list(self._sentence(document, sentence, quotes, known)), quotes)
            found |= dict.fromkeys(superseded(said))
            found |= dict.fromkeys(echo.find(sentence, list(found), quotes))
            found |= dict.fromkeys(denial.find(sentence, list(islice(reversed(found), denial.REACH)), quotes))
        return list(found)

    def _pass_over(self, text: str, piece: Piece, history: History) -> None:
        """Note who is named in a sentence that is not parsed; the first is most often the subject."""
        sentence = piece.span.of(text)
        for k, mention in enumerate(piece.mentions):
            place = mention.start - piece.span.start
            if not (mention.sort == "capital" and says_where(sentence, place, self.language)):
                history.add(mention, piece.number, subject=k == 0)

    def _sentence(
        self, document: Document, sentence: Sentence, quotes: attribution.Quotes, known: Sequence[Mention]
    ) -> Iterator[Evidence]:
        yield from self._offices(document, sentence, offices.find(sentence, known))
        if quotes.heard:
            quotes.note(sentence)
        matches = self.matches(sentence, _relations(frozenset(ontology.kind_of(m.actor) for m in known)))
        if self.observe is not None:
            self.observe(sentence, list(pairing.pairs(sentence, matches, known)))
        found = pairing.without_thirds(sentence, matches, pairing.pairs(sentence, matches, known, self.weights))
        if self.weights is not None:
            found = pairing.likeliest(found)
        chosen = self._weighed(found)
        if not chosen:
            return
        before = partial(timing.before, document, sentence.start, self.language.dates)
        when = dates.find([t.text for t in sentence.doc], document.date, self.language.dates, before)
        judge = Judge(sentence.roles, self.language)
        heads = heads_of(found)
        for candidate, chance in chosen:
            through = frozenset(heads[said(candidate)])
            evidence = self._evidence(document, sentence, candidate, judge, when, quotes, chance, through)
            a, b = evidence.subject_span, evidence.object_span
            actor = Mention(a.start, a.end, evidence.subject, "reference", evidence.agent)
            towards = Mention(b.start, b.end, evidence.object, "reference", evidence.counterpart_agent)
            sentence.history.dyads.append(Dyad(evidence.relation, actor, towards))
            yield evidence

    def matches(self, sentence: Sentence, relations: Container[str] | None = None) -> list[cues.CueMatch]:
        """Return the cues of a sentence, if given only those of some relations.

        There are loose ones only where weights can tell which of them count.
        """
        found = self.cues.find(sentence.roles, relations)
        known = self.weights is not None or self.observe is not None
        named = {k for k, mention in sentence.at.items() if mention.actor.startswith("org:")}
        return [
            m for m in found if m.head not in sentence.at and named.isdisjoint(m.needed) and (known or not m.loose)
        ]  # "Pact" in a name, "join" and "Union" in one

    def _weighed(self, found: Sequence[pairing.Pair]) -> list[tuple[Candidate, float]]:
        """Return what a sentence says, each statement by the cue that shows it best, and the chance that it does."""
        weights = self.weights
        if weights is None:  # the frames decide, and a filler that is only near gives way to one in its slot
            filled = {(p.candidate.relation, p.candidate.match.head) for p in found if not p.candidate.penalty}
            sure = [
                p.candidate
                for p in found
                if not p.candidate.penalty
                or (p.candidate.penalty == 1 and (p.candidate.relation, p.candidate.match.head) not in filled)
            ]
            weighed = [(c, reliability.of(c.match.cue.id) - c.penalty) for c in sure]
        else:
            weighed = [(p.candidate, pairing.logistic(p.weight)) for p in found]
        best: dict[tuple[str, str, str], tuple[Candidate, float]] = {}
        for c, chance in weighed:
            key = c.subject.mention.actor, c.relation, c.object.mention.actor
            if key not in best or chance > best[key][1]:
                best[key] = c, chance
        return [
            (c, chance if weights is not None else chance + c.penalty)
            for (a, relation, b), (c, chance) in best.items()
            if (b, relation, a) not in best
            or all(one.match.cue.mutual for one in (c, best[b, relation, a][0]))  # "swapped prisoners"
            or c.match.head != c.object.token == best[b, relation, a][0].object.token  # "blame each other"
            or c.match.head not in best[b, relation, a][0].match.tokens
            or best[b, relation, a][1] <= chance
        ]

    def _offices(
        self, document: Document, sentence: Sentence, titles: Sequence[offices.OfficeMention]
    ) -> Iterator[Evidence]:
        for title in titles:
            if title.of is None:
                continue
            if title.person is not None and title.person_tokens is not None:
                first, last = title.person_tokens
                span = sentence.span_of(first, last - 1)
                mention = Mention(span.start, span.end, title.of.actor, "person", title.person)
                for k in range(first, last):
                    sentence.at[k] = mention
            found = offices.statement(title)
            if found is None or title.person_tokens is None:
                continue
            relation, person = found
            rule = f"{self.language.code}/{relation}/office"
            yield Evidence(
                document=document.id, subject=person, relation=relation, object=title.of.actor,
                factuality=Factuality.CERTAIN, sentence=sentence.span,
                subject_span=sentence.span_of(title.person_tokens[0], title.person_tokens[1] - 1),
                cue_span=sentence.span_of(title.title[0], title.title[1] - 1),
                object_span=Span(title.of.start, title.of.end), quote=sentence.span.of(document.text),
                rule=rule, confidence=reliability.of(rule),
            )  # fmt: skip

    def _evidence(
        self,
        document: Document,
        sentence: Sentence,
        candidate: Candidate,
        judge: Judge,
        when: Sequence[dates.DateMention],
        quotes: attribution.Quotes,
        confidence: float,
        through: frozenset[int],
    ) -> Evidence:
        match, a, b = candidate.match, candidate.subject, candidate.object
        verdict = judge.of(candidate, through)
        speaker = attribution.speaker(sentence, candidate, verdict, quotes)
        cue_tokens = sorted(match.tokens)
        return Evidence(
            document=document.id,
            subject=a.mention.actor,
            relation=candidate.relation,
            object=b.mention.actor,
            factuality=verdict.factuality,
            sentence=sentence.span,
            subject_span=Span(a.mention.start, a.mention.end),
            cue_span=sentence.span_of(cue_tokens[0], cue_tokens[-1]),
            object_span=Span(b.mention.start, b.mention.end),
            quote=sentence.span.of(document.text),
            attributed_to=speaker.actor if speaker else None,
            agent=a.mention.agent,
            counterpart_agent=b.mention.agent,
            when=timing.of(document, sentence, candidate, when, verdict)
            or timing.of_headline(document, sentence, candidate.relation, verdict.factuality)
            or (timing.of_lead(document, sentence, candidate, verdict) if speaker is None else None),
            rule=match.cue.id,
            confidence=round(confidence, 3),
        )


def _after_dateline(text: str, span: Span) -> Span:
    """Return the span of a sentence without the dateline that it may begin with."""
    dateline = DATELINE.match(span.of(text))
    return Span(span.start + dateline.end(), span.end) if dateline else span


def as_prose(text: str, piece: Piece) -> str:
    """Return a sentence as the parser should see it: in a headline with capitals throughout, only names keep theirs.

    The text keeps its length, so that offsets hold.
    """
    sentence = piece.span.of(text)
    words = [w for w in WORD.findall(sentence) if w.isalpha() and len(w) > 3]
    if len(words) < 4 or sum(w[0].isupper() for w in words) < 0.75 * len(words):
        return sentence
    names = [(m.start - piece.span.start, m.end - piece.span.start) for m in piece.mentions]
    persons = any(m.agent is not None or m.actor.startswith("person:") for m in piece.mentions)
    others = [w[0] for w in WORD.finditer(sentence) if not any(a < w.end() and w.start() < b for a, b in names)]
    if persons and sentence.rstrip().endswith(".") and any(w.islower() and len(w) > 3 for w in others):
        return sentence  # "Menlu RI Retno Marsudi bertemu Menlu Tiongkok Wang Yi." is full of names

    def lowered(match: re.Match[str]) -> str:
        inside = any(a < match.end() and match.start() < b for a, b in names)
        word = match.group()
        return word if inside or len(word.lower()) != len(word) else word.lower()

    return WORD.sub(lowered, sentence)


def heads_of(pairs: Iterable[pairing.Pair]) -> Mapping[tuple[str, str, str], set[int]]:
    """Return for each thing that pairs say the heads of the cues that say it."""
    heads: defaultdict[tuple[str, str, str], set[int]] = defaultdict(set)
    for pair in pairs:
        heads[said(pair.candidate)].add(pair.candidate.match.head)
    return heads


def said(candidate: Candidate) -> tuple[str, str, str]:
    """Return what a candidate says, in one direction if its relation is symmetric."""
    a, b = candidate.subject.mention.actor, candidate.object.mention.actor
    if ontology.load().relations[candidate.relation].symmetric and b < a:
        a, b = b, a
    return a, candidate.relation, b


def superseded(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence of a sentence without what another piece already says.

    Who left was a member, who is a candidate may become one: the ontology's `ends` and `prospect_of`. Who lifted
    sanctions no longer imposes them.
    """
    relations = ontology.load().relations
    said: set[tuple[str, str, str]] = set()
    for e in evidence:
        if e.factuality is Factuality.CERTAIN:
            said |= {(e.subject, other, e.object) for other in relations[e.relation].ends}
    maybe = {(e.subject, other, e.object) for e in evidence for other in relations[e.relation].prospect_of}
    return [
        e
        for e in evidence
        if (e.subject, e.relation, e.object) not in said
        and not any(_undone(e, other) for other in evidence)
        and not (e.factuality is Factuality.POSSIBLE and (e.subject, e.relation, e.object) in maybe)
    ]


def _undone(inner: Evidence, outer: Evidence) -> bool:
    """Tell whether an act is named only as what another between the same two undoes: "lifted its sanctions on Y"."""
    relations = ontology.load().relations
    a, b = inner.cue_span, outer.cue_span
    within = a != b and b.start <= a.start < a.end <= b.end
    led = inner.factuality is Factuality.CERTAIN and b.start < a.start < b.end  # "eased restrictions on imports"
    return (
        outer.factuality is Factuality.CERTAIN
        and not (relations[inner.relation].lasting or relations[outer.relation].lasting)
        and relations[inner.relation].sign * relations[outer.relation].sign < 0
        and (within or led)
        and {inner.subject, inner.object} == {outer.subject, outer.object}
    )


@lru_cache
def _relations(kinds: frozenset[str]) -> frozenset[str]:
    """Return the relations in which two may stand in a document that names actors of some kinds.

    What no table knows may be a place, and who acts for an actor is a person.
    """
    found = kinds | {"place", "person"}
    relations = ontology.load().relations.values()
    return frozenset(
        r.id for r in relations if not found.isdisjoint(r.subject_kinds) and not found.isdisjoint(r.object_kinds)
    )


def sentences(text: str, abbreviations: Sequence[str]) -> Iterator[Span]:
    """Yield the sentences of a text: split at line ends and after full stops that end no abbreviation."""
    start = 0
    for match in SENTENCE.finditer(text):
        before = text[start : match.start()]
        if "\n" not in match.group() and _abbreviated(before, abbreviations):
            continue
        yield from _trimmed(text, start, match.start() + len(match.group().rstrip()))
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _abbreviated(before: str, abbreviations: Sequence[str]) -> bool:
    last = before.rsplit(None, 1)[-1] if before.strip() else ""
    last = last.lstrip("(\"“‘'[")
    return last in abbreviations or bool(re.fullmatch(r"([A-Z]\.)+|Mr\.|Mrs\.|Ms\.|Dr\.|St\.|vs\.|Prof\.", last))


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)


@cache
def load(code: str) -> Reader:
    """Return the reader of a language."""
    reader = Reader(code)
    gc.freeze()  # the tables stay: the garbage collector need not walk through them again and again
    return reader
