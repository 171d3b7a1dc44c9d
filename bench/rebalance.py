#!/usr/bin/env python3
"""How long is there no output when a worker comes, goes or dies? And what memory do workers share?

usage: rebalance.py PROGRAM BENCH_EVENTS      needs TW_TEST_KAFKA; ROUNDS (5), RECOVERIES (20)

Three workers over six partitions of a steady stream; the group's committed offsets are looked at every 10 ms. *Without output* is the longest time
for which some partition's offset stood still, events waiting: of each round the worst partition, of the rounds the median. *Recovery* is from kill -9
of one worker to the moment when each partition has committed something since its successor began: a commit that was on its way does not count.
Prints RESULT lines.
"""
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(ROOT, "tests"), os.path.join(ROOT, "tests", "integration", "broker")]
import ask  # noqa: E402  the paths come first
from engine import BROKER, PROGRAM, Redis, config_write, topics_make, wait_for  # noqa: E402

EVENTS = os.path.abspath(sys.argv[2])
ROUNDS, RECOVERIES = int(os.environ.get("ROUNDS", "5")), int(os.environ.get("RECOVERIES", "20"))
PARTITIONS, EVENTS_PER_S, SETTLE_S = 6, 600, 3


class Load(threading.Thread):
    """The same few thousand events over and over, dealt to the partitions in turn, until stopped."""

    def __init__(self, topic):
        super().__init__(daemon=True)
        self.lines = subprocess.run([EVENTS, "6000", "1"], capture_output=True, check=True).stdout.splitlines(keepends=True)
        self.kcats = [subprocess.Popen(["kcat", "-b", BROKER, "-q", "-P", "-t", topic, "-p", str(partition), "-X", "linger.ms=0"], stdin=subprocess.PIPE)
                      for partition in range(PARTITIONS)]
        self.stopped = False
        self.start()

    def run(self):
        at, begun, sent = 0, time.monotonic(), 0
        while not self.stopped:
            for kcat in self.kcats:
                kcat.stdin.write(self.lines[at % len(self.lines)])
                kcat.stdin.flush()
                at += 1
            sent += PARTITIONS
            time.sleep(max(0.0, begun + sent / EVENTS_PER_S - time.monotonic()))
        for kcat in self.kcats:
            kcat.stdin.close()
            kcat.wait()


class Watch(threading.Thread):
    """When did each partition's committed offset move?"""

    def __init__(self, group, topic):
        super().__init__(daemon=True)
        self.group, self.topic, self.stopped = group, topic, False
        self.offsets, self.moves = {}, []  # moves: (when, partition)
        self.start()

    def run(self):
        while not self.stopped:
            found, now = ask.offsets(BROKER, self.group, self.topic), time.monotonic()
            self.moves += [(now, partition) for partition, offset in found.items() if offset != self.offsets.get(partition)]
            self.offsets = found
            time.sleep(0.01)

    def gap(self, begun, ended):
        """The longest standstill of any partition that began after `begun` less a moment, and was over by `ended`."""
        longest = 0.0
        for partition in range(PARTITIONS):
            times = [when for when, which in self.moves if which == partition and begun - 1 <= when <= ended]
            longest = max([longest] + [after - before for before, after in zip(times, times[1:]) if after > begun])
        return longest


class Run:
    def __init__(self, folder, names, redis, group, instance, *words):
        config = os.path.join(folder, instance + ".yaml")
        config_write(config, names, redis.socket, instance, group=group, share_ppm=0)
        self.log = open(os.path.join(folder, instance + ".log"), "a", encoding="utf-8")
        self.process = subprocess.Popen([PROGRAM, "run", "--config", config, *words], stdout=self.log, stderr=self.log)

    def children(self):
        out = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True).stdout
        return sorted(map(int, out.split()))

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(60):
            sys.exit("rebalance: a worker ended with %d: %s" % (self.process.returncode, open(self.log.name, encoding="utf-8").read()[-2000:]))


def all_moved(watch, since):
    """Every partition has moved after `since`. @return when, or None"""
    first = {}
    for when, partition in reversed(watch.moves[-20000:]):
        if when <= since:
            break
        first[partition] = when
    return max(first.values()) if len(first) == PARTITIONS else None


def settled(watch):
    """Output flows everywhere, and has for a while: the next fault meets a quiet group."""
    begun = time.monotonic()
    while True:
        if not wait_for(lambda: (all_moved(watch, begun) or 0) > 0, "output everywhere", 120):
            sys.exit("rebalance: output stopped")
        time.sleep(SETTLE_S)
        if watch.gap(time.monotonic() - SETTLE_S + 1, time.monotonic()) < 1:
            return
        begun = time.monotonic()


