#!/usr/bin/env python3
"""`tidewaiter state`: real Kafka, real Redis, the sample traffic. What is told of the state is true, what is done to it by hand is found.

usage: state.py PROGRAM      needs TW_TEST_KAFKA=host:port; starts its own Redis on a private socket and ends it.
Prints one line a failed check and a last line `state-test: N passed, N failed, N skipped`.
"""
import json
import os
import signal
import subprocess
import sys
import uuid

import engine
from checks import check, run
from engine import PROGRAM, ROOT, Redis, committed, config_write, events_made, facts_read, kcat, raw_value, read_log, read_topic, sample_lines, topics_make, wait_for


class World:
    """Topics of two partitions, a Redis, a configuration; engines that were started are killed at the end."""

    def __init__(self, folder, shards=2):
        self.folder = folder
        self.group = "tw" + uuid.uuid4().hex[:10]
        self.names = topics_make(self.group, 2)
        self.redis = Redis(folder)
        self.log = open(os.path.join(folder, "log"), "w+", encoding="utf-8")
        self.configs = [os.path.join(folder, "run%d.yaml" % worker) for worker in range(2)]
        self.engines = []
        self.produced = {}
        for worker, config in enumerate(self.configs):
            config_write(config, self.names, self.redis.socket, "%s-%d" % (self.group, worker), shards=shards, group=self.group)

    def produce(self, lines):
        by_family = {}
        for line in lines:
            by_family.setdefault(line["topic"].split(".")[1], []).append(raw_value(line))
        for family, values in by_family.items():
            for partition in range(2):
                kcat("-P", "-t", self.names[family], "-p", str(partition), data="\n".join(values[partition::2]).encode())
            self.produced[family] = self.produced.get(family, 0) + len(values)

    def start(self, workers=1, extra=()):
        command = [PROGRAM, "run"] + list(extra)
        self.engines += [subprocess.Popen(command + ["--config", config], stdout=self.log, stderr=self.log) for config in self.configs[:workers]]

    def drained(self):
        return wait_for(lambda: all(committed(self.group, self.names[f]) == n for f, n in self.produced.items()) and facts_read(self.names, self.group),
                        "the committed offsets", 90)

    def events(self):
        """In the log: what was produced, and what the engines told themselves."""
        return sum(self.produced.values()) + len(read_topic(self.names["facts"]))

    def stop(self):
        for one in self.engines:
            one.send_signal(signal.SIGTERM)
        codes = [one.wait(60) for one in self.engines]
        self.engines = []
        return codes

    def state(self, *words):
        return subprocess.run([PROGRAM, "state", *words, "--config", self.configs[0]], capture_output=True, text=True, timeout=180)

    def certificate(self, *words):
        return subprocess.run([PROGRAM, "certificate", *words, "--config", self.configs[0]], capture_output=True, text=True, timeout=180)

    def verify(self, *words):
        done = self.state("verify", "--json", *words)
        try:
            return done, json.loads(done.stdout)
        except ValueError:
            return done, {}

    def equal(self, name, *words):
        done, said = self.verify(*words)
        check(name, done.returncode == 0 and said.get("equal") and said.get("entities", 0) > 100, "%s %s %s" % (done.returncode, done.stdout, done.stderr))
        return said

    def different(self, name, kind, words, undo=None):
        """One difference of that kind, which the words are in; then it is undone."""
        done, said = self.verify()
        found = [row for row in said.get("differences", []) if row["difference"] == kind and all(word in json.dumps(row) for word in words)]
        check(name, done.returncode == 1 and said.get(kind, 0) >= 1 and found, "%s %s %s" % (done.returncode, done.stdout, done.stderr))
        if undo:
            undo()

    def keys(self, pattern):
        return sorted(filter(None, self.redis.cli("--raw", "KEYS", pattern).splitlines()))

    def end(self):
        for one in self.engines:
            one.kill()
            one.wait()
        self.redis.stop()


