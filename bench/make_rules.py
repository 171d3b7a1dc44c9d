#!/usr/bin/env python3
"""Write seeded rules for the benchmarks: make_rules.py COUNT FOLDER.

The mix follows the shipped packs: four in ten look for words in goods text, three compare fields, two ask for history, one asks for
an embargo. They are there to be evaluated, not to be good: hardly any fires on ordinary trade.
"""
import os
import random
import sys

WORDS = ("receiver barrel bolt carrier trigger assembly magazine follower firing pin gas piston muzzle brake suppressor baffle "
         "handguard buttstock bipod sear extractor ejector recoil spring slide frame cylinder chamber reamer rifling button").split()
NEAR = "rifle pistol carbine shotgun revolver launcher mortar grenade cartridge ammunition".split()
TESTS = """tests:
  - {name: present for the loader, fires: true, event: {consignment: {id: C1, items: [{line: 1, description: goods}]}}}
  - {name: present for the loader too, fires: false, event: {consignment: {id: C1, items: [{line: 1, description: goods}]}}}
"""
METRICS = [("party", "seen", True), ("party", "gross_kg", True), ("party.address", "counterparties", False), ("party", "countries", False)]


def pattern(rng):
    a, b = rng.sample(WORDS, 2)
    return rng.choice([rf"\b{a}s?\s+{b}s?\b", rf"\b{a}s?\b.{{0,40}}\b{rng.choice(NEAR)}s?\b", rf"\b{rng.choice(NEAR)}s?\s+(?:{a}|{b})s?\b"])


def condition(rng, number):
    kind = number % 10
    if kind < 4:
        return "  some: items\n  where:\n    field: item.description\n    matches: '%s'\n" % pattern(rng)
    if kind < 7:
        return ("  some: items\n  where:\n    all:\n      - field: item.hs\n        starts: ['93%02d']\n      - field: item.gross_kg\n        above: %d\n"
                % (rng.randint(1, 7), rng.randint(5000, 90000)))
    if kind < 9:
        subject, metric, windowed = rng.choice(METRICS)
        days = ", days: %d" % rng.choice([7, 30, 90, 365]) if windowed else ""
        return ("  some: parties\n  where:\n    all:\n      - field: party.role\n        is: consignee\n      - history: {of: %s, metric: %s%s}\n        above: %d\n"
                % (subject, metric, days, rng.randint(100000, 900000)))
    return ("  some: route\n  where:\n    all:\n      - field: leg.role\n        is: transit\n"
            "      - embargo: {country: leg.country, goods: [light_weapons, ammunition]}\n")


def main():
    count, folder = int(sys.argv[1]), sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    rng = random.Random(417)
    for number in range(count):
        name = "bench-rule-%05d" % number
        text = (f"id: {name}\nversion: 1\nstatus: active\ntitle: Benchmark rule {number}\non: manifest\nsource: ['Benchmark only']\n"
                f"false_positives: Not for use.\npoints: 5\ngroup: bench-{number % 20}\naction: score\nseverity: 1\nbecause: Benchmark rule.\nwhen:\n"
                + condition(rng, number) + TESTS)
        with open(os.path.join(folder, name + ".yaml"), "w", encoding="utf-8") as out:
            out.write(text)


main()
