"""The checker: reads the log, the committed output and Redis, and lists everything that one undisturbed run would not have given.

  outcomes   every input offset has exactly one: an alert, or a dead letter with its bytes untouched; one that was sent before has none
  priors     of every entity over its declarations: 0..N-1, each once, where no state was lost; where it was, never blind: sorted, p[i] >= i, and < N
  draws      a probe's alert on every certificate tells what is drawn and certified: compared with a count made here, of the latest revision of
             every consignment, unless that was cancelled
  state      Redis equals the log folded in memory, record by record; every shard's watermark is at the log's end (`tidewaiter state verify`)
"""
import json
import subprocess

from plant import wait_for

SHOWN = 12


class Findings:
    def __init__(self):
        self.lines, self.counts = [], {}

    def add(self, kind, text):
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if self.counts[kind] <= SHOWN:
            self.lines.append("%s: %s" % (kind, text))

    def summary(self):
        return ", ".join("%s %d" % pair for pair in sorted(self.counts.items()))


def log_read(plant, families=None):
    """{(topic, partition, offset): text} of all inputs, or of what the engine tells itself."""
    log = {}
    for family in families or plant.counts:
        for record in plant.broker.records(plant.topics[family]):
            log[record["topic"], record["partition"], record["offset"]] = record["payload"]
    return log


def repeats_of(log):
    """Places of events that had been sent before, byte for byte, in their partition."""
    seen, repeats = set(), set()
    for place in sorted(log):
        sent = (place[0], place[1], log[place])
        if sent in seen and parsed(log[place]):
            repeats.add(place)
        seen.add(sent)
    return repeats


def parsed(text):
    try:
        value = json.loads(text)
    except ValueError:
        return None
    whole = isinstance(value, dict) and "time" in value and ("consignment" in value or value.get("type", "").split(".")[0] in ("certificate", "marking"))
    return value if whole else None


def place_of(alert):
    at = json.loads(alert["payload"])["input"]
    return at["topic"], at["partition"], at["offset"]


def output_read(plant, expected):
    """The committed outcomes, those of what the engine told itself apart; a commit's markers reach the last partition a moment after the commit is confirmed."""
    outcomes = {}

    def read():
        alerts = list(plant.broker.records(plant.topics["alerts"]))
        outcomes["told"] = [record for record in alerts if place_of(record)[0] == plant.topics["facts"]]
        outcomes["alerts"] = [record for record in alerts if place_of(record)[0] != plant.topics["facts"]]
        outcomes["dead"] = list(plant.broker.records(plant.topics["dead_letter"]))
        return len(outcomes["alerts"]) + len(outcomes["dead"]) >= expected

    wait_for(read, 20, 0.5)
    return outcomes["alerts"], outcomes["told"], outcomes["dead"]


def headers(record):
    flat = record.get("headers", [])
    return dict(zip(flat[::2], flat[1::2]))


def check_told(findings, plant, told):
    """What the engine tells itself through the facts has an alert at most once, and stands in their topic."""
    facts = {(record["topic"], record["partition"], record["offset"]) for record in plant.broker.records(plant.topics["facts"])}
    seen = {}
    for record in told:
        place = place_of(record)
        seen[place] = seen.get(place, 0) + 1
        if place not in facts:
            findings.add("outcome", "an outcome for %s, which the facts have not" % (place,))
    for place in seen:
        if seen[place] != 1:
            findings.add("doubled", "%d outcomes for %s" % (seen[place], place))


def check_outcomes(findings, log, alerts, dead):
    """@return {place: alert body}"""
    seen, bodies, ids = {}, {}, set()
    for record in alerts:
        body = json.loads(record["payload"])
        place = place_of(record)
        seen[place] = seen.get(place, 0) + 1
        bodies[place] = body
        ids.add(headers(record).get("ce_id"))
        if place in log and parsed(log[place]) is None:
            findings.add("outcome", "an alert for the unreadable event %s" % (place,))
    for record in dead:
        said = headers(record)
        place = (said["dlq.topic"], int(said["dlq.partition"]), int(said["dlq.offset"]))
        seen[place] = seen.get(place, 0) + 1
        if log.get(place) != record["payload"] or parsed(log[place]) is not None:
            findings.add("outcome", "a dead letter that is not its event: %s" % (place,))
    repeats = repeats_of(log)
    for place in log:
        if place in repeats:
            if place in seen:
                findings.add("repeated", "an outcome for %s, which was sent before" % (place,))
        elif seen.get(place, 0) != 1:
            findings.add("missing" if place not in seen else "doubled", "%d outcomes for %s" % (seen.get(place, 0), place))
    for place in seen:
        if place not in log:
            findings.add("outcome", "an outcome for %s, which the log has not" % (place,))
    if len(ids) != len(alerts) and not findings.counts.get("doubled"):
        findings.add("outcome", "%d alerts, %d ids" % (len(alerts), len(ids)))
    return bodies


