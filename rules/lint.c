/**
 * @file lint.c
 * See lint.h.
 */
#include "rules/lint.h"

#include <stdlib.h>

#include "engine/base/text.h"
#include "engine/base/time.h"
#include "rules/band.h"
#include "rules/canon.h"
#include "rules/pattern_probe.h"

/* What a probe of one pattern found. */
struct probed {
	struct tw_slice text;
	bool never;
	struct tw_pattern_probe probe;
};

struct lint {
	struct tw_arena arena;
	const struct tw_lint_world *world;
	const struct tw_rules *rules;
	struct tw_rule_report report;
	struct tw_list seen;     /* const struct tw_yaml *: literals that were looked at, sets are used by many */
	struct tw_list patterns; /* struct probed */
	bool no_memory;
};

/* ---- metadata ---- */

static void metadata(struct lint *lint, const struct tw_rule *rule)
{
	static const char *const needed[] = {"owner", "created"};
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		const struct tw_yaml *member = tw_yaml_member(rule->root, needed[i]);
		int32_t day;
		if (!member || member->kind != TW_YAML_SCALAR || member->text.len == 0) {
			tw_report_error(&lint->report, member ? member->mark : rule->root->mark, TW_E_MISSING, "the rule has no \"%s\"", needed[i]);
		} else if (i == 1 && !tw_date_parse(member->text, &day)) {
			tw_report_error(&lint->report, member->mark, TW_E_TYPE, "\"created\" is no date: \"%.64s\"", member->text.ptr);
		}
	}
}

/* ---- literals ---- */

typedef void literal_function(struct lint *lint, const struct tw_yaml *literal);

static bool seen_before(struct lint *lint, const struct tw_yaml *literal)
{
	const struct tw_yaml **known = lint->seen.data;
	for (uint32_t i = 0; i < lint->seen.count; i++) {
		if (known[i] == literal) {
			return true;
		}
	}
	const struct tw_yaml **slot = tw_list_push(&lint->arena, &lint->seen, sizeof(*slot));
	lint->no_memory |= slot == NULL;
	if (slot) {
		*slot = literal;
	}
	return false;
}

/* Every scalar on the right side, those of a named set in the set's own file. */
static void each_literal(struct lint *lint, const struct tw_yaml *value, literal_function *look)
{
	const struct tw_rule_set *set = tw_canon_set(value, lint->rules);
	const char *file = lint->report.file;
	if (set && !seen_before(lint, set->values)) {
		lint->report.file = set->values_file;
		each_literal(lint, set->values, look);
		lint->report.file = file;
	}
	if (!set && value->kind == TW_YAML_SCALAR) {
		look(lint, value);
	}
	for (const struct tw_yaml *item = value->kind == TW_YAML_SEQUENCE ? value->first : NULL; item; item = item->next) {
		each_literal(lint, item, look);
	}
}

/* Codes in daily use that are not ISO 3166-1's. Source: EU, Interinstitutional Style Guide, 7.1.1: EL, and UK before 2021. */
static const char *country_meant(struct tw_slice text)
{
	return tw_slice_is(text, "UK") ? "; did you mean \"GB\"?" : tw_slice_is(text, "EL") ? "; did you mean \"GR\"?" : "";
}

static void country(struct lint *lint, const struct tw_yaml *literal)
{
	uint16_t code = tw_country_code(literal->text);
	if (code && !lint->world->country(lint->world->context, code)) {
		tw_report_error(&lint->report, literal->mark, TW_E_UNKNOWN, "the country \"%s\" does not exist%s", literal->text.ptr,
		                country_meant(literal->text));
	}
}

/* A place, or the beginning of one, as far as it names its country. Source: UNECE, UN/LOCODE: the first two letters are ISO 3166-1's; XZ is no state.
 */
