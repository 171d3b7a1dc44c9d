#!/usr/bin/env python3
"""Join the raw CBP AMS tables (US public record, 2020) into canonical manifest events.

    join_ams.py FOLDER > real_bills.ndjson

FOLDER holds the tables as CSV, joined here on `identifier` (tests/data/manifests/cbp_ams_2020 has the rows that join). Only bills with a header, a bill row and
at least one description row come out: an event without a description would be refused. Nothing is guessed: a port becomes a UN/LOCODE only
where its name is unmistakable (PLACES), else only its country is stated; cut texts keep their "...", and address lines
are joined as they stand, although the tables break them inside words.

Deterministic: order of identifier, no clock.
"""
import csv
import json
import os
import sys

# Port names as the tables write them. Shanghai has several UN/LOCODEs (city, port, two airports): only its country is stated.
PLACES = {
    "Oakland, California": ("USOAK", "US"),
    "Savannah, Georgia": ("USSAV", "US"),
    "Kaohsiung,China (Taiwan)": ("TWKHH", "TW"),
    "Shanghai ,China (Mainland)": (None, "CN"),
    "MANILA": ("PHMNL", "PH"),
    "SHANGHAI CHINA": (None, "CN"),
}
COUNTRIES = {"UNITED STATES": "US", "PHILIPPINES": "PH"}  # last address lines that are a country's name
PACKAGES = {"CTN": "CT", "PKG": "PK"}  # UN/ECE Recommendation 21


def table(folder, name):
    rows = {}
    with open(os.path.join(folder, f"ams_{name}.csv"), encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["identifier"], []).append({key: (value or "").strip() for key, value in row.items()})
    return rows


def stated(**members):
    return {key: value for key, value in members.items() if value not in (None, "", [], {})}


def number(text):
    """An amount as the table states it; an exact zero is the tables' way to say nothing."""
    value = float(text) if text else 0.0
    return (int(value) if value.is_integer() else value) if value else None


def party(role, row, prefix):
    lines = [row[f"{prefix}_address_{i}"] for i in range(1, 5)]
    lines = [line for line in lines if line]
    country = row["country_code"] if len(row["country_code"]) == 2 and row["country_code"].isalpha() else None
    country = country or next((COUNTRIES[line] for line in lines if line in COUNTRIES), None)
    city = row["city"] if row["city"] and not any(c.isdigit() for c in row["city"]) else None
    address = stated(text=", ".join(lines), city=city, postcode=row["zip_code"], country=country)
    name = row[f"{prefix}_name"]
    return stated(role=role, name=name, country=country, address=address)


def shipper(row):
    return party("consignor", {key.replace("shipper_party", "shipper"): value for key, value in row.items()}, "shipper")


def leg(role, name, **dates):
    if name not in PLACES:
        return None
    place, country = PLACES[name]
    return stated(role=role, place=place, country=country, **dates)


def event(identifier, tables):
    header, bill = tables["header"][identifier][0], tables["bill_info"][identifier][0]
    house, master = bill["house_bol_number"], bill["master_bol_number"]
    own = house or master
    route = [leg("origin", header["place_of_receipt"]), leg("load", header["foreign_port_of_lading"]),
             leg("discharge", header["port_of_unlading"], arrival=header["actual_arrival_date"] or header["estimated_arrival_date"])]
    parties = [shipper(row) for row in tables["shipper"].get(identifier, [])]
    parties += [party("consignee", row, "consignee") for row in tables["cosignee"].get(identifier, [])]
    parties += [party("notify", row, "notify_party") for row in tables["notified_party"].get(identifier, [])]
    containers = [stated(number=row["container_number"], size_type=row["container_type"], seals=[s for s in (row["seal_number_1"], row["seal_number_2"]) if s])
                  for row in tables["container"].get(identifier, [])]
    marks = [" ".join(row[f"marks_and_numbers_{i}"] for i in range(1, 9) if row[f"marks_and_numbers_{i}"]) for row in tables["mark_number"].get(identifier, [])]
    goods = tables["cargo_desc"][identifier]
    package = PACKAGES.get(header["manifest_unit"])
    items = []
    for line, row in enumerate(goods, 1):
        items.append(stated(line=line, description=row["description_text"], packages=number(row["piece_count"]),
                            package_type=package if number(row["piece_count"]) else None, marks=marks[line - 1] if line <= len(marks) else None,
                            gross_kg=number(header["weight"]) if len(goods) == 1 else None, containers=[row["container_number"]]))
    kilograms = header["weight_unit"] == "Kilograms"
    amended = header["record_status_indicator"] == "Amended"
    return {"id": identifier, "type": "consignment.amended" if amended else "consignment.declared", "time": bill["run_date"] + "T00:00:00Z",
            "source": "us-cbp-ams",
            "consignment": stated(
                id=own, manifest=str(number(bill["manifest_number"])), office=PLACES.get(header["port_of_unlading"], (None,))[0], movement="import",
                document=stated(kind="bill_of_lading", number=own, master=master if house else None),
                means=stated(mode="sea", name=header["vessel_name"], imo=header["conveyance_id"] if header["conveyance_id"].isdigit() else None,
                             flag=header["vessel_country_code"], voyage=bill["voyage_number"]),
                carrier=stated(code=header["carrier_code"]), route=[part for part in route if part], parties=parties, containers=containers,
                items=items, totals=stated(packages=number(header["manifest_quantity"]), gross_kg=number(header["weight"]) if kilograms else None))}


def main():
    folder = sys.argv[1]
    names = ("header", "bill_info", "cargo_desc", "container", "shipper", "cosignee", "notified_party", "mark_number")
    tables = {name: table(folder, name) for name in names}
    for identifier in sorted(set(tables["header"]) & set(tables["bill_info"]) & set(tables["cargo_desc"])):
        value = event(identifier, tables)
        print(json.dumps({"topic": "tw.manifests", "key": value["consignment"]["id"], "value": value}, ensure_ascii=False, separators=(", ", ": ")))


main()
