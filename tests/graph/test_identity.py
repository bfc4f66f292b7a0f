"""The graph is a set: order, repeats, parts, forgetting and being killed do not change a byte of it."""

import io
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.errors import GraphError
from kgraph.export import FORMATS
from kgraph.graph import Graph, encoding
from tests.graph.cases import LABELS, document, evidence, filled, known, libraries

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def canonical(graph, format_="nt"):
    output = io.BytesIO()
    FORMATS[format_](graph, output)
    return output.getvalue()


@FEW
@given(libraries(), st.randoms())
def test_order_and_repeats_do_not_matter(items, chance):
    expected = canonical(filled(items))
    shuffled = items * 2
    chance.shuffle(shuffled)
    assert canonical(filled(shuffled)) == expected


@FEW
@given(libraries(), st.data())
def test_parts_merge_to_the_whole(items, data):
    cut = data.draw(st.integers(0, len(items)))
    left, right = filled(items[:cut]), filled(items[max(cut - 1, 0) :])
    expected = canonical(filled(items))
    whole = Graph.open()
    whole.merge(left, right)
    other = Graph.open()
    other.merge(right, left, left)
    assert canonical(whole) == expected == canonical(other)


@FEW
@given(libraries(), st.data())
def test_forgetting_leaves_no_trace(items, data):
    gone = data.draw(st.sets(st.sampled_from([doc.id for doc, _ in items])))
    graph = filled(items)
    if data.draw(st.booleans()):
        graph.settle()
    assert graph.forget([*gone, "never read"]) == len(gone)
    assert canonical(graph) == canonical(filled([item for item in items if item[0].id not in gone]))


@FEW
@given(libraries(), st.data())
def test_changed_text_replaces_the_old_evidence(items, data):
    graph = filled(items)
    place = data.draw(st.integers(0, len(items) - 1))
    doc, found = items[place]
    changed = replace(doc, text=doc.text + " Corrected.", title="Corrected")
    if data.draw(st.booleans()):
        graph.settle()
    added = graph.add(changed, found[1:], LABELS)
    assert (added.new, added.replaced, added.skipped) == (0, 1, 0)
    assert canonical(graph) == canonical(filled([*items[:place], (changed, found[1:]), *items[place + 1 :]]))


@FEW
@given(libraries())
def test_evidence_and_documents_come_back_as_they_went_in(items):
    graph = filled(items)
    for doc, found in items:
        assert set(graph.evidence(document=doc.id)) == {encoding.canonical(e, doc) for e in found}
    assert {d.id: (d.date, d.language) for d in graph.documents()} == {d.id: (d.date, d.language) for d, _ in items}


@pytest.mark.parametrize("format_", [name for name in FORMATS if name != "parquet"])
def test_every_export_is_the_same_from_memory_and_disk_in_any_order(tmp_path, format_):
    items = known()
    with filled(reversed(items), tmp_path / "a.kg") as graph:
        assert canonical(graph, format_) == canonical(filled(items), format_)


def test_a_document_is_skipped_by_content_not_by_id():
    graph = filled(known())
    doc = known()[0][0]
    assert graph.has(doc)
    assert not graph.has(replace(doc, title="Other"))
    assert graph.add(doc, []).skipped == 1


def test_of_two_texts_under_one_id_the_later_recorded_stays_in_a_merge():
    first, second = document("x", "2020-01-01"), document("x", "2020-01-01", "Corrected text")
    early, late = Graph.open(), Graph.open()
    early.add(first, [evidence(first, "country:KAZ", "ally_of", "country:RUS")])
    time.sleep(0.001)
    late.add(second, [evidence(second, "country:KAZ", "rival_of", "country:RUS")])
    expected = canonical(late)
    for one, other in ((early, late), (late, early)):
        merged = Graph.open()
        merged.merge(one, other)
        assert canonical(merged) == expected


@pytest.mark.parametrize(("count", "lot", "settled"), [(300, 1, 50), (4_000, 800, 2_400)], ids=["one by one", "bulk"])
def test_killed_at_any_moment_and_run_again_gives_the_same_bytes(tmp_path, count, lot, settled):
    script = textwrap.dedent(f"""
        import sys
        from kgraph.graph import Graph
        from tests.graph.cases import LABELS, document, evidence
        docs = [document(f"d{{n}}", f"2020-01-{{n % 28 + 1:02}}") for n in range({count})]
        items = [(doc, [evidence(doc, "country:KAZ", "ally_of", "country:RUS", place=n % 3),
            evidence(doc, "country:RUS", "left", "org:CIS", ("certain", "negated")[n % 2])])
            for n, doc in enumerate(docs)]
        print("go", flush=True)
        with Graph.open(sys.argv[1]) as graph:
            for begin in range(0, {count}, {lot}):
                graph.add_many(items[begin : begin + {lot}], LABELS)
                if (begin + {lot}) % {settled} == 0:
                    graph.settle()
    """)
    chance = random.Random(7)

    def run(path, seconds=None):
        process = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, env=os.environ)
        process.stdout.readline()
        if seconds is not None:
            time.sleep(seconds)
            process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()

    begin = time.monotonic()
    run(tmp_path / "whole.kg")
    whole = time.monotonic() - begin
    for _ in range(6):
        run(tmp_path / "killed.kg", chance.uniform(0, whole / 2))
    run(tmp_path / "killed.kg")
    with (
        Graph.open(tmp_path / "whole.kg", read_only=True) as one,
        Graph.open(tmp_path / "killed.kg", read_only=True) as other,
    ):
        assert canonical(one) == canonical(other)
        assert len(list(one.documents())) == count


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"relation": "loves"}, "no relation 'loves'"),
        ({"subject": "KAZ"}, "'KAZ' is not the id of an actor"),
        ({"subject": "country:KAZ> <x"}, "is not the id of an actor"),
        ({"object": "treaty:npt"}, "ally_of cannot relate"),
        ({"object": "country:KAZ"}, "ally_of cannot relate"),
        ({"document": "y"}, "was added to document 'x'"),
        ({"when": "yesterday"}, "'yesterday' is no date"),
        ({"when": "2023/2014"}, "ends before it begins"),
    ],
)
def test_evidence_that_cannot_be_is_refused_and_nothing_is_added(change, complaint):
    doc = document("x")
    graph = Graph.open()
    good = evidence(doc, "country:KAZ", "ally_of", "country:RUS")
    with pytest.raises(GraphError, match=complaint):
        graph.add(doc, [good, replace(good, **change)])
    assert not list(graph.documents())


def test_a_path_that_is_no_graph_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "note.txt").write_text("x")
    with pytest.raises(GraphError, match="is a file"):
        Graph.open(tmp_path / "file")
    with pytest.raises(GraphError, match="holds other things"):
        Graph.open(tmp_path / "folder")
    with pytest.raises(GraphError, match="does not exist"):
        Graph.open(tmp_path / "none.kg", read_only=True)
    with Graph.open(tmp_path / "a.kg"), pytest.raises(GraphError, match="in use"):
        Graph.open(tmp_path / "a.kg")


@pytest.mark.parametrize("pattern", ["CURRENT", "MANIFEST-*", "*.sst"])
@pytest.mark.parametrize("read_only", [True, False])
def test_a_damaged_graph_is_told_in_a_sentence(tmp_path, pattern, read_only):
    path = tmp_path / "a.kg"
    filled(known(), path).close()
    with Graph.open(path) as graph:
        graph.store.oxigraph.optimize()
    for file in path.glob(pattern):
        file.write_bytes(b"not what it was")
    with pytest.raises(GraphError, match="build it again"):
        list(Graph.open(path, read_only=read_only).statements())
