#!/usr/bin/env python3
"""Torture: real broker, real Redis, three workers, a stream of events, and faults of every kind; then a checker that reads everything back.

  TORTURE_S=300      seconds of faults
  TORTURE_SEED=N     replays a fault plan (default: drawn, and printed)
  TORTURE_REDIS=1    Redis servers that the shards are spread over
  TORTURE_CONTROL=x  the faults that the named negative control needs (controls.py)
  KEEP=1             keep the folder of a good run too; TORTURE_DROP=1 that of none
  TORTURE_VERBOSE=1  tell every fault
  BUILD_DIR=         folder of the programs (default build/release)

Ends with "torture: N passed, N failed". On a failure the folder with all logs is kept and named.
"""
import heapq
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check  # noqa: E402
import plan as plans  # noqa: E402
import plant as plants  # noqa: E402
from traffic import Traffic  # noqa: E402

SECONDS = float(os.environ.get("TORTURE_S", "300"))
SEED = int(os.environ.get("TORTURE_SEED") or random.SystemRandom().randrange(1, 1 << 31))
SERVERS = int(os.environ.get("TORTURE_REDIS", "1"))
CONTROL = os.environ.get("TORTURE_CONTROL") or None
BUILD = os.path.abspath(os.environ.get("BUILD_DIR") or os.path.join(plants.ROOT, "build", "release"))
RATE = float(os.environ.get("TORTURE_RATE", "120"))
SHARDS = 3
DRAIN_S = 150
SAY_S = 10.0
AGAIN_LOOKS = 500  # at a growing file, one a turn of the loop
FENCED = 75  # another process took this instance's place


