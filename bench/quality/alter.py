"""Alterations of names, as clerks, forms and scanners make them. Seeded by what is altered: the same name is altered the same way for ever.

    typo1, typo2    one or two letters dropped, added, exchanged with the neighbour, or replaced, in words of four letters or more
    order           one word moved to the end, or the last to the front
    form_changed    a company form replaced by another (LTD -> LLC), or one added where there was none
    form_dropped    the company form left out
    abbreviated     a usual abbreviation for a word (TRADING -> TRDG), or the other way round
    dropped, added  one word left out of three or more; one word of trade put at the end
    joined, split   two words written as one; a word of six letters or more written as two
    middle          a person's first and last name alone, of three words or more: papers leave out patronymics and second names
    initial         a person's second name, of three words or more, as its letter; the first one's where there are two of four letters or more

As papers write them, sets of their own (sets.py):

    scanned         one letter as the digit that it looks like (O 0, I 1, S 5, B 8), or M as RN
    title           a rank or a title before a person's name
    romanised       a Chinese or Korean surname in another romanisation (ZHANG CHANG CHEUNG, RI LEE YI)
    kunya           ABU, BIN or OULD in another spelling
    cut             a company's name of more than 35 characters cut there, as UN/EDIFACT's element 3036 cuts it
    place           a town put behind a company's name
    former          another name behind a ship's, with EX
    prefix          MV, M/T and the like before a ship's name
    number          a ship's number in another notation (2, II, NO. 2)

An alteration that does not apply to a name gives None.
"""
import random
import re
import zlib

FORMS = ["LTD", "LIMITED", "LLC", "L.L.C.", "INC", "CORP", "CO", "CO LTD", "GMBH", "AG", "SA", "S.A.", "SARL", "SPA", "BV", "FZE", "FZCO", "OOO", "JSC", "OJSC", "PJSC", "PLC",
         "COMPANY", "S.A. DE C.V.", "SRL", "OY", "AS", "PTE LTD", "SDN BHD", "PVT LTD"]
SHORT = {"TRADING": "TRDG", "INTERNATIONAL": "INTL", "COMPANY": "CO", "CORPORATION": "CORP", "LIMITED": "LTD", "INDUSTRIES": "IND", "GENERAL": "GEN", "SHIPPING": "SHPG",
         "ENGINEERING": "ENGG", "TECHNOLOGY": "TECH", "MANUFACTURING": "MFG", "DEVELOPMENT": "DEV", "TRANSPORT": "TRANSP", "BROTHERS": "BROS", "SERVICES": "SVCS",
         "MANAGEMENT": "MGMT", "GROUP": "GRP", "INVESTMENT": "INV", "IMPORT": "IMP", "EXPORT": "EXP", "ASSOCIATION": "ASSN", "NATIONAL": "NATL", "DEPARTMENT": "DEPT"}
LONG = {short: word for word, short in SHORT.items()}
ADDED = ["TRADING", "GENERAL", "INTERNATIONAL", "BRANCH", "GROUP", "OFFICE"]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def bare(word):
    return re.sub(r"[^A-Z0-9]", "", word.upper())


BARE_FORMS = {bare(word) for form in FORMS for word in form.split()} | {bare(form) for form in FORMS}


