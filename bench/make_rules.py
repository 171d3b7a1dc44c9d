#!/usr/bin/env python3
"""Write seeded rules for the benchmarks: make_rules.py COUNT FOLDER; or patterns alone, each once, one a line: make_rules.py --patterns COUNT FILE.

The mix follows the shipped packs: patterns and words in goods text, HS headings with weights and countries, roles, ports, history,
embargoes, listed parties, ratios, and rules on other families of events. Every rule has words, codes and numbers of its own, as a
targeting centre's do, so that 10,000 of them hold thousands of different patterns. They are there to be evaluated, not to be good: few fire
on ordinary trade, but some look for ordinary goods, ports and countries and are true of their first condition every day.
"""
import os
import random
import sys

PARTS = ("receiver barrel bolt carrier trigger assembly magazine follower firing pin gas piston muzzle brake suppressor baffle "
         "handguard buttstock bipod sear extractor ejector recoil spring slide frame cylinder chamber reamer rifling button "
         "sight optic rail mount grip stock sling clip charger feed ramp guide rod hammer strut plunger detent selector lever").split()
ARMS = ("rifle pistol carbine shotgun revolver launcher mortar grenade cartridge ammunition primer propellant detonator fuse rocket missile "
        "warhead howitzer cannon mine bayonet silencer explosive").split()
PLAIN = ("pump valve tube steel filter gear bearing lamp cable textile furniture ceramic medical laptop paper toy wine brake camera "
         "battery engine compressor lathe mill press drone radio antenna helmet vest boot tent vehicle truck trailer").split()
STARTS, MIDDLES, ENDS = "ka ve zo ri mu ta bel dor fen gal hek jor lum nar pex sil tor vam wex yor".split(), "l n r st v x nd rk".split(), "a o us en ix ar on el".split()
CHAPTERS = [93] * 6 + [36, 36, 84, 84, 85, 87, 88, 90, 73, 76, 28, 29, 39, 61, 62, 94, 95, 30, 40, 82]
COUNTRIES = ("AE AF AL AM AO AR AT AU AZ BA BD BE BF BG BH BI BJ BO BR BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CY CZ DE DJ DK DO DZ EC EE EG "
             "ER ES ET FI FR GA GB GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IT JM JO JP KE KG KH KM KP KR KW KZ LA LB LK LR LS "
             "LT LU LV LY MA MD ME MG MK ML MM MN MO MR MT MU MW MX MY MZ NA NE NG NI NL NO NP NZ OM PA PE PG PH PK PL PT PY QA RO RS RU RW SA SC SD "
             "SE SG SI SK SL SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TR TT TW TZ UA UG US UY UZ VE VN YE ZA ZM ZW").split()
METRICS = [("party", "seen", True), ("party", "gross_kg", True), ("party.address", "counterparties", False), ("party", "countries", False)]
TESTS = """tests:
  - {name: present for the loader, fires: true, event: %s}
  - {name: present for the loader too, fires: false, event: %s}
"""
EVENTS = {"manifest": "{consignment: {id: C1, items: [{line: 1, description: goods}]}}",
          "certificate": "{type: certificate.issued, certificate: {number: N1, issuer: {country: XB}}}"}


def name(rng):
    """A maker's or a model's name that nobody has."""
    return rng.choice(STARTS) + rng.choice(MIDDLES) + rng.choice(STARTS) + rng.choice(ENDS)


def pattern(rng):
    a, b = rng.sample(PARTS, 2)
    c, arms, plain = name(rng), rng.choice(ARMS), rng.choice(PLAIN)
    return rng.choice([rf"\b{c}\s*{rng.choice('gkmprs')}?[\s-]?{rng.randint(1, 99)}\b", rf"\b{c}\b", rf"\b{a}s?\s+{b}s?\b", rf"\b{a}s?\b.{{0,40}}\b{arms}s?\b",
                       rf"\b{arms}s?\s+(?:{a}|{b})s?\b", rf"{rng.randint(4, 40)}[.,]{rng.randint(10, 99)}\s*(?:mm|x\s*{rng.randint(17, 99)})",
                       rf"\b{plain}s?\s+(?:for|of)\s+{c}\b", rf"\b(?:{c}|{name(rng)})[\s-]?(?:{a}|{plain})s?\b"])


def countries(rng):
    return "[%s]" % ", ".join('"%s"' % code for code in rng.sample(COUNTRIES, rng.choice([1, 1, 1, 2, 3, 6])))


def heading(rng):
    chapter = rng.choice(CHAPTERS)
    return "%02d%02d%s" % (chapter, rng.randint(1, 6 if chapter == 93 else 30), rng.choice(["", "", "%02d" % rng.randint(0, 99)]))


def words(rng):
    return "[%s]" % ", ".join(rng.choice([name(rng), "%s %s" % tuple(rng.sample(PARTS, 2)), "%s %s" % (rng.choice(PLAIN), name(rng))]) for _ in range(rng.randint(1, 5)))


