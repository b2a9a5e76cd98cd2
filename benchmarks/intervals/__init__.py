"""How often intervals hold the truth, over services whose truth is known.

    python -m benchmarks.intervals [--services N] [effects lengths ...]

Each service differs from the next in its size, its luck and its rhythm, and gives one interval of each kind, so that
they are independent. A share is judged by Wilson's interval: it must contain what is promised, or, where at least so
much is promised, not lie below it.
"""
