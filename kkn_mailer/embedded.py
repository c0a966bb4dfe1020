"""An IMAP and an SMTP server on loopback, within this process: for the demonstration and for tests.

IMAP is pymap's in-memory backend, SMTP is aiosmtpd; both come with the extra `demo`.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

USER, PASSWORD = "demo", "demo"


class EmbeddedError(Exception):
    """The embedded servers cannot be had: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message the SMTP server accepted: its envelope's recipients and its bytes."""

    recipients: tuple[str, ...]
    raw: bytes


@dataclass(slots=True)
class Servers:
    """Where the servers listen, and what was sent."""

    imap_port: int
    smtp_port: int
    sent: list[Delivered] = field(default_factory=list)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def servers() -> Iterator[Servers]:
    """Both servers, running until the block ends. Raises `EmbeddedError`."""
    try:
        from aiosmtpd.controller import Controller
    except ImportError:
        raise EmbeddedError("the embedded servers are not installed: pip install 'kkn-mailer[demo]'") from None
    running = Servers(free_port(), free_port())

    class Keep:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 — aiosmtpd's name
            running.sent.append(Delivered(tuple(envelope.rcpt_tos), bytes(envelope.content)))
            return "250 OK"

    controller = Controller(Keep(), hostname="127.0.0.1", port=running.smtp_port)
    controller.start()
    try:
        with _imap(running.imap_port):
            yield running
    finally:
        controller.stop()


@contextmanager
def _imap(port: int) -> Iterator[None]:
    ready = threading.Event()
    state: dict[str, Any] = {}
    thread = threading.Thread(target=lambda: asyncio.run(_serve(port, ready, state)), daemon=True)
    thread.start()
    ready.wait(30)
    if "stop" not in state:
        raise EmbeddedError(f"the embedded IMAP server did not start: {state.get('error', 'no answer')}")
    try:
        yield
    finally:
        state["loop"].call_soon_threadsafe(state["stop"].set)
        thread.join(10)


async def _serve(port: int, ready: threading.Event, state: dict[str, Any]) -> None:
    try:
        from pymap.backend.dict import DictBackend
        from pymap.imap import IMAPService

        parser = ArgumentParser()
        parser.set_defaults(debug=False, passlib_cfg=None, skip_services=[])
        DictBackend.add_subparser("dict", parser.add_subparsers(dest="backend"))
        IMAPService.add_arguments(parser)
        options = parser.parse_args(
            [
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                "--no-tls",
                "dict",
                "--demo-user",
                USER,
                "--demo-password",
                PASSWORD,
            ]
        )
        backend, config = await DictBackend.init(options)
        config.apply_context()
        async with AsyncExitStack() as stack:
            await backend.start(stack)
            await IMAPService(backend, config).start(stack)
            state["loop"], state["stop"] = asyncio.get_running_loop(), asyncio.Event()
            ready.set()
            await state["stop"].wait()
    except Exception as error:  # told to the thread that waits
        state["error"] = f"{type(error).__name__}: {error}"
        ready.set()
