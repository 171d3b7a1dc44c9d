#!/usr/bin/env python3
"""Refuse an include against the written direction, and a library used outside its room.

usage: check_layers.py ROOT      prints each violation as file:line and exits 1, or one line and exits 0

The direction has no way back, so an include that would close a circle between two rooms is one against it. An include may not hide from
the check either: no angle brackets around our own headers, no path that climbs, no macro for a name, no folder that nobody wrote down.

    include/tidewaiter <- engine/base <- engine/event <- {rules, feeds, decode, state, score, emit, io} <- screen <- run <- command <- main.c
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
    "engine/command": COMMON + ("rules", "feeds", "engine/screen", "engine/run") + STAGES,
    "engine": ("include/tidewaiter", "engine/base", "engine/command"),  # main.c
}

# Written exceptions, each with its reason.
EXCEPTIONS = {
    ("rules/table.c", "feeds/csv.h"): "a set from a table is read by the reader of all tables",
    ("engine/io/file.c", "engine/emit/emit.h"): "the file stream writes the line form of an output, which emit encodes",
}

# header prefix -> rooms that may use the library
LIBRARIES = {
    "yajl/": ("engine/decode", "engine/emit", "feeds"),  # feeds: lists that come as JSON lines
    "hiredis": ("engine/state",),
    "librdkafka/": ("engine/io",),
    "rdkafka": ("engine/io",),
    "pcre2": ("rules",),
    "yaml.h": ("rules", "engine/run"),
    "libxml/": ("feeds",),
    "unicode/": ("feeds",),
    "utf8proc": ("engine/base",),
    "xxh": ("engine/base",),
    "openssl/": ("engine/base",),
    "immintrin.h": ("feeds", "rules", "engine/decode"),  # what the compiler brings for its processor: name_scan.c, text_words.c, tokens.c
    "arm_neon.h": ("feeds",),
    "criterion/": (),
    "zstd": (),
    "zdict": (),
    "microhttpd": (),
}

# ISO C17, and what POSIX and Linux add to it; a header of neither list is a library that nobody gave a room.
STANDARD = set("assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg stdatomic stdbool "
               "stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype".split())
SYSTEM = STANDARD | set("dirent dlfcn endian fcntl fnmatch getopt glob langinfo libgen netdb poll pthread regex sched search semaphore spawn "
                        "strings sysexits syslog termios unistd".split())

INCLUDE = re.compile(r'^\s*#\s*(?:include|include_next|import)\b\s*(.*)')
NAMED = re.compile(r'([<"])([^>"]+)[>"]')


def room_of(path):
    return max((room for room in DIRECTION if path.startswith(room + "/")), key=len, default=None)


def home_of(path):
    """@return the room of a file of ours; None for main.c's folder when the file is not main.c: a folder without a written direction"""
    room = room_of(path)
    return None if room == "engine" and path != "engine/main.c" else room


def library_wrong(name, room):
    for prefix, rooms in LIBRARIES.items():
        if name.startswith(prefix):
            return None if room in rooms else "library outside its room (%s)" % (", ".join(rooms) or "none in the product")
    allowed = STANDARD if room == "include/tidewaiter" else SYSTEM
    if name.endswith(".h") and (name[:-2] in allowed or (name.startswith("sys/") and allowed is SYSTEM)):
        return None
    return "neither the standard library's nor a library that has a room"


def check_include(path, name, quoted):
    """@return what is wrong, or None"""
    room = home_of(path)
    if room is None:
        return "a folder without a written direction"
    if ".." in name.split("/"):
        return "a path that climbs"
    if name.startswith("tidewaiter/"):
        target = "include/tidewaiter"
    else:
        target = room_of(name)
        if target is None:
            return library_wrong(name, room) or ("a quoted include must be a path from the root" if quoted else None)
        if not quoted:
            return "our own headers are included in quotes"
    if target == room or target in DIRECTION[room] or (path, name) in EXCEPTIONS:
        return None
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
                if not found:
                    continue
                includes += 1
                named = NAMED.match(found.group(1))
                name = named.group(2) if named else found.group(1).strip()
                wrong = check_include(path, name, named.group(1) == '"') if named else "a computed include cannot be checked"
                if wrong:
                    bad += 1
                    print("%s:%d: includes %s: %s" % (path, number, name, wrong))
    print("check-layers: %d files, %d includes, %d violations" % (files, includes, bad))
    return 1 if bad or not files else 0


sys.exit(main())
