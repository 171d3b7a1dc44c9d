#!/usr/bin/env python3
"""Every stop that an operator can meet between Kafka and Redis, met for real: its exit, its message, what to do in the message; and the README's table.

usage: stops.py PROGRAM      needs TW_TEST_KAFKA=host:port, for wrong passwords TW_TEST_KAFKA_SASL
Prints one line a failed check and a last line `stops-test: N passed, N failed, N skipped`. Each row of the README's table of stops must have been met
here, with that exit, or stand in the script that it is said to be met in.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid

from checks import attempt, check, end, skip
from engine import BROKER, PROGRAM, ROOT, Redis, committed, config_write, kcat, raw_value, sample_lines, wait_for

SASL = os.environ.get("TW_TEST_KAFKA_SASL", "")
met = []  # (exit, what was said)

# Met by other scripts, through the program too: message -> script
ELSEWHERE = {"the state lost events that the log has no more: it cannot be rebuilt": "engine.py"}


def ask(*words):
    subprocess.run(["python3", os.path.join(ROOT, "tests", "integration", "broker", "ask.py"), BROKER, *words], check=True)


class Desk:
    """A broker's outputs and one Redis for all; a group, an input topic and a prefix of its own for each stop."""

    def __init__(self, folder):
        self.folder, self.redis, self.base = folder, Redis(folder), "tw" + uuid.uuid4().hex[:10]
        self.events = [raw_value(line) for line in sample_lines() if line["topic"] == "tw.manifests"]
        for output in ("alerts", "holds", "dead-letter", "facts", "shadow", "traces"):
            ask("topic", "%s.%s" % (self.base, output), "1")

    def case(self, name, count=20):
        """@param count events that are judged and committed before the trouble begins"""
        return Case(self, "%s.%s" % (self.base, name), count)


class Case:
    def __init__(self, desk, name, count):
        self.desk, self.name, self.sent = desk, name, 0
        self.config, self.log = os.path.join(desk.folder, name + ".yaml"), os.path.join(desk.folder, name + ".log")
        self.topic = name + ".manifests"
        names = {"manifests": self.topic, "certificates": '""', "markings": '""', "outcomes": '""', "decisions": '""',
                 "alerts": desk.base + ".alerts", "holds": desk.base + ".holds", "dead_letter": desk.base + ".dead-letter", "facts": desk.base + ".facts", "shadow": desk.base + ".shadow", "traces": desk.base + ".traces"}
        config_write(self.config, names, desk.redis.socket, name, shards=1, share_ppm=1000000)
        ask("topic", self.topic, "1")
        if count:
            self.send(count)
            self.judge()

    def send(self, count):
        chosen = [self.desk.events[at % len(self.desk.events)] for at in range(self.sent, self.sent + count)]
        kcat("-P", "-t", self.topic, "-p", "0", data="\n".join(chosen).encode())
        self.sent += count

    def words(self, more):
        return [PROGRAM, "run", "--config", self.config, "--set", "redis.prefix=" + self.name, *(word for one in more for word in ("--set", one))]

    def start(self, *more):
        return subprocess.Popen(self.words(more), stdout=subprocess.DEVNULL, stderr=open(self.log, "a", encoding="utf-8"))

    def judge(self, *more, until=None):
        """Run until everything that was sent is committed, then stop in order."""
        engine = self.start(*more)
        done = wait_for(lambda: committed(self.name, self.topic) == (until or self.sent) or engine.poll() is not None, "the commit of %s" % self.name)
        engine.send_signal(signal.SIGTERM)
        check("%s: is judged, and ends with 0" % self.name.split(".")[1], done and engine.wait(30) == 0, self.said())

    def said(self):
        with open(self.log, encoding="utf-8") as text:
            return text.read()

    def key(self, name):
        return "{%s:s0}:%s" % (self.name, name)

    def meet(self, code, *phrases, engine=None, more=()):
        """The stop itself: it ends by itself, with this exit, in these words."""
        what = self.name.split(".")[1]
        engine = engine or self.start(*more)
        try:
            ended = engine.wait(60)
        except subprocess.TimeoutExpired:
            engine.kill()
            engine.wait()
            ended = "no end"
        said = [line for line in self.said().splitlines() if "event=cannot_start" in line or "event=stopped" in line]
        last = said[-1] if said else self.said()
        met.append((ended, last))
        check("%s: exits %d" % (what, code), ended == code, "%s: %s" % (ended, last))
        for phrase in phrases:
            check("%s: says \"%s\"" % (what, phrase), phrase in last, last)


