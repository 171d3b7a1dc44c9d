#!/usr/bin/env python3
"""The hidden truth of the sample traffic against what the program said of it.

usage: stories.py ALERTS_NDJSON      prints one line a miss and a last line `stories-test: N passed, N failed`
"""
import json
import re
import sys

TRAFFIC = "feeds/sample/traffic.ndjson"
LANES = ["red", "yellow", "blue", "green"]


def records(path, topic):
    with open(path, encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            if record["topic"] == topic:
                yield record["value"]


def alerts_by_name(path):
    """By the consignments that they concern, and by (input type, key) of the certificate or marking whose event raised them."""
    found = {}
    for alert in records(path, "tw.alerts"):
        names = [alert[name] for name in ["consignment"] if name in alert] + alert.get("related", [])
        if "about" in alert:
            names.append((alert["input"]["type"], alert["about"]["key"]))
        for name in names:
            found.setdefault(name, []).append(alert)
    return found


def certificates_by_consignment():
    """The keys of the certificates that each consignment of the traffic names."""
    keys = {}
    for event in records(TRAFFIC, "tw.manifests"):
        of = keys.setdefault(event["consignment"]["id"], set())
        for item in event["consignment"].get("items", []):
            for ref in item.get("certificates", []):
                of.add(ref.get("issuer_country", "") + "|" + re.sub("[^A-Z0-9]", "", ref["number"].upper()))
    return keys


def best_lane(alerts, own):
    lanes = [alert["lane"] for alert in alerts if not own or alert.get("consignment") == own]
    return min(lanes, key=LANES.index, default="green")


def main():
    truth = json.load(open("feeds/sample/stories.json", encoding="utf-8"))
    found = alerts_by_name(sys.argv[1])
    certificates = certificates_by_consignment()
    passed = failed = 0

    def check(good, what):
        nonlocal passed, failed
        passed, failed = passed + good, failed + (not good)
        if not good:
            print("stories-test: FAILED: " + what)

    for story in truth["stories"]:
        names = list(story["consignments"])
        if "revealed_by" in story:
            names += sorted({(story["revealed_by"], key) for name in story["consignments"] for key in certificates[name]})
        alerts = [alert for name in names for alert in found.get(name, [])]
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
