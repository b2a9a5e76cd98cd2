"""The event loop of the simulator, compiled: one replication from its tables to its daily totals.

Everything that is compiled stands in this one file, because Numba keeps a stale answer for a compiled helper that
lives in another file than its caller; that is why the module is long. It knows arrays and integers only: services
become tables in `millpond.simulation.tables`, and results are read back in `millpond.simulation.results`.

Time is in whole milliseconds from the midnight that begins the first day. A draw is a pure function of its address
(Salmon and others, "Parallel random numbers: as easy as 1, 2, 3", 2011: Philox). A case is a row of `the state's cases`
while it is open, so that memory follows the work in progress. What ends work is found in a tournament tree over the
workers; arrivals, openings and the heap of delays are compared with its winner. What happens, and in which order, is
told in docs/explanation/how-the-simulator-works.md; the same rules are written down a second time, slowly, in
tests/reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import njit, types
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, lower_getattr_generic, models, register_model

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

NEVER = np.int64(1) << np.int64(42)
"""Beyond every instant: 139 years in milliseconds, small enough to stand above a worker's index in 63 bits."""
_HOUR = 3_600_000
_WORKER_BITS = 20
_WORKER_MASK = (1 << _WORKER_BITS) - 1

# Purposes of draws, the last part of an address.
WORK, PATIENCE, DELAY, ARRIVAL, ATTRIBUTES, DAY, ABSENCE, SCHEDULE = range(8)
# How much a case has drawn of what is not tied to a queue: kinds of entries in the heap.
_JOIN, _UNSTAFFED_END, _GIVE_UP, _GATHERED = range(4)
# What a row's chain of members ends with: that of a visit by itself, and that of a session, be it of one.
_ALONE, _SESSION = -1, -2
# Of a visit that is in no queue any more, and leaves within the instant.
_LEAVING = 2
# Columns of the state's cases.
LINK, KEY, META, JOINED, ENTERED, WORKS, DEADLINE, WORD = range(8)
# Columns of the state's more, used by the full kernel only.
DONE, STARTED, BUSY, PARENT, BRANCHES, SORT, RIGHT, STAMP, MISSED, ATTRS, GONE, CHAIN, SEQ, WAITING, MISSES, CAME = (
    range(16)
)
# Entries of the state's n.
(FREE, HEAP, SERIAL, TODAY, LOG, SPELL, OPEN_CASES, ARRIVED, ROWS, HEAP_ROOM, LOG_ROOM, SPELL_ROOM, LEAVES) = range(13)
# And of where the streams, the openings and the closing of the books stand.
LINE, PLANNED, ARRIVAL_AT, ARRIVAL_OF, TURN, SHUT, CLOSING, FINISHED, _COUNTERS = range(13, 22)
# Last axis of the totals' daily, whose others are pools and days: what a visit books lies side by side.
DEMAND, ACTIVITY, WITHDRAWN, CAPACITY, USED, OVERTIME, VISITS_JOINED, VISITS_DONE, VISITS_LEFT, KINDS = range(10)
# Outcomes of a visit in the log.
DONE_VISIT, LEFT_VISIT, MISSED_VISIT, OPEN_VISIT, LAST_MISS = np.arange(5)
# What is handed to a function has a type here, because Numba compiles a function once more for each bare literal.
_NONE, _ZERO, _LEFT_OUT = np.int64(-1), np.int64(0), np.int64(-2)
_BY_RANK = _IN_PART = np.bool_(False)
# The budget of a worker who is not there as the service stands on a day.
_GONE = np.int64(-2)
BINS = 2432
_BLOCK = 64
"""Bins that are passed over together when a quantile is looked for; a divisor of their number."""
LOG_COLUMNS, SPELL_COLUMNS = 8, 5
LOG_LINES = 65_536
"""From so many lines of a log, or of spells, on the event loop stops for them to be taken away."""
NOWHERE = 0xFFFF
"""Stands for the step before a case's first one."""


GROWING = ("cases", "more", "visits", "owners", "heap", "log", "spells")
"""The arrays of the state that are replaced by longer ones when they are full."""


class Block(types.Type):
    """What the kernel calls a block: the address of a row of addresses and counts, one for each name.

    A tuple of ninety arrays would be copied word by word at every call that is not inlined; a block is one word.
    """

    def __init__(self, layout: Layout) -> None:
        super().__init__(name=f"Block({layout.about})")
        self.fields = layout.places


_POINTERS = {
    "ints": types.CPointer(types.int64),
    "words": types.CPointer(types.uint64),
    "floats": types.CPointer(types.float64),
    "bins": types.CPointer(types.int32),
    "counts": types.int64,
}
DTYPES = {"ints": np.int64, "words": np.uint64, "floats": np.float64, "bins": np.int32}
"""Of the arrays of each kind in a block."""


class Layout:
    """The names in a block, each with its place and what it points to.

    Args:
        about: whose block it is.
        kinds: names by kind: `counts` are numbers, the others arrays of 64-bit integers, words or floats, or of
            32-bit counts in bins.
    """

    def __init__(self, about: str, **kinds: str) -> None:
        self.about = about
        named = [(name, kind) for kind, names in kinds.items() for name in names.split()]
        self.kinds = dict(named)
        self.places = {name: (8 * place, _POINTERS[kind]) for place, (name, kind) in enumerate(named)}

    def block(self, values: Mapping[str, Any]) -> tuple[Ints, list[Any]]:
        """The addresses of arrays, and the arrays themselves, which must be kept as long as the addresses are used.

        Raises:
            KeyError: a name of the layout has no value.
        """
        row = np.zeros(len(self.kinds), dtype=np.int64)
        return row, self.put(row, {name: values[name] for name in self.kinds})

    def put(self, row: Ints, values: Mapping[str, Any]) -> list[Any]:
        """Puts some values into a block; gives the arrays that must be kept."""
        kept = []
        for name, value in values.items():
            kind, place = self.kinds[name], self.place(name)
            if kind == "counts":
                row[place] = value
                continue
            array = np.ascontiguousarray(value, dtype=DTYPES[kind])
            kept.append(array)
            # The same address as array.ctypes.data, without the object around it: it is asked for at every replication.
            row[place] = array.__array_interface__["data"][0]
        return kept

    def place(self, name: str) -> int:
        """Where in the block a name stands."""
        return self.places[name][0] // 8


MODEL = Layout(
    "a service",
    counts="""
        end warm_from classes ranks days hours pools steps stations
        workers rosters stretches streams policies planned start_lines repeats holders diverted_from
        changing patches budget_states roster_states
    """,
    ints="""
        day_start stream_rank stream_first planned_at planned_stream planned_number attribute_at attribute_of
        attribute_value_at attribute_value cells_kind cells_at step_station step_pool step_work step_planned
        step_repeats step_route rule_at rule_stream rule_urgent rule_visits rule_came rule_route rule_attribute_at
        rule_attribute rule_value route_at route_to route_delay route_delay_kind route_delay_pool split_route
        split_then patience patience_pool patience_to people missed_ms missed_most group_size group_wait target_ms
        target_deadline due_ms pool_plain step_plain
        station_pool pool_stations_at pool_order pool_preempts pool_caseload pool_finishes
        pool_held pool_helpers_at pool_helpers open_at open_start open_end open_day worker_pool worker_roster roster_in
        worker_stations worker_also_at worker_also worker_caseload budget has_budget roster_at roster_start
        roster_end roster_day roster_first roster_open roster_workers_at roster_workers policy_pool
        policy_measure policy_above policy_days policy_lead policy_workers_at policy_lent_at policy_lent start
        changing_policy patch_place patch_at patch_value
        local_hour hour_start
    """,
    words="""
        stream_key urgent_below attribute_below step_key route_below missed_below worker_key away_below
    """,
    floats="""
        expected cells gaps
    """,
)

TOTALS = Layout(
    "what a replication leaves behind",
    ints="""
        daily before wait_sum wait_within lead_sum lead_within left_count outcome_count
        case_counts policy_capacity policy_called
    """,
    bins="""
        wait_bins lead_bins
    """,
)

STATE = Layout(
    "where everything stands at an instant",
    words="next_word",
    floats="next_reached",
    ints="""
        next_random next_number next_hour
        cases more visits owners n head tail mask tree holds spell_start spell_stretch began given free_next free_prev
        is_free free_head free_tail free_count at_stretch turns is_open away balance credited holding heap
        gather_head gather_tail policy_from policy_until policy_before called in_force log spells
    """,
)


_MODEL, _TOTALS, _STATE = Block(MODEL), Block(TOTALS), Block(STATE)


@register_model(Block)
class _BlockModel(models.PrimitiveModel):
    def __init__(self, dmm: Any, fe_type: Any) -> None:
        super().__init__(dmm, fe_type, ir.IntType(64))


@infer_getattr
class _BlockAttributes(AttributeTemplate):
    key = Block

    def generic_resolve(self, block: Block, name: str) -> Any:
        found = block.fields.get(name)
        return None if found is None else found[1]


@lower_getattr_generic(Block)
def _load_field(context: Any, builder: Any, block: Any, value: Any, name: str) -> Any:
    offset, kind = block.fields[name]
    held = context.get_value_type(kind)
    place = builder.add(value, ir.Constant(ir.IntType(64), offset))
    loaded = builder.load(builder.inttoptr(place, held.as_pointer()))
    if name not in GROWING:
        # Such an address never changes during a run, so that it may be kept in a register.
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def _as_block(kind: Block) -> Any:
    @intrinsic
    def view(typingctx, address):
        def generate(context, builder, signature, arguments):
            return arguments[0]

        return kind(types.int64), generate

    return view


_as_model, _as_totals, _as_state = _as_block(_MODEL), _as_block(_TOTALS), _as_block(_STATE)


@intrinsic
def _row(typingctx, pointer, offset):
    """The array that begins so many entries on."""

    def generate(context, builder, signature, arguments):
        word = ir.IntType(64)
        moved = builder.mul(arguments[1], ir.Constant(word, 8))
        address = builder.add(builder.ptrtoint(arguments[0], word), moved)
        return builder.inttoptr(address, arguments[0].type)

    return pointer(pointer, types.int64), generate


@intrinsic
def _poke(typingctx, block, place, at, word):
    """Puts a word into an array of a block, wherever in the block that stands."""

    def generate(context, builder, signature, arguments):
        wide = ir.IntType(64)
        eight = ir.Constant(wide, 8)
        array = builder.load(
            builder.inttoptr(builder.add(arguments[0], builder.mul(arguments[1], eight)), wide.as_pointer())
        )
        entry = builder.inttoptr(builder.add(array, builder.mul(arguments[2], eight)), wide.as_pointer())
        builder.store(arguments[3], entry)
        return arguments[3]

    return types.int64(block, types.int64, types.int64, types.int64), generate


@njit(nogil=True)
def _clear(ints: Any, first: Any, count: Any, value: Any) -> None:
    for place in range(first, first + count):
        ints[place] = value


@intrinsic
def _high_word(typingctx, a, b):
    """The upper 64 bits of the product of two 64-bit words: one machine instruction, which NumPy cannot name."""

    def generate(context, builder, signature, arguments):
        wide = ir.IntType(128)
        product = builder.mul(builder.zext(arguments[0], wide), builder.zext(arguments[1], wide))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), generate


@intrinsic
def _trailing_zeros(typingctx, a):
    def generate(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.int64), generate


@intrinsic
def _leading_zeros(typingctx, a):
    def generate(context, builder, signature, arguments):
        return builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.int64), generate


@njit(nogil=True, forceinline=True)
def philox(key: Any, c0: Any, c1: Any) -> Any:
    """The two words at an address: Philox2x64 with ten rounds."""
    multiplier, weyl = np.uint64(0xD2B74407B1CE6E93), np.uint64(0x9E3779B97F4A7C15)
    for _ in range(10):
        high = _high_word(multiplier, c0)
        low = multiplier * c0
        c0 = high ^ key ^ c1
        c1 = low
        key = key + weyl
    return c0, c1


def words_at(key: Any, c0: Any, c1: Any, out: Any) -> None:
    """Both words at each of several addresses, for draws that are made outside the event loop."""
    for i in range(len(c0)):
        a, b = philox(key, c0[i], c1[i])
        out[i, 0] = a
        out[i, 1] = b


@njit(nogil=True, forceinline=True)
def _from_cells(cells: Any, base: Any, word: Any) -> Any:
    """A draw from one quantile table: uniform within the cell that the word's first bits choose."""
    cell = np.int64(word >> np.uint64(54))
    rest = word << np.uint64(10)
    if cell == 0 or cell == 1023:
        low_end = cell == 0
        inner = np.int64(rest >> np.uint64(54))
        rest = rest << np.uint64(10)
        if low_end:
            cell = 1024 + inner
            if inner == 0:
                cell = 3072 + np.int64(rest >> np.uint64(54))
                rest = rest << np.uint64(10)
        else:
            cell = 2048 + inner
            if inner == 1023:
                cell = 4096 + np.int64(rest >> np.uint64(54))
                rest = rest << np.uint64(10)
    fraction = np.float64(rest >> np.uint64(11)) * (1.0 / 9007199254740992.0)
    return cells[2 * (base + cell)] + cells[2 * (base + cell) + 1] * fraction


@njit(nogil=True, forceinline=True)
def _draw(m: Any, table: Any, word: Any) -> Any:
    """Milliseconds drawn from a distribution: always the same, a quantile table, or one of the values seen."""
    kind = m.cells_kind[table]
    if kind == 1:
        return np.int64(_from_cells(m.cells, m.cells_at[table], word) + 0.5)
    if kind == 0:
        return np.int64(m.cells[2 * m.cells_at[table]] + 0.5)
    first = m.cells_at[table]
    count = m.cells_at[table + 1] - first
    return np.int64(m.cells[2 * (first + np.int64(_high_word(word, np.uint64(count))))] + 0.5)


@njit(nogil=True, forceinline=True)
def _bin(ms: Any) -> Any:
    """The bin of a span: exact below 128 ms, then 64 bins for each doubling."""
    exponent = 57 - _leading_zeros(ms)
    if exponent <= 0:
        return ms
    return exponent * 64 + (ms >> exponent)


@njit(nogil=True, forceinline=True)
def _day_of(m: Any, t: Any) -> Any:
    """The day in which an instant falls; -1 before the first."""
    day = t // 86_400_000
    last = m.days - 1
    if t < 0:
        return -1
    if day > last:
        day = last
    while day < last and m.day_start[day + 1] <= t:
        day += 1
    while m.day_start[day] > t:
        day -= 1
    return day


