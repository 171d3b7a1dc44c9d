/**
 * @file random_rule.c
 * Heads of conditions and the file around them; see random_rule.h. Comparisons are in random_comparison.c.
 */
#include "random_rule.h"

#include <string.h>

#include "random_comparison.h"
#include "reference.h"
#include "rules/path.h"

#define DEPTH_MAX 5

const char random_rule_sets[] = "sets:\n"
                                "  arms: ['machine gun', rifle, 'gun part', 'пулемет*']\n"
                                "  patterns: ['\\brifles?\\b', 'gun[- ]?parts?']\n"
                                "  lands: [XA, XB]\n"
                                "  heads: ['93', '8710']\n"
                                "  one: [2]\n";
const char random_rule_bands[] = "bands:\n"
                                 "  each:\n"
                                 "    - {hs: '93', low: 1, high: 10, source: s}\n"
                                 "    - {hs: '9303', low: 0, high: 1, source: s}\n"
                                 "    - {hs: '930330', low: 2.5, high: 99.9999, source: s}\n"
                                 "    - {hs: '8710', low: 10, high: 10, source: s}\n";
const char random_rule_macros[] = "macros:\n"
                                  "  early: {field: event.time, before: '2026-03-02'}\n"
                                  "  port: {any: [{field: event.source, is: 'PORT 7'}, {use: early}]}\n"
                                  "  not_port: {not: {use: port}}\n"
                                  "  before_day: {with: {day: date}, when: {field: event.time, before: $day}}\n"
                                  "  from_any: {with: {sources: list}, when: {field: event.source, in: [$sources, 'other port']}}\n"
                                  "  either: {with: {a: condition, b: condition}, when: {any: [$a, {not: $b}]}}\n"
                                  "  named_as: {with: {t: text}, when: {field: event.source, is: $t}}\n"
                                  "  path_above: {with: {p: path, n: number}, when: {field: $p, above: $n}}\n"
                                  "  days_off: {with: {d: count}, when: {field: event.time, within: {days: $d, of: {event: day, plus_days: 1}}}}\n"
                                  "  is_stated: {with: {p: path, f: flag}, when: {field: $p, stated: $f}}\n"
                                  "  early_or_not: {with: {c: condition}, when: {use: {macro: either, with: {a: {use: early}, b: $c}}}}\n";

static void condition(struct making *making, uint32_t depth);

static void logic(struct making *making, const char *head, uint32_t depth)
{
	uint32_t count = 1 + dice_below(making->dice, 3);
	fprintf(making->out, "{%s: [", head);
	for (uint32_t i = 0; i < count; i++) {
		fputs(i ? ", " : "", making->out);
		condition(making, depth + 1);
	}
	fputs("]}", making->out);
}

/* ---- quantifiers ---- */

static void bind(struct making *making, const struct tw_shape *shape)
{
	making->scope[making->scope_count++] = shape;
	if (making->bound_count < MAKING_BOUND_MAX) {
		making->bound[making->bound_count++] = shape;
	}
}

/* One repeated part, or with `through` one inside another; its elements are put in sight. @return NULL: there is none here */
static const struct tw_field *repeated(struct making *making, bool through, struct making_path *path)
{
	const uint32_t lists = 1U << TW_FIELD_OBJECTS | 1U << TW_FIELD_TEXTS;
	const struct tw_field *field = making_field(making, lists, path);
	while (field && through && field->kind == TW_FIELD_OBJECTS && dice_once_in(making->dice, 2) && making->scope_count + 2 <= MAKING_SCOPES_MAX) {
		const struct tw_field *inner = making_member(making, field->shape, lists, path);
		if (!inner) {
			break;
		}
		bind(making, field->shape);
		field = inner;
	}
	if (field && field->kind == TW_FIELD_OBJECTS && making->scope_count < MAKING_SCOPES_MAX) {
		bind(making, field->shape);
	}
	return field;
}

