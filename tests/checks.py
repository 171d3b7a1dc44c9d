"""Checks that are counted, and the run of a script's tests: each in a folder of its own, a broken one a failed one.

A script is NAME.py and speaks as NAME-test. ONLY=test_that runs that one alone.
"""
import os
import shutil
import sys
import tempfile
import time

NAME = os.path.basename(sys.argv[0])[:-len(".py")].replace("_", "-") + "-test"
results = {"passed": 0, "failed": 0, "skipped": 0}


def check(name, good, detail=""):
    """Of a long detail, both ends: a log says last what went wrong."""
    results["passed" if good else "failed"] += 1
    if not good:
        said = str(detail)
        print("%s: FAILED: %s %s" % (NAME, name, said if len(said) <= 3000 else said[:500] + " ... " + said[-2500:]))


def attempt(test, *arguments):
    try:
        test(*arguments)
    except Exception as error:  # a broken test is a failed one
        check(test.__name__, False, repr(error))


def skip(what, count=1):
    print("%s: no Kafka broker: %s SKIPPED" % (NAME, what))
    results["skipped"] += count


def end():
    """@return the program's exit code, after the line that counts"""
    print("%s: %d passed, %d failed, %d skipped" % (NAME, results["passed"], results["failed"], results["skipped"]))
    return 1 if results["failed"] else 0


def run(tests, broker, without=()):
    """Every test, or without a broker those that need none."""
    only = os.environ.get("ONLY")
    tests = [test for test in tests if only in (None, "", test.__name__)]
    if not tests:
        check("ONLY=%s is one of the tests" % only, False)
    for test in tests:
        if not broker and test not in without:
            skip(test.__name__)
            continue
        folder = tempfile.mkdtemp(prefix="tw-%s-" % NAME)
        begun = time.monotonic()
        attempt(test, folder)
        shutil.rmtree(folder, ignore_errors=True)
        print("%s: %s: %.0f s" % (NAME, test.__name__, time.monotonic() - begun))
    return end()
