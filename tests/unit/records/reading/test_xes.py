"""XES event logs, read with a reader of our own."""

from __future__ import annotations

import gzip

import pytest

from millpond.errors import UnreadableFile

from .conftest import Read

LOG = """<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
  <string key="creator" value="nobody"/>
  <trace>
    <string key="concept:name" value="007"/>
    <string key="channel" value="phone"/>
    <event>
      <string key="concept:name" value="triage &amp; advice"/>
      <date key="time:timestamp" value="2025-07-06T09:00:00.000+01:00"/>
      <string key="lifecycle:transition" value="start"/>
      <int key="cost" value="5"><string key="currency" value="GBP"/></int>
    </event>
    <!-- between events -->
    <event>
      <string key="concept:name" value="triage &amp; advice"/>
      <date key="time:timestamp" value="2025-07-06T09:20:00.000+01:00"/>
      <string key="lifecycle:transition" value="complete"/>
      <list key="tags"><values><string key="tag" value="a"/><string key="tag2" value="b"/></values></list>
    </event>
    <float key="score" value="0.5"/>
  </trace>
  <trace><string key="concept:name" value="008"/></trace>
  <trace>
    <string key="concept:name" value="NA"/>
    <event>
      <date key="time:timestamp" value="2025-07-06T10:00:00Z"/>
      <string key="concept:name" value="close"/>
      <string key="lifecycle:transition" value="complete"/>
    </event>
  </trace>
</log>
"""


def test_a_log_is_read_with_the_attributes_of_cases_and_events(read: Read) -> None:
    log = read(LOG, name="log.xes")
    assert log.rows("row_number", "case", "step", "started", "ended", "channel") == [
        (1, "007", "triage & advice", "2025-07-06 09:00", "2025-07-06 09:20", "phone"),
        (3, "NA", "close", None, "2025-07-06 11:00", None),
    ]
    assert log.reading.format == "XES"
    assert log.reading.lifecycle == "start/complete rows"
    assert log.rows("cost", "cost/currency", "tags", "case:score") == [
        ("5", "GBP", "a; b", "0.5"),
        (None, None, None, None),
    ]
    assert "1 case without any event left no visit." in log.reading.notes


def test_gzip_and_a_prefix_of_the_namespace_change_nothing(read: Read) -> None:
    plain = read(LOG, name="log.xes").rows("case", "step", "ended")
    assert read(gzip.compress(LOG.encode()), name="log.xes.gz").rows("case", "step", "ended") == plain
    prefixed = LOG.replace("xmlns=", "xmlns:x=").replace("</", "</x:").replace("<", "<x:")
    for mark in ("x:?xml", "x:!--", "x:/x:"):
        prefixed = prefixed.replace("<" + mark, "<" + mark.removeprefix("x:"))
    assert read(prefixed, name="prefixed.xes").rows("case", "step", "ended") == plain


def test_an_event_of_no_case_is_set_aside(read: Read) -> None:
    alone = (
        '<event><string key="concept:name" value="alone"/><string key="lifecycle:transition" value="complete"/>'
        '<date key="time:timestamp" value="2025-07-06T10:00:00Z"/></event>'
    )
    log = read(LOG.replace("</log>", f"{alone}</log>"), name="log.xes")
    assert [(row, reason) for row, reason, _ in log.aside()] == [(4, "it has no case")]


def test_many_small_steps_come_out_like_one(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    from millpond.records.reading import xes

    whole = read(LOG, name="log.xes").rows("case", "step", "ended", "case:score", "tags")
    monkeypatch.setattr(xes, "_STEP_EVENTS", 1)
    assert read(LOG, name="log.xes").rows("case", "step", "ended", "case:score", "tags") == whole


def test_a_log_that_is_cut_off_says_where(read: Read) -> None:
    with pytest.raises(UnreadableFile, match=r"damaged or cut off at line 1[0-9] .*Nothing was taken"):
        read(LOG[:800], name="log.xes")


def test_a_log_without_events_is_refused(read: Read) -> None:
    with pytest.raises(UnreadableFile, match="without a single event"):
        read('<log xmlns="http://www.xes-standard.org/"><trace/></log>', name="log.xes")


def test_entities_from_elsewhere_are_not_looked_up(read: Read, tmp_path: object) -> None:
    attack = LOG.replace("<!-- made by hand -->", '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]>').replace(
        "phone", "&x;"
    )
    try:
        channels = read(attack, name="log.xes").column("channel")
    except UnreadableFile:
        return
    assert channels[0] in (None, "")
