#!/usr/bin/env python3
"""The program as its operator runs it: real Kafka, real Redis, the sample traffic; compared with the file run, byte for byte.

usage: engine.py PROGRAM      needs TW_TEST_KAFKA=host:port; starts its own Redis on a private socket and ends it.
Prints one line a check and a last line `engine-test: N passed, N failed, N skipped`.
"""
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid

from checks import NAME, check, run

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SAMPLE = os.path.join(ROOT, "feeds", "sample")
BROKER = os.environ.get("TW_TEST_KAFKA", "")
LISTS = os.environ.get("TW_TEST_LISTS", "")
EVENTS = os.path.join(os.path.dirname(os.path.realpath(PROGRAM)), "bench", "bench_events")
FAMILIES = ("manifests", "certificates", "markings", "outcomes", "decisions")


class Redis:
    def __init__(self, folder):
        self.socket = os.path.join(folder, "redis.sock")
        self.process = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", self.socket, "--dir", folder, "--save", "", "--appendonly", "yes"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: self.cli("PING").strip() == "PONG", "redis")

    def cli(self, *words):
        return subprocess.run(["redis-cli", "-s", self.socket, *words], capture_output=True, text=True).stdout

    def stop(self):
        self.process.terminate()
        self.process.wait()


def events_made(count, seed):
    """Generated manifests, one a line."""
    if not os.path.exists(EVENTS):
        raise FileNotFoundError("%s is not built: make test-programs" % EVENTS)
    return subprocess.run([EVENTS, str(count), str(seed)], capture_output=True, check=True).stdout.splitlines()