static void place(struct lint *lint, const struct tw_yaml *literal)
{
	char letters[2] = {0}, shown[TW_COUNTRY_BYTES];
	uint32_t count = 0;
	for (uint32_t i = 0; i < literal->text.len && count < 2; i++) {
		if (literal->text.ptr[i] != ' ') {
			letters[count++] = literal->text.ptr[i];
		}
	}
	uint16_t code = count == 2 ? tw_country_code((struct tw_slice){letters, 2}) : 0;
	if (code && code != ('X' << 8 | 'Z') && !lint->world->country(lint->world->context, code)) {
		tw_report_error(&lint->report, literal->mark, TW_E_UNKNOWN, "the country \"%s\" does not exist: that of the place \"%.64s\"",
		                tw_country_letters(code, shown).ptr, literal->text.ptr);
	}
}

/* Chapters 98 and 99 are each country's own. Source: WCO, HS 2022, table of contents: "reserved for special uses by Contracting Parties". */
static void hs(struct lint *lint, const struct tw_yaml *literal)
{
	bool national = literal->text.len >= 2 && literal->text.ptr[0] == '9' && literal->text.ptr[1] >= '8';
	if (!national && !lint->world->hs(lint->world->context, literal->text)) {
		tw_report_warning(&lint->report, literal->mark, "no heading of HS 2022 begins with \"%.64s\"", literal->text.ptr);
	}
}

/* Such a condition never holds here: a slip, or a list that this centre does not have. */
static void list_id(struct lint *lint, const struct tw_yaml *literal)
{
	struct tw_nearest nearest = tw_nearest_to(literal->text);
	char hint[TW_HINT_BYTES];
	tw_nearest_offer_all(&nearest, lint->world->lists);
	if (nearest.distance != 0) {
		tw_report_warning(&lint->report, literal->mark, "no configured list has the id \"%.64s\"%s", literal->text.ptr,
		                  tw_nearest_hint(&nearest, hint));
	}
}

/* One probe a pattern, however many rules use it. @return NULL without memory */
static const struct probed *probed(struct lint *lint, struct tw_slice text)
{
	struct probed *known = lint->patterns.data;
	for (uint32_t i = 0; i < lint->patterns.count; i++) {
		if (tw_slice_equal(known[i].text, text)) {
			return &known[i];
		}
	}
	struct probed *added = tw_list_push(&lint->arena, &lint->patterns, sizeof(*added));
	if (!added) {
		return NULL;
	}
	added->text = text;
	added->never = tw_pattern_never(text);
	return tw_pattern_probe(text, &lint->arena, &added->probe, NULL) == TW_OK ? added : NULL;
}

static void pattern(struct lint *lint, const struct tw_yaml *literal)
{
	const struct probed *found = probed(lint, literal->text);
	if (!found) {
		lint->no_memory = true;
	} else if (found->never) {
		tw_report_error(&lint->report, literal->mark, TW_E_RANGE, "the pattern \"%.64s\" can never match", literal->text.ptr);
	} else if (found->probe.gives_up) {
		tw_report_warning(&lint->report, literal->mark, "the pattern \"%.64s\" gives up on %u bytes of \"%s%s%s...\"", literal->text.ptr,
		                  TW_PROBE_TEXT_BYTES, found->probe.prefix, found->probe.unit, found->probe.unit);
	}
}

static void each_of(struct lint *lint, const struct tw_rule_node *node, const char *const *comparators, literal_function *look)
{
	for (size_t i = 0; comparators[i]; i++) {
		const struct tw_yaml *value = node->meant ? tw_yaml_member(node->meant, comparators[i]) : NULL;
		if (value && !seen_before(lint, value)) {
			each_literal(lint, value, look);
		}
	}
}

#define HS_DIGITS_WHOLE 6U /* a subheading: what declarations state at least. Source: WCO, HS 2022 */

static uint32_t digits_of(struct tw_slice code)
{
	uint32_t digits = 0;
	for (uint32_t i = 0; i < code.len; i++) {
		digits += code.ptr[i] >= '0' && code.ptr[i] <= '9';
	}
	return digits;
}

