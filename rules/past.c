/**
 * @file past.c
 * Questions to what is remembered: `history`, a metric of an entity; `earlier`, what its earlier parcels were said to hold.
 *
 * State keeps the goods of earlier parcels as they were stated (engine/state/wares.h); which of them a rule means is asked here, by words or
 * patterns, when the event is there. So `earlier` counts consignments: {earlier: {of: party, days: 60, words: $slides}, at_least: 1}.
 */
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/event/metric.h"
#include "rules/eval.h"

/* Of receivers that changed: the first of them. */
static const char *const receiver_facts[] = {"receiver_role", "receiver_now", "receiver_before"};

static enum tw_class class_of_answer(enum tw_answer_kind answer)
{
	switch (answer) {
	case TW_ANSWER_COUNT:
	case TW_ANSWER_DAYS:
		return TW_CLASS_COUNT;
	case TW_ANSWER_AMOUNT:
		return TW_CLASS_AMOUNT;
	case TW_ANSWER_DATE:
		return TW_CLASS_DAY;
	case TW_ANSWER_FLAG:
		return TW_CLASS_FLAG;
	case TW_ANSWER_CHOICE:
		return TW_CLASS_CHOICE;
	case TW_ANSWER_COUNTRY:
		return TW_CLASS_COUNTRY;
	}
	return TW_CLASS_COUNT;
}

static enum tw_entity_kind entity_of_shape(const char *shape)
{
	static const struct {
		const char *shape;
		enum tw_entity_kind entity;
	} entities[] = {{"party", TW_ENTITY_PARTY},
	                {"address", TW_ENTITY_ADDRESS},
	                {"means", TW_ENTITY_VESSEL},
	                {"container", TW_ENTITY_CONTAINER},
	                {"certificate_ref", TW_ENTITY_CERTIFICATE},
	                {"marking", TW_ENTITY_MARKING},
	                {"mark", TW_ENTITY_MARKING},
	                {"signatory", TW_ENTITY_PAPER},
	                {"issuer", TW_ENTITY_PAPER},
	                {"contract", TW_ENTITY_PAPER},
	                {"licence", TW_ENTITY_PAPER}};
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		if (strcmp(shape, entities[i].shape) == 0) {
			return entities[i].entity;
		}
	}
	return (enum tw_entity_kind)0;
}

/* A party's phone and e-mail, a document's hash and number are entities without members. */
static enum tw_entity_kind entity_of_text(const struct tw_field *field)
{
	bool text = field->kind == TW_FIELD_TEXT;
	bool paper = text && (strcmp(field->name, "sha256") == 0 || strcmp(field->name, "paper_number") == 0);
	return text && strcmp(field->name, "phone") == 0   ? TW_ENTITY_PHONE
	       : text && strcmp(field->name, "email") == 0 ? TW_ENTITY_EMAIL
	       : paper                                     ? TW_ENTITY_PAPER
	                                                   : (enum tw_entity_kind)0;
}

static enum tw_entity_kind entity_of_event(enum tw_family family)
{
	switch (family) {
	case TW_FAMILY_CERTIFICATE:
		return TW_ENTITY_CERTIFICATE;
	case TW_FAMILY_MARKING:
		return TW_ENTITY_MARKING;
	case TW_FAMILY_MANIFEST:
	case TW_FAMILY_OUTCOME:
	case TW_FAMILY_DECISION:
	case TW_FAMILY_FACT: /* no rule is on it */
		break;
	}
	return TW_ENTITY_CONSIGNMENT;
}

/* Papers are one kind of entity, and each of their metrics reads a struct of its own. */
static const struct {
	enum tw_metric metric;
	const char *of[3];
} papers[] = {{TW_METRIC_SIGNATORY, {"signatory"}},
              {TW_METRIC_OFFICE, {"issuer"}},
              {TW_METRIC_CERTIFICATES_ELSEWHERE, {"contract"}},
              {TW_METRIC_OTHER_CERTIFICATES, {"sha256", "paper_number"}}};

