#!/usr/bin/env python3
"""What a user could take instead, on the same queries: rapidfuzz and jellyfish over every listed name, and nomenklatura, beside the product.

usage: compare.py PROGRAM DATA [--unlisted N] [--altered N] [--packages FOLDER]

They are no part of the product: installed into a temporary folder by pip and removed; where that fails this says so, and goes on without them.
Each compares a folded query with every folded name of its kinds (persons and companies together, as the product does) and takes the best entry.
nomenklatura takes milliseconds a pair, so that it is given what its users give it, a few candidates: rapidfuzz's best of each query.
Of the names that nobody listed a seeded sample of N is asked, of all of them the same; the listed ones are those of the report half.
"""
import argparse
import os
import random
import subprocess
import sys
import tempfile
import time

import figures
import sets

SETS = ("persons, UN", "companies", "vessels")
CANDIDATES = 20
SCHEMATA = {"person": "Person", "organisation": "Company", "vessel": "Vessel"}


def install(folder, *packages):
    """@return whether they can be imported from the folder"""
    done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", folder, *packages], capture_output=True, text=True)
    sys.path.insert(0, folder)
    if done.returncode:
        print("compare: %s cannot be installed here: %s" % (" and ".join(packages), (done.stderr.strip().splitlines() or ["pip failed"])[-1]))
    return done.returncode == 0


def folded(name):
    return " ".join(sets.re.sub(r"[^\w]+", " ", "".join(c for c in sets.unicodedata.normalize("NFKD", name) if not sets.unicodedata.combining(c)).casefold()).split())


def scorers():
    from rapidfuzz import distance, fuzz
    return {"rapidfuzz Jaro-Winkler": distance.JaroWinkler.normalized_similarity, "rapidfuzz token_sort_ratio": fuzz.token_sort_ratio,
            "rapidfuzz token_set_ratio": fuzz.token_set_ratio, "rapidfuzz WRatio": fuzz.WRatio}


def best_of(scores, ids, expected):
    """The best score of all, and that of the best right entry, at whatever place."""
    top = float(scores.max()) if len(scores) else 0.0
    right = [float(scores[at]) for one in expected for at in ids.get(one, ())]
    return top, max(right, default=0.0)


def by_rapidfuzz(scorer, queries, names, ids):
    from rapidfuzz import process
    found, spent = [], time.perf_counter()
    for _, _, expected, query in queries:
        scores = process.cdist([folded(query)], names, scorer=scorer)[0]
        found.append(best_of(scores, ids, expected.split("|") if expected else ()))
    return found, (time.perf_counter() - spent) / len(queries)


def by_nomenklatura(queries, names, rows, ids):
    """logic-v2 over the candidates; 0 for every other name."""
    import numpy
    from followthemoney import model
    from nomenklatura.matching import get_algorithm
    from rapidfuzz import fuzz, process
    algorithm = get_algorithm("logic-v2")
    config = algorithm.default_config()

    def entity(kind, name, at):
        made = model.make_entity(SCHEMATA[kind])
        made.id = str(at)  # it caches by id: no two names may share one
        made.add("name", name)
        return made

    found, spent = [], time.perf_counter()
    for number, (_, kind, expected, query) in enumerate(queries):
        scores = numpy.zeros(len(names))
        best = process.extract(folded(query), names, scorer=fuzz.token_sort_ratio, processor=None, limit=CANDIDATES)
        for _, _, at in best:
            scores[at] = algorithm.compare(entity(kind, query, "query %d" % number), entity(rows[at]["kind"], rows[at]["name"], at), config).score
        found.append(best_of(scores, ids, expected.split("|") if expected else ()))
    return found, (time.perf_counter() - spent) / len(queries)


def by_jellyfish(queries, names):
    """Time alone, of a few: its scores are rapidfuzz's Jaro-Winkler."""
    import jellyfish
    few, spent = queries[:5], time.perf_counter()
    for _, _, _, query in few:
        max(jellyfish.jaro_winkler_similarity(folded(query), name) for name in names)
    return (time.perf_counter() - spent) / len(few)


def by_product(program, work, lists, queries):
    import measure
    answers = measure.answer(program, work, lists, queries)
    return [(one["top"], one["expected"]) for one in answers], sum(one["nanoseconds"] for one in answers) / len(answers) / 1e9


def row_of(name, who, queries, found, seconds):
    positives = [right for (_, _, expected, _), (_, right) in zip(queries, found) if expected]
    negatives = [top for (_, _, expected, _), (top, _) in zip(queries, found) if not expected]
    tops = [top for top, _ in found]
    return "| %s | %s | %d | %d | %.3f | %.3f | %.3f | %.4f | %.0f%% | %.1f |" % (
        name, who, len(positives), len(negatives), *(figures.recall_at(positives, negatives, share) for share in (.001, .005, .01)),
        figures.area(positives, negatives), 100 * figures.tied(tops, 100), seconds * 1e6)


def sample(queries, unlisted, altered):
    """The listed ones of the report half that were altered, at most so many, and as many unlisted ones as asked for; seeded."""
    report = [query for query in queries if sets.half_of(query[3]) == "report"]
    listed = [query for query in report if query[2] and query[0] != "as listed"]
    others = [query for query in report if not query[2]]
    rng = random.Random(55)
    return rng.sample(listed, min(altered, len(listed))) + rng.sample(others, min(unlisted, len(others)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("data")
    parser.add_argument("--unlisted", type=int, default=400)
    parser.add_argument("--altered", type=int, default=150)
    parser.add_argument("--packages", help="folder with all of them installed (none: they are installed into a temporary one)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        richer = True
        if options.packages:
            sys.path.insert(0, options.packages)
        elif not install(os.path.join(work, "packages"), "rapidfuzz", "jellyfish", "numpy"):
            return
        else:
            richer = install(os.path.join(work, "richer"), "nomenklatura")
        made, _ = sets.build(options.program, options.data, work)
        print("| altered names of | compared by | listed | not listed | recall at 0.1% | at 0.5% | at 1% false alarms | AUC | tied in the top 100 | us a query |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|")
        for name in SETS:
            queries = sample(made[name]["queries"], options.unlisted, options.altered)
            kinds = ("vessel",) if name == "vessels" else ("person", "organisation")
            rows = [row for row in sets.Names(options.program, made[name]["lists"]).rows if row["kind"] in kinds]
            names, ids = [folded(row["name"]) for row in rows], {}
            for at, row in enumerate(rows):
                ids.setdefault(row["list"] + ":" + row["entry"], []).append(at)
            print(row_of(name, "tidewaiter", queries, *by_product(options.program, work, made[name]["lists"], queries)))
            for who, scorer in scorers().items():
                if who.endswith("WRatio") and len(names) > 10000:
                    continue  # over half a second a query
                print(row_of(name, who, queries, *by_rapidfuzz(scorer, queries, names, ids)), flush=True)
            if richer:
                print(row_of(name, "nomenklatura logic-v2, of %d candidates" % CANDIDATES, queries, *by_nomenklatura(queries, names, rows, ids)), flush=True)
            print("| %s | jellyfish Jaro-Winkler (time alone) | | | | | | | | %.0f |" % (name, by_jellyfish(queries, names) * 1e6), flush=True)


if __name__ == "__main__":
    main()
