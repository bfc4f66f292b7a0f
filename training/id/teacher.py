"""A larger parser that teaches the small one: it is trained on the treebanks and parses raw news.

Multilingual E5 (encoder.py) with a linear tagger and a biaffine parser (Dozat and Manning 2017). It is told which
treebank a sentence comes from, so that treebanks that annotate the same thing differently do not disturb each other,
and can then parse any sentence in the manner of any of them.
"""

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from corpora import Word
from encoder import Encoder
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

RATES = (2e-4, 1e-3)  # learning rates of encoder and heads
BATCH = 400  # words


class Sentence(NamedTuple):
    """Words and the number of the treebank whose manner they follow."""

    words: list[Word]
    style: int


class Biaffine(nn.Module):
    """Scores of pairs of vectors for each of a number of labels."""

    def __init__(self, size: int, inner: int, labels: int) -> None:
        super().__init__()
        self.head = nn.Sequential(nn.Linear(size, inner), nn.GELU(), nn.Dropout(0.3))
        self.child = nn.Sequential(nn.Linear(size, inner), nn.GELU(), nn.Dropout(0.3))
        self.weight = nn.Parameter(torch.empty(labels, inner + 1, inner + 1))
        nn.init.normal_(self.weight, std=inner**-0.5 / 2)

    def forward(self, heads: Tensor, children: Tensor) -> Tensor:
        """Return scores (texts, labels, children, heads)."""
        one = torch.ones(*heads.shape[:2], 1)
        h = torch.cat([self.head(heads).float(), one], 2)
        c = torch.cat([self.child(children).float(), one[:, : children.shape[1]]], 2)
        return torch.einsum("bci,lij,bhj->blch", c, self.weight, h)


class Teacher(nn.Module):
    """Tagger and parser over one encoder."""

    def __init__(self, parts_of_speech: Sequence[str], labels: Sequence[str], styles: int, layers: int) -> None:
        super().__init__()
        self.parts_of_speech, self.labels = list(parts_of_speech), list(labels)
        self.encoder = Encoder(layers, styles)
        size = self.encoder.size
        self.dropout = nn.Dropout(0.2)
        self.tags = nn.Linear(size, len(self.parts_of_speech))
        self.arcs = Biaffine(size, 384, 1)
        self.types = Biaffine(size, 128, len(self.labels))

    def save(self, path: Path) -> None:
        """Write the tagger and parser to a file."""
        torch.save((self.parts_of_speech, self.labels, self.state_dict()), path)

    def scores(self, batch: Sequence[Sentence]) -> tuple[Tensor, Tensor, Tensor]:
        """Return scores of tags (texts, words, tags), heads (texts, words, 1 + words), labels (texts, labels, ...)."""
        texts = [self.encoder.pieces([w.form for w in s.words], [w.space for w in s.words]) for s in batch]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            vectors = self.dropout(self.encoder(texts, [s.style for s in batch]))
            words = vectors[:, 1:]
            tags, arcs, types = self.tags(words).float(), self.arcs(vectors, words)[:, 0], self.types(vectors, words)
        lengths = torch.tensor([len(s.words) for s in batch])
        outside = torch.arange(arcs.shape[2])[None, None] > lengths[:, None, None]
        return tags, arcs.masked_fill(outside, -1e9), types

    def loss(self, batch: Sequence[Sentence]) -> Tensor:
        """Return the loss of a batch, a mean over its words."""
        tags, arcs, types = self.scores(batch)
        rows = [(i, j, w, s) for i, s in enumerate(batch) for j, w in enumerate(s.words)]
        text, place = torch.tensor([r[0] for r in rows]), torch.tensor([r[1] for r in rows])
        heads = torch.tensor([0 if w.head == j else w.head + 1 for _, j, w, _ in rows])
        kinds = torch.tensor([self.labels.index(w.label) for *_, w, _ in rows])
        pos = torch.tensor([self.parts_of_speech.index(w.pos) for *_, w, _ in rows])
        return (
            F.cross_entropy(arcs[text, place], heads)
            + F.cross_entropy(types[text, :, place, heads], kinds)
            + 0.5 * F.cross_entropy(tags[text, place], pos)
        )

    @torch.no_grad()
    def parse(self, sentences: Iterable[Sentence]) -> Iterator[tuple[list[Word], float]]:
        """Yield the words with their best tags, heads and labels, and the mean probability of the heads.

        A word may be its own head more than once, or hang in a circle: see `tree`.
        """
        self.eval()
        pending = list(sentences)
        order = sorted(range(len(pending)), key=lambda i: len(pending[i].words))
        out: list[tuple[list[Word], float]] = [([], 0.0)] * len(pending)
        for part in batches(order, [len(s.words) for s in pending], 4 * BATCH):
            batch = [pending[i] for i in part]
            tags, arcs, types = self.scores(batch)
            chances = arcs.softmax(2)
            heads = arcs.argmax(2)
            for k, i in enumerate(part):
                n = len(batch[k].words)
                rows = torch.arange(n)
                kinds = types[k, :, rows, heads[k, :n]].argmax(0).tolist()
                pos = tags[k, :n].argmax(1).tolist()
                chance = chances[k, rows, heads[k, :n]].mean().item()
                out[i] = (
                    [
                        w._replace(pos=self.parts_of_speech[p], head=h - 1 if h else j, label=self.labels[t])
                        for j, (w, p, h, t) in enumerate(
                            zip(batch[k].words, pos, heads[k, :n].tolist(), kinds, strict=True)
                        )
                    ],
                    chance,
                )
        yield from out


