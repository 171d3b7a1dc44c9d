#!/usr/bin/env python3
"""Several workers under a supervisor, on a real broker and a real Redis: killed, joined, left, stopped; every alert once, nobody left behind.

usage: workers.py PROGRAM     needs TW_TEST_KAFKA=host:port
Prints one line a failed check and a last line `workers-test: N passed, N failed, N skipped`.
"""
import os
import re
import signal
import subprocess
import sys
import uuid

from checks import check, run
from engine import BROKER, PROGRAM, Redis, committed, config_write, events_made, read_log, read_topic, topics_make, wait_for
from load import Load

PARTITIONS = 6


class Fleet:
    """One supervisor with its workers, as one machine has them. A share of a million parts: every event has its alert, so that one missing or doubled shows."""

    def __init__(self, folder, names, redis, group, workers, instance="a", more=(), own_group=False):
        self.name = "%s-%s" % (group, instance)
        config = os.path.join(folder, self.name + ".yaml")
        config_write(config, names, redis.socket, self.name, shards=2, group=group, share_ppm=1000000)
        self.log = open(os.path.join(folder, self.name + ".log"), "w+", encoding="utf-8")
        # small batches: many commits under the faults; a session longer than the test: whoever does not leave in order keeps partitions from all others
        self.process = subprocess.Popen([PROGRAM, "run", "--workers", str(workers), "--config", config, "--set", "batch.events=40",
                                         "--set", "kafka.session_timeout_ms=300000", *more], stdout=self.log, stderr=self.log, start_new_session=own_group)

    def said(self):
        return read_log(self.log)

    def pids(self):
        """Children of the supervisor that live, from the kernel, not from the log."""
        out = subprocess.run(["ps", "-o", "pid=,stat=", "--ppid", str(self.process.pid)], capture_output=True, text=True).stdout
        return [int(line.split()[0]) for line in out.splitlines() if not line.split()[1].startswith("Z")]

    def pid_of(self, worker):
        return int(re.findall(r"event=worker_(?:re)?started worker=%s-%d pid=(\d+)" % (self.name, worker), self.said())[-1])

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.wait()

    def wait(self):
        try:
            return self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return "did not end"

    def judged(self):
        """Events by worker, from the summaries that each printed."""
        return [int(count) for count in re.findall(r"^%s-\d+: (\d+) events?, " % self.name, self.said(), re.M)]


def events(count):
    return [line + b"\n" for line in events_made(count, 1)]


def gone(pids):
    return not any(os.path.exists("/proc/%d" % pid) for pid in pids)


def once_each(names, count, what):
    ids = [headers.get("ce_id") for _, _, headers in read_topic(names["alerts"])]
    check("%s: one alert an event, none twice" % what, len(ids) == len(set(ids)) == count, "%d alerts, %d ids, %d events" % (len(ids), len(set(ids)), count))


def test_killed_joined_left(folder):
    """Three workers over six partitions under load: one killed, a second machine joins and leaves, the supervisor stops and starts again with one worker less."""
    group = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(group, partitions=PARTITIONS)
    redis = Redis(folder)
    total = lambda: committed(group, names["manifests"])
    try:
        first = Fleet(folder, names, redis, group, 3)
        load = Load(BROKER, names["manifests"], events(30000), 150)
        check("three workers begin", wait_for(lambda: total() > 200, "the first commits") and len(first.pids()) == 3, first.said())
        victim = first.pid_of(2)
        os.kill(victim, signal.SIGKILL)
        check("a killed worker is started again", wait_for(lambda: first.pid_of(2) != victim and len(first.pids()) == 3, "the restart"), first.said())
        before = total()
        check("and events go on", wait_for(lambda: total() > before + 500, "commits after the kill"), first.said())

        second = Fleet(folder, names, redis, group, 2, instance="b")
        before = total()
        check("a second machine joins", wait_for(lambda: "event=started" in second.said() and total() > before + 1000, "commits of both"), second.said())
        check("and leaves with 0", second.stop() == 0, second.said())
        check("having judged a part", sum(second.judged()) > 0, second.said())
        before = total()
        check("those who stay take over at once, not when its session is over", wait_for(lambda: total() > before + 200, "commits after the leave"), first.said())
        count = load.stop()
        check("the load lasted through all of it", count < 30000, count)

        pids = first.pids()
        check("SIGTERM ends all with 0", first.stop() == 0 and gone(pids), first.said())
        said = first.said()
        check("three workers sum up, each by its name", len(first.judged()) == 3 and min(first.judged()) > 0, said)
        check("the restart is counted", "worker=%s-2 restarts=1" % first.name in said and "event=workers_ended workers=3 restarts=1 exit=0" in said, said)
        check("lines name their worker", all("event=started worker=%s-%d " % (first.name, i) in said for i in (1, 2, 3)), said)
        check("the kill is told", "event=worker_ended worker=%s-2 pid=%d signal=9 again_in_ms=100" % (first.name, victim) in said, said)

        fewer = Fleet(folder, names, redis, group, 2)
        check("two workers finish what is left", wait_for(lambda: total() == count, "every event", 90), fewer.said())
        check("and end with 0", fewer.stop(signal.SIGINT) == 0, fewer.said())
        once_each(names, count, "killed, joined, left")
    finally:
        redis.stop()


