"""The process apart in which workbooks are opened: what it may not do, and what becomes of one that goes wrong."""

import io
import os
import sys
import textwrap
import time
import zipfile
from pathlib import Path

import openpyxl
import psutil
import pytest
from openpyxl.styles.numbers import BUILTIN_FORMATS

from data.reasons import FileRefused
from data.sources import cells, sandbox, workbook
from data.sources.sandbox import Child, End, Limits, Stopped

pytestmark = [
    pytest.mark.harden,
    pytest.mark.filterwarnings("error"),
]
FEW = Limits(seconds=10, memory=512 << 20)


def book(rows):
    out = io.BytesIO()
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet()
    for row in rows:
        sheet.append(row)
    made.save(out)
    return out.getvalue()


@pytest.fixture
def child(tmp_path, monkeypatch):
    """A child that runs the given lines in the place of the reader, confined as it is."""

    def start(code, limits=FEW):
        package = tmp_path / "data" / "sources"
        package.mkdir(parents=True, exist_ok=True)
        body = textwrap.indent(textwrap.dedent(code), "    ")
        (package / "book.py").write_text(f"from data.sources import sandbox\ndef main(arguments):\n{body}\n")
        (package / "sandbox.py").write_text(Path(sandbox.__file__).read_text())
        monkeypatch.setattr(sandbox, "_ROOT", str(tmp_path))
        return Child("book", limits)

    return start


TRIES = """
    import errno, os, socket, subprocess, sys, threading
    sandbox.confine(arguments)
    def attempt(name, act):
        try:
            act()
        except Exception as error:
            sandbox.say(name, type(error).__name__)
        else:
            sandbox.say(name, "done")
    attempt("read", lambda: open("/etc/passwd"))
    attempt("write", lambda: open("gone-astray", "w"))
    attempt("socket", lambda: socket.socket())
    attempt("connect", lambda: socket.create_connection(("127.0.0.1", PORT)))
    attempt("run", lambda: subprocess.run(["/bin/true"]))
    attempt("pipe", os.pipe)
    sandbox.say("environment", sorted(os.environ))
    sandbox.say("modules", sorted(m for m in sys.modules if m.partition(".")[0] in ("pyogrio", "numpy", "pandas", "sqlalchemy")))
    sys.stdout.flush()
"""


def said(running):
    found = []
    try:
        for line in running.lines():
            found.append(line)
    except Stopped as stopped:
        return found, stopped.end
    return found, None


def test_the_child_opens_no_file_no_socket_and_no_process_and_inherits_nothing(child, monkeypatch):
    import socket

    monkeypatch.setenv("HOTSPOTKAART_SECRET", "not for children")
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        child(TRIES.replace("PORT", str(server.getsockname()[1]))) as it,
    ):
        told = dict(said(it)[0])
    assert {told[word] for word in ("read", "write", "socket", "connect", "run", "pipe")} <= {
        "OSError",
        "BlockingIOError",
    }
    assert told["environment"] in ([], ["LC_CTYPE"])  # Python sets the last one itself
    assert told["modules"] == []
    print(f"sandbox: 6 ways out of the child tried, 0 open; environment {told['environment']}")


@pytest.mark.parametrize(
    ("code", "limits", "end"),
    [
        ("import time\ntime.sleep(60)", Limits(seconds=1, memory=512 << 20), End.TIME),
        ("sandbox.confine(arguments)\nwhile True: pass", Limits(seconds=1, memory=512 << 20), End.TIME),
        (
            "sandbox.confine(arguments)\ntry:\n    b'x' * (600 << 20)\nexcept MemoryError:\n    sandbox.out_of_memory()",
            FEW,
            End.MEMORY,
        ),
        ("import os\nos.abort()", FEW, End.BROKEN),
        ("1 / 0", FEW, End.BROKEN),
        ("print('no json', flush=True)", FEW, End.BROKEN),
        ("print('[' * 100_000, flush=True)", FEW, End.BROKEN),
        ("print('{}', flush=True)", FEW, End.BROKEN),
        ("import os\nos.close(1)", FEW, End.BROKEN),
    ],
)
def test_however_a_child_ends_it_is_known_why_and_it_is_gone(child, code, limits, end):
    begun = time.monotonic()
    with child(code, limits) as it:
        pid = it.pid
        assert said(it)[1] == end
    assert time.monotonic() - begun < 8
    assert not psutil.pid_exists(pid)


def test_a_child_that_is_left_alone_halfway_is_gone_too(child):
    with pytest.raises(KeyboardInterrupt), child("import time\ntime.sleep(60)") as it:
        raise KeyboardInterrupt
    assert not psutil.pid_exists(it.pid)


