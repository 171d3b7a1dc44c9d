#!/usr/bin/env python3
"""Refuse an include against the written direction, and a library used outside its room.

usage: check_layers.py ROOT      prints each violation as file:line and exits 1, or one line and exits 0

    include/tidewaiter <- engine/base <- engine/event <- {rules, feeds, decode, state, score, emit, io} <- screen <- run <- main.c
"""
import os
import re
import sys

STAGES = ("engine/decode", "engine/state", "engine/score", "engine/emit", "engine/io")
COMMON = ("include/tidewaiter", "engine/base", "engine/event")

# room -> rooms whose headers it may include, beside its own
DIRECTION = {
    "include/tidewaiter": (),
    "engine/base": ("include/tidewaiter",),
    "engine/event": ("include/tidewaiter", "engine/base"),
    "rules": COMMON,
    "feeds": COMMON,
    **{stage: COMMON for stage in STAGES},
    "engine/screen": COMMON + ("rules", "feeds"),
    "engine/run": COMMON + ("rules", "feeds", "engine/screen") + STAGES,
    "engine": ("include/tidewaiter", "engine/base", "engine/run"),  # main.c
}

# Written exceptions, each with its reason.
EXCEPTIONS = {
    ("engine/io/file.c", "engine/emit/emit.h"): "the file stream writes the line form of an output, which emit encodes",
}

# header prefix -> rooms that may use the library
LIBRARIES = {
    "yajl/": ("engine/decode", "engine/emit"),
    "hiredis/": ("engine/state",),
    "librdkafka/": ("engine/io",),
    "pcre2": ("rules",),
    "yaml.h": ("rules", "engine/run"),
    "libxml/": ("feeds",),
    "unicode/": ("feeds",),
    "utf8proc": ("engine/base",),
    "xxhash": ("engine/base",),
    "openssl/": ("engine/base",),
    "criterion/": (),
    "zstd": (),
    "microhttpd": (),
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(path):
    return max((room for room in DIRECTION if path == room or path.startswith(room + "/")), key=len, default=None)


def target_room(name, quoted):
    if name.startswith("tidewaiter/"):
        return "include/tidewaiter"
    return room_of(name) if quoted else None


def check_include(path, name, quoted):
    """@return what is wrong, or None"""
    room = room_of(path)
    for prefix, rooms in LIBRARIES.items():
        if name.startswith(prefix) and room not in rooms:
            return "library outside its room (%s)" % (", ".join(rooms) or "none in the product")
    target = target_room(name, quoted)
    if target is None or target == room or target in DIRECTION[room] or (path, name) in EXCEPTIONS:
        return None if target or not quoted else "a quoted include must be a path from the root"
    return "against the written direction: %s may not use %s" % (room, target)


def sources(root):
    for top in ("include", "engine", "rules", "feeds"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                if name.endswith((".c", ".h")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    files = includes = bad = 0
    for path in sorted(sources(sys.argv[1])):
        files += 1
        with open(os.path.join(sys.argv[1], path), encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                found = INCLUDE.match(line)
                if not found or found.group(2).endswith(".lua.h"):
                    continue
                includes += 1
                wrong = check_include(path, found.group(2), found.group(1) == '"')
                if wrong:
                    bad += 1
                    print("%s:%d: includes %s: %s" % (path, number, found.group(2), wrong))
    print("check-layers: %d files, %d includes, %d violations" % (files, includes, bad))
    return 1 if bad or not files else 0


sys.exit(main())
