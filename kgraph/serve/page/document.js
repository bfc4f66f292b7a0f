// One document: its sentences, or its whole text, with what each says beside it.

const main = document.getElementById("main");
const id = new URLSearchParams(location.search).get("id") || "";

/** Return the sentences of a document in order, each with the statements that stand on it. */
function sentences(statements) {
  const found = new Map();
  for (const statement of statements) {
    for (const evidence of statement.evidence) {
      const key = evidence.sentence.join("-");
      if (!found.has(key)) found.set(key, { place: evidence.sentence, quote: evidence.quote, said: [] });
      found.get(key).said.push({ statement, evidence });
    }
  }
  return [...found.values()].sort((a, b) => a.place[0] - b.place[0] || a.place[1] - b.place[1]);
}

/** Make a sentence that can be chosen; the words that show relations are marked. */
function sentenceOf(some, choose) {
  const letters = [...some.quote];
  const cue = new Set();
  for (const { evidence } of some.said) {
    for (let at = evidence.cue_span[0]; at < evidence.cue_span[1]; at += 1) cue.add(at - some.place[0]);
  }
  const element = classed("said", make("span"));  // a button would break the flow of the text
  for (const [name, value] of [["role", "button"], ["tabindex", "0"], ["aria-pressed", "false"]]) element.setAttribute(name, value);
  element.addEventListener("click", () => choose(some, element));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose(some, element);
  });
  for (let begin = 0, end; begin < letters.length; begin = end) {
    const marked = cue.has(begin);
    for (end = begin + 1; end < letters.length && cue.has(end) === marked; end += 1);
    const words = letters.slice(begin, end).join("");
    element.append(marked ? make("mark", words) : words);
  }
  return element;
}

async function show() {
  const { document: about, statements } = await ask("document", { id });
  const title = make("h2", about.title || about.id);
  title.dir = "auto";
  const facts = classed("fact", make("p", [about.date, about.language, about.id].filter(Boolean).join(" · ")));
  if (/^https?:\/\//.test(about.url || "")) {
    const source = link(tell("source"), about.url);
    source.rel = "noopener noreferrer";
    facts.append(" · ", source);
  }
  const text = classed("text", make("div"));
  text.dir = "auto";
  const side = classed("side", make("section"));
  side.setAttribute("aria-label", tell("statements"));
  const choose = (some, element) => {
    for (const each of text.querySelectorAll(".said")) each.setAttribute("aria-pressed", String(each === element));
    side.replaceChildren(...some.said.map(({ statement }) => card(statement)));
  };
  const whole = about.text === null ? null : [...about.text];
  let done = 0;
  for (const some of sentences(statements)) {
    const [begin, end] = some.place;
    if (begin < done) continue;
    const element = sentenceOf(some, choose);
    if (whole) text.append(whole.slice(done, begin).join(""), element);
    else text.append(make("p", "", element));
    done = end;
    if (some.said.some(({ statement }) => `#${statement.id}` === location.hash)) {
      choose(some, element);
      requestAnimationFrame(() => element.scrollIntoView({ block: "center" }));
    }
  }
  if (whole) { text.append(whole.slice(done).join("")); text.classList.add("whole"); }
  const lead = tell(whole ? "lead-text" : "lead-sentences");
  if (!side.children.length) side.append(classed("fact", make("p", tell("choose-sentence"))));
  main.append(title, facts, classed("fact", make("p", lead)), classed("columns", make("div", "", text, side)));
}
try { await show(); } catch (problem) { main.append(make("h2", problem.message)); }
document.body.dataset.site = "ready";
