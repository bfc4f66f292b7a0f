// What the reader has chosen: filters, focus, selection. It lives in the address, so that a view can be shared.

const holding = document.getElementById("data");  // the data itself, or where a server has it
const data = holding.dataset.from ? await (await fetch(holding.dataset.from)).json() : JSON.parse(holding.textContent);
const say = (key) => data.words[key] || key;
for (const e of data.edges) {
  const { label, sign, symmetric } = data.relations[e.relation];
  const certain = e.factuality === "certain";
  Object.assign(e, { sign, symmetric, name: certain ? label : `${label} (${say(e.factuality)})`, weight: e.sources + e.confidence });
  e.fact = [say(e.factuality), say("support").replace("{n}", e.documents), say("confidence").replace("{c}", Math.round(100 * e.confidence))].join(" · ");
}
const node = new Map(data.nodes.map((n) => [n.id, n]));
const byId = new Map(data.edges.map((e) => [e.id, e]));
const SIGNS = { 1: "cooperative", "-1": "conflictual", 0: "neutral" };
const STEPS = data.months.length - 1;
const start = () => ({
  view: "graph", relation: [], sign: [], factuality: [], kind: [], sources: 1, confidence: 0,
  from: 0, to: STEPS, actors: [], steps: 1, community: -1, collapsed: false, rest: true, chosen: "",
});
const inFrame = location.protocol === "about:";  // within a notebook: the page has no address of its own
let state = start();
const listeners = [];

/** Change the state, and tell all who listen. */
function change(part) {
  state = { ...state, ...part };
  const fresh = start();
  const words = Object.entries(state)
    .filter(([key, value]) => String(value) !== String(fresh[key]))
    .map(([key, value]) => `${key}=${[value].flat().map(encodeURIComponent).join(",")}`);
  if (!inFrame) history.replaceState(null, "", words.length ? `#${words.join("&")}` : location.pathname + location.search);
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

/** Tell whether the reader has narrowed the picture down to some actors. */
const focused = () => state.actors.length > 0 || state.community >= 0;

/** Return the actors within the focus: those chosen, and their neighbours up to so many steps. */
function near(edges) {
  if (state.community >= 0) return new Set(data.nodes.filter((n) => n.community === state.community).map((n) => n.id));
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

/** Return the statements that pass, in the focus: the strongest, to be touched, and the rest. */
function shown() {
  let edges = data.edges.filter(passes);
  if (focused()) {
    const inside = near(edges);
    edges = edges.filter((e) => inside.has(e.from) && inside.has(e.to));
  }
  const count = edges.length;
  if (count <= data.summary) return { edges, rest: [], count };
  const own = new Set(state.chosen.split(" "));  // what the reader looks at comes before what is strong
  const first = (e) => e.weight + (own.has(e.id) || own.has(e.from) || own.has(e.to) ? 1e6 : 0);
  edges.sort((a, b) => first(b) - first(a));
  return { edges: edges.slice(0, data.summary), rest: edges.slice(data.summary), count };
}

const sentence = (edge) => `${node.get(edge.from).label} ${edge.name} ${node.get(edge.to).label}`;
