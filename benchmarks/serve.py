"""Load the web application: many clients at once that read, query and review, on the loopback address.

python benchmarks/serve.py news.kg --clients 50 --seconds 60

The graph is copied first, for the clients review it. Told are requests and their times by kind, answers that failed,
decisions that were sent and that the file and the graph hold at the end, and the server's memory. The exit code is 1
if an answer failed, a decision was lost or memory grew by more than a fifth from the second quarter to the last.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from kgraph import review
from kgraph.graph import Graph

TOKEN = "benchmark"  # noqa: S105
SHARES = {"statements": 30, "statement": 25, "sparql": 15, "documents": 10, "page": 5, "graph": 5, "decide": 10}
"""Of a hundred requests, how many are of each kind."""

MOST_GROWTH = 1.2


@dataclass
class Seen:
    """What the clients saw."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: list[str] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


def client(number: int, address: str, ids: list[str], actors: list[str], until: float, seen: Seen) -> None:
    """Send requests, one after the other, until a moment."""
    chance = random.Random(number)  # noqa: S311
    place = urlsplit(address)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=120)
    while time.monotonic() < until:
        kind = chance.choices(list(SHARES), list(SHARES.values()))[0]
        note = f"{number}-{len(seen.times[kind])}-{chance.random()}"
        begin = time.monotonic()
        try:
            status, told = ask(connection, kind, chance.choice(ids), chance.choice(actors), note)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            status, told = 0, repr(error)
        with seen.lock:
            seen.times[kind].append(time.monotonic() - begin)
            if status != 200:
                seen.failed.append(f"{kind}: {status} {told}")
            elif kind == "decide":
                seen.decided.add(note)
    connection.close()


def ask(connection: http.client.HTTPConnection, kind: str, name: str, actor: str, note: str) -> tuple[int, str]:
    """Send one request and return the status of the answer and how it begins."""
    if kind == "decide":
        body = json.dumps({"statement": name, "verdict": "note", "note": note})
        headers = {"content-type": "application/json", "authorization": f"Bearer {TOKEN}"}
        connection.request("POST", "/api/decisions", body, headers)
    else:
        query = f"SELECT ?s ?p ?o {{ ?s rdf:subject|rdf:object {actor} ; rdf:predicate ?p ; rdf:object ?o }}"
        path = {
            "statements": f"/api/statements?actor={actor}&limit=20",
            "statement": f"/api/statement?id={name}",
            "sparql": f"/sparql?query={quote(query)}",
            "documents": "/api/documents",
            "page": "/",
            "graph": "/api/graph",
        }[kind]
        connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()[:200]


def memory(process: int) -> float:
    """Return the resident memory of a process, in megabytes."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextlib.contextmanager
def served(path: Path):  # noqa: ANN201
    """Run the server and give its process and its address."""
    command = [sys.executable, "-m", "kgraph", "serve", str(path), "--port", "0", "--no-open", "--allow-edits"]
    environment = {**os.environ, "KGRAPH_TOKEN": TOKEN, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    if found is None:
        raise SystemExit("the server did not start")
    try:
        yield process, found[0]
    finally:
        process.terminate()
        process.wait(30)


def run(path: Path, clients: int, seconds: float, growth: float) -> bool:
    """Load a graph with clients for some seconds, print what was seen and return whether all is well."""
    with Graph.open(path, read_only=True) as graph:
        ids = [each.id for each in graph.statements()]
        actors = sorted({each.subject for each in graph.statements()})
    seen, sizes = Seen(), []
    with served(path) as (process, address):
        until = time.monotonic() + seconds
        threads = [
            threading.Thread(target=client, args=(number, address, ids, actors, until, seen))
            for number in range(clients)
        ]
        for thread in threads:
            thread.start()
        while time.monotonic() < until:
            sizes.append(memory(process.pid))
            time.sleep(min(0.5, seconds / 20))
        for thread in threads:
            thread.join()
    kept = {each.note for each in review.read(path.with_suffix(".reviews.jsonl"))}
    with Graph.open(path, read_only=True) as graph:
        held = {term.value for (term,) in graph.store.select("SELECT ?n { ?r a kg:Review ; rdfs:comment ?n }")}
    print(f"{clients} clients, {seconds:g} s, {len(ids)} statements")
    print(f"{'kind':12}{'requests':>10}{'median ms':>12}{'95 % ms':>10}{'most ms':>10}")
    for kind, times in sorted(seen.times.items()):
        ordered = sorted(times)
        most = (statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))], ordered[-1])
        print(f"{kind:12}{len(times):10}{1000 * most[0]:12.0f}{1000 * most[1]:10.0f}{1000 * most[2]:10.0f}")
    lost = len(seen.decided - kept), len(seen.decided - held)
    quarter = max(1, len(sizes) // 4)
    early, late = statistics.mean(sizes[quarter : 2 * quarter] or sizes), statistics.mean(sizes[-quarter:])
    print(f"failed: {len(seen.failed)} {sorted(set(seen.failed))[:5]}")
    print(f"decisions: {len(seen.decided)} confirmed, {lost[0]} not in the file, {lost[1]} not in the graph")
    print(f"memory of the server: {early:.0f} MB in the second quarter, {late:.0f} MB in the last")
    return not seen.failed and lost == (0, 0) and late < growth * early


def main() -> int:
    """Read the command line, copy the graph, load it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("graph", type=Path)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--warming", action="store_true", help="Memory may grow: the run is too short to tell.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.kg"
        shutil.copytree(given.graph, path)
        return 0 if run(path, given.clients, given.seconds, MOST_GROWTH if not given.warming else float("inf")) else 1


if __name__ == "__main__":
    sys.exit(main())