/* The first code of the list that is shorter than those which declarations state; of a set, through the set. */
static const struct tw_yaml *short_code(struct lint *lint, const struct tw_yaml *value)
{
	const struct tw_rule_set *set = tw_canon_set(value, lint->rules);
	const struct tw_yaml *found = NULL;
	value = set ? set->values : value;
	if (value->kind == TW_YAML_SCALAR) {
		return digits_of(value->text) < HS_DIGITS_WHOLE ? value : NULL;
	}
	for (const struct tw_yaml *item = value->first; item && !found; item = item->next) {
		found = short_code(lint, item);
	}
	return found;
}

/* `in` and `is` compare codes in full: whoever writes a heading there means what begins with it. Reported where it is used. */
static void whole_codes(struct lint *lint, const struct tw_rule_node *node)
{
	static const char *const whole[] = {"is", "is_not", "in", "not_in", NULL};
	for (size_t i = 0; whole[i]; i++) {
		const struct tw_yaml *value = node->meant ? tw_yaml_member(node->meant, whole[i]) : NULL;
		const struct tw_yaml *code = value && value->kind != TW_YAML_MAPPING ? short_code(lint, value) : NULL;
		if (code) {
			tw_report_warning(&lint->report, value->mark,
			                  "\"%s\" compares whole codes: none in use is \"%.64s\" alone; `starts` is meant", whole[i], code->text.ptr);
		}
	}
}

static void literals(struct lint *lint, const struct tw_rule_node *node)
{
	static const char *const of_countries[] = {"is", "is_not", "in", "not_in", NULL};
	static const char *const of_codes[] = {"is", "is_not", "in", "not_in", "starts", NULL};
	static const char *const of_patterns[] = {"matches", "not_matches", NULL};
	const struct tw_yaml *lists = tw_yaml_member(tw_yaml_member(node->meant, "listed"), "lists");
	if (lists && lint->world->lists && !seen_before(lint, lists)) {
		each_literal(lint, lists, list_id);
	}
	if (node->op == TW_OP_SPANS && node->left->class == TW_CLASS_HS) {
		whole_codes(lint, node);
	}
	if (node->op == TW_OP_CODES && lint->world->country) {
		each_of(lint, node, of_countries, country);
	}
	if (node->op == TW_OP_SPANS && node->left->class == TW_CLASS_PLACE && lint->world->country) {
		each_of(lint, node, of_codes, place);
	}
	if (node->op == TW_OP_SPANS && node->left->class == TW_CLASS_HS && lint->world->hs) {
		each_of(lint, node, of_codes, hs);
	}
	if (node->op == TW_OP_MATCHES) {
		each_of(lint, node, of_patterns, pattern);
	}
	const struct tw_yaml *earlier = node->left && node->left->kind == TW_OPERAND_EARLIER ? tw_yaml_member(node->meant, "earlier") : NULL;
	const struct tw_yaml *asked = earlier ? tw_yaml_member(earlier, "matches") : NULL;
	if (asked && !seen_before(lint, asked)) {
		each_literal(lint, asked, pattern);
	}
}

/* ---- what stands twice ---- */

static int by_text(const void *left, const void *right)
{
	const struct tw_yaml *const *a = left, *const *b = right;
	int order = tw_slice_compare((*a)->text, (*b)->text);
	return order                                ? order
	       : (*a)->mark.line != (*b)->mark.line ? ((*a)->mark.line > (*b)->mark.line) - ((*a)->mark.line < (*b)->mark.line)
	                                            : ((*a)->mark.column > (*b)->mark.column) - ((*a)->mark.column < (*b)->mark.column);
}

