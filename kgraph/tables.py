"""Read the tables that hold words, names and facts: TSV with a header, checked line by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from kgraph.errors import TableError

__all__ = ["Row", "read", "read_folder"]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its cells by column name, and where it stands."""

    cells: Mapping[str, str]
    where: str

    def __getitem__(self, column: str) -> str:
        """Return the cell of a column, without space around it."""
        return self.cells[column]

    def get(self, column: str) -> str:
        """Return the cell of a column that the table may lack: then an empty string."""
        return self.cells.get(column, "")

    def choices(self, column: str) -> tuple[str, ...]:
        """Return the alternatives of a cell, which `|` separates."""
        return tuple(part.strip() for part in self.get(column).split("|") if part.strip())

    def one_of(self, column: str, allowed: Sequence[str]) -> str:
        """Return a cell that must hold one of the allowed values.

        Raises TableError with the nearest allowed value otherwise.
        """
        value = self[column]
        if value not in allowed:
            raise self.error(f"{column} {value!r} is not known", nearest(value, allowed))
        return value

    def error(self, problem: str, advice: str = "") -> TableError:
        """Return an error that names the file and the line."""
        return TableError(f"{self.where}: {problem}{'; ' + advice if advice else ''}")


def nearest(value: str, allowed: Sequence[str]) -> str:
    """Return advice that names what `value` was probably meant to be."""
    close = get_close_matches(value, allowed, 1)
    if close:
        return f"did you mean {close[0]!r}?"
    return "use one of " + ", ".join(sorted(allowed)[:20])


def read(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a table that must have the named columns and may have more.

    Empty lines and lines that start with `#` are passed over. Raises TableError with file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        raise TableError(f"{path}: there is no such table; write one, its header names {', '.join(columns)}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(f"{path}: cannot be read as a UTF-8 table ({error})") from None
    header: list[str] | None = None
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.rstrip("\r").split("\t")]
        where = f"{path}:{number}"
        if header is None:
            header = cells
            missing = [column for column in columns if column not in header]
            if missing:
                raise TableError(f"{where}: the header lacks {', '.join(missing)}; it has {', '.join(header)}")
            continue
        if len(cells) > len(header):
            raise TableError(f"{where}: {len(cells)} cells, but the header names {len(header)} columns")
        cells += [""] * (len(header) - len(cells))
        yield Row(dict(zip(header, cells, strict=True)), where)
    if header is None:
        raise TableError(f"{path}: empty; the first line must name the columns {', '.join(columns)}")


def read_folder(folder: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of all tables in a folder, in the order of their names."""
    for path in sorted(folder.glob("*.tsv")):
        yield from read(path, columns)
