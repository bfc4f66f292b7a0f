"use strict";
// Draws the graph of the page's data and answers clicks with the quoted sentences. Text from articles only ever
// becomes text nodes, never markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const say = (key) => data.words[key] || key;
  const make = (tag, text, ...children) => {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    element.append(...children);
    return element;
  };
  const ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
  const paper = getComputedStyle(document.documentElement).getPropertyValue("--paper").trim();
  const nodes = new vis.DataSet(data.nodes.map((n) => ({ ...n, font: { color: ink, size: 15 } })));
  const edges = new vis.DataSet(data.edges.map((e) => ({ ...e, font: { color: ink, strokeWidth: 3, strokeColor: paper, size: 11, align: "middle" } })));
  const label = new Map(data.nodes.map((n) => [n.id, n.label]));
  const detail = document.getElementById("detail");

  document.querySelector("h1").textContent = data.title;
  document.getElementById("counts").textContent = data.counts;
  document.querySelectorAll("[data-say]").forEach((e) => { e.textContent = say(e.dataset.say); });
  const holder = document.getElementById("graph");
  holder.setAttribute("aria-label", data.title + ". " + data.counts);
  const network = new vis.Network(holder, { nodes, edges }, data.options);
  network.once("afterDrawing", () => { network.fit(); document.body.dataset.ready = "yes"; });

  const sentence = (edge) => label.get(edge.from) + " " + edge.name + " " + label.get(edge.to);

  function quote(evidence) {
    const block = make("blockquote");
    const [start, end] = evidence.cue;
    block.append(evidence.quote.slice(0, start), make("mark", evidence.quote.slice(start, end)), evidence.quote.slice(end));
    const source = make("footer", [evidence.by, evidence.when, evidence.document, evidence.date].filter(Boolean).join(" · "));
    if (/^https?:\/\//.test(evidence.url || "")) {
      const link = make("a", say("source"));
      link.href = evidence.url;
      link.rel = "noopener noreferrer";
      source.append(" ", link);
    }
    block.append(source);
    return block;
  }

  function showEdge(id) {
    const edge = edges.get(id);
    if (!edge) return;
    detail.replaceChildren(make("h2", sentence(edge)), make("p", edge.fact));
    detail.lastChild.className = "fact";
    detail.append(...edge.evidence.map(quote));
  }

  function showActor(id) {
    if (!nodes.get(id)) return;
    const mine = edges.get({ filter: (e) => e.from === id || e.to === id });
    detail.replaceChildren(make("h2", label.get(id)), make("p", say(nodes.get(id).kind) + " · " + id));
    detail.lastChild.className = "fact";
    const list = make("ul");
    for (const edge of mine) {
      const button = make("button", sentence(edge));
      button.type = "button";
      button.addEventListener("click", () => { network.selectEdges([edge.id]); showEdge(edge.id); });
      list.append(make("li", "", button, " " + edge.fact));
    }
    detail.append(list);
  }

  network.on("click", ({ nodes: n, edges: e }) => {
    if (n.length) showActor(n[0]);
    else if (e.length) showEdge(e[0]);
    else welcome();
  });

  function welcome() {
    detail.replaceChildren(make("h2", say("welcome")), make("p", say("how")));
    const busiest = [...data.nodes].sort((a, b) => b.value - a.value).slice(0, 12);
    const list = make("ul");
    for (const node of busiest) {
      const button = make("button", node.label);
      button.type = "button";
      button.addEventListener("click", () => focus(node.id));
      list.append(make("li", "", button));
    }
    detail.append(make("h3", say("busiest")), list);
  }

  function focus(id) {
    network.selectNodes([id]);
    network.focus(id, { scale: 1.1, animation: false });
    showActor(id);
  }

  const actors = document.getElementById("actors");
  for (const node of data.nodes) { const o = make("option"); o.value = node.label; actors.append(o); }
  document.getElementById("search").addEventListener("change", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    const found = data.nodes.find((n) => n.label.toLowerCase() === wanted) || data.nodes.find((n) => n.label.toLowerCase().includes(wanted));
    if (wanted && found) focus(found.id);
  });

  const legend = document.getElementById("legend");
  for (const [name, color, style] of data.legend.edges) {
    const line = make("i");
    line.style.borderTopColor = color;
    line.style.borderTopStyle = style;
    legend.append(make("span", "", line, say(name)));
  }
  for (const [name, color] of data.legend.kinds) {
    const dot = make("b");
    dot.style.background = color;
    legend.append(make("span", "", dot, say(name)));
  }
  welcome();
  window.kgraph = { network, nodes, edges, showEdge, showActor };
})();
