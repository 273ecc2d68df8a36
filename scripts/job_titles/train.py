"""Learn the linear model of job titles: `python scripts/job_titles/train.py TITLES AVATURE`.

TITLES is `data/titles_combined.txt.gz` of the package find-job-titles 0.7.0 (MIT), AVATURE the
folder of Avature's job title similarity data set (Apache License 2.0, at 2b9495d); the occupations
of Faker (MIT) are installed with Tieline. Writes `job_title_model.npz` beside the code; the same
inputs give the same weights.

Nobody labelled these titles. What the word lists say of a title is its label, and of every such
title two more are learned from: without the words that decided, so that the rest of a title comes
to speak for itself, and with a slip of the pen in them. Of Avature's titles that the lists do not
know, the label is the function of the query they were found for, as we wrote it down by reading
(`avature_topics.tsv`). The phrases of the lists are examples themselves.
Occupations of other languages than the five are a class of their own: there the model abstains.
The titles of `benchmarks/job_title_sample.tsv` are left out; their half `calibrate` says how often
an answer is right. No other measured set is read here.
"""

from __future__ import annotations

import csv
import gzip
import importlib
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from faker import Faker
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from tieline.data.values import job_title, job_title_model, word_list
from tieline.data.values.job_title import FUNCTIONS, LEVELS, SOURCES
from tieline.data.values.job_title_dictionary import Decision, function_of, level_of
from tieline.data.values.job_title_words import read_words
from tieline.demo.pools import read_pool

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "benchmarks/job_title_sample.tsv"
OUT = Path(job_title_model.__file__).with_name("job_title_model.npz")
ABSTAIN = ""
FIVE = {"en_US": "en", "de_DE": "de", "de_AT": "de", "fr_FR": "fr", "fr_CH": "fr", "es": "es"}
OTHERS = ("cs_CZ", "da_DK", "fi_FI", "hr_HR", "hu_HU", "pl_PL", "ro_RO", "ru_RU", "sk_SK", "tr_TR")
MOST_OF_OTHERS = 250  # of one language: they are there to be told from ours, not to be learned
MOST_OF_ENGLISH = 14_000  # titles of the package, so that English does not drown the rest
L2 = 2e-7  # strength of the pull to 0
STEP = 0.4
EPOCHS = 5
BATCH = 500
SEED = 5
NO_TITLES = 400
LISTS = {
    "job_title_functions.tsv": "function",
    "job_title_functions_general.tsv": "function",
    "job_title_levels.tsv": "level",
}
USUALLY_RIGHT = 0.75  # the share right of a source before its answers are seen
WORTH = 10  # how many answers that is worth


class Example(NamedTuple):
    """A text of folded words, its class, and how much it counts."""

    text: str
    label: str
    weight: float


def titles(package: Path, avature: Path) -> Iterator[tuple[str, str, str]]:
    """Language, title and the function of its query ('' without one)."""
    with gzip.open(package, "rt", encoding="utf-8") as file:
        lines = sorted({line.strip() for line in file})
    for line in random.Random(SEED).sample(lines, MOST_OF_ENGLISH):
        yield "en", line, ""
    for provider, language in FIVE.items():
        for job in _jobs(provider):
            yield language, job, ""
    for language in ("en", "de", "fr", "es", "it"):
        topics = {r["query"]: r["function"] for r in _rows(HERE / "avature_topics.tsv", language)}
        names = dict(_cells(avature / language / "corpus_documents.tsv"))
        queries = dict(_cells(avature / language / "queries.tsv"))
        found: dict[str, list[str]] = {title: [] for title in names.values()}
        for query, _, document, *_ in _cells(avature / language / "annotations.tsv"):
            if document in names and query in topics:
                found[names[document]].append(topics[query])
        for query, topic in topics.items():
            yield language, queries.get(query, query.replace("_", " ")), topic
        for title, said in found.items():
            yield language, title, said[0] if len(set(said)) == 1 else ""


