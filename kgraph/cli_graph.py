"""The commands that work on graphs: merge, forget, ask, contradictions, review, panel, serve."""

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kgraph.errors import GraphError, KgraphError

if TYPE_CHECKING:
    from kgraph.graph import Graph
    from kgraph.model import Statement
    from kgraph.query import Answer
    from kgraph.review import Decision

__all__ = ["COMMANDS", "GRAPH", "LANGUAGE", "MEMORY", "PERIOD", "SECONDS", "in_period", "show_answer"]

OUT = Console()
ERR = Console(stderr=True)


class GraphFolder(click.Path):
    """The folder of a graph that is there."""

    def convert(self, value: str | os.PathLike[str], param: object, ctx: object) -> str:  # noqa: ARG002
        """Return the path; raise GraphError where it is no graph."""
        path = Path(value)
        if not path.exists():
            raise GraphError(f"'{value}' does not exist: build it with kgraph build SOURCE -o {value}.")
        if not path.is_dir():
            raise GraphError(f"{value} is a file, and a graph is a folder: kgraph build SOURCE -o NAME.kg makes one.")
        if not (path / "CURRENT").is_file():
            raise GraphError(f"{value} is a folder, but not a graph: build one with kgraph build SOURCE -o NAME.kg.")
        return str(value)


GRAPH = click.argument("graph", type=GraphFolder())
LANGUAGE = click.option(
    "--lang", default="en", show_default=True, type=click.Choice(["en", "id"]), help="Language of what is shown."
)
SECONDS = click.FloatRange(0, min_open=True)
MEMORY = click.IntRange(64)


