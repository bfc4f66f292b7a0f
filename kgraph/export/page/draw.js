// The drawing: vis-network shows what can be touched; lines behind it show the rest, however many.

const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();
const signColour = (sign) => colour(`--${SIGNS[sign]}`);
const kindColour = (kind) => colour(`--${kind}`);
const DASHES = { certain: false, possible: [8, 6], negated: [2, 5] };
const radius = (value) => Math.min(30, 9 + 2.4 * Math.sqrt(value));
const nodes = new vis.DataSet();
const edges = new vis.DataSet();
const holder = document.getElementById("graph");
const network = new vis.Network(holder, { nodes, edges }, {
  physics: { enabled: false },
  interaction: { hover: true, tooltipDelay: 150, keyboard: { enabled: true, bindToWindow: false } },
});
network.once("afterDrawing", () => { document.body.dataset.ready = "yes"; });

/** Return the flag of a country as text; its two letters where the system's fonts have no flags. */
const pen = document.createElement("canvas").getContext("2d");
pen.font = "20px sans-serif";
const letter = (c) => String.fromCodePoint(0x1f1a5 + c.charCodeAt(0));
const flags = pen.measureText(letter("I") + letter("D")).width < 1.5 * pen.measureText(letter("I")).width;
const flag = (code) => (flags ? [...code].map(letter).join("") : code);

// Corners of the shape of each kind, around (0, 0); countries are discs.
const CORNERS = Object.fromEntries([["org", 4, 0], ["person", 3, -90], ["group", 3, 90], ["treaty", 4, 45], ["place", 6, 0], ["company", 5, -90]].map(([kind, count, turn]) =>
  [kind, Array.from({ length: count }, (_, i) => (turn + (360 * i) / count) * (Math.PI / 180)).map((t) => [Math.cos(t), Math.sin(t)])]));

function draught(n, { ctx, x, y, state: { selected, hover } }) {
  const r = n.size || radius(n.value);
  const scale = network.getScale();
  const drawNode = () => {
    ctx.beginPath();
    if (CORNERS[n.kind]) CORNERS[n.kind].forEach(([cos, sin]) => ctx.lineTo(x + r * cos, y + r * sin));
    else ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.closePath();
    ctx.fillStyle = kindColour(n.kind);
    ctx.fill();
    ctx.lineWidth = selected || hover ? 3 : 1;
    ctx.strokeStyle = selected || hover ? colour("--ink") : colour("--paper");
    ctx.stroke();
    if (!n.flag || r * scale < 5) return;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = "#fff";
    ctx.font = `600 ${r * (flags ? 1.3 : 0.85)}px sans-serif`;
    ctx.fillText(flag(n.flag), x, y + r * 0.07);
  };
  return { drawNode, nodeDimensions: { width: 2 * r, height: 2 * r } };
}

const asNode = (n) => ({ id: n.id, x: n.x, y: n.y, label: n.label, shape: "custom", size: n.size || radius(n.value), ctxRenderer: (given) => draught(n, given) });
const asEdge = (e, labelled) => ({
  id: e.id, from: e.from, to: e.to, color: signColour(e.sign), dashes: DASHES[e.factuality], width: 1 + 0.6 * Math.min(4, e.documents),
  arrows: e.symmetric ? "" : "to", label: labelled ? e.name : "", title: `${sentence(e)} · ${e.fact}`,
  smooth: { enabled: e.bend !== 0, type: e.bend > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(e.bend) },
  font: { color: colour("--ink"), strokeWidth: 3, strokeColor: colour("--paper"), size: 11, align: "middle" },
});

