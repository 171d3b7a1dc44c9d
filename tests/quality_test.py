#!/usr/bin/env python3
"""The counting behind the quality figures: small sets whose answers are known, and alterations that are the same for ever."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench", "quality"))
sys.dont_write_bytecode = True
import alter
import figures
import sets

CHECKS = [
    ("all found and no false alarm is perfect", figures.rates([5, 5], [0, 0]), (1.0, 1.0, 1.0)),
    ("a false alarm costs precision alone", figures.rates([5, 5], [3, 3]), (0.5, 1.0, 2 / 3)),
    ("nothing returned is nothing, not a division by zero", figures.rates([0], [0]), (0.0, 0.0, 0.0)),
    ("ties with the last allowed false alarm do not count as found", figures.recall_at([7, 8], [7] * 10, .1), 0.5),
    ("one false alarm in ten may be above", figures.recall_at([7, 8], [9] + [1] * 9, .1), 1.0),
    ("what is not found is not found at any share", figures.recall_at([0, 8], [0] * 10, 1), 0.5),
    ("listed above unlisted is an area of 1", figures.area([2, 3], [0, 1]), 1.0),
    ("all the same is an area of a half", figures.area([1, 1], [1, 1, 1]), 0.5),
    ("the wrong way round is an area of 0", figures.area([0], [1]), 0.0),
    ("ties are counted inside the top alone", figures.tied([9, 9, 8, 1, 1], 3), 2 / 3),
    ("what did not hit is in no queue", figures.tied([0, 0, 5], 100), 0.0),
    ("an alteration is the same for ever", alter.alter("Samplearms Trading LLC", "abbreviated", alter.COMPANY), "SAMPLEARMS TRDG LLC"),
    ("a form is left out", alter.alter("Samplearms Trading L.L.C.", "form_dropped", alter.COMPANY), "SAMPLEARMS TRADING"),
    ("what has no form cannot lose it", alter.alter("Samplearms Trading", "form_dropped", alter.COMPANY), None),
    ("two words are not cut to one", alter.alter("Samplearms Trading", "dropped", alter.EVERY), None),
    ("word order does not count in a key", sets.key_of("AL-SALAM, Société"), sets.key_of("societe al salam")),
    ("a script is that of most letters", sets.script_of("Иванов I."), "cyrillic"),
    ("Latin letters with accents are Latin", sets.script_of("Şükrü"), None),
    ("both halves are used", {sets.half_of(str(n)) for n in range(20)}, {"report", "tuning"}),
]

failed = [(name, got, wanted) for name, got, wanted in CHECKS if got != wanted]
for one in failed:
    print("FAILED: %s: %r, not %r" % one)
print("%d passed, %d failed, 0 skipped" % (len(CHECKS) - len(failed), len(failed)))
sys.exit(bool(failed))
