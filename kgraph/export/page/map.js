// The map: actors where they are, statements as arcs between them. The land is scaled, all else stays in pixels.

const map = document.getElementById("map");
const chart = svg("svg", { class: "figure", role: "group" });
map.append(chart);
const shape = (name) => svg("path", { class: name, d: data.map[name] || "M0 0" });
const behindArcs = svg("g", { class: "behind" });
const world = svg("g", {}, ...["grid", "land", "borders", "disputed"].map(shape), behindArcs);
const arrows = Object.values(SIGNS).map((name) => svg("marker", { id: `arrow-${name}`, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" },
  svg("path", { class: `fill ${name}`, d: "M0 1 L10 5 L0 9 Z" })));
const arcs = svg("g", {});
const marks = svg("g", {});
const plates = svg("g", { "aria-hidden": "true" });
chart.append(svg("defs", {}, ...arrows), world, arcs, marks, plates);

const caption = make("p");
const zoomers = make("div", "", button("+", () => zoom(1.5)), button("−", () => zoom(1 / 1.5)), button("⤢", () => { look(); place(); }));
["nearer", "farther", "whole"].forEach((key, i) => { zoomers.children[i].setAttribute("aria-label", say(key)); zoomers.children[i].title = say(key); });
map.append(caption, zoomers);

let camera = { scale: 0, x: 0, y: 0 };
let spots = [];  // the actors that are shown: where they are, how large, how far from others at the same place
let lines = [];  // the statements that are shown, and their elements
const size = (n) => Math.min(15, 4.5 + 1.5 * Math.sqrt(n.value));
const outline = (n, r) => (CORNERS[n.kind]
  ? `M${CORNERS[n.kind].map(([cos, sin]) => `${(r * cos).toFixed(1)} ${(r * sin).toFixed(1)}`).join("L")}Z`
  : `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`);

/** Return the point that pulls an arc up from the straight line; parallel arcs are pulled differently. */
function pulled(a, b, bend) {
  const flip = a.x === b.x ? Math.sign(a.y - b.y) || 1 : Math.sign(b.x - a.x);
  const pull = 0.3 + 2 * bend;
  return { x: (a.x + b.x) / 2 + flip * (b.y - a.y) * pull, y: (a.y + b.y) / 2 - flip * (b.x - a.x) * pull };
}
const bendOf = (e) => (e.from < e.to ? e.bend : -e.bend);

/** Frame the actors that are shown; nothing smaller than a quarter of the world. */
function look() {
  const [width, height] = [map.clientWidth, map.clientHeight];
  const at = spots.length ? spots.map((s) => s.node.map) : [[0, 0], [data.map.width, data.map.height]];
  const range = (axis, most) => {
    const all = at.map((p) => p[axis]);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    return [(low + high) / 2, Math.max((high - low) / 2 + most / 16, most / 8)];
  };
  const [[x, wide], [y, high]] = [range(0, data.map.width), range(1, data.map.height)];
  const scale = Math.min(width / (2 * wide), height / (2 * high));
  camera = { scale, x: width / 2 - x * scale, y: height / 2 - y * scale };
}

function zoom(by, x = map.clientWidth / 2, y = map.clientHeight / 2) {
  const scale = Math.max(map.clientWidth / data.map.width / 2, Math.min(3, camera.scale * by));
  const grown = scale / camera.scale;
  camera = { scale, x: x - (x - camera.x) * grown, y: y - (y - camera.y) * grown };
  place();
}

/** Put all at its place on the screen. */
function place() {
  world.setAttribute("transform", `translate(${camera.x.toFixed(1)} ${camera.y.toFixed(1)}) scale(${camera.scale.toFixed(4)})`);
  const at = new Map();
  for (const spot of spots) {
    const turn = 2.4 * spot.crowd;  // those at one place stand around the first, in a spiral
    const away = spot.crowd ? 11 + 5.5 * Math.sqrt(spot.crowd) : 0;
    spot.x = spot.node.map[0] * camera.scale + camera.x + away * Math.cos(turn);
    spot.y = spot.node.map[1] * camera.scale + camera.y + away * Math.sin(turn);
    spot.mark.setAttribute("transform", `translate(${spot.x.toFixed(1)} ${spot.y.toFixed(1)})`);
    at.set(spot.node.id, spot);
  }
  for (const { edge, paths } of lines) {
    const [a, b] = [at.get(edge.from), at.get(edge.to)];
    const middle = pulled(a, b, bendOf(edge));
    const reach = Math.hypot(b.x - middle.x, b.y - middle.y) || 1;
    const back = Math.min(0.9, (b.size + 1) / reach);
    const d = `M${a.x.toFixed(1)} ${a.y.toFixed(1)}Q${middle.x.toFixed(1)} ${middle.y.toFixed(1)} ${(b.x - back * (b.x - middle.x)).toFixed(1)} ${(b.y - back * (b.y - middle.y)).toFixed(1)}`;
    for (const path of paths) path.setAttribute("d", d);
  }
  const taken = [];  // a name may stand on the mark of a lesser actor, not on another name
  pen.font = "12px sans-serif";
  plates.replaceChildren(...spots.filter((s, rank) => {
    if (s.x < 0 || s.y < 0 || s.x > map.clientWidth || s.y > map.clientHeight) return false;
    s.half ||= pen.measureText(s.node.label).width / 2 + 1;
    s.name = Math.max(s.half, Math.min(map.clientWidth - s.half, s.x));
    const box = { left: s.name - s.half, right: s.name + s.half, top: s.y + s.size + 1, bottom: s.y + s.size + 15 };
    const over = (t) => t.left < box.right && box.left < t.right && t.top < box.bottom && box.top < t.bottom;
    const around = (t) => ({ left: t.x - t.size, right: t.x + t.size, top: t.y - t.size, bottom: t.y + t.size });
    const hit = taken.some(over) || spots.slice(0, rank).some((t) => over(around(t)));
    if (!hit || s.first) taken.push(box);
    return !hit || s.first;
  }).map((s) => svg("text", { x: s.name.toFixed(1), y: (s.y + s.size + 12).toFixed(1) }, s.node.label)));
}

function drawMap() {
  const chosen = new Set(state.chosen.split(" "));
  const placed = (e) => node.get(e.from).map && node.get(e.to).map;
  const shownHere = drawn.edges.filter(placed);
  const restHere = state.rest ? drawn.rest.filter(placed) : [];
  const touched = new Set([...state.actors].filter((id) => node.get(id)?.map));
  for (const e of shownHere) touched.add(e.from).add(e.to);

  const focus = document.activeElement?.dataset?.actor;
  const at = new Map();
  spots = [...touched].map((id) => node.get(id)).sort((a, b) => chosen.has(b.id) - chosen.has(a.id) || b.value - a.value).map((n) => {
    const key = n.map.join();
    const crowd = at.get(key) || 0;
    at.set(key, crowd + 1);
    const mark = svg("g", { class: "actor", role: "button", tabindex: -1, "data-actor": n.id, "aria-label": `${n.label}, ${say(n.kind)}` },
      svg("path", { class: `fill ${n.kind}`, d: outline(n, size(n)) }), svg("title", {}, n.label));
    mark.classList.toggle("chosen", chosen.has(n.id));
    return { node: n, mark, size: size(n), crowd, first: chosen.has(n.id) };
  });
  marks.replaceChildren(...spots.map((s) => s.mark).reverse());
  spots[0]?.mark.setAttribute("tabindex", 0);

  const ends = (e) => chosen.has(e.id) || [e.from, e.to].every((id) => chosen.has(id)) || (chosen.size === 1 && (chosen.has(e.from) || chosen.has(e.to)));
  const some = shownHere.some(ends);
  lines = [...shownHere].sort((a, b) => ends(a) - ends(b) || a.weight - b.weight).map((e) => {
    const line = svg("path", { class: `line ${SIGNS[e.sign]}`, "stroke-width": 1 + 0.6 * Math.min(4, e.documents) });
    if (DASHES[e.factuality]) line.setAttribute("stroke-dasharray", DASHES[e.factuality].join(" "));
    if (!e.symmetric) line.setAttribute("marker-end", `url(#arrow-${SIGNS[e.sign]})`);
    const hit = svg("path", { class: "hit" }, svg("title", {}, `${sentence(e)} · ${e.fact}`));
    const group = svg("g", { class: "arc", "data-statement": e.id }, line, hit);
    group.classList.toggle("chosen", some && ends(e));
    group.classList.toggle("dim", some && !ends(e));
    return { edge: e, group, paths: [line, hit] };
  });
  arcs.replaceChildren(...lines.map((line) => line.group));

  const faint = new Map(Object.values(SIGNS).map((name) => [name, new Map()]));
  for (const e of restHere) {
    const [a, b] = [e.from, e.to].sort().map((id) => ({ x: node.get(id).map[0], y: node.get(id).map[1] }));
    const { x, y } = pulled(a, b, 0);
    faint.get(SIGNS[e.sign]).set(`${e.from} ${e.to}`, `M${a.x} ${a.y}Q${x.toFixed()} ${y.toFixed()} ${b.x} ${b.y}`);
  }
  behindArcs.replaceChildren(...[...faint].map(([name, each]) => svg("path", { class: `line ${name}`, d: [...each.values()].join("") || "M0 0" })));
  behindArcs.setAttribute("opacity", Math.max(0.08, Math.min(0.4, 300 / (restHere.length + 1))));

  const absent = drawn.count - [...drawn.edges, ...drawn.rest].filter(placed).length;
  const key = svg("svg", { class: "key", width: 28, height: 8, "aria-hidden": "true" }, svg("path", { class: "disputed", d: "M0 4H28" }));
  caption.replaceChildren(...(data.map.land ? [key, ` ${say("disputed")} · Natural Earth`] : [say("shapeless")]), ...(absent ? [make("span", say("unplaced").replace("{n}", absent))] : []));
  chart.setAttribute("aria-label", `${say("map")}. ${document.getElementById("shown").textContent}`);
  const seen = [state.actors, state.steps, state.community, map.clientWidth].join();
  if (seen !== drawMap.seen || !camera.scale) look();
  drawMap.seen = seen;
  place();
  if (focus) [...marks.children].find((mark) => mark.dataset.actor === focus)?.focus({ preventScroll: true });
}

// Pointer: drag, pinch and wheel move the map; a click chooses what is there.

const fingers = new Map();
let moved = false;
chart.addEventListener("pointerdown", (event) => { fingers.set(event.pointerId, event); if (fingers.size === 1) moved = false; });
chart.addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
  if (!moved && Math.hypot(dx, dy) < 4) return;
  if (!moved) { moved = true; chart.setPointerCapture(event.pointerId); }
  const other = [...fingers.values()].find((f) => f.pointerId !== event.pointerId);
  fingers.set(event.pointerId, event);
  const box = chart.getBoundingClientRect();
  if (other) {
    const apart = (f) => Math.hypot(f.clientX - other.clientX, f.clientY - other.clientY) || 1;
    zoom(apart(event) / apart(before), (event.clientX + other.clientX) / 2 - box.left, (event.clientY + other.clientY) / 2 - box.top);
  } else {
    camera = { ...camera, x: camera.x + dx, y: camera.y + dy };
    place();
  }
});
for (const end of ["pointerup", "pointercancel", "pointerleave"]) chart.addEventListener(end, (event) => fingers.delete(event.pointerId));
chart.addEventListener("wheel", (event) => {
  event.preventDefault();
  const box = chart.getBoundingClientRect();
  zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
}, { passive: false });
chart.addEventListener("click", (event) => {
  if (moved) return;
  const found = event.target.closest("[data-actor], [data-statement]");
  change({ chosen: found ? found.dataset.actor || found.dataset.statement : "" });
});
chart.addEventListener("dblclick", (event) => {
  const found = event.target.closest("[data-actor]");
  if (found) change({ actors: [found.dataset.actor], steps: 1, community: -1, chosen: found.dataset.actor });
});

