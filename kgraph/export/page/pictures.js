// The present view as a file: the graph from its canvas, or drawn anew as SVG; other views from their own SVG.

function save(name, blob) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const asSvg = (element) => new XMLSerializer().serializeToString(element);

/** Save a canvas, or any other picture of that size, as PNG. */
function asPng(picture, width, height) {
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [width, height];
  const pen = copy.getContext("2d");
  pen.fillStyle = colour("--paper");
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  copy.toBlob((blob) => save(`${data.name}.png`, blob));
}

/** Return a copy of a drawing that needs no style sheet. */
function bare(element) {
  const copy = element.cloneNode(true);
  const copies = copy.querySelectorAll("*");
  element.querySelectorAll("*").forEach((each, i) => {
    const now = getComputedStyle(each);
    for (const name of PAINTED) copies[i].setAttribute(name, now.getPropertyValue(name));
  });
  for (const each of copy.querySelectorAll(".hit")) each.remove();
  const [width, height] = [element.clientWidth, element.clientHeight];
  for (const [key, value] of Object.entries({ width, height, "font-family": "sans-serif" })) copy.setAttribute(key, value);
  if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const ground = getComputedStyle(element.parentElement).backgroundColor;
  copy.prepend(svg("title", {}, data.title), svg("rect", { width: "100%", height: "100%", fill: ground === "rgba(0, 0, 0, 0)" ? colour("--paper") : ground }));
  return copy;
}
const PAINTED = ["fill", "fill-rule", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "vector-effect", "opacity", "paint-order", "font-size", "text-anchor"];

/** Return the SVG element that a view consists of, if it is one. */
const ownSvg = () => (views[state.view] || holder).querySelector(":scope > svg");
const pictured = () => (ownSvg() ? bare(ownSvg()) : drawing());

function savePng() {
  if (!ownSvg()) {
    const canvas = holder.querySelector("canvas");
    asPng(canvas, canvas.width, canvas.height);
    return;
  }
  const element = pictured();
  const [width, height] = ["width", "height"].map((key) => devicePixelRatio * element.getAttribute(key));
  const image = new Image();
  image.addEventListener("load", () => asPng(image, width, height));
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(asSvg(element))}`;
}

/** Return the graph as an SVG element. */
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
  return picture;
}

const tools = document.getElementById("tools");
const copied = button(say("copy"), async () => {
  try { await navigator.clipboard.writeText(location.href); } catch { prompt(say("copy"), location.href); return; }
  copied.textContent = say("copied");
  setTimeout(() => { copied.textContent = say("copy"); }, 1500);
});
const savers = [button("PNG", savePng), button("SVG", () => save(`${data.name}.svg`, new Blob([asSvg(pictured())], { type: "image/svg+xml" })))];
listeners.push(() => savers.forEach((each) => { each.hidden = ["months", "table"].includes(state.view); }));
tools.append(
  ...savers,
  ...(inFrame ? [] : [copied]),
  button(say("reset"), () => { const { view } = state; change({ ...start(), view }); fit(); }),
);
