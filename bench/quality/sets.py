"""Query sets from real lists and files; every choice is seeded. A set is {"lists": words for the program, "queries": rows}.

A row is (group, kind, expected, query): expected is "list:entry|..." or "" for a name that nobody listed. Entries of several lists that share a
full name are one party, so each of them is right. Half of the queries, by hash, is for tuning; figures are told of the other half alone.
"""
import csv
import gzip
import hashlib
import json
import os
import random
import re
import subprocess
import unicodedata

import alter

SCRIPTS = (("arabic", "ARABIC"), ("cyrillic", "CYRILLIC"), ("chinese", "CJK"), ("hangul", "HANGUL"), ("hebrew", "HEBREW"), ("greek", "GREEK"), ("japanese", "HIRAGANA KATAKANA"),
           ("burmese", "MYANMAR"), ("bengali", "BENGALI"), ("thai", "THAI"), ("georgian", "GEORGIAN"), ("armenian", "ARMENIAN"), ("devanagari", "DEVANAGARI"))
PER_ALTERATION = 400
COMPANIES = {"arabic": ("شركة {} للتجارة", "شرکت {}", "مؤسسة {}"), "russian": ("ООО «{}»", "АО «{} трейд»", "ТОО {} логистика"), "hebrew": ("{} בע\"מ", "חברת {}")}


def half_of(query):
    return "report" if hashlib.sha256(query.encode()).digest()[0] & 1 else "tuning"


def key_of(name):
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    return tuple(sorted(re.sub(r"[^\w]+", " ", re.sub(r"['’‘`´ʼ]", "", plain)).split()))


def script_of(text):
    """The script of most of its letters, None for Latin."""
    counts = {}
    for char in text:
        if char.isalpha():
            block = unicodedata.name(char, "").split(" ")[0].split("-")[0]
            name = next((name for name, words in SCRIPTS if block in words.split()), "latin" if block == "LATIN" else "other")
            counts[name] = counts.get(name, 0) + 1
    if not counts or max(counts, key=counts.get) == "latin":
        return None
    return "japanese" if "japanese" in counts else max(sorted(counts), key=counts.get)


