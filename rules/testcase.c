/**
 * @file testcase.c
 * Tests inside rules: YAML events to canonical JSON, typed by the shape table.
 *
 * The table says what each scalar becomes: text fields are strings whatever they look like, amounts and counts are numbers where they are
 * written as one, flags are true and false. Unknown members are errors here (they would be ignored in a real event): in a test they are
 * typing slips. Envelope members that are left out get fixed values, so that a test's event is the same bytes for ever.
 * A given event with `repeat: N` stands for N events: {n} in its texts is 1, 2 ... N.
 */
#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "rules/points.h"
#include "rules/ruleset.h"

/* 2026-03-01T00:00:00Z */
#define DEFAULT_TIME_MS 1772323200000LL
#define HOUR_MS         3600000LL
#define REPEAT_MAX      1000U /* events that one given event may stand for: above what any record keeps of one kind that rules see */

static const char *const basis_words[] = {"name", "identifier", "address", NULL};

/* JSON being written. */
struct writer {
	struct tw_compile *compile;
	char *bytes;
	uint32_t len, room;
	uint32_t nth; /* of a repeated event, from 1 on; 0: it is none */
	bool good;
};

/* What an event says when its YAML does not. */
struct defaults {
	const char *id;
	int64_t time_ms;
	enum tw_family family;
};

static void object(struct writer *writer, const struct tw_shape *shape, const struct tw_yaml *node, const struct defaults *defaults);

static void put(struct writer *writer, const char *bytes, uint32_t len)
{
	if (writer->room - writer->len <= len) {
		uint32_t room = (writer->room + len) * 2 + 256;
		char *grown = tw_compile_alloc(writer->compile, room);
		if (!grown) {
			writer->good = false;
			return;
		}
		if (writer->len) {
			memcpy(grown, writer->bytes, writer->len);
		}
		writer->bytes = grown;
		writer->room = room;
	}
	memcpy(writer->bytes + writer->len, bytes, len);
	writer->len += len;
	writer->bytes[writer->len] = '\0';
}

static void put_text(struct writer *writer, const char *terminated)
{
	put(writer, terminated, (uint32_t)strlen(terminated));
}

static bool is_turn(const struct writer *writer, struct tw_slice text, uint32_t at)
{
	return writer->nth && text.len - at >= 3 && memcmp(text.ptr + at, "{n}", 3) == 0;
}

static void put_string(struct writer *writer, struct tw_slice text)
{
	put(writer, "\"", 1);
	for (uint32_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		char escaped[12];
		if (is_turn(writer, text, i)) {
			snprintf(escaped, sizeof(escaped), "%u", writer->nth);
			put_text(writer, escaped);
			i += 2;
		} else if (c == '"' || c == '\\') {
			char pair[2] = {'\\', (char)c};
			put(writer, pair, 2);
		} else if (c < 0x20) {
			snprintf(escaped, sizeof(escaped), "\\u%04x", c);
			put_text(writer, escaped);
		} else {
			put(writer, &text.ptr[i], 1);
		}
	}
	put(writer, "\"", 1);
}

static bool is_number(struct tw_slice text)
{
	uint32_t i = text.len && text.ptr[0] == '-', digits = 0, places = 0;
	for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) {
		digits++;
	}
	bool zero = digits > 1 && text.ptr[i - digits] == '0';
	bool point = i < text.len && text.ptr[i] == '.';
	for (i += point; point && i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) {
		places++;
	}
	return digits && !zero && point == (places != 0) && i == text.len;
}

static void scalar(struct writer *writer, enum tw_field_kind kind, const struct tw_yaml *node)
{
	bool flag = kind == TW_FIELD_FLAG && (tw_slice_is(node->text, "true") || tw_slice_is(node->text, "false"));
	bool number = (kind == TW_FIELD_AMOUNT || kind == TW_FIELD_COUNT) && is_number(node->text);
	if (!tw_yaml_expect(node, TW_YAML_SCALAR, node->key.ptr ? node->key.ptr : "an element", writer->compile->report)) {
		writer->good = false;
	} else if (tw_yaml_null(node)) {
		put_text(writer, "null");
	} else if (node->plain && (flag || number)) {
		put(writer, node->text.ptr, node->text.len);
	} else {
		put_string(writer, node->text);
	}
}

