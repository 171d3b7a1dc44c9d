#!/usr/bin/env python3
"""Lists and rules loaded anew under load, on a real broker and a real Redis: no event lost, doubled, or judged by half of two snapshots.

usage: reload.py PROGRAM     needs TW_TEST_KAFKA=host:port; what needs no broker runs without
Prints one line a failed check and a last line `reload-test: N passed, N failed, N skipped`.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import uuid

import prometheus
from checks import check, run
from engine import BROKER, PROGRAM, ROOT, Redis, committed, config_write, read_log, read_topic, shipment, topics_make, wait_for
from load import Load

PARTY = "Quorvex Marine Sample"  # in every event; a list names it from its second version on


def list_text(names, date):
    entity = "<ENTITY><FIRST_NAME>%s</FIRST_NAME><REFERENCE_NUMBER>XXe.%03d</REFERENCE_NUMBER></ENTITY>"
    return '<CONSOLIDATED_LIST dateGenerated="%s"><ENTITIES>%s</ENTITIES></CONSOLIDATED_LIST>' % (
        date, "".join(entity % (name, number) for number, name in enumerate(names)))


OTHERS = ["Sample Lines %d" % number for number in range(20)]
FIRST = list_text(OTHERS, "2026-02-01")
SECOND = list_text(OTHERS + [PARTY], "2026-02-02")


def put(path, text):
    """As a careful operator does: whole, then by a rename."""
    with open(path + ".new", "w", encoding="utf-8") as out:
        out.write(text)
    os.rename(path + ".new", path)


def shipments(count):
    return [json.dumps(shipment(i, 1 + i % 28, "R%d" % i, None, PARTY)).encode() + b"\n" for i in range(count)]


class Run:
    """One `run` over a list and rules of its own, small batches, every event an alert."""

    def __init__(self, folder, names, redis, group, more=()):
        self.folder, self.group, self.names = folder, group, names
        self.list, self.rules, self.copies = (os.path.join(folder, name) for name in ("un.xml", "rules", "copies"))
        self.config = os.path.join(folder, "run.yaml")
        put(self.list, FIRST)
        shutil.copytree(os.path.join(ROOT, "rules", "packs"), self.rules)
        config_write(self.config, names, redis.socket if redis else "none", group, shards=2, group=group, share_ppm=1000000, lists_read=True)
        self.settings = ["--config", self.config, "--set", "batch.events=40", "--set", "rules.paths=[%s]" % self.rules, "--set",
                         "lists=[{id: un-sc, format: un-xml, path: %s, age_days_max: 10}]" % self.list, *more]
        self.log = open(os.path.join(folder, "log"), "w+", encoding="utf-8")
        self.process = None
        self.metrics = os.path.join(folder, "tw.prom")
        self.settings += ["--set", "metrics.path=" + self.metrics, "--set", "metrics.interval_s=1"]

    def start(self, *words):
        self.process = subprocess.Popen([PROGRAM, "run", *words, *self.settings], stdout=self.log, stderr=self.log)
        return self

    def said(self):
        return read_log(self.log)

    def hup(self):
        self.process.send_signal(signal.SIGHUP)

    def wait_said(self, what, times=1):
        good = wait_for(lambda: len(re.findall(what, self.said())) >= times, what)
        check("says %s" % what, good, self.said())
        return good

    def measured(self, worker=None):
        path = self.metrics if worker is None else self.metrics.replace(".prom", ".%s.prom" % worker)
        return prometheus.read(path) if os.path.exists(path) else prometheus.Metrics("# HELP none None.\n# TYPE none gauge\nnone 0\n")

    def wait_measured(self, expected, name, worker=None, **labels):
        good = wait_for(lambda: self.measured(worker).value(name, **labels) == expected, name)
        check("%s %s turns %s" % (name, labels, expected), good, self.measured(worker).samples)

    def total(self):
        return committed(self.group, self.names["manifests"])

    def wait_more(self, more, what):
        before = self.total()
        check(what, wait_for(lambda: self.total() >= before + more, what), self.said())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return "did not end"


def alerts_read(names, count, what):
    """Every alert in the order of its partition's events; one an event."""
    records = read_topic(names["alerts"])
    ids = [headers.get("ce_id") for _, _, headers in records]
    check("%s: one alert an event, none lost, none twice" % what, len(ids) == len(set(ids)) == count, "%d alerts, %d ids, %d events" % (len(ids), len(set(ids)), count))
    alerts = [json.loads(value) for _, value, _ in records]
    return sorted(alerts, key=lambda alert: (alert["input"]["partition"], alert["input"]["offset"]))


