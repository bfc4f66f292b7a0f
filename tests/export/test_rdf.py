"""Each RDF syntax is read back by rdflib and by Oxigraph, and says the same."""

import pyoxigraph as ox
import pytest
import rdflib

from kgraph.errors import GraphError
from kgraph.export import export, rdf
from kgraph.validate import validate
from tests.graph.cases import filled, known

RDFLIB = {"nt": "nt", "nq": "nquads", "ttl": "turtle", "trig": "trig", "rdf": "xml", "jsonld": "json-ld"}


@pytest.fixture(scope="module")
def graph():
    return filled(known())


@pytest.fixture
def triples(either):
    graph = either
    return set(rdflib.Graph().parse(data="".join(f"{row} .\n" for row in graph.triples()), format="nt"))


@pytest.mark.parametrize("format_", RDFLIB)
def test_rdflib_reads_what_was_written(either, triples, tmp_path, format_):
    path = tmp_path / f"graph.{format_}"
    export(either, path)
    data = rdflib.Dataset(default_union=True)
    data.parse(path, format=RDFLIB[format_])
    assert {(s, p, o) for s, p, o, *_ in data} == triples
    assert len(triples) > 300


@pytest.mark.parametrize(
    ("format_", "syntax"),
    [
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("nq", ox.RdfFormat.N_QUADS),
        ("ttl", ox.RdfFormat.TURTLE),
        ("trig", ox.RdfFormat.TRIG),
        ("rdf", ox.RdfFormat.RDF_XML),
        ("jsonld", ox.RdfFormat.JSON_LD),
    ],
)
def test_oxigraph_reads_what_was_written(either, tmp_path, format_, syntax):
    path = tmp_path / f"graph.{format_}"
    export(either, path)
    read = {str(quad.triple) for quad in ox.parse(path=path, format=syntax)}
    assert read == set(either.triples())


def test_to_rdflib_is_the_same_graph(either, triples):
    assert set(either.to_rdflib()) == triples


def test_rows_are_sorted_and_unique_even_when_they_do_not_fit_in_memory(monkeypatch):
    monkeypatch.setattr(rdf, "_RUN", 7)
    rows = [f"row {n * 37 % 50:03}\\u00e9" for n in range(100)]
    assert list(rdf.sorted_rows(rows)) == sorted(set(rows))


def test_shapes_find_nothing_in_a_graph_of_ours(either):
    assert validate(either) == []


KG, RDF = rdflib.Namespace("https://w3id.org/kgraph/ontology#"), rdflib.RDF
KAZ = rdflib.URIRef("https://w3id.org/kgraph/country/KAZ")
TWO = rdflib.Literal("2", datatype=rdflib.XSD.decimal)
NPT = rdflib.URIRef("https://w3id.org/kgraph/treaty/npt")


def first(data, class_):
    return min(data.subjects(RDF.type, class_))


def statement(data, relation):
    return min(data.subjects(RDF.predicate, KG[relation]))


@pytest.mark.parametrize(
    ("plant", "complaint"),
    [
        (lambda g: g.add((KAZ, KG.ally_of, rdflib.URIRef(str(KAZ)[:-3] + "CHN"))), "needs a certain statement"),
        (lambda g: g.set((statement(g, "ally_of"), RDF.predicate, KG.loves)), "kg:Relation"),
        (lambda g: g.set((statement(g, "sanctions"), RDF.subject, NPT)), "as its subject"),
        (lambda g: g.set((statement(g, "member_of"), RDF.object, KAZ)), "as its object"),
        (lambda g: g.remove((None, rdflib.URIRef("http://www.w3.org/ns/oa#hasBody"), None)), "needs evidence"),
        (lambda g: g.set((first(g, KG.Evidence), KG.confidence, TWO)), "<= "),
        (lambda g: g.add((first(g, KG.Document), rdflib.DCTERMS.date, rdflib.Literal("soon"))), "xsd:date"),
        (lambda g: g.remove((first(g, KG.Document), KG.digest, None)), "Less than 1"),
        (lambda g: g.add((KAZ, rdflib.SKOS.prefLabel, rdflib.Literal("Qazaqstan", lang="en"))), "language"),
        (lambda g: g.add((KAZ, rdflib.OWL.sameAs, rdflib.URIRef("http://wikidata.org/Qa"))), "More than 1"),
        (lambda g: g.add((statement(g, "sanctions"), KG.contradicts, statement(g, "member_of"))), "mutual"),
        (lambda g: g.set((statement(g, "sanctions"), KG.source_count, rdflib.Literal(9))), "document_c"),
        (lambda g: g.set((first(g, KG.Evidence), KG.when, rdflib.Literal("soon"))), "edtf"),
    ],
)  # fmt: skip
def test_shapes_find_what_is_planted(graph, plant, complaint):
    data = graph.to_rdflib()
    plant(data)
    assert any(complaint.lower() in f"{v.message}".lower() for v in validate(data)), validate(data)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("graph.tll", "Did you mean ttl"),
        ("graph", "does not say in which format"),
        ("no/where.ttl", "cannot be written"),
    ],
)
def test_a_bad_name_is_answered_with_a_sentence(graph, tmp_path, name, complaint):
    with pytest.raises(GraphError, match=complaint):
        export(graph, tmp_path / name)
    assert not list(tmp_path.iterdir())
