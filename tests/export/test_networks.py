"""Networks and tables are read back by the tools that people use."""

import csv
from pathlib import Path

import igraph
import networkx as nx
import pandas as pd
import polars as pl
import pytest
from lxml import etree

from kgraph.export import export
from kgraph.export.tables import evidence_records
from tests.graph.cases import filled, known

EDGES = sum(len(found) for _, found in known()) - 1  # one statement has two pieces of evidence


@pytest.fixture(scope="module")
def graph():
    return filled(known())


def triples(network):
    return sorted((a, data["relation"], b, data["factuality"]) for a, b, data in network.edges(data=True))


@pytest.fixture
def expected(either):
    return sorted((s.subject, s.relation, s.object, s.factuality.value) for s in either.statements())


def test_networkx_has_every_statement(either, expected):
    assert triples(either.to_networkx()) == expected


def test_networkx_has_attributes(graph):
    network = graph.to_networkx()
    assert network.number_of_edges() == EDGES
    edge = next(d for *_, d in network.edges(data=True) if d["relation"] == "member_of" and d["sources"] == 2)
    assert (edge["sign"], edge["first_said"], edge["holds"]) == (1, "2022-06-16", "2014-05/..")
    assert network.nodes["country:KAZ"]["label_id"] == "Kazakhstan"
    assert network.nodes["country:KAZ"]["wikidata"] == "Q232"


@pytest.mark.parametrize(("ending", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_networkx_reads_the_files(either, expected, tmp_path, ending, read):
    export(either, tmp_path / f"g.{ending}")
    network = read(tmp_path / f"g.{ending}")
    assert triples(network) == expected
    assert network.is_multigraph()


def test_igraph_reads_graphml(either, expected, tmp_path):
    export(either, tmp_path / "g.graphml")
    network = igraph.Graph.Read_GraphML(str(tmp_path / "g.graphml"))
    names = network.vs["id"]
    edges = [(names[e.source], e["relation"], names[e.target], e["factuality"]) for e in network.es]
    assert sorted(edges) == expected
    assert set(network.es["contradicted"]) <= {"true", "false"}


@pytest.mark.parametrize("format_", ["gexf", "graphml"])
def test_files_satisfy_the_schema_of_their_format(either, expected, tmp_path, format_):
    export(either, tmp_path / f"g.{format_}")
    schema = etree.XMLSchema(file=Path(__file__).with_name(f"{format_}.xsd"))
    tree = etree.parse(tmp_path / f"g.{format_}")
    assert schema.validate(tree), schema.error_log
    edges = list(tree.iter("{*}edge"))
    assert len(edges) == len(expected)
    edges[0].set("target", "country:nowhere")
    assert not schema.validate(tree)
    assert b"lastmodified" not in (tmp_path / f"g.{format_}").read_bytes()


def test_tables_say_the_same(either, expected, tmp_path):
    columns = ["subject", "relation", "object", "factuality"]
    export(either, tmp_path / "g.csv")
    with (tmp_path / "g.csv").open(newline="", encoding="utf-8") as file:
        assert sorted(tuple(row[c] for c in columns) for row in csv.DictReader(file)) == expected
    export(either, tmp_path / "g.parquet")
    for frame in (pd.read_csv(tmp_path / "g.csv"), pd.read_parquet(tmp_path / "g.parquet"), either.to_pandas()):
        assert sorted(frame[columns].itertuples(index=False, name=None)) == expected
    for table in (pl.read_parquet(tmp_path / "g.parquet"), either.to_polars()):
        assert sorted(table.select(columns).iter_rows()) == expected
    assert either.to_polars(relation="sanctions").shape[1] == 20


def test_evidence_table_keeps_quotes_and_offsets(graph):
    rows = {(r["document"], r["sentence_start"]): r for r in evidence_records(graph)}
    assert rows["undated", 0]["quote"] == 'Tab\there, "quote", <b>&amp; Ж\r\nend'
    assert rows["astana/1", 100]["agent"] is None
    assert rows["astana/1", 100]["counterpart_agent"] == "person:vladimir-putin"
