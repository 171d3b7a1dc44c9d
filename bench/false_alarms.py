#!/usr/bin/env python3
"""How often the shipped packs raise ordinary trade: 100,000 real goods lines, each as one consignment of one line, through `tidewaiter screen`.

usage: false_alarms.py PROGRAM DATA [--lines N] [--seed N] [--manifests FILE] [--above FILE]     prints RESULT lines and a Markdown table by rule

Where the lines come from, and what is added so that a line becomes a manifest:
  bills         3,230 US vessel bills of lading 2022-2025, as they are
  declarations  45,519 import declarations 2020-2021 (mode, countries, weight, price, importer and seller as their codes); what they lack is a
                description: the Harmonized System's own text of their code, or of the nearest heading above it that HS 2022 still has
  HS texts      the rest: every text of HS 2022 in turn, in four writings (with or without its code, in capitals, behind its heading's text), on the
                parties, route, vessel and day of a bill drawn by the seed, with the weight and price of a declaration of the same chapter
Arms are not ordinary goods: chapter 93, tanks (8710) and warships (8906.10) are left out. Nothing is made up; equal seeds make equal bytes.
"""
import argparse
import collections
import csv
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile

ARMS = ("93", "8710", "890610")
MODES = {"10": "sea", "20": "rail", "30": "road", "40": "air", "50": "post"}  # UN/CEFACT recommendation 19, as the declarations use it
BLUE = 30  # points, as lanes.blue is unless configured


def is_arms(code):
    return code.startswith(ARMS)


def read_texts(data):
    with open(os.path.join(data, "reference", "hs2022.csv"), encoding="utf-8") as file:
        return {row["hscode"]: row["description"] for row in csv.DictReader(file) if not is_arms(row["hscode"])}


def read_declarations(data):
    rows = []
    for part in ("train", "valid"):
        with open(os.path.join(data, "customs", "kcs", "df_syn_%s_eng.csv" % part), encoding="utf-8") as file:
            rows += [row for row in csv.DictReader(file) if not is_arms(row["HS6 Code"])]
    return rows


def read_bills(data):
    with gzip.open(os.path.join(data, "manifests", "us_bills_bulk.ndjson.gz"), "rt", encoding="utf-8") as file:
        return [json.loads(line)["value"] for line in file]


def text_of(texts, code):
    """The text of the code, or of the longest beginning of it that the edition has."""
    return next((texts[code[:digits]] for digits in range(len(code), 1, -1) if code[:digits] in texts), None)


def stated(**members):
    return {name: value for name, value in members.items() if value not in (None, "")}


def declaration_event(row, texts):
    code = row["HS6 Code"]
    place = {"country": row["Country of Departure"]} if row["Country of Departure"] else None
    parties = [stated(role="consignor", name=row["Seller ID"]), stated(role="consignee", name=row["Importer ID"], country="KR"), stated(role="declarant", name=row["Declarant ID"])]
    item = stated(line=1, description=text_of(texts, code), hs=code, origin=row["Country of Origin"], net_kg=float(row["Net Mass"]), gross_kg=float(row["Net Mass"]),
                  value=float(row["Item Price"]), currency="KRW")
    return event("kcs-" + row["Declaration ID"], row["Date"] + "T00:00:00Z", "kcs-declarations", stated(
        movement="import", office="KR" + row["Office ID"], means=stated(mode=MODES.get(row["Mode of Transport"])),
        route=[part for part in (place and dict(place, role="load"), {"role": "discharge", "country": "KR"}) if part],
        parties=[party for party in parties if "name" in party], items=[item]))


def event(number, time, source, consignment):
    return {"id": number, "type": "consignment.declared", "time": time, "source": source, "consignment": dict(consignment, id=number, revision=1)}


def hs_event(number, writing, code, texts, bill, amounts):
    text = texts[code]
    if writing == 3 and len(code) > 4 and code[:4] in texts:
        text = texts[code[:4]] + ": " + text
    frame = bill["consignment"]
    item = stated(line=1, description=text.upper() if writing == 2 else text, hs=None if writing == 1 else code)
    item.update(amounts)
    return event("hs-%d" % number, bill["time"], "hs-2022", stated(movement=frame["movement"], office=frame.get("office"), means=frame.get("means"), route=frame.get("route"),
                                                                parties=frame.get("parties"), carrier=frame.get("carrier"), items=[item]))