static void quantified(struct making *making, const char *head, uint32_t depth)
{
	uint32_t scopes = making->scope_count;
	bool every = strcmp(head, "every") == 0, count = strcmp(head, "count") == 0;
	struct making_path path = {.length = 0};
	const struct tw_field *over = repeated(making, count, &path);
	if (!over || (every && over->kind == TW_FIELD_TEXTS)) {
		making->scope_count = scopes;
		making_comparison(making);
		return;
	}
	fprintf(making->out, "{%s: %s", head, path.text);
	if (over->kind == TW_FIELD_OBJECTS && (every || dice_below(making->dice, 4))) {
		fputs(", where: ", making->out);
		condition(making, depth + 1);
	}
	making->scope_count = scopes; /* a count is compared outside of what it counts */
	if (count) {
		fputs(", ", making->out);
		making_count_comparator(making);
	}
	fputc('}', making->out);
}

/* ---- what the world is asked ---- */

static const char *one_of(struct making *making, const char *const *words)
{
	uint32_t count = 0;
	while (words[count]) {
		count++;
	}
	return words[dice_below(making->dice, count)];
}

static void listed(struct making *making)
{
	static const char *const lists[] = {"", ", lists: [un-sc]", ", lists: [other, un-sc]", NULL};
	static const char *const bases[] = {"", ", basis: [name]", ", basis: [identifier]", ", basis: [address, name]", NULL};
	static const char *const similarities[] = {"", ", similarity: 0.5", ", similarity: 0.9", NULL};
	const char *subject = "any";
	for (uint32_t i = making->scope_count; i--;) {
		if (strcmp(making->scope[i]->name, "party") == 0 && dice_below(making->dice, 4)) {
			subject = "party";
			break;
		}
	}
	if (making->family == TW_FAMILY_MANIFEST && dice_once_in(making->dice, 4)) {
		subject = "means";
	}
	fprintf(making->out, "{listed: {subject: %s%s%s%s}}", subject, one_of(making, lists), one_of(making, bases), one_of(making, similarities));
}

static const uint32_t countries = 1U << TW_FIELD_COUNTRY | 1U << TW_FIELD_PLACE | 1U << TW_FIELD_TEXT;

static void embargo(struct making *making)
{
	static const char *const goods[] = {"[light_weapons]", "[light_weapons, ammunition]", "[dual_use]", NULL};
	static const char *const rest[] = {"",
	                                   ", direction: supply_from",
	                                   ", confidence: [recalled]",
	                                   ", targets: [state]",
	                                   ", issuers: [UN]",
	                                   ", issuers: [EU, UK], confidence: [seen]",
	                                   ", neighbour: true",
	                                   ", neighbour: true, issuers: [UN]",
	                                   NULL};
	struct making_path path = {.length = 0}, day = {.length = 0};
	if (!making_field(making, countries, &path)) {
		making_comparison(making);
		return;
	}
	fprintf(making->out, "{embargo: {country: %s, goods: %s%s", path.text, one_of(making, goods), one_of(making, rest));
	if (dice_once_in(making->dice, 4) && making_field(making, 1U << TW_FIELD_DATE | 1U << TW_FIELD_INSTANT, &day)) {
		fprintf(making->out, ", on: %s", day.text);
	}
	fputs("}}", making->out);
}

static void borders(struct making *making)
{
	struct making_path a = {.length = 0}, b = {.length = 0};
	if (making_field(making, countries, &a) && making_field(making, countries, &b)) {
		fprintf(making->out, "{borders: [%s, %s]}", a.text, b.text);
	} else {
		making_comparison(making);
	}
}

static void warning(struct making *making)
{
	static const char *const kinds[] = {"ill_typed", "unknown_word", "check_digit", "id_reused", "unknown_country", NULL};
	struct tw_body body = tw_body_of(making->family);
	const char *kind = one_of(making, kinds);
	fprintf(making->out, "{warning: %s", kind);
	if (strcmp(kind, "id_reused") != 0 && dice_below(making->dice, 2)) {
		fprintf(making->out, ", at: /%s", body.shape->fields[dice_below(making->dice, body.shape->field_count)].name);
	}
	fputc('}', making->out);
}

