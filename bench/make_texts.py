#!/usr/bin/env python3
"""Goods descriptions, one a line, each once: make_texts.py DATA FILE. From bills of lading, the CBP's manifest sample and the headings of HS 2022."""
import csv
import gzip
import json
import os
import sys


def bills(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            for item in json.loads(line)["value"]["consignment"].get("items", []):
                yield item.get("description", "")


def column(path, name):
    with open(path, encoding="utf-8", errors="replace", newline="") as rows:
        for row in csv.DictReader(rows):
            yield row.get(name) or ""


def main():
    data, out = sys.argv[1], sys.argv[2]
    sources = [bills(os.path.join(data, "manifests", "us_bills_bulk.ndjson.gz")),
               column(os.path.join(data, "manifests", "cbp_ams_2020", "ams_cargo_desc.csv"), "description_text"),
               column(os.path.join(data, "reference", "hs2022.csv"), "description")]
    seen = {" ".join(text.split()): True for source in sources for text in source}
    seen.pop("", None)
    with open(out, "w", encoding="utf-8") as texts:
        texts.write("".join(text + "\n" for text in seen))


main()