# ---- the log is not what it was ----

def stop_topic_made_anew(desk):
    case = desk.case("anew")
    ask("delete", case.topic)
    ask("topic", case.topic, "1")
    case.meet(75, "the state is ahead of the log: the topic was made anew, or this Redis belongs to another", "watermark 20, the log ends at 0", case.topic + "/0",
              "restore the topic, or give a new redis.prefix and a new kafka.group")


def stop_group_ahead(desk):
    case = desk.case("groupahead")
    ask("commit", case.name, case.topic, "500")
    case.meet(75, "the group's position is behind the log's end: the topic was made anew", "committed offset 500, the log ends at 20", "give a new redis.prefix")


def stop_group_set_back(desk):
    case = desk.case("setback")
    case.send(10)
    case.judge()  # the state knows what was committed when it was last added to: 20
    ask("commit", case.name, case.topic, "5")
    case.meet(75, "the group's committed offset went back behind what the state was made with", "committed 5, the state knows of 20", "set the group's offset to that")
    ask("commit", case.name, case.topic, "20")
    case.judge()


def stop_another_group(desk):
    """A second group on the first one's prefix."""
    case = desk.case("othergroup")
    case.send(10)
    case.judge()
    case.meet(75, "the group's committed offset went back behind what the state was made with", "committed -1, the state knows of ", more=("kafka.group=%s-other" % case.name,))


def stop_deleted_unread(desk):
    case = desk.case("unread")
    case.send(20)
    ask("forget", case.topic, "30")
    case.meet(75, "events were deleted from the log before they were read", "committed offset 20, the log begins at 30", "restore the log, or give a new redis.prefix")
    # what the message says, done
    anew = ("redis.prefix=%s-2" % case.name, "kafka.group=%s-2" % case.name)
    engine = case.start(*anew)
    check("unread: goes on anew", wait_for(lambda: committed(case.name + "-2", case.topic) == 40, "a new group"), case.said())
    engine.send_signal(signal.SIGTERM)
    engine.wait(30)


def stop_deleted_meanwhile(desk):
    """Retention overtakes an engine that sleeps."""
    case = desk.case("overtaken", 0)
    case.send(5)
    engine = case.start()
    wait_for(lambda: committed(case.name, case.topic) == 5, "the first events")
    engine.send_signal(signal.SIGSTOP)
    wait_for(lambda: open("/proc/%d/stat" % engine.pid, encoding="ascii").read().split()[2] == "T", "the sleep")
    committed(case.name, case.topic)  # takes longer than the fetch that was on its way: it brings nothing more
    case.send(20)
    ask("forget", case.topic, "15")
    engine.send_signal(signal.SIGCONT)
    case.meet(75, "the position to read from is no longer in the log", "restore the log, or give a new redis.prefix", engine=engine)


# ---- Redis holds something else ----

def stop_schema(desk):
    case = desk.case("schema")
    epoch = desk.redis.cli("GET", case.key("epoch")).strip()
    desk.redis.cli("SET", case.key("epoch"), "9" + epoch)
    case.meet(75, "the state has another shape than this engine's", 'it says \\"9' + epoch[:4], "use a new key prefix, and it is rebuilt from the log")
    case.send(3)
    case.judge("redis.prefix=%s-2" % case.name)  # what the message says, done
    rebuilt = re.findall(r"event=rebuild_ended events=(\d+) ", case.said())
    check("schema: the new prefix was rebuilt, with the facts of its events", rebuilt and int(rebuilt[-1]) >= 20, case.said())


def stop_shards(desk):
    case = desk.case("shards")
    case.meet(75, "the state has another shape than this engine's", "use a new key prefix", more=("redis.shards=3",))