def examples(package: Path, avature: Path) -> tuple[list[Example], list[Example]]:
    """What functions and levels are learned from."""
    choose = random.Random(SEED)
    measured = {row["title"].casefold() for row in _rows(SAMPLE)}
    functions: list[Example] = []
    levels: list[Example] = []
    seen: set[str] = set()
    for _, title, topic in titles(package, avature):
        words = read_words(title).words
        text = " ".join(words)
        if not words or text in seen or title.casefold() in measured:
            continue
        seen.add(text)
        what, rank = function_of(words), level_of(words)
        if what is not None and not what.general:
            functions += _varied(words, what, choose)
        elif topic:
            functions.append(Example(text, topic, 1.0))
        elif what is not None and len(words) == 1:
            functions.append(Example(text, what.value, 1.0))
        if rank is not None:
            levels += list(_slipped(words, rank, choose))
        elif what is not None or topic:
            levels.append(Example(text, "staff", 1.0))
    for name, into in LISTS.items():
        for value, phrases in word_list.rows(name):
            for phrase in phrases.split("; "):
                words = read_words(phrase.replace("*", "")).words
                if not words:
                    continue
                one = Decision(value, phrase, 0, len(words))
                target = functions if into == "function" else levels
                target += [e._replace(weight=2 * e.weight) for e in _slipped(words, one, choose)]
    for text in _no_titles(choose):
        functions.append(Example(text, ABSTAIN, 1.0))
        levels.append(Example(text, ABSTAIN, 1.0))
    for provider in OTHERS:
        jobs = sorted(set(_jobs(provider)))
        for job in choose.sample(jobs, min(len(jobs), MOST_OF_OTHERS)):
            words = read_words(job).words
            if words and function_of(words) is None:
                functions.append(Example(" ".join(words), ABSTAIN, 1.0))
            if words and level_of(words) is None:
                levels.append(Example(" ".join(words), ABSTAIN, 1.0))
    return functions, levels


def _no_titles(choose: random.Random) -> Iterator[str]:
    """What stands in a title's column by mistake: people, towns, companies; and other languages."""
    faker = Faker(["en_US", "de_DE", "fr_FR", "es_ES", "it_IT"])
    faker.seed_instance(SEED)
    for _ in range(NO_TITLES):
        for text in (faker.name(), faker.city(), faker.company()):
            yield " ".join(read_words(text).words)
    for row in read_pool("titles"):
        if row["lang"] in ("nl", "sv", "da", "pl"):
            for title in row["titles"].split(";"):
                words = read_words(title).words
                if words and function_of(words) is None:
                    yield " ".join(words)


def _slipped(words: list[str], decision: Decision, choose: random.Random) -> Iterator[Example]:
    """The title, and the same with a slip of the pen in a deciding word."""
    yield Example(" ".join(words), decision.value, 1.0)
    place = choose.randrange(decision.start, decision.end)
    if len(words[place]) > 4:
        slipped = [*words[:place], _slip(words[place], choose), *words[place + 1 :]]
        yield Example(" ".join(slipped), decision.value, 0.5)


def _varied(words: list[str], decision: Decision, choose: random.Random) -> Iterator[Example]:
    """Those, and the title without the deciding words."""
    yield from _slipped(words, decision, choose)
    rest = words[: decision.start] + words[decision.end :]
    if sum(len(word) for word in rest) >= 4:
        yield Example(" ".join(rest), decision.value, 0.3)


def _slip(word: str, choose: random.Random) -> str:
    at = choose.randrange(1, len(word) - 1)
    kind = choose.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + choose.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]


