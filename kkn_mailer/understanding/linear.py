"""Linear models: the weights of what is found are summed for each label, and a softmax makes them probabilities."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TypeVar

from .text import data

Label = TypeVar("Label")
Weights = Mapping[str, Sequence[float]]
"""Of each feature a weight per label, in the order of the labels."""


@cache
def learnt(name: str) -> Weights:
    """The weights in a data file, as `training/` writes them."""
    return {feature: tuple(row) for feature, row in json.loads(data(name)).items()}


def softmax(scores: Sequence[float]) -> list[float]:
    """Scores as probabilities."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def weigh(found: Iterable[str], labels: Sequence[Label], weights: Weights) -> dict[Label, float]:
    """The probability of each label for the features found, each of which counts as often as it is given."""
    rows = filter(None, map(weights.get, found))
    scores = [sum(column) for column in zip(*rows, strict=True)] or [0.0] * len(labels)
    return dict(zip(labels, softmax(scores), strict=True))
