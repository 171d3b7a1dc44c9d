#!/usr/bin/env python3
"""Measure how well names are found: sets.py makes queries, the quality program answers them, figures.py counts.

usage: measure.py PROGRAM DATA [--half report|tuning|both] [--sets TEXT] [--misses FILE] [--name-ppm-min N]     prints RESULT lines and a Markdown table
"""
import argparse
import csv
import os
import subprocess
import sys
import tempfile

import figures
import places
import sets


def answer(program, work, lists, queries, name_ppm_min=0):
    path = os.path.join(work, "queries.csv")
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("number", "kind", "expected", "query"))
        writer.writerows((number, kind, expected, query.replace("\n", " ")) for number, (_, kind, expected, query) in enumerate(queries))
    lines = subprocess.run([program, "screen", path, str(name_ppm_min), *lists], check=True, capture_output=True, text=True).stdout.splitlines()
    answers = [{name: value if name == "best" else int(value) for name, value in row.items()} for row in csv.DictReader(lines)]
    if len(answers) != len(queries):
        sys.exit("measure: %d answers to %d queries" % (len(answers), len(queries)))
    return answers


def count(name, queries, answers, half):
    """One row of figures a group of listed names, each against all names of the set that are not listed."""
    judged = [(query, found) for query, found in zip(queries, answers) if half in ("both", sets.half_of(query[3]))]
    negatives = [found["top"] for query, found in judged if not query[2]]
    everything = list({(query[1], query[3].casefold()): found["top"] for query, found in judged}.values())  # a name asked twice is no tie
    groups = list(dict.fromkeys(query[0] for query, _ in judged if query[2]))
    rows = []
    for group in groups + (["all"] if len(groups) > 1 else []):
        members = [found for query, found in judged if query[2] and group in ("all", query[0])]
        positives = [found["expected"] for found in members]
        precision, recall, f1 = figures.rates(positives, negatives)
        rows.append({"set": name, "group": group, "listed": len(positives), "not listed": len(negatives), "precision": precision, "recall": recall, "F1": f1,
                     "r0.1": figures.recall_at(positives, negatives, .001), "r0.5": figures.recall_at(positives, negatives, .005), "r1": figures.recall_at(positives, negatives, .01),
                     "AUC": figures.area(positives, negatives), "first": sum(found["rank"] == 1 for found in members) / len(members),
                     "false": sum(n > 0 for n in negatives) / max(1, len(negatives)), "tied100": figures.tied(everything, 100), "tied1000": figures.tied(everything, 1000),
                     "blurred": sum(found["expected"] and found["expected"] == found["other"] for found in members) / len(members),
                     "curve": figures.curve(positives, negatives)})
    return rows


def result_lines(rows):
    for row in rows:
        word = lambda text: text.replace(", ", "_").replace(" ", "_").lower()
        start = "RESULT quality.%s.%s." % (word(row["set"]), word(row["group"]))
        for figure, key in (("precision", "precision"), ("recall", "recall"), ("f1", "F1"), ("recall_at_0.1%", "r0.1"), ("recall_at_0.5%", "r0.5"), ("recall_at_1%", "r1"), ("auc", "AUC")):
            yield "%s%s %.4f share" % (start, figure, row[key])
        yield "%sties_with_another_party %.4f share" % (start, row["blurred"])
        if row["group"] == "all":
            yield "%sties_top100 %.4f share" % (start, row["tied100"])
            yield "%sties_top1000 %.4f share" % (start, row["tied1000"])


def table_lines(rows):
    yield "| set | altered how | listed | not listed | precision | recall | F1 | recall at 0.1% | at 0.5% | at 1% false alarms | AUC | tied in the top 100 | 1000 |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for row in rows:
        ties = "%.0f% % | %.0f% %".replace("% %", "%%") % (100 * row["tied100"], 100 * row["tied1000"])
        yield "| %s | %s | %d | %d | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f | %.4f | %s |" % (
            row["set"], row["group"], row["listed"], row["not listed"], row["precision"], row["recall"], row["F1"], row["r0.1"], row["r0.5"], row["r1"], row["AUC"], ties)


def curve_lines(rows):
    for row in rows:
        if row["group"] in ("all", "altered"):
            yield "%s, %s: " % (row["set"], row["group"]) + ", ".join("%g%% %.3f" % (100 * share, recall) for share, recall in row["curve"])


def write_misses(path, name, queries, answers):
    """For whoever tunes: missed and outranked names of the tuning half, and the worst false alarms on listed material alone."""
    with open(path, "a", encoding="utf-8") as out:
        for query, found in zip(queries, answers):
            if query[2] and sets.half_of(query[3]) == "tuning" and found["rank"] != 1:
                out.write("\t".join((name, query[0], query[1], query[3], query[2].split("|")[0], "expected %d, top %d, rank %d" % (found["expected"], found["top"], found["rank"]))) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("data")
    parser.add_argument("--half", choices=("report", "tuning", "both"), default="report")
    parser.add_argument("--sets", default="", help="only sets whose names hold this text")
    parser.add_argument("--misses", help="write what is missed in the tuning half to this file")
    parser.add_argument("--name-ppm-min", type=int, default=0, help="least agreement of names that hits (0: the product's own)")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as work:
        made, notes = sets.build(options.program, options.data, work)
        for name, one in made.items():
            if options.sets not in name:
                continue
            answers = answer(options.program, work, one["lists"], one["queries"], options.name_ppm_min)
            rows += count(name, one["queries"], answers, options.half)
            spent = sorted(found["nanoseconds"] for found in answers)
            notes.append("%s: %d queries, median %.1f us, 99%% under %.1f us" % (name, len(spent), spent[len(spent) // 2] / 1e3, spent[len(spent) * 99 // 100] / 1e3))
            if options.misses:
                write_misses(options.misses, name, one["queries"], answers)
        if options.sets in "addresses":
            queries, answers = places.measure(options.program, options.data, work, sum(sets.lists_of(options.data, work).values(), []))
            rows += count("addresses", queries, answers, options.half)
            if options.misses:
                write_misses(options.misses, "addresses", queries, answers)
    print("Figures of the %s half (queries are halved by hash; the other half is for tuning).\n" % options.half)
    print("\n".join([*table_lines(rows), "", "Recall by share of false alarms:", *curve_lines(rows), "", *notes, *result_lines(rows)]))


if __name__ == "__main__":
    main()
