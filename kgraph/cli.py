"""The command `kgraph`: each command a few lines over a function.

Exit codes: 0 done, 1 done but with findings (inputs skipped, errors found), 2 misuse or nothing could be done.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from kgraph.cli_graph import COMMANDS, GRAPH, LANGUAGE, MEMORY, PERIOD, SECONDS, in_period, show_answer
from kgraph.errors import KgraphError

if TYPE_CHECKING:
    from kgraph.evaluate import Count
    from kgraph.graph import Graph
    from kgraph.graph.encoding import ActorLabels

__all__ = ["main"]

ERR = Console(stderr=True)
OUT = Console()


class Told(click.Group):
    """A group whose commands end with a sentence, not a traceback, when something is wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; exit with 2 where it cannot be done, or where a file cannot be read or written."""
        try:
            return super().invoke(ctx)
        except KgraphError as error:
            ERR.print(f"kgraph: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
            ctx.exit(2)
        except BrokenPipeError:
            ctx.exit(0)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            ERR.print(
                f"kgraph: {where}{error.strerror or error}", style="red", markup=False, highlight=False, soft_wrap=True
            )
            ctx.exit(2)


@click.group(cls=Told, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kgraph")
def main() -> None:
    """Read news and turn it into a sourced knowledge graph of geopolitical relations.

    \b
    kgraph build articles/ -o news.kg      read files into a graph
    kgraph show news.kg                    draw it as an interactive page
    kgraph query news.kg 'SELECT ...'      ask it in SPARQL
    kgraph export news.kg -o news.ttl      write it as RDF, GraphML or CSV
    """  # noqa: D301


WORKERS = click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1),
    help="Processes that read side by side.",
)


class Skipped:
    """Counts and shows the inputs that were passed over."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, problem: object) -> None:
        """Tell of one."""
        self.count += 1
        ERR.print(f"skipped {problem}", style="yellow", markup=False, highlight=False, soft_wrap=True)

    def exit_code(self) -> int:
        """Return 1 if anything was passed over."""
        if self.count:
            ERR.print(f"{self.count} input(s) skipped, see above", style="yellow")
        return 1 if self.count else 0