# The tournament: leaf w is worker w's next end of work; a node is the least of its two children. An entry is the
# instant above the worker's index, so that comparing entries compares instants, and workers where those are equal.


@njit(nogil=True, forceinline=True)
def _set_end(s: Any, worker: Any, t: Any) -> None:
    tree = s.tree
    node = s.n[LEAVES] + worker
    entry = (t << _WORKER_BITS) | worker
    tree[node] = entry
    while node > 1:
        other = tree[node ^ 1]
        entry = entry if entry < other else other
        node >>= 1
        tree[node] = entry


@njit(nogil=True)
def _before(heap: Any, a: Any, t: Any, serial: Any) -> Any:
    return heap[4 * a + 0] < t or (heap[4 * a + 0] == t and heap[4 * a + 1] < serial)


@njit(nogil=True)
def _push(s: Any, t: Any, what: Any, stamp: Any) -> None:
    heap = s.heap
    serial = s.n[SERIAL]
    s.n[SERIAL] = serial + 1
    place = s.n[HEAP]
    s.n[HEAP] = place + 1
    while place > 0:
        above = (place - 1) >> 2
        if _before(heap, above, t, serial):
            break
        for k in range(4):
            heap[4 * place + k] = heap[4 * above + k]
        place = above
    heap[4 * place + 0] = t
    heap[4 * place + 1] = serial
    heap[4 * place + 2] = what
    heap[4 * place + 3] = stamp


@njit(nogil=True)
def _pop(s: Any) -> None:
    heap = s.heap
    size = s.n[HEAP] - 1
    s.n[HEAP] = size
    t, serial = heap[4 * size + 0], heap[4 * size + 1]
    place = 0
    while True:
        child = 4 * place + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if _before(heap, other, heap[4 * least + 0], heap[4 * least + 1]):
                least = other
        if not _before(heap, least, t, serial):
            break
        for k in range(4):
            heap[4 * place + k] = heap[4 * least + k]
        place = least
    for k in range(4):
        heap[4 * place + k] = heap[4 * size + k]


# Free workers: a list for each home pool, the one free the longest at its head.


@njit(nogil=True, forceinline=True)
def _set_free(m: Any, s: Any, worker: Any) -> None:
    pool = m.worker_pool[worker]
    last = s.free_tail[pool]
    s.free_next[worker] = -1
    s.free_prev[worker] = last
    if last >= 0:
        s.free_next[last] = worker
    else:
        s.free_head[pool] = worker
    s.free_tail[pool] = worker
    s.free_count[pool] += 1
    s.is_free[worker] = 1


@njit(nogil=True, forceinline=True)
def _not_free(m: Any, s: Any, worker: Any) -> None:
    pool = m.worker_pool[worker]
    before, after = s.free_prev[worker], s.free_next[worker]
    if before >= 0:
        s.free_next[before] = after
    else:
        s.free_head[pool] = after
    if after >= 0:
        s.free_prev[after] = before
    else:
        s.free_tail[pool] = before
    s.free_count[pool] -= 1
    s.is_free[worker] = 0


# Rows of cases.


@njit(nogil=True, forceinline=True)
def _new_row(s: Any) -> Any:
    row = s.n[FREE]
    s.n[FREE] = s.cases[8 * row + LINK]
    s.n[OPEN_CASES] += 1
    return row


@njit(nogil=True, forceinline=True)
def _drop_row(s: Any, row: Any) -> None:
    s.cases[8 * row + LINK] = s.n[FREE]
    s.n[FREE] = row
    s.n[OPEN_CASES] -= 1


@njit(nogil=True)
def _step(meta: Any) -> Any:
    return meta & 0xFFFF


@njit(nogil=True)
def _rank(meta: Any) -> Any:
    return (meta >> 16) & 0xFF


@njit(nogil=True)
def _class(meta: Any) -> Any:
    return (meta >> 24) & 0xFFFF


@njit(nogil=True)
def _nth(meta: Any) -> Any:
    return (meta >> 40) & 0xFFFFFF


@njit(nogil=True)
def _root(s: Any, row: Any) -> Any:
    """The row of the case to which a branch belongs; a case that is not split is its own."""
    parent = s.more[16 * row + PARENT]
    return row if parent < 0 else parent


# Queues. Each has a list, or where its pool's order has a key a skew heap (Sleator and Tarjan 1986), for each rank.


@njit(nogil=True)
def _earlier(more: Any, a: Any, b: Any) -> Any:
    return more[16 * a + SORT] < more[16 * b + SORT] or (
        more[16 * a + SORT] == more[16 * b + SORT] and more[16 * a + SEQ] < more[16 * b + SEQ]
    )


@njit(nogil=True)
def _merged(cases: Any, more: Any, a: Any, b: Any) -> Any:
    if a < 0:
        return b
    if b < 0:
        return a
    if _earlier(more, b, a):
        a, b = b, a
    top = a
    while True:
        right = more[16 * a + RIGHT]
        more[16 * a + RIGHT] = cases[8 * a + LINK]
        if right < 0:
            cases[8 * a + LINK] = b
            return top
        if _earlier(more, b, right):
            right, b = b, right
        cases[8 * a + LINK] = right
        a = right


@njit(nogil=True, forceinline=True)
def _queue(m: Any, s: Any, queue: Any, keyed: Any, row: Any) -> None:
    cases = s.cases
    rank = _rank(cases[8 * row + META])
    place = queue * m.ranks + rank
    cases[8 * row + LINK] = -1
    if keyed:
        s.more[16 * row + RIGHT] = -1
        s.head[place] = _merged(cases, s.more, s.head[place], row)
    elif s.head[place] < 0:
        s.head[place] = row
        s.tail[place] = row
    else:
        cases[8 * s.tail[place] + LINK] = row
        s.tail[place] = row
    s.mask[queue] |= np.int64(1) << rank


@njit(nogil=True)
def _queue_by_turn(m: Any, s: Any, queue: Any, keyed: Any, row: Any) -> None:
    """Queues a visit that has waited before among those of its rank, where its turn is."""
    cases, more = s.cases, s.more
    place = queue * m.ranks + _rank(cases[8 * row + META])
    before, after = np.int64(-1), s.head[place]
    if keyed or after < 0:
        _queue(m, s, queue, keyed, row)
        return
    while after >= 0 and more[16 * after + SEQ] < more[16 * row + SEQ]:
        before, after = after, cases[8 * after + LINK]
    cases[8 * row + LINK] = after
    if before < 0:
        s.head[place] = row
    else:
        cases[8 * before + LINK] = row
    if after < 0:
        s.tail[place] = row


@njit(nogil=True, forceinline=True)
def _take_head(m: Any, s: Any, queue: Any, rank: Any, keyed: Any) -> Any:
    cases = s.cases
    place = queue * m.ranks + rank
    row = s.head[place]
    if keyed:
        s.head[place] = _merged(cases, s.more, cases[8 * row + LINK], s.more[16 * row + RIGHT])
    else:
        s.head[place] = cases[8 * row + LINK]
    if s.head[place] < 0:
        s.mask[queue] &= ~(np.int64(1) << rank)
    return row


@njit(nogil=True, forceinline=True)
def _lowest(mask: Any) -> Any:
    return _trailing_zeros(mask)


@njit(nogil=True)
def _head_alive(m: Any, s: Any, queue: Any, keyed: Any, t: Any) -> Any:
    """The first visit of a queue that may start; -1 where there is none. Rows of those who left are dropped.

    Whose patience runs out at this very instant may not start, and leaves when the turn of that comes.
    """
    while s.mask[queue] != 0:
        rank = _lowest(s.mask[queue])
        row = s.head[queue * m.ranks + rank]
        gone = s.more[16 * row + GONE]
        if gone == 0 and (s.cases[8 * row + DEADLINE] > t or s.more[16 * row + STARTED] != -1):
            return row
        _take_head(m, s, queue, rank, keyed)
        if gone == 0:
            s.more[16 * row + GONE] = _LEAVING
        else:
            _drop_row(s, row)
    return -1


@njit(nogil=True, forceinline=True)
def _planned(m: Any, s: Any, row: Any) -> Any:
    """The planned time of a visit, by how the service stood when it joined."""
    step = _step(s.cases[8 * row + META])
    if m.changing > 0:
        step += m.steps * s.visits[row * m.repeats + m.repeats - 1]
    return m.step_planned[step]


# Booking.


@njit(nogil=True)
def _log_visit(s: Any, row: Any, step: Any, started: Any, ended: Any, worked: Any, worker: Any, outcome: Any) -> None:
    line = s.n[LOG]
    s.n[LOG] = line + 1
    log, case = s.log, _row(s.cases, 8 * row)
    log[LOG_COLUMNS * line + 0] = case[KEY]
    log[LOG_COLUMNS * line + 1] = step | (_class(case[META]) << 16) | (outcome << 32) | (_nth(case[META]) << 36)
    log[LOG_COLUMNS * line + 2] = case[JOINED]
    log[LOG_COLUMNS * line + 3] = started
    log[LOG_COLUMNS * line + 4] = ended
    log[LOG_COLUMNS * line + 5] = worked
    log[LOG_COLUMNS * line + 6] = worker
    log[LOG_COLUMNS * line + 7] = s.more[16 * row + CAME]


@njit(nogil=True)
def _log_spell(s: Any, row: Any, worker: Any, start: Any, end: Any) -> None:
    line = s.n[SPELL]
    s.n[SPELL] = line + 1
    s.spells[5 * line + 0] = s.cases[8 * row + KEY]
    s.spells[5 * line + 1] = _step(s.cases[8 * row + META]) | (_nth(s.cases[8 * row + META]) << 16)
    s.spells[5 * line + 2] = worker
    s.spells[5 * line + 3] = start
    s.spells[5 * line + 4] = end


@njit(nogil=True, forceinline=True)
def _book_need(m: Any, o: Any, pool: Any, joined: Any, need: Any) -> None:
    day = _day_of(m, joined)
    if day < 0:
        o.before[0 * m.pools + pool] += need
        o.before[1 * m.pools + pool] += 1
    else:
        o.daily[(pool * m.days + day) * KINDS + DEMAND] += need
        o.daily[(pool * m.days + day) * KINDS + VISITS_JOINED] += 1


@njit(nogil=True, forceinline=True)
def _book_wait(m: Any, o: Any, step: Any, kind: Any, joined: Any, t: Any) -> None:
    if joined < m.warm_from:
        return
    wait = t - joined
    place = step * m.classes + kind
    o.wait_bins[place * BINS + _bin(wait)] += 1
    o.wait_sum[place] += wait
    if m.target_ms[step] >= 0:
        if wait <= m.target_ms[step]:
            o.wait_within[place] += 1
    elif m.target_ms[step] == -2 and t < m.target_deadline[step * m.days + _day_of(m, joined)]:
        o.wait_within[place] += 1


@njit(nogil=True, forceinline=True)
def _book_lead(m: Any, o: Any, kind: Any, entered: Any, t: Any, outcome: Any) -> None:
    o.outcome_count[outcome] += 1
    if entered < m.warm_from or outcome >= m.diverted_from:
        # Who was diverted has had no way here that could be long or short.
        return
    lead = t - entered
    steps = m.steps
    o.lead_bins[kind * BINS + _bin(lead)] += 1
    o.lead_sum[kind] += lead
    if m.target_ms[steps] >= 0:
        if lead <= m.target_ms[steps]:
            o.lead_within[kind] += 1
    elif m.target_ms[steps] == -2 and t < m.target_deadline[steps * m.days + _day_of(m, entered)]:
        o.lead_within[kind] += 1


@njit(nogil=True)
def _book_left(m: Any, s: Any, o: Any, row: Any, t: Any, logs: Any) -> None:
    """A visit that left its queue before anybody began: it needed its planned minutes, and they fall away."""
    step = _step(s.cases[8 * row + META])
    pool = m.step_pool[step]
    need = _planned(m, s, row)
    _book_need(m, o, pool, s.cases[8 * row + JOINED], need)
    day = _day_of(m, t)
    o.daily[(pool * m.days + day) * KINDS + WITHDRAWN] += need
    o.daily[(pool * m.days + day) * KINDS + VISITS_LEFT] += 1
    o.left_count[step * m.classes + _class(s.cases[8 * row + META])] += 1
    if logs:
        _log_visit(s, row, step, _NONE, t, _ZERO, _NONE, LEFT_VISIT)


# Working time.


@njit(nogil=True)
def _is_away(m: Any, key: Any, worker: Any, day: Any) -> Any:
    below = m.away_below[worker]
    if below == np.uint64(0):
        return False
    address = m.worker_key[worker] + np.uint64(day)
    word, _ = philox(key, address, np.uint64(ABSENCE))
    return word < below


@njit(nogil=True, forceinline=True)
def _end_of_work(m: Any, s: Any, key: Any, worker: Any, t: Any, work: Any) -> Any:
    """When a worker who begins now has given that much work."""
    roster = m.worker_roster[worker]
    stretch = s.at_stretch[roster]
    if t + work <= m.roster_end[stretch] or m.pool_finishes[m.worker_pool[worker]]:
        return t + work
    return _end_of_long_work(m, key, worker, stretch, work - (m.roster_end[stretch] - t))


@njit(nogil=True)
def _end_of_long_work(m: Any, key: Any, worker: Any, stretch: Any, left: Any) -> Any:
    """When so much work is done that is left at the close of a stretch."""
    last = m.roster_at[m.worker_roster[worker] + 1]
    checked, away = _NONE, False
    while True:
        stretch += 1
        if stretch >= last:
            return NEVER
        day = m.roster_day[stretch]
        if day != checked:
            checked = day
            away = _is_away(m, key, worker, day)
        if away:
            continue
        length = m.roster_end[stretch] - m.roster_start[stretch]
        if left <= length:
            return m.roster_start[stretch] + left
        left -= length


@njit(nogil=True)
def _is_off(m: Any, s: Any, key: Any, worker: Any, day: Any) -> Any:
    """Whether a worker does not work at home on a day: away, not called in, or lent."""
    return _is_away(m, key, worker, day) or _is_elsewhere(m, s, worker, day)