/* An entry that says nothing: where there is one too many, another may be missing. */
static void twice(struct lint *lint, const struct tw_yaml *list)
{
	const struct tw_yaml **entry =
	    list && list->kind == TW_YAML_SEQUENCE ? tw_arena_alloc(&lint->arena, (list->count + 1) * sizeof(*entry)) : NULL;
	uint32_t count = 0;
	for (const struct tw_yaml *item = entry ? list->first : NULL; item; item = item->next) {
		if (item->kind == TW_YAML_SCALAR) {
			entry[count++] = item;
		}
	}
	if (count > 1) {
		qsort(entry, count, sizeof(*entry), by_text);
	}
	for (uint32_t i = 1; i < count; i++) {
		if (tw_slice_equal(entry[i]->text, entry[i - 1]->text)) {
			tw_report_warning(&lint->report, entry[i]->mark, "\"%.64s\" stands in its list a second time", entry[i]->text.ptr);
		}
	}
}

static void lists_twice(struct lint *lint, const struct tw_yaml *condition)
{
	static const char *const lists[] = {"in", "not_in", "starts", "words", "except", "matches", "not_matches", NULL};
	const struct tw_yaml *near = tw_yaml_member(condition, "near");
	for (size_t i = 0; lists[i]; i++) {
		twice(lint, tw_yaml_member(condition, lists[i]));
	}
	if (near && near->kind == TW_YAML_MAPPING) {
		twice(lint, tw_yaml_member(near, "a"));
		twice(lint, tw_yaml_member(near, "b"));
	}
}

/* Of a table a column may well say one thing in many rows. */
static void sets_twice(struct lint *lint)
{
	for (uint32_t i = 0; i < lint->rules->set_count; i++) {
		const struct tw_rule_set *set = &lint->rules->set[i];
		if (strcmp(set->file, set->values_file) == 0) {
			lint->report.file = set->file;
			twice(lint, set->values);
		}
	}
}

/* Codes of bands, as written they may have dots: shown by their digits. */
static void bands(struct lint *lint)
{
	char digits[TW_KEY_TEXT_BYTES];
	for (uint32_t i = 0; lint->world->hs && i < lint->rules->band_count; i++) {
		const struct tw_rule_set *band = &lint->rules->band[i];
		lint->report.file = band->file;
		for (uint32_t k = 0; k < band->band->count; k++) {
			struct tw_slice code = tw_slice_str(tw_key_text(TW_CLASS_HS, band->band->row[k].span.low, digits));
			hs(lint, &(struct tw_yaml){.kind = TW_YAML_SCALAR, .text = code, .mark = band->mark});
		}
	}
}

/* ---- conditions that exclude each other ---- */

static bool same_value(const struct tw_operand *a, const struct tw_operand *b)
{
	return a->kind == TW_OPERAND_FIELD && b->kind == TW_OPERAND_FIELD && a->slot == b->slot && a->offset == b->offset && a->class == b->class &&
	       a->as_day == b->as_day && a->field == b->field;
}

static bool texts_apart(const struct tw_text_set *a, const struct tw_text_set *b)
{
	for (uint32_t i = 0; i < a->count; i++) {
		for (uint32_t j = 0; j < b->count; j++) {
			if (tw_slice_equal(a->text[i], b->text[j])) {
				return false;
			}
		}
	}
	return true;
}

static bool codes_apart(const uint64_t *a, const uint64_t *b)
{
	for (uint32_t i = 0; i < TW_COUNTRY_WORDS; i++) {
		if (a[i] & b[i]) {
			return false;
		}
	}
	return true;
}

/* Both are in order, and none touches another. */
static bool spans_apart(const struct tw_span_set *a, const struct tw_span_set *b)
{
	for (uint32_t i = 0, j = 0; i < a->count && j < b->count;) {
		if (a->span[i].high < b->span[j].low) {
			i++;
		} else if (b->span[j].high < a->span[i].low) {
			j++;
		} else {
			return false;
		}
	}
	return true;
}

/* Holds of a stated value alone, also where it denies: what is_not and not_in are of. */
static bool needs_value(const struct tw_rule_node *node)
{
	return node->op >= TW_OP_STATED && node->op <= TW_OP_SAME && !(node->op == TW_OP_STATED && node->negate);
}

static bool absent(const struct tw_rule_node *node)
{
	return node->op == TW_OP_STATED && node->negate;
}

