"""The pages and the files that they load, all from this server: no markup holds script or style."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from types import MappingProxyType

from kgraph.export import html

__all__ = ["PAGES", "WORDS", "asset", "page"]

PAGES = ("", "query", "documents", "document", "review")
"""The addresses of the pages; the first is the explorer."""

EDITOR = ("yasqe.min.css", "yasqe.min.js")
"""The files of the SPARQL editor, which come from npm when the package is built."""

JAVASCRIPT, CSS = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
HERE = files("kgraph.serve").joinpath("page")
WORDS: dict[str, dict[str, str]] = json.loads(HERE.joinpath("words.json").read_text("utf-8"))


def page(name: str, title: str, language: str) -> str:
    """Return a page as HTML; what it shows is fetched by its script."""
    words = {**html.WORDS[language], **WORDS[language]}
    told = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    wordlist = f'<script type="application/json" id="words">{told}</script>'
    if not name:
        return html.shell(
            title,
            language,
            styles=_styles("vis.css", "page.css", "site.css"),
            scripts=f'<script type="application/json" id="data" data-from="/api/graph?lang={language}"></script>\n'
            f"{wordlist}\n" + _scripts("vis.js", module="explorer.js"),
        )
    extra: tuple[str, ...] = ("vis.css", "vis.js") if name == "query" else ()
    if name == "query" and all(_editor(each) is not None for each in EDITOR):
        extra += EDITOR
    return Template(HERE.joinpath("page.html").read_text("utf-8")).substitute(
        lang=language,
        title=escape(f"{words[f'page-{name}']} – {title}"),
        name=name,
        styles=_styles(*(each for each in extra if each.endswith(".css")), "page.css", "site.css"),
        scripts=f"{wordlist}\n" + _scripts(*(each for each in extra if each.endswith(".js")), module=f"{name}.js"),
    )


def asset(name: str) -> tuple[bytes, str] | None:
    """Return a file that the pages load and its media type; None if there is no such file."""
    found = ASSETS.get(name)
    text = found() if found else None
    return None if text is None else (text.encode(), CSS if name.endswith(".css") else JAVASCRIPT)


def _styles(*names: str) -> str:
    return "\n".join(f'<link rel="stylesheet" href="/assets/{name}">' for name in names)


def _scripts(*names: str, module: str) -> str:
    plain = "".join(f'<script src="/assets/{name}"></script>\n' for name in names)
    return f'{plain}<script type="module" src="/assets/{module}"></script>'


@cache
def _own(*names: str) -> str:
    return "".join(HERE.joinpath(name).read_text("utf-8") for name in names)


@cache
def _make() -> str:
    return files("kgraph.export").joinpath("page/make.js").read_text("utf-8")


@cache
def _editor(name: str) -> str | None:
    file = files("kgraph").joinpath("_web", name)
    return file.read_text("utf-8") if file.is_file() else None


ASSETS: Mapping[str, Callable[[], str | None]] = MappingProxyType({
    "page.css": lambda: html.styles()[1],
    "vis.css": lambda: html.styles()[0],
    "vis.js": lambda: html.scripts()[0],
    "site.css": lambda: _own("site.css"),
    "show.js": lambda: html.scripts()[1],
    "explorer.js": lambda: _make() + _own("site.js", "review-form.js", "explorer.js"),
    "query.js": lambda: _make() + _own("site.js", "results.js", "query.js"),
    "documents.js": lambda: _make() + _own("site.js", "documents.js"),
    "document.js": lambda: _make() + _own("site.js", "review-form.js", "document.js"),
    "review.js": lambda: _make() + _own("site.js", "review-form.js", "review.js"),
    **{name: lambda name=name: _editor(name) for name in EDITOR},  # type: ignore[misc]
})  # fmt: skip
