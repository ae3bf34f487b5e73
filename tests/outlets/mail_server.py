"""Mail servers for tests: one that takes mail, remembers it and may be told to behave badly; with TLS if wanted."""

from __future__ import annotations

import contextlib
import datetime as dt
import email
import email.policy
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PASSWORD = "mail-password-7"


@dataclass
class Mailbox:
    """What arrived, and how to answer."""

    mails: list[Any] = field(default_factory=list)
    no_such: str = ""
    refuse_data: str = ""
    signed_in: list[str] = field(default_factory=list)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.no_such and address == self.no_such:
            return "550 no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.refuse_data:
            return self.refuse_data
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 queued as 77"


def _authenticates(server, session, envelope, mechanism, auth_data):
    is_right = auth_data.password == PASSWORD.encode()
    if is_right:
        server.event_handler.signed_in.append(auth_data.login.decode())
    return AuthResult(success=is_right, handled=False)


@contextlib.contextmanager
def serving(mailbox: Mailbox, **options: Any) -> Iterator[int]:
    """A mail server for the length of a block; yields its port."""
    # The controller knocks at the port it was given, so it must be told a real one.
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, ready_timeout=10, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@contextlib.contextmanager
def with_password(mailbox: Mailbox) -> Iterator[int]:
    with serving(mailbox, authenticator=_authenticates, auth_require_tls=False) as port:
        yield port


@dataclass(frozen=True)
class Certificate:
    """A certificate for 127.0.0.1 that nobody but its own file vouches for."""

    file: Path
    key: Path

    @property
    def context(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.file, self.key)
        return made


def certificate_in(folder: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stand-in")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file, private = folder / "stand-in.pem", folder / "stand-in.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return Certificate(file, private)