def read_rows(path):
    with open(path, encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


class Names:
    """Every listed name as the product reads it, and which entries are one party."""

    def __init__(self, program, lists):
        text = subprocess.run([program, "names", *lists], check=True, capture_output=True, text=True).stdout
        self.rows = list(csv.DictReader(text.splitlines()))
        self.by_key, self.keys = {}, {}
        for row in self.rows:
            row["id"] = row["list"] + ":" + row["entry"]
            if row["quality"] == "weak" or len(key_of(row["name"])) < 2 and row["kind"] != "vessel":
                continue
            key = (row["kind"], key_of(row["name"]))
            self.by_key.setdefault(key, {})[row["id"]] = True
            self.keys.setdefault(row["id"], []).append(key)

    def party(self, entry):
        found = {entry: True}
        for key in self.keys.get(entry, ()):
            found.update(self.by_key[key])
        return "|".join(sorted(found))


def lists_of(data, work):
    """The four lists under the ids that the sets use; OFAC's three files need one folder."""
    ofac = os.path.join(work, "ofac")
    os.makedirs(ofac, exist_ok=True)
    for name, source in (("sdn.csv", "sdn_2024-05-03.csv"), ("alt.csv", "alt.csv"), ("add.csv", "add.csv")):
        target = os.path.join(ofac, name)
        if not os.path.lexists(target):
            os.symlink(os.path.abspath(os.path.join(data, "lists/ofac", source)), target)
    return {"un": ["un", "un-xml", os.path.join(data, "lists/un/UN_consolidated_2026-02-27.xml")], "ofac": ["ofac", "ofac-csv", ofac],
            "uk": ["uk", "uk-jsonl", os.path.join(data, "lists/uk/uk_sanctions_list_2026-08-22.jsonl")],
            "eu": ["eu", "eu-jsonl", os.path.join(data, "lists/eu/eu_ammitto_2026-03-15.jsonl")]}


def stripped_of(lists, work):
    """Copies of the UN and UK lists without a name in its original script: what is left must be found from the original."""
    un, uk = os.path.join(work, "un_latin.xml"), os.path.join(work, "uk_latin.jsonl")
    with open(lists["un"][2], encoding="utf-8") as source, open(un, "w", encoding="utf-8") as out:
        out.write(re.sub(r"<NAME_ORIGINAL_SCRIPT>.*?</NAME_ORIGINAL_SCRIPT>", "", source.read(), flags=re.S))
    with open(lists["uk"][2], encoding="utf-8") as source, open(uk, "w", encoding="utf-8") as out:
        for line in source:
            entry = json.loads(line)
            entry.pop("non_latin_names", None)
            out.write(json.dumps(entry, ensure_ascii=False) + "\n")
    return ["un", "un-xml", un, "uk", "uk-jsonl", uk]


def person_queries(data, names):
    folder = os.path.join(data, "names")
    listed = read_rows(os.path.join(folder, "yente_positives_un_untreated.csv"))
    treated = read_rows(os.path.join(folder, "yente_positives_un_treated_first340.csv"))
    rows, unlisted = [], 0
    for at, row in enumerate(listed):
        found = [entry for entry in names.by_key.get(("person", key_of(row["full_name"])), {}) if entry.startswith("un:")]
        if not found:
            unlisted += 1
            continue
        expected = "|".join(sorted({one for entry in found for one in names.party(entry).split("|")}))
        rows.append(("as listed", "person", expected, row["full_name"]))
        if at < len(treated) and treated[at]["full_name"] != row["full_name"]:
            rows.append(("altered", "person", expected, treated[at]["full_name"]))
    rows += [("not listed", "person", "", row["full_name"]) for row in read_rows(os.path.join(folder, "yente_negatives_us.csv"))]
    return rows, "%d of %d listed persons are no longer in the list and are left out" % (unlisted, len(listed))


def script_queries(data, names):
    """Persons apart from companies: lists transliterate the former and translate the latter."""
    rows = [("%s, %ss" % (script_of(row["name"]), row["kind"]), row["kind"], names.party(row["id"]), row["name"]) for row in names.rows
            if row["quality"] == "original" and row["list"] in ("un", "uk") and script_of(row["name"])]
    rng = random.Random(5)
    for script in ("arabic", "russian", "hebrew"):
        with open(os.path.join(data, "names/netransliteration/wd_%s_64.tsv" % script), encoding="utf-8") as source:
            tokens = ["".join(line.split("\t")[1].split()) for line in source if "\t" in line]
        name = {"russian": "cyrillic"}.get(script, script)
        rows += [("not listed, " + name, "organisation", "", rng.choice(COMPANIES[script]).format(rng.choice(tokens))) for _ in range(1000)]
        rows += [("not listed, " + name, "person", "", " ".join(rng.choice(tokens) for _ in range(rng.choice((2, 2, 3))))) for _ in range(4000)]
    return list(dict.fromkeys(rows))


def bills_of(data):
    """Firms and vessels of real bills of lading: unlisted trade. They are measured, never printed."""
    firms, vessels = {}, {}
    with gzip.open(os.path.join(data, "manifests/us_bills_bulk.ndjson.gz"), "rt", encoding="utf-8") as source:
        for line in source:
            bill = json.loads(line)["value"]["consignment"]
            firms.update((party["name"], True) for party in bill.get("parties", ()) if party.get("name"))
            if bill.get("means", {}).get("name"):
                vessels[bill["means"]["name"]] = True
    return sorted(firms), sorted(vessels)


def owners_of(data, names):
    """Owners of freight containers (BIC): real firms of shipping and trade, less those whose name is a listed one but for signs and order."""
    with open(os.path.join(data, "reference/bic_owner_codes.csv"), encoding="utf-8", newline="") as source:
        firms = sorted({row[1] for row in csv.reader(source, delimiter=";") if len(row) > 1 and row[1]})
    return [firm for firm in firms if ("organisation", key_of(firm)) not in names.by_key]


def altered_queries(names, kind, functions, seed):
    """Each alteration of so many primary and strong Latin names, drawn once; and the same names as they are listed."""
    pool = [row for row in names.rows if row["kind"] == kind and row["quality"] in ("primary", "strong") and not script_of(row["name"]) and len(row["name"]) >= 6]
    rows = []
    for how in ("as listed", *functions):
        drawn = random.Random(seed + how).sample(pool, len(pool))
        made = []
        for row in drawn:
            text = row["name"] if how == "as listed" else alter.alter(row["name"], how, functions)
            if text:
                made.append((how, kind, names.party(row["id"]), text))
            if len(made) == PER_ALTERATION:
                break
        rows += made
    return rows


def imo_queries(program, lists):
    """Listed IMO numbers as listed and in other spellings; and each with one digit changed, which must not be found unless it is listed too."""
    text = subprocess.run([program, "numbers", *lists], check=True, capture_output=True, text=True).stdout
    entries, rows = {}, []
    for row in csv.DictReader(text.splitlines()):
        number = re.sub(r"\D", "", row["value"])
        if row["scheme"] == "imo" and len(number) == 7:
            entries.setdefault(number, {})[row["list"] + ":" + row["entry"]] = True
    listed = {number: "|".join(sorted(found)) for number, found in entries.items()}
    rng = random.Random(7)
    for number, entry in sorted(listed.items()):
        at = rng.randrange(7)
        wrong = number[:at] + str((int(number[at]) + rng.randrange(1, 10)) % 10) + number[at + 1:]
        rows += [("as listed", "imo", entry, number), ("spelling", "imo", entry, rng.choice(("IMO %s", "IMO%s", "imo-%s", "IMO no. %s")) % number)]
        if wrong not in listed:
            rows.append(("one digit", "imo", "", wrong))
    return rows


def build(program, data, work):
    """@return {name: {"lists", "queries"}}, notes"""
    lists = lists_of(data, work)
    every = sum(lists.values(), [])
    names = Names(program, every)
    persons, note = person_queries(data, names)
    firms, ships = bills_of(data)
    firms = list(dict.fromkeys(firms + owners_of(data, names)))
    papers = {kind: altered_queries(names, kind, alter.PAPERS[kind], "papers " + kind) for kind in alter.PAPERS}
    unlisted = {"person": [row for row in persons if not row[2]], "organisation": [("not listed", "organisation", "", firm) for firm in firms],
                "vessel": [("not listed", "vessel", "", ship) for ship in ships]}
    organisations = altered_queries(names, "organisation", {**alter.EVERY, **alter.COMPANY}, "organisation")
    vessels = altered_queries(names, "vessel", alter.VESSEL, "vessel")
    people = altered_queries(names, "person", alter.PERSON, "person") + unlisted["person"]
    return {"persons, UN": {"lists": lists["un"], "queries": persons},
            "persons, all lists": {"lists": every, "queries": persons},
            "persons, altered": {"lists": every, "queries": people},
            "original script": {"lists": stripped_of(lists, work), "queries": script_queries(data, names)},
            "companies": {"lists": every, "queries": organisations + unlisted["organisation"]},
            "vessels": {"lists": every, "queries": vessels + unlisted["vessel"]},
            "persons, on papers": {"lists": every, "queries": papers["person"] + unlisted["person"]},
            "companies, on papers": {"lists": every, "queries": papers["organisation"] + unlisted["organisation"]},
            "vessels, on papers": {"lists": every, "queries": papers["vessel"] + unlisted["vessel"]},
            "IMO numbers": {"lists": every, "queries": imo_queries(program, every)}}, [note]
