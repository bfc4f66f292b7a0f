// What the reader has chosen: filters, focus, selection. It lives in the address, so that a view can be shared.

const holding = document.getElementById("data");  // the data itself, or where a server has it
const data = holding.dataset.from ? await (await fetch(holding.dataset.from)).json() : JSON.parse(holding.textContent);
const say = (key) => data.words[key] || key;
const node = new Map(data.nodes.map((n) => [n.id, n]));
const STEPS = data.months.length - 1;
const start = () => ({
  view: "graph", relation: [], sign: [], factuality: [], kind: [], sources: 1, confidence: 0,
  from: 0, to: STEPS, actors: [], steps: 1, all: false, chosen: "",
});
let state = start();
const listeners = [];

/** Change the state, and tell all who listen. */
function change(part) {
  state = { ...state, ...part };
  const fresh = start();
  const words = Object.entries(state)
    .filter(([key, value]) => String(value) !== String(fresh[key]))
    .map(([key, value]) => `${key}=${[value].flat().map(encodeURIComponent).join(",")}`);
  history.replaceState(null, "", words.length ? `#${words.join("&")}` : location.pathname + location.search);
  listeners.forEach((listener) => listener(state));
}

/** Read the state that an address holds; what it does not know it leaves. */
function fromAddress() {
  const found = start();
  for (const part of location.hash.slice(1).split("&").filter(Boolean)) {
    const [key, value = ""] = part.split("=");
    const words = value.split(",").map((w) => { try { return decodeURIComponent(w); } catch { return w; } });
    if (!(key in found)) continue;
    if (Array.isArray(found[key])) found[key] = words.filter(Boolean);
    else if (typeof found[key] === "number") found[key] = Number.isFinite(+words[0]) ? +words[0] : found[key];
    else if (typeof found[key] === "boolean") found[key] = words[0] === "true";
    else found[key] = words[0];
  }
  return found;
}

/** Tell whether a statement passes the filters; an empty choice means all. */
function passes(edge) {
  const one = (chosen, value) => !chosen.length || chosen.includes(String(value));
  return one(state.relation, edge.relation) && one(state.sign, edge.sign) && one(state.factuality, edge.factuality)
    && (one(state.kind, node.get(edge.from).kind) || one(state.kind, node.get(edge.to).kind))
    && edge.sources >= state.sources && edge.confidence >= state.confidence
    && (!edge.months.length || edge.months.some((m) => m >= state.from && m <= state.to));
}

/** Return the actors within the focus: those chosen, and their neighbours up to so many steps. */
function near(edges) {
  const inside = new Set(state.actors);
  const steps = state.actors.length > 1 ? state.steps - 1 : state.steps;
  for (let step = 0; step < steps; step += 1) {
    const edge = new Set(inside);
    for (const e of edges) {
      if (edge.has(e.from)) inside.add(e.to);
      if (edge.has(e.to)) inside.add(e.from);
    }
  }
  return inside;
}

/** Return the statements to draw: those that pass, in the focus, the strongest first, and how many there are. */
function shown() {
  let edges = data.edges.filter(passes);
  if (state.actors.length) {
    const inside = near(edges);
    edges = edges.filter((e) => inside.has(e.from) && inside.has(e.to));
  }
  const count = edges.length;
  const most = state.all ? data.most : data.summary;
  if (count > most) edges = [...edges].sort((a, b) => b.weight - a.weight).slice(0, most);
  return { edges, count };
}

const sentence = (edge) => `${node.get(edge.from).label} ${edge.name} ${node.get(edge.to).label}`;
