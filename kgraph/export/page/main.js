// The page begins: words, legend, search, keys, and the view that the address asks for.

document.querySelector("h1").textContent = data.title;
document.getElementById("counts").textContent = data.counts;
for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
for (const each of document.querySelectorAll("[data-label]")) each.setAttribute("aria-label", say(each.dataset.label));

if (matchMedia("(max-width: 60rem)").matches) document.getElementById("filters").open = false;

const legend = document.getElementById("legend");
for (const [name, color, line] of data.legend.edges) {
  const stroke = make("i");
  stroke.style.borderTopColor = color;
  stroke.style.borderTopStyle = line;
  legend.append(make("span", "", stroke, say(name)));
}
for (const [name, color] of data.legend.kinds) {
  const dot = make("b");
  dot.style.background = color;
  legend.append(make("span", "", dot, say(name)));
}

const names = document.getElementById("actors");
for (const each of data.nodes) { const option = make("option"); option.value = each.label; names.append(option); }
const search = document.getElementById("search");
search.addEventListener("change", () => {
  const wanted = search.value.trim().toLowerCase();
  const found = data.nodes.find((n) => n.label.toLowerCase() === wanted) || data.nodes.find((n) => n.label.toLowerCase().includes(wanted));
  if (!wanted || !found) return;
  change({ chosen: found.id });
  if (nodes.get(found.id)) network.focus(found.id, { scale: 1.1, animation: false });
});
document.getElementById("all").addEventListener("click", () => change({ all: !state.all }));
document.addEventListener("keydown", (event) => {
  const typing = /INPUT|TEXTAREA/.test(document.activeElement.tagName);
  if (event.key === "Escape") change({ chosen: "", actors: [] });
  else if (event.key === "/" && !typing) { event.preventDefault(); search.focus(); }
});
window.addEventListener("hashchange", () => change(fromAddress()));

window.kgraph = { data, listeners, network, nodes, edges, change, drawing, shown, state: () => state, showEdge: (id) => change({ chosen: id }), showActor: (id) => change({ chosen: id }) };
change(fromAddress());
network.fit({ animation: false });
