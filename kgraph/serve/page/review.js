// The queue of review: what nobody decided on, the least confident first.

const main = document.getElementById("main");
const relation = choice([["", tell("all-relations")], ...Object.entries(site.relations)], "");
const list = classed("cards", make("div"));
const state = messages();
const next = button(tell("next"), () => load());
main.append(make("h2", tell("page-review")), classed("fact", make("p", tell(site.editable ? "lead-review" : "read-only"))),
  field(tell("relation"), relation), list, state, next);

async function load() {
  const found = await ask("queue", { limit: 10, ...(relation.value ? { relation: relation.value } : {}) });
  list.replaceChildren(...found.statements.map((each) => card(each)));
  state.textContent = found.statements.length ? "" : tell("nothing-left");
  next.hidden = !found.more || !site.editable;
  document.body.dataset.site = "ready";
}
relation.addEventListener("change", load);
load();
