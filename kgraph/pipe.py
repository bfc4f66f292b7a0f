"""kgraph inside a spaCy pipeline: `nlp.add_pipe("kgraph")` gives `doc._.statements`.

The pipeline must tag, parse and lemmatise; its language must be one that kgraph has tables for.
"""

from datetime import date

from spacy.language import Language as Pipeline
from spacy.tokens import Doc

from kgraph.build import merged
from kgraph.extract.reader import Reader
from kgraph.extract.roles import Roles
from kgraph.model import Document

__all__ = ["StatementFinder", "make_component"]


class StatementFinder:
    """A pipeline component that reads the statements in a document."""

    def __init__(self, code: str) -> None:
        self.reader = Reader(code, pipeline=None)
        for name, default in (("statements", None), ("evidence", None), ("date", None), ("id", "")):
            if not Doc.has_extension(name):
                Doc.set_extension(name, default=default)

    def __call__(self, doc: Doc) -> Doc:
        """Return the document with `doc._.statements`, a list of Statement, and `doc._.evidence`.

        `doc._.date` (a datetime.date) anchors relative dates, `doc._.id` names the document; both may be left out.
        """
        day = doc._.date if isinstance(doc._.date, date) else None
        document = Document(doc._.id or "doc", doc.text, day, self.reader.language.code)
        pieces, known = self.reader.prepare(document)
        parsed = []
        for piece in pieces:
            span = doc.char_span(piece.span.start, piece.span.end, alignment_mode="expand")
            assert span is not None  # a sentence is never empty
            parsed.append(Roles(span.as_doc(), self.reader.language))
        doc._.evidence = self.reader.gather(document, pieces, parsed, known)
        doc._.statements = merged(doc._.evidence)
        return doc


@Pipeline.factory("kgraph", requires=["token.dep", "token.lemma", "token.pos"], assigns=["doc._.statements"])
def make_component(nlp: Pipeline, name: str) -> StatementFinder:  # noqa: ARG001
    """Return the component for a pipeline's language."""
    return StatementFinder(str(nlp.lang))
