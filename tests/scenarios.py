#!/usr/bin/env python3
"""Whole stories (tests/scenarios/*.yaml) against what the program says of them, each with a lawful twin that must stay green.

All stories go through together, each under letters of its own so that they never meet: in file order, in seeded orders that several partitions
could give, killed in the middle and gone on with, and through a real Kafka and a real Redis with a kill -9. Needs no more than rules and lists.

usage: scenarios.py PROGRAM        TW_TEST_KAFKA=host:port for the last
       scenarios.py PROGRAM NAME   what the program says of one story, to read
Prints one line a failed check and a last line `scenarios-test: N passed, N failed, N skipped`.
"""
import copy
import glob
import json
import os
import random
import subprocess
import sys
import time
import uuid

import yaml

from checks import check, run
from engine import BROKER, LISTS, PROGRAM, ROOT, Redis, committed, config_write, engine_start, facts_read, produce, read_log, read_topic, topics_make, wait_for

FOLDER = os.path.join(ROOT, "tests", "scenarios")
TIME_FOLDER = os.path.join(FOLDER, "time")
CONFIG = os.path.join(ROOT, "feeds", "sample", "tidewaiter.yaml")
LANES = ["red", "yellow", "blue", "green"]
LETTERS = "ACDEFHJKLMNPRTUVWXY"  # none that reads like a digit or another letter
ORDERS = 12
TIME_ORDERS = 2
# Time is common to all that is in one log, where stories must not meet: events may come so late that no day of theirs ever passes.
BY_TIME = {"certificate.delivery_due", "certificate.confirmation_due"}
# And by no source of its own: told by the engine of a certificate.
BY_ENGINE = BY_TIME | {"certificate.paper_shared", "certificate.goods_departed"}
COMPILED = ("--set", "compiled.path=" + LISTS) if LISTS else ()
TIMELESS = ("--set", "time.lateness_days=400")
# One finding, said from the side of whichever paper comes second.
SIDES = [
    {"euc-over-draw", "euc-over-drawn-late"},
    {"euc-over-value", "euc-over-value-late"},
    {"euc-goods-differ", "euc-control-code-differs", "euc-calibre-differs", "euc-goods-differ-late"},
    {"euc-way-outside", "euc-way-outside-late"},
    {"euc-make-differs", "euc-make-differs-late"},
    {"euc-model-differs", "euc-model-differs-late"},
    {"euc-end-user-differs", "euc-end-user-differs-late"},
    {"euc-consignee-not-named", "euc-consignee-not-named-late"},
    {"euc-exporter-not-named", "euc-exporter-not-named-late"},
    {"euc-broker-not-named", "euc-broker-not-named-late"},
    {"euc-serial-outside", "euc-serial-outside-late"},
    {"euc-reused", "euc-reused-late"},
    {"euc-expired", "euc-outside-terms-late"},
    {"euc-destination-differs", "euc-elsewhere-late"},
    {"euc-terms-conflict", "euc-twin-after-draw"},
    {"euc-paper-twice-drawn", "euc-paper-twice-after-draw"},
    {"euc-revoked", "euc-suspended", "euc-voided-after-draw", "euc-voided-since"},
    {"marking-destroyed", "marking-stolen", "marking-shipped-since", "marking-reported-after", "marking-reported-since"},
    {"marking-deactivated-live", "marking-deactivated-since"},
    {"marking-recovered-lot", "marking-reported-after"},
    {"marking-in-range", "marking-in-range-late", "marking-in-range-since", "marking-in-range-shipped-since"},
    {"marking-alike", "marking-alike-late"},
    {"marking-otherwise", "marking-otherwise-late"},
    {"marking-number-alone", "marking-number-alone-late"},
    {"marking-number-model", "marking-number-model-late"},
    {"marking-number-calibre", "marking-number-calibre-late"},
    {"marking-part-read", "marking-part-read-late"},
    {"euc-delivery-short", "euc-delivery-short-late"},
    {"euc-delivery-over", "euc-delivery-over-late"},
    {"euc-delivery-other-goods", "euc-delivery-other-goods-late"},
    {"euc-own-word", "euc-own-word-late"},
    {"euc-delivery-overdue", "euc-delivery-overdue-paper"},
    {"euc-delivery-cancelled", "euc-delivery-cancelled-late"},
    {"euc-issued-after-departure", "euc-issued-after-departure-late"},
    {"euc-received-early", "euc-received-early-late"},
    {"marking-found-reported-after", "marking-found-in-range-late", "marking-found-reported"},
    {"marking-reported-long-after", "marking-reported-since", "marking-in-range-since"},
    {"marking-destroyed-before", "marking-destroyed", "marking-shipped-since"},
    {"marking-after-destroyed", "marking-after-destroyed-late"},
]
TOPICS = {"consignment": "tw.manifests", "certificate": "tw.certificates", "marking": "tw.markings", "inspection": "tw.outcomes"}