def item(text):
    return "  some: items\n  where: %s\n" % text


def by_pattern(rng):
    return item("{field: item.description, matches: '%s'}" % pattern(rng))


def by_patterns(rng):
    return item("{all: [{not: {field: item.hs, starts: ['93']}}, {field: item.description, matches: ['%s', '%s', '%s']}]}" % (pattern(rng), pattern(rng), pattern(rng)))


def by_words(rng):
    return item("{all: [{field: item.description, words: %s}, {not: {field: item.hs, starts: ['93', '9504']}}]}" % words(rng))


def by_heading(rng):
    return item("{all: [{field: item.hs, starts: ['%s']}, {field: item.gross_kg, above: %d}]}" % (heading(rng), rng.randint(500, 90000)))


def by_country(rng):
    return ("  all:\n    - {some: items, where: {field: item.hs, starts: ['%s', '%s']}}\n    - {some: route, where: {all: [{field: leg.role, in: [load, transit]}, {field: leg.country, in: %s}]}}\n"
            % (heading(rng), heading(rng), countries(rng)))


def by_consignee(rng):
    return ("  all:\n    - {some: parties, where: {all: [{field: party.role, is: consignee}, {field: party.country, in: %s}]}}\n"
            "    - {some: items, where: {field: item.description, matches: '%s'}}\n" % (countries(rng), pattern(rng)))


def by_port(rng):
    return "  all:\n    - {some: route, where: {field: leg.place, starts: ['%s%s']}}\n    - {some: items, where: {field: item.gross_kg, between: [%d, %d]}}\n" % (
        rng.choice(COUNTRIES), "".join(rng.choice("ABCDEGHKLMNORSTUV") for _ in range(3)), rng.randint(1, 2000), rng.randint(2001, 90000))


def by_name(rng):
    return "  some: parties\n  where: {all: [{field: party.name, starts: ['%s %s']}, {field: party.country, in: %s}]}\n" % (name(rng), name(rng), countries(rng))


def by_history(rng):
    subject, metric, windowed = rng.choice(METRICS)
    days = ", days: %d" % rng.choice([7, 30, 90, 365]) if windowed else ""
    return ("  some: parties\n  where: {all: [{field: party.role, is: consignee}, {field: party.country, in: %s}, {history: {of: %s, metric: %s%s}, above: %d}]}\n"
            % (countries(rng), subject, metric, days, rng.randint(1000, 900000)))


def by_embargo(rng):
    return ("  some: route\n  where: {all: [{field: leg.role, is: transit}, {field: leg.country, in: %s}, {embargo: {country: leg.country, goods: [light_weapons, ammunition]}}]}\n"
            % countries(rng))


def by_list(rng):
    return ("  all:\n    - {some: parties, where: {listed: {subject: party, similarity: 0.%d}}}\n    - {some: items, where: {field: item.hs, starts: ['%s']}}\n"
            % (rng.randint(86, 97), heading(rng)))


def by_ratio(rng):
    return item("{all: [{field: item.hs, starts: ['%s']}, {ratio: {of: item.value, per: item.net_kg}, above: %d}]}" % (heading(rng), rng.randint(400, 90000)))


def by_certificate(rng):
    return "  all:\n    - {field: final_destination, in: %s}\n    - {some: items, where: {field: certificate_item.description, matches: '%s'}}\n" % (countries(rng), pattern(rng))


MIX = [(by_pattern, "manifest")] * 5 + [(by_patterns, "manifest")] + [(by_words, "manifest")] * 2 + [(by_heading, "manifest")] * 2 + [(by_country, "manifest")] * 2 + [
    (make, "manifest") for make in (by_consignee, by_port, by_name, by_history, by_embargo, by_list, by_ratio)] + [(by_certificate, "certificate")]


def patterns_only(count, path):
    rng = random.Random(93)
    found = {}
    while len(found) < count:
        found[pattern(rng)] = True
    with open(path, "w", encoding="utf-8") as out:
        out.write("".join(text + "\n" for text in found))


def main():
    if sys.argv[1] == "--patterns":
        patterns_only(int(sys.argv[2]), sys.argv[3])
        return
    count, folder = int(sys.argv[1]), sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    rng = random.Random(417)
    for number in range(count):
        rule = "bench-rule-%05d" % number
        make, family = MIX[number * 7 % len(MIX)]
        event = EVENTS[family]
        text = (f"id: {rule}\nversion: 1\nstatus: active\ntitle: Benchmark rule {number}\nowner: Benchmark\ncreated: 2026-11-26\non: {family}\nsource: ['Benchmark only']\n"
                f"false_positives: Not for use.\npoints: 5\ngroup: bench-{number % 20}\naction: score\nseverity: 1\nbecause: Benchmark rule.\nwhen:\n"
                + make(rng) + TESTS % (event, event))
        with open(os.path.join(folder, rule + ".yaml"), "w", encoding="utf-8") as out:
            out.write(text)


main()
