// SPARQL: an editor, examples, the answer as table, graph or chart, and as a file.

const main = document.getElementById("main");
const [{ actors }, questions] = await Promise.all([ask("actors"), ask("questions")]);
const START = "SELECT ?subject ?relation ?object {\n  ?statement rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object .\n} LIMIT 100";
const FILES = {
  rows: [["csv", "text/csv"], ["tsv", "text/tab-separated-values"], ["json", "application/sparql-results+json"], ["xml", "application/sparql-results+xml"]],
  triples: [["ttl", "text/turtle"], ["nt", "application/n-triples"], ["rdf", "application/rdf+xml"], ["jsonld", "application/ld+json"]],
};

// The editor: Yasqe if it was built in, or else a plain field. It does not check queries, for it does not know which
// prefixes the server knows; the server's complaint names the place.
const plain = Object.assign(make("textarea"), { id: "sparql", rows: 12, spellcheck: false, value: START });
const label = make("label", "SPARQL");
label.htmlFor = "sparql";
const place = classed("editor", make("div"));
let editor = { get: () => plain.value, set: (text) => { plain.value = text; } };
function open() {
  if (!window.Yasqe) { place.append(label, plain); return; }
  const yasqe = new window.Yasqe(place, {
    value: START, persistenceId: null, autocompleters: [], syntaxErrorCheck: false, editorHeight: "14rem", showQueryButton: false, resizeable: false, createShareableLink: null,
    extraKeys: { "Ctrl-Enter": run, "Cmd-Enter": run, "Shift-Tab": false, Tab: false }, lineWrapping: true,
  });
  yasqe.getInputField().setAttribute("aria-label", "SPARQL");
  editor = { get: () => yasqe.getValue(), set: (text) => yasqe.setValue(text) };
}

const examples = choice([["", tell("choose-example")], ...questions.filter((q) => q.example).map((q) => [q.name, q.title])], "");
const about = classed("fact", make("p"));
examples.addEventListener("change", () => {
  const chosen = questions.find((q) => q.name === examples.value);
  about.textContent = chosen ? chosen.about : "";
  if (chosen) editor.set(chosen.example);
});
const message = messages();
const output = make("div");
output.id = "answer";
const shapes = classed("shapes", make("p"));
const downloads = classed("shapes", make("p"));
const runs = button(tell("run"), () => run());
runs.id = "run";
main.append(make("h2", tell("page-query")), field(tell("examples"), examples), about, place, classed("buttons", make("p", "", runs)), message, shapes, output, downloads);
plain.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run(); });
open();

async function fetched(query, accept) {
  const answer = await fetch("/sparql", { method: "POST", headers: { accept, "content-type": "application/sparql-query" }, body: query });
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}

async function run() {
  const query = editor.get();
  message.textContent = tell("running");
  runs.disabled = true;
  for (const element of [shapes, output, downloads]) element.replaceChildren();
  try {
    const answer = await fetched(query, "application/sparql-results+json, application/n-triples");
    const given = answer.headers.get("content-type").startsWith("application/n-triples") ? "triples" : "rows";
    const body = given === "triples" ? triples(await answer.text()) : await answer.json();
    show(body, given, query);
  } catch (problem) {
    message.textContent = problem.message;
  } finally {
    runs.disabled = false;
  }
}

function show(body, given, query) {
  for (const [ending, media] of FILES[given]) downloads.append(button(ending.toUpperCase(), () => download(query, ending, media)), " ");
  downloads.prepend(`${tell("download")} `);
  if ("boolean" in body) { message.textContent = tell(body.boolean ? "yes" : "no"); return; }
  const table = given === "triples" ? body : { names: body.head.vars, rows: body.results.bindings };
  message.textContent = tell(table.rows.length > ROWS ? "first-rows" : "row-count", { n: table.rows.length, shown: ROWS });
  const draw = (shape) => {
    for (const each of shapes.children) each.setAttribute("aria-pressed", String(each.dataset.shape === shape));
    output.className = shape;
    output.replaceChildren();
    output.removeAttribute("role");
    output.removeAttribute("aria-label");
    if (shape === "table") output.append(tableOf(table));
    else if (shape === "chart") output.append(chartOf(table) || make("p", tell("no-chart")));
    else if (!graphOf(table, output)) output.append(make("p", tell("no-graph")));
  };
  for (const shape of ["table", "graph", "chart"]) {
    const tab = button(tell(`shape-${shape}`), () => draw(shape));
    tab.dataset.shape = shape;
    shapes.append(tab, " ");
  }
  draw("table");
}

async function download(query, ending, media) {
  try {
    const way = link("", URL.createObjectURL(await (await fetched(query, media)).blob()));
    way.download = `answer.${ending}`;
    way.click();
    setTimeout(() => URL.revokeObjectURL(way.href), 1000);
  } catch (problem) {
    message.textContent = problem.message;
  }
}
document.body.dataset.site = "ready";
window.kgraphEditor = editor;
