"""Show how a sentence is read, step by step, so that a table can be mended where it goes wrong."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from kgraph import documents, language, ontology
from kgraph.actors.reference import History
from kgraph.extract import frames, offices, pairing, reader
from kgraph.extract.cues import CueMatch
from kgraph.extract.factuality import Judge
from kgraph.extract.roles import Roles
from kgraph.extract.sentence import Sentence
from kgraph.model import Document

__all__ = ["explanation"]

DOUBTFUL = 0.1  # chance from which a pair that was vetoed is worth a line
REASONS = 4  # features that are told of a pair


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
    for piece, doc in zip(pieces, reading.parse([reading.tokens(document, p) for p in pieces]), strict=True):
        roles = Roles(doc, reading.language)
        sentence = Sentence(piece.number, piece.span.start, doc, roles, reading.language, history, list(piece.mentions))
        yield f"sentence  {doc.text}"
        for token in doc:
            marker = f" [{roles.marker[token.i]}]" if roles.marker[token.i] else ""
            governor = doc[roles.head[token.i]].text
            form = f"{token.text:18} {token.lemma_:16} {token.pos_:6}"
            yield f"  {token.i:3} {form} {roles.role[token.i]}{marker} ← {governor}"
        for title in offices.find(sentence, known):
            of = title.of.actor if title.of else "?"
            yield f"office    {doc[title.title[0] : title.title[1]].text}: {title.person or '?'} of {of}"
        matches = reading.matches(sentence)
        found = list(pairing.pairs(sentence, matches, known))
        admitted = [p for p in found if _admitted(p, reading.weights)]
        likely = admitted if reading.weights is None else pairing.likeliest(admitted)
        lesser = {id(p) for p in admitted} - {id(p) for p in likely}
        heads = reader.heads_of(likely)
        for match in matches:
            yield f"cue       {match.cue.id}: {' '.join(doc[t].text for t in sorted(match.tokens))}"
            own = [p for p in found if p.candidate.match is match]
            yield from _outcome(sentence, match, reading, own, heads, lesser)


def _outcome(
    sentence: Sentence,
    match: CueMatch,
    reading: reader.Reader,
    pairs: Sequence[pairing.Pair],
    heads: Mapping[tuple[str, str, str], set[int]],
    lesser: AbstractSet[int],
) -> Iterator[str]:
    relation = ontology.load().relations[match.cue.relation]
    weights = reading.weights
    framed = False
    for pair in pairs:
        candidate = pair.candidate
        told = f"{candidate.subject.mention.actor} {candidate.relation} {candidate.object.mention.actor}"
        fills = candidate.penalty < pairing.FREE
        framed = framed or fills
        chance = weights.chance(pair) if weights is not None else 1.0
        if weights is None and not fills:
            continue
        if weights is not None and not _admitted(pair, weights):
            if chance >= DOUBTFUL or fills:
                yield f"  vetoed  {told}: chance {chance:.2f}{_reasons(weights, pair)}"
            continue
        if id(pair) in lesser:
            yield f"  vetoed  {told}: chance {chance:.2f}, but the same word says something likelier"
            continue
        verdict = Judge(sentence.roles, reading.language).of(candidate, frozenset(heads[reader.said(candidate)]))
        trail = f" by {', '.join(verdict.trail)}" if verdict.trail else ""
        sure = f", chance {chance:.2f}{_reasons(weights, pair)}" if weights is not None else ""
        yield f"  →       {told}: {verdict.factuality}{trail}{sure}"
    if framed:
        return
    sides = {"subject": match.cue.subject, "object": match.cue.object}
    for side, names in sides.items():
        fillers = frames.slot(sentence, match, names) if names else []
        actors = [f.mention.actor for f in fillers]
        yield f"  empty   {side} ({'|'.join(names)}): {', '.join(actors) or 'nobody stands there'}"
        kinds = relation.subject_kinds if side == "subject" else relation.object_kinds
        for actor in actors:
            if ontology.kind_of(actor) not in kinds:
                yield f"          {actor} cannot be {side} of {relation.id}, which wants {', '.join(sorted(kinds))}"


def _admitted(pair: pairing.Pair, weights: pairing.Weights | None) -> bool:
    penalty = pair.candidate.penalty
    return penalty < pairing.FREE if weights is None else weights.admits(penalty, weights.chance(pair))


def _reasons(weights: pairing.Weights, pair: pairing.Pair) -> str:
    """Return the features that weigh most for and against a pair."""
    heavy = sorted(pair.features, key=lambda f: -abs(weights.of.get(f, 0.0)))[:REASONS]
    return f" ({'; '.join(f'{f} {weights.of.get(f, 0.0):+.1f}' for f in heavy)})"
