// What all pages share: words, questions to the server, the way from page to page.

const wording = JSON.parse(document.getElementById("words").textContent);
const language = document.documentElement.lang;
const page = document.body.dataset.page || "";
const PAGES = ["", "query", "documents", "review"];

/** Return a phrase in the language of the page, with values in place of {names}. */
function tell(key, values = {}) {
  return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, () => value), wording[key] || key);
}

/** Return the address of a page, with parameters and perhaps a fragment. */
function address(name, parameters = {}, fragment = "") {
  return `/${name}?${new URLSearchParams({ ...parameters, lang: language })}${fragment && `#${fragment}`}`;
}

/** Ask the server; what it complains of is thrown as an Error with its sentence. */
async function ask(path, parameters = {}, options = {}) {
  const answer = await fetch(`/api/${path}?${new URLSearchParams({ ...parameters, lang: language })}`, options);
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.error), { status: answer.status });
  return body;
}

/** Make a link to a page of this server. */
function link(text, to) {
  const element = make("a", text);
  element.href = to;
  return element;
}

/** Make a field with its label. */
function field(text, input) {
  return make("label", "", make("span", text), input);
}

/** Make a list to choose from; options are pairs of value and text. */
function choice(options, chosen) {
  const element = make("select");
  for (const [value, text] of options) {
    const option = make("option", text);
    option.value = value;
    option.selected = value === chosen;
    element.append(option);
  }
  return element;
}

/** Make an element with a class. */
function classed(name, element) {
  element.className = name;
  return element;
}

/** Make an element in which messages appear and are read out. */
function messages() {
  const element = classed("message", make("p"));
  element.setAttribute("role", "status");
  return element;
}

/** Make a sentence of evidence with subject, cue and object marked. Places are offsets in the document. */
function quoted(evidence) {
  const letters = [...evidence.quote];
  const marks = [["cue_span", "mark"], ["subject_span", "u"], ["object_span", "u"]]
    .map(([key, tag]) => [...evidence[key].map((place) => place - evidence.sentence[0]), tag])
    .filter(([begin, end]) => begin >= 0 && end <= letters.length && begin < end)
    .sort((a, b) => a[0] - b[0]);
  const block = make("span");
  block.dir = "auto";
  let done = 0;
  for (const [begin, end, tag] of marks) {
    if (begin < done) continue;
    block.append(letters.slice(done, begin).join(""), make(tag, letters.slice(begin, end).join("")));
    done = end;
  }
  block.append(letters.slice(done).join(""));
  return block;
}

const site = await ask("site");
const heading = document.querySelector("h1");
const ways = make("nav");
ways.id = "ways";
ways.setAttribute("aria-label", tell("pages"));
for (const name of PAGES) {
  const way = link(tell(`page-${name}`), address(name));
  if (name === page) way.setAttribute("aria-current", "page");
  ways.append(way);
}
const other = { en: "id", id: "en" }[language];
const turn = link({ en: "English", id: "Bahasa Indonesia" }[other], "");
turn.lang = turn.hreflang = other;
turn.addEventListener("click", (event) => {  // keeps what the fragment and the other parameters say
  event.preventDefault();
  const to = new URL(location.href);
  to.searchParams.set("lang", other);
  location.assign(to);
});
turn.href = address(page).replace(/lang=\w+/, `lang=${other}`);
ways.append(turn);
if (page) heading.textContent = site.name;
heading.after(ways);
