"""Files, folders, JSON lines, CSV, HTML and standard input → Documents; what cannot be read is reported and skipped."""

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from email.parser import HeaderParser
from pathlib import Path
from typing import Any, TextIO

from kgraph.errors import DocumentError
from kgraph.model import Document

__all__ = ["FORMATS", "Problem", "detect", "from_record", "read", "with_language"]

HEADERS = {"title": "title", "date": "date", "url": "url", "language": "lang", "lang": "lang", "id": "id"}
ENCODING = "utf-8-sig"
Report = Callable[["Problem"], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that was skipped: where it stands and why it could not be read."""

    where: str
    why: str

    def __str__(self) -> str:
        """Return the two as one line."""
        return f"{self.where}: {self.why}"


def read(sources: Iterable[str | Path], report: Report) -> Iterator[Document]:
    """Return the documents of all sources in order; `-` is JSON lines on standard input.

    A folder is read with all files below it, in the order of their names. What cannot be read is given to `report`
    and passed over. Raises DocumentError at once where a source does not exist.
    """
    given = list(sources)
    for source in given:
        if str(source) != "-" and not Path(source).exists():
            raise DocumentError(f"{source}: no such file or folder")
    return _documents(given, report)


def _documents(sources: Iterable[str | Path], report: Report) -> Iterator[Document]:
    for source in sources:
        if str(source) == "-":
            yield from _json_lines(sys.stdin, "standard input", report)
            continue
        path = Path(source)
        if path.is_dir():
            files = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in FORMATS)
            if not files:
                report(Problem(str(path), f"the folder has no file that can be read: {', '.join(FORMATS)}"))
            for file in files:
                yield from _file(file, file.relative_to(path).as_posix(), report)
        else:
            yield from _file(path, path.name, report)


def _file(path: Path, name: str, report: Report) -> Iterator[Document]:
    reader = FORMATS.get(path.suffix.lower())
    if reader is None:
        report(Problem(str(path), f"no reader for {path.suffix!r} files; there are {', '.join(FORMATS)}"))
        return
    empty = True

    def told(problem: Problem) -> None:
        nonlocal empty
        empty = False
        report(problem)

    try:
        for document in reader(path, name, told):
            empty = False
            yield document
        if empty:
            report(Problem(str(path), "holds no document"))
    except DocumentError as error:
        report(Problem(str(path), str(error).removeprefix(f"{path}: ")))
    except (OSError, csv.Error, ValueError, RecursionError) as error:
        report(Problem(str(path), f"cannot be read ({error})"))


def _text(path: Path, name: str, report: Report) -> Iterator[Document]:  # noqa: ARG001
    """Read a plain text, which may begin with header lines (Title:, Date:, URL:, Language:) and an empty line."""
    raw = _decode(path)
    head, gap, body = raw.partition("\n\n")
    keys = [line.partition(":")[0].strip().lower() for line in head.splitlines()]
    record: dict[str, Any] = {"id": name, "text": raw}
    if gap and keys and all(key in HEADERS for key in keys):
        message = HeaderParser().parsestr(head)
        record |= {HEADERS[key.lower()]: value for key, value in message.items()}
        record["text"] = body
    yield from_record(record, str(path))


def _decode(path: Path) -> str:
    with path.open(encoding=ENCODING, newline="") as stream:
        return stream.read()


def _html(path: Path, name: str, report: Report) -> Iterator[Document]:
    try:
        from trafilatura import bare_extraction
    except ImportError:
        report(Problem(str(path), "reading HTML needs trafilatura; pip install 'kgraph[html]'"))
        return
    page = bare_extraction(path.read_bytes(), with_metadata=True, include_comments=False)
    found: dict[str, Any] = page if isinstance(page, dict) else page.as_dict() if page is not None else {}
    if not found.get("text"):
        report(Problem(str(path), "no article text found in the page"))
        return
    record = {"id": name, **{k: found.get(k) for k in ("text", "title", "url", "date")}}
    yield from_record(record, str(path))


def _json_file(path: Path, name: str, report: Report) -> Iterator[Document]:
    content = json.loads(_decode(path))
    for number, record in enumerate(content if isinstance(content, list) else [content], 1):
        yield from _checked(record, f"{name}:{number}", f"{path}, entry {number}", report)


def _json_lines_file(path: Path, name: str, report: Report) -> Iterator[Document]:  # noqa: ARG001
    with path.open("rb") as stream:
        yield from _lines(stream, str(path), report)


def _json_lines(stream: TextIO, where: str, report: Report) -> Iterator[Document]:
    yield from _lines(stream.buffer, where, report)


def _lines(stream: Iterable[bytes], where: str, report: Report) -> Iterator[Document]:
    for number, raw in enumerate(stream, 1):
        place = f"{where}:{number}"
        if not raw.strip():
            continue
        try:
            record = json.loads(raw.decode(ENCODING))
        except json.JSONDecodeError as error:
            report(Problem(place, f"not JSON ({error.msg} at character {error.pos + 1})"))
            continue
        except (ValueError, RecursionError) as error:
            report(Problem(place, f"not JSON ({error})"))
            continue
        yield from _checked(record, place, place, report)


def _table(path: Path, name: str, report: Report) -> Iterator[Document]:
    with path.open(encoding=ENCODING, newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
        if "text" not in (rows.fieldnames or ()):
            columns = ", ".join(rows.fieldnames or ()) or "none"
            raise DocumentError(f"{path}: the table has no column 'text'; its columns: {columns}")
        for row in rows:
            place = f"{path}:{rows.line_num}"
            yield from _checked(row, f"{name}:{rows.line_num}", place, report)


def _checked(record: Any, name: str, place: str, report: Report) -> Iterator[Document]:
    try:
        if not isinstance(record, dict):
            report(Problem(place, "wants an object with a text"))
            return
        yield from_record({"id": name, **{k: v for k, v in record.items() if v not in (None, "")}}, place)
    except DocumentError as error:
        report(Problem(place, str(error).removeprefix(f"{place}: ")))


def from_record(record: dict[str, Any], place: str = "record") -> Document:
    """Return the document of a record with id, text and, if known, date, lang, url and title.

    Raises DocumentError where the text is missing or empty, or something is not what it should be.
    """
    text = record.get("text")
    if not isinstance(text, str):
        raise DocumentError(f"{place}: wants a string 'text'")
    if not text.strip():
        raise DocumentError(f"{place}: the text is empty")
    given = {
        "lang": record.get("lang") or record.get("language"),
        "url": record.get("url"),
        "title": record.get("title"),
    }
    for name, value in given.items():
        if value is not None and not isinstance(value, str):
            raise DocumentError(f"{place}: wants a string {name!r}, not {value!r}")
    if not isinstance(record["id"], str | int):
        raise DocumentError(f"{place}: wants a string 'id', not {record['id']!r}")
    ident = str(record["id"])
    try:
        "".join((ident, text, *filter(None, given.values()))).encode()
    except UnicodeEncodeError as error:
        raise DocumentError(f"{place}: half a surrogate pair is no character ({error.object[error.start]!r})") from None
    when = record.get("date")
    try:
        day = date.fromisoformat(str(when)[:10]) if when else None
    except ValueError:
        raise DocumentError(f"{place}: date {when!r} is not YYYY-MM-DD") from None
    language = re.split("[-_]", given["lang"])[0].lower() if given["lang"] else None  # "en-US"
    return Document(id=ident, text=text, date=day, language=language, url=given["url"], title=given["title"])


def with_language(document: Document, languages: Iterable[str]) -> Document:
    """Return the document with its language detected, if it does not say it."""
    if document.language:
        return document
    return replace(document, language=detect(document.text, tuple(languages)))


def detect(text: str, languages: tuple[str, ...]) -> str:
    """Return the ISO 639-1 code of a text's language; a short text is taken to be in one of `languages`.

    Malay is read as Indonesian, with which it shares its written words.
    """
    import py3langid

    sample = text[:4000]
    ranked = [("id" if code == "ms" else code) for code, _ in py3langid.rank(sample)]
    if len(sample) < 200 or ranked[0] in languages:
        return next((code for code in ranked if code in languages), ranked[0])
    return str(ranked[0])


FORMATS: dict[str, Callable[[Path, str, Report], Iterator[Document]]] = {
    ".txt": _text,
    ".md": _text,
    ".html": _html,
    ".htm": _html,
    ".json": _json_file,
    ".jsonl": _json_lines_file,
    ".ndjson": _json_lines_file,
    ".csv": _table,
    ".tsv": _table,
}
