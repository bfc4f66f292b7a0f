"""The errors that kgraph raises.

KgraphError
├── TableError      a table or ontology file that cannot be read as what it should be
├── DocumentError   an input that cannot be read as documents
├── LanguageError   no tables or no usable pipeline for a language
├── GraphError      a graph that cannot be opened, read or written
└── QueryError      a query that is wrong, refused or took too long
"""

__all__ = ["DocumentError", "GraphError", "KgraphError", "LanguageError", "QueryError", "TableError"]


class KgraphError(Exception):
    """Say in one sentence what is wrong, where, and what to do about it."""


class TableError(KgraphError):
    """A table or ontology file is not as it should be; the message names file and line."""


class DocumentError(KgraphError):
    """An input cannot be read as documents; the message names the file and, if known, the line."""


class LanguageError(KgraphError):
    """A language has no tables, or no pipeline that serves it is installed."""


class GraphError(KgraphError):
    """A graph cannot be opened, read or written."""


class QueryError(KgraphError):
    """A query is wrong, is refused, or exceeded its limits."""