/* Both hold of one value, and no value is in both: said only of kinds of sets that are compared easily. */
static bool excludes(const struct tw_rule_node *a, const struct tw_rule_node *b)
{
	if (!a->left || !b->left || !same_value(a->left, b->left)) {
		return false;
	}
	if ((absent(a) && needs_value(b)) || (absent(b) && needs_value(a))) {
		return true;
	}
	if (a->op != b->op || a->negate || b->negate) {
		return false;
	}
	if (a->op == TW_OP_SPANS) {
		return spans_apart(a->with.spans, b->with.spans);
	}
	if (a->op == TW_OP_RANGE) {
		return a->with.range.low > b->with.range.high || b->with.range.low > a->with.range.high;
	}
	if (a->op == TW_OP_BITS) {
		return !(a->with.bits & b->with.bits);
	}
	if (a->op == TW_OP_CODES) {
		return codes_apart(a->with.codes, b->with.codes);
	}
	return a->op == TW_OP_TEXTS && texts_apart(a->with.texts, b->with.texts);
}

/* What is asked, and that very thing denied. */
static bool denies(struct lint *lint, const struct tw_rule_node *denial, const struct tw_rule_node *other)
{
	const struct tw_yaml *denied = denial->op == TW_OP_NOT ? denial[1].source : NULL;
	if (!denied || !other->source) {
		return false;
	}
	struct tw_slice one = tw_canon_written(denied, &lint->arena), two = tw_canon_written(other->source, &lint->arena);
	lint->no_memory |= !one.ptr || !two.ptr;
	return one.ptr && two.ptr && tw_slice_equal(one, two);
}

static void contradictions(struct lint *lint, const struct tw_rule_node *nodes, uint32_t at)
{
	for (uint32_t a = at + 1; a < nodes[at].end; a = nodes[a].end) {
		for (uint32_t b = nodes[a].end; b < nodes[at].end; b = nodes[b].end) {
			bool apart = excludes(&nodes[a], &nodes[b]) || denies(lint, &nodes[a], &nodes[b]) || denies(lint, &nodes[b], &nodes[a]);
			if (apart && nodes[b].source) {
				tw_report_warning(&lint->report, nodes[b].source->mark,
				                  "the conditions can never hold together: this, and that of line %u",
				                  nodes[a].source ? nodes[a].source->mark.line : 0);
				return;
			}
		}
	}
}

/* ---- rules that are the same ---- */

struct meaning {
	struct tw_slice text;
	const struct tw_rule *rule;
};

static int by_meaning(const void *left, const void *right)
{
	const struct meaning *a = left, *b = right;
	int order = tw_canon_order(&a->text, &b->text);
	return order ? order : tw_canon_order(&a->rule->info.id, &b->rule->info.id);
}

static void twins(struct lint *lint)
{
	const struct tw_rules *rules = lint->rules;
	struct meaning *meaning = tw_arena_alloc(&lint->arena, rules->count * sizeof(*meaning));
	uint32_t count = 0;
	for (uint32_t i = 0; meaning && i < rules->count; i++) {
		struct tw_slice text = tw_canon_rule(&rules->rule[i], rules, &lint->arena);
		lint->no_memory |= text.ptr == NULL;
		if (text.ptr && rules->rule[i].info.status != TW_RULE_DEPRECATED) {
			meaning[count++] = (struct meaning){text, &rules->rule[i]};
		}
	}
	lint->no_memory |= meaning == NULL;
	if (count) {
		qsort(meaning, count, sizeof(*meaning), by_meaning);
	}
	for (uint32_t i = 1; i < count; i++) {
		if (tw_slice_equal(meaning[i].text, meaning[i - 1].text)) {
			const struct tw_rule *other = meaning[i - 1].rule;
			lint->report.file = meaning[i].rule->file;
			tw_report_warning(&lint->report, meaning[i].rule->mark, "the same conditions as \"%.64s\" in %.128s:%u", other->info.id.ptr,
			                  other->file, other->mark.line);
		}
	}
}

/* ---- all of it ---- */