static void list(struct writer *writer, const struct tw_field *field, const struct tw_yaml *node)
{
	if (!tw_yaml_expect(node, TW_YAML_SEQUENCE, field->name, writer->compile->report)) {
		writer->good = false;
		return;
	}
	put(writer, "[", 1);
	for (const struct tw_yaml *item = node->first; item; item = item->next) {
		if (item != node->first) {
			put(writer, ",", 1);
		}
		if (field->kind == TW_FIELD_OBJECTS) {
			object(writer, field->shape, item, NULL);
		} else {
			scalar(writer, TW_FIELD_TEXT, item);
		}
	}
	put(writer, "]", 1);
}

static void value(struct writer *writer, const struct tw_field *field, const struct tw_yaml *node)
{
	if (field->kind == TW_FIELD_OBJECT) {
		object(writer, field->shape, node, NULL);
	} else if ((field->kind == TW_FIELD_OBJECTS || field->kind == TW_FIELD_TEXTS) && !tw_yaml_null(node)) {
		list(writer, field, node);
	} else {
		scalar(writer, field->kind, node);
	}
}

static const char *first_type(enum tw_family family)
{
	static const enum tw_event_type types[] = {TW_CONSIGNMENT_DECLARED, TW_CERTIFICATE_ISSUED, TW_MARKING_MANUFACTURED, TW_INSPECTION_COMPLETED,
	                                           TW_HOLD_EXTENDED};
	return tw_event_type_name(types[family - TW_FAMILY_MANIFEST]);
}

/* @return the text for an envelope member that is left out, or NULL */
static const char *left_out(const struct tw_field *field, const struct defaults *defaults, char buffer[TW_INSTANT_BYTES])
{
	if (!defaults) {
		return NULL;
	}
	if (strcmp(field->name, "id") == 0) {
		return defaults->id;
	}
	if (strcmp(field->name, "type") == 0) {
		return first_type(defaults->family);
	}
	if (strcmp(field->name, "time") == 0) {
		return tw_instant_format(defaults->time_ms, buffer);
	}
	return strcmp(field->name, "source") == 0 ? "rule-test" : NULL;
}

static void check_members(struct writer *writer, const struct tw_shape *shape, const struct tw_yaml *node, const struct defaults *defaults)
{
	for (const struct tw_yaml *member = node->first; member; member = member->next) {
		struct tw_nearest nearest = tw_nearest_to(member->key);
		char hint[TW_HINT_BYTES];
		const struct tw_field *field = tw_field_find(shape, member->key);
		if ((field && !field->derived) || (defaults && writer->nth && tw_slice_is(member->key, "repeat"))) {
			continue;
		}
		for (uint32_t i = 0; i < shape->field_count; i++) {
			if (!shape->fields[i].derived) {
				tw_nearest_offer(&nearest, shape->fields[i].name);
			}
		}
		tw_report_error(writer->compile->report, member->key_mark, TW_E_UNKNOWN, "unknown field \"%.64s\" in %s%s", member->key.ptr,
		                shape->name, tw_nearest_hint(&nearest, hint));
		writer->good = false;
	}
}

static void object(struct writer *writer, const struct tw_shape *shape, const struct tw_yaml *node, const struct defaults *defaults)
{
	const char *separator = "";
	if (!tw_yaml_expect(node, TW_YAML_MAPPING, node->key.ptr ? node->key.ptr : "an element", writer->compile->report)) {
		writer->good = false;
		return;
	}
	check_members(writer, shape, node, defaults);
	put(writer, "{", 1);
	for (uint32_t i = 0; i < shape->field_count; i++) {
		const struct tw_field *field = &shape->fields[i];
		const struct tw_yaml *member = tw_yaml_member(node, field->name);
		char buffer[TW_INSTANT_BYTES];
		const char *fallback = member ? NULL : left_out(field, defaults, buffer);
		if (!member && !fallback) {
			continue;
		}
		put_text(writer, separator);
		separator = ",";
		put_string(writer, tw_slice_str(field->name));
		put(writer, ":", 1);
		if (member) {
			value(writer, field, member);
		} else {
			put_string(writer, tw_slice_str(fallback));
		}
	}
	put(writer, "}", 1);
}