def test_verify(folder):
    """Equal while two engines run, after them, and after a flush that they mended; each kind of difference is found when it is made by hand."""
    world = World(folder)
    redis = world.redis
    try:
        world.produce(sample_lines())
        world.start(2)
        check("two engines drain the sample", world.drained(), read_log(world.log))
        world.equal("equal while two engines run")
        redis.cli("FLUSHALL")
        done = world.state("verify", "--most", "2")
        check("a flush is found, all of it counted", done.returncode in (0, 1), done.stderr)
        world.produce(list(sample_lines())[:40])
        check("the engines mend the flush", world.drained(), read_log(world.log))
        world.equal("equal after a flush that the engines mended")
        world.stop()
        said = world.equal("equal when the engines are gone")
        check("verify says how far", said.get("complete") and said.get("open") and said.get("events") == world.events(), said)

        first, second = world.keys("{tw:s0}:r:6:*")[:2]
        key, other = first.split(":r:6:")[1], second.split(":r:6:")[1]
        redis.cli("RENAME", first, "aside")
        world.different("a record that is gone is missing", "missing", ["certificate", key], lambda: redis.cli("RENAME", "aside", first))
        redis.cli("COPY", first, "aside")
        redis.cli("COPY", second, first, "REPLACE")
        world.different("a record with another's content differs, in named parts", "differs", [key, "parts", "log", "store"],
                        lambda: redis.cli("RENAME", "aside", first))
        redis.cli("COPY", first, "aside")
        redis.cli("APPEND", first, "garbage")
        world.different("a record with more bytes is damaged", "damaged", [key], lambda: redis.cli("RENAME", "aside", first))
        for shard in range(2):
            redis.cli("COPY", first, "{tw:s%d}:r:6:XZ|NOBODY" % shard)
        world.different("a record of an entity that the log does not know is foreign", "foreign", ["XZ|NOBODY"])
        world.different("a record on the wrong shard is unknown", "unknown", ["XZ|NOBODY"], lambda: redis.cli("DEL", *["{tw:s%d}:r:6:XZ|NOBODY" % s for s in range(2)]))
        redis.cli("SET", "{tw:s1}:junk", "1")
        world.different("a key that no engine writes is unknown", "unknown", ["{tw:s1}:junk"], lambda: redis.cli("DEL", "{tw:s1}:junk"))
        mark = "{tw:s1}:w:%s:0" % world.names["manifests"]
        for kind, byte in (("behind", "\\1"), ("ahead", "\\255\\255")):
            redis.cli("COPY", mark, "aside")
            redis.cli("EVAL", "return redis.call('SETRANGE', KEYS[1], 0, '%s')" % byte, "1", mark)
            world.different("a watermark that is %s is named" % kind, kind, ["{tw:s1}", world.names["manifests"] + "/0"], lambda: redis.cli("RENAME", "aside", mark))
        redis.cli("RENAME", "{tw:s1}:epoch", "aside")
        world.different("a shard without an epoch is named", "epoch", ["{tw:s1}"], lambda: redis.cli("RENAME", "aside", "{tw:s1}:epoch"))
        world.equal("equal when all is undone")

        redis.cli("DEL", *world.keys("{tw:s0}:r:6:*"))
        done = world.state("verify", "--most", "3")
        lines = [line for line in done.stdout.splitlines() if line.startswith("missing")]
        check("--most bounds what is named, not what is counted", len(lines) == 3 and lines == sorted(lines) and "more are counted" in done.stdout, done.stdout)
        check("the summary counts by kind", "different: " in done.stdout and "missing" in done.stdout.splitlines()[-1], done.stdout)
        check("another certificate is named first", key in done.stdout or other in done.stdout, done.stdout)
    finally:
        world.end()


def test_verify_under_load(folder):
    """What two engines append and commit meanwhile is no difference, though each of eight shards is looked at in a moment of its own."""
    world = World(folder, shards=8)
    count = 60000
    try:
        data = events_made(count, 7)
        for partition in range(2):
            kcat("-P", "-t", world.names["manifests"], "-p", str(partition), data=b"\n".join(data[partition::2]))
        world.produced["manifests"] = count
        world.start(2)
        check("the engines are at work", wait_for(lambda: committed(world.group, world.names["manifests"]) > 0, "the first commit"), read_log(world.log))
        beside = 0
        while committed(world.group, world.names["manifests"]) < count:
            done, said = world.verify()
            beside += 1
            if done.returncode != 0:
                check("equal while engines work", False, "%s %s %s" % (done.returncode, done.stdout, done.stderr))
                break
        check("equal %d times while engines work" % beside, beside > 0)
        check("all is committed", world.drained(), read_log(world.log))
        world.stop()
        world.equal("equal after the load")
    finally:
        world.end()