class Torture:
    def __init__(self, plant):
        self.plant = plant
        self.traffic = Traffic(SEED, skew=CONTROL == "epoch")
        self.plan = plans.Plan(SEED, SECONDS, len(plant.workers), SHARDS, CONTROL)
        self.due = []  # (when, number, action): what a fault left to be done later
        self.number = 0
        self.done = {}
        self.troubles = []
        self.begun = time.monotonic()
        self.owed = 0.0
        self.cut_bytes = 0

    def now(self):
        return time.monotonic() - self.begun

    def later(self, seconds, action):
        self.number += 1
        heapq.heappush(self.due, (self.now() + seconds, self.number, action))

    # ---- faults: each does its deed and leaves its repair in `due` ----

    def fault_kill(self, worker, away_s):
        self.plant.workers[worker].kill()
        self.later(away_s, self.plant.workers[worker].start)

    def fault_kill_all(self, away_s):
        for at, worker in enumerate(self.plant.workers):
            worker.kill()
            self.later(away_s * (1 + at) / 3, worker.start)

    def fault_sleep(self, worker, for_s):
        self.plant.workers[worker].signal(signal.SIGSTOP)
        self.later(for_s, lambda: self.plant.workers[worker].signal(signal.SIGCONT))

    fault_zombie = fault_sleep

    def fault_usurp(self, worker, for_s):
        """Another process under the same name while the first one sleeps: one of the two must go, and says so."""
        place = self.plant.workers[worker]
        if not place.alive():
            return
        place.settle_rival()
        going = place.leaving  # one that was asked to go before it fell asleep may still go in order
        place.signal(signal.SIGSTOP)
        sleeper = place.rival = place.process
        place.process = None
        place.start()
        self.later(for_s, lambda: sleeper.send_signal(signal.SIGCONT))

        def settle():
            code = sleeper.poll()
            if code not in (None, FENCED, -signal.SIGKILL) and not (going and code == 0) and sleeper is place.rival:
                self.trouble("%s: the process whose place was taken ended with %s" % (place.name, code))
            if sleeper is place.rival:
                place.settle_rival()
                place.start()
        self.later(for_s + 6.0, settle)

    def fault_redis_kill(self, server, away_s):
        redis = self.plant.redis[int(server * len(self.plant.redis))]
        redis.kill()
        self.later(away_s, redis.start)

    def fault_broker_kill(self, away_s):
        self.plant.broker.kill()
        self.later(away_s, self.plant.broker.start)

    def fault_leave(self, worker, away_s):
        self.plant.workers[worker].leave()
        self.later(away_s, lambda: self.leave_end(self.plant.workers[worker], True))

    def fault_join(self, for_s):
        self.plant.guest.start()
        self.later(for_s, self.plant.guest.leave)
        self.later(for_s + 10.0, lambda: self.leave_end(self.plant.guest, False))

    def leave_end(self, worker, again):
        """A worker that was asked to go goes, in order: it may have to wait for a broker that was killed meanwhile."""
        if worker.alive():
            if worker.leaving:  # else another fault has killed it, and started it anew, meanwhile
                self.later(1.0, lambda: self.leave_end(worker, again))
            return
        code = worker.process.wait() if worker.process else 0
        if code not in (0, -signal.SIGKILL):
            self.trouble("%s: asked to end, it ended with %s" % (worker.name, code))
        worker.process = None
        if again:
            worker.start()

    def fault_burst(self, events):
        for _ in range(events):
            self.plant.put(self.traffic.next())

    def fault_burst_kill(self, worker, events, after_s, away_s):
        self.fault_burst(events)
        self.plant.feed.push()
        self.later(after_s, lambda: self.fault_kill(worker, away_s))

    def fault_flush(self):
        for redis in self.plant.redis:
            if redis.process:
                redis.flush()

    def fault_flush_asleep(self, worker, for_s, flush_s):
        self.fault_sleep(worker, for_s)
        self.later(flush_s, self.fault_flush)

    fault_zombie_flush = fault_flush_asleep

    def fault_shard(self, shard):
        for redis in self.plant.redis:
            if redis.process:
                redis.shard_delete(shard)

    def fault_torn(self, server, bytes, away_s, again_bytes):
        """Cut, start, kill, start: what the first start made of the torn tail is what the second one reads, behind the first words written meanwhile."""
        redis = self.plant.redis[int(server * len(self.plant.redis))]
        redis.kill()
        self.cut_bytes += redis.tear(bytes)

        def again(size, tries):
            if redis.process and (os.path.getsize(redis.log_file()) >= size + again_bytes or tries == 0):
                redis.kill()
                redis.start()
            elif redis.process:
                self.later(0.0, lambda: again(size, tries - 1))

        def start():
            redis.start()
            again(os.path.getsize(redis.log_file()), AGAIN_LOOKS)
        self.later(away_s, start)

    def fault_torn_asleep(self, awake, partition, for_s, server, bytes, events, after_s):
        """A worker sleeps between its append and its commit, and what it appended is lost meanwhile: one partition alone is busy, so that what is cut
        off is its owner's. All sleep but one, for nobody here knows who the owner is."""
        for _ in range(events):
            family, _, key, value = self.traffic.next()
            self.plant.put((family, partition, key, value))
        self.plant.feed.push()

        def strike():
            for worker in range(len(self.plant.workers)):
                if worker != awake:
                    self.fault_sleep(worker, for_s)
            self.fault_torn(server, bytes, 0.0, 0)
        self.later(after_s, strike)

    # ---- the run ----

    def trouble(self, text):
        self.troubles.append(text)

    def watch(self):
        """Nobody ends by himself."""
        for worker in (*self.plant.workers, self.plant.guest):
            if worker.process is None or worker.process.poll() is None:
                continue
            code = worker.process.poll()
            if worker.leaving:
                continue
            worker.process = None
            if code == FENCED and worker.rival:
                worker.settle_rival()  # the one that slept has won
                worker.start()
            else:
                self.trouble("%s ended by itself with %s: %s" % (worker.name, code, worker.said()))

    def feed(self, passed):
        self.owed += passed * RATE
        while self.owed >= 1.0:
            self.plant.put(self.traffic.next())
            self.owed -= 1.0
        self.plant.feed.push()

    def until(self, end, faults):
        last = said = self.now()
        while self.now() < end and not self.troubles:
            now = self.now()
            while faults and faults[0][0] <= now:
                _, kind, settings = faults.pop(0)
                self.done[kind] = self.done.get(kind, 0) + 1
                if os.environ.get("TORTURE_VERBOSE"):
                    print("torture: %6.1f s %s %s" % (now, kind, settings), flush=True)
                getattr(self, "fault_" + kind)(**settings)
            while self.due and self.due[0][0] <= self.now():
                heapq.heappop(self.due)[2]()
            self.watch()
            self.feed(now - last)
            last = now
            if now - said >= SAY_S:
                said = now
                print("torture: %4d of %d s, %d events, %d faults" % (now, SECONDS, self.plant.feed.sent, sum(self.done.values())), flush=True)
            time.sleep(0.005)

    def repair(self):
        """Let every fault end, wake whoever sleeps, start whoever is gone."""
        while self.due and not self.troubles:
            wait = self.due[0][0] - self.now()
            if wait > 0:
                time.sleep(min(wait, 0.5))
                continue
            heapq.heappop(self.due)[2]()
            time.sleep(0.005)
        for worker in self.plant.workers:
            worker.signal(signal.SIGCONT)
            worker.start()

    def drain(self, what):
        self.plant.feed.settle()
        end = time.monotonic() + DRAIN_S
        while time.monotonic() < end and not self.troubles:
            self.watch()
            if self.plant.drained():
                return
            time.sleep(0.2)
        if not self.troubles:
            self.trouble("%s: not drained after %d s: committed %s of %s" % (what, DRAIN_S, self.plant.committed(), self.plant.counts))

    def workers_end(self):
        for worker in self.plant.workers:
            worker.signal(signal.SIGTERM)
        for worker in self.plant.workers:
            try:
                code = worker.process.wait(60) if worker.process else 0
            except subprocess.TimeoutExpired:
                code = "nothing for 60 s"
            if code != 0:
                self.trouble("%s: SIGTERM gave %s: %s" % (worker.name, code, worker.said()))

    def report(self, name, result):
        findings, looked = result
        print("torture: %s: %s" % (name, ", ".join("%s %d" % pair for pair in looked.items())), flush=True)
        for line in findings.lines:
            print("torture: FAILED: " + line)
        return findings

    def run(self):
        failures, checks = [], 0
        for worker in self.plant.workers:
            worker.start()
        self.begun = time.monotonic()
        faults = list(self.plan.faults)
        if self.plan.calm_s:
            calm = [fault for fault in faults if fault[0] < self.plan.calm_s]
            faults = faults[len(calm):]
            self.until(self.plan.calm_s, calm)
            self.repair()
            self.drain("no state lost")
            if not self.troubles:
                checks += 1
                findings = self.report("no state lost", check.check(self.plant, True, False))
                failures += [findings] if findings.counts else []
            self.begun = time.monotonic() - self.plan.calm_s  # the plan's clock stood still meanwhile
        if not self.troubles:
            self.until(SECONDS, faults)
        self.repair()
        if not self.troubles:
            self.drain("state lost")
        if not self.troubles:
            for probe in self.traffic.probes():
                self.plant.put(probe)
            self.drain("probes")
            self.workers_end()
        checks += 1
        if not self.troubles:
            lost = not self.plan.calm_s and any(kind in plans.LOSSES + plans.TARGETED_LOSSES for kind in self.done)
            findings = self.report("the end", check.check(self.plant, not (lost or self.plan.calm_s), True))
            failures += [findings] if findings.counts else []
        return checks, failures


