#!/usr/bin/env python3
"""Negative controls: builds with one thing left out (make BREAK=...), under the faults that it was there for. The checker must refuse each of them,
and must pass the whole build under the very same faults: a check that cannot fail proves nothing.

  epoch       appends compare no epoch: a worker that slept through a loss goes on in the new life
  generation  after a loss partitions are placed anew, but no new generation of the group is forced
  compaction  entries at or above the committed offset are folded away too
  replay      a replayed event is shown the record as it is now, not as it was before its own entry
  watch       a transaction does not watch the epoch: what another engine writes in between is written over
  mset        the function writes with two commands; its judge is the test that cuts the append-only file at every byte

  CONTROL_SEEDS=5      seeds a control     CONTROL_S=60  seconds of faults a seed     CONTROLS="epoch mset"  only these
"""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SEEDS = int(os.environ.get("CONTROL_SEEDS", "5"))
SECONDS = os.environ.get("CONTROL_S", "60")
NAMES = os.environ.get("CONTROLS", "epoch generation compaction replay watch mset").split()
PROGRAMS = ("tidewaiter", "tests/torture/feed")


def build(name):
    folder = os.path.join("build", "break-" + name, "release") if name else os.path.join("build", "release")
    targets = [os.path.join(folder, program) for program in PROGRAMS] + ([os.path.join(folder, "integration-tests")] if name in ("mset", None) else [])
    subprocess.run(["make", "-j2", *(["BREAK=" + name] if name else []), *targets], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return os.path.join(ROOT, folder)


def torture(folder, control, seed):
    """@return (passed, verdict)"""
    environment = dict(os.environ, BUILD_DIR=folder, TORTURE_CONTROL=control, TORTURE_SEED=str(seed), TORTURE_S=SECONDS, TORTURE_DROP="1")
    said = subprocess.run([sys.executable, os.path.join(HERE, "torture.py")], env=environment, capture_output=True, text=True).stdout
    verdict = re.search(r"verdict: (.*)", said)
    reason = re.search(r'event=stopped code=\w+ reason="([^"]*)', said)
    counted = re.search(r"torture: (\d+) passed, (\d+) failed", said)
    if not counted:
        return None, said[-300:]
    return counted.group(2) == "0", reason.group(1) if reason else verdict.group(1)


def aof(folder):
    said = subprocess.run([os.path.join(folder, "integration-tests"), "--filter", "aof_torn/*"], capture_output=True, text=True).stderr
    harm = re.search(r"(\d+) cuts, (\d+) of them did harm", said)
    return (int(harm.group(2)), int(harm.group(1))) if harm else (0, 0)


def control(name, whole):
    """@return whether the control did what it is for"""
    broken = build(name)
    if name == "mset":
        harm, cuts = aof(broken)
        sound, _ = aof(whole)
        print("controls: mset: refused at %d of %d cuts; the whole build at %d" % (harm, cuts, sound), flush=True)
        return harm > 0 and sound == 0
    refused = 0
    for seed in range(1, SEEDS + 1):
        passed, verdict = torture(broken, name, seed)
        refused += passed is False
        print("controls: %s, seed %d: %s: %s" % (name, seed, "NOT refused" if passed else "refused", verdict[:150]), flush=True)
    passed, verdict = torture(whole, name, 1)
    print("controls: %s: refused in %d of %d seeds; the whole build under seed 1: %s" % (name, refused, SEEDS, verdict[:150]), flush=True)
    return refused > 0 and passed is True


def main():
    whole = build(None)
    done = [control(name, whole) for name in NAMES]
    print("controls: %d passed, %d failed" % (sum(done), len(done) - sum(done)))
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
