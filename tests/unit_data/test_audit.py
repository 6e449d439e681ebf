"""Whoever changes, removes, swaps or cuts lines of the audit log is found out."""

import json
import random
import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.audit import keep
from data.audit.chain import START, Action, Anchor, Fault, Line, mac, verify
from data.audit.log import AuditLog, anchors_file, key_file
from data.settings import Settings
from data.viewer import Role, Viewer

KEY = b"k" * 32
ANN = Viewer(name="ann", role=Role.ANALYST)


def chain(n, key=KEY):
    """n lines that fit, and the anchor of the last."""
    lines, before = [], START
    for seq in range(1, n + 1):
        line = Line(
            seq=seq,
            at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seq),
            actor="ann",
            role="analist",
            action="export",
            subject=f"HK-{seq}",
            detail={"n": seq},
        )
        before = mac(line, before, key=key)
        lines.append(replace(line, mac=before))
    return lines, Anchor(seq=n, mac=before, at=lines[-1].at)


def test_a_whole_chain_has_no_findings():
    lines, anchor = chain(50)
    assert verify(lines, [anchor], key=KEY) == []
    assert verify([], [], key=KEY) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("actor", "bob"),
        ("role", "auditor"),
        ("action", "import"),
        ("subject", "HK-0"),
        ("detail", {"n": 0}),
        ("at", datetime(2027, 1, 1, tzinfo=UTC)),
        ("mac", "0" * 64),
    ],
)
def test_no_field_of_a_line_can_be_changed_unseen(field, value):
    lines, anchor = chain(9)
    lines[4] = replace(lines[4], **{field: value})
    assert Fault.CHANGED in {f.fault for f in verify(lines, [anchor], key=KEY)}


@pytest.mark.harden
def test_a_thousand_edits_deletions_swaps_and_truncations_are_all_found():
    rng = random.Random(2026)
    missed = []
    for attempt in range(1000):
        lines, anchor = chain(rng.randint(3, 25))
        at = rng.randrange(len(lines))
        kind = ("edit", "delete", "swap", "truncate", "rehash")[attempt % 5]
        if kind == "edit":
            lines[at] = replace(lines[at], subject=f"HK-{rng.random()}")
        elif kind == "delete":
            del lines[at]
        elif kind == "swap":
            other = (at + rng.randint(1, len(lines) - 1)) % len(lines)
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == "truncate":
            del lines[at:]
        else:  # the whole chain made anew, by somebody who has not the key
            lines = [replace(line, actor="bob") for line in lines]
            before = START
            for i, line in enumerate(lines):
                before = mac(line, before, key=b"x" * 32)
                lines[i] = replace(line, mac=before)
        if not verify(lines, [anchor], key=KEY):
            missed.append((attempt, kind))
    print(f"audit log: 1,000 edits, deletions, swaps, truncations and chains made anew, {len(missed)} not found")
    assert missed == []


@given(st.data())
def test_what_is_renumbered_after_a_deletion_is_found_too(data):
    lines, anchor = chain(data.draw(st.integers(3, 12)))
    del lines[data.draw(st.integers(0, len(lines) - 1))]
    lines = [replace(line, seq=i) for i, line in enumerate(lines, start=1)]
    assert verify(lines, [anchor], key=KEY)


def test_with_the_key_a_cut_and_rewritten_tail_still_shows_at_the_anchor():
    lines, anchor = chain(10)
    forged, _ = chain(10)
    forged[-1] = replace(forged[-1], subject="iets anders")
    forged[-1] = replace(forged[-1], mac=mac(forged[-1], forged[-2].mac, key=KEY))
    assert [f.fault for f in verify(forged, [anchor], key=KEY)] == [Fault.OTHER_CHAIN]
    assert [f.fault for f in verify(lines[:7], [anchor], key=KEY)] == [Fault.CUT]


@pytest.fixture
def settings(store_url, tmp_path):
    return Settings(
        store=store_url,
        audit_key=str(tmp_path / "key"),
        audit_anchors=str(tmp_path / "elsewhere" / "anchors.jsonl"),
        audit_anchor_minutes=0,
    )


