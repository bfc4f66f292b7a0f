// Review in place: accept, reject, correct, note. The token stays in this tab.

const FACTUALITY = ["certain", "negated", "possible"];

/** Send a decision and return the statement as it is then. */
async function decide(decision) {
  const token = sessionStorage.getItem("token");
  const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
  return ask("decisions", {}, { method: "POST", headers, body: JSON.stringify(decision) });
}

/** Make the form for a statement; `changed` is called with the statement that the server gives back. */
function reviewForm(statement, changed) {
  const form = classed("review", make("form"));
  form.setAttribute("aria-label", tell("review-of", { statement: statement.text }));
  if (!site.editable) {
    form.append(classed("fact", make("p", tell("read-only"))));
    return form;
  }
  const message = messages();
  const token = make("input");
  Object.assign(token, { type: "password", autocomplete: "off", required: true });
  const asked = field(tell("token"), token);
  asked.hidden = Boolean(sessionStorage.getItem("token"));
  const more = make("div");

  async function send(verdict, rest = {}) {
    if (token.value) sessionStorage.setItem("token", token.value);
    try {
      const now = await decide({ statement: statement.id, verdict, ...rest });
      asked.hidden = true;
      more.replaceChildren();
      message.textContent = tell(`done-${verdict}`);
      changed(now);
    } catch (problem) {
      if (problem.status === 401) { sessionStorage.removeItem("token"); asked.hidden = false; }
      message.textContent = problem.message;
    }
  }
  function correction() {
    const side = (value) => Object.assign(make("input"), { value, required: true, spellcheck: false });
    const [subject, object] = [side(statement.subject), side(statement.object)];
    const relation = choice(Object.entries(site.relations), statement.relation);
    const factuality = choice(FACTUALITY.map((each) => [each, tell(each)]), statement.factuality);
    more.replaceChildren(field(tell("subject"), subject), field(tell("relation"), relation), field(tell("object"), object),
      field(tell("factuality"), factuality), button(tell("send"), () =>
        send("correct", { corrected: [subject.value.trim(), relation.value, object.value.trim(), factuality.value] })));
    subject.focus();
  }
  function note() {
    const text = Object.assign(make("textarea"), { rows: 3, maxLength: 10000, required: true });
    more.replaceChildren(field(tell("note"), text), button(tell("send"), () => send("note", { note: text.value })));
    text.focus();
  }
  form.append(asked, classed("buttons", make("p", "", button(tell("accept"), () => send("accept")), button(tell("reject"), () => send("reject")),
    button(tell("correct"), correction), button(tell("note"), note))), more, message);
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

/** Make a list of what people decided on a statement. */
function reviewsOf(statement) {
  const list = classed("reviews", make("ul"));
  for (const each of statement.reviews) {
    const said = [tell(`done-${each.verdict}`), each.corrected, each.note, each.by, each.on && each.on.slice(0, 10)];
    list.append(make("li", said.filter(Boolean).join(" · ")));
  }
  return list;
}

/** Make a statement with its facts, its sentences and the form. */
function card(statement, changed = () => {}) {
  const box = classed("card", make("article"));
  const draw = (now) => {
    const facts = [now.verdict && tell(now.verdict), tell("confidence", { c: Math.round(now.confidence * 100) }),
      tell("source-count", { n: now.sources }), now.holds];
    const quotes = now.evidence.slice(0, 5).map((each) => make("blockquote", "", quoted(each),
      make("footer", "", link(each.document, address("document", { id: each.document }, now.id)))));
    const title = make("h2", "", link(now.text, address("", {}, `chosen=${now.id}`)));
    title.dir = "auto";
    head.replaceChildren(title, classed("fact", make("p", facts.filter(Boolean).join(" · "))), ...quotes, reviewsOf(now));
  };
  const head = make("div");
  draw(statement);
  box.append(head, reviewForm(statement, (now) => { draw({ ...now, evidence: statement.evidence }); changed(now); }));
  return box;
}
