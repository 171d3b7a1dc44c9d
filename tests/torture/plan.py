"""The fault plan: what happens when, drawn from a seed before the run begins. The same seed and length give the same plan.

A fault is (seconds since the start, kind, settings). The first part of a run loses no state, so that priors can be checked to the last one; in the
second part state is lost too.
"""
import random

SESSION_S = 4.0  # session.timeout.ms of the workers
CALM = ("kill", "kill_all", "sleep", "zombie", "usurp", "redis_kill", "broker_kill", "leave", "join", "burst")
LOSSES = ("flush", "flush_asleep", "shard", "torn")
TARGETED_LOSSES = ("zombie_flush", "torn_asleep")
# what a negative control needs most, again and again
TARGETED = {
    "epoch": ("zombie_flush", "burst"),
    "generation": ("torn_asleep",),
    "compaction": ("burst_kill",),
    "mset": ("torn", "torn", "torn", "burst"),
    "replay": ("burst_kill", "kill"),
}


class Plan:
    def __init__(self, seed, seconds, workers, shards, targeted=None):
        self.random = random.Random("faults %s" % seed)
        self.workers, self.shards = workers, shards
        self.seconds = seconds
        self.calm_s = 0.0 if targeted else seconds * 0.4
        self.faults = []
        if targeted:
            self.fill(TARGETED[targeted], 3.0, seconds)
        else:
            self.fill(CALM, 2.0, self.calm_s)
            self.fill(CALM + LOSSES + LOSSES, self.calm_s, seconds)

    def fill(self, kinds, at, end):
        """Every kind once before any comes twice."""
        bag = []
        while at < end:
            if not bag:
                bag = list(kinds)
                self.random.shuffle(bag)
            kind = bag.pop()
            self.faults.append((round(at, 2), kind, self.settings(kind)))
            at += self.random.uniform(1.0, 4.5) + {"zombie_flush": 5.0, "torn_asleep": 1.5}.get(kind, 0.0)

    def settings(self, kind):
        draw = self.random
        worker = draw.randrange(self.workers)
        away = round(draw.uniform(0.05, 3.0), 2)
        return {
            "kill": lambda: {"worker": worker, "away_s": away},
            "kill_all": lambda: {"away_s": away},
            "sleep": lambda: {"worker": worker, "for_s": round(draw.uniform(0.2, SESSION_S - 1.0), 2)},
            "zombie": lambda: {"worker": worker, "for_s": round(SESSION_S + draw.uniform(1.0, 4.0), 2)},
            "usurp": lambda: {"worker": worker, "for_s": round(draw.uniform(1.0, SESSION_S + 2.0), 2)},
            "redis_kill": lambda: {"server": draw.random(), "away_s": away},
            "broker_kill": lambda: {"away_s": away},
            "leave": lambda: {"worker": worker, "away_s": round(draw.uniform(1.0, 6.0), 2)},
            "join": lambda: {"for_s": round(draw.uniform(4.0, 10.0), 2)},
            "burst": lambda: {"events": draw.randint(300, 1500)},
            "flush": lambda: {},
            "flush_asleep": lambda: {"worker": worker, "for_s": round(draw.uniform(1.0, SESSION_S + 3.0), 2), "flush_s": round(draw.uniform(0.0, 1.0), 2)},
            "shard": lambda: {"shard": draw.randrange(self.shards)},
            "torn": lambda: {"server": draw.random(), "bytes": draw.randint(1, 30000), "away_s": away, "again_bytes": draw.choice((0, 1, 200, 1000, 5000))},
            "zombie_flush": lambda: {"worker": worker, "for_s": round(SESSION_S + draw.uniform(0.3, 2.5), 2), "flush_s": round(draw.uniform(0.0, SESSION_S), 2)},
            "torn_asleep": lambda: {"awake": worker, "partition": draw.randrange(4), "for_s": round(draw.uniform(1.5, 2.5), 2), "server": draw.random(),
                                    "bytes": draw.randint(5000, 100000), "events": draw.randint(100, 500), "after_s": round(draw.uniform(0.0, 0.15), 3)},
            "burst_kill": lambda: {"worker": worker, "events": draw.randint(500, 2500), "after_s": round(draw.uniform(0.02, 0.4), 3), "away_s": away},
        }[kind]()