def stop_epoch(desk):
    case = desk.case("epoch")
    desk.redis.cli("APPEND", case.key("epoch"), "x")
    case.meet(70, "a stored epoch does not check", case.key("epoch"), "delete this key")
    desk.redis.cli("DEL", case.key("epoch"))
    case.send(3)
    case.judge()


def stop_watermark(desk):
    case = desk.case("watermark")
    key = case.key("w:%s:0" % case.topic)
    desk.redis.cli("APPEND", key, "x")
    case.meet(70, "a stored watermark does not check", key, "delete this key, and it is rebuilt from the log")
    desk.redis.cli("DEL", key)
    case.send(3)
    case.judge()
    check("watermark: it was rebuilt", "event=rebuild_ended" in case.said(), case.said())


def records(desk, case):
    return sorted(desk.redis.cli("--scan", "--pattern", case.key("r:*")).splitlines())


def stop_record(desk):
    case = desk.case("record")
    for key in records(desk, case):
        desk.redis.cli("SETRANGE", key, "20", "x")
    case.send(20)
    case.meet(70, "a stored record does not check", "the store was changed by somebody else: delete the keys of our prefix")
    named = re.search(r'reason="(\w+) (.+?): a stored record', met[-1][1])
    check("record: the entity is named", named and any(named.group(2) in key for key in records(desk, case)), met[-1][1])
    for key in desk.redis.cli("--scan", "--pattern", case.key("*")).splitlines():
        desk.redis.cli("DEL", key)
    case.judge()
    check("record: with the keys deleted it is rebuilt", "event=rebuild_ended" in case.said(), case.said())


def stop_foreign_key(desk):
    case = desk.case("foreign")
    desk.redis.cli("DEL", case.key("epoch"))
    desk.redis.cli("RPUSH", case.key("epoch"), "x")
    case.meet(70, "a key of ours holds something else", "WRONGTYPE")


def redis_other(desk, name, *options):
    """A second server, of another kind. @return its process and socket"""
    folder = os.path.join(desk.folder, name)
    os.mkdir(folder)
    socket = os.path.join(folder, "redis.sock")
    process = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", socket, "--dir", folder, "--save", "", *options], stdout=subprocess.DEVNULL)
    wait_for(lambda: subprocess.run(["redis-cli", "-s", socket, "PING"], capture_output=True, text=True).stdout.strip() == "PONG", "a second redis")
    return process, socket


def stop_redis_old(desk):
    """A server without functions: Redis before 7, or one that has them renamed away."""
    case = desk.case("old", 0)
    process, socket = redis_other(desk, "old", "--rename-command", "FUNCTION", "")
    case.meet(74, "the state store refuses a command", "unknown command", more=("redis.address=unix:" + socket,))
    process.terminate()
    process.wait()


def stop_fewer_shards(desk):
    case = desk.case("fewer", 0)
    case.meet(78, "fewer shards than Redis servers", "2 servers, redis.shards 1", more=("redis.address=127.0.0.1:1,127.0.0.1:2",))


# ---- who may, and who is who ----

def stop_redis_password(desk):
    case = desk.case("password", 0)
    desk.redis.cli("ACL", "SETUSER", "clerk", "on", ">right", "~*", "+@all")
    case.meet(78, "the state store refuses our credentials or rights", "WRONGPASS", more=("redis.username=clerk", "redis.password=wrong"))


def stop_redis_rights(desk):
    """The functions are gone, and this user may not load them."""
    case = desk.case("rights", 0)
    desk.redis.cli("ACL", "SETUSER", "reader", "on", ">right", "~*", "+@all", "-function")
    desk.redis.cli("FUNCTION", "FLUSH")
    case.meet(78, "the state store refuses our credentials or rights", "NOPERM", more=("redis.username=reader", "redis.password=right"))


def stop_kafka_password(desk):
    if not SASL:
        return
    case = desk.case("kafkapassword", 0)
    case.meet(78, "kafka refuses our credentials or rights", "check kafka.properties.sasl.*",
              more=("kafka.brokers=" + SASL, "kafka.properties.security.protocol=SASL_PLAINTEXT", "kafka.properties.sasl.mechanism=PLAIN",
                    "kafka.properties.sasl.username=tidewaiter", "kafka.properties.sasl.password=wrong"))