/* @return false after a reported error; the event's family, by its type, goes to `defaults` */
static bool family_of(struct tw_compile *compile, const struct tw_yaml *node, struct defaults *defaults)
{
	const struct tw_yaml *type = tw_yaml_member(node, "type");
	struct tw_nearest nearest;
	char hint[TW_HINT_BYTES];
	if (!type) {
		return true;
	}
	if (!tw_yaml_expect(type, TW_YAML_SCALAR, "type", compile->report)) {
		return false;
	}
	enum tw_event_type known = tw_event_type_find(type->text);
	if (known && tw_event_type_family(known) != TW_FAMILY_FACT) { /* those follow from what is given */
		defaults->family = tw_event_type_family(known);
		return true;
	}
	nearest = tw_nearest_to(type->text);
	for (uint32_t i = 1; i < TW_EVENT_TYPES; i++) {
		tw_nearest_offer(&nearest, tw_event_type_name((enum tw_event_type)i));
	}
	tw_report_error(compile->report, type->mark, TW_E_UNKNOWN, "unknown event type \"%.64s\"%s", type->text.ptr, tw_nearest_hint(&nearest, hint));
	return false;
}

/* @param nth of a repeated event; 0: it is none */
static bool event_json(struct tw_compile *compile, const struct tw_yaml *node, struct defaults *defaults, uint32_t nth, struct tw_slice *out)
{
	struct writer writer = {.compile = compile, .nth = nth, .good = true};
	if (!tw_yaml_expect(node, TW_YAML_MAPPING, "an event", compile->report) || !family_of(compile, node, defaults)) {
		return false;
	}
	object(&writer, tw_shape_of(defaults->family), node, defaults);
	*out = (struct tw_slice){writer.bytes, writer.len};
	return writer.good;
}

/* ---- one test ---- */

static int64_t time_of(const struct tw_yaml *event)
{
	const struct tw_yaml *time = tw_yaml_member(event, "time");
	int64_t ms = DEFAULT_TIME_MS;
	return time && time->kind == TW_YAML_SCALAR && tw_instant_parse(time->text, &ms) ? ms : DEFAULT_TIME_MS;
}

/* How many events a given one stands for. @return 0 after a reported error */
static uint32_t repeated(struct tw_compile *compile, const struct tw_yaml *event)
{
	const struct tw_yaml *repeat = tw_yaml_member(event, "repeat");
	enum tw_class class = TW_CLASS_COUNT;
	struct tw_literal literal;
	int64_t times = 1;
	if (repeat && (!tw_literal_of(compile, repeat, "repeat", &literal) || !tw_literal_number(compile, &class, literal, &times))) {
		return 0;
	}
	if (times < 1 || times > REPEAT_MAX) {
		tw_report_error(compile->report, repeat->mark, TW_E_RANGE, "\"%s\" must be %lld to %lld", "repeat", 1LL, (long long)REPEAT_MAX);
		return 0;
	}
	return (uint32_t)times;
}

static bool given_add(struct tw_compile *compile, const struct tw_yaml *event, struct tw_rule_test *test, uint32_t nth, int64_t time_ms)
{
	uint32_t at = test->given_count++;
	char name[32];
	snprintf(name, sizeof(name), "test-given-%u", at + 1);
	struct defaults defaults = {name, time_ms, compile->family};
	bool good = event_json(compile, event, &defaults, nth, &test->given[at]);
	test->given_family[at] = defaults.family;
	return good;
}

static bool given(struct tw_compile *compile, const struct tw_yaml *node, int64_t time_ms, struct tw_rule_test *test)
{
	bool good = true;
	uint32_t total = 0;
	if (!node) {
		return true;
	}
	if (!tw_yaml_expect(node, TW_YAML_SEQUENCE, "given", compile->report)) {
		return false;
	}
	for (const struct tw_yaml *event = node->first; event; event = event->next) {
		uint32_t times = repeated(compile, event);
		good &= times != 0;
		total += times;
	}
	test->given = tw_compile_alloc(compile, total * sizeof(*test->given));
	test->given_family = tw_compile_alloc(compile, total * sizeof(*test->given_family));
	if (!test->given || !test->given_family || !good) {
		return false;
	}
	for (const struct tw_yaml *event = node->first; event && good; event = event->next) {
		uint32_t times = repeated(compile, event);
		for (uint32_t nth = 1; nth <= times && good; nth++) {
			int64_t at_ms = time_ms - (int64_t)(total - test->given_count) * HOUR_MS;
			good = given_add(compile, event, test, tw_yaml_member(event, "repeat") ? nth : 0, at_ms);
		}
	}
	return good;
}