def wait_for(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    print("%s: waited %d s in vain for %s" % (NAME, seconds, what))
    return False


def kcat(*words, data=None):
    return subprocess.run(["kcat", "-b", BROKER, "-q", *words], input=data, capture_output=True)


def topics_make(prefix, partitions=1):
    names = {family: "%s.%s" % (prefix, family) for family in FAMILIES}
    names.update(alerts=prefix + ".alerts", holds=prefix + ".holds", dead_letter=prefix + ".dead-letter", facts=prefix + ".facts", shadow=prefix + ".shadow", traces=prefix + ".traces")
    for name in names.values():
        subprocess.run([os.path.join(ROOT, "tests", "integration", "broker", "topic.sh"), name, str(partitions)], check=True)
    return names


def read_topic(name):
    """Every committed record: (key, value bytes, headers)."""
    out = kcat("-C", "-t", name, "-o", "beginning", "-e", "-X", "isolation.level=read_committed", "-J").stdout
    records = []
    for line in out.splitlines():
        record = json.loads(line)
        headers = record.get("headers", [])
        records.append((record.get("key"), record.get("payload"), dict(zip(headers[::2], headers[1::2]))))
    return records


def config_write(path, names, redis, instance, shards=16, group=None, share_ppm=10000, rules=(), lists_read=False):
    """@param lists_read the lists are read from their own files, also where the run of tests has them compiled: half of what a start takes"""
    with open(path, "w", encoding="utf-8") as out:
        out.write("topics:\n" + "".join("  %s: %s\n" % (key, value) for key, value in names.items()))
        out.write("kafka:\n  brokers: %s\n  group: %s\n  instance: %s\n" % (BROKER, group or instance, instance))
        out.write("redis:\n  address: unix:%s\n  shards: %d\n" % (redis, shards))
        out.write("state:\n  store: redis\n")
        out.write("rules:\n  paths: %s\n" % json.dumps([os.path.join(ROOT, "rules", "packs"), *rules]))
        out.write("lists:\n  - {id: un-sc, format: un-xml, path: \"%s/lists/un/UN_consolidated_2026-02-27.xml\"}\n" % SAMPLE)
        out.write("  - {id: ofac-sdn, format: ofac-csv, path: \"%s/lists/ofac\"}\n" % SAMPLE)
        if LISTS and not lists_read:
            out.write("compiled:\n  path: \"%s\"\n" % LISTS)
        out.write("embargoes:\n  path: \"%s/feeds/embargoes/embargoes.csv\"\nreference:\n  path: \"%s/feeds/reference\"\n" % (ROOT, ROOT))
        out.write("time:\n  confirm_days: 30\n")
        out.write("random:\n  share_ppm: %d\n  key: engine-test-key-0001\n" % share_ppm)


def sample_lines():
    for name in ("real_bills.ndjson", "traffic.ndjson"):
        with open(os.path.join(SAMPLE, name), encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())


def raw_value(line):
    """The bytes of the value member, as the file has them."""
    return json.dumps(line["value"], ensure_ascii=False, separators=(",", ":"))


def produce(names, lines):
    by_topic = {}
    for line in lines:
        by_topic.setdefault(names[line["topic"].split(".")[1]], []).append(raw_value(line))
    for topic, values in by_topic.items():
        kcat("-P", "-t", topic, "-p", "0", data="\n".join(values).encode())


def engine_start(config, log):
    return subprocess.Popen([PROGRAM, "run", "--config", config], stdout=log, stderr=log)


def read_log(log):
    with open(log.name, encoding="utf-8") as said:
        return said.read()


def committed(group, topic):
    out = subprocess.run([os.path.join(ROOT, "tests", "integration", "broker", "committed.sh"), group, topic], capture_output=True, text=True).stdout.strip()
    return int(out) if out.lstrip("-").isdigit() else -1


def rebuilt_events(said):
    """How many events the last rebuild took from the log: those of the inputs and the facts that followed from them. -1: there was none."""
    found = re.findall(r"event=rebuild_ended events=(\d+) ", said)
    return int(found[-1]) if found else -1


def facts_of(names):
    """What was told of consignments and parties; of time that passes tests/scenarios.py knows."""
    kinds = ("fact.draws_ended", "fact.inspected", "fact.arrived")
    return [fact for fact in read_topic(names["facts"]) if json.loads(fact[1])["type"] in kinds]


def test_stream_equals_file(folder):
    """Manifests alone through Kafka and Redis give the alerts of the file run, byte for byte; SIGTERM drains; a restart adds nothing."""
    prefix = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(prefix)
    manifests = [line for line in sample_lines() if line["topic"] == "tw.manifests"]
    request = {"topic": "tw.markings", "value": {
        "id": "trace-1", "source": "panel", "time": "2027-01-01T00:00:00Z", "type": "marking.trace_requested", "reference": "PX-9",
        "item": {"kind": "pistol", "make": "Samplearms", "marks": [{"kind": "serial", "value": "SX 2001"}, {"kind": "serial", "value": "NOBODY-1"}]}}}
    redis = Redis(folder)
    try:
        config, file_in, file_out = (os.path.join(folder, name) for name in ("run.yaml", "in.ndjson", "out.ndjson"))
        config_write(config, names, redis.socket, prefix, rules=[os.path.join(ROOT, "tests", "golden", "shadow", "rules")], lists_read=True)
        with open(file_in, "w", encoding="utf-8") as out:
            for line in manifests:
                out.write('{"topic":"%s","value":%s}\n' % (names["manifests"], raw_value(line)))
            out.write('{"topic":"%s","value":%s}\n' % (names["markings"], raw_value(request)))
        done = subprocess.run([PROGRAM, "screen", "--config", config, "--set", "state.store=memory", "--out", file_out, file_in], capture_output=True, text=True)
        check("the file run ends well", done.returncode == 0, done.stderr)
        outputs = [json.loads(line) for line in open(file_out, encoding="utf-8")]
        by_file = [json.dumps(line["value"], sort_keys=True) for line in outputs if line["topic"] == names["alerts"]]
        check("the file run raises alerts", len(by_file) > 0)

        produce(names, manifests)
        log = open(os.path.join(folder, "log"), "w+", encoding="utf-8")
        engine = engine_start(config, log)
        drained = wait_for(lambda: committed(prefix, names["manifests"]) == len(manifests), "the committed offset", 90)
        produce(names, [request])
        traced = wait_for(lambda: committed(prefix, names["markings"]) == 1, "the offset of the request", 90)
        engine.send_signal(signal.SIGTERM)
        try:
            code = engine.wait(30)
        except subprocess.TimeoutExpired:
            engine.kill()
            code = "did not stop"
        log.seek(0)
        said = log.read()
        check("the stream commits every offset", drained and traced, said)
        check("SIGTERM drains and exits 0", code == 0, "%s\n%s" % (code, said))
        records = read_topic(names["alerts"])
        by_stream = [json.dumps(json.loads(value), sort_keys=True) for _, value, _ in records]
        check("the stream's alerts equal the file run's", by_stream == by_file, "%d and %d" % (len(by_stream), len(by_file)))
        check("alerts carry CloudEvents headers", all(h.get("ce_specversion") == "1.0" and h.get("ce_id") for _, _, h in records))
        check("alert ids are unique", len({h.get("ce_id") for _, _, h in records}) == len(records))
        holds = [json.dumps(json.loads(value), sort_keys=True) for _, value, _ in read_topic(names["holds"])]
        check("the stream's holds equal the file run's", holds == [json.dumps(l["value"], sort_keys=True) for l in outputs if l["topic"] == names["holds"]])
        shadows = [json.dumps(json.loads(value), sort_keys=True) for _, value, _ in read_topic(names["shadow"])]
        by_file = [json.dumps(line["value"], sort_keys=True) for line in outputs if line["topic"] == names["shadow"]]
        check("the stream's shadow records equal the file run's", shadows == by_file and len(shadows) > 0, "%d and %d" % (len(shadows), len(by_file)))

        answers = [json.dumps(json.loads(value), sort_keys=True) for _, value, _ in read_topic(names["traces"])]
        by_file = [json.dumps(line["value"], sort_keys=True) for line in outputs if line["topic"] == names["traces"]]
        check("the stream's answer to a trace equals the file run's", answers == by_file and len(answers) == 1, "%s and %s" % (answers, by_file))
        check("and knows the mark", [mark["known"] for mark in json.loads(answers[0])["marks"]] == [True, False], answers)
        asked = [PROGRAM, "trace", "--quiet", "--format", "json", "--config", config, "Samplearms|SX2001"]
        traces = [subprocess.run(asked + more, capture_output=True, text=True) for more in ([], ["--set", "state.store=memory"], ["--over", file_in])]
        check("Redis, the topics and the file know the same of a mark", len({trace.stdout for trace in traces}) == 1 and traces[0].returncode == 0
              and '"shipped"' in traces[0].stdout, traces)

        again = engine_start(config, log)
        produce(names, manifests[:1])
        wait_for(lambda: committed(prefix, names["manifests"]) == len(manifests) + 1, "one more offset")
        again.send_signal(signal.SIGTERM)
        check("a restarted engine drains too", again.wait(30) == 0)
        extra = len(read_topic(names["alerts"])) - len(records)
        check("a restart raises nothing twice, not even for an event that is sent again", extra == 0, extra)

        raised = len(read_topic(names["alerts"]))
        redis.cli("FLUSHALL")
        rebuilt = engine_start(config, log)
        wait_for(lambda: rebuilt_events(read_log(log)) >= len(manifests) + 2, "the end of the rebuild")
        rebuilt.send_signal(signal.SIGTERM)
        check("lost state is rebuilt", rebuilt.wait(30) == 0 and "event=rebuild_ended" in read_log(log), read_log(log))
        check("a rebuild raises nothing", len(read_topic(names["alerts"])) == raised)
    finally:
        redis.stop()


def shard_delete(redis, shard):
    keys = redis.cli("--raw", "KEYS", "{tw:s%d}:*" % shard).splitlines()
    return int(redis.cli("--raw", "DEL", *keys))


def test_lost_state(folder):
    """All state lost under a running engine, then one of two shards alone: the later alerts are those of the file run, byte for byte. Where the log
    has not the history any more, it stops, and says so."""
    prefix = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(prefix)
    manifests = [line for line in sample_lines() if line["topic"] == "tw.manifests"]
    third = len(manifests) // 3
    redis = Redis(folder)
    try:
        config, file_in, file_out = (os.path.join(folder, name) for name in ("run.yaml", "in.ndjson", "out.ndjson"))
        config_write(config, names, redis.socket, prefix, shards=2)
        with open(file_in, "w", encoding="utf-8") as out:
            for line in manifests:
                out.write('{"topic":"%s","value":%s}\n' % (names["manifests"], raw_value(line)))
        subprocess.run([PROGRAM, "screen", "--config", config, "--set", "state.store=memory", "--out", file_out, file_in], capture_output=True)
        by_file = [json.dumps(line["value"], sort_keys=True) for line in map(json.loads, open(file_out, encoding="utf-8")) if line["topic"] == names["alerts"]]

        log = open(os.path.join(folder, "log"), "w+", encoding="utf-8")
        engine = engine_start(config, log)
        produce(names, manifests[:third])
        check("the first third is committed", wait_for(lambda: committed(prefix, names["manifests"]) == third, "the first third"), read_log(log))
        redis.cli("FLUSHALL")
        produce(names, manifests[third:2 * third])
        check("the engine goes on after a flush", wait_for(lambda: committed(prefix, names["manifests"]) == 2 * third, "the second third"), read_log(log))
        engine.send_signal(signal.SIGTERM)
        said = read_log(log)
        check("SIGTERM after a rebuild exits 0", engine.wait(30) == 0, said)
        check("the rebuild is told", "event=rebuild_begun missing=" in said and third <= rebuilt_events(said) <= third + len(read_topic(names["facts"])), said)

        log = open(os.path.join(folder, "log2"), "w+", encoding="utf-8")
        engine = engine_start(config, log)
        produce(names, manifests[2 * third:2 * third + 20])
        check("a restart goes on", wait_for(lambda: committed(prefix, names["manifests"]) == 2 * third + 20, "twenty more"), read_log(log))
        redis.process.kill()
        redis.process.wait()
        produce(names, manifests[2 * third + 20:2 * third + 40])
        redis = Redis(folder)
        check("a Redis that was killed and comes back is gone on with",
              wait_for(lambda: committed(prefix, names["manifests"]) == 2 * third + 40, "twenty more again"), read_log(log))
        check("and nothing had to be rebuilt", "event=rebuild_begun" not in read_log(log), read_log(log))
        check("one shard has something to lose", shard_delete(redis, 1) > third)
        produce(names, manifests[2 * third + 40:])
        check("the engine goes on without a shard", wait_for(lambda: committed(prefix, names["manifests"]) == len(manifests), "the last third"), read_log(log))
        engine.send_signal(signal.SIGTERM)
        engine.wait(30)
        check("the shard alone is rebuilt", 2 * third + 40 <= rebuilt_events(read_log(log)) <= 2 * third + 40 + len(read_topic(names["facts"])), read_log(log))
        by_stream = [json.dumps(json.loads(value), sort_keys=True) for _, value, _ in read_topic(names["alerts"])]
        check("alerts before and after the losses equal an undisturbed run's", by_stream == by_file and len(by_file) > 0, "%d and %d" % (len(by_stream), len(by_file)))

        subprocess.run(["python3", os.path.join(ROOT, "tests", "integration", "broker", "ask.py"), BROKER, "forget", names["manifests"], "10"], check=True)
        again = engine_start(config, log)
        produce(names, manifests[:1])
        check("a log that begins later does not matter while the state is there",
              wait_for(lambda: committed(prefix, names["manifests"]) == len(manifests) + 1, "one more"), read_log(log))
        again.send_signal(signal.SIGTERM)
        again.wait(30)
        redis.cli("FLUSHALL")
        stopped = subprocess.run([PROGRAM, "run", "--config", config], capture_output=True, text=True, timeout=90)
        check("state that the log cannot bring back stops the engine with 75", stopped.returncode == 75 and "the log begins at 10" in stopped.stderr
              and "watermark -1" in stopped.stderr and names["manifests"] in stopped.stderr, "%s %s" % (stopped.returncode, stopped.stderr[-900:]))
        stopped = subprocess.run([PROGRAM, "run", "--config", config], capture_output=True, text=True, timeout=90)
        check("and asking again stops it again", stopped.returncode == 75, stopped.stderr[-600:])
    finally:
        redis.stop()


def test_two_workers_lose_state(folder):
    """Two engines, three flushes; one engine is killed during the second and sleeps through the third. One alert an event, none twice."""
    prefix = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(prefix, partitions=2)
    manifests = [line for line in sample_lines() if line["topic"] == "tw.manifests"]
    third = len(manifests) // 3
    redis = Redis(folder)
    configs = [os.path.join(folder, "run%d.yaml" % worker) for worker in range(2)]
    log = open(os.path.join(folder, "log"), "w+", encoding="utf-8")

    def put(lines):
        for partition in range(2):
            kcat("-P", "-t", names["manifests"], "-p", str(partition), data="\n".join(raw_value(line) for line in lines[partition::2]).encode())

    def all_committed(count, when):
        check(when, wait_for(lambda: committed(prefix, names["manifests"]) == count, when, 120), read_log(log))

    try:
        for worker in range(2):
            config_write(configs[worker], names, redis.socket, "%s-%d" % (prefix, worker), shards=2, group=prefix, share_ppm=1000000)
        engines = [engine_start(config, log) for config in configs]
        put(manifests[:third])
        all_committed(third, "two engines commit the first third")
        redis.cli("FLUSHALL")
        put(manifests[third:2 * third])
        all_committed(2 * third, "two engines rebuild and go on")
        engines[1].kill()
        engines[1].wait()
        redis.cli("FLUSHALL")
        put(manifests[2 * third:])
        engines[1] = engine_start(configs[1], log)
        all_committed(len(manifests), "one engine killed beside a flush")
        engines[1].send_signal(signal.SIGSTOP)
        redis.cli("FLUSHALL")
        put(manifests[:60])
        check("the one awake notices", wait_for(lambda: redis.cli("GET", "{tw:s0}:epoch").strip(), "a new epoch"))
        engines[1].send_signal(signal.SIGCONT)
        all_committed(len(manifests) + 60, "one engine asleep during a flush")
        for engine in engines:
            engine.send_signal(signal.SIGTERM)
        check("both engines end with 0", [engine.wait(30) for engine in engines] == [0, 0], read_log(log))
        # at a share of a million parts, every declaration and amendment has its alert; the last 60 came before
        drawn = [line for line in manifests if line["value"]["type"] in ("consignment.declared", "consignment.amended")]
        ids = [headers.get("ce_id") for _, _, headers in read_topic(names["alerts"])]
        check("one alert an event, none twice", len(ids) == len(set(ids)) == len(drawn), "%d alerts, %d ids, %d events" % (len(ids), len(set(ids)), len(drawn)))
    finally:
        redis.stop()


def test_dead_letters(folder):
    """Damaged events come out untouched, with their reason, and their neighbours are not harmed."""
    prefix = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(prefix)
    good = [raw_value(line) for line in sample_lines() if line["topic"] == "tw.manifests"][:5]
    bad = ['{"id":"x-1"', '{"id":"x-2","type":"consignment.declared","time":"2026-03-01T00:00:00Z","source":"t","consignment":{}}', "not json \u00e9"]
    values = [good[0], bad[0], good[1], bad[1], good[2], bad[2], good[3]]
    redis = Redis(folder)
    try:
        config = os.path.join(folder, "run.yaml")
        config_write(config, names, redis.socket, prefix)
        kcat("-P", "-t", names["manifests"], "-p", "0", data="\n".join(values).encode())
        log = open(os.path.join(folder, "log"), "w+", encoding="utf-8")
        engine = engine_start(config, log)
        wait_for(lambda: committed(prefix, names["manifests"]) == len(values), "the committed offset")
        engine.send_signal(signal.SIGTERM)
        engine.wait(30)
        letters = read_topic(names["dead_letter"])
        check("every damaged event is a dead letter, bytes untouched", [value for _, value, _ in letters] == bad, letters)
        check("dead letters say why and where", all(h.get("dlq.reason") and h.get("dlq.offset") and h.get("dlq.topic") == names["manifests"] for _, _, h in letters), letters)
    finally:
        redis.stop()


def event(number, day, kind, **body):
    return {"id": "f-%d" % number, "type": kind, "time": "2026-03-%02dT08:00:00Z" % day, "source": "engine-test", **body}


def shipment(number, day, name, certificate, party, kind="consignment.declared", revision=1, quantity=20):
    item = {"line": 1, "description": "Rifles, bolt action", "quantity": quantity, "unit": "C62"}
    if certificate:
        item["certificates"] = [{"number": certificate, "issuer_country": "QZ", "line": 1}]
    return event(number, day, kind, consignment={"id": name, "revision": revision, "items": [item],
                                                 "parties": [{"role": "consignee", "name": party, "country": "XA"}]})


def facts_read(names, group):
    """Whether all facts that are in the log are behind the group; they are written in transactions, so their offsets have gaps."""
    out = kcat("-C", "-t", names["facts"], "-o", "beginning", "-e", "-X", "isolation.level=read_committed", "-f", "%p %o\n").stdout
    ends = {line.split()[0]: int(line.split()[1]) + 1 for line in out.decode().splitlines()}
    return max(committed(group, names["facts"]), 0) == sum(ends.values())


def test_facts(folder):
    """What one event means for records that it does not name: a cancellation before or behind its declaration gives back the draw, an amendment moves
    it, an outcome counts for the party; also after all state was lost and rebuilt from the log."""
    prefix = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(prefix, partitions=2)
    redis = Redis(folder)
    sent = {"manifests": 0, "certificates": 0, "outcomes": 0}
    log = open(os.path.join(folder, "log"), "w+", encoding="utf-8")

    def put(family, *events, partition=0):
        kcat("-P", "-t", names[family], "-p", str(partition), data="\n".join(json.dumps(one) for one in events).encode())
        sent[family] += len(events)

    def settled(what):
        done = wait_for(lambda: all(committed(prefix, names[family]) == count for family, count in sent.items() if count) and facts_read(names, prefix), what)
        check(what, done, read_log(log))

    def cancel(number, day, name):
        return event(number, day, "consignment.cancelled", consignment={"id": name})

    def rules(name):
        alerts = [json.loads(value) for _, value, _ in read_topic(names["alerts"])]
        return {reason["rule"]: reason for alert in alerts if alert.get("consignment") == name for reason in alert["reasons"]}

    try:
        config = os.path.join(folder, "run.yaml")
        config_write(config, names, redis.socket, prefix, shards=2, share_ppm=1000000)
        engine = engine_start(config, log)
        put("certificates", event(1, 1, "certificate.issued", certificate={"number": "QZ-9", "issuer": {"country": "QZ"}, "items": [{"line": 1, "quantity": 25, "unit": "C62"}]}))
        put("manifests", shipment(2, 2, "F1", "QZ-9", "Sample Trade One"), cancel(3, 3, "F2"))
        settled("a certificate and a draw")
        # another partition: behind its cancellation, and its cancellation behind it
        put("manifests", shipment(4, 2, "F2", "QZ-9", "Sample Trade Two"), cancel(5, 4, "F1"), partition=1)
        settled("two cancellations")
        put("manifests", shipment(6, 5, "F3", "QZ-9", "Sample Trade Three"))
        settled("a draw after two that were given back")
        check("no over-draw once the draws were given back", rules("F3") and "euc-over-draw" not in rules("F3"), rules("F3"))
        put("manifests", shipment(7, 6, "F4", "QZ-9", "Sample Trade Four"))
        settled("one draw too many")
        check("an over-draw of what stands", rules("F4").get("euc-over-draw", {}).get("facts", {}).get("drawn") == 40, rules("F4"))
        put("manifests", shipment(8, 7, "F3", "QZ-10", "Sample Trade Three", "consignment.amended", 2), shipment(9, 8, "F4", None, "Sample Trade Four", "consignment.amended", 2),
            partition=1)
        put("outcomes", event(10, 9, "inspection.completed", consignment="F3", inspection={"result": "seizure"}),
            event(11, 9, "inspection.completed", consignment="F5", inspection={"result": "discrepancy"}))
        settled("amendments and outcomes")
        put("manifests", shipment(12, 8, "F5", None, "Sample Trade Five"))
        settled("a declaration behind its outcome")
        told = len(facts_of(names))
        check("every fact is one record", told == 6, facts_of(names))
        redis.cli("FLUSHALL")
        put("manifests", shipment(13, 10, "F6", "QZ-9", "Sample Trade Three"), shipment(14, 10, "F7", None, "Sample Trade Five"))
        settled("after a flush")
        check("amended draws are given back, also after a rebuild", rules("F6") and "euc-over-draw" not in rules("F6"), rules("F6"))
        for name in ("F6", "F7"):
            check("an outcome counts for the party, also after a rebuild", rules(name).get("behaviour-found-before", {}).get("facts", {}).get("found") == 1, rules(name))
        check("a rebuild tells nothing anew", len(facts_of(names)) == told)
        engine.send_signal(signal.SIGTERM)
        check("the engine ends with 0", engine.wait(30) == 0, read_log(log))
        for key, value, _ in facts_of(names):
            check("a fact is keyed by its consignment", json.loads(value)["fact"]["consignment"] == key, value)
    finally:
        redis.stop()


def test_start_errors(folder):
    """A missing topic and wrong credentials end with a clear message and exit 78."""
    prefix = "tw" + uuid.uuid4().hex[:10]
    names = {family: "%s.%s" % (prefix, family) for family in FAMILIES}
    names.update(alerts=prefix + ".alerts", holds=prefix + ".holds", dead_letter=prefix + ".dl", facts=prefix + ".facts", shadow=prefix + ".shadow", traces=prefix + ".traces")
    redis = Redis(folder)
    try:
        config = os.path.join(folder, "run.yaml")
        config_write(config, names, redis.socket, prefix)
        done = subprocess.run([PROGRAM, "run", "--config", config], capture_output=True, text=True, timeout=60)
        check("a missing topic exits 78 and is named", done.returncode == 78 and prefix in done.stderr, "%s %s" % (done.returncode, done.stderr))
        redis.cli("CONFIG", "SET", "requirepass", "secret")
        done = subprocess.run([PROGRAM, "check", "--connect", "--config", config], capture_output=True, text=True, timeout=60)
        check("check --connect exits 78 on a refused password", done.returncode == 78, "%s %s" % (done.returncode, done.stderr))
    finally:
        redis.stop()


if __name__ == "__main__":
    sys.exit(run((test_stream_equals_file, test_lost_state, test_two_workers_lose_state, test_facts, test_dead_letters, test_start_errors), BROKER))