# ---- what a story says


def imo_number(number):
    """Seven digits, the last one the check digit. Source: IMO resolution A.1117(30)."""
    digits = "%06d" % number
    return digits + str(sum(int(digit) * weight for digit, weight in zip(digits, range(7, 1, -1))) % 10)


def box_number(number):
    """ISO 6346: owner TWD, U, six digits, check digit."""
    code = "TWDU%06d" % number
    values = [int(char) if char.isdigit() else [n for n in range(10, 39) if n % 11][ord(char) - 65] for char in code]
    return code + str(sum(value << place for place, value in enumerate(values)) % 11 % 10)


def put(event, path, value):
    """`consignment.items.0.hs: x`; a value of null takes the member away."""
    *way, last = path.split(".")
    at = event
    for step in way:
        if isinstance(at, list):
            at = at[int(step)]
        else:
            at = at.setdefault(step, {})
    if isinstance(at, list):
        if int(last) == len(at):
            at.append(None)
        at[int(last)] = value
    elif value is None:
        at.pop(last, None)
    else:
        at[last] = value


def made(event, lawful):
    if "like" not in event:
        return copy.deepcopy(event)
    unknown = set(event) - {"like", "set"}
    if unknown:
        raise ValueError("an event has like and set, not %s" % ", ".join(sorted(unknown)))
    out = made(lawful[event["like"]], lawful)
    for path, value in event.get("set", {}).items():
        put(out, path, copy.deepcopy(value))
    return out


