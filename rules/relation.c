/**
 * @file relation.c
 * Conditions that ask the world outside the event: lists, embargoes, borders; and the event's own warnings.
 */
#include "engine/base/arena.h"
#include "rules/compile.h"

/* Decided after everything that the event alone can answer. In rough nanoseconds, as in compare.c. */
enum { COST_LISTED = 8, COST_WARNING = 6, COST_BORDERS = 60, COST_EMBARGO = 120, COST_NEIGHBOUR = 5000 };

/* Words of the embargo data file; words[i] is bit i. Source: include/tidewaiter/embargo.h, enum tw_goods. */
static const char *const goods_words[] = {"all_goods",     "arms",       "arms_and_related", "heavy_conventional",
                                          "light_weapons", "ammunition", "dual_use_police",  "dual_use",
                                          "surveillance",  NULL};
static const char *const direction_words[] = {"supply_to", "supply_from", NULL};
static const char *const confidence_words[] = {"seen", "derived", "recalled", NULL};
static const char *const target_words[] = {"state", "non_state", "entity_group", NULL};
static const char *const basis_words[] = {"name", "identifier", "address", NULL};
static const char *const warning_words[] = {
    "ill_typed", "check_digit", "unknown_country", "unknown_place", "unknown_hs", "unknown_owner", "unknown_word", "id_reused", NULL};

static bool facts(struct tw_compile *compile, const char *const *names)
{
	bool good = true;
	for (; *names; names++) {
		good &= tw_compile_fact(compile, tw_slice_str(*names));
	}
	return good;
}

/* A list of words as plain slices. */
static bool slices(struct tw_compile *compile, const struct tw_yaml *node, const char *what, const struct tw_slice **out, uint32_t *count)
{
	struct tw_literals literals;
	if (!node) {
		return true;
	}
	if (!tw_literals_read(compile, node, what, &literals)) {
		return false;
	}
	struct tw_slice *texts = tw_compile_alloc(compile, (size_t)literals.count * sizeof(*texts));
	for (uint32_t i = 0; texts && i < literals.count; i++) {
		texts[i] = literals.at[i].text;
	}
	*out = texts;
	*count = literals.count;
	return texts != NULL;
}

/* A list of known words as bits 1 << value. */
static bool bits(struct tw_compile *compile, const struct tw_yaml *node, const char *const *words, const char *what, uint32_t fallback, uint32_t *out)
{
	struct tw_literals literals;
	*out = fallback;
	return !node || (tw_literals_read(compile, node, what, &literals) && tw_literals_bits(compile, words, what, &literals, out));
}

/* ---- listed ---- */

static bool listed_subject(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *subject, struct tw_listed_test *test)
{
	struct tw_path path;
	if (!subject) {
		test->any = true;
		return true;
	}
	test->any = subject->kind == TW_YAML_SCALAR && tw_slice_is(subject->text, "any");
	if (test->any) {
		return true;
	}
	if (!tw_compile_object(compile, scope, subject, &path)) {
		return false;
	}
	if (strcmp(path.shape->name, "party") != 0 && strcmp(path.shape->name, "means") != 0) {
		tw_report_error(compile->report, subject->mark, TW_E_TYPE, "lists are searched for a party or the means, not for \"%s\"",
		                path.shape->name);
		return false;
	}
	test->slot = path.slot;
	test->offset = path.offset;
	return true;
}

/* Below every equal name, weak ones and ones whose country contradicts too (list_search.c): without a word about similarity, a rule means
 * what it meant when only equal names hit, and besides the nearest others. Source: project's choice. */
#define SIMILARITY_PPM 780000

bool tw_compile_similarity(struct tw_compile *compile, const struct tw_yaml *node, uint32_t *out)
{
	struct tw_literal literal;
	enum tw_class class = TW_CLASS_AMOUNT;
	int64_t e4;
	if (!node) {
		return true;
	}
	if (!tw_literal_of(compile, node, "similarity", &literal) || !tw_literal_number(compile, &class, literal, &e4)) {
		return false;
	}
	if (e4 < 0 || e4 > 10000) {
		tw_report_error(compile->report, node->mark, TW_E_TYPE, "a similarity is between 0 and 1");
		return false;
	}
	*out = (uint32_t)e4 * 100;
	return true;
}

/* Whose name or number it is; a neighbour is another matter, and asked for in so many words. */
#define OF_THE_LISTED (1U << TW_MATCH_NAME | 1U << TW_MATCH_IDENTIFIER)