def manifests(data, lines, seed):
    """(kind, event) in order of time."""
    texts, rows, bills = read_texts(data), read_declarations(data), read_bills(data)
    draw = random.Random(seed)
    made = [("bills", bill) for bill in bills] + [("declarations", declaration_event(row, texts)) for row in rows]
    made = made[:lines]
    by_chapter = collections.defaultdict(list)
    for row in rows:
        by_chapter[row["HS6 Code"][:2]].append({"gross_kg": float(row["Net Mass"]), "value": float(row["Item Price"]), "currency": "KRW"})
    codes = sorted(texts)
    for number in range(lines - len(made)):
        code = codes[number % len(codes)]
        amounts = by_chapter[code[:2]]
        made.append(("HS texts", hs_event(number, number // len(codes) % 4, code, texts, draw.choice(bills), draw.choice(amounts) if amounts else {})))
    return sorted(made, key=lambda one: (one[1]["time"], one[1]["id"]))


def screen(program, made, path, out):
    with open(path, "w", encoding="utf-8") as file:
        for _, value in made:
            file.write(json.dumps({"topic": "tw.manifests", "key": value["consignment"]["id"], "value": value}, ensure_ascii=False) + "\n")
    config = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "feeds", "sample", "tidewaiter.yaml")
    # every point is told, so that rules that stay below blue are counted too; what is above green is judged by BLUE
    subprocess.run([program, "screen", "--config", config, "--set", "random.share_ppm=0", "--set", "lanes.blue=1", "--out", out, path], check=True, stderr=subprocess.PIPE)
    with open(out, encoding="utf-8") as file:
        for line in file:
            told = json.loads(line)
            if told["topic"] == "tw.dead-letter":
                sys.exit("false_alarms: a manifest could not be read: %s" % line[:400])
            if told["topic"] == "tw.alerts":
                yield told["value"]


def is_above(alert):
    return alert["points"] >= BLUE or any("lane" in reason for reason in alert["reasons"])


def count(alerts, kind_of):
    rules = collections.defaultdict(lambda: {"fired": 0, "above": 0, "alone": 0, "title": "", "points": 0})
    above = collections.Counter()
    for alert in alerts:
        high = is_above(alert)
        above[kind_of[alert["consignment"]]] += high
        for reason in alert["reasons"]:
            row = rules[reason["rule"]]
            row["title"], row["points"] = reason["title"], max(row["points"], reason["points"])
            row["fired"] += 1
            row["above"] += high
            row["alone"] += high and len(alert["reasons"]) == 1
    return rules, above


def result_lines(rules, above, totals):
    lines = sum(totals.values())
    yield "RESULT false_alarms.lines %d lines" % lines
    yield "RESULT false_alarms.above_green %.5f share" % (sum(above.values()) / lines)
    for kind in totals:
        yield "RESULT false_alarms.%s.above_green %.5f share" % (kind.lower().replace(" ", "_"), above[kind] / totals[kind])
    for name in sorted(rules):
        yield "RESULT false_alarms.rule.%s.fired %.5f share" % (name, rules[name]["fired"] / lines)
        yield "RESULT false_alarms.rule.%s.above_green %.5f share" % (name, rules[name]["above"] / lines)


def table_lines(rules, above, totals):
    lines = sum(totals.values())
    yield "| lines from | lines | above green | share |"
    yield "|---|--:|--:|--:|"
    for kind in totals:
        yield "| %s | %s | %d | %.3f%% |" % (kind, format(totals[kind], ","), above[kind], 100 * above[kind] / totals[kind])
    yield "| all | %s | %d | %.3f%% |" % (format(lines, ","), sum(above.values()), 100 * sum(above.values()) / lines)
    yield ""
    yield "| rule | points | fired, of 100,000 | on lines above green | there alone |"
    yield "|---|--:|--:|--:|--:|"
    for name, row in sorted(rules.items(), key=lambda pair: (-pair[1]["above"], -pair[1]["fired"], pair[0])):
        yield "| `%s` | %d | %.0f | %.0f | %.0f |" % (name, row["points"], *(1e5 * row[key] / lines for key in ("fired", "above", "alone")))


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    words.add_argument("program")
    words.add_argument("data")
    words.add_argument("--lines", type=int, default=100000)
    words.add_argument("--seed", type=int, default=2022)
    words.add_argument("--manifests", help="keep what was screened here")
    words.add_argument("--above", help="write what was raised above green here: points, rules, description")
    said = words.parse_args()
    made = manifests(said.data, said.lines, said.seed)
    kind_of = {value["consignment"]["id"]: kind for kind, value in made}
    totals = collections.Counter(kind for kind, _ in made)
    with tempfile.TemporaryDirectory() as work:
        alerts = list(screen(said.program, made, said.manifests or os.path.join(work, "manifests.ndjson"), os.path.join(work, "out.ndjson")))
    rules, above = count(alerts, kind_of)
    if said.above:
        with open(said.above, "w", encoding="utf-8") as file:
            for alert in filter(is_above, alerts):
                file.write("%d\t%s\t%s\t%s\n" % (alert["points"], " ".join(r["rule"] for r in alert["reasons"]), alert["consignment"], alert["reasons"][0]["because"]))
    print("\n".join(result_lines(rules, above, totals)))
    print("\n".join(table_lines(rules, above, totals)))


if __name__ == "__main__":
    main()
