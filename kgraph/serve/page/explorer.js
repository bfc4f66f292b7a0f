// The explorer on the live graph: the page of `kgraph show`, with ways to the documents and review in its panel.

import "/assets/show.js";

const { data, listeners, state } = window.kgraph;
const panel = document.getElementById("detail");
const statements = new Map(data.edges.map((each) => [each.id, each]));

let shownId = "";
async function addTo(id) {
  shownId = id;
  const edge = statements.get(id);
  panel.querySelectorAll("blockquote footer").forEach((footer, place) => {
    const evidence = edge.evidence[place];
    if (evidence) footer.append(" ", link(tell("in-document"), address("document", { id: evidence.document_id }, id)));
  });
  const statement = await ask("statement", { id });
  if (shownId !== id || state().chosen !== id) return;
  const reviews = make("div", "", reviewsOf(statement));
  panel.append(reviews, reviewForm(statement, (now) => reviews.replaceChildren(reviewsOf(now))));
}

function follow() {
  const { chosen } = state();
  if (statements.has(chosen) && !panel.querySelector("form.review")) addTo(chosen);
}
listeners.push(follow);
follow();
document.body.dataset.site = "ready";