/* @param subject what the path ends at @return false after a reported error */
static bool paper_fits(struct tw_compile *compile, const struct tw_yaml *name, const struct tw_operand *operand, const char *subject)
{
	for (size_t i = 0; operand->entity == TW_ENTITY_PAPER && i < sizeof(papers) / sizeof(papers[0]); i++) {
		const char *const *of = papers[i].of;
		if (papers[i].metric != operand->metric->metric || strcmp(of[0], subject) == 0 || (of[1] && strcmp(of[1], subject) == 0)) {
			continue;
		}
		tw_report_error(compile->report, name->mark, TW_E_TYPE, "metric \"%s\" is not kept of a %s, but of: %s%s%s", operand->metric->name,
		                subject, of[0], of[1] ? ", " : "", of[1] ? of[1] : "");
		return false;
	}
	return true;
}

/* @param subject out: what the path ends at; "self" */
static bool history_subject(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *of, struct tw_operand *operand,
                            const char **subject)
{
	*subject = "self";
	if (of->kind == TW_YAML_SCALAR && tw_slice_is(of->text, "self")) {
		operand->self = true;
		operand->entity = entity_of_event(compile->family);
		return true;
	}
	struct tw_path path;
	if (!tw_compile_path(compile, scope, of, false, &path)) {
		return false;
	}
	operand->slot = path.slot;
	operand->offset = path.offset;
	operand->pointer = path.pointer;
	operand->entity = path.shape ? entity_of_shape(path.shape->name) : entity_of_text(path.field);
	*subject = path.shape ? path.shape->name : path.field->name;
	if (!operand->entity) {
		tw_report_error(compile->report, of->mark, TW_E_TYPE,
		                "nothing is remembered about \"%.64s\": ask about party, party.address, party.phone, party.email, means, container, "
		                "certificate_ref, licence, marking, signatory, issuer, contract, document.sha256, document.paper_number or self",
		                of->text.ptr);
	}
	return operand->entity != 0;
}

#define KEPT_OF_BYTES 160 /* all kinds of entities in a row */

/* "party, means": of whom a metric is kept. */
static const char *kept_of(const struct tw_metric_info *metric, char buffer[KEPT_OF_BYTES])
{
	int used = 0;
	buffer[0] = '\0';
	for (uint32_t kind = 1; kind <= TW_ENTITY_KINDS && used < KEPT_OF_BYTES; kind++) {
		if (metric->entities & 1U << kind) {
			used += snprintf(buffer + used, KEPT_OF_BYTES - (size_t)used, "%s%s", used ? ", " : "", tw_entity_name((enum tw_entity_kind)kind));
		}
	}
	return buffer;
}

static bool history_metric(struct tw_compile *compile, const struct tw_yaml *name, struct tw_operand *operand)
{
	uint32_t count;
	const struct tw_metric_info *metrics = tw_metrics(&count);
	struct tw_nearest nearest = tw_nearest_to(name->text);
	char hint[TW_HINT_BYTES], whose[KEPT_OF_BYTES];
	if (!tw_yaml_expect(name, TW_YAML_SCALAR, "metric", compile->report)) {
		return false;
	}
	operand->metric = tw_metric_find(name->text);
	if (operand->metric && (!operand->entity || operand->metric->entities & 1U << operand->entity)) {
		operand->class = class_of_answer(operand->metric->answer);
		return true;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (!operand->metric && (!operand->entity || metrics[i].entities & 1U << operand->entity)) {
			tw_nearest_offer(&nearest, metrics[i].name);
		}
	}
	if (operand->metric) {
		tw_report_error(compile->report, name->mark, TW_E_TYPE, "metric \"%s\" is not kept of a %s, but of: %s", operand->metric->name,
		                tw_entity_name(operand->entity), kept_of(operand->metric, whose));
	} else {
		tw_report_error(compile->report, name->mark, TW_E_UNKNOWN, "unknown metric \"%.64s\"%s", name->text.ptr,
		                tw_nearest_hint(&nearest, hint));
	}
	return false;
}

