// The page begins: words, legend, search, keys, and the view that the address asks for.

document.querySelector("h1").textContent = data.title;
document.getElementById("counts").textContent = data.counts;
for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
for (const each of document.querySelectorAll("[data-label]")) each.setAttribute("aria-label", say(each.dataset.label));

if (matchMedia("(max-width: 60rem)").matches) document.getElementById("filters").open = false;

const legend = document.getElementById("legend");
for (const [name, sign, line] of [["cooperative", 1, "solid"], ["conflictual", -1, "solid"], ["neutral", 0, "solid"], ["possible", 0, "dashed"], ["negated", 0, "dotted"]]) {
  const stroke = make("i");
  stroke.style.borderTop = `3px ${line} var(--${SIGNS[sign]})`;
  legend.append(make("span", "", stroke, say(name)));
}
const MARKS = { country: "●", org: "◆", person: "▲", group: "▼", company: "★", place: "⬢", treaty: "■" };
for (const kind of Object.keys(MARKS)) {
  if (!data.nodes.some((n) => n.kind === kind)) continue;
  const mark = make("b", MARKS[kind]);
  mark.style.color = `var(--${kind})`;
  mark.setAttribute("aria-hidden", "true");
  legend.append(make("span", "", mark, say(kind)));
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
document.getElementById("rest").addEventListener("click", () => change({ rest: !state.rest }));
document.getElementById("collapsed").addEventListener("click", () => change({ collapsed: !state.collapsed, community: -1, actors: [] }));
document.getElementById("everything").addEventListener("click", () => change({ actors: [], steps: 1, community: -1 }));
document.addEventListener("keydown", (event) => {
  const typing = /INPUT|TEXTAREA/.test(document.activeElement.tagName);
  if (event.key === "Escape") change({ chosen: "", actors: [], community: -1 });
  else if (event.key === "/" && !typing) { event.preventDefault(); search.focus(); }
});
window.addEventListener("hashchange", () => change(fromAddress()));

window.kgraph = { data, listeners, network, nodes, edges, change, shown, drawing: () => asSvg(pictured()), drawn: () => drawn, fit, state: () => state, showEdge: (id) => change({ chosen: id }), showActor: (id) => change({ chosen: id }) };

// The layout is of one shape for all screens; it is stretched towards that of this one.
const [across, along] = ["x", "y"].map((axis) => extent(data.nodes, axis)).map(([low, high]) => high - low);
const room = Math.max(1, holder.clientWidth - 110) / Math.max(1, holder.clientHeight - 80);
const stretch = Math.max(0.65, Math.min(1.5, Math.sqrt((room * along) / across) || 1));
for (const n of data.nodes) [n.x, n.y] = [n.x * stretch, n.y / stretch];
change(fromAddress());
fit();
