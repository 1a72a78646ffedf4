#!/usr/bin/env python3
"""The include arrows of the design, with an empty allow-list.

base <- domain <- storage <- server; base, domain, proto <- client <- server; proto only in client and server.
domain rooms may include base and the rooms their own CMakeLists names, never in a circle. OpenSSL stays in
base/crypto (and in server/tls for the in-memory configuration of the process), SQL in storage, gRPC in the two
rooms that speak it.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
ROOMS = ["base", "proto", "domain", "storage", "client", "server"]
MAY = {
    "base": {"base"},
    "domain": {"base", "domain"},
    "storage": {"base", "domain", "storage"},
    "client": {"base", "domain", "proto", "client"},
    "server": {"base", "domain", "proto", "storage", "client", "server"},
}
# Foreign libraries and the folders that may include them.
ONLY = {
    r"^openssl/": ("base/crypto/", "server/tls/"),
    r"^sqlcipher/|^sqlite3\.h": ("storage/sqlite/", "cmake/"),
    r"^grpc(pp|)/": ("client/channel/", "server/rpc/", "server/tls/"),
    r"^simdjson\.h": ("client/",),
    r"^gmp\.h": ("domain/equity/exact/",),
    r"^toml\+\+/|^CLI/": ("client/", "server/"),
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def sources():
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in (".h", ".cc"):
                yield path


def room_of(include):
    head = include.split("/")[0]
    if include.endswith(".pb.h"):
        return "proto"
    return head if head in ROOMS else None


def domain_room(path):
    parts = path.split("/")
    return "/".join(parts[:-1])


def main():
    problems, arrows, files = [], {}, 0
    for path in sources():
        files += 1
        here = path.relative_to(ROOT).as_posix()
        room = here.split("/")[0]
        for quote, include in INCLUDE.findall(path.read_text(encoding="utf-8")):
            target = room_of(include)
            if target and target not in MAY[room]:
                problems.append(f"{here}: {room} may not include {include}")
            for pattern, homes in ONLY.items():
                if target != "proto" and re.match(pattern, include) and not here.startswith(homes):
                    problems.append(f"{here}: {include} belongs to {', '.join(homes)}")
            if room == "domain" and target == "domain":
                a, b = domain_room(here), domain_room(include)
                if a != b:
                    arrows.setdefault(a, set()).add(b)
    # Each domain room names what it includes in its own CMakeLists (equinode::domain_people for domain/people).
    for a, targets in arrows.items():
        listing = ROOT / a / "CMakeLists.txt"
        text = listing.read_text(encoding="utf-8") if listing.exists() else ""
        for b in targets:
            name = "equinode::" + b.replace("/", "_")
            if name not in text:
                problems.append(f"{a}: includes {b} but its CMakeLists.txt does not name {name}")
    # No circle.
    state = {}

    def visit(node, trail):
        if state.get(node) == "done":
            return
        if node in trail:
            problems.append("circle: " + " -> ".join(trail[trail.index(node):] + [node]))
            return
        for nxt in sorted(arrows.get(node, ())):
            visit(nxt, trail + [node])
        state[node] = "done"

    for node in sorted(arrows):
        visit(node, [])
    for problem in problems:
        print(problem)
    print(f"{files} files, {len(problems)} arrows that point the wrong way")
    return 1 if problems or files < 10 else 0


sys.exit(main())
