"""Our two judgements on requests, which addresses are public and what robots.txt allows, beside others'.

The others are no dependencies: `uv pip install ssrfguard microsoft-antissrf protego` adds them.

    python -m benchmarks.http_rules > benchmarks/results/http_rules.md
"""

from __future__ import annotations

import ipaddress
import random
from importlib.metadata import version
from typing import Any

from flows.web.addresses import is_public
from transforms.robots import parse_robots, robots_decision

SEED = 20261122
RANDOM_ADDRESSES = 100_000
RANDOM_FILES = 20_000
PATTERNS = ["/", "/a", "/a/", "/a*", "/*b", "/a$", "/*.php$", "/a/b", "/a%2fb", "/%7Ea", "/é", "*"]
PATTERNS += ["/a*b*c", "/?x=1", "/*?", "", "/a b", "/A"]
PATHS = ["/", "/a", "/a/", "/a/b", "/ab", "/x.php", "/x.php?q", "/~a", "/%7ea", "/%C3%A9", "/axbxc"]
PATHS += ["/?x=1", "/a%2Fb", "/a%20b", "/b?c", "/A"]
CRAWLERS = ["*", "wirecopy", "WireCopy", "other", "wirecopybot"]


def addresses() -> None:
    """Both sides of every edge in the others' tables, and random addresses."""
    from AntiSSRF.ipaddress_ranges import IPAddressRanges  # noqa: PLC0415 - may be missing
    from ssrfguard._address import AddressTable  # noqa: PLC0415 - may be missing
    from ssrfguard._registry import TABLE  # noqa: PLC0415 - may be missing

    listed = [
        ipaddress.ip_network(block)
        for blocks in vars(IPAddressRanges).values()
        if isinstance(blocks, tuple)
        for block in blocks
    ]
    luck = random.Random(SEED)
    found: set[Any] = set()
    for block in [*listed, *(row.network for row in TABLE)]:
        for edge in (int(block[0]), int(block[-1])):
            for number in range(max(0, edge - 1), edge + 2):
                if number < 2**block.max_prefixlen:
                    found.add(type(block[0])(number))
    for _ in range(RANDOM_ADDRESSES):
        found.add(ipaddress.IPv4Address(luck.getrandbits(32)))
        found.add(ipaddress.IPv6Address(luck.getrandbits(128)))
        found.add(ipaddress.IPv6Address(1 << 125 | luck.getrandbits(125)))
    table = AddressTable(TABLE)
    guard = {a: not table.classify(a).blocked for a in found}
    anti = {a: not any(a in b for b in listed if b.version == a.version) for a in found}
    python = {a: a.is_global for a in found}
    print(f"## Public addresses\n\n{len(found):,} addresses.\n")
    print("| judge | we allow, it denies | it allows, we deny |\n|---|---|---|")
    for name, judged in (
        (f"ssrfguard {version('ssrfguard')}", guard),
        (f"microsoft-antissrf {version('microsoft-antissrf')}", anti),
        ("ipaddress.is_global", python),
    ):
        ours_only = sum(is_public(a) and not judged[a] for a in found)
        its_only = sum(judged[a] and not is_public(a) for a in found)
        print(f"| {name} | {ours_only:,} | {its_only:,} |")
    print(
        "\nWhat they allow and we deny is IPv6 outside 2000::/3, IPv4 inside IPv6, and a few anycast services.\n"
    )


def robots() -> None:
    """Random files, and what they say of a few paths."""
    from protego import Protego  # noqa: PLC0415 - may be missing

    luck = random.Random(SEED)
    differing: list[tuple[str, str]] = []
    count = 0
    for _ in range(RANDOM_FILES):
        lines = []
        for _ in range(luck.randint(1, 3)):
            lines += [f"User-agent: {luck.choice(CRAWLERS)}" for _ in range(luck.choice([1, 1, 2]))]
            for _ in range(luck.randint(0, 3)):
                lines.append(f"{luck.choice(['Allow', 'Disallow'])}: {luck.choice(PATTERNS)}")
            lines.append(luck.choice(["Sitemap: http://x/s", "Crawl-delay: 3", "# c", "", "", ""]))
        text = "\n".join(lines)
        theirs, rules = Protego.parse(text), parse_robots(text.encode(), "wirecopy")
        for path in luck.sample(PATHS, 4):
            count += 1
            url = f"https://paper.example{path}"
            if theirs.can_fetch(url, "wirecopy") != robots_decision(rules, url).is_allowed:
                differing.append((text, path))
    print(
        f"## robots.txt\n\n{count:,} decisions, protego {version('protego')} differs in {len(differing)}."
    )
    shortest = sorted(differing, key=lambda one: len(one[0]))[:3]
    print("\n".join(f"\n    {text!r} for {path!r}" for text, path in shortest))


def main() -> None:
    """Print both."""
    print("# Rules for requests\n\n`python -m benchmarks.http_rules`\n")
    addresses()
    robots()


if __name__ == "__main__":
    main()
