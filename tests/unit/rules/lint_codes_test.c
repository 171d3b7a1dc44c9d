/**
 * @file lint_codes_test.c
 * Every code of the table is said of a rule that deserves it: one good rule, and for each code the slip that earns it.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "rules/codes.h"
#include "rules/lint.h"

#define REST                                                                                                                                         \
	"version: 1\nstatus: active\ntitle: T\nowner: O\ncreated: 2026-01-31\non: manifest\nsource: s\nfalse_positives: f\npoints: 5\naction: "      \
	"score\nseverity: 1\nbecause: b\nwhen: {field: id, is: T1}\ntests:\n  - {name: a, fires: true, event: {consignment: {id: T1}}}\n  - {name: " \
	"b, fires: false, event: {consignment: {id: T2}}}\n"
static const char good[] = "id: a\n" REST, twin[] = "id: b\n" REST;

#define WHEN "{field: id, is: T1}"

/* In the good rule `find` becomes `becomes`; `find` NULL: that is the whole file. Beside it perhaps another file. */
static const struct slip {
	const char *code, *find, *becomes, *beside, *bytes;
} slips[] = {
    {"TW-R-0105", WHEN, "{field: 'parties[].name', is: x}", NULL, NULL},
    {"TW-R-0213", WHEN, "{use: {macro: heavy, with: {kg: 5, lb: 9}}}", "_macros.yaml",
     "macros: {heavy: {with: {kg: number}, when: {field: totals.gross_kg, above: $kg}}}\n"},
    {"TW-R-0313", WHEN, "{use: {macro: heavy, with: {kg: many}}}", "_macros.yaml",
     "macros: {heavy: {with: {kg: number}, when: {field: totals.gross_kg, above: $kg}}}\n"},
    {"TW-R-0314", WHEN, "{field: 'parties[consignee].name', is_not: x}", NULL, NULL},
    {"TW-R-0315", WHEN, "{field: 'containers[consignee].number', is: x}", NULL, NULL},
    {"TW-R-0316", WHEN, "{field: totals.gross_kg, above: $most}", "_sets.yaml", "sets: {most: [1, 2]}\n"},
    {"TW-R-0317", WHEN, "{borders: ['route[load].country', means.flag]}", NULL, NULL},
    {"TW-R-0410", WHEN, "{use: {macro: heavy}}", "_macros.yaml",
     "macros: {heavy: {with: {kg: number}, when: {field: totals.gross_kg, above: $kg}}}\n"},
    {"TW-R-0411", "title: T", "title: T", "_bands.yaml", "bands: {each: [{hs: '93', low: 1, high: 9}]}\n"},
    {"TW-R-0507", "title: T", "title: T", "_macros.yaml", "macros: {heavy: {with: {kg: number}, when: {field: totals.gross_kg, above: $kg}}}\n"},
    {"TW-R-0508", "title: T", "title: T", "_bands.yaml",
     "bands: {each: [{hs: '93', low: 1, high: 9, source: s}, {hs: '93', low: 2, high: 9, source: s}]}\n"},
    {"TW-R-0602", "title: T", "title: T", "_bands.yaml", "bands: {each: [{hs: '93', low: 10, high: 9, source: s}]}\n"},
    {"TW-R-0100", "title: T", "title: [T", NULL, NULL},
    {"TW-R-0101", "title: T", "title: T\ntitle: T", NULL, NULL},
    {"TW-R-0102", NULL, "", NULL, NULL},
    {"TW-R-0103", "because: b", "because: \"{id\"", NULL, NULL},
    {"TW-R-0200", WHEN, "{field: event.time, before: {event: night}}", NULL, NULL},
    {"TW-R-0201", "title: T", "title: T\ntitel: T", NULL, NULL},
    {"TW-R-0202", WHEN, "{field: idd, is: T1}", NULL, NULL},
    {"TW-R-0203", WHEN, "{fields: id}", NULL, NULL},
    {"TW-R-0204", WHEN, "{field: id, in: $none}", NULL, NULL},
    {"TW-R-0205", WHEN, "{history: {of: self, metric: seeen}, above: 1}", NULL, NULL},
    {"TW-R-0206", "event: {consignment: {id: T2}}", "event: {type: consignment.declred, consignment: {id: T2}}", NULL, NULL},
    {"TW-R-0207", "on: manifest", "on: manifest\ntypes: [marking.lost]", NULL, NULL},
    {"TW-R-0208", WHEN, "{field: item.hs, stated: true}", NULL, NULL},
    {"TW-R-0209", "because: b", "because: \"{fact.none}\"", NULL, NULL},
    {"TW-R-0210", WHEN, "{field: movement, is: exprot}", NULL, NULL},
    {"TW-R-0211", WHEN, "{field: time, stated: true}", NULL, NULL},
    {"TW-R-0212", WHEN, "{field: means.flag, is: ZZ}", NULL, NULL},
    {"TW-R-0300", WHEN, "{field: totals.gross_kg, above: many}", NULL, NULL},
    {"TW-R-0301", WHEN, "{field: id, above: 1}", NULL, NULL},
    {"TW-R-0302", WHEN, "{field: revision, is: {event: day}}", NULL, NULL},
    {"TW-R-0303", WHEN, "{all: {field: id, is: T1}}", NULL, NULL},
    {"TW-R-0304", WHEN, "{field: means.flag, is: France}", NULL, NULL},
    {"TW-R-0305", WHEN, "{field: items.hs, stated: true}", NULL, NULL},
    {"TW-R-0306", WHEN, "{field: items, stated: true}", NULL, NULL},
    {"TW-R-0307", WHEN, "{some: means}", NULL, NULL},
    {"TW-R-0308", WHEN, "{field: means, stated: true}", NULL, NULL},
    {"TW-R-0309", WHEN, "{history: {of: self, metric: authenticated}, is: true}", NULL, NULL},
    {"TW-R-0310", "event: {consignment: {id: T2}}", "event: {type: marking.lost, item: {marks: []}}", NULL, NULL},
    {"TW-R-0311", WHEN, "{some: items, where: {field: item.containers, is_not: x}}", NULL, NULL},
    {"TW-R-0312", "points: 5", "points: {over: {field: id}, table: [[1, 5]]}", NULL, NULL},
    {"TW-R-0400", WHEN, "{history: {of: self}, above: 1}", NULL, NULL},
    {"TW-R-0401", "title: T\n", "", NULL, NULL},
    {"TW-R-0402", WHEN, "{field: id}", NULL, NULL},
    {"TW-R-0403", "fires: false", "fires: true", NULL, NULL},
    {"TW-R-0404", WHEN, "{all: []}", NULL, NULL},
    {"TW-R-0405", "owner: O\n", "", NULL, NULL},
    {"TW-R-0406", "created: 2026-01-31", "created: yesterday", NULL, NULL},
    {"TW-R-0407", "points: 5", "points: {over: {field: revision}}", NULL, NULL},
    {"TW-R-0408", WHEN, WHEN, "_sets.yaml", "sets: {ports: {csv: ports.csv, column: x}}\n"},
    {"TW-R-0500", WHEN, "{use: round}", "_macros.yaml", "macros: {round: {not: {use: round}}}\n"},
    {"TW-R-0501", WHEN, WHEN, "b/a.yaml", good},
    {"TW-R-0502", "id: a", "id: b", NULL, NULL},
    {"TW-R-0503", WHEN, WHEN, "_sets.yaml", "sets: {x: [a]}\n"},
    {"TW-R-0504", WHEN, "{not: " WHEN ", all: [" WHEN "]}", NULL, NULL},
    {"TW-R-0505", WHEN, "{field: id, is: T1, is_not: T2}", NULL, NULL},
    {"TW-R-0506", "action: score", "action: inform\nlane: red", NULL, NULL},
    {"TW-R-0600", "points: 5", "points: 500", NULL, NULL},
    {"TW-R-0601", "points: 5", "points: {over: {field: revision}, table: [[2, 5], [1, 6]]}", NULL, NULL},
    {"TW-R-0610", WHEN, "{near: x}", NULL, NULL},
    {"TW-R-0700", WHEN, "{field: id, matches: '('}", NULL, NULL},
    {"TW-R-0701", WHEN, "{field: id, matches: '\\d'}", NULL, NULL},
    {"TW-R-0702", WHEN, "{field: id, matches: 'ab^'}", NULL, NULL},
    {"TW-R-0703", WHEN, "{field: id, matches: '(a+)+(a+)+b'}", NULL, NULL},
    {"TW-R-0801", WHEN, WHEN, "_sets.yaml", "sets: {unused: [a]}\n"},
    {"TW-R-0802", WHEN, WHEN, "b.yaml", twin},
    {"TW-R-0803", WHEN, "{all: [{field: revision, is: 1}, {field: revision, is: 2}]}", NULL, NULL},
    {"TW-R-0804", WHEN, "{some: items, where: {field: item.hs, starts: ['12']}}", NULL, NULL},
    {"TW-R-0805", WHEN, "{some: items, where: {field: item.hs, in: ['9303']}}", NULL, NULL},
    {"TW-R-0806", WHEN, "{some: parties, where: {listed: {subject: party, lists: [un-cs]}}}", NULL, NULL},
    {"TW-R-0807", WHEN, "{field: means.flag, in: [XA, XB, XA]}", NULL, NULL},
    {"TW-R-0104", WHEN, WHEN, "ports.csv", "\"x\n"},
    {"TW-R-0409", WHEN, WHEN, "ports.csv", "y\nXAAAA\n"},
};