LIES = [
    "sandbox.say('row', 1, [0], ['a'], [])",  # a row of no sheet
    "sandbox.say('sheet', 'no')",
    "sandbox.say('sheet', False); sandbox.say('row', 1, [0], [5], [])",
    "sandbox.say('sheet', False); sandbox.say('row', -1, [0], ['a'], [])",
    "sandbox.say('sheet', False); sandbox.say('row', 'a', [0], ['a'], [])",
    "sandbox.say('sheet', False); sandbox.say('row', 1, [10**6], ['a'], [])",
    "sandbox.say('sheet', False); sandbox.say('row', 1, [0, 1], ['a'], [])",
    "sandbox.say('sheet', False); sandbox.say('row', 1, [0], ['a' * 100_001], [])",
    "sandbox.say('sheet', False); sandbox.say('row', 1, [0], ['a'], [[0, 'x', 'no_such_reason']])",
    "sandbox.say('sheet', False); sandbox.say('row', 1, [0], ['a'], [[0]])",
    "sandbox.say('sheet', False); sandbox.say('row', 2, [0], ['a'], []); sandbox.say('row', 1, [0], ['a'], [])",
    "sandbox.say('heads', 5)",
    "sandbox.say('refused', '{name.__class__.__init__.__globals__}', {})",
    "sandbox.say('refused', 5, {})",
    "sandbox.say('refused', SENTENCE, {})",  # without the part that the sentence names
    "sandbox.say('at', 'half')",
    "sandbox.say([1], {})",
    "sandbox.say(None)",
    "sandbox.say('end')",
    "import sys; sys.stdout.write('[' + '9' * 6000 + ']\\n')",
]


@pytest.mark.parametrize("lie", LIES)
def test_what_a_child_cannot_have_found_in_a_workbook_is_not_believed(child, monkeypatch, lie):
    sentence = repr(workbook.reasons.strange_parts("", "").sentence)
    code = (
        f"import sys\n{lie.replace('SENTENCE', sentence)}\nsys.stdout.flush()\nsandbox.received()\nsandbox.received()"
    )
    made = child(code)
    monkeypatch.setattr(workbook, "Child", lambda *_: made)
    with pytest.raises(FileRefused) as refused:
        workbook.read_workbook(b"PK", name="a.xlsx")
    assert refused.value.code == "broken_workbook"


def test_a_text_in_every_cell_is_refused_before_it_fills_memory():
    text, rows = "x" * 90_000, "".join(f'<row r="{at}"><c t="s"><v>0</v></c></row>' for at in range(3, 400_000))
    with zipfile.ZipFile(io.BytesIO(book([["id", "datum"], ["a", "b"]]))) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        b"</sheetData>", rows.encode() + b"</sheetData>"
    )
    parts["xl/sharedStrings.xml"] = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'.encode()
    )
    links = parts["xl/_rels/workbook.xml.rels"].decode()
    if "sharedStrings" not in links:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
        links = links.replace(
            "</Relationships>", f'<Relationship Id="s1" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
        )
        parts["xl/_rels/workbook.xml.rels"] = links.encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    begun = time.monotonic()
    with pytest.raises(FileRefused) as refused:
        workbook.read_workbook(out.getvalue(), name="a.xlsx")
    assert refused.value.code in ("unsafe_workbook", "stopped_reading")
    print(f"sandbox: 36 GB in a file of {len(out.getvalue()) >> 10} kB is refused in {time.monotonic() - begun:.1f} s")


def test_too_little_time_or_memory_is_told_in_a_sentence():
    content = book([["id", "datum"], *[[str(i), "x" * 50] for i in range(30_000)]])
    for few in (Limits(seconds=20, memory=8 << 20), Limits(seconds=0, memory=1 << 30)):
        with pytest.raises(FileRefused) as refused:
            workbook.read_workbook(content, name="a.xlsx", limits=few)
        assert refused.value.code in ("stopped_reading", "broken_workbook")
    assert len(workbook.read_workbook(content, name="a.xlsx").frame) == 30_000


def test_a_child_costs_little():
    content = book([["id", "datum"], ["1", "a"]])
    begun = time.monotonic()
    for _ in range(5):
        workbook.read_workbook(content, name="a.xlsx")
    print(f"sandbox: a small workbook takes {(time.monotonic() - begun) / 5 * 1000:.0f} ms, its process among it")
    assert not [c for c in psutil.Process(os.getpid()).children() if "data.sources.book" in " ".join(c.cmdline())]


def test_the_formats_that_say_something_about_time_are_those_of_excel():
    for number in range(60):
        if number not in cells._BUILTIN_DATES:
            assert cells.format_by_id(number, {}) == cells.number_format(BUILTIN_FORMATS.get(number, "General")), number
    assert sys.modules["data.sources.cells"] is cells
