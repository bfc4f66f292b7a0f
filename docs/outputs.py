"""Run what README and docs show, on the example articles, and write what comes out into the pages.

python docs/outputs.py            writes it
python docs/outputs.py --check    tells which pages show something else than comes out, figures apart, and fails
"""

import argparse
import contextlib
import doctest
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections import Counter
from pathlib import Path

import matplotlib as mpl

from kgraph.graph import Graph

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
BLOCK = re.compile(
    r"^```(?P<kind>python)?\n(?P<fenced>(?:(?!```).*\n)*)```\n|^(?P<indented>    \$ .*\n(?:    .*\n)*)", re.MULTILINE
)
BUILD = "kgraph build examples/news -o news.kg"
FILE = re.compile(r"`(\w+\.jsonl)`")
PROMPT = "[q]uit: "
ANSWER = re.compile(re.escape(PROMPT) + "([a-z])$", re.MULTILINE)
# Figures, ids and weights, which change whenever weights are learnt anew.
FIGURES = re.compile(r"\b[0-9a-f]{32}\b|\(bias .*\)|\d[\d.]*| +$|(?<= ) +")


def main() -> int:
    """Write or check all pages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail where a page shows something else")
    check = parser.parse_args().check
    mpl.use("agg")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        shutil.copytree(ROOT / "examples", "built/examples")
        with contextlib.chdir("built"):
            command(BUILD, "")
        found = [done(page, check=check) for page in PAGES]
    return int(any(found))


def done(page: Path, *, check: bool) -> bool:
    """Write a page anew, or tell what it shows otherwise; return whether anything was told."""
    shown = page.read_text("utf-8")
    shutil.copytree("built", page.stem)
    with contextlib.chdir(page.stem):
        real = renewed(shown)
    if not check:
        page.write_text(real, "utf-8")
        return False
    lost, new = plain(shown) - plain(real), plain(real) - plain(shown)
    for mark, lines in (("-", lost), ("+", new)):
        for line in lines:
            print(f"{page.relative_to(ROOT)}: {mark} {line}")
    return bool(lost or new)


def plain(text: str) -> Counter[str]:
    """Return how often a page has each line, without what changes whenever weights are learnt anew."""
    return Counter(FIGURES.sub("", line) for line in text.splitlines())


def renewed(page: str) -> str:
    """Return a page with what its commands and its Python print now, run in the working folder."""
    names: dict[str, object] = {}

    def run(block: re.Match[str]) -> str:
        if block["indented"]:
            return textwrap.indent(commands(textwrap.dedent(block["indented"])), "    ")
        if block["kind"]:
            return block[0].replace(block["fenced"], python(block["fenced"], names))
        content, mark, _ = block["fenced"].partition("$ ")
        if not mark:
            return block[0]
        if content:
            Path(FILE.findall(page[: block.start()])[-1]).write_text(content, "utf-8")
        return f"```\n{content}{commands(block['fenced'].removeprefix(content))}```\n"

    with Graph.open("news.kg", read_only=True) as names["graph"]:
        if f"$ {BUILD}" in page:
            Path("news.kg").rename("before.kg")
        return BLOCK.sub(run, page)


def commands(block: str) -> str:
    """Return commands, each after `$`, with what they print."""
    out = []
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        words, _, shown = part.partition("\n")
        while words.count("'") % 2:
            more, _, shown = shown.partition("\n")
            words += f"\n{more}"
        out.append(f"$ {words}\n{command(words, shown)}")
    return "".join(out)


def command(words: str, shown: str) -> str:
    """Return what a command prints, with the answers to its questions that are shown."""
    answers = [f"{answer}\n" for answer in ANSWER.findall(shown)]
    done = subprocess.run(  # noqa: S603 - the commands of our own documentation
        ["/bin/sh", "-c", words],
        input="".join(answers),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "200"},
    )
    printed = "".join(
        a + b for a, b in zip(re.split(f"(?<={re.escape(PROMPT)})", done.stdout), [*answers, ""], strict=True)
    )
    return "".join(f"{line.rstrip()}\n" for line in printed.expandtabs(4).splitlines())


def python(block: str, names: dict[str, object]) -> str:
    """Return Python with what its examples after `>>>` give; `names` are those of the page."""
    if not block.startswith(">>>"):
        with contextlib.redirect_stdout(io.StringIO()):
            exec(block, names)  # noqa: S102 - the code of our own documentation
        return block
    examples = doctest.DocTestParser().get_examples(block)
    return "".join(f">>> {each.source}{eval(each.source, names)!r}\n" for each in examples)  # noqa: S307


if __name__ == "__main__":
    sys.exit(main())
