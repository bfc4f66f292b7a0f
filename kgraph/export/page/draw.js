// The drawing: vis-network shows what passes the filters.

const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();
const nodes = new vis.DataSet();
const edges = new vis.DataSet();
const holder = document.getElementById("graph");
const network = new vis.Network(holder, { nodes, edges }, data.options);
network.once("afterDrawing", () => { document.body.dataset.ready = "yes"; });

const asNode = (n) => ({ ...n, font: { color: colour("--ink"), size: 15 } });
const asEdge = (e, labelled) => ({
  id: e.id, from: e.from, to: e.to, color: e.color, dashes: e.dashes, width: e.width, arrows: e.arrows, smooth: e.smooth,
  label: labelled ? e.label : "",
  font: { color: colour("--ink"), strokeWidth: 3, strokeColor: colour("--paper"), size: 11, align: "middle" },
});

let drawn = { edges: [], count: 0 };
function redraw() {
  drawn = shown();
  const labelled = drawn.edges.length <= data.labelled;
  const wanted = new Map(drawn.edges.map((e) => [e.id, e]));
  const actors = new Set(state.actors.filter((a) => node.has(a)));
  for (const e of drawn.edges) { actors.add(e.from); actors.add(e.to); }
  nodes.remove(nodes.getIds().filter((id) => !actors.has(id)));
  edges.remove(edges.getIds().filter((id) => !wanted.has(id)));
  nodes.update([...actors].filter((id) => !nodes.get(id)).map((id) => asNode(node.get(id))));
  edges.update([...wanted.values()].map((e) => asEdge(e, labelled)));
  const note = drawn.edges.length < drawn.count ? say("strongest") : say("drawn");
  const text = note.replace("{shown}", drawn.edges.length).replace("{count}", drawn.count).replace("{actors}", actors.size);
  document.getElementById("shown").textContent = text;
  document.getElementById("all").hidden = drawn.count <= data.summary;
  holder.setAttribute("aria-label", `${data.title}. ${text}`);
}
listeners.push(redraw);

let framed = "";
listeners.push(() => {  // look at what is there when the focus changes
  const focus = state.actors.join() + state.steps;
  if (focus !== framed) network.fit({ animation: false });
  framed = focus;
});

network.on("click", ({ nodes: n, edges: e }) => {
  if (n.length) change({ chosen: n[0] });
  else change({ chosen: e[0] || "" });
});
network.on("doubleClick", ({ nodes: n }) => { if (n.length) change({ actors: [n[0]], steps: 1, chosen: n[0] }); });
