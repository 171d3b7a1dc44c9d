#!/usr/bin/env python3
"""One story from the first paper to the hold: each event, and what the engine said of it.

usage: demo_story.py EVENTS SENTENCES ALERTS      files: events as `screen` reads them; id and sentence, a tab between; what `screen` wrote of them
"""
import json
import sys
import textwrap

WIDTH = 100


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [line for line in file if line.strip()]


def said(path):
    """By the event's id: its alert, and the holds that it placed."""
    alerts, holds = {}, {}
    for record in map(json.loads, lines(path)):
        if record["topic"].endswith("alerts"):
            alerts[record["value"]["input"]["id"]] = record["value"]
        elif record["topic"].endswith("holds"):
            holds[record["value"]["hold"]] = record["value"]
    return alerts, holds


def wrapped(text, first, rest):
    print(textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest))


def tell(number, event, sentence, alert, holds):
    wrapped(sentence, "%d  %s  " % (number, event["time"].replace("T", " ")[:16]), " " * 21)
    about = event.get("consignment", {}).get("id") or event["certificate"]["number"]
    print("%21s%s  %s" % ("", event["type"], about))
    if not alert:
        print("%21s-> nothing speaks against it" % "")
        return
    also = alert.get("related", [])
    print("%21s-> %s, %d points, for %s%s" % ("", alert["lane"].upper(), alert["points"], alert.get("consignment", about),
                                             "; reaches %s too" % ", ".join(also) if also else ""))
    for reason in alert["reasons"]:
        if reason["counted"]:
            wrapped("%3d  %s: %s" % (reason["counted"], reason["title"], reason["because"]), " " * 24, " " * 29)
    if alert.get("hold") in holds:
        hold = holds[alert["hold"]]
        wrapped("HOLD placed on %s. Legal basis: %s" % (hold["consignment"], "; ".join(hold["legal_basis"])), " " * 24, " " * 24)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sentences = dict(line.rstrip("\n").split("\t") for line in lines(sys.argv[2]))
    alerts, holds = said(sys.argv[3])
    for number, line in enumerate(lines(sys.argv[1]), 1):
        event = json.loads(line)["value"]
        tell(number, event, sentences[event["id"]], alerts.get(event["id"]), holds)


main()
