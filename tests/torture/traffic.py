"""Seeded events of every family. A small cast of parties, vessels, containers and certificates comes back in all of them, so that their records
grow under all workers at once. All firms are invented.

Every event is of one day, so that every declaration before it lies inside an alert's window: an entity's "seen" is then the number of
declarations before it, and nothing else.
"""
import json
import random
import zlib

PARTITIONS = 4
FAMILIES = ("manifests", "certificates", "markings", "outcomes", "decisions")
PARTIES, VESSELS, CONTAINERS, CERTIFICATES, SERIALS = 10, 3, 25, 24, 300
BAD = ('{"id":"%s","type":"consignment.declared"', '{"id":"%s","type":"consignment.declared","time":"2026-03-02T08:00:00Z","source":"torture"}', '["%s"]', "%s")


def partition_of(key):
    return zlib.crc32(key.encode()) % PARTITIONS


class Traffic:
    """next() -> (family, partition, key, value). Skew: one partition in four gets most, so that partitions end their rebuilds apart."""

    def __init__(self, seed, skew=False):
        self.random = random.Random("traffic %s" % seed)
        self.number = 0
        self.skew = skew
        self.declared = []   # [consignment, certificate or None, revision]
        self.sent = []       # the latest events, to be sent again
        self.certified = {}  # certificate -> revision

    def envelope(self, kind, body):
        self.number += 1
        tenths = self.number % 864000
        clock = "%02d:%02d:%02d.%d" % (tenths // 36000, tenths // 600 % 60, tenths // 10 % 60, tenths % 10)
        return {"id": "t-%d" % self.number, "type": kind, "time": "2026-03-02T%sZ" % clock, "source": "torture", **body}

    def party(self, role, at):
        return {"role": role, "name": "Torture Trading %d" % at, "country": "XA" if at % 2 else "XB", "address": {"text": "%d Quay Street" % at, "country": "XA"}}

    def reference(self, certificate):
        return {"number": "T/%d" % certificate, "issuer_country": "QZ", "line": 1}

    def consignment(self, kind, name, revision, certificate):
        first, second = self.random.sample(range(PARTIES), 2)
        vessel = self.random.randrange(VESSELS)
        item = {"line": 1, "description": "Rifles, bolt action", "make": "Samplearms", "quantity": self.random.randint(1, 40), "unit": "C62", "gross_kg": 10,
                "markings": [{"kind": "serial", "value": "SX%d" % self.random.randrange(SERIALS)}]}
        if certificate is not None:
            item["certificates"] = [self.reference(certificate)]
        return self.envelope(kind, {"consignment": {
            "id": name, "revision": revision, "office": "XBMAR", "means": {"mode": "sea", "name": "Torture Star %d" % vessel, "flag": "PA"},
            "parties": [self.party("consignor", first), self.party("consignee", second)],
            "containers": [{"number": "TWDU%07d" % self.random.randrange(CONTAINERS)}], "items": [item]}})

    def declare(self):
        name = "TWT%08d" % (self.number + 1)
        certificate = self.random.randrange(CERTIFICATES) if self.random.random() < 0.4 else None
        self.declared.append([name, certificate, 1])
        return "manifests", name, self.consignment("consignment.declared", name, 1, certificate)

    def known(self):
        return self.declared[self.random.randrange(max(0, len(self.declared) - 200), len(self.declared))]

    def amend(self):
        row = self.known()
        row[2] += 1
        if self.random.random() < 0.3:  # moves to another certificate, or to none
            row[1] = self.random.randrange(CERTIFICATES) if self.random.random() < 0.7 else None
        return "manifests", row[0], self.consignment("consignment.amended", row[0], row[2], row[1])

    def move(self):
        row = self.known()
        return "manifests", row[0], self.envelope("consignment." + self.random.choice(("arrived", "departed", "cancelled")), {"consignment": {"id": row[0], "office": "XBMAR"}})

    def certify(self):
        at = self.random.randrange(CERTIFICATES)
        revision = self.certified[at] = self.certified.get(at, 0) + 1
        kind = "certificate.issued" if revision == 1 else "certificate.amended"
        return "certificates", "QZ|T%d" % at, self.envelope(kind, {"certificate": {
            "number": "T/%d" % at, "issuer": {"country": "QZ"}, "revision": revision, "issued": "2026-01-10", "parties": [self.party("end_user", at % PARTIES)],
            "items": [{"line": 1, "description": "Rifles", "make": "Samplearms", "quantity": 1000 + self.random.randrange(1000), "unit": "C62"}]}})

    def mark(self):
        serial = self.random.randrange(SERIALS)
        kind = "marking." + self.random.choice(("manufactured", "transferred", "lost", "stolen", "recovered"))
        return "markings", "SAMPLEARMS|SX%d" % serial, self.envelope(kind, {"item": {"make": "Samplearms", "marks": [{"kind": "serial", "value": "SX%d" % serial}]}})

    def inspect(self):
        row = self.known()
        result = self.random.choice(("conform", "discrepancy"))
        return "outcomes", row[0], self.envelope("inspection.completed", {"consignment": row[0], "inspection": {"lane": "red", "result": result}})

    def decide(self):
        row = self.known()
        return "decisions", row[0], self.envelope("hold.released", {"consignment": row[0], "decision": {"officer": "O-1", "reason": "cleared"}})

    def damage(self):
        self.number += 1
        text = self.random.choice(BAD) % ("x-%d" % self.number)
        return self.random.choice(FAMILIES), text, text

    def next(self):
        draw = self.random.random()
        if draw < 0.02 and self.sent:
            return self.random.choice(self.sent)
        kinds = ((0.60, self.declare), (0.68, self.amend), (0.74, self.move), (0.82, self.certify), (0.88, self.mark), (0.93, self.inspect), (0.97, self.decide),
                 (1.0, self.damage))
        make = next(make for bound, make in kinds if draw < bound) if self.declared else self.declare
        family, key, value = make()
        place = partition_of(key)
        if self.skew and place and self.random.random() < 0.8:
            place = 0
        if isinstance(value, str):
            return family, place, key, value
        event = (family, place, key, json.dumps(value, separators=(",", ":")))
        self.sent = (self.sent + [event])[-50:]
        return event

    def probes(self):
        """One declaration on every certificate: its alert tells what the record holds in the end."""
        for certificate in sorted(self.certified):
            name = "TWP%08d" % (self.number + 1)
            yield "manifests", partition_of(name), name, json.dumps(self.consignment("consignment.declared", name, 1, certificate), separators=(",", ":"))
