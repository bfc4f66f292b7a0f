"""The namespaces of a graph, and the prefixes that every query and export knows."""

from collections.abc import Mapping
from types import MappingProxyType

from kgraph import ontology

__all__ = ["LEDGER", "PREFIXES", "expand"]

LEDGER = f"{ontology.ACTORS}ledger"
"""The named graph of what kgraph notes about its own work; no plain query or export sees it."""

PREFIXES: Mapping[str, str] = MappingProxyType(
    {kind: f"{ontology.ACTORS}{kind}/" for kind in ontology.load().kinds}
    | {
        "kg": ontology.NAMESPACE,
        "plover": f"{ontology.ACTORS}plover/",
        "document": f"{ontology.ACTORS}document/",
        "said": f"{ontology.ACTORS}said/",
        "statement": f"{ontology.ACTORS}statement/",
        "evidence": f"{ontology.ACTORS}evidence/",
        "review": f"{ontology.ACTORS}review/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "oa": "http://www.w3.org/ns/oa#",
        "prov": "http://www.w3.org/ns/prov#",
        "dcterms": "http://purl.org/dc/terms/",
        "schema": "https://schema.org/",
        "edtf": "http://id.loc.gov/datatypes/edtf/",
        "void": "http://rdfs.org/ns/void#",
        "wd": "http://www.wikidata.org/entity/",
    }
)


def expand(name: str) -> str:
    """Return the IRI of a prefixed name: `http://purl.org/dc/terms/date` for `dcterms:date`."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local