def fault(watch, act, session_s=0):
    """The worst standstill that an action brings."""
    settled(watch)
    begun = time.monotonic()
    act()
    time.sleep(session_s + SETTLE_S)
    wait_for(lambda: all_moved(watch, begun + session_s + 1), "output everywhere", 120)
    return watch.gap(begun, time.monotonic())


def result(name, samples, unit="s"):
    shown = ", ".join("%.2f" % sample for sample in sorted(samples))
    print("  %-44s median %.2f %s of %d (%s)" % (name, statistics.median(samples), unit, len(samples), shown))
    print("RESULT rebalance.%s %.2f %s" % (re.sub(r"\W+", "_", name), statistics.median(samples), unit))


def recovery(watch, fleet):
    """Of the worker that has lived longest: three in turn, so that each has its first, short pause."""
    settled(watch)
    before = fleet.children()
    begun = time.monotonic()
    os.kill(before[0], signal.SIGKILL)
    while not set(fleet.children()) - set(before):
        time.sleep(0.01)
    successor = time.monotonic()
    if not wait_for(lambda: all_moved(watch, successor), "output everywhere", 120):
        sys.exit("rebalance: no recovery")
    return all_moved(watch, successor) - begun


def measure_group(folder, redis):
    group = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(group, partitions=PARTITIONS)
    fleet = Run(folder, names, redis, group, group + "-a", "--workers", "3")
    load, watch = Load(names["manifests"]), Watch(group, names["manifests"])
    extra = []
    join = lambda *words: extra.append(Run(folder, names, redis, group, group + "-b", *words))
    print("three workers, %d partitions, %d events/s; seconds without output of the worst partition" % (PARTITIONS, EVENTS_PER_S))
    added, removed, killed = [], [], []
    for _ in range(ROUNDS):
        added.append(fault(watch, join))
        removed.append(fault(watch, lambda: extra[-1].end()))
        killed.append(fault(watch, lambda: os.kill(fleet.children()[0], signal.SIGKILL)))
    result("worker added", added)
    result("worker removed in order", removed)
    result("worker killed and restarted", killed)
    join("--set", "kafka.session_timeout_ms=6000")
    settled(watch)
    result("worker killed for good, session 6 s", [fault(watch, lambda: extra[-1].process.kill(), 6)])
    extra[-1].process.wait()
    recoveries = []
    while len(recoveries) < RECOVERIES:
        fleet.end()  # a pause grows with each restart: a fresh supervisor has none behind it
        fleet = Run(folder, names, redis, group, group + "-a", "--workers", "3")
        recoveries += [recovery(watch, fleet) for _ in range(3)]
    result("recovery kill to committed", recoveries[:RECOVERIES])
    load.stopped = True
    load.join()
    fleet.end()
    watch.stopped = True
    watch.join()


def pss_mib(pid):
    with open("/proc/%d/smaps_rollup" % pid, encoding="ascii") as text:
        return int(re.search(r"^Pss:\s+(\d+)", text.read(), re.M).group(1)) / 1024


def memory_of(folder, redis, words):
    """Of a run that has judged some thousands: twice, so that in the second wave every worker has its share."""
    group = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(group, partitions=PARTITIONS)
    run = Run(folder, names, redis, group, group + "-m", *words)
    events = subprocess.run([EVENTS, "6000", "1"], capture_output=True, check=True).stdout
    for wave in (1, 2):
        subprocess.run(["kcat", "-b", BROKER, "-q", "-P", "-t", names["manifests"], "-p", "-1", "-X", "sticky.partitioning.linger.ms=0"], input=events, check=True)
        if not wait_for(lambda: sum(ask.offsets(BROKER, group, names["manifests"]).values()) == wave * 6000, "every event", 120):
            sys.exit("rebalance: not every event was judged")
    sizes = pss_mib(run.process.pid), [pss_mib(pid) for pid in run.children()]
    run.end()
    return sizes


def measure_memory(folder, redis):
    print("memory (proportional set size) after 12,000 events, shipped rules, both lists")
    for name, words in (("alone", ()), ("workers_1", ("--workers", "1")), ("workers_4", ("--workers", "4"))):
        own, each = memory_of(folder, redis, words)
        total = own + sum(each)
        print("  %-12s %.1f MiB in all: parent %.1f, workers %s" % (name, total, own, ", ".join("%.1f" % one for one in each) or "none"))
        print("RESULT memory.%s %.1f MiB" % (name, total))


def main():
    with tempfile.TemporaryDirectory(prefix="tw-rebalance-") as folder:
        redis = Redis(folder)
        try:
            measure_memory(folder, redis)
            measure_group(folder, redis)
        finally:
            redis.stop()


if __name__ == "__main__":
    main()
