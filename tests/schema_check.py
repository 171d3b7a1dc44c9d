#!/usr/bin/python3
"""The published schemas against everything that claims to follow them, with a real validator (Debian's python3-jsonschema).

  schema_check.py                            the schemas themselves, the fixtures, the shape table's listing, the AsyncAPI document
  schema_check.py --ndjson SCHEMA FILE...    each line's "value" (or the whole line, where there is none) against one schema

The listing tests/data/shape.txt is written from the decoder's table by tests/unit/event/shape_test.c: a member that only one side knows,
or a kind, a bound, a word or a "required" that differs, fails here. Last line: `schema-check: N passed, N failed`.
"""
import json
import pathlib
import re
import sys

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "feeds" / "schema"
EVENTS = ROOT / "tests" / "data" / "events"
FAMILIES = ("manifest", "certificate", "marking", "outcome", "decision", "fact")
SCALARS = {
    name: name for name in ("text", "country", "place", "hs", "imo", "amount", "count", "date", "instant", "flag")
} | {"container_number": "container"}  # "container" is an object of its own


class Tally:
    """Counts checks; prints the failed ones only."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, fine, text):
        self.passed += bool(fine)
        self.failed += not fine
        if not fine:
            print(f"schema-check: {text}")

    def end(self):
        print(f"schema-check: {self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def validator(path):
    schema = load(path)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def first_error(check, value):
    error = jsonschema.exceptions.best_match(check.iter_errors(value))
    return "" if error is None else "/" + "/".join(str(part) for part in error.absolute_path) + ": " + error.message[:200]


def family_of(name):
    return name.split("-", 1)[0]


def columns(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


# ---- the shape table ----


def describe(schema, member):
    """What a member's schema says, in the listing's words: kind, its words or bound, and the schema below it."""
    options = [member] + member.get("anyOf", [])
    words, bound, below, kind = [], "", None, ""
    for option in options:
        name = option.get("$ref", "").rsplit("/", 1)[-1]
        scalar = name[: -len("_required")] if name.endswith("_required") else name
        if scalar in SCALARS:
            kind = SCALARS[scalar]
        elif name and name != "not_stated":
            kind, below = "object", schema["$defs"][name]
        if "enum" in option:
            kind, words = "choice", option["enum"]
        if "items" in option:
            element = option["items"]["$ref"].rsplit("/", 1)[-1]
            kind, bound = ("texts", str(option["maxItems"])) if element == "text" else ("objects", str(option["maxItems"]))
            below = None if kind == "texts" else schema["$defs"][element]
    return kind, "|".join(words) or bound, below


def listing(schema, node, path):
    for name, member in node["properties"].items():
        own = f"{path}/{name}"
        kind, extra, below = describe(schema, member)
        if own.count("/") == 1 and name == "type":
            kind, extra = "text", ""  # the table keeps it as text: its words are tw_event_type_find's
        needed = "required" if name in node.get("required", ()) else "optional"
        yield f"{own} {kind} {needed} {extra}".rstrip()
        if below is not None:
            yield from listing(schema, below, own + ("/*" if kind == "objects" else ""))


def check_listing(tally):
    table = set((ROOT / "tests" / "data" / "shape.txt").read_text(encoding="utf-8").splitlines())
    published = set()
    for family in FAMILIES:
        schema = load(SCHEMAS / f"{family}.json")
        published.update(listing(schema, schema, family))
    for line in sorted(table | published):
        only = "table" if line not in published else "schema"
        tally.check(line in table and line in published, f"only the {only} says: {line}")


# ---- the fixtures ----


def paths_of(value, path):
    """Members that a fixture states, as the listing writes them."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield f"{path}/{name}"
            yield from paths_of(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from paths_of(inner, path + "/*")


def check_taken(tally, checks):
    stated, types = set(), set()
    for folder in ("required", "optional"):
        for path in sorted((EVENTS / folder).glob("*.json")):
            event = load(path)
            error = first_error(checks[family_of(path.name)], event)
            tally.check(not error, f"{folder}/{path.name} {error}")
            stated.update(paths_of(event, family_of(path.name)))
            types.add(event["type"])
    for line in (ROOT / "tests" / "data" / "shape.txt").read_text(encoding="utf-8").splitlines():
        tally.check(line.split(" ", 1)[0] in stated, f"no fixture states {line.split(' ', 1)[0]}")
    for family in FAMILIES:
        for name in checks[family].schema["properties"]["type"]["enum"]:
            tally.check(name in types, f"no fixture is a {name}")


def check_refused(tally, checks):
    listed = set()
    for name, reason, _pointer, _byte, verdict in columns(EVENTS / "refused" / "EXPECTED.tsv"):
        listed.add(name)
        if verdict == "yes":
            error = first_error(checks[family_of(name)], load(EVENTS / "refused" / name))
            tally.check(error, f"refused/{name} ({reason}) passes the schema")
    found = {path.name for path in (EVENTS / "refused").glob("*.json")}
    tally.check(found == listed, f"refused/EXPECTED.tsv and its folder differ: {sorted(found ^ listed)}")


# ---- the AsyncAPI document ----


def check_channels(tally):
    """Its addresses are the settings' defaults, and every schema is the payload or the headers of a message on a channel."""
    document = load(ROOT / "feeds" / "asyncapi.json")
    settings = (ROOT / "engine" / "run" / "settings.c").read_text(encoding="utf-8")
    defaults = set(re.findall(r'TOPIC\("topics\.\w+", [^,]+, "([^"]+)"', settings))
    addresses = {channel["address"] for channel in document["channels"].values()}
    for address in sorted(defaults | addresses):
        tally.check(address in defaults and address in addresses, f"only one of settings.c and asyncapi.json knows {address}")
    named = set()
    for channel in document["channels"].values():
        for reference in channel["messages"].values():
            message = document["components"]["messages"][reference["$ref"].rsplit("/", 1)[-1]]
            named.update(part["schema"]["$ref"] for part in (message["payload"], message.get("headers", {})) if "schema" in part)
    published = {f"./schema/{path.name}" for path in SCHEMAS.glob("*.json")}
    for name in sorted(published | named):
        tally.check(name in published and name in named, f"asyncapi.json and the folder of schemas differ about {name}")
    used = {operation["channel"]["$ref"].rsplit("/", 1)[-1] for operation in document["operations"].values()}
    tally.check(used == set(document["channels"]), f"channels without an operation, or the reverse: {sorted(used ^ set(document['channels']))}")


# ---- entry ----


def check_all():
    tally = Tally()
    checks = {}
    for path in sorted(SCHEMAS.glob("*.json")):
        try:
            checks[path.stem] = validator(path)
            tally.check(True, path.name)
        except (jsonschema.exceptions.SchemaError, ValueError) as error:
            tally.check(False, f"{path.name} is no schema: {error}")
    missing = [family for family in FAMILIES if family not in checks]
    if missing:
        tally.check(False, f"no usable schema for {', '.join(missing)}")
        return tally.end()
    check_listing(tally)
    check_taken(tally, checks)
    check_refused(tally, checks)
    check_channels(tally)
    return tally.end()


def check_ndjson(schema, files):
    tally = Tally()
    check = validator(pathlib.Path(schema))
    for name in files:
        with open(name, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    value = json.loads(line)
                except ValueError as error:
                    tally.check(False, f"{name}:{number} is no JSON: {error}")
                    continue
                wrapped = isinstance(value, dict) and "value" in value
                error = first_error(check, value["value"] if wrapped else value)
                tally.check(not error, f"{name}:{number} {error}")
    return tally.end()


def main(arguments):
    if arguments[:1] == ["--ndjson"] and len(arguments) >= 3:
        return check_ndjson(arguments[1], arguments[2:])
    if arguments:
        print(__doc__, file=sys.stderr)
        return 64
    return check_all()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