@contextmanager
def counting(what: str, total: int | None = None) -> Iterator[Any]:
    """Show progress on standard error while a block runs; gives a function that advances it."""
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    )  # fmt: skip
    with Progress(*columns, console=ERR, transient=True, disable=not ERR.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda step=1: progress.advance(task, step)


@contextmanager
def written(path: str) -> Iterator[TextIO]:
    """Open a file to write, `-` being standard output."""
    if path == "-":
        yield sys.stdout
        return
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with Path(path).open("w", encoding="utf-8") as stream:
        yield stream


@main.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("-o", "--output", default="-", show_default=True, help="File to write, - for standard output.")
@click.option("--events", is_flag=True, help="Write PLOVER events (source, target, plover) in place of statements.")
@WORKERS
def extract(sources: tuple[str, ...], output: str, events: bool, workers: int) -> None:
    """Write the statements in SOURCES as JSON lines.

    A source is a file (.jsonl, .txt, .html, .csv, .json), a folder, or - for JSON lines on standard input. Each
    document gives one line, {"id", "statements"}, or with --events {"id", "events"}.

    \b
    kgraph extract articles.jsonl -o statements.jsonl
    """  # noqa: D301
    from kgraph import documents, plover
    from kgraph.build import extract as read
    from kgraph.build import to_record

    skipped = Skipped()
    texts = documents.read(sources, skipped)
    with written(output) as stream, counting("reading") as advance:
        for document, evidence in read(texts, skipped, workers=workers):
            record = to_record(document, evidence)
            stream.write(json.dumps(plover.to_record(record) if events else record, ensure_ascii=False) + "\n")
            advance()
    sys.exit(skipped.exit_code())


@main.command()
@click.argument("sentence")
@click.option("--lang", help="Language of the sentence (default: detected).")
@click.option("--date", "day", help="Date that relative dates count from, YYYY-MM-DD.")
def explain(sentence: str, lang: str | None, day: str | None) -> None:
    """Show how a SENTENCE is read, and what was vetoed and why.

    \b
    kgraph explain 'Russia imposed sanctions on Poland.'
    """  # noqa: D301
    from kgraph import documents
    from kgraph.extract.explain import explanation

    document = documents.from_record({"id": "sentence", "text": sentence, "lang": lang, "date": day}, "the sentence")
    for line in explanation(document):
        click.echo(line)


@main.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("-o", "--output", required=True, help="Folder of the graph; one that exists is added to.")
@WORKERS
def build(sources: tuple[str, ...], output: str, workers: int) -> None:
    """Read SOURCES into a graph.

    A source is a file (.jsonl, .txt, .html, .csv, .json), a folder, or - for JSON lines on standard input. Documents
    that the graph already holds are passed over, so a build that was stopped is continued by running it again.

    A text may begin with Title:, Date:, URL: and Language: lines and an empty line; a JSON line is
    {"id", "text", "date", "lang", "url", "title"}, a table has these columns. All but the text may be left out.

    \b
    kgraph build articles/ archive.jsonl -o news.kg --workers 4
    """  # noqa: D301
    from kgraph.build import build as run

    skipped = Skipped()
    seen: Counter[str] = Counter()

    with counting("reading") as advance:

        def tell(*_: object) -> None:
            seen["read"] += 1
            advance()

        graph = run(sources, output, skipped, tell, workers, lambda _: seen.update(["known"]))
    with graph:
        count = len(graph)
    OUT.print(
        f"{output}: {seen['read']} document(s) read, {seen['known']} already there; the graph holds {count} statements",
        markup=False,
        highlight=False,
    )
    sys.exit(skipped.exit_code())


@main.command()
@GRAPH
@click.option("-o", "--output", help="Page to write (default: beside the graph).")
@click.option("--title", help="Title of the page (default: the graph's name).")
@LANGUAGE
@click.option("--open/--no-open", "opened", default=True, help="Open the page in the browser.")
@PERIOD
def show(graph: str, output: str | None, title: str | None, lang: str, opened: bool, **period: str | None) -> None:
    """Draw GRAPH as one HTML page that needs no network.

    \b
    kgraph show news.kg --from 2024 --lang id -o news-2024.html
    """  # noqa: D301
    from kgraph.export import html

    path = Path(output) if output else Path(graph).with_suffix(".html")
    with in_period(graph, **period) as part:
        html.write(part, path, title or Path(graph).stem, lang)
    OUT.print(f"wrote {path}", markup=False, highlight=False)
    if opened:
        click.launch(str(path))


@main.command()
@GRAPH
@click.option("-o", "--output", required=True, help="File to write; its ending tells the format.")
@click.option("--format", "format_", help="Format, where the file's ending does not tell it.")
@PERIOD
def export(graph: str, output: str, format_: str | None, **period: str | None) -> None:
    """Write GRAPH as RDF, a network or a table.

    The ending of the file tells the format: RDF is .ttl .nt .nq .trig .jsonld .rdf, a network .graphml .gexf, a table
    .csv .parquet. These must be named: --format nanopubs (TriG), void (Turtle), neo4j (ZIP of CSV).

    \b
    kgraph export news.kg -o news.ttl
    kgraph export news.kg -o news.zip --format neo4j
    """  # noqa: D301
    from kgraph.export import export as write

    with in_period(graph, **period) as part:
        write(part, output, format_)
    OUT.print(f"wrote {output}", markup=False, highlight=False)


@main.command()
@GRAPH
@click.argument("sparql")
@click.option("-f", "--format", "format_", default="table", show_default=True, help="table, csv, tsv, json, xml, ttl.")
@click.option("--timeout", default=60.0, show_default=True, type=SECONDS, help="Seconds that the query may take.")
@click.option("--memory", default=2048, show_default=True, type=MEMORY, help="Megabytes that it may use.")
@click.option("--update", "updating", is_flag=True, help="Run SPARQL as an update, which changes the graph.")
@click.option("--allow-service", is_flag=True, help="Let the query ask other servers (SERVICE, LOAD).")
@PERIOD
def query(
    graph: str,
    sparql: str,
    format_: str,
    timeout: float,
    memory: int,
    updating: bool,
    allow_service: bool,
    **period: str | None,
) -> None:
    """Ask GRAPH in SPARQL.

    The prefixes kg:, country:, org:, person:, rdf:, oa: and the like are declared already. @FILE as SPARQL reads the
    query from a file.

    \b
    kgraph query news.kg 'SELECT ?who { ?who kg:member_of org:EAEU ; kg:ally_of country:RUS }'
    kgraph query news.kg @question.rq -f csv
    """  # noqa: D301
    from kgraph.query import Limits
    from kgraph.query import query as ask
    from kgraph.query import update as change

    try:
        text = Path(sparql[1:]).read_text("utf-8") if sparql.startswith("@") else sparql
    except UnicodeDecodeError as error:
        raise KgraphError(f"{sparql[1:]} is not UTF-8 text ({error}).") from error
    limits = Limits(timeout, memory)
    if updating:
        if any(period.values()):
            raise KgraphError("An update changes the graph itself: --as-of, --from and --to go with questions only.")
        change(graph, text, limits=limits, allow_service=allow_service)
        return
    if not any(period.values()):
        show_answer(ask(graph, text, limits=limits, allow_service=allow_service), format_)
        return
    with in_period(graph, **period) as part:
        show_answer(ask(part, text, limits=limits, allow_service=allow_service), format_)


@main.command()
@GRAPH
@click.option("--network", is_flag=True, help="Measures of the network: degree, betweenness, communities, balance.")
@PERIOD
def info(graph: str, network: bool, **period: str | None) -> None:
    """Tell what GRAPH holds, or measure its network.

    \b
    kgraph info news.kg
    kgraph info news.kg --network --from 2024
    """  # noqa: D301
    from rich.table import Table

    with in_period(graph, **period) as part:
        statements = list(part.statements())
        documents = list(part.documents())
        labels = part.labels()
        if network:
            _network(part, labels)
            return
    actors = Counter(side for s in statements for side in (s.subject, s.object))
    days = sorted(d.date for d in documents if d.date)
    span = f", {days[0]} to {days[-1]}" if days else ""
    OUT.print(
        f"{graph}: {len(documents)} documents{span}; {len(actors)} actors; {len(statements)} statements",
        markup=False,
        highlight=False,
    )
    relations = Table("relation", "certain", "negated", "possible", box=None)
    counts = Counter((s.relation, s.factuality.value) for s in statements)
    for name in sorted({s.relation for s in statements}):
        relations.add_row(name, *(str(counts[name, f] or "") for f in ("certain", "negated", "possible")))
    OUT.print(relations)
    busiest = Table("actor", "statements", box=None)
    for actor, count in actors.most_common(10):
        busiest.add_row(labels[actor].labels.get("en", actor) if actor in labels else actor, str(count))
    OUT.print(busiest)


def _network(graph: "Graph", labels: "dict[str, ActorLabels]") -> None:
    """Print the measures of a graph's network of actors."""
    from rich.table import Table

    from kgraph.export import measures

    def name(actor: str) -> str:
        return labels[actor].labels.get("en", actor) if actor in labels else actor

    friends, foes = measures.degree(graph, sign=1), measures.degree(graph, sign=-1)
    between = measures.betweenness(graph)
    central = Table("actor", "related to", "cooperates with", "in conflict with", "betweenness", box=None)
    for actor, count in list(measures.degree(graph).items())[:10]:
        row = (str(count), str(friends.get(actor, 0)), str(foes.get(actor, 0)), f"{between[actor]:.3f}")
        central.add_row(name(actor), *row)
    OUT.print(central)
    together = Table("communities of cooperation", box=None)
    for members in measures.communities(graph)[:8]:
        together.add_row(", ".join(sorted(map(name, members))))
    OUT.print(together)
    shared = Table("share memberships", "", "organisations", box=None)
    for (one, other), count in list(measures.shared_memberships(graph).items())[:8]:
        shared.add_row(name(one), name(other), str(count))
    OUT.print(shared)
    balance = Table("year", "signed triads", "balanced", box=None)
    for each in measures.balance(graph):
        balance.add_row(each.period, str(each.triads), str(each.balanced))
    OUT.print(balance)


@main.command()
@click.argument("gold", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--level", type=click.Choice(["statement", "plover"]), default="statement", show_default=True,
    help='What is compared: statements, or the types of PLOVER events with documents whose "events" are known.',
)  # fmt: skip
@click.option("--judged-pairs", is_flag=True, help="At level plover, count nothing outside the pairs that GOLD codes.")
@click.option("--errors", "listed", is_flag=True, help="Show each miss, with what was found and the rule that fired.")
@click.option("--calibrate", is_flag=True, help="Print each rule's precision, as extract/reliability.tsv holds it.")
def evaluate(gold: str, level: str, judged_pairs: bool, listed: bool, calibrate: bool) -> None:
    """Score the extraction on documents whose statements are known.

    A line of GOLD is {"id", "text", "date", "statements"}; a statement has subject, relation, object, factuality, and
    where they apply attributed_to and when. At level plover it has "events" in place of statements.

    \b
    kgraph evaluate gold.jsonl --errors
    """  # noqa: D301
    from kgraph import evaluate as scoring

    if calibrate and level == "plover":
        raise click.UsageError("--calibrate goes with statements only.")
    if judged_pairs and level != "plover":
        raise click.UsageError("--judged-pairs goes with --level plover only.")
    skipped = Skipped()
    if level == "plover":
        coded = scoring.read_events(Path(gold))
        events = list(scoring.compare_events(coded, skipped, judged_pairs=judged_pairs))
        _echo(line for case in events if listed for line in scoring.event_errors(case))
        _counts("event", scoring.evaluate_events(events))
        sys.exit(skipped.exit_code())
    cases = list(scoring.compare(scoring.read_gold(Path(gold)), skipped))
    if calibrate:
        click.echo("rule\tprecision\tseen")
        for rule, (precision, seen) in sorted(scoring.reliability(cases).items()):
            click.echo(f"{rule}\t{precision}\t{seen}")
        sys.exit(skipped.exit_code())
    _echo(line for case in cases if listed for line in scoring.errors(case))
    _report(scoring.evaluate(cases))
    sys.exit(skipped.exit_code())


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _counts(what: str, counts: "dict[str, Count]") -> None:
    from rich.table import Table

    table = Table(what, "precision", "recall", "F1", "right", "wrong", "missed", box=None)
    for name, count in counts.items():
        rates = (f"{rate:.3f}" for rate in (count.precision, count.recall, count.f1))
        table.add_row(name, *rates, str(count.right), str(count.wrong), str(count.missed))
    OUT.print(table)


def _report(report: Any) -> None:
    from rich.table import Table

    _counts("relation", {**dict(sorted(report.relations.items())), "all": report.total})
    OUT.print(f"factuality right on {report.factuality_accuracy:.3f} of the statements found")
    for name, count in (("attribution", report.attribution), ("dates", report.dates)):
        OUT.print(f"{name}: precision {count.precision:.3f}, recall {count.recall:.3f}, F1 {count.f1:.3f}")
    reliability = Table("confidence", "statements", "of these right", box=None)
    for (low, high), count in sorted(report.confidence.items()):
        reliability.add_row(
            f"{low:.1f} to {min(high, 1):.1f}", str(count.right + count.wrong), f"{count.precision:.3f}"
        )
    OUT.print(reliability)


for command in COMMANDS:
    main.add_command(command)