def tree(words: Sequence[Word]) -> bool:
    """Return whether the heads form a tree with one root that is labelled so."""
    if [w.label == "root" for w in words] != [w.head == i for i, w in enumerate(words)]:
        return False
    for start in range(len(words)):
        at = start
        for _ in words:
            at = words[at].head
        if words[at].head != at:
            return False
    return sum(w.head == i for i, w in enumerate(words)) == 1


def batches(order: Sequence[int], lengths: Sequence[int], size: int) -> list[list[int]]:
    """Return runs of `order` with at most about `size` words, padding counted."""
    out: list[list[int]] = [[]]
    for i in order:
        if out[-1] and (len(out[-1]) + 1) * max(lengths[i], *(lengths[j] for j in out[-1])) > size:
            out.append([])
        out[-1].append(i)
    return out


def load(path: Path) -> Teacher:
    """Return the teacher that was written to a file."""
    parts_of_speech, labels, state = torch.load(path)
    layers = 1 + max(int(key.split(".")[2]) for key in state if key.startswith("encoder.layers."))
    teacher = Teacher(parts_of_speech, labels, len(state["encoder.style.weight"]), layers)
    teacher.load_state_dict(state)
    return teacher


def train(sentences: Sequence[Sentence], layers: int, epochs: int, seed: int) -> Teacher:
    """Return a teacher trained on sentences whose words carry tags, heads and labels."""
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311
    teacher = Teacher(
        sorted({w.pos for s in sentences for w in s.words}),
        sorted({w.label for s in sentences for w in s.words}),
        1 + max(s.style for s in sentences),
        layers,
    )
    encoder = list(teacher.encoder.parameters())
    known = {id(p) for p in encoder}
    heads = [p for p in teacher.parameters() if id(p) not in known]
    optimizer = torch.optim.AdamW(
        [{"params": [p for p in encoder if p.requires_grad], "lr": RATES[0]}, {"params": heads, "lr": RATES[1]}],
        weight_decay=0.01,
    )
    lengths = [len(s.words) for s in sentences]
    steps = epochs * len(batches(sorted(range(len(lengths)), key=lengths.__getitem__), lengths, BATCH))
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min((n + 1) / (0.1 * steps), max(0.0, (steps - n) / (0.9 * steps)))
    )
    began = time.monotonic()
    step, total = 0, 0.0
    for epoch in range(epochs):
        teacher.train()
        order = sorted(range(len(lengths)), key=lambda i: (lengths[i], chance.random()))
        parts = batches(order, lengths, BATCH)
        chance.shuffle(parts)
        for part in parts:
            loss = teacher.loss([sentences[i] for i in part])
            loss.backward()
            nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            rate.step()
            step += 1
            total = 0.98 * total + 0.02 * loss.item()
        print(
            f"epoch {epoch + 1}/{epochs}, step {step}, loss {total:.3f}, {time.monotonic() - began:.0f} s", flush=True
        )
    return teacher
