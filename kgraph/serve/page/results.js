// Answers to queries, three ways: a table, a graph, a chart. Values only ever become text.

const ROWS = 1000, EDGES = 300, BARS = 30;
const LABELLED = 40;  // with more edges than this, labels on them only hide each other

/** Return a term in short form, and where on this server it leads. */
function short(term) {
  if (!term) return { text: "" };
  if (term.type !== "uri") return { text: term.value };
  const found = Object.entries(site.prefixes).find(([, start]) => term.value.startsWith(start) && term.value.length > start.length);
  if (!found) return { text: term.value };
  const [prefix, start] = found;
  const local = term.value.slice(start.length);
  if (prefix === "document") {
    const name = decodeURIComponent(local.split("#")[0]);
    return { text: name, to: address("document", { id: name }) };
  }
  if (prefix === "statement") return { text: `${prefix}:${local}`, to: address("", {}, `chosen=${local}`) };
  if (`${prefix}:${local}` in actors) return { text: `${prefix}:${local}`, name: actors[`${prefix}:${local}`], to: address("", {}, `chosen=${encodeURIComponent(`${prefix}:${local}`)}`) };
  return { text: `${prefix}:${local}` };
}

function tableOf({ names, rows }) {
  const head = make("tr", "", ...names.map((name) => Object.assign(make("th", name), { scope: "col" })));
  const body = rows.slice(0, ROWS).map((row) => make("tr", "", ...names.map((name) => {
    const { text, to, name: label } = short(row[name]);
    const cell = make("td", "", to ? link(text, to) : text);
    if (label) cell.append(make("small", ` ${label}`));
    cell.dir = "auto";
    return cell;
  })));
  return make("table", "", make("thead", "", head), make("tbody", "", ...body));
}

/** Draw what two columns of IRIs, or triples, connect; a column between or after them names the edge. */
function graphOf({ names, rows }, holder) {
  const isNode = (name) => rows.some((row) => row[name] && row[name].type === "uri");
  const sides = names.length === 3 && names[1] === "predicate" ? [names[0], names[2]] : names.filter(isNode).slice(0, 3);
  if (sides.length < 2) return false;
  const middle = sides.length === 3 ? sides[1] : names.find((name) => name === "predicate" || name === "relation");
  const [from, to] = [sides[0], sides[sides.length - 1]];
  const nodes = new Map(), edges = [];
  for (const row of rows.slice(0, EDGES)) {
    if (!row[from] || !row[to]) continue;
    for (const term of [row[from], row[to]]) {
      const { text, name } = short(term);
      nodes.set(term.value, { id: term.value, label: (name || text).slice(0, 40) });
    }
    edges.push({ from: row[from].value, to: row[to].value, arrows: "to", label: middle ? short(row[middle]).text.slice(0, 40) : "" });
  }
  const look = getComputedStyle(document.documentElement);
  const value = (name) => look.getPropertyValue(name).trim();
  const ink = value("--ink"), paper = value("--paper");
  holder.setAttribute("role", "img");
  holder.setAttribute("aria-label", tell("graph-of", { nodes: nodes.size, edges: edges.length }));
  const network = new vis.Network(holder, { nodes: [...nodes.values()], edges }, {
    layout: { randomSeed: 7 }, physics: { stabilization: { iterations: 200 } },
    nodes: { shape: "dot", size: 12, color: value("--country"), font: { color: ink, size: 24, strokeWidth: 4, strokeColor: paper } },
    edges: { color: value("--neutral"), font: { color: ink, strokeColor: paper, size: edges.length > LABELLED ? 0 : 18 } },
  });
  network.once("stabilized", () => network.setOptions({ physics: false }));
  return true;
}

/** Draw bars: the first column of numbers, named by the first other one; without numbers, how often each value is there. */
function chartOf({ names, rows }) {
  const numeric = (name) => rows.length && rows.every((row) => row[name] && row[name].value.trim() && Number.isFinite(+row[name].value));
  const amount = names.find(numeric);
  const label = names.find((name) => name !== amount);
  if (!label) return null;
  let bars;
  const text = (term) => short(term).name || short(term).text;
  if (amount) bars = rows.map((row) => [text(row[label]), +row[amount].value]);
  else {
    const counts = new Map();
    for (const row of rows) counts.set(text(row[label]), (counts.get(text(row[label])) || 0) + 1);
    bars = [...counts].sort((a, b) => b[1] - a[1]);
  }
  bars = bars.slice(0, BARS);
  const most = Math.max(...bars.map(([, value]) => Math.abs(value)), 1e-9);
  const picture = classed("chart", make("div"));
  const drawing = svg("svg", { viewBox: `0 0 640 ${bars.length * 24 + 4}`, role: "img" });
  drawing.setAttribute("aria-label", tell("chart-of", { label, amount: amount || tell("rows") }));
  bars.forEach(([name, value], place) => {
    const y = place * 24 + 4;
    drawing.append(svg("text", { x: 232, y: y + 14, "text-anchor": "end" }, name.slice(0, 34)),
      svg("rect", { x: 240, y, width: Math.max(1, (320 * Math.abs(value)) / most), height: 18 }),
      svg("text", { x: 246 + (320 * Math.abs(value)) / most, y: y + 14 }, String(Math.round(value * 1000) / 1000)));
  });
  picture.append(drawing);
  return picture;
}

const TERM = /(<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^<[^>]*>)?)/g;
/** Return N-Triples as rows of subject, predicate and object. */
function triples(text) {
  const unescaped = (word) => word.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, one) =>
    (four || eight ? String.fromCodePoint(parseInt(four || eight, 16)) : { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" }[one] || one));
  const term = (word) => {
    if (word.startsWith("<")) return { type: "uri", value: unescaped(word.slice(1, -1)) };
    if (word.startsWith("_:")) return { type: "bnode", value: word };
    return { type: "literal", value: unescaped(word.slice(1, word.lastIndexOf('"'))) };
  };
  const names = ["subject", "predicate", "object"];
  const rows = text.split("\n").filter((line) => line.trim()).map((line) => {
    const words = line.match(TERM).map(term);
    return Object.fromEntries(names.map((name, place) => [name, words[place]]));
  });
  return { names, rows };
}
