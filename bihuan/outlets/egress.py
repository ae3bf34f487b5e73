"""Opening a connection to the host an administrator wrote down, and to nothing else.

The name is resolved once, every address it has is judged, and the connection is made to a judged address: a name that
resolves differently a moment later leads nowhere. No proxy of the environment is asked. A conversation has an end in
all, not only between two bytes: `Watch` hangs up from outside, for each byte that drips in would renew the socket's own
time-out.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from bihuan.outlets.errors import NotAllowedOut, NotSent, Why

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

_CARRIER_GRADE: Final = ipaddress.ip_network("100.64.0.0/10")
_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Patience:
    """How long a connection may take, and the whole conversation; seconds."""

    connect: float = 5
    total: float = 15


@dataclass(frozen=True, kw_only=True)
class Destination:
    """A host and port an administrator wrote down. `intranet`: that they said it is an address of the own network."""

    host: str
    port: int
    tls: bool
    intranet: bool = False


def may_reach(address: str, *, intranet: bool) -> bool:
    """Whether an outlet may be led to this IP address.

    The open internet always; the own network, this machine among it, only where the administrator said so. Link-local
    addresses (where clouds answer questions about the machine itself), multicast and reserved ones never.
    """
    one = _plain(ipaddress.ip_address(address.partition("%")[0]))
    if (
        one.is_link_local
        or one.is_multicast
        or one.is_unspecified
        or (one.is_reserved and not one.is_loopback)
    ):
        return False
    if one.is_global:
        return True
    own = one.is_private or (one.version == 4 and one in _CARRIER_GRADE)  # noqa: PLR2004  (of the Internet Protocol)
    return intranet and own


def _plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one only wraps."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or address


def resolved(host: str, port: int) -> list[str]:
    """All addresses of a name, as the machine's resolver gives them; an address is its own."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Watch:
    """Hangs up when the whole conversation has lasted long enough. It holds the connection by a handle of its own, so it
    does not matter that the socket is wrapped into TLS meanwhile.
    """

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self._hold = sock.dup()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._timer = threading.Timer(seconds, self._hang_up)
        self._timer.daemon = True
        self._timer.start()

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def stop(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._hold.close()

    def _hang_up(self) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._over.set()
            self._hold.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def conversation(
    destination: Destination, patience: Patience, *, resolve: Resolve = resolved
) -> Iterator[socket.socket]:
    """A connection for the length of a block; what goes wrong inside comes out as `NotSent`."""
    addresses = _judged(destination, resolve)
    sock = watch = None
    try:
        sock = _connected(addresses, destination.port, patience)
        watch = Watch(sock, patience.total)
        if destination.tls:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=destination.host)
        yield sock
        _refuse_late(watch)
    except NotSent:
        raise
    except ssl.SSLCertVerificationError as error:
        raise NotSent(Why.CERTIFICATE, error.verify_message) from error
    except (OSError, EOFError, ValueError) as error:
        late = isinstance(error, TimeoutError) or (watch is not None and watch.is_over)
        raise NotSent(Why.TIME if late else Why.UNREACHABLE, type(error).__name__) from error
    finally:
        if watch is not None:
            watch.stop()
        if sock is not None:
            sock.close()


def _refuse_late(watch: Watch) -> None:
    """A body that was hung up looks like a short one."""
    if watch.is_over:
        raise NotSent(Why.TIME)


def _judged(destination: Destination, resolve: Resolve) -> list[str]:
    """The addresses of the host, all of them allowed: a name that also leads where it may not is not trusted at all."""
    try:
        addresses = list(resolve(destination.host, destination.port))
    except (OSError, UnicodeError) as error:
        raise NotSent(Why.UNRESOLVED, destination.host) from error
    if not addresses:
        raise NotSent(Why.UNRESOLVED, destination.host)
    for address in addresses:
        if not may_reach(address, intranet=destination.intranet):
            raise NotAllowedOut(address)
    return addresses


def _connected(addresses: Sequence[str], port: int, patience: Patience) -> socket.socket:
    """The first address that answers; the socket waits no longer than the whole conversation may take."""
    for number, address in enumerate(addresses, start=1):
        try:
            sock = socket.create_connection((address, port), timeout=patience.connect)
        except OSError:
            if number == len(addresses):
                raise
        else:
            sock.settimeout(patience.total)
            return sock
    raise NotSent(Why.UNREACHABLE)