def whole(alerts, named, what):
    """Each alert is of one snapshot: whose digest it carries decides which list it shows and whether its party is on it."""
    wrong = [alert for alert in alerts if [match["entry"] for match in alert["matches"]] != (["XXe.020"] if alert["snapshot"]["digest"] in named else [])
             or alert["snapshot"]["lists"][0]["entries"] != (21 if alert["snapshot"]["digest"] in named else 20)]
    check("%s: no alert is of two snapshots" % what, not wrong, wrong[:1])


def test_swap_under_load(folder):
    """A list swapped by a rename and a SIGHUP while events flow; then a list cut short and a rule with an error, which change nothing."""
    group = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(group, partitions=2)
    redis = Redis(folder)
    try:
        run = Run(folder, names, redis, group, more=("--set", "reload.poll_ms=0")).start()
        load = Load(BROKER, names["manifests"], shipments(15000), 100)
        check("events flow", wait_for(lambda: run.total() > 200, "the first commits"), run.said())
        put(run.list, SECOND)
        run.wait_more(100, "a change of the file alone is not looked at: reload.poll_ms is 0")
        check("nothing was loaded yet", "reload" not in run.said(), run.said())
        run.hup()
        run.wait_said(r'event=reloaded old=[0-9a-f]{64} new=[0-9a-f]{64} lists="un-sc 20 -> 21" rules="(\d+) -> \1" embargoes="163 -> 163" seconds=')
        old, new = re.search(r"event=reloaded old=(\S+) new=(\S+) ", run.said()).groups()
        run.wait_more(200, "events go on behind the change")

        run.wait_measured(21, "tidewaiter_list_entries", list="un-sc")
        run.wait_measured(1, "tidewaiter_list_loaded", list="un-sc")
        put(run.list, SECOND[:len(SECOND) // 2])
        run.hup()
        run.wait_said(r"event=reload_refused kept=%s code=syntax reason=\"[^\n]*un\.xml" % new)
        run.wait_measured(0, "tidewaiter_list_loaded", list="un-sc")
        run.wait_measured(0, "tidewaiter_reload_good")
        check("what was there goes on", run.measured().value("tidewaiter_list_entries", list="un-sc") == 21)
        put(run.list, list_text(OTHERS[:10], "2026-02-03"))
        run.hup()
        run.wait_said(r"event=reload_refused kept=%s code=limit reason=\"[^\n]*un\.xml: the list shrank by more than it may: 21 entries before, 10 now" % new)
        put(run.list, SECOND)
        put(os.path.join(run.rules, "bad.yaml"), "id: nothing-else\n")
        run.hup()
        run.wait_said(r"event=reload_refused kept=%s [^\n]*bad\.yaml" % new)
        os.unlink(os.path.join(run.rules, "bad.yaml"))
        run.hup()
        run.wait_said(r"event=reload_unchanged kept=%s " % new)
        run.wait_measured(1, "tidewaiter_list_loaded", list="un-sc")
        run.wait_measured(1, "tidewaiter_reload_good")
        count = load.stop()
        check("the load lasted through all of it", count < 15000, count)
        check("every event is judged", wait_for(lambda: run.total() == count, "every event"), run.said())
        check("SIGTERM ends it with 0", run.stop() == 0, run.said())
        check("the summary counts the loads", "loaded anew 1 times, 1 without a change, 3 refused" in run.said(), run.said())
        metrics = run.measured()
        loads = [metrics.value("tidewaiter_reloads_total", outcome=outcome) for outcome in ("taken", "unchanged", "refused")]
        refused = [metrics.value("tidewaiter_reload_parts_total", part=part, outcome="refused") for part in ("lists", "rules", "other")]
        check("so do the metrics, and what was refused", loads == [1, 1, 3] and refused == [2, 1, 0], "%s %s" % (loads, refused))
        check("they count the events and the alerts, and nothing is left to fetch", metrics.value("tidewaiter_events_total", family="manifest", outcome="screened") == count
              and metrics.sum("tidewaiter_alerts_total") == count and metrics.value("tidewaiter_lag_events", family="manifest") == 0, metrics.samples)
        alerts = alerts_read(names, count, "swapped under load")
        digests = {alert["snapshot"]["digest"] for alert in alerts}
        check("alerts are of the two snapshots that the log names", digests == {old, new}, digests)
        whole(alerts, {new}, "swapped under load")
        order = [(alert["input"]["partition"], alert["snapshot"]["digest"] == new) for alert in alerts]
        check("behind the first alert of the new one there is none of the old", order == sorted(order))
        warned = [bool(alert.get("warnings")) == bool(alert["matches"] and alert["raised"] > "2026-02-12") for alert in alerts]
        check("a list that is too old at an event's time is warned of where it hit", all(warned), alerts[-1])
    finally:
        redis.stop()


def test_workers(folder):
    """Two workers, files that are looked at: a swap, a kill behind it, a list that is gone and comes back."""
    group = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(group, partitions=4)
    redis = Redis(folder)
    try:
        run = Run(folder, names, redis, group, more=("--set", "reload.poll_ms=200", "--set", "last_good.path=%s/copies" % folder)).start("--workers", "2")
        load = Load(BROKER, names["manifests"], shipments(20000), 125)
        check("events flow", wait_for(lambda: run.total() > 200, "the first commits"), run.said())
        check("the list is kept, beside how the start went", sorted(os.listdir(run.copies)) == ["reload", "un-sc.last-good"], os.listdir(run.copies))
        put(run.list, SECOND)
        run.wait_said(r"event=reloaded old=")
        run.wait_said(r'event=reloaded worker=%s-\d old=\S+ new=\S+ lists="un-sc 20 -> 21"' % group, 2)
        news = set(re.findall(r"event=reloaded .*?new=(\S+)", run.said()))
        check("supervisor and workers have the same", len(news) == 1, news)
        kill = int(re.findall(r"event=worker_started worker=%s-1 pid=(\d+)" % group, run.said())[0])
        os.kill(kill, signal.SIGKILL)
        run.wait_said(r"event=worker_restarted worker=%s-1" % group)
        run.wait_more(200, "events go on behind the kill")

        os.unlink(run.list)
        run.wait_said(r'event=list_stale [^\n]*list=un-sc used="its last good copy" reason="[^\n]*un\.xml: cannot read the list: No such file')
        run.wait_said(r'event=reloaded worker=\S+ [^\n]*lists="un-sc 21 -> 21 \(last good copy\)"', 2)
        done = subprocess.run([PROGRAM, "check", *run.settings], capture_output=True, text=True)
        check("check says so, and exits 65", done.returncode == 65 and re.search(r"LAST GOOD COPY: \S+un\.xml: cannot read the list", done.stdout), "%s %s" % (done.returncode, done.stdout))
        run.wait_more(200, "events go on with the copy")
        for worker in (None, group + "-1", group + "-2"):
            run.wait_measured(0, "tidewaiter_list_loaded", worker, list="un-sc")
        put(run.list, SECOND)
        run.wait_said(r'event=reloaded worker=\S+ [^\n]*lists="un-sc 21 -> 21"', 2)
        for worker in (None, group + "-1", group + "-2"):
            run.wait_measured(1, "tidewaiter_list_loaded", worker, list="un-sc")
        check("the supervisor counts the restart", run.measured().value("tidewaiter_worker_restarts_total") == 1, run.measured().samples)
        count = load.stop()
        check("the load lasted through all of it", count < 20000, count)
        check("every event is judged", wait_for(lambda: run.total() == count, "every event"), run.said())
        check("SIGTERM ends all with 0", run.stop() == 0, run.said())
        check("nobody lives", run.measured().value("tidewaiter_workers") == 0)
        own = [run.measured(group + "-%d" % worker) for worker in (1, 2)]
        check("each sample says whose it is", all(metrics.value("tidewaiter_info", worker=group + "-%d" % worker) == 1 for worker, metrics in enumerate(own, 1)))
        check("no series is in two files", not set(own[0].samples) & set(own[1].samples) | set(own[0].samples) & set(run.measured().samples))
        alerts = alerts_read(names, count, "two workers")
        named = {alert["snapshot"]["digest"] for alert in alerts if alert["snapshot"]["lists"][0]["entries"] == 21}
        whole(alerts, named, "two workers")
        stale = [alert for alert in alerts if "stale" in alert["snapshot"]["lists"][0]]
        check("alerts of the copy say so", stale and all(alert["snapshot"]["lists"][0]["stale"] == "cannot read the list" and
                                                         any("last good copy" in text for text in alert["warnings"]) for alert in stale), stale[:1])
        check("the others do not", not any("last good copy" in text for alert in alerts if alert not in stale for text in alert.get("warnings", [])))
    finally:
        redis.stop()


def edit(path, text):
    """As many editors do: the old one steps aside, the new one is written in its place, the old one goes."""
    os.rename(path, path + "~")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    os.unlink(path + "~")


def test_notified(folder):
    """No look for a day: the kernel tells of a rename, an edited rule, thirty files one after the other, a new folder. `reload` asks and tells, `check` shows."""
    group = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(group, partitions=2)
    redis = Redis(folder)
    report = os.path.join(folder, "last-load")

    def ask(command, code, said):
        done = subprocess.run([PROGRAM, command, *run.settings], capture_output=True, text=True)
        check("%s exits %d and says %s" % (command, code, said), done.returncode == code and re.search(said, done.stdout), "%s %s %s" % (done.returncode, done.stdout, done.stderr))

    def loads():
        return len(re.findall(r"event=(?:reloaded|reload_unchanged|reload_refused) ", run.said()))

    try:
        run = Run(folder, names, redis, group, more=("--set", "reload.poll_ms=86400000", "--set", "reload.report=" + report)).start()
        load = Load(BROKER, names["manifests"], shipments(20000), 100)
        check("events flow", wait_for(lambda: run.total() > 200, "the first commits"), run.said())
        put(run.list, SECOND)
        run.wait_said(r'event=reloaded [^\n]*lists="un-sc 20 -> 21"')
        first = re.search(r"event=reloaded old=(\S+) ", run.said()).group(1)
        rules = sorted(os.path.join(at, file) for at, _, files in os.walk(run.rules) for file in files if file.endswith(".yaml") and file[0] != "_")
        texts = {path: open(path, encoding="utf-8").read() for path in rules[:30]}
        edit(rules[0], texts[rules[0]] + "# one\n")
        run.wait_said(r'event=reloaded [^\n]*rules="(\d+) -> \1, changed"')
        before = loads()
        for path in rules[:30]:
            with open(path, "a", encoding="utf-8") as out:
                out.write("# two\n")
        run.wait_said(r'event=reloaded [^\n]*rules="(\d+) -> \1, changed"', 2)
        run.wait_more(200, "events go on behind the changes")
        check("thirty files are one load, or two where writing them took long", loads() - before <= 2, run.said())
        ask("check", 0, r"last load  taken 20\S+ by process %d, in use [0-9a-f]{12}\n" % run.process.pid)

        added = os.path.join(run.rules, "added")
        os.mkdir(added)
        put(os.path.join(added, "half.yaml"), "id: half\n")
        run.wait_said(r"event=reload_refused [^\n]*half\.yaml")
        ask("check", 78, r"last load  REFUSED 20\S+ by process %d, kept [0-9a-f]{12}\n[^\n]*half\.yaml" % run.process.pid)
        ask("reload", 65, r"last load  REFUSED [^\n]*\n[^\n]*half\.yaml")
        check("the metrics say why", wait_for(lambda: any("half.yaml" in str(sample) for sample in run.measured().samples), "the reason"), run.measured().samples)
        shutil.rmtree(added)
        ask("reload", 0, r"last load  unchanged 20\S+ by process %d" % run.process.pid)
        ask("check", 0, r"last load  unchanged ")
        count = load.stop()
        check("the load lasted through all of it", count < 20000, count)
        check("every event is judged", wait_for(lambda: run.total() == count, "every event"), run.said())
        check("SIGTERM ends it with 0", run.stop() == 0, run.said())
        ask("reload", 66, r"^$")
        alerts = alerts_read(names, count, "notified")
        digests = {alert["snapshot"]["digest"] for alert in alerts}
        check("alerts are of several snapshots", len(digests) >= 3 and first in digests, digests)
        whole(alerts, digests - {first}, "notified")
    finally:
        redis.stop()


def test_compiled(folder):
    """A compiled file of lists renamed over the one in use while events flow; one that is damaged keeps the old, and says so."""
    group = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(group, partitions=2)
    redis = Redis(folder)
    try:
        compiled = os.path.join(folder, "lists.twl")
        run = Run(folder, names, redis, group, more=("--set", "reload.poll_ms=200"))

        def build(text):
            put(run.list, text)
            done = subprocess.run([PROGRAM, "lists", "build", "--quiet", "--out", compiled, *run.settings], capture_output=True, text=True)
            check("lists build is content", done.returncode == 0, done.stderr)

        build(FIRST)
        run.settings += ["--set", "compiled.path=" + compiled]
        run.start()
        load = Load(BROKER, names["manifests"], shipments(15000), 100)
        check("events flow", wait_for(lambda: run.total() > 200, "the first commits"), run.said())
        put(run.list, SECOND)
        run.wait_more(200, "the list's own file is not looked at: the compiled one is in use")
        check("nothing was loaded anew", "reload" not in run.said(), run.said())
        build(SECOND)
        run.wait_said(r'event=reloaded old=[0-9a-f]{64} new=[0-9a-f]{64} lists="un-sc 20 -> 21"')
        old, new = re.search(r"event=reloaded old=(\S+) new=(\S+) ", run.said()).groups()
        run.wait_more(200, "events go on behind the change")

        with open(compiled, "rb") as kept:
            good = kept.read()
        for damaged, code in ((good[:len(good) // 2] + bytes([good[len(good) // 2] ^ 1]) + good[len(good) // 2 + 1:], "corrupt"), (good[:len(good) // 2], "corrupt"), (b"", "\\w+")):
            before = len(re.findall("event=reload_refused", run.said()))
            with open(compiled + ".new", "wb") as out:
                out.write(damaged)
            os.rename(compiled + ".new", compiled)
            run.wait_said(r"event=reload_refused kept=%s code=%s reason=\"[^\n]*lists\.twl" % (new, code), before + 1)
            run.wait_measured(0, "tidewaiter_list_loaded", list="un-sc")
        run.wait_more(100, "events go on with the old one")
        with open(compiled + ".new", "wb") as out:
            out.write(good)
        os.rename(compiled + ".new", compiled)
        run.wait_said(r"event=reload_unchanged kept=%s " % new)
        run.wait_measured(1, "tidewaiter_list_loaded", list="un-sc")
        count = load.stop()
        check("the load lasted through all of it", count < 15000, count)
        check("every event is judged", wait_for(lambda: run.total() == count, "every event"), run.said())
        check("SIGTERM ends it with 0", run.stop() == 0, run.said())
        alerts = alerts_read(names, count, "compiled")
        check("alerts are of the two snapshots that the log names", {alert["snapshot"]["digest"] for alert in alerts} == {old, new})
        whole(alerts, {new}, "compiled")
    finally:
        redis.stop()


def test_registers(folder):
    """Quantity bands and a list of marks that change while events flow: taken, or refused with their place; the list of marks is kept, and its copy stands in."""
    group = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(group, partitions=2)
    redis = Redis(folder)
    count = 2000
    bands, marks = (os.path.join(folder, name) for name in ("bands.csv", "marks.csv"))
    band = "end_user,country,hs,control_code,per,low,high,unit,from,to,source\nSample Guard,QZ,,,consignment,,%s,C62,,,note 1\n"
    mark = "serial,maker,model,calibre,country,status,reported_on,reference\nRL 70417,Samplearms,M7,,XA,%s,2025-06-10,\n"
    put(bands, band % "500")
    put(marks, mark % "stolen")
    try:
        run = Run(folder, names, redis, group, more=("--set", "reload.poll_ms=200", "--set", "last_good.path=%s/copies" % folder, "--set", "quantities.path=" + bands,
                                                     "--set", "markings.path=" + marks)).start()
        Load(BROKER, names["manifests"], shipments(count), 25)
        check("events flow", wait_for(lambda: run.total() > 100, "the first commits"), run.said())
        check("list and marks are kept", {"markings.last-good", "un-sc.last-good"} <= set(os.listdir(run.copies)), os.listdir(run.copies))
        put(bands, band % "600")
        run.wait_said(r"event=reloaded old=")
        put(bands, band % "6oo")
        run.wait_said(r'event=reload_refused [^\n]*bands\.csv:2:32: not a number')
        put(bands, band % "600")
        put(marks, mark % "stoln")
        run.wait_said(r'event=list_stale [^\n]*list=markings used="its last good copy" reason="[^\n]*marks\.csv:2:28: a status that is none')
        put(marks, mark % "destroyed")
        run.wait_said(r"event=reloaded old=", 3)
        check("every event is judged", wait_for(lambda: run.total() == count, "every event"), run.said())
        check("SIGTERM ends it with 0", run.stop() == 0, run.said())
    finally:
        redis.stop()


def test_start(folder):
    """No broker: what check and screen say of a list that is gone, with and without a copy; who only looks keeps nothing."""
    names = {family: "tw." + family for family in ("manifests", "certificates", "markings", "outcomes", "decisions", "alerts", "holds", "facts")}
    run = Run(folder, names, None, "none")
    events = os.path.join(folder, "in.ndjson")
    with open(events, "w", encoding="utf-8") as out:
        out.write(json.dumps({"topic": "tw.manifests", "value": shipment(1, 5, "S1", None, PARTY)}) + "\n")

    def ask(command, *words):
        return subprocess.run([PROGRAM, command, *run.settings, "--set", "state.store=memory", *words], capture_output=True, text=True)

    kept = ("--set", "last_good.path=%s" % run.copies)
    done = ask("check", *kept)
    check("check is content", done.returncode == 0 and re.search(r"un-sc +un-xml +2026-02-01 +\d+ d +0 +20 ", done.stdout), "%s %s" % (done.returncode, done.stdout))
    check("and keeps nothing", not os.path.exists(run.copies))
    check("an old list is said by check", "TOO OLD for events of today: age_days_max is 10" in done.stdout, done.stdout)
    text, digest = SECOND.encode(), subprocess.run(["sha256sum"], input=SECOND.encode(), capture_output=True).stdout.decode().split()[0]
    os.mkdir(run.copies)
    with open(os.path.join(run.copies, "un-sc.last-good"), "wb") as out:
        out.write(b"tidewaiter-list 1\nformat un-xml\nentries 21\ndigest %s\nfile %d un.xml\n\n" % (digest.encode(), len(text)) + text)
    put(run.list, FIRST[:200])
    for command, words, code in (("check", kept, 65), ("check", (), 78), ("screen", (*kept, events), 0), ("screen", (events,), 78)):
        done = ask(command, *words)
        check("%s %s with a list cut short exits %d" % (command, "with a copy" if kept[1] in words else "without a copy", code), done.returncode == code,
              "%s %s %s" % (done.returncode, done.stdout, done.stderr))
        check("and names the file", "un.xml" in done.stderr, done.stderr)
        if command == "screen" and code == 0:
            alert = json.loads(done.stdout.splitlines()[0])["value"]
            check("the alert is of the copy, and says so", alert["matches"][0]["entry"] == "XXe.020" and alert["snapshot"]["lists"][0]["stale"] and
                  len(alert["warnings"]) == 2, alert)


if __name__ == "__main__":
    sys.exit(run((test_start, test_swap_under_load, test_notified, test_compiled, test_registers, test_workers), BROKER, without=(test_start,)))