@njit(nogil=True, forceinline=True)
def _budget(m: Any, s: Any, worker: Any, day: Any) -> Any:
    """What a worker can give on a day that has begun; -2 who is not there as the service stands on it."""
    state = s.in_force[day] if m.budget_states > 1 else _ZERO
    return m.budget[(state * m.workers + worker) * m.days + day]


@njit(nogil=True)
def _credit(m: Any, s: Any, key: Any, worker: Any, day: Any) -> None:
    """Brings a worker's balance up to a day: each day's budget comes in, unspent time lapses, debts stay."""
    for d in range(s.credited[worker] + 1, day + 1):
        budget = _budget(m, s, worker, d)
        if budget >= 0 and not _is_off(m, s, key, worker, d):
            s.balance[worker] = min(s.balance[worker], 0) + budget
    s.credited[worker] = max(s.credited[worker], day)


@njit(nogil=True, forceinline=True)
def _book_work(
    m: Any, s: Any, o: Any, key: Any, worker: Any, row: Any, pool: Any, end: Any, whole: Any, full: Any, logs: Any
) -> Any:
    """Books what a worker did from the start of the spell to an instant, day by day; returns how much it was.

    Of a visit that was whole in one spell the line of the visit tells all, if the spell is without a break.
    """
    start = s.spell_start[worker]
    stretch = s.spell_stretch[worker]
    home = m.worker_pool[worker]
    # Below 0 is a spell that goes on from a midnight at which the hours became others.
    if (full is None or stretch >= 0) and end <= m.roster_end[stretch]:
        day = m.roster_day[stretch]
        worked = end - start
        o.daily[(pool * m.days + day) * KINDS + ACTIVITY] += worked
        o.daily[(home * m.days + day) * KINDS + USED] += worked
        if m.has_budget[worker]:
            s.balance[worker] -= worked
        if logs and worked > 0 and not whole:
            _log_spell(s, row, worker, start, end)
        return worked
    return _book_long(m, s, o, key, worker, row, pool, start, end, stretch, full, logs)


@njit(nogil=True)
def _book_long(
    m: Any,
    s: Any,
    o: Any,
    key: Any,
    worker: Any,
    row: Any,
    pool: Any,
    start: Any,
    end: Any,
    stretch: Any,
    full: Any,
    logs: Any,
) -> Any:
    home = m.worker_pool[worker]
    last = m.roster_at[m.worker_roster[worker] + 1]
    finishes = m.pool_finishes[home]
    worked = np.int64(0)
    at = start
    # In the stretch in which the spell began the worker is not away.
    first = full is None or stretch >= 0
    if full is not None and not first:
        stretch = ~stretch
    while at < end:
        begin = max(at, m.roster_start[stretch]) if stretch < last else end
        if finishes:
            begin = min(begin, end)
            while at < begin:
                day = _day_of(m, at)
                until = min(begin, m.day_start[day + 1]) if day + 1 < m.days + 1 else begin
                o.daily[(pool * m.days + day) * KINDS + ACTIVITY] += until - at
                o.daily[(home * m.days + day) * KINDS + OVERTIME] += until - at
                worked += until - at
                if m.has_budget[worker]:
                    # The day's own budget comes in when the day is opened, which may be later.
                    s.balance[worker] -= until - at
                if logs:
                    _log_spell(s, row, worker, at, until)
                at = until
        if stretch >= last or begin >= end:
            break
        at = begin
        day = m.roster_day[stretch]
        if not first and _is_off(m, s, key, worker, day):
            if finishes:
                # Away, and yet finishing: what is left of the work stays beyond ordinary time.
                until = min(m.roster_end[stretch], end)
                o.daily[(pool * m.days + day) * KINDS + ACTIVITY] += until - at
                o.daily[(home * m.days + day) * KINDS + OVERTIME] += until - at
                worked += until - at
                if m.has_budget[worker]:
                    s.balance[worker] -= until - at
                if logs and until > at:
                    _log_spell(s, row, worker, at, until)
            at = m.roster_end[stretch]
            stretch += 1
            continue
        first = False
        until = min(m.roster_end[stretch], end)
        o.daily[(pool * m.days + day) * KINDS + ACTIVITY] += until - at
        o.daily[(home * m.days + day) * KINDS + USED] += until - at
        worked += until - at
        if m.has_budget[worker]:
            _credit(m, s, key, worker, day)
            s.balance[worker] -= until - at
        if logs and until > at:
            _log_spell(s, row, worker, at, until)
        at = until
        stretch += 1
    return worked


@njit(nogil=True)
def _later(m: Any, pool: Any, t: Any, work: Any) -> Any:
    """When a pool's calendar has been open for so long after an instant."""
    if work <= 0:
        return t
    first, last = m.open_at[pool], m.open_at[pool + 1]
    low, high = first, last
    while low < high:
        middle = (low + high) >> 1
        if m.open_end[middle] <= t:
            low = middle + 1
        else:
            high = middle
    left = work
    while low < last:
        begin = max(t, m.open_start[low])
        if begin + left <= m.open_end[low]:
            return begin + left
        left -= m.open_end[low] - begin
        low += 1
    return NEVER