// Keys: the arrows go to the nearest actor in that direction.

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
chart.addEventListener("keydown", (event) => {
  if (event.key === "+" || event.key === "-") return zoom(event.key === "+" ? 1.5 : 1 / 1.5);
  const here = spots.find((s) => s.mark === document.activeElement);
  if (!here) return undefined;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    return change({ chosen: here.node.id });
  }
  if (!(event.key in WAYS)) return undefined;
  event.preventDefault();
  const [x, y] = WAYS[event.key];
  const cost = (s) => {
    const along = (s.x - here.x) * x + (s.y - here.y) * y;
    const aside = Math.abs((s.x - here.x) * y) + Math.abs((s.y - here.y) * x);
    return along > 0 ? along + 2 * aside : Infinity;
  };
  const next = spots.reduce((best, s) => (cost(s) < cost(best) ? s : best), here);
  if (next === here) return undefined;
  here.mark.setAttribute("tabindex", -1);
  next.mark.setAttribute("tabindex", 0);
  next.mark.focus({ preventScroll: true });
  if (next.x < 0 || next.y < 0 || next.x > map.clientWidth || next.y > map.clientHeight) {
    camera = { ...camera, x: camera.x + map.clientWidth / 2 - next.x, y: camera.y + map.clientHeight / 2 - next.y };
    place();
  }
  return undefined;
});
new ResizeObserver(() => { if (state.view === "map" && map.clientWidth) drawMap(); }).observe(map);