/* Broad kinds that no message falls back to now; files that cannot be read: sources in memory always can (rules_test.sh has one); and what is wrong
 * with a signed pack (sign_test.sh). */
static const char *const without[] = {"TW-R-0800", "TW-R-0900", "TW-R-0910", "TW-R-0911", "TW-R-0912",
                                      "TW-R-0913", "TW-R-0914", "TW-R-0915", "TW-R-0916", "TW-R-0917"};

static char said[16384];

static void see(void *context, const struct tw_rule_problem *problem)
{
	size_t used = strlen(said);
	(void)context;
	snprintf(said + used, sizeof(said) - used, "%s %s:%u:%u %s\n", problem->code->name, problem->file, problem->line, problem->column,
	         problem->text);
}

static bool only_france(void *context, uint16_t code)
{
	(void)context;
	return code == ('F' << 8 | 'R');
}

static bool only_arms(void *context, struct tw_slice prefix)
{
	(void)context;
	return prefix.len >= 2 && memcmp(prefix.ptr, "93", 2) == 0;
}

static void rule_of(const struct slip *slip, char *out, size_t room)
{
	const char *at = slip->find ? strstr(good, slip->find) : NULL;
	if (!slip->find) {
		snprintf(out, room, "%s", slip->becomes);
		return;
	}
	cr_assert_not_null(at, "%s", slip->code);
	snprintf(out, room, "%.*s%s%s", (int)(at - good), good, slip->becomes, at + strlen(slip->find));
}