@njit(nogil=True)
def _days_later(m: Any, pool: Any, t: Any, days: Any) -> Any:
    """The same local time of day so many open days on."""
    today = _day_of(m, t)
    if days <= 0:
        return t
    seen, before = np.int64(0), today
    for stretch in range(m.open_at[pool], m.open_at[pool + 1]):
        day = m.open_day[stretch]
        if day > before:
            before = day
            seen += 1
            if seen == days:
                since = t - m.day_start[today]
                hour = m.local_hour[today * 25 + since // _HOUR]
                return m.hour_start[day * 24 + hour] + since % _HOUR
    return NEVER


# Cases on their way.


@njit(nogil=True, forceinline=True)
def _begin(m: Any, s: Any, o: Any, key: Any, worker: Any, row: Any, t: Any, full: Any, work: Any) -> None:
    """A worker starts, or goes on with, a visit."""
    s.holds[worker] = row
    s.spell_start[worker] = t
    s.spell_stretch[worker] = s.at_stretch[m.worker_roster[worker]]
    if full is not None:
        s.began[worker] = t
    _set_end(s, worker, _end_of_work(m, s, key, worker, t, work))


@njit(nogil=True, forceinline=True)
def _start_plain(m: Any, s: Any, o: Any, key: Any, worker: Any, row: Any, t: Any) -> None:
    """The first start of a visit that one worker does, whom nobody holds to the case, and that is never missed."""
    case, more = _row(s.cases, 8 * row), _row(s.more, 16 * row)
    more[STAMP] += 1
    more[WAITING] = 0
    more[STARTED] = t
    more[BUSY] = 1
    _book_wait(m, o, _step(case[META]), _class(case[META]), case[JOINED], t)
    _begin(m, s, o, key, worker, row, t, True, case[WORKS])


@njit(nogil=True)
def _start_with(m: Any, s: Any, o: Any, key: Any, worker: Any, row: Any, t: Any, full: Any) -> None:
    """The first or a further start of a visit by one worker, or by the first of several."""
    case = _row(s.cases, 8 * row)
    step = _step(case[META])
    if full is None:
        _book_wait(m, o, step, _class(case[META]), case[JOINED], t)
        case[DEADLINE] = t
        _begin(m, s, o, key, worker, row, t, full, case[WORKS])
        return
    more = _row(s.more, 16 * row)
    if m.step_plain[step] and more[STARTED] == -1:
        _start_plain(m, s, o, key, worker, row, t)
        return
    more[STAMP] += 1
    more[WAITING] = 0
    pool = m.step_pool[step]
    if more[STARTED] == -1:
        member = row
        while member >= 0:
            s.more[16 * member + STARTED] = t
            s.more[16 * member + WAITING] = 0
            _book_wait(m, o, step, _class(s.cases[8 * member + META]), s.cases[8 * member + JOINED], t)
            member = s.more[16 * member + CHAIN]
        if m.missed_below[step] > np.uint64(0):
            _, word = philox(key, np.uint64(case[KEY]), _address(m, step, _nth(case[META]), PATIENCE))
            if word < m.missed_below[step]:
                more[MISSED] = 1
                if m.missed_ms[step] >= 0:
                    case[WORKS] = m.missed_ms[step]
        held = m.pool_held[pool]
        if held >= 0:
            root = _root(s, row)
            if s.owners[root * m.holders + held] < 0:
                s.owners[root * m.holders + held] = worker
                s.holding[worker] += 1
                if root != row:
                    _take_branches(m, s, root, pool, worker)
    more[BUSY] = m.people[step]
    _begin(m, s, o, key, worker, row, t, full, case[WORKS] - (more[DONE] if m.people[step] == 1 else 0))
    for _ in range(1, m.people[step]):
        other = _first_able(m, s, m.step_station[step])
        _not_free(m, s, other)
        _begin(m, s, o, key, other, row, t, full, case[WORKS])


@njit(nogil=True)
def _take_branches(m: Any, s: Any, root: Any, pool: Any, worker: Any) -> None:
    """Other branches of a case that wait at the pool are from now on the worker's who has taken up the case."""
    keyed = m.pool_order[pool] != 0
    for row in range(s.n[ROWS]):
        step = _step(s.cases[8 * row + META])
        if s.more[16 * row + WAITING] != 1 or s.more[16 * row + PARENT] != root or m.step_pool[step] != pool:
            continue
        other = _copied(m, s, row)
        # Not to be met again in this loop.
        s.more[16 * other + WAITING] = 2
        for place in range(s.n[HEAP]):
            # When its patience runs out is told of the new row, in the same place among what else happens then.
            what = (np.int64(_GIVE_UP) << 40) | row
            if s.heap[4 * place + 2] == what and s.heap[4 * place + 3] == s.more[16 * row + STAMP]:
                s.heap[4 * place + 2] = (np.int64(_GIVE_UP) << 40) | other
                s.heap[4 * place + 3] = s.more[16 * other + STAMP]
        is_leaving = s.more[16 * row + GONE] == _LEAVING
        s.more[16 * row + WAITING] = 0
        s.more[16 * row + GONE] = 1
        if is_leaving:
            _drop_row(s, row)
        else:
            _queue_by_turn(m, s, m.stations + worker, keyed, other)
    for row in range(s.n[ROWS]):
        s.more[16 * row + WAITING] = min(s.more[16 * row + WAITING], 1)


@njit(nogil=True, forceinline=True)
def _address(m: Any, step: Any, nth: Any, purpose: Any) -> Any:
    return m.step_key[step] | np.uint64(nth << 8) | np.uint64(purpose)


@njit(nogil=True)
def _first_able(m: Any, s: Any, station: Any) -> Any:
    """Of the home pool's free workers the one free the longest who has what the station asks for."""
    worker = s.free_head[m.station_pool[station]]
    while worker >= 0 and m.worker_stations[worker * m.stations + station] == 0:
        worker = s.free_next[worker]
    return worker


@njit(nogil=True)
def _able_count(m: Any, s: Any, station: Any) -> Any:
    count = 0
    worker = s.free_head[m.station_pool[station]]
    while worker >= 0:
        count += m.worker_stations[worker * m.stations + station]
        worker = s.free_next[worker]
    return count


@njit(nogil=True)
def _free_for(m: Any, s: Any, station: Any) -> Any:
    """A free worker for a visit of a station, not yet in any worker's own queue; -1 where there is none."""
    pool = m.station_pool[station]
    limited = m.pool_caseload[pool] > 0
    worker = s.free_head[pool]
    while worker >= 0:
        if m.worker_stations[worker * m.stations + station] and not (
            limited and s.holding[worker] >= m.worker_caseload[worker]
        ):
            return worker
        worker = s.free_next[worker]
    if not limited:
        for place in range(m.pool_helpers_at[pool], m.pool_helpers_at[pool + 1]):
            worker = m.pool_helpers[place]
            if s.is_free[worker] and m.worker_stations[worker * m.stations + station]:
                return worker
    return -1


@njit(nogil=True, forceinline=True)
def _look_for_plain_work(m: Any, s: Any, o: Any, key: Any, worker: Any, home: Any, t: Any) -> None:
    """What `_look_for_work` comes to where a worker's only queue is that of a pool with one."""
    queue = m.pool_stations_at[home]
    if s.mask[queue] == 0:
        _set_free(m, s, worker)
        return
    row = _head_alive(m, s, queue, _BY_RANK, t)
    if row < 0:
        _set_free(m, s, worker)
        return
    _take_head(m, s, queue, _rank(s.cases[8 * row + META]), _BY_RANK)
    _start_with(m, s, o, key, worker, row, t, True)


@njit(nogil=True)
def _look_for_work(m: Any, s: Any, o: Any, key: Any, worker: Any, t: Any, full: Any, logs: Any) -> None:
    """A worker who has just become able to start takes a visit, or joins the list of the free."""
    home = m.worker_pool[worker]
    if full is None:
        cases = s.cases
        queue = m.pool_stations_at[home]
        while s.mask[queue] != 0:
            row = _take_head(m, s, queue, _lowest(s.mask[queue]), _BY_RANK)
            if cases[8 * row + DEADLINE] <= t:
                _leave_lean(m, s, o, row, cases[8 * row + DEADLINE], logs)
                continue
            _start_with(m, s, o, key, worker, row, t, full)
            return
        _set_free(m, s, worker)
        return
    if m.pool_plain[home] and m.worker_also_at[worker + 1] == m.worker_also_at[worker]:
        _look_for_plain_work(m, s, o, key, worker, home, t)
        return
    if m.pool_held[home] >= 0:
        own = m.stations + worker
        keyed = m.pool_order[home] != 0
        row = _head_alive(m, s, own, keyed, t)
        if row >= 0:
            _take_head(m, s, own, _rank(s.cases[8 * row + META]), keyed)
            _start_with(m, s, o, key, worker, row, t, full)
            return
    tiers = 1 + m.worker_also_at[worker + 1] - m.worker_also_at[worker]
    for tier in range(tiers):
        pool = home if tier == 0 else m.worker_also[m.worker_also_at[worker] + tier - 1]
        if m.pool_caseload[pool] > 0 and (tier > 0 or s.holding[worker] >= m.worker_caseload[worker]):
            continue
        keyed = m.pool_order[pool] != 0
        best, best_row = _NONE, _NONE
        for station in range(m.pool_stations_at[pool], m.pool_stations_at[pool + 1]):
            if m.worker_stations[worker * m.stations + station] == 0:
                continue
            row = _head_alive(m, s, station, keyed, t)
            if row < 0:
                continue
            wanted = m.people[_step(s.cases[8 * row + META])]
            if wanted > 1 and (tier > 0 or _able_count(m, s, station) + 1 < wanted):
                continue
            if best < 0:
                best, best_row = station, row
            else:
                rank, best_rank = _rank(s.cases[8 * row + META]), _rank(s.cases[8 * best_row + META])
                if rank < best_rank or (rank == best_rank and _earlier(s.more, row, best_row)):
                    best, best_row = station, row
        if best >= 0:
            _take_head(m, s, best, _rank(s.cases[8 * best_row + META]), keyed)
            if m.people[_step(s.cases[8 * best_row + META])] > 1:
                # The one who looked joins the end of the list, and those free the longest are taken.
                _set_free(m, s, worker)
                worker = _first_able(m, s, best)
                _not_free(m, s, worker)
            _start_with(m, s, o, key, worker, best_row, t, full)
            return
    _set_free(m, s, worker)


@njit(nogil=True)
def _retry(m: Any, s: Any, o: Any, key: Any, station: Any, t: Any) -> None:
    """Starts visits at the head of a station as long as there are workers free for them."""
    pool = m.station_pool[station]
    keyed = m.pool_order[pool] != 0
    while True:
        row = _head_alive(m, s, station, keyed, t)
        if row < 0:
            return
        wanted = m.people[_step(s.cases[8 * row + META])]
        if wanted > 1:
            if _able_count(m, s, station) < wanted:
                return
            worker = _first_able(m, s, station)
        else:
            worker = _free_for(m, s, station)
            if worker < 0:
                return
        _take_head(m, s, station, _rank(s.cases[8 * row + META]), keyed)
        _not_free(m, s, worker)
        _start_with(m, s, o, key, worker, row, t, True)


@njit(nogil=True)
def _leave_lean(m: Any, s: Any, o: Any, row: Any, t: Any, logs: Any) -> None:
    """Books a leaving that lay before now, at its own moment."""
    case = _row(s.cases, 8 * row)
    _book_left(m, s, o, row, t, logs)
    _book_lead(m, o, _class(case[META]), case[ENTERED], t, 1)
    _drop_row(s, row)


@njit(nogil=True)
def _join(m: Any, s: Any, o: Any, key: Any, row: Any, step: Any, t: Any, full: Any, logs: Any) -> None:
    """A case comes to a step: what it needs there is drawn, and it starts or queues."""
    case = _row(s.cases, 8 * row)
    more = _row(s.more, 16 * row)
    repeats = m.step_repeats[step]
    nth = np.int64(0)
    if repeats >= 0:
        root = _root(s, row) if full is not None else row
        nth = s.visits[root * m.repeats + repeats]
        s.visits[root * m.repeats + repeats] = nth + 1
    if full is not None:
        more[CAME] = _step(case[META])
    meta = (case[META] & 0xFFFFFF0000) | step | (nth << 40)
    case[META] = meta
    case[JOINED] = t
    if full is not None and m.changing > 0:
        s.visits[row * m.repeats + m.repeats - 1] = s.in_force[s.n[TODAY]]
    word, route = philox(key, np.uint64(case[KEY]), _address(m, step, nth, WORK))
    case[WORKS] = _draw(m, m.step_work[step * m.classes + _class(meta)], word)
    case[WORD] = np.int64(route)
    deadline = NEVER
    if m.patience[step] >= 0:
        word, _ = philox(key, np.uint64(case[KEY]), _address(m, step, nth, PATIENCE))
        patience = _draw(m, m.patience[step], word)
        if full is not None and m.patience_pool[step] >= 0:
            deadline = _later(m, m.patience_pool[step], t, patience)
        else:
            deadline = t + patience
    case[DEADLINE] = deadline
    station = m.step_station[step]
    if full is None:
        worker = s.free_head[m.station_pool[station]]
        if worker >= 0 and deadline > t:
            _not_free(m, s, worker)
            _start_with(m, s, o, key, worker, row, t, full)
        else:
            _queue(m, s, station, _BY_RANK, row)
        return
    more[DONE] = 0
    more[STARTED] = -1
    more[MISSED] = 0
    more[GONE] = 0
    more[WAITING] = 0
    more[CHAIN] = _ALONE
    more[STAMP] += 1
    if station < 0:
        more[STARTED] = t
        _push(s, t + case[WORKS], (np.int64(_UNSTAFFED_END) << 40) | row, more[STAMP])
        return
    if deadline <= t:
        _book_left(m, s, o, row, t, logs)
        _push(s, t, (np.int64(_JOIN) << 40) | row, m.patience_to[step])
        return
    pool = m.station_pool[station]
    if m.pool_plain[pool] and m.step_plain[step]:
        more[SEQ] = s.n[SERIAL]
        s.n[SERIAL] += 1
        more[SORT] = 0
        worker = s.free_head[pool]
        if worker >= 0:
            _not_free(m, s, worker)
            _start_plain(m, s, o, key, worker, row, t)
            return
        more[WAITING] = 1
        _queue(m, s, station, _BY_RANK, row)
        # Only who waits can lose patience.
        if deadline < NEVER:
            _push(s, deadline, (np.int64(_GIVE_UP) << 40) | row, more[STAMP])
        return
    if deadline < NEVER:
        _push(s, deadline, (np.int64(_GIVE_UP) << 40) | row, more[STAMP])
    if m.group_size[step] > 0:
        _gather(m, s, o, key, row, step, t, logs)
        return
    _join_station(m, s, o, key, row, station, t, logs)


@njit(nogil=True)
def _join_station(m: Any, s: Any, o: Any, key: Any, row: Any, station: Any, t: Any, logs: Any) -> None:
    pool = m.station_pool[station]
    case, more = _row(s.cases, 8 * row), _row(s.more, 16 * row)
    step = _step(case[META])
    order = m.pool_order[pool]
    more[SEQ] = s.n[SERIAL]
    s.n[SERIAL] += 1
    more[WAITING] = 1
    if m.pool_plain[pool]:
        more[SORT] = 0
        worker = s.free_head[pool]
        if worker >= 0:
            _not_free(m, s, worker)
            _start_with(m, s, o, key, worker, row, t, True)
        else:
            _queue(m, s, station, _BY_RANK, row)
        return
    if order == 0:
        more[SORT] = 0
    elif order == 1:
        more[SORT] = _due(m, step, case[JOINED])
    elif order == 2:
        more[SORT] = case[WORKS]
    else:
        more[SORT] = case[ENTERED]
        member = more[CHAIN]
        while member >= 0:
            more[SORT] = min(more[SORT], s.cases[8 * member + ENTERED])
            member = s.more[16 * member + CHAIN]
    keyed = order != 0
    held = m.pool_held[pool]
    if held >= 0:
        owner = s.owners[_root(s, row) * m.holders + held]
        if owner >= 0:
            if s.is_free[owner]:
                _not_free(m, s, owner)
                _start_with(m, s, o, key, owner, row, t, True)
            else:
                _queue(m, s, m.stations + owner, keyed, row)
            return
    if m.people[step] > 1 or _head_alive(m, s, station, keyed, t) >= 0:
        _queue(m, s, station, keyed, row)
        _retry(m, s, o, key, station, t)
        if not _may_interrupt(m, s, row, pool) or _head_alive(m, s, station, keyed, t) != row:
            return
        worker = _to_interrupt(m, s, key, station, t)
        if worker >= 0:
            _take_head(m, s, station, _rank(case[META]), keyed)
            _start_instead(m, s, o, key, worker, row, t, logs)
        return
    worker = _free_for(m, s, station)
    if worker >= 0:
        _not_free(m, s, worker)
        _start_with(m, s, o, key, worker, row, t, True)
        return
    if _may_interrupt(m, s, row, pool):
        worker = _to_interrupt(m, s, key, station, t)
        if worker >= 0:
            _start_instead(m, s, o, key, worker, row, t, logs)
            return
    _queue(m, s, station, keyed, row)


@njit(nogil=True)
def _may_interrupt(m: Any, s: Any, row: Any, pool: Any) -> Any:
    """Whether a visit that waits is of the kind that takes a worker from another."""
    meta = s.cases[8 * row + META]
    step = _step(meta)
    is_alone = m.people[step] == 1 and not _is_session(s, row)
    return m.pool_preempts[pool] and _class(meta) & 1 and is_alone and s.more[16 * row + WAITING]


@njit(nogil=True)
def _is_session(s: Any, row: Any) -> Any:
    """Whether what waits in a station's queue, or is in hand, was called as a session, whatever is called today."""
    return s.more[16 * row + CHAIN] != _ALONE


@njit(nogil=True)
def _due(m: Any, step: Any, joined: Any) -> Any:
    if m.due_ms[step] >= 0:
        return joined + m.due_ms[step]
    if m.due_ms[step] == -2:
        return m.target_deadline[step * m.days + max(_day_of(m, joined), 0)]
    return NEVER


@njit(nogil=True)
def _to_interrupt(m: Any, s: Any, key: Any, station: Any, t: Any) -> Any:
    """Whom an urgent case takes from a case that is not: the least pressing visit, then the latest begun."""
    pool = m.station_pool[station]
    found, found_rank, found_start = _NONE, _NONE, _NONE
    for worker in range(m.workers):
        row = s.holds[worker]
        if m.worker_pool[worker] != pool or row < 0 or m.worker_stations[worker * m.stations + station] == 0:
            continue
        meta = s.cases[8 * row + META]
        step = _step(meta)
        if m.step_pool[step] != pool or _class(meta) & 1 or m.people[step] > 1 or _is_session(s, row):
            continue
        roster = m.worker_roster[worker]
        stretch = s.at_stretch[roster]
        if s.is_open[roster] == 0 or t >= m.roster_end[stretch] or s.away[worker]:
            continue
        if m.has_budget[worker] and _balance_at(m, s, key, worker, t) <= 0:
            continue
        rank, start = _rank(meta), s.began[worker]
        if rank > found_rank or (rank == found_rank and start > found_start):
            found, found_rank, found_start = worker, rank, start
    return found


@njit(nogil=True)
def _balance_at(m: Any, s: Any, key: Any, worker: Any, t: Any) -> Any:
    """What is left of a worker's budget at an instant, the work in hand with it, which is not booked yet."""
    balance, at, stretch = s.balance[worker], s.spell_start[worker], s.spell_stretch[worker]
    credited = s.credited[worker]
    last = m.roster_at[m.worker_roster[worker] + 1]
    finishes = m.pool_finishes[m.worker_pool[worker]]
    first = stretch >= 0
    stretch = stretch if first else ~stretch
    while at < t:
        begin = min(max(at, m.roster_start[stretch]), t) if stretch < last else t
        if finishes:
            balance -= begin - at
        if stretch >= last or m.roster_start[stretch] > t:
            break
        day = m.roster_day[stretch]
        until = min(m.roster_end[stretch], t)
        if first or not _is_off(m, s, key, worker, day):
            for d in range(credited + 1, day + 1):
                if _budget(m, s, worker, d) >= 0 and not _is_off(m, s, key, worker, d):
                    balance = min(balance, 0) + _budget(m, s, worker, d)
            credited = max(credited, day)
            balance -= until - begin
        elif finishes:
            balance -= until - begin
        first = False
        at = m.roster_end[stretch]
        stretch += 1
    return balance


@njit(nogil=True)
def _start_instead(m: Any, s: Any, o: Any, key: Any, worker: Any, row: Any, t: Any, logs: Any) -> None:
    """An urgent visit starts with a worker who breaks off another, which somebody else may go on with."""
    held = s.holds[worker]
    step = _step(s.cases[8 * held + META])
    s.holds[worker] = -1
    s.more[16 * held + DONE] += _book_work(m, s, o, key, worker, held, m.step_pool[step], t, _IN_PART, True, logs)
    if m.has_budget[worker]:
        # Broken off at the very opening of a day, it has not brought the day's budget in.
        _credit(m, s, key, worker, s.n[TODAY])
    _set_end(s, worker, NEVER)
    _put_back(m, s, held, step)
    _start_with(m, s, o, key, worker, row, t, True)
    _retry(m, s, o, key, m.step_station[step], t)


@njit(nogil=True)
def _put_back(m: Any, s: Any, row: Any, step: Any) -> None:
    """A visit that was broken off goes to the front of its rank."""
    more = _row(s.more, 16 * row)
    more[SEQ] = -s.n[SERIAL]
    s.n[SERIAL] += 1
    more[WAITING] = 1
    more[BUSY] = 0
    _queue_by_turn(m, s, m.step_station[step], m.pool_order[m.step_pool[step]] != 0, row)


@njit(nogil=True)
def _gather(m: Any, s: Any, o: Any, key: Any, row: Any, step: Any, t: Any, logs: Any) -> None:
    """A visit waits until enough are there for a session, or until the first of them has waited long."""
    s.more[16 * row + CHAIN] = _ALONE
    s.more[16 * row + WAITING] = 1
    if m.group_wait[step] >= 0:
        _push(s, t + m.group_wait[step], (np.int64(_GATHERED) << 40) | row, s.more[16 * row + STAMP])
    if s.gather_head[step] < 0:
        s.gather_head[step] = row
    else:
        s.more[16 * s.gather_tail[step] + CHAIN] = row
    s.gather_tail[step] = row
    there, first = 0, _first_there(s, step, t)
    while first >= 0:
        there += _is_there(s, first, t)
        first = s.more[16 * first + CHAIN]
    if there >= m.group_size[step]:
        _convene(m, s, o, key, step, t, logs)


@njit(nogil=True)
def _is_there(s: Any, row: Any, t: Any) -> Any:
    """Whether a visit that is gathered has neither left nor leaves at this very instant."""
    return s.more[16 * row + GONE] == 0 and s.cases[8 * row + DEADLINE] > t


@njit(nogil=True)
def _first_there(s: Any, step: Any, t: Any) -> Any:
    """The first of the visits that are gathered at a step; -1 where there is none. Who left before it is dropped."""
    row = s.gather_head[step]
    while row >= 0 and not _is_there(s, row, t):
        following = s.more[16 * row + CHAIN]
        _drop_gathered(s, row)
        row = following
    s.gather_head[step] = row
    return row


@njit(nogil=True)
def _drop_gathered(s: Any, row: Any) -> None:
    if s.more[16 * row + GONE]:
        _drop_row(s, row)
    else:
        s.more[16 * row + GONE] = _LEAVING


@njit(nogil=True)
def _convene(m: Any, s: Any, o: Any, key: Any, step: Any, t: Any, logs: Any) -> None:
    """Those who are gathered become one session in the station's queue, led by the first who joined."""
    leader, last = np.int64(-1), np.int64(-1)
    rank = np.int64(255)
    row = s.gather_head[step]
    while row >= 0:
        following = s.more[16 * row + CHAIN]
        if not _is_there(s, row, t):
            _drop_gathered(s, row)
        else:
            rank = min(rank, _rank(s.cases[8 * row + META]))
            s.more[16 * row + STAMP] += 1
            s.more[16 * row + CHAIN] = _SESSION
            # Whose session is called stays for it.
            s.cases[8 * row + DEADLINE] = NEVER
            if leader < 0:
                leader = row
            else:
                s.more[16 * last + CHAIN] = row
            last = row
        row = following
    s.gather_head[step] = -1
    # The leader's own rank, one up, is kept where no session needs the place, and comes back when this one ends.
    s.more[16 * leader + MISSED] = _rank(s.cases[8 * leader + META]) + 1
    _set_rank(s, leader, rank)
    _join_station(m, s, o, key, leader, m.step_station[step], t, logs)


@njit(nogil=True)
def _set_rank(s: Any, row: Any, rank: Any) -> None:
    s.cases[8 * row + META] = (s.cases[8 * row + META] & ~(np.int64(0xFF) << 16)) | (rank << 16)


@njit(nogil=True)
def _route_of(m: Any, s: Any, row: Any, step: Any) -> Any:
    first, last = m.rule_at[step], m.rule_at[step + 1]
    root = _root(s, row)
    kind = _class(s.cases[8 * row + META])
    made = _nth(s.cases[8 * row + META]) + 1
    for rule in range(first, last):
        if m.rule_stream[rule] >= 0 and m.rule_stream[rule] != kind >> 1:
            continue
        if m.rule_urgent[rule] >= 0 and m.rule_urgent[rule] != kind & 1:
            continue
        if made < m.rule_visits[rule]:
            continue
        if m.rule_came[rule] >= 0 and m.rule_came[rule] != s.more[16 * row + CAME]:
            continue
        holds = True
        for place in range(m.rule_attribute_at[rule], m.rule_attribute_at[rule + 1]):
            value = (s.more[16 * root + ATTRS] >> (6 * m.rule_attribute[place])) & 63
            if value != m.rule_value[place]:
                holds = False
        if holds:
            return m.rule_route[rule]
    return m.step_route[step]


@njit(nogil=True)
def _go_on(m: Any, s: Any, o: Any, key: Any, row: Any, t: Any, full: Any, logs: Any) -> None:
    """Where a case goes when its visit has ended."""
    case = _row(s.cases, 8 * row)
    step = _step(case[META])
    if full is not None and m.split_route[step] >= 0:
        _split(m, s, o, key, row, step, t, logs)
        return
    route = m.step_route[step]
    if full is not None and m.rule_at[step] != m.rule_at[step + 1]:
        route = _route_of(m, s, row, step)
    place = m.route_at[route]
    word = np.uint64(case[WORD])
    last = m.route_at[route + 1] - 1
    while place < last and word >= m.route_below[place]:
        place += 1
    if full is not None and m.route_delay[place] >= 0:
        _go_later(m, s, key, row, place, t)
        return
    _arrive_at(m, s, o, key, row, m.route_to[place], t, full, logs)


@njit(nogil=True)
def _go_later(m: Any, s: Any, key: Any, row: Any, place: Any, t: Any) -> None:
    """A case goes on by a way that takes time."""
    kind = m.route_delay_kind[place]
    if kind == 2:
        at = _days_later(m, m.route_delay_pool[place], t, m.route_delay[place])
    else:
        meta = s.cases[8 * row + META]
        address = _address(m, _step(meta), _nth(meta), DELAY)
        word, _ = philox(key, np.uint64(s.cases[8 * row + KEY]), address)
        delay = _draw(m, m.route_delay[place], word)
        at = t + delay if kind == 0 else _later(m, m.route_delay_pool[place], t, delay)
    _push(s, at, (np.int64(_JOIN) << 40) | row, m.route_to[place])


@njit(nogil=True)
def _arrive_at(m: Any, s: Any, o: Any, key: Any, row: Any, target: Any, t: Any, full: Any, logs: Any) -> None:
    """A case comes to a step (0 and above) or an outcome (below 0)."""
    if full is not None and s.more[16 * row + PARENT] >= 0:
        parent = s.more[16 * row + PARENT]
        if target < 0 or target == m.split_then[_step(s.cases[8 * parent + META])]:
            _branch_done(m, s, o, key, row, parent, t, logs)
            return
    if target >= 0:
        _join(m, s, o, key, row, target, t, full, logs)
        return
    case = _row(s.cases, 8 * row)
    _book_lead(m, o, _class(case[META]), case[ENTERED], t, -1 - target)
    if full is not None:
        _close(m, s, o, key, row, t, logs)
    _drop_row(s, row)


@njit(nogil=True)
def _close(m: Any, s: Any, o: Any, key: Any, row: Any, t: Any, logs: Any) -> None:
    """Frees the places that a case took in caseloads; the workers who held it look for work, the lowest index first."""
    places = m.holders
    for _ in range(places):
        worker, held = _NONE, _ZERO
        for place in range(places):
            owner = s.owners[row * m.holders + place]
            if owner >= 0 and (worker < 0 or owner < worker):
                worker, held = owner, place
        if worker < 0:
            return
        s.owners[row * m.holders + held] = -1
        s.holding[worker] -= 1
        if s.is_free[worker]:
            after = s.free_next[worker]
            _not_free(m, s, worker)
            _look_for_work(m, s, o, key, worker, t, True, logs)
            if s.is_free[worker] and after >= 0:
                _free_before(m, s, worker, after)


@njit(nogil=True)
def _free_before(m: Any, s: Any, worker: Any, after: Any) -> None:
    """Whoever looked and found nothing has been free as long as before."""
    _not_free(m, s, worker)
    before = s.free_prev[after]
    s.free_prev[worker], s.free_next[worker] = before, after
    s.free_prev[after] = worker
    if before >= 0:
        s.free_next[before] = worker
    else:
        s.free_head[m.worker_pool[worker]] = worker
    s.free_count[m.worker_pool[worker]] += 1
    s.is_free[worker] = 1


@njit(nogil=True)
def _split(m: Any, s: Any, o: Any, key: Any, row: Any, step: Any, t: Any, logs: Any) -> None:
    """A case goes on by several ways at once."""
    first, last = m.route_at[m.split_route[step]], m.route_at[m.split_route[step] + 1]
    s.more[16 * row + BRANCHES] = last - first
    for place in range(first, last):
        branch = _new_row(s)
        for column in range(8):
            if column != LINK:
                s.cases[8 * branch + column] = s.cases[8 * row + column]
        s.more[16 * branch + PARENT] = row
        s.more[16 * branch + GONE] = 0
        s.more[16 * branch + WAITING] = 0
        s.more[16 * branch + MISSES] = 0
        if m.route_delay[place] >= 0:
            _go_later(m, s, key, branch, place, t)
        else:
            _join(m, s, o, key, branch, m.route_to[place], t, True, logs)


@njit(nogil=True)
def _branch_done(m: Any, s: Any, o: Any, key: Any, row: Any, parent: Any, t: Any, logs: Any) -> None:
    s.more[16 * row + PARENT] = -1
    _drop_row(s, row)
    s.more[16 * parent + BRANCHES] -= 1
    if s.more[16 * parent + BRANCHES] > 0:
        return
    target = m.split_then[_step(s.cases[8 * parent + META])]
    if target >= 0:
        _join(m, s, o, key, parent, target, t, True, logs)
        return
    _book_lead(m, o, _class(s.cases[8 * parent + META]), s.cases[8 * parent + ENTERED], t, -1 - target)
    _close(m, s, o, key, parent, t, logs)
    _drop_row(s, parent)


@njit(nogil=True)
def _end_visit(m: Any, s: Any, o: Any, key: Any, worker: Any, row: Any, t: Any, full: Any, logs: Any) -> None:
    """A visit's work is done: it is booked, and the case goes on."""
    case = _row(s.cases, 8 * row)
    step = _step(case[META])
    pool = m.step_pool[step]
    if full is None:
        worked = case[WORKS]
        _book_need(m, o, pool, case[JOINED], worked)
        o.daily[(pool * m.days + s.n[TODAY]) * KINDS + VISITS_DONE] += 1
        if logs:
            _log_visit(s, row, step, case[DEADLINE], t, worked, worker, DONE_VISIT)
        _go_on(m, s, o, key, row, t, full, logs)
        return
    more = _row(s.more, 16 * row)
    if _is_session(s, row):
        _end_session(m, s, o, key, worker, row, step, t, logs)
        return
    _book_need(m, o, pool, case[JOINED], more[DONE])
    o.daily[(pool * m.days + s.n[TODAY]) * KINDS + VISITS_DONE] += 1
    if logs:
        outcome = DONE_VISIT
        if more[MISSED]:
            outcome = LAST_MISS if more[MISSES] + 1 >= m.missed_most[step] else MISSED_VISIT
        _log_visit(s, row, step, more[STARTED], t, more[DONE], worker, outcome)
    if more[MISSED]:
        more[MISSES] += 1
        if more[MISSES] >= m.missed_most[step]:
            more[MISSES] = 0
            _arrive_at(m, s, o, key, row, _LEFT_OUT, t, full, logs)
        else:
            # It is the same visit once more: the case has come from where it came.
            case[META] = (case[META] & ~np.int64(0xFFFF)) | more[CAME]
            _join(m, s, o, key, row, step, t, full, logs)
        return
    more[MISSES] = 0
    _go_on(m, s, o, key, row, t, full, logs)


@njit(nogil=True)
def _end_session(m: Any, s: Any, o: Any, key: Any, worker: Any, row: Any, step: Any, t: Any, logs: Any) -> None:
    pool = m.step_pool[step]
    members = 0
    member = row
    while member >= 0:
        members += 1
        member = s.more[16 * member + CHAIN]
    worked = s.more[16 * row + DONE]
    share, rest = worked // members, worked % members
    if s.more[16 * row + MISSED] > 0:
        _set_rank(s, row, s.more[16 * row + MISSED] - 1)
    member = row
    place = 0
    while member >= 0:
        following = s.more[16 * member + CHAIN]
        s.more[16 * member + CHAIN] = _ALONE
        need = share + (1 if place < rest else 0)
        _book_need(m, o, pool, s.cases[8 * member + JOINED], need)
        o.daily[(pool * m.days + s.n[TODAY]) * KINDS + VISITS_DONE] += 1
        if logs:
            _log_visit(s, member, step, s.more[16 * member + STARTED], t, need, worker, DONE_VISIT)
        _go_on(m, s, o, key, member, t, True, logs)
        member = following
        place += 1


@njit(nogil=True, forceinline=True)
def _after_work(m: Any, s: Any, o: Any, key: Any, worker: Any, t: Any, full: Any, logs: Any) -> None:
    """A worker who has finished looks for more, if there is time and budget left."""
    roster = m.worker_roster[worker]
    if s.is_open[roster] == 0 or t >= m.roster_end[s.at_stretch[roster]]:
        return
    if full is not None and (s.away[worker] or s.holds[worker] >= 0):
        return
    if m.has_budget[worker] and s.balance[worker] <= 0:
        return
    if full is not None:
        home = m.worker_pool[worker]
        if m.pool_plain[home] and m.worker_also_at[worker + 1] == m.worker_also_at[worker]:
            _look_for_plain_work(m, s, o, key, worker, home, t)
            return
    _look_for_work(m, s, o, key, worker, t, full, logs)


@njit(nogil=True)
def _is_in_one_go(m: Any, s: Any, worker: Any, row: Any, step: Any) -> Any:
    """Whether one worker alone has had a visit from its beginning."""
    more = _row(s.more, 16 * row)
    if more[DONE] != 0 or more[STARTED] != s.spell_start[worker]:
        return False
    return m.people[step] <= 1 and not _is_session(s, row)


@njit(nogil=True)
def _end_work(m: Any, s: Any, o: Any, key: Any, worker: Any, t: Any, full: Any, logs: Any) -> None:
    """A worker has finished: the work is booked, the case goes on, and the worker looks for more."""
    row = s.holds[worker]
    s.holds[worker] = -1
    step = _step(s.cases[8 * row + META])
    pool = m.step_pool[step]
    whole = full is None or _is_in_one_go(m, s, worker, row, step)
    worked = _book_work(m, s, o, key, worker, row, pool, t, whole, full, logs)
    if full is not None:
        s.more[16 * row + DONE] += worked
        s.more[16 * row + BUSY] -= 1
        if s.more[16 * row + BUSY] <= 0:
            _end_visit(m, s, o, key, worker, row, t, full, logs)
    else:
        _end_visit(m, s, o, key, worker, row, t, full, logs)
    _after_work(m, s, o, key, worker, t, full, logs)
    if s.holds[worker] < 0:
        # Only now: whoever goes straight on to the next visit has a new end of work already.
        _set_end(s, worker, NEVER)


@njit(nogil=True)
def _open_worker(m: Any, s: Any, o: Any, key: Any, worker: Any, t: Any, full: Any, logs: Any) -> None:
    """A stretch of a worker begins."""
    roster = m.worker_roster[worker]
    stretch = s.at_stretch[roster]
    day = m.roster_day[stretch]
    pool = m.worker_pool[worker]
    if m.roster_first[stretch]:
        if full is not None:
            is_elsewhere = _is_elsewhere(m, s, worker, day)
            s.away[worker] = is_elsewhere or _is_away(m, key, worker, day)
            if is_elsewhere and _policy_of(m, worker) < 0:
                _leave_for_good(m, s, o, key, worker, t, logs)
        if not (full is not None and s.away[worker]):
            given = _budget(m, s, worker, day) if m.has_budget[worker] else m.roster_open[stretch]
            o.daily[(pool * m.days + day) * KINDS + CAPACITY] += given
            policy = _policy_of(m, worker) if full is not None else -1
            if policy >= 0:
                o.policy_capacity[policy * m.days + day] += given
    if full is not None and s.away[worker]:
        return
    if s.holds[worker] >= 0:
        if m.has_budget[worker] and s.spell_start[worker] == t:
            # What was in hand before the first day is gone on with: that day's budget is there for it.
            _credit(m, s, key, worker, day)
        return
    if m.has_budget[worker]:
        _credit(m, s, key, worker, day)
        if s.balance[worker] <= 0:
            return
    _look_for_work(m, s, o, key, worker, t, full, logs)


@njit(nogil=True)
def _policy_of(m: Any, worker: Any) -> Any:
    """The policy that calls a worker in; -1 for those who are always there."""
    for policy in range(m.policies):
        if m.policy_workers_at[policy] <= worker < m.policy_workers_at[policy + 1]:
            return policy
    return -1


@njit(nogil=True)
def _is_elsewhere(m: Any, s: Any, worker: Any, day: Any) -> Any:
    """Whether a worker is not there on a day because of a policy: not called in, lent, or one fewer of the pool."""
    if m.budget_states > 1 and _budget(m, s, worker, day) == _GONE:
        return True
    for policy in range(m.policies):
        is_called = s.called[policy * m.days + day] != 0
        if m.policy_workers_at[policy] <= worker < m.policy_workers_at[policy + 1]:
            return not is_called
        if is_called:
            for place in range(m.policy_lent_at[policy], m.policy_lent_at[policy + 1]):
                if m.policy_lent[place] == worker:
                    return True
    return False


@njit(nogil=True)
def _leave_for_good(m: Any, s: Any, o: Any, key: Any, worker: Any, t: Any, logs: Any) -> None:
    """A worker's last hours are over, or those before being lent: what is in hand, and who waits for nobody else, is
    handed back.

    A visit that several do is finished by the others.
    """
    pool = m.worker_pool[worker]
    held = m.pool_held[pool]
    if held >= 0:
        for row in range(s.n[ROWS]):
            if s.owners[row * m.holders + held] == worker:
                s.owners[row * m.holders + held] = -1
        s.holding[worker] = 0
    row = s.holds[worker]
    if row >= 0 and not m.pool_finishes[pool] and s.tree[s.n[LEAVES] + worker] >> _WORKER_BITS > t:
        step = _step(s.cases[8 * row + META])
        s.holds[worker] = -1
        if s.spell_start[worker] < t:
            s.more[16 * row + DONE] += _book_work(m, s, o, key, worker, row, m.step_pool[step], t, _IN_PART, True, logs)
        _set_end(s, worker, NEVER)
        if m.people[step] > 1:
            s.more[16 * row + BUSY] -= 1
            if s.more[16 * row + BUSY] <= 0:
                _end_visit(m, s, o, key, worker, row, t, True, logs)
        else:
            _put_back(m, s, row, step)
            _retry(m, s, o, key, m.step_station[step], t)
    if held >= 0:
        own = m.stations + worker
        keyed = m.pool_order[pool] != 0
        row = _head_alive(m, s, own, keyed, t)
        while row >= 0:
            _take_head(m, s, own, _rank(s.cases[8 * row + META]), keyed)
            station = m.step_station[_step(s.cases[8 * row + META])]
            _queue_by_turn(m, s, station, keyed, row)
            _retry(m, s, o, key, station, t)
            row = _head_alive(m, s, own, keyed, t)


@njit(nogil=True)
def _has_left(m: Any, s: Any, worker: Any, t: Any) -> Any:
    """Whether the hours that have just ended were a worker's last: none come again, or the policy's days are over."""
    roster = m.worker_roster[worker]
    following = s.at_stretch[roster]
    if following == m.roster_at[roster] or m.roster_end[following - 1] != t:
        return False
    policy = _policy_of(m, worker)
    if policy < 0:
        return following == m.roster_at[roster + 1]
    # Called again at midnight, when these hours end: they were the last of the call before.
    before = m.roster_day[following - 1] < s.policy_before[policy]
    until = s.policy_before[policy] if before else s.policy_until[policy]
    if not before and not s.policy_from[policy] <= m.roster_day[following - 1] < until:
        return False
    return following == m.roster_at[roster + 1] or m.roster_day[following] >= until


@njit(nogil=True)
def _close_stretches(m: Any, s: Any, t: Any, full: Any) -> None:
    """Closings of every roster whose hours end at an instant."""
    for roster in range(m.rosters):
        if s.turns[roster] == t and s.is_open[roster]:
            s.is_open[roster] = 0
            for place in range(m.roster_workers_at[roster], m.roster_workers_at[roster + 1]):
                worker = m.roster_workers[place]
                if s.is_free[worker] and (full is None or m.worker_roster[worker] == roster):
                    _not_free(m, s, worker)
            s.at_stretch[roster] += 1
            following = s.at_stretch[roster]
            s.turns[roster] = m.roster_start[following] if following < m.roster_at[roster + 1] else NEVER


@njit(nogil=True)
def _shut(m: Any, s: Any, o: Any, key: Any, t: Any, full: Any, logs: Any) -> None:
    """Hours end at an instant; then those leave whose last hours they were."""
    _close_stretches(m, s, t, full)
    if full is not None:
        for worker in range(m.workers):
            if _has_left(m, s, worker, t):
                _leave_for_good(m, s, o, key, worker, t, logs)


@njit(nogil=True)
def _open(m: Any, s: Any, o: Any, key: Any, t: Any, full: Any, logs: Any) -> Any:
    """Openings of every roster whose hours begin at an instant; returns the next instant at which one turns."""
    rosters = m.rosters
    opening = 0
    only = -1
    for roster in range(rosters):
        if s.turns[roster] == t:
            opening += 1
            only = roster
            s.is_open[roster] = 2
            s.turns[roster] = m.roster_end[s.at_stretch[roster]]
    if opening == 1:
        s.is_open[only] = 1
        for place in range(m.roster_workers_at[only], m.roster_workers_at[only + 1]):
            worker = m.roster_workers[place]
            if full is None or m.worker_roster[worker] == only:
                _open_worker(m, s, o, key, worker, t, full, logs)
    elif opening > 1:
        for worker in range(m.workers):
            if s.is_open[m.worker_roster[worker]] == 2:
                _open_worker(m, s, o, key, worker, t, full, logs)
        for roster in range(rosters):
            if s.is_open[roster] == 2:
                s.is_open[roster] = 1
    first = NEVER
    for roster in range(rosters):
        first = min(first, s.turns[roster])
    return first


@njit(nogil=True)
def _planned_left(m: Any, s: Any, row: Any, worked: Any) -> Any:
    """What is left of the planned time of a visit, or of all visits of a session, that has had so much work."""
    members = 0
    member = row
    while member >= 0:
        members += 1
        member = s.more[16 * member + CHAIN]
    share, rest = worked // members, worked % members
    left = np.int64(0)
    member = row
    while member >= 0:
        left += max(_planned(m, s, member) - share - (1 if rest > 0 else 0), 0)
        rest -= 1
        member = s.more[16 * member + CHAIN]
    return left


@njit(nogil=True)
def _worked_by(m: Any, s: Any, key: Any, worker: Any, t: Any) -> Any:
    """What a worker has done by an instant on the visit in hand, of what is not booked yet."""
    start, stretch = s.spell_start[worker], s.spell_stretch[worker]
    if start >= t:
        return np.int64(0)
    if m.pool_finishes[m.worker_pool[worker]]:
        return t - start
    worked = np.int64(0)
    first = stretch >= 0
    stretch = stretch if first else ~stretch
    while stretch < m.roster_at[m.worker_roster[worker] + 1] and m.roster_start[stretch] < t:
        if first or not _is_off(m, s, key, worker, m.roster_day[stretch]):
            worked += min(m.roster_end[stretch], t) - max(m.roster_start[stretch], start)
        first = False
        stretch += 1
    return worked


@njit(nogil=True)
def _planned_in_hand(m: Any, s: Any, key: Any, pool: Any, t: Any) -> Any:
    """What is left of the planned time of a pool's visits that workers have in hand."""
    total = np.int64(0)
    for worker in range(m.workers):
        row = s.holds[worker]
        if row < 0 or m.step_pool[_step(s.cases[8 * row + META])] != pool:
            continue
        worked = s.more[16 * row + DONE] + _worked_by(m, s, key, worker, t)
        is_first = True
        for other in range(m.workers):
            if other != worker and s.holds[other] == row:
                is_first = is_first and other > worker
                worked += _worked_by(m, s, key, other, t)
        if is_first:
            total += _planned_left(m, s, row, worked)
    return total


@njit(nogil=True)
def _judge_policies(m: Any, s: Any, o: Any, key: Any, day: Any, t: Any, full: Any, logs: Any) -> None:
    for policy in range(m.policies):
        if s.policy_until[policy] > day:
            continue
        pool = m.policy_pool[policy]
        measure = m.policy_measure[policy]
        value = np.int64(0)
        for row in range(s.n[ROWS]):
            step = _step(s.cases[8 * row + META])
            if s.more[16 * row + WAITING] == 0 or m.step_pool[step] != pool:
                continue
            if s.more[16 * row + STARTED] != -1:
                value += _planned_left(m, s, row, s.more[16 * row + DONE]) if measure == 0 else np.int64(0)
            elif s.cases[8 * row + DEADLINE] <= t:
                continue
            elif measure == 0:
                value += _planned(m, s, row)
            elif measure == 1:
                value += 1
            else:
                value = max(value, t - s.cases[8 * row + JOINED])
        if measure == 0:
            value += _planned_in_hand(m, s, key, pool, t)
        if value > m.policy_above[policy]:
            s.policy_before[policy] = s.policy_until[policy]
            s.policy_from[policy] = day + m.policy_lead[policy]
            s.policy_until[policy] = day + m.policy_lead[policy] + m.policy_days[policy]
            for called in range(s.policy_from[policy], min(s.policy_until[policy], m.days)):
                s.called[policy * m.days + called] = 1
                o.policy_called[policy * m.days + called] = 1
    if full is not None and m.changing > 0:
        _put_in_force(m, s, o, key, day, t, logs)


@njit(nogil=True)
def _put_in_force(m: Any, s: Any, o: Any, key: Any, day: Any, t: Any, logs: Any) -> None:
    """The service stands from now on as the policies that are called for the day have it."""
    before = s.in_force[day - 1] if day > 0 else _ZERO
    state = _ZERO
    for bit in range(m.changing):
        state |= s.called[m.changing_policy[bit] * m.days + day] << bit
    s.in_force[day] = state
    if state != before:
        for patch in range(m.patches):
            _poke(m, m.patch_place[patch], m.patch_at[patch], m.patch_value[state * m.patches + patch])
        # No stretch reaches beyond a midnight: those that end at it are over before anything else changes, so that
        # nobody is free, and nobody is at work but in overtime.
        _close_stretches(m, s, t, True)
        _end_gatherings(m, s, o, key, t, logs)
        if m.roster_states > 1:
            _change_hours(m, s, o, key, before, state, day, t, logs)


@njit(nogil=True)
def _end_gatherings(m: Any, s: Any, o: Any, key: Any, t: Any, logs: Any) -> None:
    """Where there are no sessions any more, those who are gathered wait by themselves, in the order of joining."""
    for step in range(m.steps):
        row = s.gather_head[step]
        if row < 0 or m.group_size[step] > 0:
            continue
        s.gather_head[step] = -1
        while row >= 0:
            following = s.more[16 * row + CHAIN]
            if _is_there(s, row, t):
                s.more[16 * row + CHAIN] = _ALONE
                _join_station(m, s, o, key, row, m.step_station[step], t, logs)
            else:
                _drop_gathered(s, row)
            row = following


@njit(nogil=True)
def _change_hours(m: Any, s: Any, o: Any, key: Any, before: Any, state: Any, day: Any, t: Any, logs: Any) -> None:
    """From a midnight on everybody keeps the hours of how the service stands now; who has none left in them leaves."""
    for worker in range(m.workers):
        if m.roster_in[state * m.workers + worker] != m.worker_roster[worker]:
            _keep_hours(m, s, o, key, worker, m.roster_in[state * m.workers + worker], t, logs)
    for worker in range(m.workers):
        is_other = m.roster_in[state * m.workers + worker] != m.roster_in[before * m.workers + worker]
        if (is_other and _has_no_hours(m, s, worker, day)) or _has_left(m, s, worker, t):
            _leave_for_good(m, s, o, key, worker, t, logs)


@njit(nogil=True)
def _keep_hours(m: Any, s: Any, o: Any, key: Any, worker: Any, roster: Any, t: Any, logs: Any) -> None:
    """A worker keeps another roster from a midnight on; what is in hand goes on in it, or as before in overtime."""
    row = s.holds[worker]
    start = s.spell_start[worker]
    if row >= 0 and start < t:
        pool = m.step_pool[_step(s.cases[8 * row + META])]
        worked = _book_work(m, s, o, key, worker, row, pool, t, _IN_PART, True, logs)
        s.more[16 * row + DONE] += worked
        # What the worker has given to the visit before this spell, in which others may have worked on it too.
        s.given[worker] = worked + (s.given[worker] if start != s.began[worker] else 0)
    m.worker_roster[worker] = roster
    if row < 0:
        return
    finishes = m.pool_finishes[m.worker_pool[worker]]
    alone = m.people[_step(s.cases[8 * row + META])] == 1
    left = s.cases[8 * row + WORKS] - (s.more[16 * row + DONE] if alone else s.given[worker])
    following, last = s.at_stretch[roster], m.roster_at[roster + 1]
    if start >= t:
        # Carried over from before the first day, and to be gone on with when the worker comes.
        while following < last and _is_away(m, key, worker, m.roster_day[following]):
            following += 1
        if following == last:
            s.spell_start[worker] = NEVER
            _set_end(s, worker, NEVER)
            return
        s.spell_start[worker], s.spell_stretch[worker] = m.roster_start[following], following
        s.began[worker] = m.roster_start[following]
        if finishes:
            _set_end(s, worker, m.roster_start[following] + left)
            return
    else:
        s.spell_start[worker] = t
        s.spell_stretch[worker] = ~following
    # What ends at this very midnight, or in overtime, ends then.
    if not finishes and s.tree[s.n[LEAVES] + worker] >> _WORKER_BITS > t:
        _set_end(s, worker, _end_of_long_work(m, key, worker, following - 1, left))


@njit(nogil=True)
def _has_no_hours(m: Any, s: Any, worker: Any, day: Any) -> Any:
    """Whether a worker has no hours from the beginning of a day on, or none on the days of the policy's call.

    Who was not called for the day before, or is called for this one anew, has nothing in hand after the last hours.
    """
    roster = m.worker_roster[worker]
    following = s.at_stretch[roster]
    policy = _policy_of(m, worker)
    if following == m.roster_at[roster + 1]:
        return True
    if policy < 0:
        return False
    until = s.policy_until[policy]
    return not s.policy_from[policy] < day < until or m.roster_day[following] >= until


@njit(nogil=True)
def _copied(m: Any, s: Any, row: Any) -> Any:
    """Another row with the same case, for one that cannot be taken out of the middle of its queue."""
    other = _new_row(s)
    for column in range(1, 8):
        s.cases[8 * other + column] = s.cases[8 * row + column]
    for column in range(16):
        if column != STAMP:
            s.more[16 * other + column] = s.more[16 * row + column]
    for place in range(m.repeats):
        s.visits[other * m.repeats + place] = s.visits[row * m.repeats + place]
    for place in range(m.holders):
        s.owners[other * m.holders + place] = s.owners[row * m.holders + place]
    _clear(s.owners, row * m.holders, m.holders, _NONE)
    return other


@njit(nogil=True)
def _give_up(m: Any, s: Any, o: Any, key: Any, row: Any, t: Any, logs: Any) -> None:
    """Somebody who has waited long enough leaves. The row stays in its queue, as gone; the case goes on in another."""
    step = _step(s.cases[8 * row + META])
    _book_left(m, s, o, row, t, logs)
    other = _copied(m, s, row)
    s.more[16 * other + WAITING] = 0
    s.more[16 * other + GONE] = 0
    s.more[16 * row + WAITING] = 0
    s.more[16 * row + STAMP] += 1
    if s.more[16 * row + GONE] == _LEAVING:
        _drop_row(s, row)
    s.more[16 * row + GONE] = 1
    s.more[16 * other + MISSES] = 0
    _arrive_at(m, s, o, key, other, m.patience_to[step], t, True, logs)
    if not m.pool_plain[m.step_pool[step]]:
        # Who asks for several workers may have held up others, for whom those who are free are enough.
        _retry(m, s, o, key, m.step_station[step], t)


@njit(nogil=True)
def _later_event(m: Any, s: Any, o: Any, key: Any, t: Any, logs: Any) -> None:
    """What the heap has at its top."""
    what, stamp = s.heap[4 * 0 + 2], s.heap[4 * 0 + 3]
    _pop(s)
    kind, row = what >> 40, what & 0xFFFFFFFFFF
    if kind == _JOIN:
        _arrive_at(m, s, o, key, row, stamp, t, True, logs)
    elif kind == _UNSTAFFED_END:
        if logs:
            _log_visit(s, row, _step(s.cases[8 * row + META]), s.more[16 * row + STARTED], t, _ZERO, _NONE, DONE_VISIT)
        _go_on(m, s, o, key, row, t, True, logs)
    elif kind == _GIVE_UP:
        if s.more[16 * row + STAMP] == stamp and s.more[16 * row + WAITING]:
            _give_up(m, s, o, key, row, t, logs)
    elif s.more[16 * row + STAMP] == stamp and s.more[16 * row + WAITING]:
        step = _step(s.cases[8 * row + META])
        if _first_there(s, step, t) == row:
            _convene(m, s, o, key, step, t, logs)


@njit(nogil=True)
def _enter(m: Any, s: Any, o: Any, key: Any, stream: Any, number: Any, t: Any, word: Any, full: Any, logs: Any) -> None:
    """A new case."""
    row = _new_row(s)
    s.n[ARRIVED] += 1
    case = _row(s.cases, 8 * row)
    c0 = m.stream_key[stream] | np.uint64(number)
    urgent = np.int64(1) if word < m.urgent_below[stream] else np.int64(0)
    case[KEY] = np.int64(c0)
    case[META] = ((m.stream_rank[stream] + 1 - urgent) << 16) | ((2 * stream + urgent) << 24) | NOWHERE
    case[ENTERED] = t
    _clear(s.visits, row * m.repeats, m.repeats, _ZERO)
    if full is not None:
        more = _row(s.more, 16 * row)
        more[PARENT] = -1
        more[MISSES] = 0
        more[BRANCHES] = 0
        _clear(s.owners, row * m.holders, m.holders, _NONE)
        attributes = np.int64(0)
        for place in range(m.attribute_at[stream], m.attribute_at[stream + 1]):
            nth = place - m.attribute_at[stream]
            drawn, _ = philox(key, c0, np.uint64(nth << 8) | np.uint64(ATTRIBUTES))
            value, last = m.attribute_value_at[place], m.attribute_value_at[place + 1] - 1
            while value < last and drawn >= m.attribute_below[value]:
                value += 1
            attributes |= m.attribute_value[value] << (6 * m.attribute_of[place])
        more[ATTRS] = attributes
    _join(m, s, o, key, row, m.stream_first[stream], t, full, logs)


@njit(nogil=True)
def _carry_over(m: Any, s: Any, o: Any, key: Any, line: Any, logs: Any) -> None:
    """A case that is there at the start: waiting, with work done, or on its way to a step; see
    `millpond.simulation.starting`."""
    given = _row(m.start, 12 * line)
    row = _new_row(s)
    case, more = _row(s.cases, 8 * row), _row(s.more, 16 * row)
    step, nth = given[2], given[3]
    case[KEY] = given[0]
    case[META] = ((m.stream_rank[given[1] >> 1] + 1 - (given[1] & 1)) << 16) | (given[1] << 24) | step | (nth << 40)
    case[JOINED] = given[4]
    case[ENTERED] = given[5]
    _clear(s.visits, row * m.repeats, m.repeats, _ZERO)
    if m.step_repeats[step] >= 0:
        s.visits[row * m.repeats + m.step_repeats[step]] = nth + 1
    _clear(s.owners, row * m.holders, m.holders, _NONE)
    word, route = philox(key, np.uint64(given[0]), _address(m, step, nth, WORK))
    drawn = _draw(m, m.step_work[step * m.classes + given[1]], word)
    case[WORKS] = drawn if given[8] < 0 else given[8]
    case[WORD] = np.int64(route)
    case[DEADLINE] = NEVER
    for column in range(16):
        if column != STAMP:
            more[column] = 0
    more[PARENT] = -1
    more[CHAIN] = _ALONE
    more[STAMP] += 1
    more[CAME] = given[10] if given[10] >= 0 else NOWHERE
    if given[11] >= 0:
        case[META] = (case[META] & ~np.int64(0xFFFF)) | more[CAME]
        if m.step_repeats[step] >= 0:
            s.visits[row * m.repeats + m.step_repeats[step]] = nth
        _push(s, given[11], (np.int64(_JOIN) << 40) | row, step)
        return
    more[DONE] = given[7]
    if m.step_pool[step] >= 0:
        # What has been done already was never to be done within these days.
        o.before[m.step_pool[step]] -= given[7]
    # A start before these days is below 0; -1 says that there was none.
    more[STARTED] = min(given[9], -2) if given[7] > 0 or given[6] >= 0 else -1
    station = m.step_station[step]
    if station < 0:
        more[STARTED] = max(given[4], 0)
        _push(s, case[WORKS], (np.int64(_UNSTAFFED_END) << 40) | row, more[STAMP])
        return
    worker = given[6]
    if worker >= 0 and s.holds[worker] < 0 and m.people[step] == 1:
        roster = m.worker_roster[worker]
        stretch = m.roster_at[roster]
        while stretch < m.roster_at[roster + 1] and _is_away(m, key, worker, m.roster_day[stretch]):
            stretch += 1
        if stretch < m.roster_at[roster + 1]:
            held = m.pool_held[m.step_pool[step]]
            if held >= 0:
                s.owners[row * m.holders + held] = worker
                s.holding[worker] += 1
            more[BUSY] = 1
            if m.group_size[step] > 0:
                more[CHAIN] = _SESSION
            s.holds[worker] = row
            s.spell_start[worker] = m.roster_start[stretch]
            s.spell_stretch[worker] = stretch
            s.began[worker] = m.roster_start[stretch]
            now = s.at_stretch[roster]
            s.at_stretch[roster] = stretch
            left = max(case[WORKS] - given[7], 1)
            case[WORKS] = given[7] + left
            _set_end(s, worker, _end_of_work(m, s, key, worker, m.roster_start[stretch], left))
            s.at_stretch[roster] = now
            return
    if m.patience[step] >= 0 and more[STARTED] == -1:
        drawn, _ = philox(key, np.uint64(case[KEY]), _address(m, step, nth, PATIENCE))
        patience = _draw(m, m.patience[step], drawn)
        # Patience before the start is not known to have run out: it begins anew at the start.
        case[DEADLINE] = _later(m, m.patience_pool[step], _ZERO, patience) if m.patience_pool[step] >= 0 else patience
        _push(s, max(case[DEADLINE], 1), (np.int64(_GIVE_UP) << 40) | row, more[STAMP])
    if m.group_size[step] > 0:
        _gather(m, s, o, key, row, step, _ZERO, logs)
        return
    _join_station(m, s, o, key, row, station, _ZERO, logs)


@njit(nogil=True)
def _close_worker(m: Any, s: Any, o: Any, key: Any, worker: Any, full: Any, logs: Any) -> None:
    """A visit under way at the end: what has been done of it, and its need so far."""
    row = s.holds[worker]
    if row < 0:
        return
    step = _step(s.cases[8 * row + META])
    pool = m.step_pool[step]
    until = min(m.end, s.tree[s.n[LEAVES] + worker] >> _WORKER_BITS)
    worked = np.int64(0)
    if s.spell_start[worker] < until:
        worked = _book_work(m, s, o, key, worker, row, pool, until, _IN_PART, full, logs)
    if full is None:
        _book_need(m, o, pool, s.cases[8 * row + JOINED], max(m.step_planned[step], worked))
        if logs:
            _log_visit(s, row, step, s.cases[8 * row + DEADLINE], _NONE, worked, worker, OPEN_VISIT)
        return
    s.more[16 * row + DONE] += worked
    s.more[16 * row + BUSY] -= 1
    if s.more[16 * row + BUSY] <= 0:
        _close_begun(m, s, o, row, worker, logs)


@njit(nogil=True)
def _close_begun(m: Any, s: Any, o: Any, row: Any, worker: Any, logs: Any) -> None:
    """A visit, or a session, that has been begun and is not done at the end."""
    step = _step(s.cases[8 * row + META])
    members = 0
    member = row
    while member >= 0:
        members += 1
        member = s.more[16 * member + CHAIN]
    share, rest = s.more[16 * row + DONE] // members, s.more[16 * row + DONE] % members
    member = row
    place = 0
    while member >= 0:
        done = share + (1 if place < rest else 0)
        _book_need(m, o, m.step_pool[step], s.cases[8 * member + JOINED], max(_planned(m, s, member), done))
        if logs:
            _log_visit(s, member, step, s.more[16 * member + STARTED], -1, done, worker, OPEN_VISIT)
        member = s.more[16 * member + CHAIN]
        place += 1


@njit(nogil=True)
def _close_waiting(m: Any, s: Any, o: Any, full: Any, logs: Any) -> None:
    """The visits that still wait at the end, and those whose patience ran out without anybody looking."""
    if full is not None:
        for row in range(s.n[ROWS]):
            if s.more[16 * row + WAITING] == 0:
                continue
            if s.more[16 * row + STARTED] != -1:
                _close_begun(m, s, o, row, _NONE, logs)
                continue
            step = _step(s.cases[8 * row + META])
            _book_need(m, o, m.step_pool[step], s.cases[8 * row + JOINED], _planned(m, s, row))
            if logs:
                _log_visit(s, row, step, _NONE, _NONE, _ZERO, _NONE, OPEN_VISIT)
        if logs:
            for place in range(s.n[HEAP]):
                what = s.heap[4 * place + 2]
                if what >> 40 == _UNSTAFFED_END:
                    row = what & 0xFFFFFFFFFF
                    started = s.more[16 * row + STARTED]
                    _log_visit(s, row, _step(s.cases[8 * row + META]), started, _NONE, _ZERO, _NONE, OPEN_VISIT)
        return
    for place in range(m.stations * m.ranks):
        row = s.head[place] if (s.mask[place // m.ranks] >> (place % m.ranks)) & 1 else np.int64(-1)
        while row >= 0:
            following = s.cases[8 * row + LINK]
            step = _step(s.cases[8 * row + META])
            if s.cases[8 * row + DEADLINE] < m.end:
                _leave_lean(m, s, o, row, s.cases[8 * row + DEADLINE], logs)
            else:
                _book_need(m, o, m.step_pool[step], s.cases[8 * row + JOINED], m.step_planned[step])
                if logs:
                    _log_visit(s, row, step, _NONE, _NONE, _ZERO, _NONE, OPEN_VISIT)
            row = following


@njit(nogil=True)
def _grown(old: Any, length: Any) -> Any:
    new = np.zeros(length, np.int64)
    new[: len(old)] = old
    return new


@njit(nogil=True)
def _free_rows(s: Any, first: Any, rows: Any) -> None:
    """Puts rows of cases on the list of those that are free."""
    for row in range(first, rows):
        s.cases[8 * row + LINK] = row + 1
    s.cases[8 * (rows - 1) + LINK] = s.n[FREE]
    s.n[FREE] = first
    s.n[ROWS] = rows


@njit(nogil=True)
def _replicate(
    m_block: Any, s_block: Any, o_block: Any, growing: Any, key: Any, margin: Any, full: Any, logs: Any
) -> Any:
    m = _as_model(m_block.ctypes.data)
    s = _as_state(s_block.ctypes.data)
    o = _as_totals(o_block.ctypes.data)
    # Held here under their names, and handed back, because an array that only its address knows would be freed.
    cases, more, visits, owners, heap, log, spells = growing
    s.n[LOG_ROOM] = len(log) // LOG_COLUMNS
    s.n[SPELL_ROOM] = len(spells) // SPELL_COLUMNS
    if s.n[ROWS] == 0:
        s.n[FREE] = -1
        _free_rows(s, _ZERO, len(cases) // 8)
        s.n[HEAP_ROOM] = len(heap) // 4
        _first_arrivals(m, s, key)
    # The loop itself knows no array, so that nothing in it counts references.
    while _run_while_room(m, s, o, key, margin, full, logs):
        if s.n[OPEN_CASES] + margin > s.n[ROWS]:
            cases, more = _grown(cases, 2 * len(cases)), _grown(more, 2 * len(more))
            visits, owners = _grown(visits, 2 * len(visits)), _grown(owners, 2 * len(owners))
            s_block[_CASES] = cases.ctypes.data
            s_block[_MORE] = more.ctypes.data
            s_block[_VISITS] = visits.ctypes.data
            s_block[_OWNERS] = owners.ctypes.data
            _free_rows(s, s.n[ROWS], 2 * s.n[ROWS])
        if s.n[HEAP] + margin > s.n[HEAP_ROOM]:
            heap = _grown(heap, 2 * len(heap))
            s_block[_HEAP] = heap.ctypes.data
            s.n[HEAP_ROOM] = len(heap) // 4
        is_full = False
        if logs and s.n[LOG] + margin > s.n[LOG_ROOM]:
            is_full = s.n[LOG] >= LOG_LINES
            if not is_full:
                log = _grown(log, 2 * len(log) + margin * LOG_COLUMNS)
                s_block[_LOG] = log.ctypes.data
                s.n[LOG_ROOM] = len(log) // LOG_COLUMNS
        if logs and s.n[SPELL] + _spells_at_once(m, margin) > s.n[SPELL_ROOM]:
            is_full = is_full or s.n[SPELL] >= LOG_LINES
            if not is_full:
                spells = _grown(spells, 2 * len(spells) + _spells_at_once(m, margin) * SPELL_COLUMNS)
                s_block[_SPELLS] = spells.ctypes.data
                s.n[SPELL_ROOM] = len(spells) // SPELL_COLUMNS
        if is_full:
            return cases, more, visits, owners, heap, log, spells
    if logs and s.n[LOG] + s.n[ROWS] > s.n[LOG_ROOM]:
        if s.n[LOG] >= LOG_LINES:
            return cases, more, visits, owners, heap, log, spells
        log = _grown(log, (s.n[LOG] + s.n[ROWS]) * LOG_COLUMNS)
        s_block[_LOG] = log.ctypes.data
    _close_waiting(m, s, o, full, logs)
    o.case_counts[0] = s.n[ARRIVED]
    o.case_counts[1] = s.n[OPEN_CASES]
    s.n[FINISHED] = 1
    return cases, more, visits, owners, heap, log, spells


@njit(nogil=True)
def _spells_at_once(m: Any, margin: Any) -> Any:
    """The most spells that one event can add: a visit over a long absence has one for each stretch and day.

    Where hours change, all visits that are in hand are booked until then.
    """
    return margin + (m.stretches + m.days) * (m.workers if m.roster_states > 1 else 1)


@njit(nogil=True, forceinline=True)
def _has_room(m: Any, s: Any, margin: Any, logs: Any) -> Any:
    n = s.n
    if n[OPEN_CASES] + margin > n[ROWS] or n[HEAP] + margin > n[HEAP_ROOM]:
        return False
    return not logs or (n[LOG] + margin <= n[LOG_ROOM] and n[SPELL] + _spells_at_once(m, margin) <= n[SPELL_ROOM])


@njit(nogil=True)
def _run_while_room(m: Any, s: Any, o: Any, key: Any, margin: Any, full: Any, logs: Any) -> Any:
    """Works events off until the end, or until an array must grow: returns whether it stopped for that."""
    n = s.n
    while n[LINE] < m.start_lines:
        if not _has_room(m, s, margin, logs):
            return True
        _carry_over(m, s, o, key, n[LINE], logs)
        n[LINE] += 1
    policies = m.policies > 0
    if policies and n[LINE] == m.start_lines:
        _judge_policies(m, s, o, key, np.int64(0), np.int64(0), full, logs)
        n[LINE] += 1
    streams = m.streams
    end = m.end
    day_end = m.day_start[n[TODAY] + 1]
    # Where there is no log, only those who arrive ask for room in the small loop.
    always = full is not None or logs
    while n[CLOSING] < 0:
        if always and not _has_room(m, s, margin, logs):
            return True
        winner = s.tree[1]
        t = winner >> _WORKER_BITS
        kind = 0
        if n[TURN] <= t:
            # Of what falls on one instant, hours close first, then work ends, then hours open.
            if n[SHUT] != n[TURN]:
                t, kind = n[TURN], 5
            elif n[TURN] < t:
                t, kind = n[TURN], 1
        if full is not None:
            if n[HEAP] > 0 and s.heap[0] < t:
                t, kind = s.heap[0], 2
            if n[PLANNED] < m.planned and m.planned_at[n[PLANNED]] < t:
                t, kind = m.planned_at[n[PLANNED]], 3
        if n[ARRIVAL_AT] < t:
            t, kind = n[ARRIVAL_AT], 4
        if t >= end:
            n[CLOSING] = 0
            break
        has_changed = False
        while t >= day_end:
            n[TODAY] += 1
            day_end = m.day_start[n[TODAY] + 1]
            if policies:
                _judge_policies(m, s, o, key, n[TODAY], m.day_start[n[TODAY]], full, logs)
                if full is not None and m.changing > 0:
                    has_changed = True
                    break
        if full is not None and has_changed:
            # Something else may be next now.
            continue
        if kind == 0:
            _end_work(m, s, o, key, winner & _WORKER_MASK, t, full, logs)
        elif kind == 4:
            if not always and not _has_room(m, s, margin, logs):
                return True
            stream = n[ARRIVAL_OF]
            word = s.next_word[stream]
            number = s.next_number[stream]
            s.next_random[stream] = _next_arrival(m, s, key, stream)
            first = np.int64(0)
            for other in range(1, streams):
                if s.next_random[other] < s.next_random[first]:
                    first = np.int64(other)
            n[ARRIVAL_OF] = first
            n[ARRIVAL_AT] = s.next_random[first]
            _enter(m, s, o, key, stream, number, t, word, full, logs)
        elif kind == 1:
            n[TURN] = _open(m, s, o, key, t, full, logs)
        elif kind == 2:
            _later_event(m, s, o, key, t, logs)
        elif kind == 5:
            _shut(m, s, o, key, t, full, logs)
            n[SHUT] = t
        else:
            stream = m.planned_stream[n[PLANNED]]
            number = m.planned_number[n[PLANNED]]
            n[PLANNED] += 1
            _, word = philox(key, m.stream_key[stream] | np.uint64(number), np.uint64(ARRIVAL))
            _enter(m, s, o, key, stream, number, t, word, full, logs)
    while n[CLOSING] < m.workers:
        if not _has_room(m, s, margin, logs):
            return True
        _close_worker(m, s, o, key, n[CLOSING], full, logs)
        n[CLOSING] += 1
    return False


@njit(nogil=True)
def _first_arrivals(m: Any, s: Any, key: Any) -> None:
    """What is first of each kind: arrivals at random of every stream, and openings."""
    n = s.n
    n[ARRIVAL_AT], n[ARRIVAL_OF] = NEVER, -1
    for stream in range(m.streams):
        s.next_number[stream] = -1
        s.next_random[stream] = _next_arrival(m, s, key, stream)
        if s.next_random[stream] < n[ARRIVAL_AT]:
            n[ARRIVAL_AT], n[ARRIVAL_OF] = s.next_random[stream], stream
    n[TURN] = NEVER
    for roster in range(m.rosters):
        n[TURN] = min(n[TURN], s.turns[roster])
    n[SHUT] = -1
    n[CLOSING] = -1


@njit(nogil=True, forceinline=True)
def _next_arrival(m: Any, s: Any, key: Any, stream: Any) -> Any:
    """The next arrival at random of a stream: where the expected number of arrivals reaches the sum of the gaps."""
    last = m.hours
    expected = _row(m.expected, stream * (last + 1))
    if expected[last] <= 0.0:
        return NEVER
    s.next_number[stream] += 1
    gap, word = philox(key, m.stream_key[stream] | np.uint64(s.next_number[stream]), np.uint64(ARRIVAL))
    s.next_word[stream] = word
    total = s.next_reached[stream] + _from_cells(m.gaps, _ZERO, gap)
    s.next_reached[stream] = total
    hour = s.next_hour[stream]
    while hour < last and expected[hour + 1] < total:
        hour += 1
    s.next_hour[stream] = hour
    if hour >= last:
        return NEVER
    return np.int64((hour + (total - expected[hour]) / (expected[hour + 1] - expected[hour])) * 3_600_000.0)


def replicate_lean(m: Any, s: Any, o: Any, growing: Any, key: Any, margin: Any, logs: Any) -> Any:
    """One replication of a service that uses none of what only the full kernel knows; see `replicate_full`."""
    return _replicate(m, s, o, growing, key, margin, None, logs)


def replicate_full(m: Any, s: Any, o: Any, growing: Any, key: Any, margin: Any, logs: Any) -> Any:
    """One replication with every feature compiled in.

    Args:
        m: the block of the service.
        s: the block of the state at the start, from `new_state`.
        o: the block of the totals to fill, all zero.
        growing: the arrays of the state that may grow, from `new_state`.
        key: of the replication; see `millpond.simulation.addresses.replication_key`.
        margin: the most rows of cases, entries of the heap and lines of the log that one event can add.
        logs: whether to keep every visit and every spell of work.

    Returns:
        The arrays that may grow; last the lines of visits and of spells, one after another. Where the log was full, the
        state is not finished: take its lines away and call again with these arrays.
    """
    return _replicate(m, s, o, growing, key, margin, True, logs)


def spread_of(bins: Any, belongs: Any, shares: Any, lowest: Any, width: Any, counts: Any, out: Any) -> None:
    """Quantiles of times that are counted in bins; see `millpond.simulation.histograms.quantiles`.

    Args:
        bins: int32, rows x classes x bins.
        belongs: groups x classes, whether a class is in a group.
        shares: which quantiles, each from 0 to 1.
        lowest, width: of each bin, its first millisecond and how many it has.
        counts: rows x classes, to be filled: how many times are in the bins.
        out: rows x groups x shares, to be filled.
    """
    rows, classes, length = bins.shape
    blocks = length // _BLOCK
    in_block = np.empty((classes, blocks), np.int64)
    times = np.empty(2)
    for row in range(rows):
        for kind in range(classes):
            count = np.int64(0)
            for block in range(blocks):
                added = np.int64(0)
                for place in range(block * _BLOCK, (block + 1) * _BLOCK):
                    added += bins[row, kind, place]
                in_block[kind, block] = added
                count += added
            counts[row, kind] = count
        for group in range(belongs.shape[0]):
            total = np.int64(0)
            for kind in range(classes):
                if belongs[group, kind]:
                    total += counts[row, kind]
            for share in range(len(shares)):
                if total == 0:
                    out[row, group, share] = np.nan
                    continue
                at = (total - 1) * shares[share]
                for end in range(2):
                    rank = np.floor(at) if end == 0 else np.ceil(at)
                    # First the block of bins in which so many are reached, then the bin.
                    before, here, block = np.int64(0), np.int64(0), np.int64(-1)
                    while before + here <= rank:
                        before += here
                        block += 1
                        here = 0
                        for kind in range(classes):
                            if belongs[group, kind]:
                                here += in_block[kind, block]
                    here, found = np.int64(0), block * _BLOCK - 1
                    while before + here <= rank:
                        before += here
                        found += 1
                        here = 0
                        for kind in range(classes):
                            if belongs[group, kind]:
                                here += bins[row, kind, found]
                    # The k-th of c times spread evenly between the first and last millisecond of a bin, which may be
                    # the same.
                    times[end] = lowest[found] + (width[found] - 1) * ((rank - before + 0.5) / here)
                out[row, group, share] = times[0] + (times[1] - times[0]) * (at - np.floor(at))


_CASES, _MORE, _VISITS, _OWNERS, _HEAP, _LOG, _SPELLS = (
    STATE.place(name) for name in ("cases", "more", "visits", "owners", "heap", "log", "spells")
)


def new_state(counts: Mapping[str, int], roster_at: Ints, roster_start: Ints, logs: bool) -> dict[str, Any]:
    """The arrays of a state in which nothing has happened, by their names in `STATE`.

    Args:
        counts: the counts of the model.
        roster_at: where each roster's stretches begin, and where the last one's end.
        roster_start: when each stretch begins.
        logs: whether there will be a log.
    """
    workers, pools, steps, rosters = (counts[name] for name in ("workers", "pools", "steps", "rosters"))
    queues = counts["stations"] + workers
    leaves = 1 << max(workers - 1, 1).bit_length()
    rows = 256

    def none(size: int) -> Ints:
        return np.full(size, -1, dtype=np.int64)

    def zero(size: int) -> Ints:
        return np.zeros(size, dtype=np.int64)

    n = zero(_COUNTERS)
    n[LEAVES] = leaves
    begins = [int(roster_start[first]) if first < last else int(NEVER) for first, last in pairwise(roster_at)]
    room = 4096 if logs else 1
    return {
        "cases": zero(rows * 8),
        "more": zero(rows * 16),
        "visits": zero(rows * counts["repeats"]),
        "owners": none(rows * counts["holders"]),
        "heap": zero(rows * 4),
        "log": zero(room * LOG_COLUMNS),
        "spells": zero(room * SPELL_COLUMNS),
        "n": n,
        "tree": np.full(2 * leaves, (int(NEVER) << _WORKER_BITS) | _WORKER_MASK, dtype=np.int64),
        "at_stretch": np.array(roster_at[:-1], dtype=np.int64),
        "turns": np.array(begins, dtype=np.int64),
        "is_open": zero(rosters),
        "head": none(queues * counts["ranks"]),
        "tail": none(queues * counts["ranks"]),
        "mask": zero(queues),
        **{name: none(workers) for name in ("holds", "free_next", "free_prev", "credited")},
        **{name: zero(workers) for name in ("spell_start", "spell_stretch", "began", "given")},
        **{name: zero(workers) for name in ("is_free", "away", "balance", "holding")},
        "free_head": none(pools),
        "free_tail": none(pools),
        "free_count": zero(pools),
        "gather_head": none(steps),
        "gather_tail": none(steps),
        "policy_from": zero(counts["policies"]),
        "policy_until": zero(counts["policies"]),
        "policy_before": zero(counts["policies"]),
        "called": zero(counts["policies"] * counts["days"]),
        "in_force": zero(counts["days"]),
        **{name: zero(counts["streams"]) for name in ("next_random", "next_number", "next_hour", "next_word")},
        "next_reached": np.zeros(counts["streams"]),
    }
