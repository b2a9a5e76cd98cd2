"""Which lines run upwards, and in which layer each box stands.

Circles are taken out with the heuristic of P. Eades, X. Lin and W. F. Smyth, A fast and effective heuristic for the
feedback arc set problem (Information Processing Letters 47, 1993), with the weights of the lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from millpond.process.layout.graph import Box, Line

_ROUNDS = 20


def downward_order(boxes: Sequence[Box], lines: Sequence[Line]) -> dict[str, int]:
    """The place of each box in an order in which little of the weight of the lines runs backwards.

    The first box given stays the first.
    """
    inner = [box.key for box in boxes[1:]]
    left = dict.fromkeys(inner)
    into: dict[str, dict[str, float]] = {box.key: {} for box in boxes}
    out: dict[str, dict[str, float]] = {box.key: {} for box in boxes}
    for line in lines:
        into[line.target][line.source] = into[line.target].get(line.source, 0.0) + line.weight
        out[line.source][line.target] = out[line.source].get(line.target, 0.0) + line.weight
    before: list[str] = [boxes[0].key]
    after: list[str] = []

    def weight(sides: Mapping[str, float], own: str) -> float:
        return sum(amount for key, amount in sides.items() if key in left and key != own)

    while left:
        gone = [key for key in left if not weight(out[key], key)]
        if gone:
            after.append(gone[-1])
            del left[gone[-1]]
            continue
        sources = [key for key in left if not weight(into[key], key)]
        # What has most to follow and least before it goes next; cases begin there too, which counts for it.
        begun = {key: sides.get(boxes[0].key, 0.0) for key, sides in into.items()}
        best = sources[0] if sources else max(left, key=lambda k: weight(out[k], k) - weight(into[k], k) + begun[k])
        before.append(best)
        del left[best]
    return {key: place for place, key in enumerate([*before, *reversed(after)])}


def layers(boxes: Sequence[Box], lines: Sequence[Line], order: Mapping[str, int]) -> dict[str, int]:
    """The layer of each box, from 0 at the top: every line reaches at least one layer further down.

    Lines that run against the order count the other way round. Boxes are first put as high as they can be, then moved
    to where their lines are shortest.
    """
    pairs: dict[tuple[str, str], float] = {}
    for line in lines:
        ends = sorted((line.source, line.target), key=lambda key: order[key])
        if ends[0] != ends[1]:
            pairs[ends[0], ends[1]] = pairs.get((ends[0], ends[1]), 0.0) + line.weight
    keys = sorted(order, key=lambda key: order[key])
    above: dict[str, list[str]] = {key: [] for key in keys}
    below: dict[str, list[str]] = {key: [] for key in keys}
    for upper, lower in pairs:
        above[lower].append(upper)
        below[upper].append(lower)
    layer: dict[str, int] = {}
    for key in keys:
        layer[key] = max((layer[upper] + 1 for upper in above[key]), default=0)
    deepest = max(layer.values(), default=0)
    for _ in range(_ROUNDS):
        moved = False
        for key in reversed(keys[1:]):
            lowest = min((layer[other] for other in below[key]), default=deepest + 1) - 1
            highest = max((layer[other] for other in above[key]), default=0) + 1
            pull = sum(pairs[key, other] for other in below[key]) - sum(pairs[other, key] for other in above[key])
            wanted = lowest if pull > 0 else highest
            if highest <= wanted <= lowest and wanted != layer[key]:
                layer[key] = wanted
                moved = True
        if not moved:
            break
    used = {number: place for place, number in enumerate(sorted(set(layer.values())))}
    return {key: used[number] for key, number in layer.items()}
