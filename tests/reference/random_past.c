/**
 * @file random_past.c
 * What a random rule asks of the past, and of elements that a path chooses; see random_comparison.h.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/event/metric.h"
#include "random_comparison.h"
#include "reference.h"

#define ANSWER(answer_) (1U << TW_ANSWER_##answer_)
#define ANSWER_ANY      (MAKING_ANSWER_NUMBERS | ANSWER(DATE) | ANSWER(FLAG) | ANSWER(CHOICE) | ANSWER(COUNTRY))

/* ---- history ---- */

struct subject {
	const char *path;
	enum tw_entity_kind entity;
};

static const struct subject of_party[] = {{"party", TW_ENTITY_PARTY},
                                          {"party", TW_ENTITY_PARTY},
                                          {"party.address", TW_ENTITY_ADDRESS},
                                          {"party.phone", TW_ENTITY_PHONE},
                                          {"party.email", TW_ENTITY_EMAIL}};
static const struct subject papers[] = {{"issuer", TW_ENTITY_PAPER},
                                        {"contract", TW_ENTITY_PAPER},
                                        {"document.sha256", TW_ENTITY_PAPER},
                                        {"document.paper_number", TW_ENTITY_PAPER}};

/* The one question that each paper answers. */
static enum tw_metric paper_metric(const char *path)
{
	return strcmp(path, "issuer") == 0      ? TW_METRIC_OFFICE
	       : strcmp(path, "contract") == 0  ? TW_METRIC_CERTIFICATES_ELSEWHERE
	       : strcmp(path, "signatory") == 0 ? TW_METRIC_SIGNATORY
	                                        : TW_METRIC_OTHER_CERTIFICATES;
}

static struct subject subject(struct making *making)
{
	uint32_t up = 1 + dice_below(making->dice, 3);
	const struct tw_shape *scope = up <= making->scope_count ? making->scope[making->scope_count - up] : NULL;
	if (scope && strcmp(scope->name, "party") == 0) {
		return of_party[dice_below(making->dice, sizeof(of_party) / sizeof(of_party[0]))];
	}
	if (scope && reference_entity(scope->name)) {
		return (struct subject){scope->name, reference_entity(scope->name)};
	}
	if (making->family == TW_FAMILY_CERTIFICATE && dice_once_in(making->dice, 3)) {
		return papers[dice_below(making->dice, sizeof(papers) / sizeof(papers[0]))];
	}
	if (making->family == TW_FAMILY_MANIFEST && dice_below(making->dice, 2)) {
		return (struct subject){"means", TW_ENTITY_VESSEL};
	}
	return (struct subject){"self", reference_self(making->family)};
}

/* A question with an answer of one of the kinds; of every entity some number is kept. */
static const struct tw_metric_info *metric_of(struct making *making, enum tw_entity_kind entity, uint32_t answers)
{
	uint32_t count;
	const struct tw_metric_info *metrics = tw_metrics(&count);
	uint32_t start = dice_below(making->dice, count);
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_metric_info *metric = &metrics[(start + i) % count];
		bool asked_for_goods = metric->metric == TW_METRIC_WARES; /* `earlier` does */
		if (metric->entities & 1U << entity && answers & 1U << metric->answer && !asked_for_goods) {
			return metric;
		}
	}
	return NULL;
}

static const struct tw_metric_info *question(struct making *making, uint32_t answers)
{
	struct subject of = subject(making);
	bool paper = of.entity == TW_ENTITY_PAPER;
	if (paper && !(answers & 1U << tw_metric_of(paper_metric(of.path))->answer)) {
		of = (struct subject){"self", reference_self(making->family)};
		paper = false;
	}
	const struct tw_metric_info *metric = paper ? tw_metric_of(paper_metric(of.path)) : metric_of(making, of.entity, answers);
	if (!metric) {
		return NULL;
	}
	fprintf(making->out, "history: {of: %s, metric: %s", of.path, metric->name);
	if (metric->windowed && dice_below(making->dice, 2)) {
		fprintf(making->out, ", days: %u", 1 + dice_below(making->dice, 3));
	}
	fputc('}', making->out);
	return metric;
}

void making_history(struct making *making, uint32_t answers)
{
	(void)question(making, answers);
}

