"""What the tests play with: the shipped event, a real Dovecot, an SMTP server that keeps what it is handed."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest
import trustme
from aiosmtpd.controller import Controller
from hypothesis import HealthCheck, settings
from imapclient import IMAPClient

from kkn_mailer.config import load_event
from kkn_mailer.embedded import free_port
from kkn_mailer.event import Event

ROOT = Path(__file__).resolve().parent.parent
settings.register_profile("suite", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


def need(program: str) -> str:
    """The path of a program; a test that needs it is skipped where it is missing, and fails where CI lacks it."""
    path = shutil.which(program)
    return path or _missing(program)


def library(name: str) -> ctypes.CDLL:
    """A shared library; a test that needs it is skipped as by `need`."""
    try:
        return ctypes.CDLL(name)
    except OSError:
        return _missing(name)


def _missing(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def event() -> Event:
    return load_event(ROOT / "config")


@dataclass(frozen=True)
class Dovecot:
    """A running Dovecot: its plain and its TLS port on 127.0.0.1, the authority that signed it; any user, password `secret`."""

    port: int
    tls_port: int
    ca_file: Path

    def client(self, user: str) -> IMAPClient:
        client = IMAPClient("127.0.0.1", self.port, ssl=False)
        client.login(user, "secret")
        client.select_folder("INBOX")
        return client


_DOVECOT = """
base_dir = {home}/run
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
mail_location = maildir:{home}/mail/%u
mail_max_userip_connections = 100
namespace inbox {{
  inbox = yes
  mailbox Koncept {{
    special_use = \\Drafts
  }}
  mailbox Levererat {{
    special_use = \\Sent
  }}
  mailbox Soptunnan {{
    special_use = \\Trash
  }}
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={home}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def dovecot(authority: trustme.CA) -> Iterator[Dovecot]:
    program = need("dovecot")
    if os.geteuid() != 0:
        pytest.skip("Dovecot is started by root only")
    home = Path(tempfile.mkdtemp(prefix="kkn-dovecot-"))
    home.chmod(0o755)
    (home / "mail").mkdir()
    shutil.chown(home / "mail", "nobody", "nogroup")
    certificate = authority.issue_cert("127.0.0.1")
    certificate.cert_chain_pems[0].write_to_path(str(home / "cert.pem"))
    certificate.private_key_pem.write_to_path(str(home / "key.pem"))
    authority.cert_pem.write_to_path(str(home / "ca.pem"))
    running = Dovecot(free_port(), free_port(), home / "ca.pem")
    (home / "dovecot.conf").write_text(_DOVECOT.format(home=home, port=running.port, tls_port=running.tls_port))
    server = subprocess.Popen(
        [program, "-F", "-c", str(home / "dovecot.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _listening(running.port, server)
        yield running
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)
        shutil.rmtree(home, ignore_errors=True)


def _listening(port: int, server: subprocess.Popen[bytes]) -> None:
    waiting = threading.Event()
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if server.poll() is not None:
                break
            waiting.wait(0.05)
    pytest.fail("Dovecot did not start")


@dataclass
class Sink:
    """An SMTP server: what it was handed, and the answers it gives to addresses it is told to refuse."""

    port: int
    sent: list[tuple[list[str], bytes]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    """What it answers to an address; `drop` breaks the connection."""
    refuse_sender: str = ""
    refuse_data: str = ""
    asked: int = 0
    """How many messages it has been offered."""
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, options: Any) -> str:
        self.asked += 1
        if self.refuse_sender:
            return self.refuse_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if self.refuse.get(address) == "drop":
            server.transport.abort()
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refuse_data:
            return self.refuse_data
        self.sent.append((list(envelope.rcpt_tos), bytes(envelope.content)))
        self.arrived.release()
        return "250 OK"


@pytest.fixture
def smtp_sink() -> Iterator[Sink]:
    sink = Sink(free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, enable_SMTPUTF8=True)
    controller.start()
    yield sink
    controller.stop()


_users = iter(range(1_000_000))


@pytest.fixture
def user() -> str:
    """A mailbox nobody else has used."""
    return f"user{os.getpid()}-{next(_users)}"