/* Depth is said of what is too long to write here. */
static void nest(char *out, size_t room)
{
	char deep[2048];
	size_t used = 0;
	for (int i = 0; i < 100; i++) {
		used += (size_t)snprintf(deep + used, sizeof(deep) - used, "{not: ");
	}
	used += (size_t)snprintf(deep + used, sizeof(deep) - used, WHEN);
	for (int i = 0; i < 100; i++) {
		used += (size_t)snprintf(deep + used, sizeof(deep) - used, "}");
	}
	const struct slip slip = {"TW-R-0610", WHEN, deep, NULL, NULL};
	rule_of(&slip, out, room);
}

static void lint(const struct slip *slip)
{
	static char rule[4096];
	static const char *const lists[] = {"un-sc", NULL};
	const struct tw_lint_world world = {NULL, only_france, only_arms, lists};
	const struct tw_rule_sink sink = {see, NULL};
	struct tw_rule_source sources[4];
	size_t count = 0;
	struct tw_error err;
	said[0] = '\0';
	if (strcmp(slip->code, "TW-R-0610") == 0) {
		nest(rule, sizeof(rule));
	} else {
		rule_of(slip, rule, sizeof(rule));
	}
	if (slip->beside && strstr(slip->beside, ".csv")) {
		sources[count++] = (struct tw_rule_source){"_sets.yaml", tw_slice_str("sets: {ports: {csv: ports.csv, column: x}}\n")};
	}
	if (strcmp(slip->code, "TW-R-0503") == 0) {
		sources[count++] = (struct tw_rule_source){"_sets.yaml", tw_slice_str(slip->bytes)};
	}
	if (strcmp(slip->code, "TW-R-0507") == 0) {
		sources[count++] = (struct tw_rule_source){"_sets.yaml", tw_slice_str("sets: {kg: [a]}\n")};
	}
	sources[count++] = (struct tw_rule_source){"a.yaml", tw_slice_str(rule)};
	if (slip->beside) {
		sources[count++] = (struct tw_rule_source){slip->beside, tw_slice_str(slip->bytes)};
	}
	cr_assert_eq(tw_rules_lint(sources, count, &world, &sink, &err), TW_OK);
}

TestSuite(lint_codes);

Test(lint_codes, a_slip_says_its_code)
{
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		lint(&slips[i]);
		cr_expect_not_null(strstr(said, slips[i].code), "%s is not said: %s", slips[i].code, said);
	}
}

Test(lint_codes, the_good_rule_says_none)
{
	const struct slip none = {"TW-R-0000", WHEN, WHEN, NULL, NULL};
	lint(&none);
	cr_assert_str_empty(said, "%s", said);
}

Test(lint_codes, every_code_has_its_slip)
{
	uint32_t count;
	const struct tw_rule_code *codes = tw_rule_codes(&count);
	for (uint32_t c = 0; c < count; c++) {
		bool found = false;
		for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
			found |= strcmp(slips[i].code, codes[c].name) == 0;
		}
		for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
			found |= strcmp(without[i], codes[c].name) == 0;
		}
		cr_expect(found, "%s has no slip here", codes[c].name);
	}
}
