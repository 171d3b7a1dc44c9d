#!/usr/bin/env python3
"""Derive the reference tables of this folder from the originals named in SOURCES.md.

usage: derive.py SOURCE_FOLDER      (unlocode_2024.csv, territories.jsonl, country_borders.csv, hs2022.csv, bic_owner_codes.csv)

What is kept: codes and short names. What is dropped: coordinates, translations in other scripts, Wikidata ids. Rows keep the order of
their code, so that a new edition gives a readable difference. What had to be repaired or was left out is counted on standard output.
"""
import csv
import json
import os
import re
import sys
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))

# Two-letter codes of the territories file that ISO 3166-1 does not assign: reserved or withdrawn ones, and the file's own (IP is "Cyberspace").
# XK (Kosovo) is user-assigned, and kept: the borders and OFAC's addresses name it.
NOT_COUNTRIES = {"AC", "AN", "CP", "CQ", "DD", "DG", "IP", "ZR"}

# Spellings met in the issuers' own list files (UN consolidated list, OFAC add.csv, OFSI) that the territories file does not have. Left out on purpose:
# "Congo" and "Korea" alone, which are two countries each.
SPELLINGS = {
    "CD": ["Congo (Democratic Republic)", "Congo, Democratic Republic of the", "Democratic Republic of Congo"], "CG": ["Congo, Republic of the"], "MM": ["Burma"],
    "KP": ["Korea, North", "Democratic People's Republic of Korea", "RPDC"], "KR": ["Korea, South", "Republic of Korea"], "GM": ["The Gambia", "Gambia, The"],
    "BS": ["Bahamas, The", "The Bahamas"], "CI": ["Cote d Ivoire", "Cote d'Ivoire"], "MK": ["Macedonia, The Former Yugoslav Republic of", "North Macedonia, The Republic of"],
    "PS": ["Occupied Palestinian Territories", "West Bank", "Region: West Bank", "Gaza", "Region: Gaza", "Region: North Gaza", "Region: Northern Gaza", "State of Palestine"], "TR": ["Turkey"], "SY": ["Syrian Arab Republic"],
    "IR": ["Iran (Islamic Republic of)"], "VE": ["Venezuela (Bolivarian Republic of)"], "BO": ["Bolivia (Plurinational State of)"],
    "GB": ["United Kingdom of Great Britain and Northern Ireland", "England", "Scotland"], "TZ": ["United Republic of Tanzania"],
    "RU": ["Russia"], "CZ": ["Czech Republic"], "SZ": ["Swaziland"], "VG": ["Virgin Islands, British"], "FM": ["Micronesia, Federated States of"],
    "MO": ["Macau"], "ST": ["Sao Tome and Principe"], "VA": ["Holy See"], "LA": ["Laos"], "MD": ["Republic of Moldova"], "CV": ["Cabo Verde"],
    "HK": ["China, Hong Kong Special Administrative Region"], "IM": ["Man, Isle of"],
    "KM": ["Union of the Comoros"], "KN": ["St. Kitts and Nevis", "St. Kitts & Nevis"], "VC": ["St. Vincent and the Grenadines"], "NL": ["The Netherlands"],
}

