/**
 * @file exact.c
 * See exact.h. A hit is a name with its agreement and weight; both sides' hits are sorted and must be equal, element by element.
 */
#include "bench/quality/exact.h"

#include <stdio.h>
#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "feeds/csv.h"

#define QUERIES_BYTES_MAX (256U << 20)
#define SAID_EVERY        1000U /* queries */

enum { NUMBER, KIND, EXPECTED, QUERY, COLUMNS };

struct hit {
	uint32_t name, weight;
	int32_t ppm;
};

struct hits {
	struct tw_list list; /* struct hit */
	struct tw_arena *arena;
};

struct exact {
	const struct tw_list_index *index;
	struct tw_name_memo *memo[TW_LIST_DOMAINS];
	int32_t threshold;
	struct tw_arena arena;
	uint64_t queries, forms, hits, different;
};

static void fail(const char *what)
{
	fprintf(stderr, "quality: %s\n", what);
	exit(1);
}

static void on_hit(void *context, uint32_t name, struct tw_name_agreement agreement)
{
	struct hits *hits = context;
	struct hit *hit = tw_list_push(hits->arena, &hits->list, sizeof(*hit));
	if (!hit) {
		fail("no memory");
	}
	*hit = (struct hit){name, agreement.weight, agreement.ppm};
}

static int by_name(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;
	if (x->name != y->name) {
		return x->name < y->name ? -1 : 1;
	}
	return x->ppm != y->ppm ? (x->ppm < y->ppm ? -1 : 1) : (x->weight > y->weight) - (x->weight < y->weight);
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

static void ask_domain(struct exact *exact, struct tw_slice name, enum tw_name_domain domain)
{
	const uint32_t at = tw_list_domain_at(domain);
	struct tw_name_forms forms;
	struct tw_script_forms script;
	if (!tw_name_forms_make(name, domain, &exact->arena, &forms)) {
		fail("no memory");
	}
	for (uint32_t i = 0; i < forms.count; i++) {
		struct hits found = {.arena = &exact->arena}, all = found;
		const struct tw_name_index *index = &exact->index->fuzzy[at];
		if (!tw_name_index_search(index, exact->memo[at], &forms.form[i], exact->threshold, (struct tw_name_listener){on_hit, &found})) {
			fail("no memory");
		}
		tw_name_index_search_all(index, &forms.form[i], exact->threshold, (struct tw_name_listener){on_hit, &all});
		compare(exact, name, &found, &all);
		exact->forms++;
	}
	if (tw_script_asks(name)) {
		struct hits found = {.arena = &exact->arena}, all = found;
		const struct tw_script_index *index = &exact->index->script[at];
		/* what a search reports lies in the arena that it rewinds: each has its own */
		struct tw_arena scratch;
		tw_arena_init(&scratch, 1 << 20, 0);
		bool fits = tw_script_forms_make(name, domain, &exact->arena, &script) &&
		            tw_script_index_search(index, &script, exact->threshold, &scratch, (struct tw_name_listener){on_hit, &found}) &&
		            tw_script_index_search_all(index, &script, exact->threshold, &scratch, (struct tw_name_listener){on_hit, &all});
		tw_arena_fini(&scratch);
		if (!fits) {
			fail("no memory");
		}
		compare(exact, name, &found, &all);
		exact->forms++;
	}
}

static void ask(struct exact *exact, const struct tw_csv *csv)
{
	if (tw_slice_is(csv->field[KIND], "vessel")) {
		ask_domain(exact, csv->field[QUERY], TW_NAME_OF_VESSEL);
	} else if (!tw_slice_is(csv->field[KIND], "imo") && csv->field[QUERY].len <= TW_NAME_BYTES_MAX) {
		ask_domain(exact, csv->field[QUERY], TW_NAME_OF_PERSON);
		ask_domain(exact, csv->field[QUERY], TW_NAME_OF_ORGANISATION);
	}
	tw_arena_reset(&exact->arena);
	if (++exact->queries % SAID_EVERY == 0) {
		printf("done %llu\n", (unsigned long long)exact->queries);
		fflush(stdout);
	}
}

int quality_exact(const char *path, uint32_t name_ppm_min, const struct tw_list_index *index)
{
	static const char *const header[] = {"number", "kind", "expected", "query"};
	struct exact exact = {.index = index, .threshold = (int32_t)(name_ppm_min ? name_ppm_min : TW_LIST_NAME_PPM_MIN)};
	struct tw_arena text;
	struct tw_slice bytes;
	struct tw_csv csv;
	struct tw_error err;
	tw_arena_init(&text, 1 << 20, 0);
	tw_arena_init(&exact.arena, 1 << 20, 0);
	for (uint32_t i = 0; i < TW_LIST_DOMAINS; i++) {
		exact.memo[i] = tw_name_memo_new(&index->fuzzy[i]);
		if (!exact.memo[i]) {
			fail("no memory");
		}
	}
	enum tw_code code = tw_file_read(path, QUERIES_BYTES_MAX, &text, &bytes, &err);
	if (code == TW_OK) {
		tw_csv_init(&csv, path, bytes, &text);
		code = tw_csv_header(&csv, header, COLUMNS, &err);
	}
	while (code == TW_OK && (code = tw_csv_next(&csv, &err)) == TW_OK && csv.count) {
		ask(&exact, &csv);
	}
	if (code != TW_OK) {
		char why[1024];
		fail(tw_error_text(&err, why, sizeof(why)));
	}
	printf("queries %llu forms %llu hits %llu different %llu\n", (unsigned long long)exact.queries, (unsigned long long)exact.forms,
	       (unsigned long long)exact.hits, (unsigned long long)exact.different);
	for (uint32_t i = 0; i < TW_LIST_DOMAINS; i++) {
		tw_name_memo_free(exact.memo[i]);
	}
	tw_arena_fini(&exact.arena);
	tw_arena_fini(&text);
	return exact.different ? 1 : 0;
}
