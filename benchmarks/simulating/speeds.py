"""The section `speed`: every simulator in turn on the three models."""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator

from benchmarks.models.served import Answered, Asked
from benchmarks.simulating.peers import FALSE_ALARMS, Peer, differ, interval

ERLANG_C = 0.6687
"""Mean wait in hours of model A in the long run."""


def speed(options: argparse.Namespace) -> bool:
    """All simulators in turn on the three models; whether their answers agree."""
    rounds, days = (2, 91) if options.quick else (options.rounds, 364)
    scale = 1 if options.quick else options.replications
    ours = {"A": 50 * scale, "B": 20 * scale, "C": 100 * scale}
    few = {"A": 2 * scale, "B": scale, "C": 4 * scale}
    peers = [
        Peer("millpond_models", sys.executable, ours),
        Peer("millpond_models", sys.executable, ours, ("full",)),
        Peer("cimba_models", options.peers, {name: 4 * count for name, count in few.items()}),
        Peer("simpy_models", options.peers, few),
        Peer("ciw_models", options.peers, few),
    ]
    there = [peer for peer in peers if peer.start()]
    for number in range(rounds):
        for model in options.models:
            for peer in there:
                asked = Asked(model, days, 14 if model == "A" else 28, peer.replications[model], number + 1)
                peer.answered.setdefault(model, []).append(peer.ask(asked))
    for peer in there:
        peer.stop()
    comparisons = [one for model in options.models for one in _compared(model, there)]
    agree = True
    for model in options.models:
        print(f"\nModel {model}, {days} days, {rounds} rounds in turn")
        _print_speeds(model, there)
        agree &= _print_answers(model, there, 1 - FALSE_ALARMS / max(len(comparisons), 1))
    _print_variants(options.models, there[:2])
    print(f"\nAnswers {'agree within chance' if agree else 'DIFFER by more than chance'}.")
    return agree


def _print_speeds(model: str, peers: list[Peer]) -> None:
    lean = peers[0].answered[model]
    full = peers[1].answered[model]
    print(f"  {'':38}{'visits':>12}{'seconds':>9}{'ns a visit':>12}   {'lean is faster':<26}full is faster")
    for peer in peers:
        runs = peer.answered[model]
        each = [1e9 * run.seconds / run.steps for run in runs]
        seconds = statistics.median(run.seconds for run in runs)
        told = "" if peer is peers[0] else _ratio(lean, runs)
        besides = "" if peer in peers[:2] else _ratio(full, runs)
        visits = sum(run.steps for run in runs)
        print(f"  {peer.name:38}{visits:12,}{seconds:9.2f}{statistics.median(each):12,.0f}   {told:<26}{besides}")


def _ratio(ours: list[Answered], theirs: list[Answered]) -> str:
    """How many times as long a visit takes them: the median of the rounds, with the range."""
    each = [(their.seconds / their.steps) / (our.seconds / our.steps) for our, their in zip(ours, theirs, strict=True)]
    return f"{statistics.median(each):.2f} ({min(each):.2f} to {max(each):.2f})"


def _pooled(peer: Peer, model: str, name: str) -> list[float]:
    return [value for run in peer.answered[model] for value in run.answers[name]]


def _compared(model: str, peers: list[Peer]) -> Iterator[tuple[Peer, str]]:
    for name in peers[0].answered[model][0].answers:
        if not (model == "A" and name == "left"):
            for peer in peers[1:]:
                yield peer, name


def _print_answers(model: str, peers: list[Peer], sure: float) -> bool:
    """Every figure of every simulator, with its 95% interval; whether all are those of the first, within chance."""
    agree = True
    heads = "".join(f"{peer.name.replace('every feature compiled in', 'full'):>22}" for peer in peers)
    print(f"  {'hours, or cases':18}{heads}")
    for name in dict.fromkeys(name for _, name in _compared(model, peers)):
        told = []
        for peer in peers:
            values = _pooled(peer, model, name)
            mean, half = interval(values)
            differs = peer is not peers[0] and differ(_pooled(peers[0], model, name), values, sure)
            agree &= not differs
            told.append(f"{mean:.4g} ± {half:.2g}{' DIFFERS' if differs else ''}")
        print(f"  {name:18}{''.join(f'{one:>22}' for one in told)}")
    if model == "A":
        mean, half = interval(_pooled(peers[0], model, "wait service"))
        far = abs(mean - ERLANG_C) > 2 * half + 0.005 * ERLANG_C
        agree &= not far
        print(f"  wait service by Erlang C {ERLANG_C}: {'DIFFERS' if far else 'agrees'} (which starts empty, it not)")
    return agree


def _print_variants(models: str, peers: list[Peer]) -> None:
    """Lean and full draw the same luck: how many replications come to the same figures, to the last digit."""
    for model in models:
        of = [
            list(zip(*(_pooled(peer, model, name) for name in peer.answered[model][0].answers), strict=True))
            for peer in peers
        ]
        same = sum(one == other for one, other in zip(*of, strict=True))
        print(f"\nModel {model}: lean and full come to the same figures in {same} of {len(of[0])} replications", end="")
    print()