def main():
    folder = tempfile.mkdtemp(prefix="tw-torture-")
    print("torture: seed %d, %d s, %d Redis, %s" % (SEED, SECONDS, SERVERS, CONTROL or "all faults"), flush=True)
    plant, good = None, False
    try:
        plant = plants.Plant(folder, BUILD, shards=SHARDS, servers=SERVERS)
        torture = Torture(plant)
        checks, failures = torture.run()
        for text in torture.troubles:
            print("torture: FAILED: " + text)
        good = not failures and not torture.troubles
        print("torture: seed %d, faults: %s; %d bytes of append-only file cut; %d events" % (
            SEED, ", ".join("%s %d" % pair for pair in sorted(torture.done.items())), torture.cut_bytes, plant.feed.sent))
        bad = min(checks, len(failures) + len(torture.troubles))
        print("torture: verdict: %s" % ("nothing lost, nothing twice" if good else "; ".join(f.summary() for f in failures) or "; ".join(torture.troubles)[:300]))
        print("torture: %d passed, %d failed" % (checks - bad, bad))
    finally:
        if plant:
            plant.end()
        if plant and (os.environ.get("TORTURE_DROP") or (good and not os.environ.get("KEEP"))):
            plant.remove()
        else:
            print("torture: everything is kept in %s; TORTURE_SEED=%d TORTURE_S=%d replays the plan" % (folder, SEED, SECONDS))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
