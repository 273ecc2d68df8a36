"""A linear model of job titles, for what the word lists do not know: applied with numpy alone.

Features are the letters of a title's words: every run of three, four and five of them (a space
counts as a letter, so that a run may span two words), and every whole word, each hashed to one of
`BUCKETS` numbers. A class's score is the mean weight of the title's features, times the square root
of their number, plus its bias; the softmax of the scores is the model's probability. The weights
are whole numbers of -127 to 127 with one scale per class. `scripts/job_titles/train.py` says
what they were learned from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

BUCKETS = 2**14
RUNS = (3, 4, 5)
_FILE = "job_title_model.npz"
_ROWS_AT_ONCE = 2_000
_PRIME = np.uint64(1_099_511_628_211)  # of the 64-bit FNV hash
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2**64 by the golden ratio: Knuth, TAOCP 3, section 6.4
_LONGEST = 120

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Model:
    """The weights of both questions side by side (BUCKETS x classes), functions first."""

    functions: tuple[str, ...]
    levels: tuple[str, ...]
    weights: Floats
    bias: Floats
    calibration: dict[str, tuple[float, float]]
    """Base and slope by source of an answer: see `job_title.Answer`."""


@cache
def model() -> Model:
    """The model that is shipped."""
    with files("tieline.data.values").joinpath(_FILE).open("rb") as file:
        stored: Any = np.load(file, allow_pickle=False)
        names = ("function", "level")
        fitted = zip(stored["calibration_names"], stored["calibration"].tolist(), strict=True)
        return Model(
            functions=tuple(str(one) for one in stored["function_classes"]),
            levels=tuple(str(one) for one in stored["level_classes"]),
            weights=np.concatenate(
                [
                    stored[f"{name}_weights"].astype(np.float32) * stored[f"{name}_scale"]
                    for name in names
                ],
                axis=1,
            ),
            bias=np.concatenate([stored[f"{name}_bias"] for name in names]),
            calibration={str(name): (base, slope) for name, (base, slope) in fitted},
        )


def probabilities(texts: Sequence[str]) -> tuple[Floats, Floats]:
    """The probabilities of the functions and of the levels of texts of folded words."""
    found = model()
    first = len(found.functions)
    scores = np.zeros((len(texts), len(found.bias)), dtype=np.float32)
    for start in range(0, len(texts), _ROWS_AT_ONCE):
        part = texts[start : start + _ROWS_AT_ONCE]
        scores[start : start + len(part)] = _scores(found, part)
    return _softmax(scores[:, :first]), _softmax(scores[:, first:])


def _scores(found: Model, texts: Sequence[str]) -> Floats:
    """Feature by feature, the texts with the most first: numpy's `reduceat` is slower."""
    bucket, starts = features(texts)
    counts = np.diff(np.append(starts, len(bucket)))
    order = np.argsort(-counts, kind="stable")
    begins, ends = starts[order], counts[order]
    sums = np.zeros((len(texts), len(found.bias)), dtype=np.float32)
    for place in range(int(ends[0])):
        active = int(np.searchsorted(-ends, -place))
        sums[:active] += found.weights[bucket[begins[:active] + place]]
    scores = np.empty_like(sums)
    scores[order] = sums / np.sqrt(ends).astype(np.float32)[:, None] + found.bias
    return scores


def _softmax(scores: Floats) -> Floats:
    if not len(scores):
        return scores
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = exponents / exponents.sum(axis=1, keepdims=True)
    return result


def features(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """The features of all texts in a row, and where each text's begin; no text is without one."""
    line = "\n".join(f" {text[:_LONGEST]} " for text in texts) + "\n"
    letters = np.frombuffer(line.encode("ascii", "replace"), dtype=np.uint8)
    row = np.cumsum(letters == 10) - (letters == 10)
    codes = letters.astype(np.uint64) + np.uint64(1)
    buckets: list[Any] = []
    owners: list[Any] = []
    with np.errstate(over="ignore"):
        hashed = codes.copy()
        for length in range(2, max(RUNS) + 1):
            if len(letters) < length:
                break
            hashed = hashed[: len(letters) - length + 1] * _PRIME ^ codes[length - 1 :]
            if length in RUNS:
                within = row[: len(hashed)] == row[length - 1 :]
                within &= letters[length - 1 :] != 10
                buckets.append(_bucket(hashed[within]))
                owners.append(row[: len(hashed)][within])
        words, at = _words(letters, codes)
        buckets.append(_bucket(words))
        owners.append(row[at])
    bucket, owner = np.concatenate(buckets), np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[order], np.arange(len(texts)))
    return bucket[order], starts.astype(np.int64)


def _words(letters: Any, codes: Any) -> tuple[Any, Any]:
    """A hash of every word, and the place where it begins; the end of a line counts as one."""
    gap = letters <= 32
    begins = np.flatnonzero(gap[:-1]) + 1
    powers = np.cumprod(np.full(_LONGEST + 4, _PRIME, dtype=np.uint64))
    place = np.arange(len(letters)) - np.repeat(
        np.concatenate([[0], begins]), np.diff(np.concatenate([[0], begins, [len(letters)]]))
    )
    weighted = np.where(gap, np.uint64(0), codes * powers[np.minimum(place, _LONGEST)])
    sums = np.add.reduceat(weighted, begins)
    # What begins with the end of a line is no word: it stands for one feature that all texts have.
    kept = letters[begins] != 32
    return sums[kept], begins[kept]


def _bucket(hashes: Any) -> Ints:
    mixed = (hashes ^ (hashes >> np.uint64(29))) * _MIX
    result: Ints = (mixed >> np.uint64(50)).astype(np.int64)  # the upper 14 bits: BUCKETS
    return result