static bool history_days(struct tw_compile *compile, const struct tw_yaml *days, struct tw_operand *operand)
{
	enum tw_class class = TW_CLASS_COUNT;
	struct tw_literal literal;
	int64_t number;
	if (!operand->metric->windowed) {
		tw_report_error(compile->report, days->key_mark, TW_E_TYPE, "metric \"%s\" has no window: leave `days` out", operand->metric->name);
		return false;
	}
	if (!tw_literal_of(compile, days, "days", &literal) || !tw_literal_number(compile, &class, literal, &number)) {
		return false;
	}
	if (number < 1 || number > TW_HISTORY_DAYS) {
		tw_report_error(compile->report, days->mark, TW_E_RANGE, "days must be 1 to %d; leave it out to ask for ever", TW_HISTORY_DAYS);
		return false;
	}
	operand->days = (uint32_t)number;
	return true;
}

struct tw_operand *tw_compile_history(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *value)
{
	static const char *const known[] = {"of", "metric", "days", "as", NULL};
	struct tw_operand *operand = tw_compile_operand_new(compile, TW_OPERAND_HISTORY, TW_CLASS_COUNT);
	const struct tw_yaml *of = tw_yaml_member(value, "of"), *metric = tw_yaml_member(value, "metric"), *days = tw_yaml_member(value, "days");
	if (!operand || !tw_yaml_expect_like(value, "history", "{of: party, metric: seen, days: 365}", compile->report)) {
		return NULL;
	}
	tw_yaml_check_keys(value, known, "history", compile->report);
	if (!of || !metric) {
		tw_report_error(compile->report, value->mark, TW_E_MISSING, "history needs `of` and `metric`");
		return NULL;
	}
	const char *subject;
	bool good = history_subject(compile, scope, of, operand, &subject);
	good &= history_metric(compile, metric, operand);
	if (!good || !paper_fits(compile, metric, operand, subject) || (days && !history_days(compile, days, operand))) {
		return NULL;
	}
	bool named = tw_compile_fact_name(compile, tw_yaml_member(value, "as"), operand->metric->name, operand);
	for (uint32_t i = 0; named && operand->metric->metric == TW_METRIC_RECEIVER_CHANGED && i < sizeof(receiver_facts) / sizeof(receiver_facts[0]);
	     i++) {
		named = tw_compile_fact(compile, tw_slice_str(receiver_facts[i]));
	}
	return named ? operand : NULL;
}

void tw_past_explain(struct tw_eval *eval, const struct tw_history_answer *answer)
{
	const struct tw_drawn_party *now = answer->drawn;
	if (answer->drawn_count == 0) {
		return;
	}
	tw_explain_fact_text(eval, receiver_facts[0], tw_slice_str(tw_metric_of(TW_METRIC_NAMED_AS)->words[now->role - 1]));
	tw_explain_fact_text(eval, receiver_facts[1], now->name);
	for (uint32_t i = 0; i < answer->named_count; i++) {
		if (answer->named[i].role == now->role) {
			tw_explain_fact_text(eval, receiver_facts[2], answer->named[i].name);
			return;
		}
	}
}

/* ---- earlier ---- */

static bool patterns_read(struct tw_compile *compile, const struct tw_yaml *matches, struct tw_earlier_test *test)
{
	struct tw_literals literals;
	struct tw_literal one;
	bool list = matches->kind == TW_YAML_SEQUENCE || (matches->plain && matches->text.len > 1 && matches->text.ptr[0] == '$');
	if (list ? !tw_literals_read(compile, matches, "the list of patterns", &literals) : !tw_literal_of(compile, matches, "a pattern", &one)) {
		return false;
	}
	test->patterns = true;
	return tw_patterns_add(compile->patterns, list ? &literals : &(struct tw_literals){&one, 1}, compile->report, &test->pattern_set);
}

