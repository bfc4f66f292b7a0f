"""Network measures, nanopublications, the description of the dataset and Neo4j files, on a graph known by hand."""

import csv
import io
import zipfile

import pytest
import rdflib

from kgraph.export import FORMATS, measures, void
from kgraph.graph import Graph
from tests.graph.cases import document, evidence, filled, known


@pytest.fixture(scope="module")
def graph():
    return filled(known())


def written(graph, format_):
    output = io.BytesIO()
    FORMATS[format_](graph, output)
    return output.getvalue()


def test_degree_and_betweenness(graph):
    degree = measures.degree(graph)
    assert next(iter(degree)) == "country:RUS"
    assert degree["country:RUS"] == 7
    assert measures.degree(graph, relation="sanctions") == {"country:RUS": 1, "country:USA": 1}
    assert set(measures.degree(graph, sign=-1)) == {
        *("country:RUS", "country:UKR", "country:USA", "country:BLR", "country:MDA", "org:CIS"),
    }
    assert max(measures.betweenness(graph).values()) == measures.betweenness(graph)["country:RUS"]


def test_communities_are_of_cooperation(graph):
    found = measures.communities(graph)
    assert any({"country:RUS", "country:KAZ", "org:EAEU"} <= set(each) for each in found)
    assert sum(map(len, found)) == len({actor for each in found for actor in each})


def test_shared_memberships(graph):
    shared = measures.shared_memberships(graph)
    assert shared["country:ARM", "country:KAZ"] == 1
    assert len(shared) == 3
    assert measures.shared_memberships(graph, as_of="2015") == {}


def test_balance_of_signed_triads_by_year():
    graph = Graph.open()
    for day, *claims in (
        ("2020-01-01", ("KAZ", "ally_of", "RUS"), ("RUS", "rival_of", "USA"), ("KAZ", "rival_of", "USA")),
        ("2021-01-01", ("KAZ", "ally_of", "RUS"), ("RUS", "rival_of", "USA"), ("KAZ", "ally_of", "USA")),
        ("2022-01-01", ("KAZ", "ally_of", "RUS")),
    ):
        doc = document(day, day)
        pieces = [evidence(doc, f"country:{a}", r, f"country:{b}", place=n) for n, (a, r, b) in enumerate(claims)]
        graph.add(doc, pieces)
    result = {each.period: (each.triads, each.balanced, each.share) for each in measures.balance(graph)}
    assert result == {"2020": (1, 1, 1.0), "2021": (1, 0, 0.0), "2022": (0, 0, None)}


def test_nanopublications_have_four_graphs_each_and_rdflib_reads_them(either):
    data = rdflib.Dataset()
    data.parse(written(either, "nanopubs"), format="trig")
    np = rdflib.Namespace("http://www.nanopub.org/nschema#")
    prov = rdflib.Namespace("http://www.w3.org/ns/prov#")
    publications = {s for s, *_ in data.quads((None, rdflib.RDF.type, np.Nanopublication, None))}
    assert len(publications) == len(either)
    certain = 0
    for each in publications:
        (assertion,) = {o for _, _, o, _ in data.quads((each, np.hasAssertion, None, None))}
        (provenance,) = {o for _, _, o, _ in data.quads((each, np.hasProvenance, None, None))}
        certain += len(data.graph(assertion)) == 1
        assert list(data.graph(provenance).objects(assertion, prov.wasDerivedFrom))
    assert certain == len(list(either.statements(factuality="certain")))


def test_void_counts_what_is_there(either):
    data = rdflib.Graph().parse(written(either, "void"), format="turtle")
    space = rdflib.Namespace("http://rdfs.org/ns/void#")
    dataset = rdflib.URIRef("https://w3id.org/kgraph/dataset")
    assert data.value(dataset, space.triples).toPython() == len(set(either.triples()))
    assert data.value(dataset, space.documents).toPython() == len(list(either.documents()))
    entities = {
        str(data.value(p, space["class"])): data.value(p, space.entities)
        for p in data.objects(dataset, space.classPartition)
    }
    assert entities["http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement"].toPython() == len(either)
    output = io.BytesIO()
    void.write(either, output, title="News", licence="https://creativecommons.org/licenses/by/4.0/")
    assert b"dcterms:license" in output.getvalue()


def test_neo4j_files_hold_every_node_and_edge(either):
    archive = zipfile.ZipFile(io.BytesIO(written(either, "neo4j")))
    nodes = list(csv.DictReader(io.StringIO(archive.read("nodes.csv").decode())))
    edges = list(csv.DictReader(io.StringIO(archive.read("relationships.csv").decode())))
    assert len(edges) == len(either)
    ids = {node["id:ID"] for node in nodes}
    assert {edge[":START_ID"] for edge in edges} | {edge[":END_ID"] for edge in edges} == ids
    assert {node[":LABEL"] for node in nodes if node["id:ID"].startswith("org:")} == {"Actor;Organisation"}
    assert {edge["symmetric:boolean"] for edge in edges} == {"true", "false"}


def test_evidence_says_from_which_document_it_derives(graph):
    text = "SELECT ?d { ?e a kg:Evidence ; prov:wasDerivedFrom ?d ; oa:hasTarget/oa:hasSource ?d }"
    assert len(graph.query(text).rows) == sum(len(found) for _, found in known())
