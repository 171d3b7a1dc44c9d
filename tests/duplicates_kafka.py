#!/usr/bin/env python3
"""The same event sent again and again to real Kafka, around restarts, kills, rebalances and lost state: judged once, counted once.

usage: duplicates_kafka.py PROGRAM      needs TW_TEST_KAFKA=host:port; starts its own Redis on a private socket and ends it.
Every event is of one trader: an alert shows how often that trader was seen before, so the alerts tell whether anything counted twice.
"""
import json
import os
import re
import signal
import sys
import uuid

from checks import check, run
from engine import BROKER, Redis, committed, config_write, engine_start, kcat, read_log, read_topic, topics_make, wait_for

WINDOW = 1000


def event(number, description="Pumps", source="duplicates-test"):
    """A declaration of its own, of the trader of them all."""
    return json.dumps({"id": "e-%d" % number, "type": "consignment.declared", "time": "2026-03-01T08:%02d:%02dZ" % (number // 60 % 60, number % 60), "source": source,
                       "consignment": {"id": "T%d" % number, "parties": [{"role": "consignor", "name": "Tally House", "country": "XA"}],
                                       "items": [{"line": 1, "description": description}]}}, separators=(",", ":"))


class World:
    """Topics, a Redis, and engines that come and go. Every declaration has its alert."""

    def __init__(self, folder, partitions=1, window=WINDOW):
        self.folder = folder
        self.group = "tw" + uuid.uuid4().hex[:10]
        self.names = topics_make(self.group, partitions)
        self.redis = Redis(folder)
        self.partitions = partitions
        self.window = window
        self.sent = 0
        self.engines = {}
        self.duplicates = self.conflicting = 0

    def log(self, worker):
        return os.path.join(self.folder, "log%d" % worker)

    def start(self, worker=0):
        config = os.path.join(self.folder, "run%d.yaml" % worker)
        config_write(config, self.names, self.redis.socket, "%s-%d" % (self.group, worker), shards=2, group=self.group, share_ppm=1000000)
        with open(config, encoding="utf-8") as written:
            text = written.read().replace("kafka:\n", "kafka:\n  properties: {session.timeout.ms: \"6000\", heartbeat.interval.ms: \"300\"}\n")
        with open(config, "w", encoding="utf-8") as out:
            out.write(text + "duplicates:\n  window: %d\nbatch:\n  events: %d\n" % (self.window, min(self.window // 2, 50)))
        self.engines[worker] = engine_start(config, open(self.log(worker), "w+", encoding="utf-8"))

    def said(self):
        return "\n".join(open(self.log(worker), encoding="utf-8").read()[-3000:] for worker in range(2) if os.path.exists(self.log(worker)))

    def put(self, values, partition=0):
        kcat("-P", "-t", self.names["manifests"], "-p", str(partition), data="\n".join(values).encode())
        self.sent += len(values)

    def put_all(self, values):
        for partition in range(self.partitions):
            self.put(values[partition::self.partitions], partition)

    def drained(self, when):
        check(when, wait_for(lambda: committed(self.group, self.names["manifests"]) == self.sent, when, 90), self.said())

    def stop(self, worker=0):
        self.engines[worker].send_signal(signal.SIGTERM)
        code = self.engines.pop(worker).wait(30)
        said = read_log(open(self.log(worker), encoding="utf-8"))
        found = re.search(r"(\d+) duplicates? passed over, (\d+) conflicting", said)
        check("an engine ends with 0", code == 0, said)
        self.duplicates += int(found.group(1)) if found else 0
        self.conflicting += int(found.group(2)) if found else 0

    def kill(self, worker=0):
        engine = self.engines.pop(worker)
        engine.kill()
        engine.wait()

    def end(self):
        for worker in list(self.engines):
            self.kill(worker)
        self.redis.stop()

    def alerts(self):
        return [json.loads(value) for _, value, _ in read_topic(self.names["alerts"])]


def seen(alert):
    return [entity["seen"] for entity in alert["entities"] if entity["key"].startswith("tally house")][0]


def check_once(world, events, what):
    """One alert an event, and the trader's history is that of events that came once each."""
    alerts = world.alerts()
    ids = sorted(alert["input"]["id"] for alert in alerts)
    check("%s: one alert an event" % what, ids == sorted(json.loads(value)["id"] for value in events), "%d alerts of %d events" % (len(ids), len(events)))
    check("%s: nothing was counted twice" % what, sorted(map(seen, alerts)) == list(range(len(events))), sorted(map(seen, alerts)))


def test_again_and_again(folder):
    """Twice, thrice, and a fourth time: in one run, after an orderly end, after a kill, after all state was lost."""
    world = World(folder)
    events = [event(number) for number in range(100)]
    try:
        world.start()
        world.put(events[:40] + events[:40])
        world.drained("twice in one run")
        world.stop()
        check("the summary counts them", (world.duplicates, world.conflicting) == (40, 0), (world.duplicates, world.conflicting))
        world.start()
        world.put(events[:40] + events[40:60])
        world.drained("again after an orderly end")
        world.kill()
        world.start()
        world.put(events[:60] + events[60:70])
        world.drained("again after a kill")
        world.redis.cli("FLUSHALL")
        world.put(events[:70] + events[70:80])
        world.drained("again after all state was lost under a running engine")
        check("and that was a rebuild", "event=rebuild_ended" in world.said(), world.said())
        world.stop()
        world.redis.cli("FLUSHALL")
        world.put(events[:80] + events[80:])
        world.start()
        world.drained("again after all state was lost while none ran")
        world.stop()
        check_once(world, events, "again and again")
    finally:
        world.end()


def test_small_window(folder):
    """A window that is smaller than the log, one shard lost, then all: what is rebuilt gets the answers that it got."""
    world = World(folder, window=30)
    events = [event(number) for number in range(120)]
    try:
        world.start()
        for at in range(0, 120, 10):
            world.put(events[at:at + 10] + events[at:at + 10])
        world.drained("twice within a small window")
        world.kill()
        for key in world.redis.cli("--raw", "KEYS", "{tw:s1}:*").splitlines():
            world.redis.cli("DEL", key)
        world.put(events[110:])
        world.start()
        world.drained("again, after one shard was lost")
        world.redis.cli("FLUSHALL")
        world.put(events[110:])
        world.drained("again, while reading goes back behind the window")
        world.stop()
        check_once(world, events, "a small window")
        world.put(events[:1])
        world.start()
        world.drained("what lies before the window")
        world.stop()
        check("what lies before the window is an event again", len(world.alerts()) == len(events) + 1 and seen(world.alerts()[-1]) == len(events), len(world.alerts()))
    finally:
        world.end()


def reused(alert):
    """(points to, where the other stood) of the reason that the id is another event's."""
    return [([evidence["pointer"] for evidence in reason["evidence"]], int(re.search(r"offset (\d+)", reason["because"]).group(1)))
            for reason in alert["reasons"] if reason["rule"] == "integrity-reused-id-manifest"]


def test_other_content(folder):
    """Other content under an id is judged, counts, and says so: in one run, after an end, after a kill beside lost state. A copy of it is a copy."""
    world = World(folder)
    events = [event(number) for number in range(10)]
    try:
        world.start()
        world.put(events + [event(1, "Valves")]) # offset 10
        world.drained("other content in one run")
        world.stop()
        world.put([event(2, "Valves"), event(1, "Valves"), events[2]]) # 11: other, 12 and 13: copies
        world.start()
        world.drained("other content after an orderly end")
        world.kill()
        world.redis.cli("FLUSHALL")
        world.put([event(2, "Hoses"), event(2, "Hoses"), event(3, "Valves")]) # 14: other, 15: a copy, 16: other
        world.start()
        world.drained("other content after a kill and lost state")
        world.stop()
        alerts = {alert["input"]["offset"]: alert for alert in world.alerts()}
        check("every content has one alert", sorted(alerts) == list(range(12)) + [14, 16] and len(world.alerts()) == 14, sorted(alerts))
        said = {offset: reused(alert) for offset, alert in alerts.items() if reused(alert)}
        expected = {10: 1, 11: 2, 14: 13, 16: 3}
        check("the others say so, and where the last one stood", said == {offset: [(["/id"], other)] for offset, other in expected.items()}, said)
        check("the others count, copies do not", [seen(alerts[offset]) for offset in sorted(alerts)] == list(range(14)), [seen(alert) for alert in alerts.values()])
        check("the summaries count them", world.conflicting == 3 and world.duplicates == 1, (world.conflicting, world.duplicates))
    finally:
        world.end()


def test_two_workers(folder):
    """A second engine takes a partition over, and gives it back when it is killed; then the first is killed beside lost state."""
    world = World(folder, partitions=2)
    events = [event(number) for number in range(200)]
    try:
        world.start(0)
        world.put_all(events[:60])
        world.drained("one engine, two partitions")
        world.start(1)
        world.put_all(events[:60] + events[60:100])
        world.drained("again while a second engine joins")
        world.put_all(events[:100] + events[100:120])
        world.drained("again with two engines")
        world.kill(1)
        world.put_all(events[:120] + events[120:140])
        world.drained("again when the second was killed")
        world.start(1)
        world.put_all(events[:140] + events[140:160])
        world.drained("again when the second came back")
        world.kill(0)
        world.redis.cli("FLUSHALL")
        world.start(0)
        world.put_all(events[:160] + events[160:])
        world.drained("again when the first was killed and all state was lost")
        world.stop(0)
        world.stop(1)
        check_once(world, events, "two engines")
    finally:
        world.end()


if __name__ == "__main__":
    sys.exit(run((test_again_and_again, test_small_window, test_other_content, test_two_workers), BROKER))