def test_supervisor_killed(folder):
    """kill -9 of the supervisor: its workers end in order and leave the group; a new supervisor goes on with nothing lost or doubled."""
    group = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(group, partitions=PARTITIONS)
    redis = Redis(folder)
    count = 2000
    total = lambda: committed(group, names["manifests"])
    try:
        fleet = Fleet(folder, names, redis, group, 3)
        Load(BROKER, names["manifests"], events(count), 8)
        check("three workers begin", wait_for(lambda: total() > 200 and len(fleet.pids()) == 3, "the first commits"), fleet.said())
        pids = fleet.pids()
        fleet.process.kill()
        fleet.process.wait()
        check("no worker outlives its supervisor", wait_for(lambda: gone(pids), "the end of all workers", 40), pids)
        check("and each ended in order", fleet.said().count("event=ended worker=") == 3 and len(fleet.judged()) == 3, fleet.said())
        again = Fleet(folder, names, redis, group, 3)
        check("a new one goes on", wait_for(lambda: total() == count, "every event", 90), again.said())
        check("and ends with 0", again.stop() == 0, again.said())
        once_each(names, count, "supervisor killed")
    finally:
        redis.stop()


def test_one_worker(folder):
    """--workers 1 runs under the configured name; a signal to the whole process group, as a service manager sends it, is one orderly stop."""
    group = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(group, partitions=2)
    redis = Redis(folder)
    try:
        fleet = Fleet(folder, names, redis, group, 1, own_group=True)
        load = Load(BROKER, names["manifests"], events(400), 1)
        load.join()
        check("one worker does it all", wait_for(lambda: committed(group, names["manifests"]) == 400, "every event"), fleet.said())
        check("under the configured name", "worker=%s pid=" % fleet.name in fleet.said() and " instance=%s " % fleet.name in fleet.said(), fleet.said())
        os.killpg(fleet.process.pid, signal.SIGTERM)
        check("a signal to the whole group is one orderly stop", fleet.wait() == 0 and "event=workers_ended workers=1 restarts=0 exit=0" in fleet.said(), fleet.said())
        once_each(names, 400, "one worker")
    finally:
        redis.stop()


def test_give_up(folder):
    """What a restart cannot mend is met once: a missing topic, bad rules, a history that each would have a part of."""
    group = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(group, partitions=2)
    redis = Redis(folder)
    try:
        fleet = Fleet(folder, names, redis, group, 3, more=("--set", "topics.alerts=%s.nowhere" % group))
        code, said = fleet.wait(), fleet.said()
        check("a missing topic ends all with 78", code == 78 and re.search(r"event=cannot_start worker=\S+ .*%s\.nowhere" % group, said), "%s %s" % (code, said))
        check("the worker is named", re.search(r"event=worker_gave_up worker=%s-\d pid=\d+ exit=78" % fleet.name, said), said)
        check("and nobody was started again", said.count("event=worker_started") == 3 and "again_in_ms" not in said, said)

        with open(os.path.join(folder, "rule.yaml"), "w", encoding="utf-8") as out:
            out.write("id: nothing-else\n")
        fleet = Fleet(folder, names, redis, group, 3, instance="b", more=("--set", "rules.paths=%s/rule.yaml" % folder))
        code, said = fleet.wait(), fleet.said()
        check("bad rules end it with 78 before any worker", code == 78 and "worker_started" not in said and said.count("event=cannot_start") == 1, "%s %s" % (code, said))

        fleet = Fleet(folder, names, redis, group, 2, instance="c", more=("--set", "state.store=memory"))
        code, said = fleet.wait(), fleet.said()
        check("several workers with a history in memory are refused", code == 78 and "several workers need one history" in said and "worker_started" not in said, said)

        fleet = Fleet(folder, names, redis, group, 2, instance="d", more=("--set", "kafka.brokers=127.0.0.1:1"))
        check("a broker that is away is waited for", wait_for(lambda: fleet.said().count("event=kafka_away") == 2, "both to say so"), fleet.said())
        check("and a stop ends the wait with 0", fleet.stop() == 0, fleet.said())
    finally:
        redis.stop()


if __name__ == "__main__":
    sys.exit(run((test_killed_joined_left, test_supervisor_killed, test_one_worker, test_give_up), BROKER))
