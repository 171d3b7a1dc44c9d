#!/usr/bin/env python3
"""The index against comparing with every listed name: as many seeded queries as asked for, on all lists, a process a core.

A third of the queries are listed names, a third are listed names altered (alter.py), a third are words of listed names put together anew,
which nobody listed. Differences are printed, and end it with 1.

Readings of a query with words joined or split are asked too. Comparing takes some 25 ms a form on all four lists, so 100,000 queries an hour or two; on the UN list alone, minutes.

usage: exact.py PROGRAM DATA [--queries 100000] [--seed 1] [--jobs CORES] [--lists un,ofac,uk,eu]
"""
import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import threading

import alter
import sets

HOWS = ("typo", "typo2", "order", "dropped", "added", "joined", "split")


def altered(rng, name):
    words = getattr(alter, rng.choice(HOWS))(rng, name.split())
    return " ".join(words) if words else name


def made_up(rng, rows):
    return " ".join(rng.choice(rng.choice(rows)["name"].split() or ["of"]) for _ in range(rng.randint(1, 5)))


def queries_of(rows, count, seed):
    rng = random.Random(seed)
    for number in range(count):
        row = rng.choice(rows)
        query = (row["name"], altered(rng, row["name"]), made_up(rng, rows))[number % 3]
        yield number, row["kind"], "", query.replace("\n", " ")


def run_part(command, done, at, results):
    """One process; its progress is added to what is shown."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if line.startswith("done "):
                done[at] = int(line.split()[1])
                if sys.stderr.isatty():
                    print("\r  %d queries" % sum(done), end="", file=sys.stderr, flush=True)
            elif line.startswith("queries "):
                words = line.split()
                results[at] = {words[i]: int(words[i + 1]) for i in range(0, len(words), 2)}
            else:
                print(line, end="")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("data")
    parser.add_argument("--queries", type=int, default=100000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--lists", default="un,ofac,uk,eu")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        known = sets.lists_of(given.data, work)
        lists = sum((known[one] for one in given.lists.split(",")), [])
        rows = sets.Names(given.program, lists).rows
        threads, done, results = [], [0] * given.jobs, [None] * given.jobs
        every = list(queries_of(rows, given.queries, given.seed))
        for job in range(given.jobs):
            path = os.path.join(work, "part%d.csv" % job)
            with open(path, "w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out)
                writer.writerow(("number", "kind", "expected", "query"))
                writer.writerows(every[job::given.jobs])
            threads.append(threading.Thread(target=run_part, args=([given.program, "exact", path, "0", *lists], done, job, results)))
            threads[-1].start()
        for thread in threads:
            thread.join()
    if None in results:
        sys.exit("exact: a process did not finish")
    total = {word: sum(part[word] for part in results) for word in results[0]}
    print("%d queries of %d listed names, seed %d: %d forms (of %d readings with words joined or split), %d hits, %d forms whose hits differ from comparing with every name"
          % (total["queries"], len(rows), given.seed, total["forms"], total["readings"], total["hits"], total["different"]))
    print("RESULT exact.different %d forms" % total["different"])
    sys.exit(1 if total["different"] or total["queries"] != given.queries else 0)


if __name__ == "__main__":
    main()
