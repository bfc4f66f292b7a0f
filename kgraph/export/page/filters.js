// The choices beside the graph, and the months below it.

const choices = document.getElementById("choices");
const counted = (key, of) => {
  const found = new Map();
  for (const e of data.edges) for (const value of [of(e)].flat()) found.set(String(value), (found.get(String(value)) || 0) + 1);
  return [...found].sort((a, b) => b[1] - a[1]);
};

function group(key, title, values, name) {
  const box = make("fieldset", "", make("legend", say(title)));
  for (const [value, count] of values) {
    const tick = make("input");
    tick.type = "checkbox";
    tick.value = value;
    tick.addEventListener("change", () => {
      const ticked = [...box.querySelectorAll("input:checked")].map((each) => each.value);
      change({ [key]: ticked });
    });
    const label = make("label", "", tick, make("span", name(value)), make("small", String(count)));
    box.append(label);
  }
  listeners.push(() => { for (const tick of box.querySelectorAll("input")) tick.checked = state[key].includes(tick.value); });
  choices.append(box);
}

function slider(key, title, most, step, tell) {
  const input = make("input");
  Object.assign(input, { type: "range", min: key === "sources" ? 1 : 0, max: most, step, id: `choose-${key}` });
  const value = make("output");
  input.addEventListener("input", () => change({ [key]: +input.value }));
  listeners.push(() => { input.value = state[key]; value.textContent = tell(state[key]); });
  const label = make("label", say(title));
  label.htmlFor = input.id;
  choices.append(make("div", "", label, input, value));
}

group("sign", "sign", counted("sign", (e) => e.sign), (v) => say(SIGNS[v]));
group("factuality", "factuality", counted("factuality", (e) => e.factuality), say);
group("kind", "kind", counted("kind", (e) => [...new Set([node.get(e.from).kind, node.get(e.to).kind])]), say);
slider("sources", "sources", data.edges.reduce((most, e) => Math.max(most, e.sources), 2), 1, (v) => `≥ ${v}`);
slider("confidence", "least", 1, 0.05, (v) => `≥ ${Math.round(v * 100)} %`);
group("relation", "relation", counted("relation", (e) => e.relation), (v) => data.relations[v].label);

// Months: bars that tell how much was said, two ends to pull, and a button that plays.

const time = document.getElementById("time");
if (STEPS < 1) time.hidden = true;
const [early, late] = ["from", "to"].map((key) => {
  const input = make("input");
  Object.assign(input, { type: "range", min: 0, max: Math.max(STEPS, 1), step: 1 });
  input.setAttribute("aria-label", say(key));
  input.addEventListener("input", () => {
    const value = +input.value;
    change(key === "from" ? { from: Math.min(value, state.to) } : { to: Math.max(value, state.from) });
  });
  return input;
});
const play = button("▶", () => (ticking ? pause() : begin()));
play.setAttribute("aria-label", say("play"));
const span = make("output");
const bars = svg("svg", { viewBox: `0 0 ${STEPS + 1} 20`, preserveAspectRatio: "none", "aria-hidden": "true" });
const said = new Array(STEPS + 1).fill(0);
for (const e of data.edges) for (const m of e.months) said[m] += 1;
const tallest = Math.max(1, ...said);
const month = said.map((count, m) => {
  const height = (18 * count) / tallest;
  return svg("rect", { x: m + 0.1, y: 20 - height, width: 0.8, height });
});
bars.append(...month);
time.append(play, make("div", "", bars, early, late), span);
let ticking = 0;
function pause() {
  clearInterval(ticking);
  ticking = 0;
  play.textContent = "▶";
}
function begin() {
  change({ to: state.to >= STEPS ? state.from : state.to });
  play.textContent = "❚❚";
  ticking = setInterval(() => (state.to >= STEPS ? pause() : change({ to: state.to + 1 })), Math.max(60, 4000 / (STEPS + 1)));
}
listeners.push(() => {
  early.value = state.from;
  late.value = state.to;
  span.textContent = state.from === state.to ? data.months[state.to] : `${data.months[state.from]} – ${data.months[state.to]}`;
  month.forEach((bar, m) => bar.classList.toggle("out", m < state.from || m > state.to));
});