def priors_of(log, bodies):
    """{(kind, key): priors over its declarations}"""
    priors = {}
    for place, body in bodies.items():
        event = parsed(log.get(place, ""))
        if event and event["type"] == "consignment.declared":
            for entity in body["entities"]:
                priors.setdefault((entity["kind"], entity["key"]), []).append(entity["seen"])
    return priors


def check_priors(findings, priors, exact):
    for entity, seen in sorted(priors.items()):
        seen.sort()
        if exact and seen != list(range(len(seen))):
            wrong = next(i for i, prior in enumerate(seen) if prior != i)
            findings.add("priors", "%s %s: %d declarations, prior %d at place %d" % (*entity, len(seen), seen[wrong], wrong))
        blind = [i for i, prior in enumerate(seen) if prior < i]
        if not exact and blind:
            findings.add("blind", "%s %s: prior %d at place %d of %d (%d places)" % (*entity, seen[blind[0]], blind[0], len(seen), len(blind)))
        if seen and seen[-1] >= len(seen):
            findings.add("priors", "%s %s: prior %d with %d declarations" % (*entity, seen[-1], len(seen)))


def draws_of(log):
    """Independent of the engine: {certificate: {consignment: (revision, quantity)}}, {certificate: (revision, quantity)}, probes"""
    draws, terms, probes, latest, cancelled = {}, {}, {}, {}, {}
    for place, text in log.items():
        event = parsed(text)
        if event is None:
            continue
        if event["type"] in ("consignment.declared", "consignment.amended"):
            consignment, item = event["consignment"], event["consignment"]["items"][0]
            numbers = [reference["number"] for reference in item.get("certificates", ())]
            latest[consignment["id"]] = max(latest.get(consignment["id"], (0, "", 0, [])), (consignment["revision"], event["time"], item["quantity"], numbers))
            if consignment["id"].startswith("TWP"):
                probes[place] = (numbers[0], consignment["id"])
        elif event["type"] == "consignment.cancelled":
            name = event["consignment"]["id"]
            cancelled[name] = max(cancelled.get(name, ""), event["time"])
        elif event["type"] in ("certificate.issued", "certificate.amended"):
            certificate = event["certificate"]
            stated = (certificate["revision"], certificate["items"][0]["quantity"])
            terms[certificate["number"]] = max(terms.get(certificate["number"], (0, 0)), stated)
    for name, (revision, time, quantity, numbers) in latest.items():
        for number in numbers if cancelled.get(name, "") < time else ():
            draws.setdefault(number, {})[name] = (revision, quantity)
    return draws, terms, probes


def check_draws(findings, log, bodies):
    draws, terms, probes = draws_of(log)
    for place, (certificate, consignment) in sorted(probes.items()):
        facts = {}
        for reason in bodies.get(place, {}).get("reasons", ()):
            facts.update(reason["facts"])
        drawn = sum(quantity for name, (_, quantity) in draws[certificate].items() if name != consignment)
        expected = {"drawn_before": drawn, "certified": terms[certificate][1]}
        told = {name: float(facts[name]) if name in facts else None for name in expected}
        if told != expected:
            findings.add("draws", "certificate %s: the engine says %s, the log says %s" % (certificate, told, expected))
    return len(probes)


def check_state(findings, plant):
    done = subprocess.run([plant.program, "state", "verify", "--json", "--quiet", "--config", plant.workers[0].config], capture_output=True, text=True)
    if done.returncode:
        findings.add("state", (done.stdout + done.stderr).strip().replace("\n", "; ")[:1500])
    try:
        return json.loads(done.stdout)
    except ValueError:
        return {}


def check(plant, exact, final):
    """@param exact no state was lost so far @param final the probes are in, Redis is compared too @return Findings, what was looked at"""
    findings = Findings()
    log = log_read(plant)
    if len(log) != sum(plant.counts.values()):
        findings.add("log", "%d events sent, %d in the log" % (sum(plant.counts.values()), len(log)))
    repeats = len(repeats_of(log))
    alerts, told, dead = output_read(plant, len(log) - repeats)
    bodies = check_outcomes(findings, log, alerts, dead)
    check_told(findings, plant, told)
    priors = priors_of(log, bodies)
    check_priors(findings, priors, exact)
    looked = {"events": len(log), "sent_again": repeats, "alerts": len(alerts), "told": len(told), "dead_letters": len(dead), "priors": sum(map(len, priors.values())),
              "entities": len(priors)}
    if final:
        looked["certificates"] = check_draws(findings, log, bodies)
        looked["records"] = check_state(findings, plant).get("entities", 0)
    return findings, looked