def PERIOD(command: Callable[..., Any]) -> Callable[..., Any]:  # noqa: N802
    """Add the options that keep what was said, or what holds, at a time."""
    options = (
        click.option("--as-of", "as_of", metavar="DATE", help="Only what holds on a day: YYYY, YYYY-MM or YYYY-MM-DD."),
        click.option("--from", "said_from", metavar="DATE", help="Only what documents since a day say."),
        click.option("--to", "said_to", metavar="DATE", help="Only what documents up to a day say."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@contextmanager
def in_period(path: str, **period: str | None) -> Iterator["Graph"]:
    """Open a graph to read, or the part of it that a period leaves."""
    from kgraph.graph import Graph

    with Graph.open(path, read_only=True) as opened:
        chosen = {name: value for name, value in period.items() if value is not None}
        yield opened.subgraph(**chosen) if chosen else opened


@click.command()
@click.argument("graphs", nargs=-1, required=True, type=GraphFolder())
@click.option("-o", "--output", required=True, help="Graph to make, or to add to if it is there.")
def merge(graphs: tuple[str, ...], output: str) -> None:
    """Put GRAPHS together into one.

    It has the union of their evidence. Where two hold different texts under one id, the one recorded later stays.

    \b
    kgraph merge may.kg june.kg -o both.kg
    """  # noqa: D301
    from kgraph.graph import Added, Graph

    if Path(output).resolve() in {Path(each).resolve() for each in graphs}:
        raise GraphError(f"{output} is one of the graphs to merge: give another name with -o.")
    total = Added()
    with Graph.open(output) as target:
        for each in graphs:
            with Graph.open(each, read_only=True) as source:
                total += target.merge(source)
        count = len(target)
    _say(
        f"{output}: {total.new} document(s) added, {total.replaced} replaced, {total.skipped} already there; "
        f"the graph holds {count} statements"
    )


@click.command()
@GRAPH
@click.argument("documents", nargs=-1, required=True)
def forget(graph: str, documents: tuple[str, ...]) -> None:
    """Remove DOCUMENTS as if they had never been read.

    A document is named by its id, which kgraph query and kgraph serve show.

    \b
    kgraph forget news.kg 2022-06-18-kazakhstan.txt
    """  # noqa: D301
    from kgraph.graph import Graph

    with Graph.open(graph) as opened:
        known = {document.id for document in opened.documents()}
        unknown = [each for each in documents if each not in known]
        gone = opened.forget(documents)
        count = len(opened)
    for each in unknown:
        ERR.print(f"kgraph: there is no document {each!r} in {graph}", style="yellow", markup=False, highlight=False)
    _say(f"{graph}: {gone} document(s) removed, the graph holds {count} statements")
    sys.exit(1 if unknown else 0)


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("graph", type=GraphFolder(), required=False)
@click.argument("question", required=False)
@click.option("--format", "format_", default="table", show_default=True, help="table, csv, tsv, json or xml.")
@click.pass_context
def ask(ctx: click.Context, graph: str | None, question: str | None, format_: str) -> None:
    """Ask GRAPH a named QUESTION; without one, list them.

    Parameters follow as options. An actor is given by id, country code or name.

    \b
    kgraph ask
    kgraph ask news.kg members --org EAEU --as-of 2022-06-16
    """  # noqa: D301
    from kgraph.graph import Graph
    from kgraph.query import actors_in

    if graph is None or question is None:
        _list_questions()
        return
    given = _parameters(ctx.args, question)
    with Graph.open(graph, read_only=True) as opened:
        answer = opened.ask(question, **given)
        _tell_strangers(opened, actors_in(opened, question, given))
        show_answer(answer, format_)


@click.command()
@GRAPH
@click.option("--actor", help="Only those that an actor is part of, such as country:KAZ.")
def contradictions(graph: str, actor: str | None) -> None:
    """Show what in GRAPH cannot both be so, who says it and where.

    \b
    kgraph contradictions news.kg --actor country:KAZ
    """  # noqa: D301
    from kgraph.graph import Graph
    from kgraph.graph.reading import actor_iri

    count = 0
    if actor is not None:
        actor_iri(actor)  # which refuses what is none
    with Graph.open(graph, read_only=True) as opened:
        _tell_strangers(opened, [actor] if actor else [])
        labels = {each: named.labels.get("en", each) for each, named in opened.labels().items()}
        for one, other in opened.contradictions():
            if actor is not None and actor not in {one.subject, one.object, other.subject, other.object}:
                continue
            count += 1
            for statement in (one, other):
                _show_statement(statement, labels)
            OUT.print()
    _say(f"{count} contradiction(s)")


@click.command()
@GRAPH
@click.option("--file", "decisions_file", help="File of decisions (default: beside the graph, .reviews.jsonl).")
@click.option("--apply", "only_apply", is_flag=True, help="Apply the decisions in the file and ask nothing.")
@click.option("--by", default=getpass.getuser, show_default="your user name", help="Who decides.")
@click.option("--relation", help="Only statements with this relation.")
@click.option("--actor", help="Only statements about this actor, such as country:KAZ.")
@click.option("--factuality", help="Only certain, negated or possible ones.")
def review(graph: str, decisions_file: str | None, only_apply: bool, by: str, **filters: str | None) -> None:
    """Accept, reject or correct the statements of GRAPH.

    They are shown with their sentences, the least confident first. Decisions are kept in a file that can be versioned,
    and applied to the graph at the end.

    \b
    kgraph review news.kg --relation sanctions
    kgraph review news.kg --apply            what was decided before, on a graph that was built again
    """  # noqa: D301
    from kgraph import review as reviewing
    from kgraph.graph import Graph

    path = Path(decisions_file) if decisions_file else Path(graph).with_suffix(".reviews.jsonl")
    decisions = reviewing.read(path)
    if only_apply and not path.exists():
        raise GraphError(f"{path} does not exist: decide first with kgraph review {graph}.")
    if not path.parent.is_dir():
        raise GraphError(f"{path} cannot be written: {path.parent} is no folder.")
    with Graph.open(graph) as opened:
        if not only_apply:
            _tell_strangers(opened, [filters["actor"]] if filters["actor"] else [])
            for decision in _decide(opened, decisions, by, filters):
                reviewing.append(path, decision)
                decisions.append(decision)
        applied = reviewing.apply(opened, decisions)
    _say(f"{path}: {len(decisions)} decision(s), {applied} of them on statements of {graph}")


@click.command()
@GRAPH
@click.option(
    "-o", "--output", required=True, help="File to write, .csv or .parquet; codebook and metadata go beside it."
)
@click.option("--unit", default="dyad-year", show_default=True, help="dyad- or state-, and year, quarter or month.")
@click.option("--directed/--undirected", default=False, show_default=True, help="Keep A to B and B to A apart.")
@click.option(
    "--factuality", default="certain", show_default=True, help="What the counts are of: certain, negated or possible."
)
@PERIOD
def panel(graph: str, output: str, unit: str, directed: bool, factuality: str, **period: str | None) -> None:
    """Write a panel of states over time from GRAPH.

    It has codes to join other data: ISO alpha-3, Correlates of War, Gleditsch and Ward.

    \b
    kgraph panel news.kg --unit dyad-month -o panel/panel.csv
    """  # noqa: D301
    from kgraph.export import panel as panels

    with in_period(graph, **period) as part:
        result = panels.panel(part, unit, directed=directed, factuality=factuality)
    files = panels.write(result, Path(output))
    _say(f"wrote {', '.join(map(str, files))}: {len(result.rows)} rows")


@click.command()
@GRAPH
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to serve on; this machine alone by default."
)
@click.option(
    "--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@LANGUAGE
@click.option("--texts", multiple=True, help="What the graph was built from, to show whole texts (may be repeated).")
@click.option("--allow-edits", is_flag=True, help="Let who has the token review; it is KGRAPH_TOKEN or a new one.")
@click.option("--file", "decisions_file", help="File of decisions (default: beside the graph, .reviews.jsonl).")
@click.option("--by", default=getpass.getuser, show_default="your user name", help="Who decides, unless told.")
@click.option("--timeout", default=30.0, show_default=True, type=SECONDS, help="Seconds that a query may take.")
@click.option("--memory", default=1024, show_default=True, type=MEMORY, help="Megabytes that a query may use.")
@click.option("--open/--no-open", "opened", default=True, help="Open the explorer in the browser.")
def serve(
    graph: str,
    host: str,
    port: int,
    lang: str,
    texts: tuple[str, ...],
    allow_edits: bool,
    decisions_file: str | None,
    by: str,
    timeout: float,
    memory: int,
    opened: bool,
) -> None:
    """Show GRAPH as a web application on this machine.

    It has an explorer, a SPARQL page, the documents and, with --allow-edits, review. Other programs find SPARQL 1.1 at
    /sparql and the JSON endpoints at /api, described at /openapi.json.

    \b
    kgraph serve news.kg --texts articles/
    """  # noqa: D301
    import secrets

    from kgraph import serve as serving
    from kgraph.query import Limits

    token = (os.environ.get("KGRAPH_TOKEN") or secrets.token_urlsafe(24)) if allow_edits else None
    live = serving.Live(Path(graph), editable=allow_edits, reviews=Path(decisions_file) if decisions_file else None)
    found, skipped = serving.texts_of(list(texts), live)
    for problem in skipped:
        ERR.print(f"skipped {problem}", style="yellow", markup=False, highlight=False)
    limits = Limits(timeout, memory, serving.LIMITS.result_mb)
    app = serving.application(live, token=token, texts=found, limits=limits, language=lang, by=by, host=host)

    def ready(address: str) -> None:
        _say(f"{graph} is at {address} (Ctrl+C ends it)")
        if token and "KGRAPH_TOKEN" not in os.environ:
            _say(f"token for review: {token}")
        if opened:
            click.launch(address)

    with closing(live):
        serving.run(app, host, port, ready)


COMMANDS = [merge, forget, ask, contradictions, review, panel, serve]


def show_answer(answer: "Answer", format_: str) -> None:
    """Print the answer to a query as a table, or in the format that is asked for."""
    if answer.triples is not None:
        click.echo(answer.to("ttl" if format_ == "table" else format_).decode(), nl=False)
    elif answer.truth is not None and format_ == "table":
        click.echo("yes" if answer.truth else "no")
    elif format_ == "table":
        table = Table(*answer.variables, box=None)
        for row in answer.values:
            table.add_row(*(escape(value or "") for value in row.values()))
        OUT.print(table)
        ERR.print(f"{len(answer.rows)} row(s)", style="dim")
    else:
        click.echo(answer.to(format_), nl=False)


def _list_questions() -> None:
    from kgraph.query import questions

    for question in questions().values():
        options = " ".join(
            f"[--{p.name} …]" if p.default is not None else f"--{p.name} …" for p in question.parameters
        ).replace("_", "-")
        OUT.print(f"[bold]{question.name}[/bold] {escape(options)}", highlight=False)
        OUT.print(f"    {question.about}", markup=False, highlight=False)


def _parameters(rest: list[str], question: str) -> dict[str, str]:
    """Return the parameters of a question from `--name value` or `--name=value`."""
    given: dict[str, str] = {}
    words = list(rest)
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            raise KgraphError(f"{word!r} stands alone: parameters of {question} are given as --name value.")
        name, equals, value = word[2:].partition("=")
        if not equals:
            if not words:
                raise KgraphError(f"--{name} needs a value.")
            value = words.pop(0)
        given[name.replace("-", "_")] = value
    return given


def _decide(graph: "Graph", decisions: "list[Decision]", by: str, filters: dict[str, Any]) -> Iterator["Decision"]:
    """Yield what the reviewer decides in the terminal, until there is nothing left or they stop."""
    from kgraph import review as reviewing

    labels = {each: named.labels.get("en", each) for each, named in graph.labels().items()}
    waiting = list(reviewing.queue(graph, decisions, **filters))
    for place, statement in enumerate(waiting, 1):
        OUT.print(f"\n{place} of {len(waiting)}", style="dim", highlight=False)
        _show_statement(statement, labels)
        decision = _one(statement, by)
        if decision is None:
            break
        if decision != "skip":
            assert not isinstance(decision, str)
            yield decision


def _one(statement: "Statement", by: str) -> "Decision | str | None":
    """Return the decision on a statement, `skip`, or None to stop."""
    from kgraph.review import Decision, now

    while True:
        key = click.prompt("[a]ccept [r]eject [c]orrect [n]ote [s]kip [q]uit", default="s", show_default=False)
        if key[:1] == "q":
            return None
        if key[:1] == "s":
            return "skip"
        verdict = {"a": "accept", "r": "reject", "c": "correct", "n": "note"}.get(key[:1])
        if verdict is None:
            continue
        subject, relation, object_, factuality = statement.key
        corrected = note = None
        try:
            if verdict == "correct":
                corrected = _corrected(click.prompt("subject relation object factuality"))
            if verdict == "note":
                note = click.prompt("note")
            return Decision(
                subject=subject,
                relation=relation,
                object=object_,
                factuality=factuality,
                verdict=verdict,
                corrected=corrected,
                note=note,
                by=by,
                on=now(),
            )
        except KgraphError as error:
            ERR.print(str(error), style="red", markup=False, highlight=False)


def _corrected(text: str) -> tuple[str, str, str, str]:
    parts = text.split()
    if len(parts) != 4:
        raise KgraphError("Give four words: subject, relation, object and factuality.")
    return parts[0], parts[1], parts[2], parts[3]


def _show_statement(statement: "Statement", labels: dict[str, str]) -> None:
    """Print a statement with the sentences that say it."""
    subject, object_ = (escape(labels.get(a, a)) for a in (statement.subject, statement.object))
    OUT.print(
        f"[bold]{subject} {statement.relation} {object_}[/bold] ({statement.factuality.value}, "
        f"confidence {statement.confidence:.2f}, {len(statement.sources)} source(s)"
        + (f", {statement.holds}" if statement.holds else "")
        + ")",
        highlight=False,
    )
    for piece in statement.evidence[:5]:
        claimant = f" ({labels.get(piece.attributed_to, piece.attributed_to)})" if piece.attributed_to else ""
        click.echo(f"    “{' '.join(piece.quote.split())}” {piece.document}{claimant}")
    if len(statement.evidence) > 5:
        OUT.print(f"    and {len(statement.evidence) - 5} more", style="dim", highlight=False)


def _tell_strangers(graph: "Graph", actors: list[str]) -> None:
    """Tell of actors of which a graph says nothing, with the nearest id that it has."""
    known = graph.labels()
    for actor in actors:
        if actor not in known:
            near = get_close_matches(actor, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else "."
            ERR.print(f"kgraph: the graph has no {actor}{hint}", style="yellow", markup=False, highlight=False)


def _say(sentence: str) -> None:
    click.echo(sentence)
