#!/usr/bin/env python3
"""The hidden truth of the sample traffic against what the program said of it.

usage: stories.py ALERTS_NDJSON      prints one line a miss and a last line `stories-test: N passed, N failed`
"""
import json
import sys

LANES = ["red", "yellow", "blue", "green"]


def alerts_by_consignment(path):
    found = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record["topic"] == "tw.alerts":
                alert = record["value"]
                for name in [alert["consignment"], *alert.get("related", [])]:
                    found.setdefault(name, []).append(alert)
    return found


def best_lane(alerts, own):
    lanes = [alert["lane"] for alert in alerts if not own or alert["consignment"] == own]
    return min(lanes, key=LANES.index, default="green")


def main():
    truth = json.load(open("feeds/sample/stories.json", encoding="utf-8"))
    found = alerts_by_consignment(sys.argv[1])
    passed = failed = 0

    def check(good, what):
        nonlocal passed, failed
        passed, failed = passed + good, failed + (not good)
        if not good:
            print("stories-test: FAILED: " + what)

    for story in truth["stories"]:
        alerts = [alert for name in story["consignments"] for alert in found.get(name, [])]
        fired = {reason["rule"] for alert in alerts for reason in alert["reasons"]}
        for rule in story["rules"]:
            check(rule in fired, "%s: %s did not fire (%s did)" % (story["title"], rule, ", ".join(sorted(fired)) or "nothing"))
        if story.get("lane_at_least"):
            lane = best_lane(alerts, None)
            check(LANES.index(lane) <= LANES.index(story["lane_at_least"]), "%s: lane %s, at least %s was wanted" % (story["title"], lane, story["lane_at_least"]))
    for twin in truth["lawful_twins"]:
        for name in twin["consignments"]:
            lane = best_lane(found.get(name, []), name)
            check(LANES.index(lane) >= LANES.index(twin["lane_at_most"]), "lawful twin %s (%s): lane %s, %s was the limit" % (twin["title"], name, lane, twin["lane_at_most"]))
    print("stories-test: %d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


sys.exit(main())