def kept_view(view):
    """Of a certificate's view what a record keeps, wherever it was read from."""
    kept = ("time", "consignment", "line", "quantity", "unit", "left", "departs", "status", "hs", "control_code", "calibre", "destinations", "passing")
    lines = [dict(line, draws=[{key: draw.get(key) for key in kept} for draw in line["draws"]]) for line in view.get("lines", [])]
    deliveries = [{key: value for key, value in one.items() if key != "discrepancy"} for one in view.get("deliveries", [])]
    timeline = [[one["time"], one["type"], one.get("consignment")] for one in view.get("timeline", [])]
    problems = [[one["problem"], one.get("consignments")] for one in view.get("problems", []) if one["problem"] != "rule"]
    return {"status": view.get("status"), "terms": view.get("terms"), "lines": lines, "given_back": view.get("given_back"),
            "deliveries": sorted(deliveries, key=str), "timeline": sorted(timeline), "problems": problems}


def test_show(folder):
    """A certificate in words, to the byte; raw spellings; what was meant by a mistyped key."""
    world = World(folder, shards=3)
    try:
        lines = [line for line in sample_lines() if line["topic"] != "tw.decisions"]
        world.produce(lines)
        world.start()
        world.drained()
        world.stop()
        with open(os.path.join(ROOT, "tests", "data", "state", "certificate.txt"), encoding="utf-8") as golden:
            want = golden.read()
        done = world.state("show", "certificate", "TG|TGINT20260007")
        check("a certificate is shown as it should be", done.returncode == 0 and done.stdout == want, done.stdout + done.stderr)
        check("a certificate's number may be typed as printed", world.state("show", "certificate:tg|TG/INT/2026-0007").stdout == want)
        done = world.state("show", "certificate", "TG|TGINT20260007", "--json")
        said = json.loads(done.stdout)
        check("--json says the same", said["key"] == "TG|TGINT20260007" and said["status"] == "authenticated" and said["balance"][0]["drawn"] == 580 and len(said["draws"]) == 3, said)
        party = world.state("show", "party", "Torquist", "Defence", "Sample", "EOOD|bg").stdout
        check("a party's name may be typed as printed", "torquist defence sample eood|BG" in party and "Countries" in party, party)
        marking = world.state("show", "marking", "Samplearms|sx 2001").stdout
        check("a mark is shown with its history", "destroyed" in marking and "TWS26000500" in marking, marking)
        vessel = world.state("show", "vessel", "IMO 3001354").stdout
        check("a vessel may be typed with IMO before it", vessel.startswith("vessel 3001354\n"), vessel)
        check("a consignment is shown", "Declared and amended" in world.state("show", "consignment", "TWS26000475").stdout)
        done = world.state("show", "vessel", "3001345")
        check("an unknown entity exits 1, and what is near is named", done.returncode == 1 and "3001354" in done.stderr and not done.stdout, done.stderr)
        done = world.certificate("show", "tg/int/2026/0007", "--format", "json")
        said = json.loads(done.stdout or "{}")
        check("the certificate view has the ledger from the store", done.returncode == 0 and said["lines"][0]["left"] == -80 and not said["papers"] and
              [problem["problem"] for problem in said["problems"]] == ["over_drawn"], done.stdout + done.stderr)
        done = world.certificate("show", "TG|TGINT20260007", "--log", "--quiet", "--format", "json")
        told = json.loads(done.stdout or "{}")
        check("and from the topics, with the papers", done.returncode == 0 and told["papers"] and told["problems"] == said["problems"] and
              told["lines"][0]["draws"][2]["description"] == "Assault rifles 5.56x45", done.stdout + done.stderr)
        sample, config = [os.path.join(ROOT, "feeds", "sample", name) for name in ("traffic.ndjson", "tidewaiter.yaml")]
        for number in ("MA/DGSN/26/12", "PT/INT/2026/0101", "TG|TGINT20260007"):
            views = [json.loads(world.certificate("show", number, "--quiet", "--format", "json", *more).stdout or "{}") for more in ((), ("--log",))]
            done = subprocess.run([PROGRAM, "certificate", "show", number, sample, "--quiet", "--format", "json", "--config", config], capture_output=True, text=True, timeout=180)
            store, topics, files = [kept_view(view) for view in [*views, json.loads(done.stdout or "{}")]]
            check("%s: the store says what the topics say" % number, store and store == topics, json.dumps([store, topics]))
            check("%s: and files" % number, store == files, json.dumps([store, files]))
            check("%s: what is not kept is named" % number, views[0].get("not_kept") and "not_kept" not in views[1], json.dumps(views[0]))
        short = world.certificate("show", "MA/DGSN/26/12").stdout
        check("a delivery that is short is told from the store", "line 1: received 360" in short and "40 SHORT; a discrepancy is stated; its words are not kept in the store" in short, short)
        check("and what the store does not keep", "Not kept in the store\n  descriptions, parties and places" in short, short)
        done = world.certificate("list", "--limit", "0", "--format", "json")
        check("the list ranks by urgency", done.returncode == 0 and json.loads(done.stdout.splitlines()[0])["problems"][0]["problem"] == "drawn_void", done.stdout[:500])
        done = world.certificate("show", "TGINT2026007")
        check("an unknown certificate exits 1, and the nearest is named", done.returncode == 1 and "TGINT20260007" in done.stderr, done.stderr)
        done = world.state("show", "vesel", "3001354")
        check("an unknown kind is refused, and guessed at", done.returncode == 64 and "vessel" in done.stderr, done.stderr)
    finally:
        world.end()