static bool listed_text(struct tw_compile *compile, const struct tw_yaml *node, const char *key, struct tw_slice *out)
{
	const struct tw_yaml *member = tw_yaml_member(node, key);
	if (!member) {
		tw_report_error(compile->report, node->mark, TW_E_MISSING, "an assumed match needs \"%s\"", key);
		return false;
	}
	*out = member->text;
	return tw_yaml_expect(member, TW_YAML_SCALAR, key, compile->report);
}

static bool listed_basis(struct tw_compile *compile, const struct tw_yaml *node, struct tw_rule_test_match *match)
{
	const struct tw_yaml *member = tw_yaml_member(node, "basis");
	struct tw_literal literal;
	uint32_t bits;
	match->basis = TW_MATCH_NAME;
	if (!member) {
		return true;
	}
	if (!tw_literal_of(compile, member, "basis", &literal)) {
		return false;
	}
	struct tw_literals one = {&literal, 1};
	if (!tw_literals_bits(compile, basis_words, "basis", &one, &bits)) {
		return false;
	}
	match->basis = bits >> TW_MATCH_NAME & 1 ? TW_MATCH_NAME : bits >> TW_MATCH_IDENTIFIER & 1 ? TW_MATCH_IDENTIFIER : TW_MATCH_ADDRESS;
	return true;
}

static bool listed_one(struct tw_compile *compile, const struct tw_yaml *node, struct tw_rule_test_match *match)
{
	static const char *const known[] = {"subject", "list", "entry", "name", "basis", "similarity", NULL};
	if (!tw_yaml_expect(node, TW_YAML_MAPPING, "an assumed match", compile->report)) {
		return false;
	}
	tw_yaml_check_keys(node, known, "an assumed match", compile->report);
	bool good = listed_text(compile, node, "subject", &match->subject);
	good &= listed_text(compile, node, "list", &match->list);
	good &= listed_text(compile, node, "entry", &match->entry);
	good &= listed_text(compile, node, "name", &match->name);
	if (good && (match->subject.len == 0 || match->subject.ptr[0] != '/')) {
		match->subject = tw_arena_format(compile->arena, "/%s", match->subject.ptr);
	}
	match->similarity_ppm = 1000000;
	good &= tw_compile_similarity(compile, tw_yaml_member(node, "similarity"), &match->similarity_ppm);
	return listed_basis(compile, node, match) && good && match->subject.ptr;
}

/* Rows as they stand, a line each: who evaluates the test reads them as a register. */
static bool register_rows(struct tw_compile *compile, const struct tw_yaml *tests, const char *key, struct tw_slice *rows)
{
	const struct tw_yaml *node = tw_yaml_member(tests, key);
	bool good = !node || tw_yaml_expect(node, TW_YAML_SEQUENCE, key, compile->report);
	for (const struct tw_yaml *row = node && good ? node->first : NULL; row && good; row = row->next) {
		good = tw_yaml_expect(row, TW_YAML_SCALAR, "a row of a register", compile->report);
		struct tw_slice before = *rows;
		*rows = tw_arena_format(compile->arena, "%.*s%s\n", (int)before.len, before.ptr ? before.ptr : "", good ? row->text.ptr : "");
		good = good && rows->ptr;
	}
	return good;
}

static bool listed(struct tw_compile *compile, const struct tw_yaml *node, struct tw_rule_test *test)
{
	bool good = true;
	if (!node) {
		return true;
	}
	if (!tw_yaml_expect(node, TW_YAML_SEQUENCE, "listed", compile->report)) {
		return false;
	}
	test->listed = tw_compile_alloc(compile, node->count * sizeof(*test->listed));
	for (const struct tw_yaml *match = node->first; match && test->listed; match = match->next) {
		good &= listed_one(compile, match, &test->listed[test->listed_count++]);
	}
	return good && test->listed;
}