# What a citizen is called, which OFSI's former list and watch lists write for the country. "Congolese" and "Dominican" are two countries each.
# Source: HM Government, GOV.UK, Nationalities (guidance, Open Government Licence v3.0).
NATIONALITIES = {
    "AD": "Andorran", "AE": "Emirati", "AF": "Afghan", "AI": "Anguillan", "AL": "Albanian", "AM": "Armenian", "AO": "Angolan", "AR": "Argentine",
    "AT": "Austrian", "AU": "Australian", "AZ": "Azerbaijani", "BB": "Barbadian", "BD": "Bangladeshi", "BE": "Belgian", "BF": "Burkinan",
    "BG": "Bulgarian", "BH": "Bahraini", "BI": "Burundian", "BJ": "Beninese", "BM": "Bermudian", "BN": "Bruneian", "BO": "Bolivian",
    "BR": "Brazilian", "BS": "Bahamian", "BT": "Bhutanese", "BW": "Botswanan", "BY": "Belarusian", "BZ": "Belizean", "CA": "Canadian",
    "CF": "Central African", "CH": "Swiss", "CI": "Ivorian", "CL": "Chilean", "CM": "Cameroonian", "CN": "Chinese", "CO": "Colombian",
    "CR": "Costa Rican", "CU": "Cuban", "CV": "Cape Verdean", "CY": "Cypriot", "CZ": "Czech", "DE": "German", "DJ": "Djiboutian", "DK": "Danish",
    "DZ": "Algerian", "EC": "Ecuadorean", "EE": "Estonian", "EG": "Egyptian", "ER": "Eritrean", "ES": "Spanish", "ET": "Ethiopian", "FI": "Finnish",
    "FJ": "Fijian", "FM": "Micronesian", "FO": "Faroese", "FR": "French", "GA": "Gabonese", "GB": "British", "GD": "Grenadian", "GE": "Georgian",
    "GH": "Ghanaian", "GI": "Gibraltarian", "GL": "Greenlandic", "GM": "Gambian", "GN": "Guinean", "GQ": "Equatorial Guinean", "GR": "Greek",
    "GT": "Guatemalan", "GY": "Guyanese", "HN": "Honduran", "HR": "Croatian", "HT": "Haitian", "HU": "Hungarian", "ID": "Indonesian", "IE": "Irish",
    "IL": "Israeli", "IN": "Indian", "IQ": "Iraqi", "IR": "Iranian", "IS": "Icelandic", "IT": "Italian", "JM": "Jamaican", "JO": "Jordanian",
    "JP": "Japanese", "KE": "Kenyan", "KG": "Kyrgyz", "KH": "Cambodian", "KM": "Comoran", "KP": "North Korean", "KR": "South Korean", "KW": "Kuwaiti",
    "KY": "Cayman Islander", "KZ": "Kazakh", "LA": "Lao", "LB": "Lebanese", "LC": "St Lucian", "LK": "Sri Lankan", "LR": "Liberian", "LS": "Mosotho",
    "LT": "Lithuanian", "LU": "Luxembourger", "LV": "Latvian", "LY": "Libyan", "MA": "Moroccan", "MC": "Monegasque", "MD": "Moldovan",
    "ME": "Montenegrin", "MG": "Malagasy", "MH": "Marshallese", "MK": "Macedonian", "ML": "Malian", "MM": "Burmese", "MN": "Mongolian",
    "MR": "Mauritanian", "MT": "Maltese", "MU": "Mauritian", "MV": "Maldivian", "MW": "Malawian", "MX": "Mexican", "MY": "Malaysian",
    "MZ": "Mozambican", "NA": "Namibian", "NE": "Nigerien", "NG": "Nigerian", "NI": "Nicaraguan", "NL": "Dutch", "NO": "Norwegian", "NP": "Nepalese",
    "NR": "Nauruan", "NZ": "New Zealander", "OM": "Omani", "PA": "Panamanian", "PE": "Peruvian", "PG": "Papua New Guinean", "PH": "Filipino",
    "PK": "Pakistani", "PL": "Polish", "PR": "Puerto Rican", "PS": "Palestinian", "PT": "Portuguese", "PW": "Palauan", "PY": "Paraguayan",
    "QA": "Qatari", "RO": "Romanian", "RS": "Serbian", "RU": "Russian", "RW": "Rwandan", "SA": "Saudi Arabian", "SB": "Solomon Islander",
    "SD": "Sudanese", "SE": "Swedish", "SG": "Singaporean", "SI": "Slovenian", "SK": "Slovak", "SL": "Sierra Leonean", "SM": "Sammarinese",
    "SN": "Senegalese", "SO": "Somali", "SR": "Surinamese", "SS": "South Sudanese", "ST": "Sao Tomean", "SV": "Salvadorean", "SY": "Syrian",
    "SZ": "Swazi", "TD": "Chadian", "TG": "Togolese", "TH": "Thai", "TJ": "Tajik", "TL": "East Timorese", "TM": "Turkmen", "TN": "Tunisian",
    "TO": "Tongan", "TR": "Turkish", "TT": "Trinidadian", "TV": "Tuvaluan", "TW": "Taiwanese", "TZ": "Tanzanian", "UA": "Ukrainian", "UG": "Ugandan",
    "US": "American", "UY": "Uruguayan", "UZ": "Uzbek", "VC": "Vincentian", "VE": "Venezuelan", "VG": "British Virgin Islander", "VN": "Vietnamese",
    "WS": "Samoan", "XK": "Kosovan", "YE": "Yemeni", "ZA": "South African", "ZM": "Zambian", "ZW": "Zimbabwean",
}


