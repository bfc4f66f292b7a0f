"""The wheel, alone in an empty environment, does the main job."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_carries_ontology_tables_pipeline_and_page(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "kgraph/_ontology/kgraph.ttl",
        "kgraph/_ontology/shapes.ttl",
        "kgraph/actors/countries.tsv",
        "kgraph/language/en/cues/alliance.tsv",
        "kgraph/language/id/pipeline/meta.json",
        "kgraph/export/page/main.js",
        "kgraph/serve/page/page.html",
    ):
        assert needed in names


def test_the_wheel_builds_a_graph_in_an_empty_environment(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "--requirement", ROOT / "requirements.lock")
    run(*pip, "--no-deps", wheel)
    kgraph = tmp_path / "env" / "bin" / "kgraph"
    run(kgraph, "build", ROOT / "examples" / "news", "-o", tmp_path / "news.kg", cwd=tmp_path)
    run(kgraph, "export", tmp_path / "news.kg", "-o", tmp_path / "news.ttl", cwd=tmp_path)
    run(kgraph, "show", tmp_path / "news.kg", "-o", tmp_path / "news.html", "--no-open", cwd=tmp_path)
    query = "ASK { country:KAZ kg:member_of org:EAEU }"
    assert run(kgraph, "query", tmp_path / "news.kg", query, cwd=tmp_path).strip() == "yes"
    assert "Kazakhstan" in (tmp_path / "news.html").read_text("utf-8")
