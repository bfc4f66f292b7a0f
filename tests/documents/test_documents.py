"""Readers of inputs: what they give, and that what is broken is told of and skipped."""

import json
from datetime import date

import pytest

from kgraph.documents import detect, read
from kgraph.errors import DocumentError


@pytest.fixture
def problems():
    return []


def test_text_file_with_header_lines(tmp_path, problems):
    (tmp_path / "a.txt").write_text("Title: T\nDate: 2022-06-16\nLanguage: en\n\nBody.\n\nMore.", "utf-8")
    (document,) = read([tmp_path], problems.append)
    assert (document.title, document.date, document.language) == ("T", date(2022, 6, 16), "en")
    assert document.text == "Body.\n\nMore."
    assert document.id == "a.txt"


def test_text_without_header_is_kept_whole(tmp_path, problems):
    (tmp_path / "a.txt").write_text("Paris: a city.\n\nBody.", "utf-8")
    (document,) = read([tmp_path / "a.txt"], problems.append)
    assert document.text == "Paris: a city.\n\nBody."


def test_line_ends_and_emoji_are_not_changed(tmp_path, problems):
    text = "Satu\r\nDua \U0001f600 e\u0301\r\n"
    (tmp_path / "a.txt").write_bytes(text.encode())
    (document,) = read([tmp_path / "a.txt"], problems.append)
    assert document.text == text


def test_a_corrupt_line_is_told_of_and_the_rest_is_read(tmp_path, problems):
    file = tmp_path / "a.jsonl"
    good = [json.dumps({"id": str(i), "text": "x", "date": "2022-01-01"}) for i in range(3)]
    file.write_bytes("\n".join([good[0], "{broken", good[1], '{"id": "z"}', good[2]]).encode() + b"\n\xff\xfe\n")
    assert [d.id for d in read([file], problems.append)] == ["0", "1", "2"]
    assert [p.where for p in problems] == [f"{file}:2", f"{file}:4", f"{file}:6"]


def test_a_bad_date_names_the_value(tmp_path, problems):
    (tmp_path / "a.jsonl").write_text('{"id": "1", "text": "x", "date": "16/6/2022"}', "utf-8")
    assert list(read([tmp_path / "a.jsonl"], problems.append)) == []
    assert "16/6/2022" in problems[0].why


def test_csv_needs_a_text_column(tmp_path, problems):
    (tmp_path / "a.csv").write_text("id,body\n1,x\n", "utf-8")
    assert list(read([tmp_path / "a.csv"], problems.append)) == []
    assert [str(p) for p in problems] == [f"{tmp_path}/a.csv: the table has no column 'text'; its columns: id, body"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.txt", "", "empty"),
        ("a.txt", "Title: T\nDate: 31/12/2024\n\nBody.", "31/12/2024"),
        ("a.jsonl", "\n", "holds no document"),
        ("a.csv", "id,text\n", "holds no document"),
        ("a.csv", "", "no column 'text'"),
        ("a.json", "[", "cannot be read"),
        ("a.json", "[]", "holds no document"),
        ("a.pdf", "x", "no reader"),
        ("sub/a.pdf", "x", "no file that can be read"),
    ],
)
def test_a_file_without_a_document_is_told_of_and_the_next_is_read(tmp_path, problems, name, content, why):
    file = tmp_path / "given" / name
    file.parent.mkdir(parents=True)
    file.write_text(content, "utf-8")
    (tmp_path / "b.txt").write_text("Body.", "utf-8")
    source = file.parent if "/" in name else file
    assert [d.id for d in read([source, tmp_path / "b.txt"], problems.append)] == ["b.txt"]
    (problem,) = problems
    assert problem.where.startswith(str(source))
    assert why in problem.why


def test_csv(tmp_path, problems):
    (tmp_path / "a.csv").write_text('id,text,date\n1,"One, two",2022-06-16\n', "utf-8")
    (document,) = read([tmp_path / "a.csv"], problems.append)
    assert (document.id, document.text, document.date) == ("1", "One, two", date(2022, 6, 16))


def test_html_gives_the_article(tmp_path, problems):
    pytest.importorskip("trafilatura")
    body = "<p>" + "</p><p>".join(["The two governments signed a long agreement on the river. " * 4] * 3) + "</p>"
    (tmp_path / "a.html").write_text(
        f"<html><head><title>River pact</title></head><body><nav>Home | News</nav><article><h1>River pact</h1>{body}"
        "</article><footer>Follow us</footer></body></html>",
        "utf-8",
    )
    (document,) = read([tmp_path / "a.html"], problems.append)
    assert "signed a long agreement" in document.text
    assert "Home | News" not in document.text


def test_a_missing_source_is_an_error(tmp_path, problems):
    with pytest.raises(DocumentError, match="no such file"):
        list(read([tmp_path / "nothing"], problems.append))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kazakhstan tetap menjadi sekutu Rusia, kata Presiden Tokayev.", "id"),
        ("Kazakhstan remains an ally of Russia, President Tokayev said.", "en"),
        ("Le président de la République a reçu hier à Paris le chancelier. " * 5, "fr"),
    ],
)
def test_language_is_detected(text, language):
    assert detect(text, ("en", "id")) == language


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ('{"id": "a", "text": "x", "lang": 5}', "'lang', not 5"),
        ('{"id": "a", "text": "x", "url": {"y": 1}}', "'url'"),
        ('{"id": ["a"], "text": "x"}', "'id'"),
        ('{"id": "a", "text": "x \\ud800"}', "surrogate"),
        ('{"id": "a", "text": "x", "title": "\\udfff"}', "surrogate"),
        ('{"id": "a", "text": "  "}', "empty"),
        ('{"id": "a", "text": 7}', "string 'text'"),
        ('{"id": "a", "text": "x", "n": ' + "9" * 5000 + "}", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"id": "a" "text": "x"}', "not JSON (Expecting ',' delimiter at character 12)"),
    ],
)
def test_a_line_that_is_no_document_is_told_of_and_the_next_is_read(tmp_path, problems, record, why):
    (tmp_path / "a.jsonl").write_text(f'{record}\n{{"id": "b", "text": "x"}}\n', "utf-8")
    assert [d.id for d in read([tmp_path / "a.jsonl"], problems.append)] == ["b"]
    (problem,) = problems
    assert problem.where == f"{tmp_path}/a.jsonl:1"
    assert why in problem.why


@pytest.mark.parametrize(("given", "language"), [("en-US", "en"), ("ID", "id"), ("en_GB", "en"), ("", None)])
def test_a_region_of_a_language_is_left_out(tmp_path, problems, given, language):
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": "x", "lang": given}), "utf-8")
    (document,) = read([tmp_path / "a.jsonl"], problems.append)
    assert document.language == language