struct tw_clause *tw_compile_listed(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *value)
{
	static const char *const known[] = {"subject", "lists", "basis", "similarity", NULL};
	static const char *const left[] = {"list", "entry", "listed_name", NULL};
	struct tw_clause *condition = tw_compile_node(compile, TW_OP_LISTED, COST_LISTED);
	struct tw_listed_test *test = tw_compile_alloc(compile, sizeof(*test));
	if (!condition || !test || !tw_yaml_expect_like(value, "listed", "{subject: party}", compile->report)) {
		return NULL;
	}
	tw_yaml_check_keys(value, known, "listed", compile->report);
	bool good = listed_subject(compile, scope, tw_yaml_member(value, "subject"), test);
	good &= slices(compile, tw_yaml_member(value, "lists"), "lists", &test->list, &test->list_count);
	good &= bits(compile, tw_yaml_member(value, "basis"), basis_words, "basis", OF_THE_LISTED, &test->bases);
	test->similarity_ppm_min = SIMILARITY_PPM;
	good &= tw_compile_similarity(compile, tw_yaml_member(value, "similarity"), &test->similarity_ppm_min);
	test->address_ppm_min = tw_yaml_member(value, "similarity") ? test->similarity_ppm_min : 0;
	condition->node.with.listed = test;
	return good && facts(compile, left) ? condition : NULL;
}

/* ---- embargo and borders ---- */

/* A country, a place, or a text that may hold either (documents state destinations both ways). */
static struct tw_operand *country(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node)
{
	struct tw_operand *operand = tw_compile_field(compile, scope, node);
	if (!operand) {
		return NULL;
	}
	if (operand->class != TW_CLASS_COUNTRY && operand->class != TW_CLASS_PLACE && operand->class != TW_CLASS_TEXT) {
		tw_report_error(compile->report, node->mark, TW_E_TYPE, "\"%.64s\" is %s, not a country or a place", node->text.ptr,
		                tw_class_name(operand->class));
		return NULL;
	}
	operand->class = TW_CLASS_COUNTRY;
	return operand;
}

static bool embargo_day(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *on, struct tw_embargo_test *test)
{
	if (!on) {
		return true;
	}
	struct tw_operand *operand = tw_compile_field(compile, scope, on);
	if (!operand) {
		return false;
	}
	if (operand->class != TW_CLASS_DAY && operand->class != TW_CLASS_INSTANT) {
		tw_report_error(compile->report, on->mark, TW_E_TYPE, "\"%.64s\" is %s, not a date", on->text.ptr, tw_class_name(operand->class));
		return false;
	}
	operand->as_day = operand->class == TW_CLASS_INSTANT;
	operand->class = TW_CLASS_DAY;
	test->on = operand;
	return true;
}

static bool embargo_direction(struct tw_compile *compile, const struct tw_yaml *node, struct tw_embargo_test *test)
{
	struct tw_literal literal;
	uint32_t set;
	test->directions = TW_DIRECTION_SUPPLY_TO;
	if (!node) {
		return true;
	}
	if (!tw_literal_of(compile, node, "direction", &literal)) {
		return false;
	}
	struct tw_literals one = {&literal, 1};
	if (!tw_literals_bits(compile, direction_words, "direction", &one, &set)) {
		return false;
	}
	test->directions = set >> 1;
	return true;
}

static bool embargo_neighbour(struct tw_compile *compile, const struct tw_yaml *node, struct tw_embargo_test *test)
{
	enum tw_class class = TW_CLASS_FLAG;
	struct tw_literal literal;
	int64_t flag = 0;
	if (node && (!tw_literal_of(compile, node, "neighbour", &literal) || !tw_literal_number(compile, &class, literal, &flag))) {
		return false;
	}
	test->neighbour = flag != 0;
	return true;
}

struct tw_clause *tw_compile_embargo(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *value)
{
	static const char *const known[] = {"country", "goods", "direction", "on", "confidence", "targets", "issuers", "neighbour", NULL};
	static const char *const left[] = {"regime", "instrument", "verified_until", "renewal", "embargoed_country", NULL};
	struct tw_clause *condition = tw_compile_node(compile, TW_OP_EMBARGO, COST_EMBARGO);
	struct tw_embargo_test *test = tw_compile_alloc(compile, sizeof(*test));
	const struct tw_yaml *where = tw_yaml_member(value, "country"), *goods = tw_yaml_member(value, "goods");
	if (!condition || !test || !tw_yaml_expect_like(value, "embargo", "{country: leg.country, goods: [arms]}", compile->report)) {
		return NULL;
	}
	tw_yaml_check_keys(value, known, "embargo", compile->report);
	if (!where || !goods) {
		tw_report_error(compile->report, value->mark, TW_E_MISSING, "embargo needs `country` and `goods`");
		return NULL;
	}
	uint32_t fallback = 1U << TW_CONFIDENCE_SEEN | 1U << TW_CONFIDENCE_DERIVED;
	test->country = country(compile, scope, where);
	bool good = test->country != NULL;
	good &= bits(compile, goods, goods_words, "goods", 0, &test->goods);
	good &= embargo_direction(compile, tw_yaml_member(value, "direction"), test);
	good &= embargo_day(compile, scope, tw_yaml_member(value, "on"), test);
	good &= bits(compile, tw_yaml_member(value, "confidence"), confidence_words, "confidence", fallback, &test->confidences);
	good &= bits(compile, tw_yaml_member(value, "targets"), target_words, "targets", 0, &test->targets);
	good &= slices(compile, tw_yaml_member(value, "issuers"), "issuers", &test->issuer, &test->issuer_count);
	good &= embargo_neighbour(compile, tw_yaml_member(value, "neighbour"), test);
	test->goods >>= 1; /* the bits of enum tw_goods start at 0 */
	condition->node.with.embargo = test;
	condition->cost = test->neighbour ? COST_NEIGHBOUR : COST_EMBARGO;
	return good && facts(compile, left) ? condition : NULL;
}