static void use(struct making *making)
{
	static const char *const uses[] = {"early",
	                                   "port",
	                                   "not_port",
	                                   "{macro: before_day, with: {day: '2026-03-01'}}",
	                                   "{macro: before_day, with: {day: '2026-03-02'}}",
	                                   "{macro: before_day, with: {day: '2026-03-10'}}",
	                                   "{macro: from_any, with: {sources: ['port 7', port]}}",
	                                   "{macro: from_any, with: {sources: [a]}}",
	                                   "{macro: from_any, with: {sources: $lands}}",
	                                   NULL};
	fprintf(making->out, "{use: %s}", one_of(making, uses));
}

/* Macros that are given a path and a number, text or flag. */
static void use_of_path(struct making *making)
{
	struct making_path path = {.length = 0};
	const uint32_t numbers = 1U << TW_FIELD_AMOUNT | 1U << TW_FIELD_COUNT;
	uint32_t which = dice_below(making->dice, 4);
	if (which == 0) {
		fprintf(making->out, "{use: {macro: named_as, with: {t: '%s'}}}", dice_below(making->dice, 2) ? "port 7" : "a");
	} else if (which == 1) {
		fprintf(making->out, "{use: {macro: days_off, with: {d: %u}}}", dice_below(making->dice, 3));
	} else if (which == 2 && making_field(making, numbers, &path)) {
		fprintf(making->out, "{use: {macro: path_above, with: {p: %s, n: %u}}}", path.text, dice_below(making->dice, 3));
	} else if (making_field(making, numbers | 1U << TW_FIELD_TEXT | 1U << TW_FIELD_DATE | 1U << TW_FIELD_COUNTRY, &path)) {
		fprintf(making->out, "{use: {macro: is_stated, with: {p: %s, f: %s}}}", path.text, dice_below(making->dice, 2) ? "true" : "false");
	} else {
		making_comparison(making);
	}
}

/* ---- paths that choose ---- */

struct choice {
	const char *list, *words[4];
};

/* @return the list's elements; NULL: events of this family have nothing to choose among */
static const struct tw_shape *choice_of(struct making *making, char path[64])
{
	static const struct choice choices[] = {{"parties", {"consignee", "consignor|consignee", "end_user", "consignee|notify"}},
	                                        {"route", {"load", "discharge", "load|discharge", "transhipment"}}};
	bool manifest = making->family == TW_FAMILY_MANIFEST;
	if (!manifest && making->family != TW_FAMILY_CERTIFICATE) {
		return NULL;
	}
	const struct choice *choice = &choices[manifest && dice_once_in(making->dice, 3)];
	snprintf(path, 64, "%s[%s]", choice->list, choice->words[dice_below(making->dice, 4)]);
	return tw_field_find(tw_body_of(making->family).shape, tw_slice_str(choice->list))->shape;
}

/* Of those that are chosen by their role: a value, their number, a condition, what is remembered of them. */
static void chosen(struct making *making, uint32_t depth)
{
	static const char *const heads[] = {"some", "none", "every", "count"};
	uint32_t scopes = making->scope_count, which = dice_below(making->dice, 6);
	char path[64];
	const struct tw_shape *shape = making->scope_count < MAKING_SCOPES_MAX ? choice_of(making, path) : NULL;
	if (!shape) {
		making_comparison(making);
		return;
	}
	bind(making, shape);
	if (which < 2) {
		const char *head = heads[dice_below(making->dice, 4)];
		fprintf(making->out, "{%s: '%s', where: ", head, path);
		condition(making, depth + 1);
		making->scope_count = scopes;
		if (strcmp(head, "count") == 0) {
			fputs(", ", making->out);
			making_count_comparator(making);
		}
		fputc('}', making->out);
	} else {
		making_chosen(making, shape, path);
	}
	making->scope_count = scopes;
}

/* A macro that is given conditions; what they name is bound where it is used. */
static void use_of_conditions(struct making *making, uint32_t depth)
{
	bool both = dice_once_in(making->dice, 2);
	if (making->given) {
		making_comparison(making);
		return;
	}
	making->given = true;
	fputs(both ? "{use: {macro: either, with: {a: " : "{use: {macro: early_or_not, with: {c: ", making->out);
	condition(making, depth + 1);
	if (both) {
		fputs(", b: ", making->out);
		condition(making, depth + 1);
	}
	making->given = false;
	fputs("}}}", making->out);
}

