#!/usr/bin/env python3
"""The file of metrics as a collector reads it, after `screen`: strictly in the format, every metric of the table, the numbers of the summary.

usage: metrics_test.py      with BUILD_DIR, the folder of the program
Prints one line a failed check and a last line `metrics-test: N passed, N failed`.
"""
import os
import re
import subprocess
import sys
import tempfile
import time

from prometheus import Metrics, Refused, read

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.join(os.path.abspath(os.environ.get("BUILD_DIR", os.path.join(ROOT, "build", "release"))), "tidewaiter")
GOLDEN = os.path.join("tests", "golden", "basic")
results = {"passed": 0, "failed": 0}


def check(name, good, detail=""):
    results["passed" if good else "failed"] += 1
    if not good:
        print("metrics-test: FAILED: %s %s" % (name, str(detail)[:1500]))


def run(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, cwd=ROOT)


def screen(path, *more):
    return run("screen", "--config", GOLDEN + "/tidewaiter.yaml", "--set", "metrics.path=" + path, *more, GOLDEN + "/input.ndjson")


def refused(text):
    try:
        Metrics(text)
    except Refused:
        return True
    return False


def test_parser():
    head = "# HELP a_total A.\n# TYPE a_total counter\n"
    check("the parser takes a good page", Metrics(head + 'a_total{b="c\\"d"} 1\n').value("a_total") == 1)
    for text in ("", head, head + "a_total 1", head + "a_total 1 99\n", head + "a_total{b=c} 1\n", head + "a_total 1\na_total 1\n", head + "a_total x\n",
                 "a_total 1\n", "# TYPE a_total counter\na_total 1\n", "# HELP a A.\n# TYPE a counter\na 1\n", head + "\na_total 1\n", head + head + "a_total 1\n",
                 head + "a_total{b=\"1\"} 1\n# HELP c C.\n# TYPE c gauge\nc 1\na_total{b=\"2\"} 1\n"):
        check("the parser refuses %r" % text, refused(text))


def test_screen(folder):
    path = os.path.join(folder, "tw.prom")
    before = time.time()
    done = screen(path)
    check("screen ends well", done.returncode == 0, done.stderr)
    check("nothing is left beside the file", os.listdir(folder) == ["tw.prom"], os.listdir(folder))
    metrics = read(path)
    events, dead, alerts, red, holds = (int(re.search(r"(\d+) %s" % noun, done.stderr).group(1)) for noun in ("event", "dead letter", "alert", "red", "hold"))
    said = {"events": metrics.sum("tidewaiter_events_total"), "dead letters": metrics.sum("tidewaiter_events_total", outcome="dead_letter"),
            "reasons": metrics.sum("tidewaiter_dead_letters_total"), "alerts": metrics.sum("tidewaiter_alerts_total"),
            "red": metrics.value("tidewaiter_alerts_total", lane="red"), "holds": metrics.value("tidewaiter_holds_total")}
    check("the numbers are those of the summary", said == {"events": events, "dead letters": dead, "reasons": dead, "alerts": alerts, "red": red, "holds": holds}, said)
    check("a list that loaded says so", metrics.value("tidewaiter_list_loaded", list="un-sc") == 1 and metrics.value("tidewaiter_list_entries", list="un-sc") == 2)
    age = int((time.time() // 86400) - (time.mktime(time.strptime("2026-01-05", "%Y-%m-%d")) // 86400))
    check("its age is of today", abs(metrics.value("tidewaiter_list_age_days", list="un-sc") - age) <= 1, age)
    check("the start is of now", before - 1 <= metrics.value("tidewaiter_start_time_seconds") <= time.time())
    check("every sample says whose it is", all(("worker", "screen") in labels for _, labels in metrics.samples))
    table = re.findall(r"^\| `(\w+)` \| (\w+) \| ([\w, ]*) \| (.*) \|$", run("config", "metrics").stdout, re.M)
    told = {name: (kind, text) for name, kind, _, text in table}
    check("every metric is one of the table, with its type and help", all(told.get(name) == (kind, metrics.helps[name]) for name, kind in metrics.types.items()))
    labels = {name: {label for label in words.split(", ") if label} | {"worker"} for name, _, words, _ in table}
    check("and has the labels of the table", all({label for label, _ in have} == labels[name] for name, have in metrics.samples))
    missing = set(told) - set(metrics.types)
    check("what a run of files has not is not there", missing == {"tidewaiter_workers", "tidewaiter_worker_restarts_total", "tidewaiter_shadow_findings_total",
                                                                "tidewaiter_suppressed_findings_total", "tidewaiter_limited_events_total", "tidewaiter_suppressions", "tidewaiter_lag_events", "tidewaiter_missing_events",
          "tidewaiter_reloads_total", "tidewaiter_reload_parts_total", "tidewaiter_reload_good", "tidewaiter_reload_refused", "tidewaiter_known_good_rows", "tidewaiter_list_age_days_max",
          "tidewaiter_markings_loaded", "tidewaiter_markings_reports", "tidewaiter_markings_passed_rows"}, missing)


def test_output_is_the_same(folder):
    plain = run("screen", "--config", GOLDEN + "/tidewaiter.yaml", "--quiet", GOLDEN + "/input.ndjson").stdout
    check("metrics change no byte of the output", screen(os.path.join(folder, "tw.prom"), "--quiet").stdout == plain)
    lost = screen(os.path.join(folder, "no-such-folder", "tw.prom"), "--quiet")
    check("a file that cannot be written stops nobody", lost.returncode == 0 and lost.stdout == plain, lost.stderr)
    check("and is said", "event=metrics_unwritten" in lost.stderr and "No such file" in lost.stderr, lost.stderr)


def test_readme():
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as text:
        shown = re.findall(r"^\| `tidewaiter_\w+` \|.*$", text.read(), re.M)
    check("the README's table is the program's", shown == re.findall(r"^\| `tidewaiter_\w+` \|.*$", run("config", "metrics").stdout, re.M))


def main():
    test_parser()
    for test in (test_screen, test_output_is_the_same):
        with tempfile.TemporaryDirectory(prefix="tw-metrics-") as folder:
            test(folder)
    test_readme()
    print("metrics-test: %d passed, %d failed" % (results["passed"], results["failed"]))
    return 1 if results["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