static bool fires(struct tw_compile *compile, const struct tw_yaml *node, struct tw_rule_test *test)
{
	const struct tw_yaml *member = tw_yaml_member(node, "fires");
	enum tw_class class = TW_CLASS_FLAG;
	struct tw_literal literal;
	int64_t flag;
	if (!member) {
		tw_report_error(compile->report, node->mark, TW_E_MISSING, "a test says whether the rule `fires`");
		return false;
	}
	if (!tw_literal_of(compile, member, "fires", &literal) || !tw_literal_number(compile, &class, literal, &flag)) {
		return false;
	}
	test->fires = flag != 0;
	return true;
}

/* What the finding is worth, for rules whose points depend on a value. */
static bool points(struct tw_compile *compile, const struct tw_yaml *node, struct tw_rule_test *test)
{
	const struct tw_yaml *member = tw_yaml_member(node, "points");
	if (!member) {
		return true;
	}
	if (!test->fires) {
		tw_report_error(compile->report, member->key_mark, TW_E_CONFLICT, "a test that does not fire has no points");
		return false;
	}
	test->has_points = true;
	return tw_points_number(compile, member, &test->points);
}

static bool one_test(struct tw_compile *compile, const struct tw_yaml *node, struct tw_rule_test *test)
{
	static const char *const known[] = {"name",       "fires",        "points",   "given", "listed", "specimens",
	                                    "quantities", "serial_forms", "markings", "event", NULL};
	const struct tw_yaml *name = tw_yaml_member(node, "name"), *event = tw_yaml_member(node, "event");
	if (!tw_yaml_expect(node, TW_YAML_MAPPING, "a test", compile->report)) {
		return false;
	}
	tw_yaml_check_keys(node, known, "a test", compile->report);
	if (!name || !event) {
		tw_report_error(compile->report, node->mark, TW_E_MISSING, "a test needs a name and an event");
		return false;
	}
	struct defaults defaults = {"test-1", time_of(event), compile->family};
	bool good = tw_yaml_expect(name, TW_YAML_SCALAR, "name", compile->report) && tw_rule_text_check(compile, name, "name");
	test->name = name->text;
	test->where = tw_arena_format(compile->arena, "%s:%u:%u", compile->report->file, node->mark.line, node->mark.column);
	good &= fires(compile, node, test);
	good &= points(compile, node, test);
	good &= event_json(compile, event, &defaults, 0, &test->event);
	good &= given(compile, tw_yaml_member(node, "given"), defaults.time_ms, test);
	good &= listed(compile, tw_yaml_member(node, "listed"), test);
	good &= register_rows(compile, node, "specimens", &test->specimens);
	good &= register_rows(compile, node, "quantities", &test->quantities);
	good &= register_rows(compile, node, "serial_forms", &test->serial_forms);
	good &= register_rows(compile, node, "markings", &test->markings);
	test->family = compile->family;
	if (defaults.family != compile->family) {
		tw_report_error(compile->report, event->mark, TW_E_TYPE, "the event is a %s, but the rule is on %s", tw_family_name(defaults.family),
		                tw_family_name(compile->family));
		good = false;
	}
	return good && test->where.ptr;
}

bool tw_rule_tests(struct tw_compile *compile, const struct tw_yaml *tests, struct tw_rule_draft *draft)
{
	bool good = true, firing = false, silent = false;
	if (!tw_yaml_expect(tests, TW_YAML_SEQUENCE, "tests", compile->report)) {
		return false;
	}
	for (const struct tw_yaml *node = tests->first; node; node = node->next) {
		struct tw_rule_test *test = tw_list_push(compile->arena, &draft->tests, sizeof(*test));
		if (!test) {
			tw_report_error(compile->report, node->mark, TW_E_MEMORY, "no memory");
			return false;
		}
		test->rule = draft->rule.info.id;
		good &= one_test(compile, node, test);
		firing |= test->fires;
		silent |= !test->fires;
	}
	if (good && (!firing || !silent)) {
		tw_report_error(compile->report, tests->mark, TW_E_MISSING, "a rule needs a test that fires and one that does not");
		return false;
	}
	return good;
}