/* An answer is compared like a field of its kind. */
static struct tw_field field_of_answer(const struct tw_metric_info *metric)
{
	static const enum tw_field_kind kinds[] = {
	    [TW_ANSWER_COUNT] = TW_FIELD_COUNT,    [TW_ANSWER_AMOUNT] = TW_FIELD_AMOUNT, [TW_ANSWER_DAYS] = TW_FIELD_COUNT,
	    [TW_ANSWER_DATE] = TW_FIELD_DATE,      [TW_ANSWER_FLAG] = TW_FIELD_FLAG,     [TW_ANSWER_CHOICE] = TW_FIELD_CHOICE,
	    [TW_ANSWER_COUNTRY] = TW_FIELD_COUNTRY};
	return (struct tw_field){.name = metric->name, .kind = kinds[metric->answer], .words = metric->words};
}

void making_past(struct making *making)
{
	const struct tw_metric_info *metric = question(making, ANSWER_ANY);
	struct tw_field field;
	if (!metric) {
		return;
	}
	field = field_of_answer(metric);
	fputs(", ", making->out);
	making_comparator(making, &field);
}

/* What affirms; a denial over those that are chosen is refused. */
static void affirmation(struct making *making, const struct tw_field *field)
{
	static const char *const denials[] = {"is_not", "not_in", "not_matches", "differs_from"};
	char *text = NULL;
	size_t size = 0;
	FILE *out = making->out;
	making->out = open_memstream(&text, &size);
	if (!making->out) {
		abort();
	}
	making_comparator(making, field);
	fclose(making->out);
	making->out = out;
	bool denies = false;
	for (size_t i = 0; i < sizeof(denials) / sizeof(denials[0]); i++) {
		denies |= strncmp(text, denials[i], strlen(denials[i])) == 0;
	}
	if (denies) {
		fprintf(making->out, "stated: %s", dice_below(making->dice, 2) ? "false" : "true");
	} else {
		fputs(text, making->out);
	}
	free(text);
}

/* Goods that earlier parcels to somebody held. @param path of who received, in quotes where it chooses */
static void earlier(struct making *making, const char *path)
{
	static const struct tw_field number_of_parcels = {.name = "earlier", .kind = TW_FIELD_COUNT};
	fprintf(making->out, "{earlier: {of: %s, ", path);
	if (dice_once_in(making->dice, 3)) {
		fprintf(making->out, "days: %u, ", 1 + dice_below(making->dice, 3));
	}
	if (dice_once_in(making->dice, 3)) {
		fputs("matches: ", making->out);
		making_patterns(making);
	} else {
		making_words_test(making);
	}
	fputs("}, ", making->out);
	affirmation(making, &number_of_parcels);
	fputc('}', making->out);
}

/* @return false: no party is in sight, nothing was written */
bool making_earlier(struct making *making)
{
	for (uint32_t i = making->scope_count; i--;) {
		if (strcmp(making->scope[i]->name, "party") == 0) {
			earlier(making, of_party[dice_below(making->dice, sizeof(of_party) / sizeof(of_party[0]))].path);
			return true;
		}
	}
	return false;
}

void making_chosen(struct making *making, const struct tw_shape *shape, const char *chosen)
{
	struct making_path path = {.length = 0};
	char quoted[MAKING_PATH_BYTES * 2];
	const uint32_t values = ~(1U << TW_FIELD_OBJECT | 1U << TW_FIELD_OBJECTS | 1U << TW_FIELD_TEXTS);
	bool party = strcmp(shape->name, "party") == 0;
	uint32_t which = dice_below(making->dice, party ? 4 : 2);
	const struct tw_field *field = making_member(making, shape, which == 1 ? 1U << TW_FIELD_COUNTRY : values, &path);
	if (which == 2) {
		snprintf(quoted, sizeof(quoted), "'%s%s'", chosen, dice_below(making->dice, 2) ? "" : ".phone");
		earlier(making, quoted);
	} else if (which == 3) {
		const struct tw_metric_info *metric = metric_of(making, TW_ENTITY_PARTY, ANSWER_ANY);
		struct tw_field answer = field_of_answer(metric);
		fprintf(making->out, "{history: {of: '%s', metric: %s}, ", chosen, metric->name);
		affirmation(making, &answer);
		fputc('}', making->out);
	} else if (field && which == 1) {
		fprintf(making->out, "{embargo: {country: '%s.%s', goods: [light_weapons, ammunition, dual_use]}}", chosen, path.text);
	} else if (field) {
		fprintf(making->out, "{field: '%s.%s', ", chosen, path.text);
		affirmation(making, field);
		fputc('}', making->out);
	} else {
		fprintf(making->out, "{some: '%s'}", chosen);
	}
}