def learned(found: Sequence[Example], classes: tuple[str, ...]) -> tuple[Any, Any]:
    """Weights (BUCKETS x classes) and bias of a multinomial logistic regression.

    Stochastic gradients with a step per weight (AdaGrad: Duchi and others, 2011), which fall
    towards 0 a little at each step. Rare classes count for more, by the root of their share.
    """
    x = matrix([one.text for one in found])
    y = np.array([classes.index(one.label) for one in found])
    weight = np.array([one.weight for one in found], dtype=np.float32)
    counts = np.bincount(y, weights=weight, minlength=len(classes))
    weight *= np.sqrt(counts.mean() / np.maximum(counts, 1)).astype(np.float32)[y]
    weight /= weight.mean()
    w = np.zeros((job_title_model.BUCKETS, len(classes)), dtype=np.float32)
    b = np.zeros(len(classes), dtype=np.float32)
    seen_w, seen_b = np.full_like(w, 1e-6), np.full_like(b, 1e-6)
    order = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        total = 0.0
        for rows in np.array_split(order.permutation(len(found)), max(len(found) // BATCH, 1)):
            part = x[rows]
            scores = part @ w + b
            scores -= scores.max(axis=1, keepdims=True)
            error = np.exp(scores)
            error /= error.sum(axis=1, keepdims=True)
            right = np.arange(len(rows)), y[rows]
            total -= float((weight[rows] * np.log(np.maximum(error[right], 1e-9))).sum())
            error[right] -= 1
            error *= weight[rows][:, None] / len(rows)
            slope = part.T @ error + L2 * w
            seen_w += slope**2
            w -= STEP * slope / np.sqrt(seen_w)
            slope = error.sum(axis=0)
            seen_b += slope**2
            b -= STEP * slope / np.sqrt(seen_b)
        print(f"  {len(found):,} examples, epoch {epoch + 1}: loss {total / len(found):.4f}")
    return w, b


def matrix(texts: Sequence[str]) -> Any:
    """The features of texts as the model weighs them: each 1 by the root of their number."""
    features, starts = job_title_model.features(texts)
    ends = np.append(starts, len(features))
    values = np.repeat(1 / np.sqrt(np.diff(ends)), np.diff(ends)).astype(np.float32)
    shape = (len(texts), job_title_model.BUCKETS)
    return csr_matrix((values, features, ends), shape=shape)


def _rows(path: Path, language: str = "") -> list[dict[str, str]]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    found = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row for row in found if not language or row["language"] == language]


def _cells(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def _jobs(provider: str) -> Sequence[str]:
    found: Any = importlib.import_module(f"faker.providers.job.{provider}")
    return tuple(found.Provider.jobs)


def calibrated() -> dict[str, tuple[float, float]]:
    """Base and slope of each source of answers, by the half `calibrate` of the sample.

    A logistic regression of right or wrong on the model's log-odds of the answer, pulled towards
    the source's share of right answers and a slope of 0.5: there are few titles of some sources.
    """
    rows = [row for row in _rows(SAMPLE) if row["half"] == "calibrate"]
    told: dict[str, list[tuple[float, bool]]] = {name: [] for name in SOURCES}
    with_chances = job_title.answers([row["title"] for row in rows])
    for row, found in zip(rows, with_chances, strict=True):
        for answer, accepted in zip(found, (row["functions"], row["levels"]), strict=True):
            if answer is not None and accepted != "-":
                right = answer.value in accepted.split("/")
                told[answer.source].append((_log_odds(answer.chance), right))
    fitted = {}
    for name, seen in told.items():
        x = np.array([odds for odds, _ in seen])
        y = np.array([right for _, right in seen], dtype=float)
        share = (y.sum() + WORTH * USUALLY_RIGHT) / (len(y) + WORTH)
        start = np.array([np.log(share / (1 - share)) - 0.5 * (x.mean() if len(x) else 0), 0.5])

        def loss(ab: Any, x: Any = x, y: Any = y, start: Any = start) -> float:
            score = ab[0] + ab[1] * x
            fit = np.logaddexp(0, -score) * y + np.logaddexp(0, score) * (1 - y)
            return float(fit.sum() + ((ab - start) ** 2 * [4.0, 16.0]).sum())

        base, slope = minimize(loss, start, method="Nelder-Mead").x
        fitted[name] = (round(float(base), 3), round(max(float(slope), 0.05), 3))
        print(f"  {name}: {int(y.sum())} of {len(y)} right, base and slope {fitted[name]}")
    return fitted


def _log_odds(chance: float) -> float:
    inside = min(max(chance, 0.001), 0.999)
    return float(np.log(inside / (1 - inside)))


def _write(stored: dict[str, Any], calibration: dict[str, tuple[float, float]]) -> None:
    stored["calibration_names"] = np.array(list(calibration))
    stored["calibration"] = np.array(list(calibration.values()))
    with OUT.open("wb") as file:
        np.savez_compressed(file, **stored)
    job_title_model.model.cache_clear()


def main() -> None:
    """Learn, calibrate, write."""
    package, avature = (Path(one) for one in sys.argv[1:3])
    functions, levels = examples(package, avature)
    stored: dict[str, Any] = {}
    for name, found, values in (("function", functions, FUNCTIONS), ("level", levels, LEVELS)):
        classes = (*values, ABSTAIN)
        weights, bias = learned(found, classes)
        scale = np.abs(weights).max(axis=0) / 127
        stored |= {
            f"{name}_classes": np.array(classes),
            f"{name}_weights": np.rint(weights / scale).astype(np.int8),
            f"{name}_scale": scale.astype(np.float32),
            f"{name}_bias": bias.astype(np.float32),
        }
    _write(stored, dict.fromkeys(SOURCES, (20.0, 0.0)))  # so that nothing is held back
    _write(stored, calibrated())
    print(f"{OUT.name}: {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
