"""A strict reader of the Prometheus text exposition format 0.0.4, for tests: what a collector may tolerate is refused here.

Source: Prometheus, "Exposition formats"; node_exporter's textfile collector (no timestamps, one HELP and one TYPE a metric, before its samples).
"""
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(r"(%s)(?:\{(%s(?:,%s)*)\})? (-?[0-9]+(?:\.[0-9]+)?)" % (NAME, LABEL, LABEL))


class Refused(Exception):
    pass


class Metrics:
    """Samples by name and labels; types and helps by name."""

    def __init__(self, text):
        self.types, self.helps, self.samples = {}, {}, {}
        if not text.endswith("\n") or "\r" in text:
            raise Refused("the last line has no end")
        current, closed = None, set()
        for number, line in enumerate(text[:-1].split("\n"), 1):
            name = line.split(" ")[2] if line.startswith("# ") and len(line.split(" ")) > 3 else re.split(r"[{ ]", line)[0]
            if name != current:
                closed.add(current)
                if name in closed:
                    raise Refused("line %d: %s comes again behind another metric" % (number, name))
                current = name
            self.line(number, line, name)
        for name in self.types:
            if not any(key[0] == name for key in self.samples):
                raise Refused("%s has no sample" % name)

    def line(self, number, line, name):
        head = re.fullmatch(r"# (HELP|TYPE) (%s) (.+)" % NAME, line)
        if head:
            kept = self.helps if head.group(1) == "HELP" else self.types
            if name in kept or (head.group(1) == "TYPE" and (name not in self.helps or head.group(3) not in ("counter", "gauge"))):
                raise Refused("line %d: %s" % (number, line))
            kept[name] = head.group(3)
            return
        sample = SAMPLE.fullmatch(line)
        if not sample or name not in self.types:
            raise Refused("line %d: %s" % (number, line))
        if (self.types[name] == "counter") != name.endswith("_total"):
            raise Refused("line %d: a counter, and no other, ends in _total: %s" % (number, name))
        labels = re.findall(LABEL, sample.group(2) or "")
        key = (name, tuple(sorted((label, value) for label, value in labels)))
        if len({label for label, _ in labels}) != len(labels) or key in self.samples:
            raise Refused("line %d: twice: %s" % (number, line))
        self.samples[key] = float(sample.group(sample.lastindex))

    def value(self, name, **labels):
        """The one sample that has these labels; None: there is none."""
        found = [value for (sample, have), value in self.samples.items() if sample == name and set(labels.items()) <= set(have)]
        if len(found) > 1:
            raise Refused("%s %s is not one sample" % (name, labels))
        return found[0] if found else None

    def sum(self, name, **labels):
        return sum(value for (sample, have), value in self.samples.items() if sample == name and set(labels.items()) <= set(have))


def read(path):
    with open(path, encoding="utf-8", newline="") as text:
        return Metrics(text.read())