def test_rebuild(folder):
    """After a flush with no engine running; from nothing; refused beside engines and where history would be lost."""
    world = World(folder)
    try:
        world.produce(sample_lines())
        world.start()
        world.drained()
        done = world.state("rebuild", "--from-nothing", "--yes")
        check("--from-nothing is refused while an engine runs", done.returncode == 75 and "stop them first" in done.stderr, "%s %s" % (done.returncode, done.stderr))
        world.equal("a refused one removed nothing")
        world.stop()
        raised = len(read_topic(world.names["alerts"]))
        world.redis.cli("FLUSHALL")
        done = world.state("rebuild")
        check("rebuild brings everything back", done.returncode == 0 and "rebuilt: %d events" % world.events() in done.stdout, done.stdout + done.stderr)
        check("rebuild says how fast", "events/s" in done.stdout, done.stdout)
        said = world.equal("equal after a rebuild")
        check("a rebuild opens the epoch", said.get("open"), said)
        done = world.state("rebuild")
        check("nothing missing is said", done.returncode == 0 and "nothing was missing" in done.stdout, done.stdout + done.stderr)
        check("--from-nothing asks for --yes", world.state("rebuild", "--from-nothing").returncode == 64)
        world.redis.cli("SET", "{tw:s1}:junk", "1")
        done = world.state("rebuild", "--from-nothing", "--yes")
        check("from nothing", done.returncode == 0 and "removed" in done.stderr, done.stdout + done.stderr)
        world.equal("equal after one from nothing")
        check("a rebuild raises nothing", len(read_topic(world.names["alerts"])) == raised)

        subprocess.run([sys.executable, os.path.join(ROOT, "tests", "integration", "broker", "ask.py"), engine.BROKER, "forget", world.names["manifests"], "20"], check=True)
        done, said = world.verify()
        check("a log without its begin is said to be", done.returncode == 0 and said.get("complete") is False, done.stdout + done.stderr)
        text = world.state("verify").stdout
        check("in words too", "NOT VERIFIED IN FULL" in text and "/0 begins at 20" in text, text)
        world.redis.cli("DEL", world.keys("{tw:s0}:r:6:*")[0])
        check("what the rest of the log contradicts is still found", world.state("verify").returncode == 1)
        before = len(world.keys("*"))
        done = world.state("rebuild", "--from-nothing", "--yes")
        check("--from-nothing is refused where history would be lost", done.returncode == 75 and "begins at 20" in done.stderr, "%s %s" % (done.returncode, done.stderr))
        check("and removes nothing", len(world.keys("*")) == before)
        done = world.state("migrate", "--to-prefix", "t2")
        check("migrate is refused where history would be lost", done.returncode == 75 and "begins at 20" in done.stderr, "%s %s" % (done.returncode, done.stderr))
    finally:
        world.end()