def fold(text):
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", plain.casefold()))


def latin(text):
    return all(ord(c) < 0x250 or c in "\u2019\u2018\u02bc" for c in text)


def write(name, header, rows):
    with open(os.path.join(HERE, name), "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print("%s: %d rows" % (name, len(rows)))


def countries(folder):
    rows = []
    with open(os.path.join(folder, "territories.jsonl"), encoding="utf-8") as source:
        entries = [json.loads(line) for line in source]
    for entry in entries:
        code = entry["code"].upper()
        if not re.fullmatch("[A-Z]{2}", code) or not entry.get("alpha3") or code in NOT_COUNTRIES:
            continue
        names, seen = [], {fold(entry["name"])}
        for name in [entry.get("full_name") or "", *entry.get("names_strong", []), *SPELLINGS.get(code, []), *filter(None, [NATIONALITIES.get(code)])]:
            if name and latin(name) and "|" not in name and fold(name) and fold(name) not in seen:
                seen.add(fold(name))
                names.append(name)
        rows.append((code, entry["alpha3"].upper(), entry["name"], "|".join(names)))
    rows.sort()
    claimed = {}
    for code, _, name, names in rows:  # one spelling, one country: the short name wins over anything else
        claimed[fold(name)] = code
    kept = []
    for code, alpha3, name, names in rows:
        mine = [n for n in names.split("|") if n and claimed.setdefault(fold(n), code) == code]
        kept.append((code, alpha3, name, "|".join(mine)))
    write("countries.csv", ("code", "alpha3", "name", "names"), kept)
    return {row[0] for row in kept}


def borders(folder):
    with open(os.path.join(folder, "country_borders.csv"), encoding="utf-8") as source:
        pairs = {tuple(sorted((row["cca2"], row["neighbour_cca2"]))) for row in csv.DictReader(source)}
    # Listed by one of the two neighbours only, against every other pair of the source: not taken for a land border.
    pairs.discard(("IN", "LK"))
    write("borders.csv", ("a", "b"), sorted(pairs))


def unquoted(fields):
    """A name with a comma was quoted twice in the source: `"Jimei` and ` Xiamen"` are one field again."""
    whole, parts = [], []
    for field in fields:
        parts.append(field)
        opened = parts[0].startswith('"')
        if not opened or (field.endswith('"') and parts != ['"']):
            whole.append(", ".join(part.strip() for part in parts).strip('"') if opened else field)
            parts = []
    return whole + parts


FUNCTION = re.compile("[-0-9B]{8}")  # positional: "1" port, "4" airport, "B" border crossing


def places(folder):
    rows, repaired, doubles = {}, 0, 0
    with open(os.path.join(folder, "unlocode_2024.csv"), encoding="utf-8", errors="replace", newline="") as source:
        for fields in list(csv.reader(source))[1:]:
            country, location, _, name, *rest = unquoted(fields)
            repaired += any(field.startswith('"') for field in fields)
            doubles += country + location in rows
            function = next(field for field in rest if FUNCTION.fullmatch(field))
            rows.setdefault(country + location, (name.strip(), function))
    write("unlocode.csv", ("code", "name", "function"), [(code, *rows[code]) for code in sorted(rows)])
    print("  %d rows with a name quoted twice put together again, %d second names of one code left out" % (repaired, doubles))


def goods(folder):
    with open(os.path.join(folder, "hs2022.csv"), encoding="utf-8") as source:
        rows = sorted((row["hscode"], row["description"]) for row in csv.DictReader(source) if row["hscode"].isdigit())
    write("hs2022.csv", ("code", "description"), rows)


def owners(folder):
    with open(os.path.join(folder, "bic_owner_codes.csv"), encoding="utf-8") as source:
        rows = sorted((row[0], row[1], row[3]) for row in csv.reader(source, delimiter=";") if len(row) >= 4)
    write("bic.csv", ("code", "owner", "country"), rows)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    countries(sys.argv[1])
    borders(sys.argv[1])
    places(sys.argv[1])
    goods(sys.argv[1])
    owners(sys.argv[1])


main()