def stop_property(desk):
    case = desk.case("property", 0)
    case.meet(78, "this librdkafka property is not free: exactly-once depends on it", "isolation.level: ", more=("kafka.properties.isolation.level=read_uncommitted",))
    case.meet(78, "librdkafka does not take this property", "kafka.properties.sesion.timeout", more=("kafka.properties.sesion.timeout=1",))


def stop_missing_topic(desk):
    case = desk.case("missing", 0)
    case.meet(78, "kafka has no such topic", desk.base + ".nowhere", "create it, or change the settings topics.*", more=("topics.holds=%s.nowhere" % desk.base,))


def stop_fenced(desk):
    case = desk.case("fenced", 0)
    case.send(5)
    first = case.start()
    wait_for(lambda: committed(case.name, case.topic) == 5, "the first engine")
    second = case.start()
    case.meet(75, "another process runs as this instance", case.name, "give each its own kafka.instance", engine=first)
    case.send(5)
    check("fenced: the second goes on", wait_for(lambda: committed(case.name, case.topic) == 10, "the second engine"), case.said())
    second.send_signal(signal.SIGTERM)
    check("fenced: and ends with 0", second.wait(30) == 0, case.said())


def stop_output_too_large(desk):
    """The state has taken the batch, its commit fails for ever: and with a record deleted by hand meanwhile, it cannot be told what the batch had seen."""
    case = desk.case("large", 0)
    small = case.name + ".small"
    ask("topic", small, "1", "max.message.bytes=300")
    case.send(5)
    case.meet(70, "an output is larger than its topic takes", "raise the topic's max.message.bytes", more=("topics.alerts=" + small,))
    keys = records(desk, case)
    check("large: the state took the batch", len(keys) > 0)
    for key in keys:
        desk.redis.cli("DEL", key)
    case.meet(75, "a replayed event is not in the record that it changed", case.topic + "/0/0", "delete the keys of our prefix")
    for key in desk.redis.cli("--scan", "--pattern", case.key("*")).splitlines():
        desk.redis.cli("DEL", key)
    case.judge()


def test_readme():
    """No row that nobody has met, and no stop met here that the table does not have."""
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as text:
        section = text.read().split("### Stops\n", 1)[-1].split("\n## ", 1)[0].split("\n### ", 1)[0]
    rows = [(message.strip("`* "), int(code), todo) for message, code, todo in re.findall(r"^\| (.+?) \| (\d+) \| (.+?) \|$", section, re.M)]
    check("the README has a table of stops", len(rows) > 10, len(rows))
    for message, code, todo in rows:
        there = any(ended == code and message in said for ended, said in met)
        if message in ELSEWHERE:
            with open(os.path.join(ROOT, "tests", ELSEWHERE[message]), encoding="utf-8") as text:
                there = "== %d" % code in text.read()
        elif "kafka refuses" in message and not SASL:
            continue
        check("README: \"%s\" is met, with %d" % (message, code), there and len(todo) > 10)
    for ended, said in met:
        check("README: has a row for what was met", any(message in said and ended == code for message, code, _ in rows), said)


STOPS = (stop_topic_made_anew, stop_group_ahead, stop_group_set_back, stop_another_group, stop_deleted_unread, stop_deleted_meanwhile, stop_schema, stop_shards,
         stop_epoch, stop_watermark, stop_record, stop_foreign_key, stop_redis_old, stop_fewer_shards, stop_property, stop_redis_password, stop_redis_rights, stop_kafka_password, stop_missing_topic, stop_fenced,
         stop_output_too_large)


def main():
    if not BROKER:
        skip("%d stops" % len(STOPS), len(STOPS))
        return end()
    folder = tempfile.mkdtemp(prefix="tw-stops-")
    desk = Desk(folder)
    try:
        for stop in STOPS:
            attempt(stop, desk)
        test_readme()
    finally:
        desk.redis.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return end()


if __name__ == "__main__":
    sys.exit(main())
