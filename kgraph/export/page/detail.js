// The panel: the sentences behind a statement, the profile of an actor, all between two.

const detail = document.getElementById("detail");

function quote(evidence) {
  const block = make("blockquote");
  const [begin, end] = evidence.cue;
  const letters = [...evidence.quote];  // places count code points, not UTF-16 units
  const part = (from, to) => letters.slice(from, to).join("");
  block.append(part(0, begin), make("mark", part(begin, end)), part(end));
  const source = make("footer", [evidence.by, evidence.when, evidence.document, evidence.date].filter(Boolean).join(" · "));
  if (/^https?:\/\//.test(evidence.url || "")) {
    const link = make("a", say("source"));
    link.href = evidence.url;
    link.rel = "noopener noreferrer";
    source.append(" ", link);
  }
  block.append(source);
  return block;
}

function statementList(mine, most = 200) {
  const list = make("ul");
  for (const edge of mine.slice(0, most)) {
    list.append(make("li", "", button(sentence(edge), () => change({ chosen: edge.id })), make("small", ` ${edge.fact}`)));
  }
  if (mine.length > most) list.append(make("li", say("more").replace("{n}", mine.length - most)));
  return list;
}

/** Return what is said in each month in which something is; the mean sign is that of what is not denied. */
function byMonth(mine) {
  return data.months.flatMap((month, at) => {
    const said = mine.filter((e) => e.months.includes(at));
    if (!said.length) return [];
    const held = said.filter((e) => e.factuality !== "negated");
    const mean = held.length ? held.reduce((sum, e) => sum + e.sign, 0) / held.length : null;
    const sources = new Set(said.flatMap((e) => e.evidence.filter((v) => v.date?.startsWith(month)).map((v) => v.source))).size;
    return [{ month, at, said, mean, sources, denied: said.length - held.length }];
  });
}
const signed = (mean) => (mean === null ? "–" : mean.toFixed(1));

/** Draw statements by month: what is cooperative up, what is conflictual down, denials struck out, a line for the mean sign. */
function monthly(mine) {
  const rows = byMonth(mine);
  const height = Math.max(4, ...rows.map((row) => row.said.length));
  const picture = svg("svg", { viewBox: `0 0 ${STEPS + 1} ${2 * height}`, preserveAspectRatio: "none", class: "months", role: "img" });
  picture.append(svg("line", { x1: 0, x2: STEPS + 1, y1: height, y2: height }));
  for (const { month, at, said, mean, sources } of rows) {
    const text = say("month").replace("{month}", month).replace("{n}", said.length).replace("{sign}", signed(mean)).replace("{sources}", sources);
    picture.append(svg("rect", { x: at, y: 0, width: 1, height: 2 * height, fill: "transparent" }, svg("title", {}, text)));
    let [up, down] = [0, 0];
    for (const e of said) {
      const y = e.sign < 0 ? height + down++ : height - ++up;
      picture.append(svg("rect", {
        x: at + 0.1, y: y + 0.08, width: 0.8, height: 0.84, fill: e.factuality === "certain" ? signColour(e.sign) : "none", stroke: signColour(e.sign), "stroke-width": 0.12,
      }, svg("title", {}, `${text}\n${sentence(e)}`)));
      if (e.factuality === "negated") picture.append(svg("path", { class: "denied", d: `M${at + 0.1} ${y + 0.92}L${at + 0.9} ${y + 0.08}`, stroke: signColour(e.sign) }));
    }
  }
  const means = rows.filter((row) => row.mean !== null).map((row) => `${row.at + 0.5} ${height * (1 - 0.95 * row.mean)}`);
  if (means.length) picture.append(svg("path", { class: "mean", d: `M${means.join("L")}` }), svg("path", { class: "mean dots", d: means.map((at) => `M${at}h0`).join("") }));
  const dated = mine.filter((e) => e.months.length);
  picture.setAttribute("aria-label", say("within").replace("{n}", dated.length).replace("{from}", data.months[0]).replace("{to}", data.months[STEPS]));
  const ends = make("p", "", make("span", data.months[0]), make("span", data.months[STEPS]));
  ends.className = "ends";
  return [picture, ends];
}

function overTime(mine) {
  const rows = byMonth(mine);
  if (!rows.length || STEPS < 1) return [];
  const figures = rows.map((row) => [row.month, row.said.length, signed(row.mean), row.sources, row.denied]);
  const read = make("details", "", make("summary", say("figures")), grid(["when", "statements", "mean", "sources", "negated"], figures));
  return [make("h3", say("overtime")), ...monthly(mine), read];
}

function showEdge(id) {
  const edge = byId.get(id);
  if (!edge) return;
  detail.replaceChildren(make("h2", sentence(edge)), make("p", edge.fact));
  detail.lastChild.className = "fact";
  const pair = [edge.from, edge.to];
  const both = `${node.get(edge.from).label} – ${node.get(edge.to).label}`;
  detail.append(...edge.evidence.map(quote));
  detail.append(make("p", "", button(`${say("between")}: ${both}`, () => change({ actors: pair, steps: 1, chosen: pair.join(" ") }))));
}

function showPair(a, b) {
  const mine = data.edges.filter((e) => (e.from === a && e.to === b) || (e.from === b && e.to === a)).filter(passes);
  detail.replaceChildren(make("h2", `${node.get(a).label} – ${node.get(b).label}`), ...overTime(mine), statementList(mine));
}

function showActor(id) {
  const actor = node.get(id);
  if (!actor) return;
  const mine = data.edges.filter((e) => e.from === id || e.to === id).filter(passes);
  const fact = make("p", `${say(actor.kind)} · ${id}`);
  fact.className = "fact";
  const inFocus = state.actors.includes(id);
  const tools = make("p", "", button(say(inFocus ? "wider" : "focus"), () =>
    change(inFocus ? { steps: state.steps + 1 } : { actors: [id], steps: 1, community: -1 })));
  detail.replaceChildren(make("h2", actor.label), fact, tools, ...overTime(mine));
  const kinds = new Map();
  for (const e of mine) kinds.set(e.relation, [...(kinds.get(e.relation) || []), e]);
  for (const [relation, some] of [...kinds].sort((a, b) => b[1].length - a[1].length)) {
    detail.append(make("h3", `${data.relations[relation].label} (${some.length})`), statementList(some, 30));
  }
}

function welcome() {
  detail.replaceChildren(make("h2", say("welcome")), make("p", say("how")));
  const list = make("ul");
  for (const each of [...data.nodes].sort((a, b) => b.value - a.value).slice(0, 12)) {
    list.append(make("li", "", button(each.label, () => change({ chosen: each.id }))));
  }
  detail.append(make("h3", say("busiest")), list);
}

let told = null;
listeners.push(() => {
  const now = JSON.stringify([state.chosen, state.actors, state.steps, state.from, state.to, state.sign, state.relation, state.factuality, state.kind, state.sources, state.confidence]);
  if (now === told) return;
  told = now;
  const [one, other] = state.chosen.split(" ");
  network.unselectAll();
  if (byId.has(state.chosen)) {
    showEdge(state.chosen);
    if (edges.get(state.chosen)) network.selectEdges([state.chosen]);
  } else if (node.has(one) && node.has(other)) showPair(one, other);
  else if (node.has(state.chosen)) {
    showActor(state.chosen);
    if (nodes.get(state.chosen)) network.selectNodes([state.chosen]);
  } else welcome();
});