def test_lines_are_kept_in_order_and_verified_on_both_databases(settings):
    with AuditLog.open(settings) as log:
        for n in range(5):
            log.record(ANN, Action.EXPORT, f"HK-{n}", n=n, first=n == 0)
        log.record(Viewer(name="bob", role=Role.AUDITOR), Action.SIGN_IN)
    with AuditLog.open(settings) as log:
        assert [line.seq for line in log.lines()] == [6, 5, 4, 3, 2, 1]
        assert [line.action for line in log.lines(actor="bob")] == ["sign_in"]
        assert log.lines(action="export", newest=1)[0].detail == {"n": 4, "first": False}
        assert log.verify() == []
    assert len(keep.anchors(anchors_file(settings))) == 6


def test_several_threads_and_processes_make_one_chain(settings):
    logs = [AuditLog.open(settings) for _ in range(3)]

    def write(log):
        for _ in range(10):
            log.record(ANN, Action.VIEW_REPORTS)

    threads = [threading.Thread(target=write, args=(log,)) for log in logs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(logs[0].lines()) == 30 and logs[0].verify() == []
    for log in logs:
        log.close()


def test_a_stored_line_changed_by_hand_is_found(tmp_path):
    settings = Settings(store=str(tmp_path / "stad.sqlite"), audit_key=str(tmp_path / "key"))
    with AuditLog.open(settings) as log:
        for n in range(3):
            log.record(ANN, Action.EXPORT, f"HK-{n}")
        with sqlite3.connect(tmp_path / "stad.audit.sqlite") as connection:
            connection.execute("UPDATE audit_log SET detail = 'geen json', at = 'gisteren' WHERE seq = 2")
        assert {f.seq for f in log.verify()} >= {2}
        with sqlite3.connect(tmp_path / "stad.audit.sqlite") as connection:
            connection.execute("DELETE FROM audit_log")
        assert [f.fault for f in log.verify()] == [Fault.CUT]


def test_the_log_and_its_key_are_for_their_owner_only(tmp_path):
    settings = Settings(store=str(tmp_path / "stad.sqlite"), audit_key=str(tmp_path / "key"))
    with AuditLog.open(settings) as log:
        log.record(ANN, Action.SIGN_IN)
    for path in (tmp_path / "stad.audit.sqlite", key_file(settings), anchors_file(settings)):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_fraction_is_refused_because_it_could_be_a_coordinate(tmp_path):
    with (
        AuditLog.open(Settings(store=str(tmp_path / "s.sqlite"), audit_key=str(tmp_path / "key"))) as log,
        pytest.raises(TypeError, match=r"x = 105123\.4"),
    ):
        log.record(ANN, Action.VIEW_REPORTS, x=105123.4)


def test_unusable_keys_and_anchors_are_told_with_the_way_out(tmp_path):
    short = tmp_path / "short"
    short.write_text("abc")
    with pytest.raises(keep.AuditError, match="te kort"):
        keep.key(short)
    (tmp_path / "file").write_text("")
    with pytest.raises(keep.AuditError, match="audit_key"):
        keep.key(tmp_path / "file" / "key")
    (tmp_path / "anchors").write_text(json.dumps({"seq": 1}))
    with pytest.raises(keep.AuditError, match="niet te lezen"):
        keep.anchors(tmp_path / "anchors")


def test_anchors_that_cannot_be_written_do_not_stop_the_work(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    settings = Settings(
        store=str(tmp_path / "s.sqlite"),
        audit_key=str(tmp_path / "key"),
        audit_anchors=str(tmp_path / "file" / "anchors"),
    )
    with AuditLog.open(settings) as log:
        assert log.record(ANN, Action.EXPORT).seq == 1
        assert "anchor could not be written" in caplog.text
        with pytest.raises(keep.AuditError, match="audit_anchors"):
            log.anchor()