def letters_of(number):
    return LETTERS[number // len(LETTERS)] + LETTERS[number % len(LETTERS)]


class Story:
    """One story or its twin, under its own letters."""

    def __init__(self, name, text, number, lawful, twin, timed):
        self.name = name + (" (twin)" if twin else "")
        self.timed = timed
        self.letters = letters_of(number)
        # in another order a story may not have happened: the cancellation that clears the twin comes after the alarm that it would have spared
        self.told_in_order = (text["twin"] if twin else text).get("told_in_order", False)
        self.idle = text.get("idle", False)  # told by who is ahead of whom: in one order alone
        self.expect = {} if twin else text["expect"]
        events = dict(enumerate(text["events"], 1))
        if twin:
            events.update(text["twin"].get("events", {}))
        self.lines = [self.line(place, made(event, lawful), number) for place, event in sorted(events.items()) if event]

    def line(self, place, event, number):
        text = json.dumps(event, ensure_ascii=False)
        for mark, value in (("{S}", self.letters), ("{IMO}", imo_number(900000 + number)), ("{BOX2}", box_number(2 * number + 1)), ("{BOX}", box_number(2 * number))):
            text = text.replace(mark, value)
        event = json.loads(text)
        event["id"] = "%s-%02d" % (self.letters, place)
        return {"topic": TOPICS[event["type"].split(".")[0]], "value": event}

    def own(self, word):
        return self.letters + word


def load(folder=FOLDER):
    lawful = {}
    for path in dict.fromkeys((FOLDER, folder)):
        with open(os.path.join(path, "_lawful.yaml"), encoding="utf-8") as text:
            lawful.update(yaml.safe_load(text))
    stories = []
    for path in sorted(glob.glob(os.path.join(folder, "[!_]*.yaml"))):
        with open(path, encoding="utf-8") as text:
            story = yaml.safe_load(text)
        name = os.path.basename(path)[:-len(".yaml")]
        for twin in (False, True):
            stories.append(Story(name, story, len(stories), lawful, twin, folder == TIME_FOLDER))
    return stories


# ---- orders


def partition(line):
    """What is in order among itself: one key of one topic."""
    value = line["value"]
    key = {"tw.manifests": lambda: value["consignment"]["id"], "tw.certificates": lambda: value["certificate"]["number"],
           "tw.markings": lambda: value["item"]["make"], "tw.outcomes": lambda: value["consignment"]}
    return line["topic"], key[line["topic"]]()


def shuffled(lines, seed):
    """The lines of every partition in their order, the partitions mixed anew."""
    rng = random.Random(seed)
    queues = {}
    for line in lines:
        queues.setdefault(partition(line), []).append(line)
    order = [key for key, queue in queues.items() for _ in queue]
    rng.shuffle(order)
    taken = {key: iter(queue) for key, queue in queues.items()}
    return [next(taken[key]) for key in order]


# ---- what the program says


def write(path, lines):
    with open(path, "w", encoding="utf-8") as out:
        for line in lines:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def command(given, out, *more, lists=COMPILED):
    return [PROGRAM, "screen", "--config", CONFIG, *lists, "--set", "random.share_ppm=0", "--quiet", "--out", out, *more, given]


def screen(folder, name, lines, share_ppm=0, more=TIMELESS, lists=COMPILED):
    given, out = os.path.join(folder, name + ".in"), os.path.join(folder, name + ".out")
    write(given, lines)
    done = subprocess.run(command(given, out, "--set", "random.share_ppm=%d" % share_ppm, *more, lists=lists), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    with open(out, encoding="utf-8") as text:
        return [json.loads(line) for line in text]


def alerts_of(records):
    return [record["value"] for record in records if record["topic"] == "tw.alerts"]


def concerning(alerts, story, word):
    """Alerts raised for a consignment, and those about a paper or a mark that name it; of the word certificate or marking, those that name none."""
    if word in ("certificate", "marking"):
        return [alert for alert in alerts if alert.get("about", {}).get("kind") == word and "consignment" not in alert]
    consignment = story.own(word)
    return [alert for alert in alerts if alert.get("consignment") == consignment or consignment in alert.get("related", [])]


def lane_of(alerts):
    return min((alert["lane"] for alert in alerts), key=LANES.index, default="green")


def raised_by(story, alerts):
    """By its own events, and by time that passed for one of its certificates."""
    def own(alert):
        by_engine = alert["input"]["type"] in BY_ENGINE
        return story.letters + "0" in alert["about"]["key"] if by_engine else alert["input"]["id"].startswith(story.letters + "-")
    return [alert for alert in alerts if own(alert)]


def in_file_order(story, alerts):
    own = raised_by(story, alerts)
    if not story.expect:
        check("%s stays green" % story.name, not own, [(alert["lane"], alert.get("consignment"), [reason["because"] for reason in alert["reasons"]]) for alert in own])
    for word, wanted in story.expect.items():
        said = concerning(own, story, word)
        last = said[-1] if said else {"lane": "green", "reasons": []}
        got = [reason["rule"] for reason in last["reasons"]]
        check("%s: %s is %s" % (story.name, word, wanted["lane"]), last["lane"] == wanted["lane"], (last["lane"], got))
        check("%s: %s for %s, in this order" % (story.name, word, ", ".join(wanted["reasons"])), got == wanted["reasons"], got)
    surprising = [alert.get("consignment", alert.get("about")) for alert in own if not any(alert in concerning(own, story, word) for word in story.expect)]
    check("%s: nothing else is raised" % story.name, not story.expect or not surprising, surprising)


def sides(rule):
    return {rule}.union(*(side for side in SIDES if rule in side))


def in_any_order(story, alerts, order):
    if story.told_in_order:
        return
    own = raised_by(story, alerts)
    if not story.expect:
        check("%s stays green in order %d" % (story.name, order), not own, [(alert["lane"], [reason["because"] for reason in alert["reasons"]]) for alert in own])
    for word, wanted in story.expect.items():
        said = concerning(own, story, word)
        for other in wanted.get("or", []):  # whichever of the two comes second is the one that is told
            said = said + concerning(own, story, other)
        got = {reason["rule"] for alert in said for reason in alert["reasons"]}
        lane = lane_of(said)
        least = wanted.get("anyway", wanted["lane"])
        check("%s: %s is at least %s in order %d" % (story.name, word, least, order), LANES.index(lane) <= LANES.index(least), (lane, got))
        for rule in wanted["reasons"]:
            if rule not in wanted.get("in_order_alone", []):
                check("%s: %s for %s in order %d" % (story.name, word, rule, order), got & sides(rule), got)


def all_lines(stories):
    return [line for story in stories for line in story.lines]


def test_file_order(folder):
    stories = load()
    check("there are thirty stories and their twins", len(stories) >= 60, len(stories))
    alerts = alerts_of(screen(folder, "order", all_lines(stories), lists=()))
    for story in stories:
        in_file_order(story, alerts)


def test_partitions(folder):
    stories = load()
    for order in range(ORDERS):
        alerts = alerts_of(screen(folder, "order%d" % order, shuffled(all_lines(stories), order)))
        for story in stories:
            in_any_order(story, alerts, order)


def lines_done(checkpoint):
    try:
        with open(checkpoint, encoding="utf-8") as text:
            return next((int(line.split()[1]) for line in text if line.startswith("lines ")), 0)
    except OSError:
        return 0


def test_killed_and_resumed(folder):
    """A file run that is killed in the middle and gone on with ends with the same bytes."""
    killed_and_resumed(folder, shuffled(all_lines(load()), 1))


def killed_and_resumed(folder, lines):
    given, whole, out = (os.path.join(folder, name) for name in ("in", "whole", "out"))
    write(given, lines)
    subprocess.run(command(given, whole), check=True, capture_output=True)
    slow = ("--set", "output.checkpoint_ms=0", "--set", "batch.events=1")
    process = subprocess.Popen(command(given, out, *slow), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and lines_done(out + ".checkpoint") < len(lines) // 2:
        time.sleep(0.001)
    process.kill()
    process.wait()
    done = lines_done(out + ".checkpoint")
    check("it was killed in the middle", len(lines) // 2 <= done < len(lines), done)
    ended = subprocess.run(command(given, out, *slow, "--resume"), capture_output=True, text=True)
    with open(whole, "rb") as one, open(out, "rb") as other:
        check("killed and gone on with, the same bytes", ended.returncode == 0 and one.read() == other.read(), ended.stderr)


def test_stream(folder):
    """Through a real Kafka and a real Redis, killed with SIGKILL in the middle: every story is told as it is from files, no alert twice."""
    stories = load()
    lines = shuffled(all_lines(stories), 2)
    group = "tw" + uuid.uuid4().hex[:10]
    names = topics_make(group)
    redis = Redis(folder)
    config = os.path.join(folder, "run.yaml")
    config_write(config, names, redis.socket, group, shards=4, share_ppm=0)
    with open(config, "a", encoding="utf-8") as out:
        out.write("batch:\n  events: 10\ntime:\n  lateness_days: 400\n")  # as TIMELESS
    log = open(os.path.join(folder, "log"), "w+", encoding="utf-8")
    try:
        produce(names, lines[:len(lines) // 2])
        engine = engine_start(config, log)
        check("it has committed something, and not ended, when it is killed",
              wait_for(lambda: 0 < committed(group, names["manifests"]), "the first commit", 90) and engine.poll() is None, read_log(log))
        engine.kill()
        engine.wait()
        produce(names, lines[len(lines) // 2:])
        engine = engine_start(config, log)
        counts = {family: sum(line["topic"] == "tw." + family for line in lines) for family in ("manifests", "certificates", "markings", "outcomes")}
        drained = wait_for(lambda: all(committed(group, names[family]) == count for family, count in counts.items()) and facts_read(names, group), "every commit", 120)
        engine.terminate()
        check("the stream is read to its end", drained and engine.wait(30) == 0, read_log(log))
        values = [json.loads(value) for _, value, _ in read_topic(names["alerts"])]
        check("no alert comes twice", len({value["alert"] for value in values}) == len(values))
        check("it has raised alerts", len(values) > len(stories) // 2, len(values))
        for story in stories:
            in_any_order(story, values, 2)
    finally:
        redis.stop()
        log.close()


def metrics_of(node):
    """Every (of, metric) of the history questions in a condition."""
    if isinstance(node, list):
        return {found for part in node for found in metrics_of(part)}
    if not isinstance(node, dict):
        return set()
    own = {(node["of"], node["metric"])} if "of" in node and "metric" in node else set()
    return own | {found for part in node.values() for found in metrics_of(part)}


def test_what_a_mark_alone_is_worth(_):
    """Exact beats normalised beats folded: a folded match alone is blue and never holds; a number without its maker is worth no sixty points."""
    folded, bare = {"alike_status", "alike_consignments"}, set()
    for path in glob.glob(os.path.join(ROOT, "rules", "packs", "marking", "[!_]*.yaml")):
        with open(path, encoding="utf-8") as text:
            rule = yaml.safe_load(text)
        asked = metrics_of(rule["when"])
        marks = {metric for of, metric in asked if of in ("marking", "mark")}
        if marks & folded:
            bare.add(rule["id"])
            check("%s is blue alone, and holds nothing" % rule["id"], rule["points"] < 60 and rule["action"] != "hold" and "lane" not in rule, rule["points"])
        if marks - {"covered"} and rule["points"] >= 60:
            asked = json.dumps(rule["when"], sort_keys=True)
            wants = "maker_of_mark" in asked or '{"field": "marking.make", "stated": true}' in asked
            check("%s, %d points, wants a maker" % (rule["id"], rule["points"]), wants, marks)
    check("some rules ask what is alike", len(bare) >= 2, bare)


# ---- time


PATIENT = ("--set", "time.idle_days=4000")


def by_source(lines, seed):
    """The lines of every source in their order, the sources mixed anew: each may be late or early. All are heard of first: who is not known cannot be
    waited for."""
    rng = random.Random(seed)
    queues = {}
    for line in lines:
        queues.setdefault(line["value"]["source"], []).append(line)
    order = [source for source, queue in queues.items() for _ in queue[1:]]
    rng.shuffle(order)
    taken = {source: iter(queue) for source, queue in queues.items()}
    return [next(taken[source]) for source in [*queues, *order]]


def told_by_time(story, alerts):
    return [(alert["raised"], alert["about"], alert["consignment"], alert.get("related"), [reason["because"] for reason in alert["reasons"]])
            for alert in raised_by(story, alerts) if alert["input"]["type"] in BY_TIME]


def test_time(folder):
    """Time is common to all that is in one log, so each story has a log of its own. Whatever source is late, time tells the same of the same day, and a
    lawful twin stays green, as long as no source is so late as to be idle."""
    for story in load(TIME_FOLDER):
        alerts = alerts_of(screen(folder, "time", story.lines, more=()))
        told = told_by_time(story, alerts)
        in_file_order(story, alerts)
        check("%s: time tells it once" % story.name, len(told) == bool(story.expect), told)
        for order in range(0 if story.idle else TIME_ORDERS):
            alerts = alerts_of(screen(folder, "time", by_source(story.lines, order), more=PATIENT))
            check("%s: time tells the same in order %d" % (story.name, order), told_by_time(story, alerts) == told, told_by_time(story, alerts))
            in_any_order(story, alerts, order)


def settled_by_paper(story, alerts):
    """What closed what time had told: whose record, and in which words."""
    return [(alert["lane"], alert["consignment"], alert["reasons"][0]["because"], alert["reasons"][0]["settles"])
            for alert in raised_by(story, alerts) if [reason["rule"] for reason in alert["reasons"]] == ["euc-delivery-settled"]]


class TimeStream:
    """A real Kafka and a real Redis that a story and its twin are told to in parts, each once the engine has said what it says of the last."""

    def __init__(self, folder, name):
        self.story, self.twin = (next(story for story in load(TIME_FOLDER) if story.name == wanted) for wanted in (name, name + " (twin)"))
        self.files = alerts_of(screen(folder, "time", self.story.lines, more=()))
        self.lines = by_source(self.story.lines + self.twin.lines, 0)
        self.group = "tw" + uuid.uuid4().hex[:10]
        self.names = topics_make(self.group)
        self.redis = Redis(folder)
        self.config = os.path.join(folder, "run.yaml")
        self.log = open(os.path.join(folder, "log"), "w+", encoding="utf-8")
        self.engine = None
        config_write(self.config, self.names, self.redis.socket, self.group, shards=4, share_ppm=0)

    def tell_until(self, time):
        """Of its lines those before that time that it was not told yet."""
        part = [line for line in self.lines if line["value"]["time"] < time]
        self.lines = [line for line in self.lines if line not in part]
        produce(self.names, part)

    def start(self):
        self.engine = engine_start(self.config, self.log)

    def kill(self):
        self.engine.kill()
        self.engine.wait()

    def alerts(self):
        return [json.loads(value) for _, value, _ in read_topic(self.names["alerts"])]

    def papers_then_kill(self):
        self.tell_until("2026-05")
        self.start()
        read = wait_for(lambda: committed(self.group, self.names["facts"]) >= 2, "the first facts", 90)
        check("it has read the papers when it is killed", read, read_log(self.log))
        self.kill()

    def told(self):
        check("time passes", wait_for(lambda: told_by_time(self.story, self.alerts()), "the alert", 90), read_log(self.log))

    def end_in_order(self):
        self.engine.terminate()
        check("it ends in order", self.engine.wait(30) == 0, read_log(self.log))
        alerts, told = self.alerts(), told_by_time(self.story, self.files)
        check("time tells once, and what it tells from files", told_by_time(self.story, alerts) == told, told_by_time(self.story, alerts))
        check("and nothing of what was verified", not told_by_time(self.twin, alerts), told_by_time(self.twin, alerts))

    def close(self):
        if self.engine and self.engine.poll() is None:
            self.kill()
        self.redis.stop()
        self.log.close()


def test_time_stream(folder):
    """Killed with SIGKILL between the papers and the days: time tells what it tells from files, once."""
    stream = TimeStream(folder, "nobody-writes")
    try:
        stream.papers_then_kill()
        stream.tell_until("2027")
        stream.start()
        stream.told()
        stream.end_in_order()
    finally:
        stream.close()


def test_time_settled_stream(folder):
    """The verification comes after time has told of it, and after one more SIGKILL: it settles what an engine that is no more has said, as from files, once."""
    stream = TimeStream(folder, "verified-at-last")
    try:
        stream.papers_then_kill()
        stream.tell_until("2026-08-21")
        stream.start()
        stream.told()
        stream.kill()
        check("nothing settles it before a paper does", not settled_by_paper(stream.story, stream.alerts()), stream.alerts())
        stream.tell_until("2027")
        stream.start()
        settled = settled_by_paper(stream.story, stream.files)
        check("files have it settled", len(settled) == 1 and settled[0][3], stream.files)
        check("the paper settles it", wait_for(lambda: settled_by_paper(stream.story, stream.alerts()), "what settles it", 90), read_log(stream.log))
        stream.end_in_order()
        check("once, and as from files", settled_by_paper(stream.story, stream.alerts()) == settled, settled_by_paper(stream.story, stream.alerts()))
        check("what nobody told of is not settled", not settled_by_paper(stream.twin, stream.alerts()), stream.alerts())
    finally:
        stream.close()


def test_time_resumed(folder):
    killed_and_resumed(folder, [line for story in load(TIME_FOLDER) for line in story.lines])


def show(name):
    stories = [story for story in load() + load(TIME_FOLDER) if story.name in (name, name + " (twin)")]
    folder = os.environ.get("TMPDIR", "/tmp")
    for story in stories:
        print("== %s (%s)" % (story.name, story.letters))
        for alert in alerts_of(screen(folder, "scenario-%d" % os.getpid(), story.lines, share_ppm=1000000, more=() if story.timed else TIMELESS)):
            print("%-6s %4d %s %s after %s" % (alert["lane"], alert["points"], alert.get("consignment", alert.get("about")), alert.get("related", ""), alert["input"]["id"]))
            for reason in alert["reasons"]:
                print("       %4d %-30s %s" % (reason["counted"], reason["rule"], reason["because"]))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        show(sys.argv[2])
    else:
        files = (test_what_a_mark_alone_is_worth, test_file_order, test_partitions, test_killed_and_resumed, test_time, test_time_resumed)
        sys.exit(run([*files, test_stream, test_time_stream, test_time_settled_stream], BROKER, without=files))
