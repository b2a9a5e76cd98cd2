"""What a step names, and what it needs of its pool."""

from __future__ import annotations

import pytest

from millpond.errors import FaultyService
from millpond.model import Service, dump_service, parse_service
from tests.unit.model.examples import COUNCIL


def _faults(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(FaultyService) as caught:
        parse_service(text)
    return [(fault.where, fault.what, fault.cure) for fault in caught.value.faults]


def test_the_service_that_these_tests_break_is_right() -> None:
    assert dump_service(parse_service(COUNCIL)) == COUNCIL


@pytest.mark.parametrize(
    ("right", "wrong", "where", "what", "cure"),
    [
        (
            "next = { tests = 0.5,",
            "next = { test = 0.5,",
            "steps.triage.rules[1].next.test",
            'goes on to "test", which is neither a step nor an outcome',
            'Did you mean "tests"?',
        ),
        (
            'stream = "police"',
            'stream = "polise"',
            "steps.triage.rules[1].stream",
            'names "polise", which is not a stream of this service',
            'Did you mean "police"?',
        ),
        (
            '{ risk = "high" }',
            '{ rusk = "high" }',
            "steps.triage.rules[1].attributes.rusk",
            'names "rusk", which is not an attribute of the stream "police"',
            'Did you mean "risk"?',
        ),
        (
            '{ risk = "high" }',
            '{ language = "Polish" }',
            "steps.triage.rules[1].attributes.language",
            'names "language", which is not an attribute of the stream "police"',
            "Add it to attributes of a stream",
        ),
        (
            '{ risk = "high" }',
            '{ risk = "hihg" }',
            "steps.triage.rules[1].attributes.risk",
            'is "hihg", which is not a value that it has in the stream "police"',
            'Did you mean "high"? Otherwise its values are high and standard.',
        ),
        (
            'stream = "police"\nattributes = { risk = "high" }',
            'attributes = { language = "Urdu" }',
            "steps.triage.rules[1].attributes.language",
            'is "Urdu", which is not a value that it has in any stream',
            "Its values are Polish and English.",
        ),
        (
            '["blood test", "hearing test"]',
            '["blood tests", "hearing test"]',
            "steps.tests.all_of[1]",
            'names "blood tests", which is not a step of this service',
            'Did you mean "blood test"?',
        ),
        (
            '["blood test", "hearing test"]',
            '["blood test", "closed"]',
            "steps.tests.all_of[2]",
            'names "closed", which is an outcome and not a step',
            "Take it out, or name the step that a branch begins with.",
        ),
        (
            'then = "review"',
            'then = "reviews"',
            "steps.tests.then",
            'goes on to "reviews", which is neither a step nor an outcome',
            'Did you mean "review"?',
        ),
        (
            'after = { review = "2 days", tests',
            'after = { letter = "2 days", tests',
            "steps.triage.after.letter",
            'names "letter", to which no case goes from here',
            "Add it to next, or take it away; the steps that follow are review and tests.",
        ),
        (
            'next = "closed"\n\n[policies',
            'next = "closed"\nafter = { closed = "1 day" }\n\n[policies',
            "steps.letter.after.closed",
            'names "closed", which is an outcome: the case has ended and joins nothing',
            "Take it away, or name a step that follows.",
        ),
        (
            'skill = "Polish"\nnext = "letter"',
            'skill = "Polish"\nnext = "letter"\nafter = { letter = "1 working day" }',
            "steps.review.after.letter",
            'counts working time, and "letter" has no pool whose calendar would say which',
            'Write elapsed time, such as "7 days", or give that step a pool.',
        ),
        (
            'to = "referred on"',
            'to = "refered on"',
            "steps.triage.patience.to",
            'goes on to "refered on", which is neither a step nor an outcome',
            'Did you mean "referred on"?',
        ),
        (
            'to = "referred on"',
            'to = "triage"',
            "steps.triage.patience.to",
            "is the step itself, so that nobody ever leaves",
            "Name another step, or an outcome.",
        ),
        (
            "minutes_for = { police = 30,",
            "minutes_for = { polis = 30,",
            "steps.triage.minutes_for.polis",
            'names "polis", which is not a stream of this service',
            'Did you mean "police"?',
        ),
        (
            "[streams.online]",
            "[streams.urgent]",
            "steps.triage.minutes_for.urgent",
            'may be the stream "urgent" or cases that are urgent',
            "Rename the stream urgent.",
        ),
        (
            'skill = "blood"\nnext',
            'skill = "bloods"\nnext',
            'steps."blood test".skill',
            'names "bloods", which nobody who works in "nurses" can do',
            'Did you mean "blood"? Otherwise add skills = ["bloods"] to the pool or to one of its workers.',
        ),
        (
            'skill = "Polish"\nnext = "letter"',
            'skill = "Urdu"\nnext = "letter"',  # kim could, but nobody helps where cases belong to one worker
            "steps.review.skill",
            'names "Urdu", which nobody who works in "advocates" can do',
            'Add skills = ["Urdu"] to the pool or to one of its workers.',
        ),
        (
            'pool = "clerks"\nminutes_for',
            'pool = "clerks"\npeople = 2\nminutes_for',  # sam could, but what two do together is not for helpers
            "steps.triage.skill",
            'names "Polish", which nobody who works in "clerks" can do',
            'Add skills = ["Polish"] to the pool or to one of its workers.',
        ),
        (
            '[steps.letter]\nnext = "closed"',
            '[steps.letter]\nnext = "closed"\npeople = 2',
            "steps.letter.people",
            "is given, and the step has no pool",
            "Add pool under [steps.letter], or take people away.",
        ),
        (
            '[steps.letter]\nnext = "closed"',
            '[steps.letter]\nnext = "closed"\npatience = "1 day"',
            "steps.letter.patience",
            "is given, and the step has no pool",
            "Add pool under [steps.letter], or take patience away.",
        ),
        (
            'pool = "advocates"\nskill = "Polish"\nnext',
            'pool = "advocates"\nskill = "Polish"\npeople = 2\nnext',
            "steps.review.people",
            'is given, and each case in "advocates" belongs to one worker (caseload)',
            "Take people away, take caseload away from the pool, or let another pool do the step.",
        ),
        (
            'pool = "advocates"\nskill = "Polish"\nnext',
            'pool = "advocates"\nskill = "Polish"\ngroup = { size = 8 }\nnext',
            "steps.review.group",
            'is given, and each case in "advocates" belongs to one worker (caseload)',
            "Take group away, take caseload away from the pool, or let another pool do the step.",
        ),
        (
            'also = ["advocates", "clerks"]',
            'also = ["advocates", "clerk"]',
            "workers.kim.also[2]",
            'names "clerk", which is not a pool of this service',
            'Did you mean "clerks"?',
        ),
        (
            'skills = ["Urdu"]',
            'skills = ["Urdu"]\ncaseload = 3',
            "workers.kim.caseload",
            'is given, and the pool "nurses" has no caseload',
            "Add caseload under [pools.nurses], or take it away here.",
        ),
        (
            'pool = "nurses"\nwhen',
            'pool = "nurse"\nwhen',
            "policies.agency.pool",
            'names "nurse", which is not a pool of this service',
            'Did you mean "nurses"?',
        ),
    ],
)
def test_a_key_that_cannot_hold(right: str, wrong: str, where: str, what: str, cure: str) -> None:
    assert COUNCIL.count(right) == 1
    ((found_where, found_what, found_cure),) = _faults(COUNCIL.replace(right, wrong))
    assert (found_where, found_what) == (where, what)
    assert found_cure.startswith(cure)


def test_a_helper_who_can_do_it_is_somebody() -> None:
    # Nobody at home in clerks speaks Polish; sam, who does, helps there.
    assert parse_service(COUNCIL).steps["triage"].skill == "Polish"
    ((where, what, _),) = _faults(COUNCIL.replace('caseload = 10\nalso = ["clerks"]', "caseload = 10"))
    assert (where, what) == ("steps.triage.skill", 'names "Polish", which nobody who works in "clerks" can do')


def _split(**following: str) -> str:
    """A service that splits at ``start`` into a and b, which meet at end; the other steps as given."""
    steps = {"a": 'next = "end"', "b": 'next = "end"', "end": 'next = "closed"', **following}
    start = '[steps.start]\nall_of = ["a", "b"]\nthen = "end"\n'
    return 'name = "x"\n' + start + "".join(f"[steps.{name}]\n{entry}\n" for name, entry in steps.items())


@pytest.mark.parametrize(
    "following",
    [
        {},
        {"a": "next = { c = 0.5, closed = 0.5 }", "c": "next = { a = 0.5, end = 0.5 }"},  # a loop within a branch
        {"end": 'all_of = ["c", "d"]\nthen = "closed"', "c": 'next = "closed"', "d": 'next = "closed"'},  # one after
        {"end": "next = { start = 0.5, closed = 0.5 }"},  # and again from the start
    ],
)
def test_one_split_after_another(following: dict[str, str]) -> None:
    assert parse_service(_split(**following)).steps["start"].all_of == ("a", "b")


@pytest.mark.parametrize(
    ("following", "inner"),
    [
        ({"a": 'all_of = ["c", "b"]\nthen = "end"', "c": 'next = "end"'}, "a"),
        ({"a": 'next = "c"', "c": 'all_of = ["b", "d"]\nthen = "end"', "d": 'next = "end"'}, "c"),
        ({"a": "next = { end = 0.9, start = 0.1 }"}, "start"),
        ({"b": 'next = "end"\n[[steps.b.rules]]\nurgent = true\nnext = "start"'}, "start"),
        (
            {"b": 'pool = "p"\nnext = "end"\npatience = { minutes = 5, to = "start" }\n[pools.p]\n'},
            "start",
        ),
    ],
)
def test_a_split_within_a_split(following: dict[str, str], inner: str) -> None:
    assert _faults(_split(**following)) == [
        (
            "steps.start.all_of",
            f'leads to "{inner}", which splits again before the branches have met',
            'A split within a split is not possible; let the branches come to "end" first, '
            f'or do the steps of "{inner}" one after the other.',
        )
    ]


def test_a_changed_service_is_checked_like_a_file() -> None:
    service = parse_service(COUNCIL)
    with pytest.raises(FaultyService) as caught:
        service.changed(pools={**service.pools, "nurses": service.pools["nurses"].changed(skills=())})
    ((where,)) = [fault.where for fault in caught.value.faults]
    assert where == 'steps."blood test".skill'
    assert isinstance(service.changed(policies={}), Service)
