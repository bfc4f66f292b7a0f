"""Show how a sentence is read, step by step, so that a table can be mended where it goes wrong."""

from collections.abc import Iterator

from kgraph import documents, language, ontology
from kgraph.actors.reference import History
from kgraph.extract import frames, offices, reader
from kgraph.extract.cues import CueMatch
from kgraph.extract.factuality import Judge
from kgraph.extract.roles import Roles
from kgraph.extract.sentence import Sentence
from kgraph.model import Document

__all__ = ["explanation"]


def explanation(document: Document) -> Iterator[str]:
    """Yield lines that tell of mentions, roles, offices, cues, what they gave, and what was vetoed and why."""
    document = documents.with_language(document, language.available())
    reading = reader.load(str(document.language))
    pieces, known = reading.prepare(document)
    yield f"language  {reading.language.name}, pipeline {reading.language.pipeline()}"
    for mention in known:
        who = f" ({mention.agent})" if mention.agent else ""
        yield f"mention   {document.text[mention.start : mention.end]!r} → {mention.actor}{who}, {mention.sort}"
    if not pieces:
        yield "stopped   no sentence can yield a statement: too few actors, a veto topic, or boilerplate"
    history = History()
    for piece, doc in zip(pieces, reading.parse([reader.as_prose(document.text, p) for p in pieces]), strict=True):
        roles = Roles(doc, reading.language)
        sentence = Sentence(piece.number, piece.span.start, doc, roles, reading.language, history, list(piece.mentions))
        yield f"sentence  {doc.text}"
        for token in doc:
            marker = f" [{roles.marker[token.i]}]" if roles.marker[token.i] else ""
            governor = doc[roles.head[token.i]].text
            form = f"{token.text:18} {token.lemma_:16} {token.pos_:6}"
            yield f"  {token.i:3} {form} {roles.role[token.i]}{marker} ← {governor}"
        for title in offices.find(doc, sentence.named(), reading.language, known, sentence.referents):
            of = title.of.actor if title.of else "?"
            yield f"office    {doc[title.title[0] : title.title[1]].text}: {title.person or '?'} of {of}"
        for match in reading.cues.find(roles):
            yield f"cue       {match.cue.id}: {' '.join(doc[t].text for t in sorted(match.tokens))}"
            yield from _outcome(sentence, match, reading)


def _outcome(sentence: Sentence, match: CueMatch, reading: reader.Reader) -> Iterator[str]:
    relation = ontology.load().relations[match.cue.relation]
    found = list(frames.frame(sentence, match).candidates)
    for candidate in found:
        verdict = Judge(sentence.roles, reading.language).judge(
            match.head, match.tokens, match.cue.factuality, wish=bool(relation.prospect_of)
        )
        trail = f" by {', '.join(verdict.trail)}" if verdict.trail else ""
        yield (
            f"  →       {candidate.subject.mention.actor} {candidate.relation} {candidate.object.mention.actor}: "
            f"{verdict.factuality}{trail}"
        )
    if found:
        return
    sides = {"subject": match.cue.subject, "object": match.cue.object}
    for side, names in sides.items():
        fillers = frames.slot(sentence, match, names) if names else []
        actors = [f.mention.actor for f in fillers]
        yield f"  vetoed  {side} ({'|'.join(names)}): {', '.join(actors) or 'nobody stands there'}"
        kinds = relation.subject_kinds if side == "subject" else relation.object_kinds
        for actor in actors:
            if ontology.kind_of(actor) not in kinds:
                yield f"          {actor} cannot be {side} of {relation.id}, which wants {', '.join(sorted(kinds))}"
