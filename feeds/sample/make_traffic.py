#!/usr/bin/env python3
"""Make the fictional sample traffic: ordinary trade, lawful arms trade, and seeded diversion.

    make_traffic.py FOLDER     writes traffic.ndjson, stories.json, damaged.ndjson

Deterministic: one fixed seed, own generator, no clock, no hash order. Every firm, ship, person, certificate and serial is invented, but for the
two parties and the ship that the stories take from the real list files beside this one (see README.md): those consignments are invented as well.
Ship numbers start with 3, which the IMO scheme never gave out; container owner TWDU is not registered; countries and ports are real.
"""
import datetime
import json
import os
import sys

START = datetime.date(2026, 3, 2)
DAYS = 70


class Dice:
    """SplitMix64: the same numbers in every version of Python."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    def below(self, n):
        return self.next() % n

    def between(self, a, b):
        return a + self.below(b - a + 1)

    def one(self, sequence):
        return sequence[self.below(len(sequence))]

    def chance(self, percent):
        return self.below(100) < percent


dice = Dice(20260302)

PORTS = {  # UN/LOCODE: city
    "CNSHG": "Shanghai", "CNNBG": "Ningbo", "CNYTN": "Yantian", "KRPUS": "Busan", "JPYOK": "Yokohama", "VNSGN": "Ho Chi Minh City", "THLCH": "Laem Chabang",
    "SGSIN": "Singapore", "MYPKG": "Port Klang", "INNSA": "Nhava Sheva", "INMUN": "Mundra", "PKKHI": "Karachi", "AEJEA": "Jebel Ali", "SAJED": "Jeddah",
    "EGALY": "Alexandria", "TRMER": "Mersin", "GRPIR": "Piraeus", "ITGOA": "Genova", "ESVLC": "Valencia", "FRLEH": "Le Havre", "NLRTM": "Rotterdam",
    "BEANR": "Antwerpen", "DEHAM": "Hamburg", "GBFXT": "Felixstowe", "PLGDN": "Gdansk", "SEGOT": "Goteborg", "MACAS": "Casablanca", "SNDKR": "Dakar",
    "CIABJ": "Abidjan", "GHTEM": "Tema", "TGLFW": "Lome", "CMDLA": "Douala", "ZADUR": "Durban", "TZDAR": "Dar es Salaam", "KEMBA": "Mombasa",
    "BRSSZ": "Santos", "ARBUE": "Buenos Aires", "CLSAI": "San Antonio", "PECLL": "Callao", "COCTG": "Cartagena", "MXZLO": "Manzanillo", "USNYC": "New York",
    "USSAV": "Savannah", "USOAK": "Oakland", "CAVAN": "Vancouver", "AUSYD": "Sydney", "NZAKL": "Auckland", "PTLIS": "Lisboa", "LYMRA": "Misurata",
    "LTKLJ": "Klaipeda", "IEDUB": "Dublin", "HRRJK": "Rijeka", "BGBOJ": "Burgas", "ROCND": "Constanta",
}
LANES = [tuple(lane.split("-")) for lane in (
    "CNSHG-USOAK CNNBG-DEHAM CNYTN-NLRTM KRPUS-CAVAN JPYOK-USOAK VNSGN-FRLEH THLCH-AUSYD INNSA-GBFXT INMUN-AEJEA PKKHI-ESVLC TRMER-ITGOA EGALY-GRPIR "
    "BRSSZ-BEANR ARBUE-ESVLC CLSAI-CNSHG PECLL-USSAV COCTG-USNYC MXZLO-JPYOK USNYC-DEHAM USSAV-TGLFW CAVAN-KRPUS AUSYD-SGSIN NZAKL-CNNBG ITGOA-MACAS "
    "FRLEH-SNDKR BEANR-CIABJ NLRTM-GHTEM DEHAM-ZADUR ESVLC-MACAS GRPIR-EGALY ZADUR-NLRTM TZDAR-INNSA KEMBA-NLRTM GHTEM-BEANR CIABJ-FRLEH SNDKR-ESVLC "
    "MYPKG-INMUN SGSIN-AUSYD CNSHG-KEMBA CNYTN-TZDAR TRMER-ROCND PLGDN-SEGOT SEGOT-GBFXT LTKLJ-IEDUB DEHAM-CMDLA TRMER-LYMRA ITGOA-LYMRA PTLIS-BRSSZ").split()]
# description, HS, kilograms a package (from, to), packages (to), package type, value a kilogram in USD. Many are words with two lives.
GOODS = [
    ("Oak barrels for ageing wine, 225 l", "441600", 48, 55, 90, "BA", 9), ("Red wine in bottles, 12 to a case", "220421", 15, 18, 900, "CT", 7),
    ("Printed magazines, weekly, stapled", "490290", 12, 20, 400, "CT", 3), ("Magazines and catalogues for furniture shops", "491110", 14, 18, 200, "CT", 2),
    ("Trigger sprayers for household cleaners", "842489", 8, 12, 300, "CT", 5), ("Handlebar grips and bicycle saddles", "871495", 9, 14, 150, "CT", 8),
    ("Sea shells, polished, for decoration", "050800", 18, 24, 60, "BG", 4), ("Almonds in shell", "080211", 24, 26, 800, "BG", 6),
    ("Ink cartridges and toner for office printers", "844399", 6, 10, 500, "CT", 32), ("Filter cartridges for drinking water", "842121", 5, 9, 350, "CT", 11),
    ("Hexagon bolts and nuts M12, zinc plated", "731815", 24, 26, 700, "CT", 2), ("Satellite television receivers", "852871", 9, 13, 260, "CT", 28),
    ("Car radio receivers with bluetooth", "852721", 7, 11, 180, "CT", 30), ("Playground slides of polyethylene", "950699", 60, 90, 40, "PX", 7),
    ("Drawer slides, ball bearing, 450 mm", "830242", 20, 24, 320, "CT", 4), ("Steel round bars, hot rolled, 20 mm", "721420", 980, 1020, 50, "BE", 1),
    ("Leather muzzles and leads for dogs", "420100", 6, 9, 80, "CT", 14), ("Phone chargers 20 W", "850440", 8, 12, 400, "CT", 25),
    ("Wall primer, water based, 10 l", "320910", 13, 15, 600, "DR", 3), ("Whole milk powder in 25 kg bags", "040221", 25, 26, 800, "BG", 4),
    ("Washing powder, lemon", "340250", 18, 20, 600, "CT", 1), ("Rock drills and bits for mining", "820713", 30, 60, 90, "CS", 22),
    ("Mining conveyor belts, steel cord", "401011", 900, 1500, 12, "RL", 3), ("Toy rocket launchers with foam darts", "950300", 7, 9, 240, "CT", 9),
    ("Toy guns with sound, plastic", "950300", 8, 10, 300, "CT", 6), ("Exhaust silencers for passenger cars", "870892", 11, 16, 210, "CT", 8),
    ("Silencer for diesel generator 100 kVA", "841290", 80, 120, 8, "CS", 6), ("Dry mortar mix in 25 kg bags", "382450", 25, 26, 900, "BG", 1),
    ("Mortar and pestle sets, granite", "680299", 4, 6, 200, "CT", 3), ("Spray pistols for car paint", "842420", 9, 12, 90, "CT", 26),
    ("Hot melt glue guns and sticks", "846789", 10, 14, 160, "CT", 13), ("Massage guns, rechargeable", "901910", 9, 12, 220, "CT", 31),
    ("Pneumatic nail guns and nails in strips", "846711", 18, 24, 130, "CT", 15), ("Heat guns 2000 W", "851679", 9, 12, 140, "CT", 12),
    ("Gun drills of solid carbide, 8 mm", "820750", 12, 20, 30, "CT", 95), ("Revolver lathe, used, with tooling", "845811", 2800, 3400, 1, "PX", 6),
    ("Portland cement in big bags", "252329", 1500, 1510, 300, "BG", 0.1), ("Cement clinker in bulk", "252310", 25000, 30000, 1, "VO", 0.05),
    ("Ceramic floor tiles 60 x 60", "690721", 28, 32, 700, "PX", 1), ("Cotton T-shirts, knitted", "610910", 10, 14, 500, "CT", 17),
    ("Men's denim trousers", "620342", 14, 18, 400, "CT", 19), ("Wooden dining chairs", "940169", 14, 20, 200, "CT", 6),
    ("Office desks, knocked down", "940330", 40, 55, 120, "PX", 4), ("Green coffee in jute bags", "090111", 60, 61, 320, "BG", 5),
    ("Cocoa beans in bags", "180100", 62, 64, 380, "BG", 7), ("Cashew kernels", "080132", 22, 24, 700, "CT", 9),
    ("Frozen shrimps, headless", "030617", 10, 12, 1800, "CT", 10), ("Bananas, fresh", "080390", 18, 19, 1080, "CT", 1),
    ("Copper cathodes", "740311", 2400, 2500, 10, "BE", 9), ("Soybean meal in bulk", "230400", 20000, 26000, 1, "VO", 0.5),
    ("Polyethylene granules", "390120", 25, 26, 960, "BG", 1), ("Laptop computers 14 inch", "847130", 12, 16, 120, "CT", 160),
    ("LED lamps E27", "853952", 6, 9, 500, "CT", 14), ("Lithium-ion batteries for power tools", "850760", 10, 14, 150, "CT", 40),
    ("Passenger car tyres 205/55 R16", "401110", 9, 10, 900, "PP", 4), ("Brake pads for passenger cars", "870830", 14, 18, 350, "CT", 11),
    ("Tractor, 75 kW, with cabin", "870193", 4200, 4600, 3, "PX", 9), ("Water pumps, centrifugal, 5 kW", "841370", 45, 60, 60, "CS", 14),
    ("Surgical gloves, nitrile", "401519", 7, 9, 900, "CT", 6), ("Medicines put up for retail sale", "300490", 6, 10, 250, "CT", 80),
    ("Fireworks shells and fountains, class 1.4G", "360410", 14, 18, 200, "CT", 8), ("Hardware: hinges, handles and door bolts", "830210", 16, 22, 260, "CT", 6),
    ("Airsoft pistols for sport, 6 mm plastic balls", "950490", 9, 12, 60, "CT", 20), ("Steel handgun safes with keypad", "830300", 20, 30, 60, "CT", 8),
    ("Hunting rifle scopes 4x32", "901310", 6, 8, 40, "CT", 120), ("Used household goods of a family moving house", "980400", 20, 40, 60, "PK", 2),
    ("Spare parts for sewing machine type 12", "845290", 12, 18, 50, "CT", 18), ("Bottles, glass, without markings", "701090", 18, 22, 800, "PX", 1),
]
FIRST = ("Brelvane Torquist Maldovar Quenby Orbelin Hastrake Velmoor Tindrel Ashgrave Korvelle Lumeth Pandrick Solveth Weyland Ostrava Fennimore Galdrin "
         "Harrowick Islenne Jorvane Kestrane Lorimond Marvenne Nordlace Oberwyn Pellthorne Quarrell Rosmond Silvane Tamberly Umbrell Vandoren Wexcombe Yarrowby "
         "Zellmark Aldervane Belcroft Cendrey Dunmarsh Elvendale").replace("Ostrava", "Ostravane").replace("Weyland", "Weylane").split()
SECOND = "Ceramics Textiles Foods Trading Furniture Metals Polymers Machinery Orchards Timber Electronics Chemicals Packaging Outfitters Imports Exports Tools".split()
FORMS = {"US": "Inc", "DE": "GmbH", "FR": "SARL", "ES": "SL", "IT": "SRL", "NL": "BV", "BE": "NV", "GB": "Ltd", "SE": "AB", "PL": "Sp. z o.o.", "BR": "Ltda",
         "AR": "SA", "MX": "SA de CV", "JP": "KK", "TR": "AS", "AE": "FZE"}
SHIPS = [("Tidal Sample %s" % word, flag) for word, flag in zip("Amber Birch Coral Delta Ember Fjord Grove Haven Ivory Jade Kelp Larch Maple North Olive Pearl".split(),
                                                               "PA LR MH SG MT CY HK BS PA LR MH SG PT DK NO GR".split())]
FORWARDERS = ["Wavecrest Sample Logistics", "Harbour Nine Freight Forwarding", "Meridian Sample Cargo Services"]


def imo(n):
    digits = [int(c) for c in "%06d" % n]
    return "%06d%d" % (n, sum(d * (7 - i) for i, d in enumerate(digits)) % 10)


def container(n):
    values, value = {}, 10
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        value += value % 11 == 0
        values[letter] = value
        value += 1
    body = "TWDU%06d" % n
    total = sum((values[c] if c.isalpha() else int(c)) * 2 ** i for i, c in enumerate(body))
    return body + str(total % 11 % 10)


def day(offset):
    return (START + datetime.timedelta(days=offset)).isoformat()


events = []   # (instant, sequence, topic, key, value)
stories = []  # the hidden truth
twins = []    # lawful look-alikes
counts = {"consignment": 0, "event": 0, "container": 0}


def put(topic, key, kind, offset, source, minute=None, **body):
    counts["event"] += 1
    minute = dice.below(1380) if minute is None else minute
    when = "%sT%02d:%02d:00Z" % (day(offset), minute // 60, minute % 60)
    value = {"id": "tws-%05d" % counts["event"], "type": kind, "time": when, "source": source, **body}
    events.append((when, counts["event"], topic, key, value))


def firm(country, index=None):
    first = FIRST[dice.below(len(FIRST)) if index is None else index % len(FIRST)]
    return "%s %s %s" % (first, dice.one(SECOND), FORMS.get(country, "Co"))


def party(role, name, place, kind="company", **more):
    country = place[:2]
    city = PORTS.get(place, more.pop("city", ""))
    address = {"text": "%d Sample Quay, %s" % (dice.between(1, 180), city), "city": city, "country": country}
    return {"role": role, "name": name, "country": country, "kind": kind, "address": more.pop("address", address), **more}


def cid():
    counts["consignment"] += 1
    return "TWS26%06d" % counts["consignment"]


def ship():
    index = dice.below(len(SHIPS))
    name, flag = SHIPS[index]
    return {"mode": "sea", "name": name, "imo": imo(300100 + 7 * index), "flag": flag, "voyage": "%d%s" % (dice.between(100, 299), dice.one("EWNS"))}


def declare(offset, route, parties, items, ident=None, means=None, movement="import", kind="consignment.declared", revision=1, minute=None, **more):
    """route: [(role, place or country, arrival offset or None, departure offset or None)]"""
    ident = ident or cid()
    means = means or ship()
    legs = []
    for role, place, arrival, departure in route:
        leg = {"role": role, **({"place": place} if len(place) == 5 else {}), "country": place[:2]}
        leg.update({"arrival": day(arrival)} if arrival is not None else {})
        leg.update({"departure": day(departure)} if departure is not None else {})
        legs.append(leg)
    boxes = []
    if means["mode"] == "sea":
        counts["container"] += 1
        boxes = [{"number": container(100000 + counts["container"]), "size_type": "22G1", "seals": ["TW%06d" % dice.below(1000000)]}]
    last = [place for role, place, _, _ in route if role in ("discharge", "delivery") and len(place) == 5]
    packages = sum(item.get("packages", 0) for item in items)
    gross = sum(item.get("gross_kg", 0) for item in items)
    lines = [{"line": i, **item, **({"containers": [boxes[0]["number"]]} if boxes else {})} for i, item in enumerate(items, 1)]
    body = {"id": ident, "revision": revision, **({"office": last[0]} if last else {}), "movement": movement,
            "document": {"kind": {"sea": "bill_of_lading", "air": "air_waybill", "road": "cmr", "post": "postal"}[means["mode"]], "number": ident},
            "means": means, "route": legs, "parties": parties, **({"containers": boxes} if boxes else {}), "items": lines,
            "totals": {"packages": packages, "gross_kg": gross}, **more}
    put("tw.manifests", ident, kind, offset, "sample-port-system", minute, consignment=body)
    return ident


def ordinary():
    """Trade as it is: some 430 consignments, with amendments, arrivals, a few inspections."""
    buyers = {}
    for n in range(430):
        load, discharge = LANES[n % len(LANES)] if n < len(LANES) else dice.one(LANES)
        offset = 1 + n * (DAYS - 4) // 430
        buyers.setdefault(discharge, [firm(discharge[:2]) for _ in range(4)])
        description, hs, low, high, most, package, price = GOODS[n % len(GOODS)]
        packages = dice.between(max(1, most // 4), most)
        gross = packages * dice.between(low, high)
        item = {"description": description, "hs": hs, "origin": load[:2], "packages": packages, "package_type": package, "gross_kg": gross,
                "value": round(gross * price), "currency": "USD"}
        consignor = party("consignor", firm(load[:2], n), load)
        consignee = party("consignee", dice.one(buyers[discharge]), discharge)
        parties = [consignor, consignee]
        if dice.chance(30):
            parties.append(party("notify", dice.one(FORWARDERS), discharge))
        if dice.chance(6):
            parties[1] = party("consignee", dice.one(FORWARDERS), discharge)
        if dice.chance(4):
            item["description"] = dice.one(["Spare parts", "General cargo", "Machinery", "Personal effects", "Samples"])
            item.pop("hs")
        if dice.chance(3):
            parties[1]["address"] = {"text": "P.O. Box %d, %s" % (dice.between(10, 900), PORTS[discharge]), "country": discharge[:2]}
        travel = dice.between(8, 25)
        route = [("load", load, None, offset + 2), ("discharge", discharge, offset + 2 + travel, None)]
        ident = declare(offset, route, parties, [item], payment={"method": dice.one(["letter_of_credit", "open_account", "transfer"]), "payer_country": discharge[:2]})
        if n % 23 == 7:
            again = dict(item, packages=packages + 1, gross_kg=gross + high)
            declare(offset + 1, route, parties, [again], ident=ident, kind="consignment.amended", revision=2)
        if n % 17 == 3:
            put("tw.manifests", ident, "consignment.arrived", min(offset + travel, DAYS), "sample-port-system", consignment={"id": ident, "office": discharge})
        if n % 29 == 11:
            put("tw.outcomes", ident, "inspection.completed", min(offset + 12, DAYS), "sample-inspections", consignment=ident,
                inspection={"lane": "green", "result": "conform", "kind": dice.one(["documents", "scan"]), "office": discharge})


# ---- arms: certificates, lines, lawful trade ----

def certificate(number, country, quantity, offset=-40, authenticated=True, description="Assault rifles 5.56x45", hs="930190", code="ML1", single=False, valid=(-40, 200),
                user="Border Guard", revision=1, source=None, destination=None, sample=None, **more):
    key = "%s|%s" % (country, "".join(c for c in number.upper() if c.isalnum()))
    body = {"number": number, "issuer": {"country": country, "authority": "Sample Ministry of the Interior"}, "revision": revision, "issued": day(offset),
            "valid_from": day(valid[0]), "valid_until": day(valid[1]), "single_transaction": single,
            "signatories": [{"name": "Col. %s" % (sample or dice.one(FIRST)), "position": "Director of procurement", "signed": day(offset)}],
            "parties": [{"role": "end_user", "name": "Sample %s of %s" % (user, country), "country": country, "kind": "government"}],
            "contract": {"number": "C-%s" % number.replace("/", "-"), "date": day(offset - 30)}, "final_destination": destination or country, "end_use": "own forces",
            "assurances": {"no_reexport": True, "delivery_verification": True, "verify_within_days": 90},
            "items": [{"line": 1, "description": description, "hs": hs, "control_code": code, "quantity": quantity, "unit": "C62"}], **more}
    put("tw.certificates", key, "certificate.issued", offset, source or "sample-ministry-%s" % country.lower(), certificate=body)
    if authenticated:
        put("tw.certificates", key, "certificate.authenticated", offset + 6, "sample-licensing-office", certificate={"number": number, "issuer": {"country": country}})
    return key


def status(kind, number, country, offset, **more):
    key = "%s|%s" % (country, "".join(c for c in number.upper() if c.isalnum()))
    put("tw.certificates", key, "certificate." + kind, offset, "sample-licensing-office", certificate={"number": number, "issuer": {"country": country}, **more})


def rifles(quantity, reference=None, country=None, prefix="SR", start=1, make="Samplearms", description="Assault rifles 5.56x45", **more):
    item = {"description": description, "hs": "930190", "control_code": "ML1", "origin": "CZ", "quantity": quantity, "unit": "C62", "packages": max(1, quantity // 10),
            "package_type": "CS", "gross_kg": round(quantity * 5.8), "value": quantity * 900, "currency": "EUR", "make": make, "model": "SR-5", "calibre": "5.56x45",
            "markings": [{"kind": "serial_range", "from": "%s%05d" % (prefix, start), "to": "%s%05d" % (prefix, start + quantity - 1)}]}
    if reference:
        item["certificates"] = [{"number": reference, "issuer_country": country, "line": 1}]
        item["licences"] = [{"number": "CZ-EXP-%04d" % dice.between(1000, 9999), "country": "CZ"}]
    item.update(more)
    return item


def pistols(serials, make="Quarrell Arms", **more):
    item = {"description": "Pistols 9x19", "hs": "930200", "control_code": "ML1", "origin": "IT", "quantity": len(serials), "unit": "C62", "packages": 1,
            "package_type": "CS", "gross_kg": round(len(serials) * 1.6 + 2, 1), "value": len(serials) * 420, "currency": "EUR", "make": make, "model": "QA-9", "calibre": "9x19",
            "markings": [{"kind": "serial", "value": serial} for serial in serials]}
    item.update(more)
    return item


MAKER = ("Samplearms Works as", "CZPRG")
PLANE = {"mode": "air", "name": "TW 417", "registration": "OK-TWS", "flag": "CZ", "voyage": "TW417"}


def maker():
    return party("consignor", MAKER[0], MAKER[1], city="Praha")


def force(country, place, name="Border Guard", **more):
    return party("consignee", "Sample %s of %s" % (name, country), place, kind="government", **more)


def story(title, consignments, rules, lane, revealed_by=None, earlier=None):
    stories.append({"story": len(stories) + 1, "title": title, "consignments": consignments, "rules": rules, "lane_at_least": lane,
                    **({"revealed_by": revealed_by} if revealed_by else {}), **({"earlier": earlier} if earlier else {})})


def twin(title, consignments, lane="blue"):
    twins.append({"title": title, "consignments": consignments, "lane_at_most": lane})


def lawful_arms():
    """Arms trade in order: confirmed certificates, part deliveries inside their quantities, licensed sporting goods."""
    for n, (country, place) in enumerate((("PT", "PTLIS"), ("SE", "SEGOT"), ("SN", "SNDKR"), ("GH", "GHTEM"), ("MA", "MACAS"), ("BR", "BRSSZ"))):
        number = "%s/INT/2026/%04d" % (country, 101 + n)
        certificate(number, country, 600, single=False)
        idents = []
        for part in range(3):
            offset = 4 + 9 * part + n
            idents.append(declare(offset, [("load", "DEHAM", None, offset + 2), ("discharge", place, offset + 14, None)], [maker(), force(country, place)],
                                  [rifles(200, number, country, prefix="L%d" % n, start=1 + 200 * part)], documents=[{"kind": "export_licence", "number": "CZ-2026-%d" % n, "destination": country}],
                                  payment={"method": "letter_of_credit", "payer_country": country}))
        twin("three part deliveries fill the certificate of %s exactly" % country, idents)
        status("delivery_verified", number, country, 55, consignment=idents[0], received=day(50), items=[{"line": 1, "quantity": 200}])
    for n, (country, place) in enumerate((("DE", "DEHAM"), ("FR", "FRLEH"), ("CA", "CAVAN"), ("NZ", "NZAKL"), ("ZA", "ZADUR"), ("AR", "ARBUE"))):
        dealer = party("consignee", "%s Field Sports %s" % (FIRST[20 + n], FORMS.get(country, "Co")), place)
        guns = {"description": "Hunting rifles, bolt action", "hs": "930330", "origin": "SE", "quantity": 40, "unit": "C62", "packages": 20, "package_type": "CT", "gross_kg": 190,
                "value": 44000, "currency": "EUR", "make": "Fennmark", "licences": [{"number": "%s-IMP-%d" % (country, 700 + n), "country": country}],
                "markings": [{"kind": "serial_range", "from": "FM%d001" % n, "to": "FM%d040" % n}]}
        shells = {"description": "Shotgun cartridges 12/70", "hs": "930621", "origin": "IT", "quantity": 50000, "unit": "C62", "packages": 200, "package_type": "CT", "gross_kg": 2600,
                  "value": 15000, "currency": "EUR", "un_number": "0012", "licences": [{"number": "%s-IMP-%d" % (country, 700 + n), "country": country}],
                  "markings": [{"kind": "lot", "value": "LOT26-%02d" % n, "make": "Fennmark"}]}
        first = declare(6 + n, [("load", "SEGOT", None, 8 + n), ("discharge", place, 25 + n, None)], [party("consignor", "Fennmark Sample Vapen AB", "SEGOT"), dealer], [guns])
        second = declare(30 + n, [("load", "ITGOA", None, 32 + n), ("discharge", place, 45 + n, None)], [party("consignor", "Fennmark Sample Munizioni SRL", "ITGOA"), dealer], [shells])
        twin("a licensed dealer in %s buys hunting rifles and cartridges" % country, [first, second])


def story_quantity_and_papers():
    certificate("TG/INT/2026/0007", "TG", 500)
    parts = [declare(5 + 12 * n, [("load", "DEHAM", None, 7 + 12 * n), ("discharge", "TGLFW", 20 + 12 * n, None)], [maker(), force("TG", "TGLFW")],
                     [rifles(size, "TG/INT/2026/0007", "TG", prefix="TG", start=1 + 200 * n)]) for n, size in enumerate((200, 200, 180))]
    story("quantity creep: the third part delivery takes 580 on a certificate for 500", parts[2:], ["euc-over-draw"], "yellow", earlier=parts[:2])

    certificate("CI-MOD-2026-31", "CI", 300, single=True, user="Gendarmerie")
    first = declare(8, [("load", "DEHAM", None, 10), ("discharge", "CIABJ", 24, None)], [maker(), force("CI", "CIABJ", "Gendarmerie")], [rifles(150, "CI-MOD-2026-31", "CI", prefix="CA")])
    second = declare(40, [("load", "BGBOJ", None, 42), ("discharge", "CIABJ", 56, None)],
                     [party("consignor", "Torquist Defence Sample EOOD", "BGBOJ"), party("consignee", "Cendrey General Trading Co", "CIABJ")],
                     [rifles(150, "CI MOD 2026/31", "CI", prefix="CB", make="Torquist")])
    story("one certificate, two transactions: another seller and another consignee use it again", [second], ["euc-reused", "behaviour-new-consignee-arms"], "yellow")
    twin("first use of that certificate", [first])

    certificate("CM/DGSN/26/118", "CM", 250, user="National Police")
    status("revoked", "CM/DGSN/26/118", "CM", 20, reason="signatory dismissed", by="Ministry of Defence", effective=day(20))
    late = declare(27, [("load", "HRRJK", None, 29), ("discharge", "CMDLA", 44, None)], [maker(), party("consignee", "Korvelle Security Equipment Co", "CMDLA")],
                   [rifles(250, "CM/DGSN/26/118", "CM", prefix="CM")])
    story("a certificate revoked a week before", [late], ["euc-revoked", "behaviour-new-consignee-arms"], "red")

    certificate("GH/NSC/2026/55", "GH", 400, user="Security Council", valid=(-40, 12), authenticated=False)
    stale = declare(25, [("load", "DEHAM", None, 28), ("discharge", "GHTEM", 41, None)], [maker(), force("GH", "GHTEM", "Security Council")],
                    [rifles(100, "GH/NSC/2026/55", "GH", prefix="GN")])
    story("an old certificate that nobody confirmed, used two weeks after its end", [stale], ["euc-expired", "euc-not-authenticated"], "yellow")

    certificate("SN/MI/2026/9", "SN", 500, offset=-30, source="sample-ministry-sn", authenticated=True, sample="Tindrel")
    certificate("SN/MI/2026/9", "SN", 5000, offset=-28, source="sample-broker-portal", authenticated=False, sample="Tindrel")
    altered = declare(18, [("load", "DEHAM", None, 20), ("discharge", "SNDKR", 33, None)], [maker(), party("consignee", "Lumeth Procurement Co", "SNDKR")],
                      [rifles(480, "SN/MI/2026/9", "SN", prefix="SN")])
    story("two versions of one certificate: a nought was added", [altered], ["euc-terms-conflict", "behaviour-new-consignee-arms"], "yellow")

    certificate("KE/MOI/26/4", "KE", 300)
    status("suspended", "KE/MOI/26/4", "KE", 10, reason="review")
    paused = declare(15, [("load", "DEHAM", None, 17), ("discharge", "KEMBA", 40, None)], [maker(), force("KE", "KEMBA")], [rifles(100, "KE/MOI/26/4", "KE", prefix="KE")])
    story("shipped while the certificate was suspended", [paused], ["euc-suspended"], "yellow")
    certificate("TZ/MOI/26/2", "TZ", 300)
    status("suspended", "TZ/MOI/26/2", "TZ", 10, reason="review")
    status("reinstated", "TZ/MOI/26/2", "TZ", 14, reason="review closed")
    twin("suspended, reinstated, then shipped",
         [declare(20, [("load", "DEHAM", None, 22), ("discharge", "TZDAR", 45, None)], [maker(), force("TZ", "TZDAR")], [rifles(100, "TZ/MOI/26/2", "TZ", prefix="TZ")])])

    certificate("PE/MININTER/26/77", "PE", 200)
    sailed = declare(12, [("load", "DEHAM", None, 14), ("discharge", "PECLL", 38, None)], [maker(), force("PE", "PECLL")], [rifles(200, "PE/MININTER/26/77", "PE", prefix="PE")])
    status("reported_lost", "PE/MININTER/26/77", "PE", 22, reason="blank stolen from the office", by="Ministry of the Interior")
    story("the certificate turns out to be a stolen blank while the goods are at sea", [sailed], ["euc-voided-after-draw"], "yellow", "certificate.reported_lost")

    certificate("MA/DGSN/26/12", "MA", 400)
    short = declare(9, [("load", "DEHAM", None, 11), ("discharge", "MACAS", 20, None)], [maker(), force("MA", "MACAS")], [rifles(400, "MA/DGSN/26/12", "MA", prefix="MD")])
    status("delivery_verified", "MA/DGSN/26/12", "MA", 30, consignment=short, received=day(26), items=[{"line": 1, "quantity": 360}], discrepancy="40 rifles missing")
    story("the end-user counts forty rifles too few", [short], ["euc-diversion-reported"], "yellow", "certificate.delivery_verified")


def story_destinations():
    certificate("TD/MDN/2026/3", "TD", 350, authenticated=False, user="National Guard")
    beside = declare(21, [("load", "BGBOJ", None, 23), ("transit", "EGALY", 30, 31), ("delivery", "TDNDJ", 36, None)],
                     [party("consignor", "Torquist Defence Sample EOOD", "BGBOJ"), party("consignee", "Sample National Guard of TD", "TDNDJ", kind="government", city="N'Djamena")],
                     [rifles(350, "TD/MDN/2026/3", "TD", prefix="TD", make="Torquist")])
    story("through and to neighbours of an embargoed state, on a certificate nobody confirmed", [beside],
          ["embargo-neighbour-transit", "embargo-neighbour-unconfirmed", "euc-not-authenticated"], "yellow")
    certificate("RW/RDF/2026/8", "RW", 200, user="Defence Force")
    twin("to a neighbour of an embargoed state on a confirmed certificate",
         [declare(22, [("load", "DEHAM", None, 24), ("transit", "KEMBA", 44, 46), ("delivery", "RWKGL", 52, None)],
                  [maker(), party("consignee", "Sample Defence Force of RW", "RWKGL", kind="government", city="Kigali")], [rifles(200, "RW/RDF/2026/8", "RW", prefix="RW")])])

    trader = party("consignee", "Umbrell Hardware Import Co", "LYMRA")
    tins = {"description": "7.62x39mm rounds in sealed tins", "hs": "732690", "origin": "TR", "packages": 240, "package_type": "CT", "gross_kg": 4800, "value": 9600, "currency": "USD"}
    story("ammunition to Libya under a heading for steel goods",
          [declare(33, [("load", "TRMER", None, 34), ("discharge", "LYMRA", 38, None)], [party("consignor", firm("TR", 12), "TRMER"), trader], [tins])],
          ["embargo-un-supply", "goods-arms-words-other-hs"], "red")
    story("pistols for a ministry in Libya, no exemption shown",
          [declare(44, [("load", "ITGOA", None, 45), ("discharge", "LYMRA", 49, None)],
                   [party("consignor", "Quarrell Arms Sample SRL", "ITGOA"), party("consignee", "Sample Ministry of Ports of LY", "LYMRA", kind="government")],
                   [pistols(["QA4%03d" % n for n in range(30)])])], ["embargo-un-government", "euc-missing"], "red")
    twin("cement to Libya", [declare(34, [("load", "TRMER", None, 35), ("discharge", "LYMRA", 39, None)], [party("consignor", firm("TR", 3), "TRMER"), trader],
                                     [{"description": "Portland cement in big bags", "hs": "252329", "packages": 400, "package_type": "BG", "gross_kg": 600000}])], "green")
    twin("toy guns to Libya", [declare(35, [("load", "CNYTN", None, 36), ("discharge", "LYMRA", 60, None)], [party("consignor", firm("CN", 4), "CNYTN"), trader],
                                       [{"description": "Toy machine guns with sound", "hs": "950300", "packages": 200, "package_type": "CT", "gross_kg": 1700}])], "green")

    certificate("BF/MATDS/26/21", "BF", 300)
    away = declare(29, [("load", "CZPRG", None, 30), ("transit", "TGLFW", 31, 32), ("delivery", "GHTEM", 33, None)],
                   [maker(), force("BF", "BFOUA", city="Ouagadougou")], [rifles(300, "BF/MATDS/26/21", "BF", prefix="BF")], means=dict(PLANE),
                   documents=[{"kind": "flight_plan", "number": "FPL-77", "destination": "GH"}, {"kind": "end_user_certificate", "number": "BF/MATDS/26/21", "destination": "BF"}])
    story("double documentation: certified for Burkina Faso, flown to Ghana", [away], ["euc-destination-differs", "route-destination-conflict"], "yellow")
    certificate("BF/MATDS/26/22", "BF", 300)
    twin("the same end-user over a neighbour's port",
         [declare(31, [("load", "DEHAM", None, 33), ("discharge", "TGLFW", 47, 49), ("delivery", "BFOUA", 52, None)], [maker(), force("BF", "BFOUA", city="Ouagadougou")],
                  [rifles(300, "BF/MATDS/26/22", "BF", prefix="BG")], documents=[{"kind": "invoice", "number": "I-22", "destination": "BF"}])])

    forwarder = party("consignee", FORWARDERS[1], "AEJEA", phone="+971 4 0000000")
    story("a forwarder in a free zone is the final consignee of rifles",
          [declare(38, [("load", "BGBOJ", None, 40), ("discharge", "AEJEA", 55, None)], [party("consignor", "Torquist Defence Sample EOOD", "BGBOJ"), forwarder],
                   [rifles(500, prefix="FZ", make="Torquist")])], ["party-forwarder-final", "euc-missing"], "yellow")
    certificate("AE/MOI/26/15", "AE", 100, user="Police")
    twin("a forwarder with the end-user named",
         [declare(39, [("load", "DEHAM", None, 41), ("discharge", "AEJEA", 58, None)],
                  [maker(), forwarder, party("end_user", "Sample Police of AE", "AEJEA", kind="government")], [rifles(100, "AE/MOI/26/15", "AE", prefix="AE")])])


def story_goods():
    drills = {"description": "Mining drilling equipment", "hs": "843041", "origin": "BG", "quantity": 300, "unit": "C62", "packages": 30, "package_type": "CS", "gross_kg": 1740,
              "value": 60000, "currency": "USD", "calibre": "7.62x39", "marks": "AKM SETS 1-30"}
    story("rifles as mining drilling equipment",
          [declare(26, [("load", "BGBOJ", None, 28), ("discharge", "CMDLA", 46, None)], [party("consignor", firm("BG", 9), "BGBOJ"), party("consignee", FORWARDERS[2], "CMDLA")], [drills])],
          ["goods-cover-text", "party-forwarder"], "yellow")
    twin("real mining drills", [declare(27, [("load", "SEGOT", None, 29), ("discharge", "CMDLA", 47, None)], [party("consignor", firm("SE", 10), "SEGOT"), party("consignee", "Pandrick Mines Co", "CMDLA")],
                                        [{"description": "Mining drilling equipment", "hs": "843041", "packages": 4, "package_type": "CS", "gross_kg": 9200, "marks": "ROCK BITS 51 MM"}])], "green")
    story("tinned fish that travels as UN 0012",
          [declare(24, [("load", "PKKHI", None, 26), ("discharge", "TZDAR", 40, None)], [party("consignor", firm("PK", 5), "PKKHI"), party("consignee", firm("TZ", 6), "TZDAR")],
                   [{"description": "Tinned fish", "hs": "160413", "un_number": "0012", "packages": 600, "package_type": "CT", "gross_kg": 12600, "value": 24000, "currency": "USD"}])],
          ["goods-ammunition-un-number"], "yellow")
    post = {"mode": "post", "name": "air mail"}
    kit = ["Pistol frames, polymer", "Pistol slides, steel", "Pistol barrels 9 mm"]
    buyer = party("consignee", "J. Harrowick", "IEDUB", kind="person")
    parcels = [declare(10 + 6 * n, [("load", "USNYC", None, 10 + 6 * n), ("discharge", "IEDUB", 15 + 6 * n, None)], [party("consignor", "%s Hobby Parts Inc" % FIRST[n], "USNYC"), buyer],
                       [{"description": text, "hs": hs, "packages": 1, "package_type": "PK", "gross_kg": 1.4, "value": 90, "currency": "USD"}], means=post)
               for n, (text, hs) in enumerate(zip(kit, ("392690", "732690", "730439")))]
    story("a pistol in three parcels: frame, slide, barrel", parcels[1:], ["goods-split-kit", "goods-arms-words-other-hs"], "red", earlier=parcels[:1])
    door = {"text": "7 Sample Lane, Dublin", "city": "Dublin", "country": "IE"}
    last = [declare(28 + n, [("load", "CNSHG", None, 28 + n), ("discharge", "IEDUB", 33 + n, None)], [party("consignor", "%s Shop Co" % FIRST[8 + n], "CNSHG"),
                                                                                                  party("consignee", "%s. Samplesson" % "ABCDEFGH"[n], "IEDUB", kind="person", address=door)],
                    [{"description": "Metal parts", "packages": 1, "package_type": "PK", "gross_kg": 2.1}], means=post) for n in range(7)]
    story("seven names behind one door", last[4:], ["behaviour-shared-address", "goods-vague"], "blue", earlier=last[:4])
    twin("a gunsmith with a licence buys parts every week",
         [declare(20 + 5 * n, [("load", "ITGOA", None, 20 + 5 * n), ("discharge", "DEHAM", 24 + 5 * n, None)],
                  [party("consignor", "Quarrell Arms Sample SRL", "ITGOA"), party("consignee", "Solveth Gunsmiths GmbH", "DEHAM")],
                  [{"description": "Pistol barrels", "hs": "930510", "packages": 1, "package_type": "PK", "gross_kg": 6, "licences": [{"number": "DE-W-55", "country": "DE"}]}], means=post)
          for n in range(3)])
    story("eighty percent lowers as bicycle parts",
          [declare(47, [("load", "CNYTN", None, 48), ("discharge", "CAVAN", 65, None)], [party("consignor", firm("CN", 14), "CNYTN"), party("consignee", firm("CA", 15), "CAVAN")],
                   [{"description": "Bicycle parts", "hs": "871499", "packages": 12, "package_type": "CT", "gross_kg": 96, "marks": "80% LOWERS BLACK", "value": 2400, "currency": "USD"}])],
          ["goods-conversion-parts"], "blue")


def marked(kind, make, value, offset, what="rifle", model="SR-5", **more):
    key = "%s|%s" % ("".join(c for c in make.upper() if c.isalnum()), "".join(c for c in value.upper() if c.isalnum()))
    put("tw.markings", key, "marking." + kind, offset, "sample-register",
        item={"kind": what, "make": make, "model": model, "marks": [{"kind": "serial", "component": "receiver", "value": value}]}, **more)


def story_markings():
    for n in range(8):
        marked("manufactured", "Samplearms", "SX%04d" % (2000 + n), -200 + n, country="CZ")
    for n in range(4):
        marked("destroyed", "Samplearms", "SX%04d" % (2000 + n), -100 + n, authority="Sample disarmament programme", country="SN")
    sx = [{"kind": "serial", "value": "SX%04d" % (2001 + n)} for n in range(6)]
    certificate("BR/EB/2026/40", "BR", 6, user="Army")
    story("rifles whose destruction is on record ship again",
          [declare(36, [("load", "DEHAM", None, 38), ("discharge", "BRSSZ", 55, None)], [party("consignor", "Torquist Defence Sample EOOD", "BGBOJ"), force("BR", "BRSSZ", "Army")],
                   [rifles(6, "BR/EB/2026/40", "BR", make="Samplearms", markings=sx)])], ["marking-destroyed"], "red")
    certificate("BR/EB/2026/41", "BR", 6, user="Army")
    twin("the same serials of another maker",
         [declare(37, [("load", "DEHAM", None, 39), ("discharge", "BRSSZ", 56, None)], [maker(), force("BR", "BRSSZ", "Army")],
                  [rifles(6, "BR/EB/2026/41", "BR", make="Otherworks", markings=sx)])])
    for n in range(3):
        marked("stolen", "Quarrell Arms", "QA1%03d" % n, -20 + n, what="pistol", model="QA-9", country="IT", authority="Sample carabinieri")
    marked("recovered", "Quarrell Arms", "QA1002", -5, what="pistol", model="QA-9", country="IT")
    story("stolen pistols in a dealer's consignment",
          [declare(23, [("load", "ITGOA", None, 25), ("discharge", "ARBUE", 45, None)], [party("consignor", "Quarrell Arms Sample SRL", "ITGOA"), party("consignee", "Wexcombe Armoury SA", "ARBUE")],
                   [pistols(["QA1001", "QA1040", "QA1041"], licences=[{"number": "AR-IMP-9", "country": "AR"}])])], ["marking-stolen"], "red")
    certificate("CL/CAR/26/2", "CL", 40, description="Pistols 9x19", hs="930200", user="Police")
    certificate("CL/CAR/26/3", "CL", 40, description="Pistols 9x19", hs="930200", user="Police")
    reference = [{"number": "CL/CAR/26/2", "issuer_country": "CL", "line": 1}]
    serials = ["QA2%03d" % n for n in range(5)]
    lawful = declare(13, [("load", "ITGOA", None, 15), ("discharge", "CLSAI", 40, None)], [party("consignor", "Quarrell Arms Sample SRL", "ITGOA"), force("CL", "CLSAI", "Police")],
                     [pistols(serials, certificates=reference)])
    twin("pistols for a police force", [lawful])
    story("the same serials travel twice",
          [declare(43, [("load", "ITGOA", None, 45), ("discharge", "CLSAI", 66, None)], [party("consignor", "Quarrell Arms Sample SRL", "ITGOA"), party("consignee", "Belcroft Trading SA", "CLSAI")],
                   [pistols(serials[:3], certificates=[{"number": "CL/CAR/26/3", "issuer_country": "CL", "line": 1}])])], ["marking-two-consignments"], "yellow")
    certificate("MX/SEDENA/26/9", "MX", 4, description="Pistols 9x19", hs="930200", user="Police")
    gone = declare(7, [("load", "ITGOA", None, 9), ("discharge", "MXZLO", 33, None)], [party("consignor", "Quarrell Arms Sample SRL", "ITGOA"), force("MX", "MXZLO", "Police")],
                   [pistols(["QA7%03d" % n for n in range(4)], certificates=[{"number": "MX/SEDENA/26/9", "issuer_country": "MX", "line": 1}])])
    marked("seized", "Quarrell Arms", "QA7002", 52, what="pistol", model="QA-9", country="US", authority="Sample border police")
    story("a pistol seized abroad stood in a consignment six weeks ago", [gone], ["marking-reported-after"], "yellow", "marking.seized")
    marked("deactivated", "Samplearms", "SD0001", -60, country="GB")
    marked("deactivated", "Samplearms", "SD0002", -60, country="GB")
    story("a deactivated rifle ships as a hunting rifle",
          [declare(48, [("load", "GBFXT", None, 49), ("discharge", "PLGDN", 54, None)], [party("consignor", firm("GB", 17), "GBFXT"), party("consignee", firm("PL", 18), "PLGDN")],
                   [{"description": "Hunting rifle", "hs": "930330", "quantity": 1, "unit": "C62", "packages": 1, "package_type": "CS", "gross_kg": 6, "make": "Samplearms",
                     "licences": [{"number": "PL-1", "country": "PL"}], "markings": [{"kind": "serial", "value": "SD0001"}]}])], ["marking-deactivated-live"], "yellow")
    twin("a deactivated rifle ships as such",
         [declare(49, [("load", "GBFXT", None, 50), ("discharge", "PLGDN", 55, None)], [party("consignor", firm("GB", 17), "GBFXT"), party("consignee", firm("PL", 19), "PLGDN")],
                  [{"description": "Rifle for a collector", "hs": "930330", "condition": "deactivated", "quantity": 1, "unit": "C62", "packages": 1, "package_type": "CS", "gross_kg": 6,
                    "make": "Samplearms", "licences": [{"number": "PL-1", "country": "PL"}], "markings": [{"kind": "serial", "value": "SD0002"}]}])])


def story_listed():
    pumps = {"description": "Digital scales and hand tools", "hs": "842310", "packages": 20, "package_type": "CT", "gross_kg": 410, "value": 8000, "currency": "USD"}
    # Source: UN Security Council Consolidated List of 2026-02-27, entry CDe.004. The consignment is invented.
    story("an entity on the UN list is the consignee",
          [declare(41, [("load", "CNSHG", None, 42), ("discharge", "KEMBA", 62, None)], [party("consignor", firm("CN", 21), "CNSHG"), party("consignee", "Congomet Trading House", "KEMBA")], [pumps])],
          ["party-listed-un"], "red")
    # Source: UN Security Council Consolidated List of 2026-02-27, entry CDe.007. The consignment is invented.
    story("an entity on the UN list is the notify party",
          [declare(46, [("load", "INMUN", None, 47), ("discharge", "KEMBA", 60, None)],
                   [party("consignor", firm("IN", 22), "INMUN"), party("consignee", firm("KE", 23), "KEMBA"), party("notify", "Machanga Ltd", "UGKLA", city="Kampala")], [dict(pumps)])],
          ["party-listed-un"], "red")
    twin("a listed name inside a longer one", [declare(42, [("load", "CNSHG", None, 43), ("discharge", "KEMBA", 63, None)],
                                                       [party("consignor", firm("CN", 24), "CNSHG"), party("consignee", "Machanga Harvest Sample Foods Ltd", "KEMBA")], [dict(pumps)])], "green")
    # Source: OFAC SDN list as of early 2019, entry 17069, IMO 7937317. The voyage is invented.
    sugar = {"description": "Raw cane sugar in bags", "hs": "170114", "packages": 4000, "package_type": "BG", "gross_kg": 200000, "value": 90000, "currency": "USD"}
    story("a ship on the OFAC list by its IMO number, under another name",
          [declare(50, [("load", "BRSSZ", None, 51), ("discharge", "CNNBG", 68, None)], [party("consignor", firm("BR", 25), "BRSSZ"), party("consignee", firm("CN", 26), "CNNBG")], [sugar],
                   means={"mode": "sea", "name": "Sample Tong Hong", "imo": "7937317", "flag": "KP", "voyage": "12E"})], ["vessel-listed"], "yellow")


def story_weak_signs():
    """No single sign would do: they add up."""
    guns = {"description": "Shotguns 12 bore", "hs": "930320", "origin": "TR", "quantity": 90, "unit": "C62", "packages": 30, "package_type": "CT", "gross_kg": 420, "value": 27000,
            "currency": "USD"}
    parties = [party("consignor", firm("TR", 27), "TRMER"), party("consignee", "Dunmarsh Leisure Imports Co", "KEMBA", phone="+90 212 000 0000")]
    route = [("load", "TRMER", None, 19), ("transhipment", "EGALY", 22, 23), ("transhipment", "SAJED", 27, 28), ("transhipment", "AEJEA", 33, 34), ("discharge", "KEMBA", 42, None)]
    false_number = {"mode": "sea", "name": "Tidal Sample Quartz", "imo": "3009990", "flag": "PA", "voyage": "7W"}
    ident = declare(17, route, parties, [guns], means=false_number, payment={"method": "cash", "payer_country": "TR"})
    story("shotguns: no licence, no serials, new buyer, cash, foreign telephone, false ship number, three transhipments", [ident],
          ["licence-missing", "marking-missing", "party-payment", "party-phone-country", "route-imo-check-digit", "route-many-transhipments"], "yellow")
    for revision, text in ((2, "Sports goods"), (3, "Steel goods"), (4, "Spare parts")):
        declare(17 + revision, route, parties, [dict(guns, description=text, hs="950699")], ident=ident, means=false_number, kind="consignment.amended", revision=revision)

    certificate("GH/CIV/26/1", "GH", 800, authenticated=False, offset=-10, single=True, contract={"date": day(-60)},
                parties=[{"role": "end_user", "name": "Aldervane Estate Guards Co", "country": "GH", "kind": "company"},
                         {"role": "broker", "name": "Elvendale Bridge Trade FZE", "country": "AE", "kind": "company", "founded": day(-25)}], end_use=None)
    fresh = declare(30, [("load", "BGBOJ", None, 32), ("discharge", "GHTEM", 49, None)],
                    [party("consignor", "Torquist Defence Sample EOOD", "BGBOJ"), party("consignee", "Aldervane Estate Guards Co", "GHTEM")],
                    [rifles(800, "GH/CIV/26/1", "GH", prefix="GC", make="Torquist")])
    story("a certificate without end-use and contract number, whose broker is younger than the contract", [fresh], ["euc-incomplete", "euc-party-founded-after"], "blue", "certificate.issued")

    certificate("PT/MDN/2026/6", "PT", 100, user="Navy", destination="PT")
    twin("a ministry whose name is also on a list, elsewhere",
         [declare(24, [("load", "DEHAM", None, 26), ("discharge", "PTLIS", 33, None)], [maker(), party("consignee", "Ministry of National Defence", "PTLIS", kind="government")],
                  [rifles(100, "PT/MDN/2026/6", "PT", prefix="PN")])])


def outcomes():
    """What inspections of some stories found, and two decisions."""
    for story_, kind in ((stories[2], "forged_document"), (stories[3], "forged_document"), (stories[14], "prohibited")):
        ident = story_["consignments"][0]
        put("tw.outcomes", ident, "inspection.completed", 69, "sample-inspections", consignment=ident,
            inspection={"lane": "red", "result": "seizure", "kind": "physical", "office": "DEHAM", "findings": [{"item": 1, "kind": kind}], "reasons_confirmed": story_["rules"]})
    put("tw.decisions", stories[5]["consignments"][0], "hold.released", 69, "sample-office", consignment=stories[5]["consignments"][0],
        decision={"officer": "officer-17", "second_officer": "officer-4", "reason": "authenticated", "text": "issuer confirmed by telephone"})
    put("tw.decisions", stories[13]["consignments"][0], "lane.changed", 69, "sample-office", consignment=stories[13]["consignments"][0],
        decision={"officer": "officer-9", "reason": "local_knowledge", "lane": "yellow"})


DAMAGED = [  # one line each, with what is wrong
    '{"topic":"tw.manifests","value":{"id":"bad-1","type":"consignment.declared","time":"2026-03-03T08:00:00Z","source":"sample","consignment":{"id":"BAD1","items":[{"line":1,"descr',  # truncated
    '{"topic":"tw.manifests","value":{"id":"bad-2","type":"consignment.declared","time":"2026-03-03T08:00:00Z","source":"sample","consignment":{"id":"BAD2"}}}',  # no items
    '{"topic":"tw.manifests","value":{"id":"bad-3","type":"consignment.declared","time":"yesterday","source":"sample","consignment":{"id":"BAD3","items":[{"line":1,"description":"Tea"}]}}}',
    '{"topic":"tw.manifests","value":{"id":"bad-4","type":"consignment.teleported","time":"2026-03-03T08:00:00Z","source":"sample","consignment":{"id":"BAD4"}}}',  # unknown type
    '{"topic":"tw.certificates","value":{"id":"bad-5","type":"certificate.issued","time":"2026-03-03T08:00:00Z","source":"sample","certificate":{"number":"QZ-1"}}}',  # no issuer
    '{"topic":"tw.markings","value":{"id":"bad-6","type":"marking.stolen","time":"2026-03-03T08:00:00Z","source":"sample","item":{"make":"Samplearms","marks":[]}}}',  # no mark
    '{"topic":"tw.manifests","value":{"id":"bad-7","id":"bad-7","type":"consignment.cancelled","time":"2026-03-03T08:00:00Z","source":"sample","consignment":{"id":"BAD7"}}}',  # duplicate key
    '{"topic":"tw.manifests","value":{"id":"warn-8","type":"consignment.declared","time":"2026-03-03T08:00:00Z","source":"sample","consignment":{"id":"GOOD8","containers":[{"number":"CSQU3054384"}],'
    '"items":[{"line":1,"description":"Tea in chests","hs":"0902","gross_kg":"a lot"}]}}}',  # decodes, with warnings
]


def main():
    folder = sys.argv[1]
    ordinary()
    lawful_arms()
    story_quantity_and_papers()
    story_destinations()
    story_goods()
    story_markings()
    story_listed()
    story_weak_signs()
    outcomes()
    events.sort(key=lambda event: (event[0], event[1]))
    with open(os.path.join(folder, "traffic.ndjson"), "w", encoding="utf-8", newline="\n") as file:
        for _, _, topic, key, value in events:
            file.write(json.dumps({"topic": topic, "key": key, "value": value}, ensure_ascii=False, separators=(",", ":")) + "\n")
    with open(os.path.join(folder, "stories.json"), "w", encoding="utf-8", newline="\n") as file:
        json.dump({"stories": stories, "lawful_twins": twins}, file, ensure_ascii=False, indent=1)
        file.write("\n")
    with open(os.path.join(folder, "damaged.ndjson"), "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(DAMAGED) + "\n")


main()
