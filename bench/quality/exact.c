/**
 * @file exact.c
 * See exact.h. A hit is a name with its agreement and weight; both sides' hits are sorted and must be equal, element by element.
 */
#include "bench/quality/exact.h"

#include <stdio.h>
#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "bench/quality/queries.h"
#include "feeds/name_cut.h"
#include "feeds/name_joins.h"

#define SAID_EVERY 1000U /* queries */

struct hit {
	uint32_t name, weight, says;
	int32_t ppm;
};

struct hits {
	struct tw_list list; /* struct hit */
	struct tw_arena *arena;
};

struct exact {
	const struct tw_list_index *index;
	struct tw_name_memo *memo[TW_LIST_DOMAINS];
	struct tw_joins_memo *joins[TW_LIST_DOMAINS];
	struct tw_script_memo *script[TW_LIST_DOMAINS];
	uint32_t name_ppm_min;
	struct tw_arena arena;
	uint64_t queries, readings, forms, hits, different;
};

static void no_memory(void)
{
	fprintf(stderr, "quality: no memory\n");
	exit(1);
}

static void on_hit(void *context, uint32_t name, struct tw_name_agreement agreement)
{
	struct hits *hits = context;
	struct hit *hit = tw_list_push(hits->arena, &hits->list, sizeof(*hit));
	if (!hit) {
		no_memory();
	}
	*hit = (struct hit){name, agreement.weight, agreement.says, agreement.ppm};
}

static int by_name(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;
	if (x->name != y->name) {
		return x->name < y->name ? -1 : 1;
	}
	if (x->ppm != y->ppm) {
		return x->ppm < y->ppm ? -1 : 1;
	}
	return x->weight != y->weight ? (x->weight < y->weight ? -1 : 1) : (x->says > y->says) - (x->says < y->says);
}

static bool same_hits(struct hits *one, struct hits *other)
{
	if (one->list.count != other->list.count) {
		return false;
	}
	if (one->list.count == 0) {
		return true;
	}
	qsort(one->list.data, one->list.count, sizeof(struct hit), by_name);
	qsort(other->list.data, other->list.count, sizeof(struct hit), by_name);
	return memcmp(one->list.data, other->list.data, one->list.count * sizeof(struct hit)) == 0;
}

static void compare(struct exact *exact, struct tw_slice name, struct hits *found, struct hits *all)
{
	exact->hits += all->list.count;
	if (!same_hits(found, all)) {
		exact->different++;
		printf("DIFFERENT: \"%.*s\": the index finds %u, comparing with all %u\n", (int)name.len, name.ptr, found->list.count,
		       all->list.count);
	}
}

static void ask_form(struct exact *exact, struct tw_slice text, const struct tw_name_form *form, uint32_t at, int32_t threshold)
{
	const struct tw_name_index *index = &exact->index->fuzzy[at];
	struct hits found = {.arena = &exact->arena}, all = found;
	if (!tw_name_index_search(index, exact->memo[at], form, threshold, (struct tw_name_listener){on_hit, &found})) {
		no_memory();
	}
	tw_name_index_search_all(index, form, threshold, (struct tw_name_listener){on_hit, &all});
	compare(exact, text, &found, &all);
	exact->forms++;
}

/* One text's forms, which the index and comparing must answer alike. */
static void ask_forms(struct exact *exact, struct tw_slice text, uint32_t at, int32_t threshold)
{
	const struct tw_name_index *index = &exact->index->fuzzy[at];
	struct tw_name_forms forms;
	if (!tw_name_forms_make(text, index->domain, &exact->arena, &forms)) {
		no_memory();
	}
	struct tw_name_form cut;
	for (uint32_t i = 0; i < forms.count; i++) {
		ask_form(exact, text, &forms.form[i], at, threshold);
	}
	if (forms.count && tw_name_cut_read(text, index->domain, &forms.form[0], &cut)) {
		ask_form(exact, text, &cut, at, threshold);
	}
	if (forms.count && tw_name_tail_read(index->domain, &forms.form[0], &cut)) {
		ask_form(exact, text, &cut, at, threshold);
	}
	if (forms.count && tw_name_initials_read(text, index->domain, &forms.form[0], &cut)) {
		ask_form(exact, text, &cut, at, threshold);
	}
}

