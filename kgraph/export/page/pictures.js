// The present view as a file: PNG from the canvas, SVG drawn anew from the same places.

function save(name, blob) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function asPng() {
  const canvas = holder.querySelector("canvas");
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const pen = copy.getContext("2d");
  pen.fillStyle = colour("--paper");
  pen.fillRect(0, 0, copy.width, copy.height);
  pen.drawImage(canvas, 0, 0);
  copy.toBlob((blob) => save(`${data.name}.png`, blob));
}

/** Return the drawing as SVG text. */
function drawing() {
  const places = network.getPositions();
  const across = Object.values(places).map((p) => p.x), along = Object.values(places).map((p) => p.y);
  const [left, top] = [Math.min(0, ...across) - 80, Math.min(0, ...along) - 60];
  const [width, height] = [Math.max(0, ...across) + 120 - left, Math.max(0, ...along) + 80 - top];
  const picture = svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `${left} ${top} ${width} ${height}`, "font-family": "sans-serif" });
  picture.append(svg("title", {}, data.title), svg("rect", { x: left, y: top, width, height, fill: colour("--paper") }));
  for (const e of drawn.rest) {
    const [a, b] = [node.get(e.from), node.get(e.to)];
    picture.append(svg("path", { d: `M${a.x} ${a.y} L${b.x} ${b.y}`, stroke: signColour(e.sign), opacity: behind.faint }));
  }
  for (const e of drawn.edges) {
    const [a, b] = [places[e.from], places[e.to]];
    const middle = { x: (a.x + b.x) / 2 - (b.y - a.y) * e.bend, y: (a.y + b.y) / 2 + (b.x - a.x) * e.bend };
    const reach = Math.hypot(b.x - middle.x, b.y - middle.y) || 1;
    const tip = { x: b.x - (14 * (b.x - middle.x)) / reach, y: b.y - (14 * (b.y - middle.y)) / reach };
    const line = { d: `M${a.x} ${a.y} Q${middle.x} ${middle.y} ${tip.x} ${tip.y}`, fill: "none", stroke: signColour(e.sign), "stroke-width": 1 + 0.6 * Math.min(4, e.documents) };
    if (DASHES[e.factuality]) line["stroke-dasharray"] = DASHES[e.factuality].join(" ");
    picture.append(svg("path", line, svg("title", {}, sentence(e))));
    if (!e.symmetric) {
      const turn = (Math.atan2(b.y - middle.y, b.x - middle.x) * 180) / Math.PI;
      picture.append(svg("path", { d: "M0 0 L-10 -4 L-10 4 Z", fill: signColour(e.sign), transform: `translate(${tip.x} ${tip.y}) rotate(${turn})` }));
    }
  }
  for (const [id, p] of Object.entries(places)) {
    const n = node.get(id);
    if (!n) continue;
    picture.append(svg("circle", { cx: p.x, cy: p.y, r: radius(n.value), fill: kindColour(n.kind) }));
    if (n.flag) picture.append(svg("text", { x: p.x, y: p.y + radius(n.value) * 0.32, "text-anchor": "middle", "font-size": radius(n.value) * 0.85, fill: "#fff" }, flag(n.flag)));
    picture.append(svg("text", { x: p.x, y: p.y + 15 + radius(n.value), "text-anchor": "middle", "font-size": 13, fill: colour("--ink") }, n.label));
  }
  return new XMLSerializer().serializeToString(picture);
}

const tools = document.getElementById("tools");
const copied = button(say("copy"), async () => {
  try { await navigator.clipboard.writeText(location.href); } catch { prompt(say("copy"), location.href); return; }
  copied.textContent = say("copied");
  setTimeout(() => { copied.textContent = say("copy"); }, 1500);
});
tools.append(
  button("PNG", asPng),
  button("SVG", () => save(`${data.name}.svg`, new Blob([drawing()], { type: "image/svg+xml" }))),
  ...(inFrame ? [] : [copied]),
  button(say("reset"), () => { const { view } = state; change({ ...start(), view }); fit(); }),
);
