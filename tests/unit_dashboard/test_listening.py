"""The server's port and its end: a port that cannot be had is one sentence, and being told to stop leaves nothing behind."""

import errno
import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from dashboard import listening as module
from dashboard.listening import PortRefused, listening, stopping
from data.store import ReportStore

# Whoever runs the tests under nohup has the program hear the signal all the same.
HEARING = """
import runpy, signal
signal.signal(signal.SIGHUP, signal.SIG_DFL)
runpy.run_module("dashboard.cli", run_name="__main__")
"""
PATIENCE = 120  # seconds: the demo fills a city first


@pytest.fixture
def taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def free_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        return other.getsockname()[1]


@pytest.mark.parametrize("arguments", [("demo",), ("serve", "--store", "{folder}/stad.sqlite")])
def test_a_port_in_use_is_one_sentence_with_the_way_out_before_anything_is_said(command, taken, tmp_path, arguments):
    given = [part.format(folder=tmp_path) for part in arguments]
    ReportStore.open(str(tmp_path / "stad.sqlite")).close()
    assert command(*given, "--port", taken) == (
        2,
        "",
        f"Poort {taken} is al in gebruik. Kies een andere met --port.\n",
    )
    _code, _out, err = command("--language", "en", *given, "--port", taken)
    assert err == f"Port {taken} is already in use. Choose another one with --port.\n"


@pytest.mark.parametrize(("number", "code"), [(errno.EACCES, "port_denied"), (errno.EADDRNOTAVAIL, "no_address")])
def test_what_else_the_system_says_of_a_port_is_one_sentence_too(monkeypatch, number, code):
    class Refusing(socket.socket):
        def bind(self, address):
            raise OSError(number, "refused")

    monkeypatch.setattr(module.socket, "socket", Refusing)
    with pytest.raises(PortRefused) as refused, listening("127.0.0.1", 80):
        pass
    assert refused.value.code == code


@pytest.mark.parametrize("host", ["geen.adres.invalid", "x" * 80, "198.51.100.1"])
def test_a_host_that_is_no_address_of_this_computer_is_told(host):
    with pytest.raises(PortRefused) as refused, listening(host, free_port()):
        pass
    assert refused.value.code == "no_address" and host in str(refused.value)


def test_what_listens_answers_nobody_else_and_lets_go_afterwards():
    port = free_port()
    with listening("127.0.0.1", port) as sockets:
        assert [one.getsockname() for one in sockets] == [("127.0.0.1", port)]
        with pytest.raises(PortRefused), listening("127.0.0.1", port):
            pass
    with listening("127.0.0.1", port):
        pass


def test_a_signal_that_is_ignored_stays_ignored_and_afterwards_all_is_as_it_was():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopping():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            with pytest.raises(SystemExit) as ended:
                signal.raise_signal(signal.SIGTERM)
            assert ended.value.code == 128 + signal.SIGTERM
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_demo_that_is_told_to_stop_leaves_nothing_behind(tmp_path, number):
    port, folder = free_port(), tmp_path / "tijdelijk"
    folder.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", HEARING, "demo", "--port", str(port)],
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        try:
            # It listens while it fills; the answer comes when the page is there.
            assert demo.stdout.readline().startswith("Demostad klaar")
            assert urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE).status == 200
            assert [path.name for path in folder.glob("hotspotkaart-demo-*")]
            demo.send_signal(number)
            _out, err = demo.communicate(timeout=PATIENCE)
        finally:
            demo.kill()
    assert demo.returncode in (0, 128 + number) and "Traceback" not in err
    assert [path.name for path in folder.glob("hotspotkaart-demo-*")] == []