/** Return communities as actors, and what is said between them as statements; nobody alone is a community. */
function collapsed(all) {
  const members = new Map();
  for (const n of data.nodes) members.set(n.community, [...(members.get(n.community) || []), n]);
  const name = (some) => some.slice(0, 3).map((n) => n.label).join(", ") + (some.length > 3 ? ` +${some.length - 3}` : "");
  const found = new Set();
  const between = new Map();
  for (const e of all) {
    const [a, b] = [node.get(e.from).community, node.get(e.to).community].sort((x, y) => x - y);
    found.add(a).add(b);
    const key = `${a} ${b} ${e.sign}`;
    if (a !== b) between.set(key, (between.get(key) || 0) + 1);
  }
  const most = Math.max(1, ...between.values());
  return {
    nodes: [...found].map((number) => {
      const some = members.get(number).sort((x, y) => y.value - x.value);
      const mean = (axis) => some.reduce((sum, n) => sum + n[axis], 0) / some.length;
      return asNode({ id: `community ${number}`, x: mean("x"), y: mean("y"), label: name(some), kind: "country", size: 12 + 3 * Math.sqrt(some.length) });
    }),
    edges: [...between].map(([key, count]) => {
      const [a, b, sign] = key.split(" ").map(Number);
      return { id: key, from: `community ${a}`, to: `community ${b}`, color: signColour(sign), width: 1 + (9 * count) / most,
        label: String(count), font: { color: colour("--ink"), strokeWidth: 3, strokeColor: colour("--paper") },
        smooth: { enabled: sign !== 0, type: sign > 0 ? "curvedCW" : "curvedCCW", roundness: 0.12 } };
    }),
  };
}

// What is too much to touch: one path for each sign, one dot for each actor, drawn behind.

let behind = { lines: [], dots: [], actors: [] };
function back(rest, front) {
  const lines = new Map([[0, new Path2D()], [1, new Path2D()], [-1, new Path2D()]]);
  const dots = new Map();
  const actors = new Set();
  for (const e of rest) {
    const [a, b] = [node.get(e.from), node.get(e.to)];
    lines.get(e.sign).moveTo(a.x, a.y);
    lines.get(e.sign).lineTo(b.x, b.y);
    actors.add(a).add(b);
  }
  for (const n of actors) {
    if (front.has(n.id)) { actors.delete(n); continue; }
    if (!dots.has(n.kind)) dots.set(n.kind, new Path2D());
    dots.get(n.kind).moveTo(n.x, n.y);
    dots.get(n.kind).arc(n.x, n.y, radius(n.value) * 0.7, 0, 2 * Math.PI);
  }
  behind = { lines: rest.length ? [...lines] : [], dots: [...dots], actors: [...actors], faint: Math.max(0.08, Math.min(0.4, 300 / (rest.length + 1))) };
}
network.on("beforeDrawing", (ctx) => {
  ctx.lineWidth = 1;
  ctx.globalAlpha = behind.faint;
  for (const [sign, path] of behind.lines) { ctx.strokeStyle = signColour(sign); ctx.stroke(path); }
  ctx.globalAlpha = 0.75;
  for (const [kind, path] of behind.dots) { ctx.fillStyle = kindColour(kind); ctx.fill(path); }
  ctx.globalAlpha = 1;
});

// Names, the busiest actors first; one that would hide another waits until there is room.
let hovered = null;
network.on("hoverNode", ({ node: id }) => { hovered = id; });
network.on("blurNode", () => { hovered = null; });
network.on("afterDrawing", (ctx) => {
  const size = Math.max(15, 12.5 / network.getScale());
  const taken = [];
  const first = new Set([hovered, ...network.getSelectedNodes()]);
  const order = nodes.get().sort((a, b) => first.has(b.id) - first.has(a.id) || b.size - a.size).slice(0, 400);
  ctx.font = `${size}px sans-serif`;
  Object.assign(ctx, { textAlign: "center", textBaseline: "top", lineJoin: "round", lineWidth: size / 5, strokeStyle: colour("--paper"), fillStyle: colour("--ink") });
  for (const n of order) {
    const { x, y } = network.getPosition(n.id);
    const half = ctx.measureText(n.label).width / 2;
    const box = { left: x - half, right: x + half, top: y + n.size + 3, bottom: y + n.size + 3 + size };
    if (!first.has(n.id) && taken.some((t) => t.left < box.right && box.left < t.right && t.top < box.bottom && box.top < t.bottom)) continue;
    taken.push(box);
    ctx.strokeText(n.label, x, box.top);
    ctx.fillText(n.label, x, box.top);
  }
});

