"""No request reaches an address that is not public, whatever the URL, the redirect or the name says.

Two kinds of proof: connections that would be made are noted and led to loopback instead, and a
network namespace of its own in which the forbidden addresses exist and count who connects.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.web import addresses
from flows.web.addresses import RefusedAddress, is_public, parse_target
from flows.web.outcomes import Fetched, FetchFailure, FetchRequest
from tests.flows.webserver import WebServer, answer, fetch, redirect
from transforms.records import Reason

ROOT = Path(__file__).resolve().parents[2]

NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
127.1.2.3 169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1
192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1
239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16 :: ::1 ::127.0.0.1 ::8.8.8.8
::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1
100::1 2001::1 2001:0:7f00:1:: 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::
2002:808:808:: 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 ff0e::1
""".split()  # noqa: SIM905 - addresses read better as words
PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 93.184.215.14 100.63.255.255 100.128.0.1 126.255.255.255
128.0.0.1 169.253.1.1 172.15.255.255 172.32.0.1 192.167.1.1 192.169.0.1 198.17.1.1 198.20.0.1
223.255.255.254 2001:4860:4860::8888 2606:4700:4700::1111 2a00:1450:4001::1 2620:fe::fe
""".split()  # noqa: SIM905 - addresses read better as words

TRICKS = """
http://2130706433/ http://0x7f000001/ http://0x7f.1/ http://0177.0.0.1/ http://017700000001/
http://127.1/ http://127.0.1/ http://127.0.0.1./ http://0/ http://0x0/ http://127.0.0.01/
http://127.0.0.1.5/ http://256.0.0.1/ http://1.2.3.4.5/ http://192.168.1/ http://0xa9fea9fe/
http://[::1]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[0:0:0:0:0:0:0:1]/
http://[fe80::1%25eth0]/ http://[fe80::1%eth0]/ http://[::1%25lo]/ http://[v1.fe]/
http://[::1]x/ http://[::]/ http://[64:ff9b::7f00:1]/ http://[2002:7f00:1::]/
http://[::127.0.0.1]/ http://public.example@127.0.0.1/ http://127.0.0.1@public.example/
http://a:b@127.0.0.1/ http://public.example\\@127.0.0.1/ http://127.0.0.1\\@public.example/
http://127.0.0.1%00.public.example/ http://127.0.0.1%2f.public.example/
http://public.example%40127.0.0.1/ http://127。0。0。1/ http://①②⑦.⓪.⓪.①/ http://１２７.0.0.1/
http:127.0.0.1/ http:/127.0.0.1/ http:///127.0.0.1/ https:\\\\127.0.0.1/ http://127.0.0.1:22/
http://127.0.0.1:1023/ http://public.example:25/ http://public.example:0/
http://public.example:65536/ http://public.example:-1/ http://public.example:8o/
file:///etc/passwd gopher://127.0.0.1:11211/ ftp://127.0.0.1/ dict://127.0.0.1/
jar:http://127.0.0.1/ //127.0.0.1/ 127.0.0.1 http:// http://./ http://../ http://-a/
http://a..b/ http://$(id)/ http://*/ http://169.254.169.254/latest/meta-data/
http://100.100.100.200/ http://[fd00:ec2::254]/ http://localhost/ http://localhost./
http://LOCALHOST/ http://internal.example/ http://rebind.example/
http://mixed.example.only-private/ http://nat64.example/ http://sixtofour.example/
http://mapped.example/
""".split()  # noqa: SIM905 - addresses read better as words


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_public_is_told(address: str) -> None:
    """Every special block of the IANA registries, multicast, and IPv4 in any IPv6 form."""
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_stay_public(address: str) -> None:
    """Also those just beside a special block."""
    assert is_public(ipaddress.ip_address(address))


def test_a_scoped_address_is_never_public() -> None:
    """A zone id names an interface of this machine."""
    assert not is_public(ipaddress.ip_address("2606:4700::1%eth0"))


@given(st.integers(0, 2**32 - 1))
def test_no_ipv4_address_is_public_inside_ipv6(number: int) -> None:
    """Mapped, compatible, translated, 6to4 and Teredo forms are all refused."""
    for network, shift in (
        ("::ffff:0:0", 0),
        ("::", 0),
        ("64:ff9b::", 0),
        ("2002::", 80),
        ("2001::", 0),
    ):
        base = int(ipaddress.IPv6Address(network))
        assert not is_public(ipaddress.IPv6Address(base | (number << shift)))


@given(st.ip_addresses())
def test_nothing_is_public_that_python_knows_to_be_private(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """Our table only ever takes away from what the standard library calls global."""
    assert address.is_global or not is_public(address)


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_refused(text: str) -> None:
    """Taking an address apart gives a clean target or says why not, and does so again the same way."""
    for url in (text, f"http://{text}", f"https://public.example/{text}"):
        try:
            target = parse_target(url)
        except RefusedAddress:
            continue
        assert target.path.isascii()
        assert not set(target.url) & set(" \t\r\n@\\") or "@" in target.path
        assert parse_target(target.url) == target


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("http://Paper.Example./A?b=%2f#c", "paper.example", 80, "/A?b=%2f"),
        ("https://paper.example:443", "paper.example", 443, "/"),
        ("https://paper.example:8443/é ü", "paper.example", 8443, "/%C3%A9%20%C3%BC"),
        ("http://bücher.example/", "xn--bcher-kva.example", 80, "/"),
        ("http://8.8.8.8/", "8.8.8.8", 80, "/"),
        ("http://[2606:4700::1]:8080/", "2606:4700::1", 8080, "/"),
        (" http://paper.example/?a[]=1|2 ", "paper.example", 80, "/?a[]=1|2"),
    ],
)
def test_ordinary_addresses_are_understood(url: str, host: str, port: int, path: str) -> None:
    """Host in ASCII and lower case, default ports, paths as they are."""
    target = parse_target(url)
    assert (target.host, target.port, target.path) == (host, port, path)


# -- noted connections ----------------------------------------------------------------------------

NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "public.example": ["93.184.215.14"],
    "other.example": ["2606:4700::1"],
    "mixed.example": ["10.0.0.1", "93.184.215.14", "::1"],
    "mixed.example.only-private": ["10.0.0.1", "::1"],
    "internal.example": ["192.168.0.10"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "sixtofour.example": ["2002:7f00:1::"],
    "mapped.example": ["::ffff:127.0.0.1"],
}


class Network:
    """Names that resolve as told, and connections that are noted and end at a server of ours."""

    def __init__(self, server: WebServer) -> None:
        self.server = server
        self.dialled: list[tuple[str, int]] = []
        self.lookups: list[str] = []

    async def resolve(self, host: str, _port: int) -> list[str]:
        """The answer of the day; `rebind.example` changes it with every question."""
        self.lookups.append(host)
        if host == "rebind.example":
            return ["93.184.215.14"] if self.lookups.count(host) % 2 == 0 else ["127.0.0.1"]
        if host not in NAMES:
            raise socket.gaierror(-2, "Name or service not known")
        return NAMES[host]

    async def dial(self, address: str, port: int) -> socket.socket:
        """Note it, and connect to the server instead."""
        self.dialled.append((address, port))
        return await addresses.dial(self.server.host, self.server.port)

    @property
    def seams(self) -> dict[str, Callable[..., Awaitable[object]]]:
        """What the fetcher takes in place of its own."""
        return {"resolve": self.resolve, "dial": self.dial}


@pytest.mark.parametrize("url", TRICKS)
def test_no_trick_gets_a_connection(tmp_path: Path, url: str) -> None:
    """Numbers, userinfo, IPv6 forms, ports, schemes and names: nothing is dialled or looked up twice."""
    with WebServer({"*": answer()}) as web:
        network = Network(web)
        [outcome] = fetch(tmp_path, url, allow_private_networks=False, fetcher=network.seams)
        assert isinstance(outcome, FetchFailure)
        assert outcome.reason in {Reason.PRIVATE_ADDRESS, Reason.BAD_ADDRESS}
        assert (network.dialled, web.connections) == ([], 0)


@pytest.mark.parametrize("url", TRICKS)
def test_no_trick_works_as_a_redirect(tmp_path: Path, url: str) -> None:
    """The same behind a public page: only that page is connected to, or a public host in its place."""
    target = url.encode().decode("latin-1")
    with WebServer({"/start": redirect(target), "*": answer()}) as web:
        network = Network(web)
        start = "http://public.example/start"
        fetch(tmp_path, start, allow_private_networks=False, fetcher=network.seams)
    assert {address for address, _ in network.dialled} == {"93.184.215.14"}
    assert {port for _, port in network.dialled} == {80}


def test_public_hosts_are_reached_by_default(tmp_path: Path) -> None:
    """With default settings the public address is dialled, and the page comes."""
    with WebServer({"/": answer(b"public")}) as web:
        network = Network(web)
        urls = ["http://public.example/", "http://other.example:8080/", "http://1.1.1.1/"]
        outcomes = fetch(tmp_path, *urls, allow_private_networks=False, fetcher=network.seams)
    assert [type(outcome) for outcome in outcomes] == [Fetched] * 3
    assert network.dialled == [("93.184.215.14", 80), ("2606:4700::1", 8080), ("1.1.1.1", 80)]


def test_only_the_public_answers_of_a_name_are_dialled(tmp_path: Path) -> None:
    """A name with private and public addresses is reached at the public one."""
    with WebServer({"/": answer()}) as web:
        network = Network(web)
        [outcome] = fetch(
            tmp_path, "http://mixed.example/", allow_private_networks=False, fetcher=network.seams
        )
    assert isinstance(outcome, Fetched)
    assert network.dialled == [("93.184.215.14", 80)]
    assert outcome.exchange.address == "93.184.215.14"


def test_a_name_is_resolved_once_and_that_answer_is_dialled(tmp_path: Path) -> None:
    """A name that changes between check and connection gains nothing: there is no second question."""
    with WebServer({"/": redirect("http://rebind.example/2"), "/2": answer()}) as web:
        network = Network(web)
        network.lookups.append("rebind.example")  # so that the first answer is the public one
        [outcome] = fetch(
            tmp_path, "http://rebind.example/", allow_private_networks=False, fetcher=network.seams
        )
    assert isinstance(outcome, FetchFailure)
    assert outcome.reason is Reason.PRIVATE_ADDRESS
    assert network.dialled == [("93.184.215.14", 80)]
    assert len(network.lookups) == 3


def test_robots_txt_is_held_to_the_same_rules(tmp_path: Path) -> None:
    """A robots.txt that redirects to a private address reaches nobody, and nothing is fetched."""
    with WebServer({"/robots.txt": redirect("http://internal.example/"), "*": answer()}) as web:
        network = Network(web)
        [outcome] = fetch(
            tmp_path,
            FetchRequest("http://public.example/"),
            allow_private_networks=False,
            fetcher=network.seams,
        )
    assert isinstance(outcome, FetchFailure)
    assert outcome.reason is Reason.ROBOTS_UNREACHABLE
    assert network.dialled == [("93.184.215.14", 80)]


def test_the_one_switch_opens_private_networks(tmp_path: Path) -> None:
    """With it loopback is fetched; forms of an address that could be misread still are not."""
    with WebServer({"/": answer()}) as web:
        outcomes = fetch(tmp_path, web.url(), f"http://2130706433:{web.port}/")
    assert [type(outcome) for outcome in outcomes] == [Fetched, FetchFailure]


def test_ipv6_is_spoken(tmp_path: Path) -> None:
    """An IPv6 address is connected to, and the Host header has its brackets."""
    try:
        with WebServer({"/": answer()}, host="::1") as web:
            [outcome] = fetch(tmp_path, web.url())
    except OSError as error:
        pytest.skip(f"this machine has no IPv6 loopback: {error}")
    assert isinstance(outcome, Fetched)
    assert web.asked[0].header("Host") == f"[::1]:{web.port}"


def test_the_dialled_peer_is_verified() -> None:
    """A connection that ends up elsewhere than dialled is closed."""
    with WebServer({}) as web, pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "getpeername", lambda _: ("127.0.0.9", web.port))
        with pytest.raises(ConnectionError, match="answered"):
            asyncio.run(addresses.dial("127.0.0.1", web.port))


def test_the_system_resolver_answers_and_fails_as_a_value(tmp_path: Path) -> None:
    """Literal names come from the system; a name nobody knows is a reason."""
    with WebServer({"/": answer()}) as web:
        [outcome] = fetch(tmp_path, f"http://localhost:{web.port}/")
    assert isinstance(outcome, Fetched)

    async def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    [outcome] = fetch(tmp_path, "http://nowhere.invalid/", fetcher={"resolve": unknown})
    assert isinstance(outcome, FetchFailure)
    assert (outcome.reason, outcome.is_retryable) == (Reason.HOST_NOT_FOUND, True)


# -- a network of its own -------------------------------------------------------------------------

_IN_NAMESPACE = """
import json, socket, subprocess, sys, threading
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.flows.test_fetch_addresses import NAMES, NOT_PUBLIC, TRICKS
from tests.flows.webserver import WebServer, answer, fetch, redirect

subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
owned = []
for address in [*NOT_PUBLIC, "93.184.215.14", "2606:4700::1"]:
    size = 128 if ":" in address else 32
    done = subprocess.run(["ip", "addr", "add", f"{{address}}/{{size}}", "dev", "lo", "nodad"], capture_output=True)
    owned += [address] if done.returncode == 0 else []
reached = []
def canary(family, any_address, port):
    listener = socket.create_server((any_address, port), family=family, backlog=128)
    def accept():
        while True:
            sock, peer = listener.accept()
            reached.append(sock.getsockname()[0])
            sock.recv(65536)
            sock.sendall(answer(b"canary"))
            sock.close()
    threading.Thread(target=accept, daemon=True).start()
web = WebServer({{"/": answer(b"public"), "*": lambda asked: redirect(asked.path[1:].encode("latin-1").decode("unicode_escape"))}}, host="93.184.215.14", port=80)
web6 = WebServer({{"/": answer(b"public")}}, host="2606:4700::1", port=80)
with web, web6:
    for family, anything in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
        for port in (22, 25, 443, 1023, 8080, 11211):
            canary(family, anything, port)
    canaries = []
    for address in owned:
        if address not in ("93.184.215.14", "2606:4700::1"):
            try:
                canary(socket.AF_INET6 if ":" in address else socket.AF_INET, address, 80)
                canaries.append(address)
            except OSError:
                pass
    async def resolve(host, port):
        return NAMES.get(host, ["127.0.0.1"])
    gates = Path({gates!r})
    literal = [f"http://[{{a}}]/" if ":" in a else f"http://{{a}}/" for a in NOT_PUBLIC]
    literal += [url[:-1] + ":8080/" for url in literal]
    urls = [*TRICKS, *literal]
    direct = fetch(gates, *urls, allow_private_networks=False, fetcher={{"resolve": resolve}})
    hops = ["http://public.example/" + url.encode("unicode_escape").decode().replace("#", "%23") for url in urls]
    behind = fetch(gates, *hops, allow_private_networks=False, fetcher={{"resolve": resolve}})
    leaked = list(reached)
    good = fetch(gates, "http://public.example/", "http://other.example/", allow_private_networks=False, fetcher={{"resolve": resolve}})
    # The canaries do sing: with the switch they are reached.
    fetch(gates, *literal, allow_private_networks=True, deadline_s=2, fetcher={{"resolve": resolve}})
print(json.dumps({{
    "leaked": leaked, "direct": sorted({{type(o).__name__ for o in direct}}),
    "good": [type(o).__name__ for o in good], "sang": len(set(reached)), "canaries": len(canaries),
    "redirected": sum(1 for o in behind if o.redirects), "asked": len(urls),
}}))
"""


def test_in_a_network_where_private_addresses_answer_none_is_reached(tmp_path: Path) -> None:
    """Canaries listen on every special address the kernel takes; public ones work, none sings."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("needs the commands unshare and ip")
    if subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system does not let its users make network namespaces")
    code = _IN_NAMESPACE.format(root=str(ROOT), gates=str(tmp_path))
    command = ["unshare", "-rn", sys.executable, "-c", code]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert (seen["leaked"], seen["direct"], seen["good"]) == ([], ["FetchFailure"], ["Fetched"] * 2)
    assert seen["canaries"] > 10
    assert seen["sang"] > 10
    assert seen["redirected"] > seen["asked"] * 0.9