def typo(rng, words):
    places = [i for i, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not places:
        return None
    at = rng.choice(places)
    word, n = words[at], rng.randrange(len(words[at]) - 1)
    altered = rng.choice([word[:n] + word[n + 1:], word[:n] + rng.choice(LETTERS) + word[n:], word[:n] + word[n + 1] + word[n] + word[n + 2:],
                          word[:n] + rng.choice(LETTERS) + word[n + 1:]])
    return words[:at] + [altered] + words[at + 1:]


def typo2(rng, words):
    once = typo(rng, words)
    return typo(rng, once) if once else None


def order(rng, words):
    if len(words) < 2:
        return None
    at = rng.randrange(len(words) - 1)
    return rng.choice([words[:at] + words[at + 1:] + [words[at]], [words[-1]] + words[:-1]])


def without_form(words):
    last = len(words)
    while last > 1 and bare(words[last - 1]) in BARE_FORMS:
        last -= 1
    return words[:last]


def form_changed(rng, words):
    kept = without_form(words)
    had = " ".join(words[len(kept):])
    return kept + rng.choice([form for form in FORMS if bare(form) != bare(had)]).split()


def form_dropped(rng, words):
    kept = without_form(words)
    return kept if len(kept) < len(words) else None


def abbreviated(rng, words):
    places = [i for i, word in enumerate(words) if bare(word) in SHORT or bare(word) in LONG]
    if not places:
        return None
    at = rng.choice(places)
    word = bare(words[at])
    return words[:at] + [SHORT.get(word) or LONG[word]] + words[at + 1:]


def dropped(rng, words):
    if len(without_form(words)) < 3:
        return None
    at = rng.randrange(len(without_form(words)))
    return words[:at] + words[at + 1:]


def added(rng, words):
    return without_form(words) + [rng.choice(ADDED)] + words[len(without_form(words)):]


def joined(rng, words):
    if len(without_form(words)) < 2:
        return None
    at = rng.randrange(len(without_form(words)) - 1)
    return words[:at] + [words[at] + words[at + 1]] + words[at + 2:]


def split(rng, words):
    places = [i for i, word in enumerate(words) if len(word) >= 6 and word.isalpha()]
    if not places:
        return None
    at = rng.choice(places)
    cut = rng.randrange(2, len(words[at]) - 1)
    return words[:at] + [words[at][:cut], words[at][cut:]] + words[at + 1:]


def in_order(words):
    """A person's words, the family name last: lists write it before a comma."""
    at = next((i for i, word in enumerate(words) if word.endswith(",")), -1)
    return words[at + 1:] + [word.rstrip(",") for word in words[:at + 1]]


def middle(rng, words):
    words = in_order(words)
    return [words[0], words[-1]] if len(words) >= 3 and min(len(words[0]), len(words[-1])) >= 3 else None


def initial(rng, words):
    words = in_order(words)
    at = 1 if len(words) >= 3 else 0
    if len(words) < 2 or min(len(words[at]), len(words[-1])) < 4:
        return None
    return words[:at] + [words[at][0] + "."] + words[at + 1:]


SCANNED = {"O": "0", "I": "1", "S": "5", "B": "8", "M": "RN"}
TITLES = ["DR.", "CAPT.", "COL.", "GENERAL", "SHEIKH", "HAJI", "MULLAH", "PROF.", "ENG.", "QARI"]
SURNAMES = {"ZHANG": ["CHANG", "CHEUNG"], "CHEN": ["CHAN", "TAN"], "HUANG": ["WONG"], "WU": ["NG"], "CAI": ["TSAI", "CHOI"], "LIU": ["LAU"], "ZHOU": ["CHOU", "CHOW"], "XU": ["HSU"],
            "ZHAO": ["CHAO"], "LIN": ["LAM", "LIM"], "GUO": ["KUO", "KWOK"], "RI": ["LEE", "YI"], "PAK": ["PARK"], "CHOE": ["CHOI"], "KIM": ["GIM"], "JONG": ["JUNG", "CHUNG"],
            "PAEK": ["BAEK"], "HO": ["HUH"]}
SONS = {"ABU": ["ABOU", "ABO"], "BIN": ["IBN", "BEN"], "IBN": ["BIN"], "OULD": ["WULD", "ULD"], "OGLU": ["OGHLU"]}
TOWNS = ["DUBAI", "MOSCOW", "TEHRAN", "(HONG KONG)", "ISTANBUL", "DAMASCUS"]
FORMER = ["SEA STAR", "OCEAN PRIDE", "BLUE WAVE"]
PREFIXES = ["MV", "M/V", "MT", "M/T", "M.V.", "SS", "VESSEL", "TANKER"]
NUMBERS = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V", "6": "VI", "7": "VII", "8": "VIII", "9": "IX"}
NUMBERS.update({roman: number for number, roman in NUMBERS.items()})
FIELD = 35


def scanned(rng, words):
    places = [(i, at) for i, word in enumerate(words) if len(word) >= 4 and word.isalpha() for at, letter in enumerate(word) if letter in SCANNED]
    if not places:
        return None
    i, at = rng.choice(places)
    return words[:i] + [words[i][:at] + SCANNED[words[i][at]] + words[i][at + 1:]] + words[i + 1:]


def title(rng, words):
    return [rng.choice(TITLES)] + in_order(words) if len(words) >= 2 else None


def replaced(rng, words, table, places):
    """One word of those at the places for what the table has for it."""
    found = [i for i in places if words[i].rstrip(",") in table]
    if not found:
        return None
    at = rng.choice(found)
    return words[:at] + [rng.choice(table[words[at].rstrip(",")]) + ("," if words[at].endswith(",") else "")] + words[at + 1:]


def romanised(rng, words):
    return replaced(rng, words, SURNAMES, (0, len(words) - 1)) if 2 <= len(words) <= 3 else None


def kunya(rng, words):
    return replaced(rng, words, SONS, range(len(words)))


def cut(rng, words):
    text = " ".join(words)
    return text[:FIELD].split() if len(text) > FIELD else None


def place(rng, words):
    return words + [rng.choice(TOWNS)]


def former(rng, words):
    return words + ["(EX", rng.choice(FORMER) + ")"]


def prefix(rng, words):
    return [rng.choice(PREFIXES)] + words


def number(rng, words):
    if len(words) < 2 or words[-1] not in NUMBERS:
        return None
    return words[:-1] + rng.choice([[NUMBERS[words[-1]]], ["NO.", words[-1] if words[-1].isdigit() else NUMBERS[words[-1]]]])


EVERY = {"typo1": typo, "typo2": typo2, "order": order, "dropped": dropped, "added": added, "joined": joined, "split": split}
COMPANY = {"form_changed": form_changed, "form_dropped": form_dropped, "abbreviated": abbreviated}
PERSON = {**{name: EVERY[name] for name in ("typo1", "typo2", "order", "joined", "split")}, "middle": middle, "initial": initial}
VESSEL = {name: EVERY[name] for name in ("typo1", "typo2", "order", "joined", "split")}
PAPERS = {"person": {"scanned": scanned, "title": title, "romanised": romanised, "kunya": kunya},
          "organisation": {"scanned": scanned, "cut": cut, "place": place},
          "vessel": {"scanned": scanned, "former": former, "prefix": prefix, "number": number}}


def alter(name, how, functions):
    """The altered name, or None where the alteration changes nothing or does not apply."""
    words = name.upper().split()
    altered = functions[how](random.Random(zlib.crc32((how + name).encode())), words) if words else None
    return " ".join(altered) if altered and altered != words else None