def test_migrate(folder):
    """To another prefix and other shards beside a running engine; caught up; gone on with; the old keys dropped."""
    world = World(folder)
    moved = ["--set", "redis.prefix=t2", "--set", "redis.shards=5"]
    try:
        lines = list(sample_lines())
        world.produce(lines[:400])
        world.start()
        world.drained()
        done = world.state("migrate", "--to-prefix", "t2", "--to-shards", "5")
        check("migrate works beside an engine", done.returncode == 0 and "up to offset" in done.stdout and "redis.prefix: t2" in done.stdout, done.stdout + done.stderr)
        check("the new state is equal", world.verify(*moved)[0].returncode == 0, world.verify(*moved)[0].stdout)
        world.equal("the old one too")
        world.produce(lines[400:500])
        world.drained()
        world.stop()
        done = world.state("migrate", "--to-prefix", "t2", "--to-shards", "5")
        said = world.equal("run again it catches up", *moved)
        check("the new epoch is closed until an engine opens it", said.get("open") is False, said)
        world.produce(lines[500:])
        world.start(extra=moved)
        check("an engine goes on with the new state", world.drained(), read_log(world.log))
        world.stop()
        said = world.equal("equal after it", *moved)
        check("the engine opened the epoch", said.get("open"), said)
        ids = [headers.get("ce_id") for _, _, headers in read_topic(world.names["alerts"])]
        check("no alert twice over all that", len(ids) == len(set(ids)) > 0)
        check("a prefix in use is not dropped", world.state("drop", "--prefix", "tw", "--yes").returncode == 64)
        check("nor one without --yes", world.state("drop", "--prefix", "tw", *moved).returncode == 64)
        check("nor is a migration to the same prefix begun", world.state("migrate", "--to-prefix", "tw").returncode == 64)
        world.redis.cli("SET", "{twin:s0}:r:6:XZ|1", "somebody else's")
        done = world.state("drop", "--prefix", "tw", "--yes", *moved)
        check("the old keys are dropped", done.returncode == 0 and not world.keys("{tw:*"), "%s %s %s" % (done.stdout, done.stderr, world.keys("{tw:*")))
        check("and nobody else's", len(world.keys("{twin:*")) == 1 and len(world.keys("{t2:*")) > 100)
        world.equal("equal after the drop", *moved)
    finally:
        world.end()


def test_migrate_schema(folder):
    """A state that a release of the schema before this one left: engines refuse it and say what to do, migrate brings it over, drop removes it."""
    world = World(folder, shards=2)
    moved = ["--set", "redis.prefix=t2"]
    try:
        lines = list(sample_lines())
        world.produce(lines[:400])
        world.start()
        world.drained()
        world.stop()
        for epoch in world.keys("{tw:s*}:epoch"):
            said = world.redis.cli("--raw", "GET", epoch).strip()
            schema = int(said.split()[1])
            world.redis.cli("SET", epoch, said.replace("tidewaiter %d " % schema, "tidewaiter %d " % (schema - 1), 1))
        digest = lambda: world.redis.cli("EVAL", "local all = '' for _, key in ipairs(KEYS) do all = redis.sha1hex(all .. key .. redis.call('DUMP', key)) end return all",
                                         str(len(world.keys("{tw:*"))), *world.keys("{tw:*"))
        old = digest()
        world.start()
        codes = [one.wait(60) for one in world.engines]
        world.engines = []
        said = read_log(world.log)
        check("an engine does not go on with another schema", codes == [75] and "the state has another shape than this engine's" in said, "%s %s" % (codes, said))
        check("and names both, and what to do", 'it says \\"tidewaiter %d ' % (schema - 1) in said and "use a new key prefix" in said, said)
        for words in (("verify",), ("show", "certificate", "TG|TGINT20260007"), ("rebuild",)):
            done = world.state(*words)
            check("nor does %s" % words[0], done.returncode == 75 and "another shape" in done.stderr, "%s %s %s" % (done.returncode, done.stdout, done.stderr))
        done = world.state("migrate", "--to-prefix", "t2")
        check("migrate brings it over", done.returncode == 0 and "redis.prefix: t2" in done.stdout, done.stdout + done.stderr)
        world.equal("equal under the new prefix", *moved)
        check("the old state is as it was", len(old.strip()) == 40 and digest() == old, old)
        world.produce(lines[400:])
        world.start(extra=moved)
        check("an engine goes on with it", world.drained(), read_log(world.log))
        world.stop()
        world.equal("equal after it", *moved)
        done = world.state("drop", "--prefix", "tw", "--yes", *moved)
        check("the state of the old schema is dropped", done.returncode == 0 and not world.keys("{tw:*"), "%s %s" % (done.stdout, done.stderr))
        world.equal("equal after the drop", *moved)
    finally:
        world.end()


def test_memory_has_no_state(folder):
    """Nothing is stored where history is kept in memory: a usage error, not an empty answer."""
    world = World(folder)
    try:
        done = world.state("verify", "--set", "state.store=memory")
        check("state.store memory is refused", done.returncode == 64 and "memory" in done.stderr, done.stderr)
        world.redis.stop()
        done = world.state("verify")
        check("a Redis that does not answer is exit 74", done.returncode == 74 and "does not answer" in done.stderr, "%s %s" % (done.returncode, done.stderr))
    finally:
        world.end()


if __name__ == "__main__":
    sys.exit(run((test_verify, test_verify_under_load, test_show, test_rebuild, test_migrate, test_migrate_schema, test_memory_has_no_state), engine.BROKER))