static void look_at(struct lint *lint)
{
	for (uint32_t i = 0; i < lint->rules->count; i++) {
		const struct tw_rule *rule = &lint->rules->rule[i];
		lint->report.file = rule->file;
		metadata(lint, rule);
		for (uint32_t n = 0; n < rule->explain[0].end; n++) {
			lint->report.file = rule->explain[n].meant ? rule->explain[n].meant->file : rule->file;
			literals(lint, &rule->explain[n]);
			lists_twice(lint, rule->explain[n].meant);
			lint->report.file = rule->file;
			if (rule->explain[n].op == TW_OP_ALL) {
				contradictions(lint, rule->explain, n);
			}
		}
	}
	bands(lint);
	sets_twice(lint);
	twins(lint);
}

/* What the loader says goes on to the caller, and the files with errors are kept. */
struct relay {
	const struct tw_rule_sink *to;
	struct tw_arena *arena;
	struct tw_list broken; /* const char * */
};

static bool is_broken(const struct relay *relay, const char *file)
{
	const char *const *broken = relay->broken.data;
	for (uint32_t i = 0; i < relay->broken.count; i++) {
		if (strcmp(broken[i], file) == 0) {
			return true;
		}
	}
	return false;
}

static void relay_see(void *context, const struct tw_rule_problem *problem)
{
	struct relay *relay = context;
	relay->to->see(relay->to->context, problem);
	if (!problem->warning && !is_broken(relay, problem->file)) {
		const char **slot = tw_list_push(relay->arena, &relay->broken, sizeof(*slot));
		struct tw_slice copy = tw_arena_copy(relay->arena, tw_slice_str(problem->file));
		if (slot) {
			*slot = copy.ptr ? copy.ptr : "";
		}
	}
}

/* A set whose file is broken breaks every rule that uses it: those are left out too, quietly, until nothing breaks. */
static enum tw_code load_unbroken(const struct tw_rule_source *sources, size_t count, struct relay *relay, struct tw_rules **out,
                                  struct tw_error *err)
{
	struct tw_rule_source *whole = tw_arena_alloc(relay->arena, count * sizeof(*whole));
	enum tw_code code = whole ? TW_E_CONFLICT : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to look at rules", NULL, NULL);
	for (uint32_t before = UINT32_MAX; whole && code != TW_OK && before != relay->broken.count;) {
		const struct tw_rule_sink sink = {relay_see, relay};
		size_t kept = 0;
		before = relay->broken.count;
		for (size_t i = 0; i < count; i++) {
			if (!is_broken(relay, sources[i].name)) {
				whole[kept++] = sources[i];
			}
		}
		code = tw_rules_load_seen(whole, kept, NULL, &sink, out, err);
	}
	return code;
}

static void unheard(void *context, const struct tw_rule_problem *problem)
{
	(void)context;
	(void)problem;
}

enum tw_code tw_rules_lint(const struct tw_rule_source *sources, size_t count, const struct tw_lint_world *world, const struct tw_rule_sink *sink,
                           struct tw_error *err)
{
	static const struct tw_rule_sink deaf = {unheard, NULL};
	struct lint lint = {.world = world, .report = {.sink = sink, .file = ""}};
	struct tw_rules *rules = NULL;
	tw_arena_init(&lint.arena, 256U * 1024U, 0);
	struct relay relay = {.to = sink, .arena = &lint.arena};
	const struct tw_rule_sink through = {relay_see, &relay};
	enum tw_code code = tw_rules_load_seen(sources, count, NULL, &through, &rules, err);
	if (code != TW_OK && relay.broken.count) {
		relay.to = &deaf;
		code = load_unbroken(sources, count, &relay, &rules, err);
	}
	if (code == TW_OK) {
		lint.rules = rules;
		look_at(&lint);
	}
	tw_rules_free(rules);
	tw_arena_fini(&lint.arena);
	if (lint.no_memory || code == TW_E_MEMORY) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to look at rules", NULL, NULL);
	}
	return TW_OK;
}
