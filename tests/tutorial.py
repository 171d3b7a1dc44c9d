#!/usr/bin/env python3
"""Does what rules/TUTORIAL.md says, block after block, in a folder of its own; then compares the tables of rules/README.md with the code's.

usage: tutorial.py PROGRAM
A fenced block is what its first line says:
    ```yaml PATH, ```json PATH   a file, written whole
    ```diff PATH                 a change to it: what stands there, by ` ` and `-`, exactly once, becomes what stands there by ` ` and `+`
    ```console [exit=N] [wait]   commands after `$ `, and all that they say; exit: of the last one, else 0; wait: asked again until it is so
In what they say, a line `...` stands for any lines, `[...]` for any characters of a line.
Prints one line a failed check and a last line `tutorial-test: N passed, N failed, N skipped`.
"""
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from checks import check, run

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WAIT_S = 60

def text_of(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def blocks(text):
    """(line number, words of the first line, lines) of every fenced block"""
    begun, found = None, []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("```"):
            if begun is None:
                begun = (number, line[3:].split(), [])
            else:
                found.append(begun)
                begun = None
        elif begun is not None:
            begun[2].append(line)
    return found


def wanted(lines):
    """The pattern of an answer as shown."""
    parts = [r"(?:.*\n)*?" if line == "..." else ".*".join(re.escape(part) for part in line.split("[...]")) + "\n" for line in lines]
    return re.compile("".join(parts))


def commands(lines):
    """(command, lines of its answer)"""
    found = []
    for line in lines:
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


class Author:
    """Whoever follows the tutorial: the root of a clone with packs of its own, the program in the path."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(os.path.join(folder, "bin"))
        os.symlink(PROGRAM, os.path.join(folder, "bin", "tidewaiter"))
        shutil.copytree(os.path.join(ROOT, "rules", "packs"), os.path.join(folder, "rules", "packs"))
        os.symlink(os.path.join(ROOT, "feeds"), os.path.join(folder, "feeds"))
        self.environment = dict(os.environ, PATH=os.path.join(folder, "bin") + os.pathsep + os.environ["PATH"])

    def put(self, path, text):
        os.makedirs(os.path.dirname(os.path.join(self.folder, path)), exist_ok=True)
        with open(os.path.join(self.folder, path), "w", encoding="utf-8") as out:
            out.write(text)

    def change(self, path, lines):
        with open(os.path.join(self.folder, path), encoding="utf-8") as file:
            text = file.read()
        old, new = ("".join(line[1:] + "\n" for line in lines if line[:1] in kept) for kept in (" -", " +"))
        if text.count(old) != 1:
            return "stands there %d times:\n%s" % (text.count(old), old)
        self.put(path, text.replace(old, new))
        return None

    def type(self, command, answer, code):
        """@return what was wrong, None for nothing"""
        done = subprocess.run(["bash", "-c", command], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=WAIT_S)
        good = done.returncode == code and wanted(answer).fullmatch(done.stdout)
        return None if good else "exit %d, not %d; said:\n%s" % (done.returncode, code, done.stdout)

    def console(self, words, lines):
        codes = [int(word[len("exit="):]) for word in words if word.startswith("exit=")]
        typed = commands(lines)
        for number, (command, answer) in enumerate(typed, 1):
            code = codes[0] if codes and number == len(typed) else 0
            end = time.monotonic() + (WAIT_S if "wait" in words else 0)
            wrong = self.type(command, answer, code)
            while wrong and time.monotonic() < end:
                time.sleep(0.2)
                wrong = self.type(command, answer, code)
            if wrong:
                return "%s: %s" % (command, wrong)
        return None

    def do(self, words, lines):
        if words[:1] == ["console"]:
            return self.console(words[1:], lines)
        if words[:1] == ["diff"] and len(words) == 2:
            return self.change(words[1], lines)
        if words[:1] in (["yaml"], ["json"]) and len(words) == 2:
            return self.put(words[1], "\n".join(lines) + "\n")
        return "a block without a role"

    def leave(self):
        """@return true when the program that the tutorial started, if it did, has ended; asked to when it still runs"""
        path = os.path.join(self.folder, "tidewaiter.pid")
        if not os.path.exists(path):
            return True
        with open(path, encoding="utf-8") as file:
            pid = int(file.read())
        end = time.monotonic() + WAIT_S
        while runs(pid) and time.monotonic() < end:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
            time.sleep(0.2)
        return not runs(pid)


def runs(pid):
    try:
        return os.path.realpath("/proc/%d/exe" % pid) == os.path.realpath(PROGRAM)
    except OSError:
        return False


def names_its_file(text, line, words):
    """A reader does not see a block's first line: the paragraph before a file names it."""
    before = "\n".join(text.split("\n")[:line - 1]).rstrip().rsplit("\n\n", 1)[-1]
    return words[:1] == ["console"] or "`%s`" % words[-1] in before


def test_the_tutorial_does_what_it_says(folder):
    author = Author(folder)
    text = text_of("rules", "TUTORIAL.md")
    found = blocks(text)
    check("the tutorial has its steps", len(found) >= 20, len(found))
    try:
        for line, words, lines in found:
            check("TUTORIAL.md:%d names %s before it" % (line, words[-1]), names_its_file(text, line, words))
            wrong = author.do(words, lines)
            check("TUTORIAL.md:%d: %s" % (line, " ".join(words)), wrong is None, wrong)
            if wrong:
                break  # what follows stands on it
    finally:
        check("the program that was started ends", author.leave())


def test_a_tutorial_that_is_wrong_fails(folder):
    author = Author(folder)
    author.put("a.yaml", "one\ntwo\ntwo\n")
    for what, words, lines in (("another answer", ["console"], ["$ echo one", "two"]), ("more is said", ["console"], ["$ echo one; echo two", "one"]),
                               ("another exit", ["console", "exit=65"], ["$ true"]), ("a change of what is not there", ["diff", "a.yaml"], ["-three", "+four"]),
                               ("a change of what is there twice", ["diff", "a.yaml"], ["-two", "+four"]), ("a block without a role", ["yaml"], ["a: 1"])):
        check(what + " is seen", author.do(words, lines) is not None)
    for what, lines in (("any lines", ["$ seq 9", "1", "...", "9"]), ("any characters", ["$ echo one two", "one [...]"]), ("no line", ["$ true", "..."])):
        wrong = author.do(["console"], lines)
        check(what + " may be left out", wrong is None, wrong)


# ---- the reference ----

def words_of(path, array):
    """The strings of the tables `array[] = {"...", NULL}` in C."""
    bodies = re.findall(r"\b%s\[\] = \{(.*?)\};" % array, text_of(*path.split("/")), re.S)
    return re.findall(r'"([a-z_]+)"', "".join(bodies))


def column_of(section):
    """The words in code of the first column of the table under `## section`."""
    part = re.search(r"^## %s$(.*?)(?=^## |\Z)" % re.escape(section), text_of("rules", "README.md"), re.S | re.M)
    return [word for row in re.findall(r"^\|(.*?)\|", part.group(1) if part else "", re.M) for word in re.findall(r"`([a-z_]+)", row)]


def test_the_reference_lists_what_the_code_knows(_):
    metrics = re.findall(r'^ +\{"([a-z_]+)", TW_METRIC_', text_of("engine", "event", "metric.c"), re.M)
    for section, known in (("Keys", words_of("rules/head.c", "keys")), ("Conditions", words_of("rules/condition.c", "head_words")),
                           ("Comparators", words_of("rules/comparator.c", "words")), ("History", metrics)):
        shown = column_of(section)
        check("%s: the code's table was found" % section, len(known) > 10, known)
        check("%s: all are listed" % section, set(known) <= set(shown), sorted(set(known) - set(shown)))
        check("%s: no other is" % section, set(shown) <= set(known), sorted(set(shown) - set(known)))
        check("%s: each once" % section, len(shown) == len(set(shown)), shown)


def test_the_reference_s_examples_do_what_they_say(folder):
    author = Author(folder)
    text = text_of("rules", "README.md")
    found = [block for block in blocks(text) if len(block[1]) > 1 or block[1] == ["console"]]
    check("the reference has examples that are done", len(found) >= 3, len(found))
    for line, words, lines in found:
        check("README.md:%d names %s before it" % (line, words[-1]), words[0] == "console" or "`%s`" % words[-1] in text.split("```yaml " + words[-1])[0])
        wrong = author.do(words, lines)
        check("README.md:%d: %s" % (line, " ".join(words)), wrong is None, wrong)


def test_the_reference_names_every_member_and_word(_):
    spans = " ".join(re.findall(r"```.*?```|`[^`]+`", text_of("rules", "README.md"), re.S))
    tables = [("rules/head.c", "status_words"), ("rules/head.c", "action_words"), ("rules/head.c", "family_words"), ("rules/vocabulary.c", "keys"), ("rules/macro.c", "type_words"), ("rules/band.c", "columns"), ("rules/choose.c", "choosers"),
              ("rules/relation.c", "goods_words"), ("rules/relation.c", "direction_words"), ("rules/relation.c", "confidence_words"),
              ("rules/relation.c", "target_words"), ("rules/relation.c", "basis_words"), ("rules/relation.c", "warning_words")]
    tables += [(path, "known") for path in ("rules/relation.c", "rules/operand.c", "rules/past.c", "rules/band.c", "rules/macro.c", "rules/testcase.c")]
    for path, array in tables:
        known = words_of(path, array)
        missing = [word for word in known if not re.search(r"\b%s\b" % word, spans)]
        check("%s, %s: the code's table was found" % (path, array), len(known) > 1, known)
        check("%s, %s: all are named in code" % (path, array), not missing, missing)


def test_every_code_begins_a_message(_):
    """A message that is reworded loses its number without this."""
    begins = re.findall(r'\{"(TW-R-\d+)", ("(?:[^"\\]|\\.)*)"', text_of("rules", "codes.c"))
    sources = "".join(text_of("rules", name) for name in sorted(os.listdir(os.path.join(ROOT, "rules"))) if name.endswith(".c") and name != "codes.c")
    check("the table of codes was found", len(begins) > 30, len(begins))
    for code, begin in begins:
        check("%s begins a message" % code, begin in sources, begin)


TESTS = [test for name, test in sorted(globals().items()) if name.startswith("test_")]

if __name__ == "__main__":
    sys.exit(run(TESTS, True))
