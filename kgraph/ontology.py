"""The vocabulary: `ontology/kgraph.ttl` as Kind and Relation records.

The file stands in `ontology/` beside the package in the source tree, and in `kgraph/_ontology/` in the wheel.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, parse

from kgraph.errors import KgraphError, TableError

__all__ = ["ACTORS", "NAMESPACE", "Kind", "Ontology", "Relation", "iri", "kind_of", "load", "path", "short", "terms"]

NAMESPACE = "https://w3id.org/kgraph/ontology#"
ACTORS = "https://w3id.org/kgraph/"

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_VANN = "http://purl.org/vocab/vann/"

_Node = NamedNode | BlankNode


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of actor: `id` is the prefix of its members' ids (`country`), `name` its class (`Country`)."""

    id: str
    name: str
    labels: Mapping[str, str]
    definitions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation that is extracted from text.

    `sign` is 1 (cooperative), -1 (conflictual) or 0. `plover` is the PLOVER event type and `quad` its quad class, None
    where there is none. `lasting` tells states from acts. `territory` tells that a place may be the object that is no
    actor, such as a town or a sea; `judges` that whatever is an actor's stands for it as the object; `binding` that who
    promises or announces it has done it. `ends` are the states that an act ends, `prospect_of` the relations that this
    one says may come about; `incompatible` the relations that cannot hold between the same actors at the same time.
    `labels` and `definitions` are by language.
    """

    id: str
    symmetric: bool
    sign: int
    plover: str | None
    quad: str | None
    lasting: bool
    subject_kinds: frozenset[str]
    object_kinds: frozenset[str]
    territory: bool
    judges: bool
    binding: bool
    ends: frozenset[str]
    prospect_of: frozenset[str]
    incompatible: frozenset[str]
    labels: Mapping[str, str]
    definitions: Mapping[str, str]

    def allows(self, subject: str, object_: str) -> bool:
        """Return whether actors with these ids may stand on the two sides."""
        return subject != object_ and kind_of(subject) in self.subject_kinds and kind_of(object_) in self.object_kinds


@dataclass(frozen=True, slots=True)
class Ontology:
    """All kinds of actor by prefix and all relations by id, in the order of the file."""

    kinds: Mapping[str, Kind]
    relations: Mapping[str, Relation]

    def relation(self, name: str) -> Relation:
        """Return the relation with this id; raise KgraphError that names the nearest one if there is none."""
        try:
            return self.relations[name]
        except KeyError:
            near = get_close_matches(name, self.relations, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(self.relations))}."
            raise KgraphError(f"There is no relation {name!r}: {hint}") from None


def kind_of(actor: str) -> str:
    """Return the kind of an actor, which is the prefix of its id: `country` for `country:KAZ`."""
    return actor.partition(":")[0]


def iri(actor: str) -> str:
    """Return the IRI of an actor id: `https://w3id.org/kgraph/country/KAZ` for `country:KAZ`."""
    kind, _, name = actor.partition(":")
    return f"{ACTORS}{kind}/{name}"


def short(actor_iri: str) -> str:
    """Return the id that `iri` turned into an IRI."""
    kind, _, name = actor_iri.removeprefix(ACTORS).partition("/")
    return f"{kind}:{name}"


def path(name: str = "kgraph.ttl") -> Path:
    """Return where a file of the ontology is: `kgraph.ttl` or `shapes.ttl`."""
    package = Path(__file__).resolve().parent
    for folder in (package / "_ontology", package.parent / "ontology"):
        if (folder / name).is_file():
            return folder / name
    raise TableError(f"{name} is missing from kgraph's ontology folder: install kgraph again.")


@cache
def load(file: Path | None = None) -> Ontology:
    """Return the ontology, read once; raise TableError where the file does not say what a relation needs."""
    return _Reader(file or path()).ontology()


@cache
def terms() -> frozenset[str]:
    """Return the local name of everything in the vocabulary: relations, inverses, classes, other properties."""
    return frozenset(_subjects(path()))


class _Reader:
    """Reads records out of the OWL file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.store = Store()
        try:
            self.store.extend(parse(file.read_bytes(), format=RdfFormat.TURTLE))
        except (OSError, SyntaxError) as error:
            raise TableError(f"{file}: not readable as Turtle: {error}") from error
        self.order = {name: place for place, name in enumerate(_subjects(file))}

    def ontology(self) -> Ontology:
        kinds = {kind.id: kind for kind in map(self.kind, self.kind_nodes())}
        names = {kind.name: kind.id for kind in kinds.values()}
        relations = (self.relation(node, names) for node in self.instances(NAMESPACE + "Relation"))
        found = {relation.id: relation for relation in relations}
        for relation in found.values():
            for other in relation.ends | relation.incompatible:
                if other not in found:
                    raise TableError(f"{self.file}: {relation.id} refers to {other}, which is no relation.")
        return Ontology(MappingProxyType(kinds), MappingProxyType(found))

    def kind_nodes(self) -> list[NamedNode]:
        prefix = NamedNode(_VANN + "preferredNamespacePrefix")
        return [n for n in self.instances(_OWL + "Class") if self.has(n, prefix)]

    def kind(self, node: NamedNode) -> Kind:
        (prefix,) = self.literals(node, _VANN + "preferredNamespacePrefix")
        return Kind(prefix, _local(node), *self.texts(node))

    def relation(self, node: NamedNode, kinds: Mapping[str, str]) -> Relation:
        plover = [_local(value) for value in self.values(node, NAMESPACE + "plover")]
        quads = [
            _local(value)
            for event in self.values(node, NAMESPACE + "plover")
            for value in self.values(event, _SKOS + "broader")
        ]
        return Relation(
            id=_local(node),
            symmetric=node in self.instances(_OWL + "SymmetricProperty"),
            sign=int(self.one(node, "sign")),
            plover=plover[0] if plover else None,
            quad=quads[0] if quads else None,
            lasting=self.one(node, "lasting") == "true",
            subject_kinds=self.side(node, _RDFS + "domain", kinds),
            object_kinds=self.side(node, _RDFS + "range", kinds),
            territory=self.territory(node),
            judges="true" in self.literals(node, NAMESPACE + "judges"),
            binding="true" in self.literals(node, NAMESPACE + "binding"),
            ends=frozenset(_local(value) for value in self.values(node, NAMESPACE + "ends")),
            prospect_of=frozenset(_local(value) for value in self.values(node, NAMESPACE + "prospect_of")),
            incompatible=self.incompatible(node),
            **dict(zip(("labels", "definitions"), self.texts(node), strict=True)),
        )

    def side(self, node: NamedNode, property_: str, kinds: Mapping[str, str]) -> frozenset[str]:
        classes = [c for value in self.values(node, property_) for c in self.members(value)]
        unknown = [_local(c) for c in classes if _local(c) not in kinds]
        if unknown or not classes:
            what = f"names {', '.join(unknown)}, which is no kind of actor" if unknown else "names no kind"
            raise TableError(f"{self.file}: {_local(property_)} of {_local(node)} {what}.")
        return frozenset(kinds[_local(c)] for c in classes)

    def territory(self, node: NamedNode) -> bool:
        """Tell whether the range names places themselves, and not only as agents."""
        return any(
            not isinstance(v, NamedNode) and "Place" in map(_local, self.members(v))
            for v in self.values(node, _RDFS + "range")
        )

    def incompatible(self, node: NamedNode) -> frozenset[str]:
        """Return what the node excludes or is excluded by: the file says it on one side only."""
        property_ = NamedNode(NAMESPACE + "incompatible_with")
        back = (quad.subject for quad in self.store.quads_for_pattern(None, property_, node))
        others = [*self.values(node, property_.value), *(n for n in back if isinstance(n, NamedNode))]
        return frozenset(map(_local, others))

    def members(self, node: _Node) -> Iterator[_Node]:
        """Yield the classes of an owl:unionOf list, or the class itself."""
        lists = self.values(node, _OWL + "unionOf")
        if not lists:
            yield node
        for item in lists:
            while item != NamedNode(_RDF + "nil"):
                yield from self.values(item, _RDF + "first")
                (item,) = self.values(item, _RDF + "rest")  # noqa: PLW2901

    def texts(self, node: NamedNode) -> tuple[Mapping[str, str], Mapping[str, str]]:
        labels = self.by_language(node, _RDFS + "label")
        definitions = self.by_language(node, _SKOS + "definition")
        for language in ("en", "id"):
            if language not in labels or language not in definitions:
                raise TableError(
                    f"{self.file}: {_local(node)} needs a label and a definition in language {language!r}."
                )
        return labels, definitions

    def by_language(self, node: NamedNode, property_: str) -> Mapping[str, str]:
        objects = (q.object for q in self.store.quads_for_pattern(node, NamedNode(property_), None))
        return MappingProxyType(
            {o.language: o.value for o in objects if isinstance(o, Literal) and o.language is not None}
        )

    def instances(self, class_: str) -> list[NamedNode]:
        quads = self.store.quads_for_pattern(None, NamedNode(_RDF + "type"), NamedNode(class_))
        nodes = [quad.subject for quad in quads if isinstance(quad.subject, NamedNode)]
        return sorted(nodes, key=lambda node: (self.order.get(_local(node), len(self.order)), node.value))

    def values(self, node: _Node, property_: str) -> list[_Node]:
        quads = self.store.quads_for_pattern(node, NamedNode(property_), None)
        return [quad.object for quad in quads if isinstance(quad.object, NamedNode | BlankNode)]

    def literals(self, node: NamedNode, property_: str) -> list[str]:
        quads = self.store.quads_for_pattern(node, NamedNode(property_), None)
        return [quad.object.value for quad in quads if isinstance(quad.object, Literal)]

    def one(self, node: NamedNode, name: str) -> str:
        values = self.literals(node, NAMESPACE + name)
        if len(values) != 1:
            raise TableError(f"{self.file}: {_local(node)} needs exactly one kg:{name}.")
        return values[0]

    def has(self, node: NamedNode, property_: NamedNode) -> bool:
        return any(self.store.quads_for_pattern(node, property_, None))


def _subjects(file: Path) -> Iterator[str]:
    """Yield the local names of kg: subjects in the order of the file."""
    for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(NAMESPACE):
            yield _local(quad.subject)


def _local(node: _Node | str) -> str:
    """Return the part of an IRI after the last # or /."""
    value = node if isinstance(node, str) else node.value
    return value.replace("#", "/").rpartition("/")[2]
