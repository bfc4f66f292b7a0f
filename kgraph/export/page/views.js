// Other views of the same statements: a map, pairs over time, a table to read, a matrix ordered by community.

const views = { graph: holder, map, ...Object.fromEntries(["months", "matrix", "table"].map((id) => [id, document.getElementById(id)])) };

/** Draw the pairs of whom most is said, month by month, each small. */
function months() {
  const pairs = new Map();
  for (const e of [...drawn.edges, ...drawn.rest].filter((each) => each.months.length)) {
    const key = [e.from, e.to].sort().join(" ");
    pairs.set(key, [...(pairs.get(key) || []), e]);
  }
  const total = (mine) => {
    const sources = new Set(mine.flatMap((e) => e.evidence.map((v) => v.source)));
    return ` ${say("said").replace("{n}", mine.length).replace("{sources}", sources.size)}`;
  };
  const said = (mine) => mine.reduce((sum, e) => sum + e.months.length, 0);
  const most = [...pairs].sort((a, b) => said(b[1]) - said(a[1]) || (a[0] < b[0] ? -1 : 1)).slice(0, 60);
  views.months.replaceChildren(make("p", say("months")), ...most.map(([key, mine]) => {
    const name = key.split(" ").map((id) => node.get(id).label).join(" – ");
    const choose = button(name, () => change({ chosen: key }));
    return make("figure", "", make("figcaption", "", choose, make("small", total(mine))), ...monthly(mine));
  }));
}

/** Return a table of these columns; cells are text or elements. */
function grid(columns, rows) {
  const head = columns.map((key) => {
    const cell = make("th", say(key));
    cell.scope = "col";
    return cell;
  });
  const body = rows.map((row) => make("tr", "", ...row.map((cell) => make("td", "", cell))));
  return make("table", "", make("thead", "", make("tr", "", ...head)), make("tbody", "", ...body));
}

function table() {
  const rows = [...drawn.edges, ...drawn.rest].sort((a, b) => b.weight - a.weight).slice(0, 500).map((e) => {
    const name = button(sentence(e), () => change({ chosen: e.id }));
    const last = e.months.length ? data.months[e.months[e.months.length - 1]] : "";
    return [name, say(e.factuality), String(e.sources), `${Math.round(e.confidence * 100)} %`, last];
  });
  views.table.replaceChildren(grid(["statement", "factuality", "sources", "least", "last"], rows));
}

/** Draw who stands how to whom: a row and a column for each actor, communities side by side. */
function matrix() {
  const weight = new Map();
  const count = new Map();
  for (const e of [...drawn.edges, ...drawn.rest]) {
    if (e.factuality === "negated") continue;
    for (const key of [`${e.from} ${e.to}`, `${e.to} ${e.from}`]) weight.set(key, [...(weight.get(key) || []), e.sign]);
    for (const id of [e.from, e.to]) count.set(id, (count.get(id) || 0) + 1);
  }
  const actors = [...count].sort((a, b) => b[1] - a[1]).slice(0, 60).map(([id]) => node.get(id));
  actors.sort((a, b) => a.community - b.community || b.value - a.value || (a.id < b.id ? -1 : 1));
  pen.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const name = (actor) => actor.label.slice(0, 24);
  const room = 12 + Math.ceil(Math.max(0, ...actors.map((actor) => pen.measureText(name(actor)).width)));
  const size = 18, whole = room + size * actors.length + 4;
  const picture = svg("svg", { viewBox: `0 0 ${whole} ${whole}`, width: whole, height: whole, role: "group" });
  picture.setAttribute("aria-label", say("matrix"));
  const cells = new Map();
  let start = null;
  actors.forEach((a, i) => {
    const at = room + i * size;
    picture.append(svg("text", { x: room - 6, y: at + 13, "text-anchor": "end" }, name(a)));
    picture.append(svg("text", { x: 0, y: 0, transform: `translate(${at + 13} ${room - 6}) rotate(-90)` }, name(a)));
    actors.forEach((b, j) => {
      const key = `${a.id} ${b.id}`;
      const signs = weight.get(key);
      const fill = signs ? signColour(Math.sign(signs.reduce((x, y) => x + y))) : colour("--panel");
      const cell = svg("rect", { x: room + j * size, y: at, width: size - 1, height: size - 1, fill });
      if (signs) {
        const text = `${a.label} – ${b.label}: ${signs.length}`;
        for (const [name, value] of Object.entries({ class: "cell", role: "button", tabindex: -1, "aria-label": text })) cell.setAttribute(name, value);
        cell.append(svg("title", {}, text));
        cell.addEventListener("click", () => change({ chosen: key }));
        cell.addEventListener("keydown", (event) => walk(event, cells, i, j, key));
        cells.set(`${i} ${j}`, cell);
        if (key === state.chosen) start = cell;
      }
      picture.append(cell);
    });
  });
  for (const number of new Set(actors.map((a) => a.community))) {  // a frame around each community
    const mine = actors.filter((a) => a.community === number).length;
    const at = room + size * actors.findIndex((a) => a.community === number) - 1;
    if (mine > 1) picture.append(svg("rect", { class: "community", x: at, y: at, width: size * mine + 1, height: size * mine + 1 }));
  }
  start ||= cells.values().next().value;
  const focused = views.matrix.contains(document.activeElement);
  views.matrix.replaceChildren(picture);
  if (start) start.tabIndex = 0;  // one stop of the Tab key; arrows go on from it
  if (start && focused) start.focus();
}

/** Go from a cell of the matrix to the next filled one with an arrow key, choose it with Enter. */
function walk(event, cells, row, column, key) {
  if (event.key === "Enter" || event.key === " ") change({ chosen: key });
  else if (WAYS[event.key]) {
    const [right, down] = WAYS[event.key];
    for (let n = 1; n < 60; n++) {
      const next = cells.get(`${row + n * down} ${column + n * right}`);
      if (!next) continue;
      event.currentTarget.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
      break;
    }
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

const tabs = document.getElementById("views");
for (const name of Object.keys(views)) {
  const tab = button(say(`view-${name}`), () => change({ view: name }));
  tab.dataset.view = name;
  tabs.append(tab);
}
listeners.push(() => {
  const view = state.view in views ? state.view : "graph";
  for (const [name, element] of Object.entries(views)) element.hidden = name !== view;
  for (const tab of tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.view === view));
  if (view === "map") drawMap();
  if (view === "months") months();
  if (view === "table") table();
  if (view === "matrix") matrix();
});