static void (*const plain[])(struct making *) = {making_comparison,
                                                 making_comparison,
                                                 making_comparison,
                                                 making_comparison,
                                                 making_comparison,
                                                 making_comparison,
                                                 listed,
                                                 embargo,
                                                 borders,
                                                 warning,
                                                 use,
                                                 use_of_path};

static void condition(struct making *making, uint32_t depth)
{
	static const char *const heads[] = {"some", "some", "every", "none", "count"};
	uint32_t which = depth < DEPTH_MAX ? dice_below(making->dice, 15) : 0;
	if (which < 5) {
		plain[dice_below(making->dice, sizeof(plain) / sizeof(plain[0]))](making);
	} else if (which < 7) {
		logic(making, which == 5 ? "all" : "any", depth);
	} else if (which == 7) {
		fputs("{not: ", making->out);
		condition(making, depth + 1);
		fputc('}', making->out);
	} else if (which == 13) {
		use_of_conditions(making, depth);
	} else if (which == 14) {
		chosen(making, depth);
	} else {
		quantified(making, heads[which - 8], depth);
	}
}

/* ---- what it is worth ---- */

/* A number, steps, or a line; after the conditions, so that what they bind is known. */
static void points(struct making *making)
{
	static const char *const whats[] = {"table: [[0, 5], [2, 20], [100, 40]]", "table: [[1, -10], [2.5, 30]], otherwise: 7", "table: [[0.5, 60]]",
	                                    "from: [0, 10], to: [10, 61]",         "from: [1, 30], to: [2.5, -8], otherwise: 3", NULL};
	if (dice_below(making->dice, 2)) {
		fprintf(making->out, "\npoints: %d", (int)dice_below(making->dice, 80) - 20);
		return;
	}
	fputs("\npoints: {over: ", making->out);
	making_number(making);
	fprintf(making->out, ", %s}", one_of(making, whats));
}

static void worth(struct making *making)
{
	static const char *const groups[] = {"", "\ngroup: g-a", "\ngroup: g-a", "\ngroup: g-b", NULL};
	static const char *const lanes[] = {"", "", "\nlane: blue", "\nlane: yellow", "\nlane: red", NULL};
	static const char *const actions[] = {"score", "documents", "examine", "hold\nlegal_basis: a law\nhold_days: 3", NULL};
	points(making);
	fputs(one_of(making, groups), making->out);
	if (dice_once_in(making->dice, 8)) {
		fputs("\naction: inform", making->out); /* of no lane */
		return;
	}
	fprintf(making->out, "%s\naction: %s", one_of(making, lanes), one_of(making, actions));
}

void random_rule(struct dice *dice, enum tw_family family, const char *id, FILE *out)
{
	static const char *const bodies[] = {"consignment: {id: a}", "certificate: {number: a}", "item: {marks: []}", "consignment: a",
	                                     "consignment: a"};
	struct making making = {.dice = dice, .family = family, .out = out};
	const char *body = bodies[family - TW_FAMILY_MANIFEST];
	fprintf(out,
	        "id: %s\nversion: 1\nstatus: active\ntitle: A title\non: %s\nsource: [\"Targeting practice\"]\nfalse_positives: none known\n"
	        "severity: 2\nbecause: because\ntests:\n  - {name: fires, fires: true, event: {%s}}\n"
	        "  - {name: silent, fires: false, event: {%s}}\ntypes: [",
	        id, tw_family_name(family), body, body);
	const char *separator = "";
	for (uint32_t type = 1; type < TW_FACT_INSPECTED; type++) {
		if (tw_event_type_family((enum tw_event_type)type) == family) {
			fprintf(out, "%s%s", separator, tw_event_type_name((enum tw_event_type)type));
			separator = ", ";
		}
	}
	fputs("]\nwhen: ", out);
	condition(&making, 0);
	if (dice_once_in(dice, 4)) {
		fputs("\nunless: ", out);
		condition(&making, 2);
	}
	making.scope_count = 0;
	worth(&making);
	fputc('\n', out);
}