const extent = (places, axis) => places.reduce(([low, high], p) => [Math.min(low, p[axis]), Math.max(high, p[axis])], [Infinity, -Infinity]);

/** Put what can be touched into the frame. */
function fit() {
  const places = nodes.get();
  if (!places.length) return;
  const [[left, right], [top, bottom]] = [extent(places, "x"), extent(places, "y")];
  const scale = Math.min(1.4, (holder.clientWidth - 110) / Math.max(1, right - left), (holder.clientHeight - 80) / Math.max(1, bottom - top));
  network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale: Math.max(scale, 0.02), animation: false });
}

/** Make a set hold these items and no others, without touching those that stay. */
function keep(set, items) {
  const wanted = new Set(items.map((item) => item.id));
  set.remove(set.getIds().filter((id) => !wanted.has(id)));
  set.update(items);
}

let drawn = { edges: [], rest: [], count: 0 };
function redraw() {
  drawn = shown();
  const actors = new Set(state.actors.filter((a) => node.has(a)));
  for (const e of drawn.edges) actors.add(e.from).add(e.to);
  if (state.collapsed) {
    const together = collapsed([...drawn.edges, ...drawn.rest]);
    back([], actors);
    edges.clear();
    keep(nodes, together.nodes);
    keep(edges, together.edges);
  } else {
    edges.remove(edges.getIds().filter((id) => !byId.has(id)));
    back(state.rest ? drawn.rest : [], actors);
    const places = network.getPositions();  // where the reader has put them
    keep(nodes, [...actors].map((id) => ({ ...asNode(node.get(id)), ...places[id] })));
    keep(edges, drawn.edges.map((e) => asEdge(e, drawn.edges.length <= data.labelled)));
  }
  network.redraw();
  const note = drawn.rest.length ? say("strongest") : say("drawn");
  const text = note.replace("{shown}", drawn.edges.length).replace("{count}", drawn.count).replace("{actors}", actors.size + behind.actors.length);
  document.getElementById("shown").textContent = text;
  document.getElementById("rest").hidden = !drawn.rest.length || state.collapsed;
  document.getElementById("rest").setAttribute("aria-pressed", String(state.rest));
  document.getElementById("collapsed").setAttribute("aria-pressed", String(state.collapsed));
  document.getElementById("everything").hidden = !focused();
  holder.setAttribute("aria-label", `${data.title}. ${text}`);
}
listeners.push(redraw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

let framed = "";
listeners.push(() => {  // look at what is there when the focus changes
  const focus = [state.actors, state.steps, state.community, state.collapsed].join();
  if (focus !== framed) fit();
  framed = focus;
});

/** Return the actor behind the others at a place of the drawing, if there is one. */
function actorAt({ x, y }) {
  return behind.actors.find((n) => Math.hypot(n.x - x, n.y - y) < Math.max(radius(n.value), 6 / network.getScale()));
}

const community = (id) => (String(id).startsWith("community ") ? +id.split(" ")[1] : -1);
network.on("click", ({ nodes: n, edges: e, pointer }) => {
  if (n.length && community(n[0]) >= 0) change({ collapsed: false, community: community(n[0]), actors: [], chosen: "" });
  else if (n.length) change({ chosen: n[0] });
  else if (byId.has(e[0])) change({ chosen: e[0] });
  else change({ chosen: actorAt(pointer.canvas)?.id || "" });
});
network.on("doubleClick", ({ nodes: n }) => { if (node.has(n[0])) change({ actors: [n[0]], steps: 1, community: -1, chosen: n[0] }); });