/* The readings with words joined or split: made with what the thread remembers and without it, and each asked as the name itself is. */
static void ask_joins(struct exact *exact, struct tw_slice name, uint32_t at, int32_t threshold)
{
	const struct tw_name_index *index = &exact->index->fuzzy[at];
	struct tw_name_joins joins, afresh;
	struct tw_name_tokens tokens;
	if (!tw_name_split(name, &exact->arena, &tokens) || !tw_name_joins_make(index, exact->joins[at], &tokens, &exact->arena, &joins) ||
	    !tw_name_joins_make(index, NULL, &tokens, &exact->arena, &afresh)) {
		no_memory();
	}
	bool same = joins.count == afresh.count;
	for (uint32_t i = 0; same && i < joins.count; i++) {
		same = tw_slice_equal(joins.text[i], afresh.text[i]);
	}
	if (!same) {
		exact->different++;
		printf("DIFFERENT: \"%.*s\": %u readings where words are remembered, %u where none is\n", (int)name.len, name.ptr, joins.count,
		       afresh.count);
	}
	for (uint32_t i = 0; i < afresh.count; i++) {
		ask_forms(exact, afresh.text[i], at, threshold);
		exact->readings++;
	}
}

static void ask_script(struct exact *exact, struct tw_slice name, uint32_t at, int32_t threshold)
{
	const struct tw_script_index *index = &exact->index->script[at];
	struct tw_script_forms script;
	struct hits found = {.arena = &exact->arena}, all = found;
	/* what a search reports lies in the arena that it rewinds: each has its own */
	struct tw_arena scratch;
	tw_arena_init(&scratch, 1 << 20, 0);
	bool fits = tw_script_forms_make(name, exact->index->fuzzy[at].domain, &exact->arena, &script) &&
	            tw_script_index_search(index, exact->script[at], &script, threshold, &scratch, (struct tw_name_listener){on_hit, &found}) &&
	            tw_script_index_search_all(index, &script, threshold, &scratch, (struct tw_name_listener){on_hit, &all});
	tw_arena_fini(&scratch);
	if (!fits) {
		no_memory();
	}
	compare(exact, name, &found, &all);
	exact->forms++;
}

static void ask_domain(struct exact *exact, const struct tw_list_query *query, enum tw_name_domain domain)
{
	const uint32_t at = tw_list_domain_at(domain);
	const int32_t threshold = tw_list_threshold(query);
	ask_forms(exact, query->name, at, threshold);
	ask_joins(exact, query->name, at, threshold);
	if (tw_script_asks(query->name)) {
		ask_script(exact, query->name, at, threshold);
	}
}

static void ask(struct exact *exact, const struct tw_csv *csv)
{
	const struct tw_list_query query = {
	    .name = csv->field[QUERY_TEXT], .kind = quality_kind(csv->field[QUERY_KIND]), .name_ppm_min = exact->name_ppm_min};
	bool number = tw_slice_is(csv->field[QUERY_KIND], "imo");
	if (query.kind == TW_ENTRY_VESSEL) {
		ask_domain(exact, &query, TW_NAME_OF_VESSEL);
	} else if (!number && query.name.len <= TW_NAME_BYTES_MAX) {
		ask_domain(exact, &query, TW_NAME_OF_PERSON);
		ask_domain(exact, &query, TW_NAME_OF_ORGANISATION);
	}
	tw_arena_reset(&exact->arena);
	if (++exact->queries % SAID_EVERY == 0) {
		printf("done %llu\n", (unsigned long long)exact->queries);
		fflush(stdout);
	}
}

int quality_exact(const char *path, uint32_t name_ppm_min, const struct tw_list_index *index)
{
	struct exact exact = {.index = index, .name_ppm_min = name_ppm_min};
	struct queries queries;
	tw_arena_init(&exact.arena, 1 << 20, 0);
	for (uint32_t i = 0; i < TW_LIST_DOMAINS; i++) {
		exact.memo[i] = tw_name_memo_new(&index->fuzzy[i]);
		exact.joins[i] = tw_joins_memo_new();
		exact.script[i] = tw_script_memo_new();
		if (!exact.memo[i] || !exact.joins[i] || !exact.script[i]) {
			no_memory();
		}
	}
	quality_open_queries(&queries, path);
	while (quality_next(&queries)) {
		ask(&exact, &queries.csv);
	}
	quality_close(&queries);
	printf("queries %llu readings %llu forms %llu hits %llu different %llu\n", (unsigned long long)exact.queries,
	       (unsigned long long)exact.readings, (unsigned long long)exact.forms, (unsigned long long)exact.hits,
	       (unsigned long long)exact.different);
	for (uint32_t i = 0; i < TW_LIST_DOMAINS; i++) {
		tw_name_memo_free(exact.memo[i]);
		tw_joins_memo_free(exact.joins[i]);
		tw_script_memo_free(exact.script[i]);
	}
	tw_arena_fini(&exact.arena);
	return exact.different ? 1 : 0;
}
