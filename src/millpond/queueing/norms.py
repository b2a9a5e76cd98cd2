"""How many workers a norm asks for: cases expected of a population, and workers by how many each takes in a year.

A norm is a figure that somebody published, such as SafeLives' for independent domestic violence advisers: 40 Marac
cases a year for 10,000 adult women, about 100 referrals a year for each adviser, one administrator for 400 cases. It is
the work of a whole year and no limit of open cases, and it knows nothing of variation: set it beside the least capacity
and never in its place. No norm is built in.

Source: SafeLives, Reviewing your Marac data; the arithmetic is a rule of proportion.
"""

from __future__ import annotations

from math import ceil

from millpond.queueing.arguments import not_negative, positive


def expected_cases(people: float, cases: float, for_people: float) -> float:
    """The cases of a year that a norm expects of a population.

    Args:
        people: how many live there, of those whom the norm counts.
        cases: the cases a year of the norm.
        for_people: for how many people these are.

    Raises:
        WrongUse: a number is less than 0, or the norm is for nobody.

    >>> expected_cases(100_000, 40, 10_000)
    400.0
    """
    not_negative("number of people", people)
    not_negative("number of cases", cases)
    positive("number of people of the norm", for_people)
    return people * cases / for_people


def workers_by_norm(cases: float, cases_a_worker: float) -> int:
    """The fewest whole-time workers of whom none takes more cases in a year than a norm allows.

    Args:
        cases: cases a year.
        cases_a_worker: how many each takes in a year.

    Raises:
        WrongUse: there are fewer cases than none, or a worker takes none.

    >>> workers_by_norm(400, 100), workers_by_norm(401, 100)
    (4, 5)
    """
    not_negative("number of cases", cases)
    positive("number of cases for each worker", cases_a_worker)
    # What is just as many, but for a rounding, is not more.
    return ceil(round(cases / cases_a_worker, 9))
