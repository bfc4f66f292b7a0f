// All documents, the latest first, to search by title.

const STEP = 50;
const main = document.getElementById("main");
const search = Object.assign(make("input"), { type: "search", value: new URLSearchParams(location.search).get("search") || "" });
const count = messages();
const list = classed("documents", make("ul"));
const further = button(tell("show-more"), () => load(list.children.length));
main.append(make("h2", tell("page-documents")), field(tell("find-document"), search), count, list, further);

let latest = 0;
async function load(offset) {
  const turn = ++latest;
  const found = await ask("documents", { search: search.value, limit: STEP, offset });
  if (turn !== latest) return;
  if (!offset) list.replaceChildren();
  for (const each of found.documents) {
    const name = link(each.title || each.id, address("document", { id: each.id }));
    name.dir = "auto";
    list.append(make("li", "", name, make("small", ` ${[each.date, each.language, tell("statement-count", { n: each.statements })].filter(Boolean).join(" · ")}`)));
  }
  count.textContent = tell("document-count", { n: found.count });
  further.hidden = list.children.length >= found.count;
  document.body.dataset.site = "ready";
}
search.addEventListener("input", () => load(0));
load(0);
