"""The machinery under torture: a broker, Redis servers, workers, a producer. Real processes; each is ended by the process id it was started with."""
import json
import os
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BROKER = os.path.join(ROOT, "tests", "integration", "broker")
sys.path.insert(0, HERE)
from plan import SESSION_S  # noqa: E402
from traffic import FAMILIES, PARTITIONS  # noqa: E402


def wait_for(condition, seconds, pause=0.1):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(pause)
    return bool(condition())


def dies_with_us(command):
    return ["setpriv", "--pdeathsig", "KILL", "--", *command]


class Broker:
    def __init__(self, folder):
        self.folder = folder
        self.process = None
        self.start()
        if not wait_for(self.answers, 120):
            raise RuntimeError("no Kafka broker: see %s" % os.path.join(folder, "log"))
        with open(os.path.join(folder, "address"), encoding="utf-8") as file:
            self.address = file.read().strip()

    def start(self):
        if self.process:
            return
        os.makedirs(self.folder, exist_ok=True)
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(dies_with_us(["bash", os.path.join(BROKER, "broker.sh"), "serve", self.folder]), stdout=log, stderr=log)

    def answers(self):
        path = os.path.join(self.folder, "address")
        if not os.path.exists(path):
            return False
        with open(path, encoding="utf-8") as file:
            return subprocess.run(["kcat", "-L", "-m", "2", "-b", file.read().strip()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def ask(self, *words):
        done = subprocess.run([sys.executable, os.path.join(BROKER, "ask.py"), self.address, *words], capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else None

    def records(self, topic, extra=()):
        """Every committed record, as kcat's JSON objects."""
        command = ["kcat", "-C", "-b", self.address, "-q", "-t", topic, "-o", "beginning", "-e", "-X", "isolation.level=read_committed", "-J", *extra]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as reader:
            for line in reader.stdout:
                yield json.loads(line)


class Redis:
    def __init__(self, folder):
        self.folder = folder
        self.socket = os.path.join(folder, "redis.sock")
        self.solid_bytes = 0  # of the append-only file: never cut below, for a deletion of many keys must not be torn
        self.process = None
        os.makedirs(folder, exist_ok=True)
        self.start()

    def start(self):
        if self.process:
            return
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                dies_with_us(["redis-server", "--port", "0", "--unixsocket", self.socket, "--dir", self.folder, "--save", "", "--appendonly", "yes",
                              "--appendfsync", "everysec", "--auto-aof-rewrite-percentage", "0", "--maxmemory-policy", "noeviction"]), stdout=log, stderr=log)
        if not wait_for(lambda: self.cli("PING") == "PONG", 30, 0.02):
            raise RuntimeError("no Redis: see %s" % os.path.join(self.folder, "log"))

    def cli(self, *words):
        return subprocess.run(["redis-cli", "-s", self.socket, *words], capture_output=True, text=True).stdout.strip()

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def log_file(self):
        folder = os.path.join(self.folder, "appendonlydir")
        files = sorted((name for name in os.listdir(folder) if name.endswith(".incr.aof")), key=lambda name: int(name.split(".")[-3]))
        return os.path.join(folder, files[-1])

    def tear(self, count):
        """Cut the tail off the append-only file, as a crash of the machine may. @return bytes cut"""
        path = self.log_file()
        size = os.path.getsize(path)
        keep = max(self.solid_bytes, size - count)
        os.truncate(path, min(size, keep))
        return size - min(size, keep)

    def flush(self):
        self.cli("FLUSHALL")
        self.solid_bytes = os.path.getsize(self.log_file())

    def shard_delete(self, shard):
        """In one moment: a shard whose keys go one after the other is no loss that anybody promises to survive."""
        script = "local gone = 0; for _, key in ipairs(redis.call('KEYS', ARGV[1])) do gone = gone + redis.call('DEL', key) end; return gone"
        gone = self.cli("EVAL", script, "0", "{tw:s%d}:*" % shard)
        self.solid_bytes = os.path.getsize(self.log_file())
        return gone


class Worker:
    """One `tidewaiter run`. Its log is one file over all its lives."""

    def __init__(self, plant, number):
        self.plant, self.number = plant, number
        self.name = "worker-%d" % number
        self.config = os.path.join(plant.folder, self.name + ".yaml")
        self.log = os.path.join(plant.folder, self.name + ".log")
        self.process = None
        self.rival = None  # an older process of the same name, which slept when this one was started
        self.leaving = False  # was asked to end
        with open(self.config, "w", encoding="utf-8") as out:
            out.write(plant.settings(self.name))

    def start(self):
        if not self.alive():
            with open(self.log, "ab") as log:
                self.process = subprocess.Popen(dies_with_us([self.plant.program, "run", "--config", self.config]), stdout=log, stderr=log)
            self.leaving = False

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        if self.alive():
            self.process.send_signal(number)

    def settle_rival(self):
        """One process a name: the newer one, where it lives."""
        if self.rival and self.rival.poll() is None:
            if self.alive():
                self.rival.kill()
                self.rival.wait()
            else:
                self.process = self.rival
        self.rival = None

    def leave(self):
        self.leaving = True
        self.signal(signal.SIGTERM)
        self.signal(signal.SIGCONT)

    def kill(self):
        self.settle_rival()
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def said(self, size=1500):
        with open(self.log, "rb") as file:
            return file.read()[-size:].decode(errors="replace")


class Feed:
    def __init__(self, program, brokers):
        self.process = subprocess.Popen(dies_with_us([program, brokers]), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.sent = 0

    def put(self, topic, partition, key, value):
        self.process.stdin.write(("%s\t%d\t%s\t%s\n" % (topic, partition, key, value)).encode())
        self.sent += 1

    def push(self):
        self.process.stdin.flush()

    def settle(self):
        """Until the broker has confirmed everything."""
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if answer != [b"acknowledged", b"%d" % self.sent]:
            raise RuntimeError("the producer lost events: %s of %d" % (answer, self.sent))

    def end(self):
        self.process.stdin.close()
        return self.process.wait(60)


class Plant:
    """@param build the folder of the programs"""

    def __init__(self, folder, build, workers=3, shards=3, servers=1):
        self.folder, self.build, self.shards = folder, build, shards
        self.program = os.path.join(build, "tidewaiter")
        self.broker = Broker(os.path.join(folder, "broker"))
        self.redis = [Redis(os.path.join(folder, "redis-%d" % i)) for i in range(servers)]
        self.topics = {family: "tw." + family for family in FAMILIES}
        self.topics.update(alerts="tw.alerts", holds="tw.holds", dead_letter="tw.dead-letter", facts="tw.facts", shadow="tw.shadow", traces="tw.traces")
        for name in self.topics.values():
            if self.broker.ask("topic", name, str(PARTITIONS)) is None:
                raise RuntimeError("cannot make the topic " + name)
        self.workers = [Worker(self, i) for i in range(workers)]
        self.guest = Worker(self, workers)  # comes and goes
        self.feed = Feed(os.path.join(build, "tests", "torture", "feed"), self.broker.address)
        self.counts = {family: 0 for family in FAMILIES}

    def addresses(self):
        return ",".join("unix:" + redis.socket for redis in self.redis)

    def settings(self, instance):
        properties = {"session.timeout.ms": int(SESSION_S * 1000), "heartbeat.interval.ms": 500, "transaction.timeout.ms": 8000, "max.poll.interval.ms": 30000,
                      "reconnect.backoff.max.ms": 500, "topic.metadata.refresh.interval.ms": 5000}
        return json.dumps({  # JSON is YAML
            "topics": self.topics,
            "kafka": {"brokers": self.broker.address, "group": "torture", "instance": instance, "properties": {key: str(value) for key, value in properties.items()}},
            "redis": {"address": self.addresses(), "shards": self.shards},
            "state": {"store": "redis"},
            "rules": {"paths": [os.path.join(HERE, "rules")]},
            "lists": [],
            "embargoes": {"path": os.path.join(ROOT, "feeds", "embargoes", "embargoes.csv")},
            "reference": {"path": os.path.join(ROOT, "feeds", "reference")},
            "batch": {"wait_ms": 20}}, indent=1)

    def put(self, event):
        family, partition, key, value = event
        self.feed.put(self.topics[family], partition, key, value)
        self.counts[family] += 1

    def committed(self):
        """How many input offsets the group has committed, by family; None while the broker is away."""
        found = {}
        for family in FAMILIES:
            answer = self.broker.ask("committed", "torture", self.topics[family])
            if answer is None:
                return None
            found[family] = int(answer)
        return found

    def drained(self):
        return self.committed() == self.counts and self.facts_read()

    def facts_read(self):
        """The engine's own topic: written in transactions, so its offsets have gaps."""
        ends = {record["partition"]: record["offset"] + 1 for record in self.broker.records(self.topics["facts"])}
        answer = self.broker.ask("committed", "torture", self.topics["facts"])
        return answer is not None and max(int(answer), 0) == sum(ends.values())

    def end(self):
        for worker in (*self.workers, self.guest):
            worker.kill()
        for redis in self.redis:
            redis.kill()
        self.broker.kill()

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
