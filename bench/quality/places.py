"""Addresses: listed ones as other papers write them, against the addresses of real, unlisted trade. Seeded; halved by hash as names are.

    abbreviated   a usual abbreviation for a word of street or building, or the other way round
    order         the parts between commas, from the last to the first
    dropped       one part left out of three or more
    typo1, typo2  as names have them (alter.py)

An address only ever confirms a name that has hit, so a pair is what is judged: an altered address with its own; a listed one with one of its
numbers changed with its own, and each real address with the best of WITH_EACH listed ones, which must not agree. Listed addresses without a number, or of fewer than four words,
are left out: the comparison says nothing of them by design.
"""
import csv
import gzip
import json
import os
import random
import re
import subprocess
import zlib

import alter

PER_ALTERATION, WITH_EACH = 400, 400
SHORT = {"STREET": "ST", "ROAD": "RD", "AVENUE": "AVE", "BOULEVARD": "BLVD", "BUILDING": "BLDG", "FLOOR": "FL", "APARTMENT": "APT", "DISTRICT": "DIST",
         "INDUSTRIAL": "IND", "ROOM": "RM", "LANE": "LN", "SQUARE": "SQ", "BLOCK": "BLK", "PROVINCE": "PROV", "OPPOSITE": "OPP", "SUITE": "STE"}
LONG = {short: word for word, short in SHORT.items()}


def parts_of(text):
    return [part.strip() for part in text.split(",") if part.strip()]


def on_words(text, change):
    altered = change(text.split())
    return " ".join(altered) if altered else None


def abbreviated(_, text):
    def change(words):
        bare = [word.strip(",.").upper() for word in words]
        if not any(word in SHORT or word in LONG for word in bare):
            return None
        return [SHORT.get(word) or LONG.get(word) or words[at] for at, word in enumerate(bare)]
    return on_words(text, change)


def order(_, text):
    return ", ".join(reversed(parts_of(text))) if len(parts_of(text)) > 1 else None


def dropped(rng, text):
    parts = parts_of(text)
    if len(parts) < 3:
        return None
    del parts[rng.randrange(len(parts))]
    return ", ".join(parts)


HOW = {"as listed": lambda _, text: text, "abbreviated": abbreviated, "order": order, "dropped": dropped,
       "typo1": lambda rng, text: on_words(text, lambda words: alter.typo(rng, words)), "typo2": lambda rng, text: on_words(text, lambda words: alter.typo2(rng, words))}


def another_number(text):
    """One of its numbers, any, raised by 1 to 30."""
    found = list(re.finditer(r"\d+", text))
    one = found[zlib.crc32(text.encode()) % len(found)]
    return text[:one.start()] + str(int(one[0]) + 1 + zlib.crc32(text.encode()) % 30) + text[one.end():]


def real_addresses(data):
    found = {}
    with gzip.open(os.path.join(data, "manifests/us_bills_bulk.ndjson.gz"), "rt", encoding="utf-8") as source:
        for line in source:
            for party in json.loads(line)["value"]["consignment"].get("parties", ()):
                address = party.get("address")
                if isinstance(address, dict):
                    address = ", ".join(str(value) for value in address.values() if value)
                if address:
                    found[address.replace("\n", " ")] = True
    return sorted(found)


def listed_addresses(program, lists):
    text = subprocess.run([program, "places", *lists], check=True, capture_output=True, text=True).stdout
    found = {row["address"].replace("\n", " ") for row in csv.DictReader(text.splitlines())}
    return sorted(one for one in found if re.search(r"\d", one) and len(re.findall(r"\w+", one)) >= 4)


def agreements(program, work, pairs):
    path = os.path.join(work, "pairs.csv")
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("number", "a", "b"))
        writer.writerows((number, a, b) for number, (a, b) in enumerate(pairs))
    lines = subprocess.run([program, "addresses", path], check=True, capture_output=True, text=True).stdout.splitlines()
    return [int(row["ppm"]) for row in csv.DictReader(lines)]


def answered(top, expected):
    return {"top": top, "expected": expected, "other": 0 if expected else top, "rank": int(expected > 0), "best": "", "nanoseconds": 0}


def measure(program, data, work, lists):
    """@return queries and answers as measure.count has them"""
    listed, queries, pairs = listed_addresses(program, lists), [], []
    for how, change in HOW.items():
        made = []
        for text in random.Random("address" + how).sample(listed, len(listed)):
            altered = change(random.Random(zlib.crc32((how + text).encode())), text)
            if altered and (how == "as listed" or altered != text):
                made.append((altered, text))
            if len(made) == PER_ALTERATION:
                break
        pairs += made
        queries += [(how, "address", text, altered) for altered, text in made]
    answers = [answered(ppm, ppm) for ppm in agreements(program, work, pairs)]
    changed = [(other, text) for text in random.Random("number").sample(listed, len(listed)) for other in [another_number(text)]][:PER_ALTERATION]
    queries += [("not listed", "address", "", other) for other, _ in changed]
    answers += [answered(ppm, 0) for ppm in agreements(program, work, changed)]
    for address in real_addresses(data):
        others = random.Random(zlib.crc32(address.encode())).sample(listed, WITH_EACH)
        queries.append(("not listed", "address", "", address))
        answers.append([(address, other) for other in others])
    flat = [pair for one in answers if isinstance(one, list) for pair in one]
    found = agreements(program, work, flat)
    at = 0
    for number, one in enumerate(answers):
        if isinstance(one, list):
            answers[number] = answered(max(found[at:at + len(one)]), 0)
            at += len(one)
    return queries, answers