struct tw_clause *tw_compile_borders(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *value)
{
	struct tw_clause *condition = tw_compile_node(compile, TW_OP_BORDERS, COST_BORDERS);
	if (!condition || !tw_yaml_expect(value, TW_YAML_SEQUENCE, "borders", compile->report)) {
		return NULL;
	}
	if (value->count != 2) {
		tw_report_error(compile->report, value->mark, TW_E_TYPE, "borders takes a list of two paths");
		return NULL;
	}
	condition->node.left = country(compile, scope, value->first);
	condition->node.right = country(compile, scope, value->last);
	return condition->node.left && condition->node.right ? condition : NULL;
}

/* ---- warnings ---- */

static bool warning_place(struct tw_compile *compile, const struct tw_yaml *at, struct tw_warning_test *test)
{
	struct tw_literal literal;
	if (!tw_literal_of(compile, at, "at", &literal)) {
		return false;
	}
	while (literal.text.len && literal.text.ptr[0] == '/') {
		literal.text.ptr++;
		literal.text.len--;
	}
	struct tw_body body = tw_body_of(compile->family);
	uint32_t length = 0;
	while (length < literal.text.len && literal.text.ptr[length] != '/' && literal.text.ptr[length] != '.') {
		length++;
	}
	struct tw_slice first = {literal.text.ptr, length};
	struct tw_nearest nearest = tw_nearest_to(first);
	char hint[TW_HINT_BYTES];
	for (uint32_t i = 0; i < body.shape->field_count; i++) {
		tw_nearest_offer(&nearest, body.shape->fields[i].name);
	}
	if (nearest.distance != 0) {
		tw_report_error(compile->report, at->mark, TW_E_UNKNOWN, "unknown field \"%.*s\" in %s%s", (int)(length > 64 ? 64 : length),
		                literal.text.ptr, body.shape->name, tw_nearest_hint(&nearest, hint));
		return false;
	}
	char *pointer = tw_compile_alloc(compile, (size_t)literal.text.len + 2);
	if (!pointer) {
		return false;
	}
	pointer[0] = '/';
	for (uint32_t i = 0; i < literal.text.len; i++) {
		pointer[i + 1] = literal.text.ptr[i] == '.' ? '/' : literal.text.ptr[i];
	}
	test->at = (struct tw_slice){pointer, literal.text.len + 1};
	return true;
}

struct tw_clause *tw_compile_warning(struct tw_compile *compile, const struct tw_yaml *condition_node, const struct tw_yaml *value)
{
	struct tw_clause *condition = tw_compile_node(compile, TW_OP_WARNING, COST_WARNING);
	struct tw_warning_test *test = tw_compile_alloc(compile, sizeof(*test));
	struct tw_literal literal;
	uint32_t set;
	if (!condition || !test || !tw_literal_of(compile, value, "warning", &literal)) {
		return NULL;
	}
	struct tw_literals one = {&literal, 1};
	const struct tw_yaml *at = tw_yaml_member(condition_node, "at");
	bool good = tw_literals_bits(compile, warning_words, "warning", &one, &set);
	test->kind = tw_warning_find(literal.text);
	if (test->kind == TW_WARNING_ID_REUSED) {
		good &= tw_compile_fact(compile, tw_slice_str("earlier_offset"));
	}
	if (at && test->kind == TW_WARNING_ID_REUSED) {
		tw_report_error(compile->report, at->key_mark, TW_E_CONFLICT, "\"id_reused\" is said of the event: it takes no \"at\"");
		return NULL;
	}
	good &= !at || warning_place(compile, at, test);
	test->body = tw_slice_str(tw_body_of(compile->family).pointer);
	condition->node.with.warning = test;
	return good ? condition : NULL;
}