/* Which of the goods count: one of words, near and matches. */
static const struct tw_earlier_test *test_of(struct tw_compile *compile, const struct tw_yaml *value)
{
	static const char *const tests[] = {"words", "near", "matches", NULL};
	struct tw_earlier_test *test = tw_compile_alloc(compile, sizeof(*test));
	const struct tw_yaml *asked = NULL;
	for (uint32_t i = 0; tests[i]; i++) {
		const struct tw_yaml *member = tw_yaml_member(value, tests[i]);
		if (member && asked) {
			tw_report_error(compile->report, member->key_mark, TW_E_CONFLICT, "earlier asks one thing: \"%s\" stands beside \"%s\"",
			                member->key.ptr, asked->key.ptr);
			return NULL;
		}
		asked = member ? member : asked;
	}
	if (!asked) {
		tw_report_error(compile->report, value->mark, TW_E_MISSING, "earlier needs one of words, near and matches: which goods count");
		return NULL;
	}
	bool patterns = tw_slice_is(asked->key, "matches");
	if (patterns && !tw_compile_no_word_members(compile, asked, value)) {
		return NULL;
	}
	bool good = test && (patterns ? patterns_read(compile, asked, test) : tw_compile_word_test(compile, asked, value, &test->words));
	return good ? test : NULL;
}

struct tw_operand *tw_compile_earlier(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *value)
{
	static const char *const known[] = {"of", "days", "words", "near", "matches", "except", "spelling", "as", NULL};
	struct tw_operand *operand = tw_compile_operand_new(compile, TW_OPERAND_EARLIER, TW_CLASS_COUNT);
	const struct tw_yaml *of = tw_yaml_member(value, "of"), *days = tw_yaml_member(value, "days");
	if (!operand || !tw_yaml_expect_like(value, "earlier", "{of: party, days: 60, words: [pistol slide]}", compile->report)) {
		return NULL;
	}
	tw_yaml_check_keys(value, known, "earlier", compile->report);
	operand->metric = tw_metric_of(TW_METRIC_WARES);
	operand->earlier = test_of(compile, value);
	if (!of) {
		tw_report_error(compile->report, value->mark, TW_E_MISSING, "earlier needs `of`: who received");
		return NULL;
	}
	const char *subject;
	if (!history_subject(compile, scope, of, operand, &subject) || !operand->earlier || (days && !history_days(compile, days, operand))) {
		return NULL;
	}
	if (!(operand->metric->entities & 1U << operand->entity)) {
		tw_report_error(compile->report, of->mark, TW_E_TYPE,
		                "goods are remembered of a party, an address, a phone and an e-mail, not of a %s", tw_entity_name(operand->entity));
		return NULL;
	}
	return tw_compile_fact_name(compile, tw_yaml_member(value, "as"), "earlier", operand) &&
	               tw_compile_fact(compile, tw_slice_str("earlier_goods"))
	           ? operand
	           : NULL;
}

static bool goods_meet(struct tw_eval *eval, const struct tw_earlier_test *test, struct tw_slice goods)
{
	if (test->patterns) {
		struct tw_pattern_marks marks = {NULL};
		return tw_patterns_match(eval->patterns, eval->bench->patterns, &marks, test->pattern_set, goods, eval->arena, &eval->failed);
	}
	struct tw_word_marks marks = {.known = false};
	if (!tw_words_read(eval->words, &marks, goods, test->words.disguised, eval->arena, eval->arena)) {
		eval->failed = true;
		return false;
	}
	return tw_words_meet(&marks, &test->words, NULL);
}

bool tw_eval_earlier(struct tw_eval *eval, const struct tw_operand *operand, int64_t *out)
{
	const struct tw_history_answer *answer = tw_eval_history(eval, operand);
	*out = 0;
	for (uint32_t i = 0; i < answer->earlier_count && !eval->failed; i++) {
		*out += goods_meet(eval, operand->earlier, answer->earlier[i].goods);
	}
	return true;
}

void tw_explain_earlier(struct tw_eval *eval, const struct tw_operand *operand)
{
	const struct tw_history_answer *answer = tw_eval_history(eval, operand);
	for (uint32_t i = 0; i < answer->earlier_count && !eval->failed; i++) {
		if (goods_meet(eval, operand->earlier, answer->earlier[i].goods)) {
			tw_explain_related(eval->explain, answer->earlier[i].consignment);
			tw_explain_fact_text(eval, "earlier_goods", answer->earlier[i].goods);
		}
	}
}
