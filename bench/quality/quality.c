/**
 * @file quality.c
 * What the list index answers to a file of queries, as lines that scripts count. It judges nothing itself.
 *
 *     quality names LIST...              every listed name:  list,entry,kind,quality,name
 *     quality numbers LIST...            every listed number: list,entry,kind,scheme,value
 *     quality places LIST...             every listed address: list,entry,kind,place,address
 *     quality addresses PAIRS.csv        how much two addresses agree, one line a pair (number,a,b): number,ppm; 0 below TW_ADDRESS_PPM_MIN
 *     quality screen QUERIES.csv PPM LIST...  one line a query:   number,hits,top,top_count,expected,rank,other,best,nanoseconds
 *     quality exact  QUERIES.csv PPM LIST...  each query, by the index and by comparing with every name: what differs, and counts; 1 when any does
 *     LIST is ID FORMAT PATH, as in a configuration
 *
 * PPM is the least agreement of names that hits, 0 for the product's own.
 * A query is number,kind,expected,query (a header line first): kind is person, organisation, vessel, or imo for a number; `expected` is
 * the entries that would be right, "un-sc:QDi.001|ofac-sdn:6365", or empty where every hit is a false alarm. In an answer `top`, `expected`
 * and `other` are the similarities, in ppm, of the best hit, the best right one, and the best wrong one (0: there is none), `top_count` says
 * how many hits share the best similarity, and `rank` is the place of the first right hit, from 1 (0: not among the hits).
 *
 * Invariant: all columns but the last are a function of the lists and the queries.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/quality/exact.h"
#include "bench/quality/queries.h"
#include "engine/base/arena.h"
#include "feeds/address.h"
#include "feeds/list_index.h"

struct answer {
	uint32_t hits, top, top_count, expected, rank, other;
	const struct tw_match *best;
};

static const char *const qualities[] = {"", "primary", "strong", "weak", "former", "original"};

static void write_field(struct tw_slice text)
{
	putchar('"');
	for (uint32_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"') {
			putchar('"');
		}
		putchar(text.ptr[i]);
	}
	putchar('"');
}

static struct tw_list_index *load(int count, char **words)
{
	struct tw_list_builder *builder = NULL;
	struct tw_list_index *index = NULL;
	struct tw_list_report report;
	struct tw_error err;
	if (tw_list_builder_new(NULL, &builder, &err) != TW_OK) {
		quality_fail(&err);
	}
	for (int i = 0; i + 2 < count; i += 3) {
		struct tw_list_source source = {
		    .id = words[i], .format = tw_list_format_find(tw_slice_str(words[i + 1])), .path = words[i + 2], .entries_min = 1};
		if (tw_list_builder_add(builder, &source, &report, &err) != TW_OK) {
			quality_fail(&err);
		}
	}
	if (tw_list_index_build(builder, &index, &err) != TW_OK) {
		quality_fail(&err);
	}
	tw_list_builder_free(builder);
	return index;
}

static void write_row(const struct tw_list_entry *entry, const char *what, struct tw_slice text)
{
	write_field(entry->list);
	putchar(',');
	write_field(entry->id);
	printf(",%s,%s,", quality_kind_name(entry->kind), what);
	write_field(text);
	putchar('\n');
}

static int names(const struct tw_list_index *index)
{
	printf("list,entry,kind,quality,name\n");
	for (uint32_t i = 0; i < index->entry_count; i++) {
		const struct tw_list_entry view = tw_list_entry_view(index, i), *entry = &view;
		for (uint32_t n = 0; n < entry->name_count; n++) {
			struct tw_list_name name = tw_list_entry_name(entry, n);
			write_row(entry, qualities[name.quality], name.text);
		}
	}
	return 0;
}

static int numbers(const struct tw_list_index *index)
{
	printf("list,entry,kind,scheme,value\n");
	for (uint32_t i = 0; i < index->entry_count; i++) {
		const struct tw_list_entry view = tw_list_entry_view(index, i), *entry = &view;
		for (uint32_t n = 0; n < entry->identifier_count; n++) {
			struct tw_list_identifier number = tw_list_entry_identifier(entry, n);
			char scheme[64];
			snprintf(scheme, sizeof(scheme), "%.*s", (int)number.scheme.len, number.scheme.ptr);
			write_row(entry, scheme, number.value);
		}
	}
	return 0;
}

static int places(const struct tw_list_index *index)
{
	printf("list,entry,kind,place,address\n");
	for (uint32_t i = 0; i < index->entry_count; i++) {
		const struct tw_list_entry view = tw_list_entry_view(index, i), *entry = &view;
		for (uint32_t n = 0; n < entry->address_count; n++) {
			write_row(entry, "place", tw_list_entry_address(entry, n).text);
		}
	}
	return 0;
}

static int addresses(const char *path)
{
	static const char *const header[] = {"number", "a", "b"};
	struct queries pairs;
	struct tw_arena arena;
	tw_arena_init(&arena, 1 << 20, 0);
	quality_open(&pairs, path, header, 3);
	printf("number,ppm\n");
	while (quality_next(&pairs)) {
		write_field(pairs.csv.field[0]);
		int32_t ppm = tw_address_compare(pairs.csv.field[1], pairs.csv.field[2], &arena);
		printf(",%d\n", ppm >= TW_ADDRESS_PPM_MIN ? ppm : 0);
		tw_arena_reset(&arena);
	}
	quality_close(&pairs);
	tw_arena_fini(&arena);
	return 0;
}

static bool is_expected(const struct tw_match *match, struct tw_slice expected)
{
	uint32_t from = 0, length = match->list.len + 1 + match->entry.len;
	for (uint32_t at = 0; at <= expected.len; at++) {
		if (at < expected.len && expected.ptr[at] != '|') {
			continue;
		}
		const char *one = expected.ptr + from;
		if (at - from == length && memcmp(one, match->list.ptr, match->list.len) == 0 && one[match->list.len] == ':' &&
		    memcmp(one + match->list.len + 1, match->entry.ptr, match->entry.len) == 0) {
			return true;
		}
		from = at + 1;
	}
	return false;
}

static struct answer judge(const struct tw_matches *matches, struct tw_slice expected)
{
	struct answer answer = {.hits = matches->count};
	for (uint32_t i = 0; i < matches->count; i++) {
		const struct tw_match *match = &matches->match[i];
		answer.top_count += match->similarity_ppm == matches->match[0].similarity_ppm;
		if (is_expected(match, expected)) {
			answer.rank = answer.rank ? answer.rank : i + 1;
			answer.expected = answer.expected ? answer.expected : match->similarity_ppm;
		} else {
			answer.other = answer.other ? answer.other : match->similarity_ppm;
		}
	}
	if (matches->count) {
		answer.best = &matches->match[0];
		answer.top = answer.best->similarity_ppm;
	}
	return answer;
}

static void ask(const struct tw_list_index *index, const struct tw_list_query *settings, const struct tw_csv *csv, struct tw_arena *arena,
                struct tw_matches *out)
{
	struct tw_error err;
	struct tw_list_query query = *settings;
	query.name = csv->field[QUERY_TEXT];
	query.kind = quality_kind(csv->field[QUERY_KIND]);
	enum tw_code code = tw_slice_is(csv->field[QUERY_KIND], "imo")
	                        ? tw_list_index_identify(index, csv->field[QUERY_KIND], csv->field[QUERY_TEXT], arena, out, &err)
	                        : tw_list_index_search(index, &query, arena, out, &err);
	if (code != TW_OK) {
		quality_fail(&err);
	}
}

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static void write_answer(struct tw_slice number, const struct answer *answer, uint64_t ns)
{
	write_field(number);
	printf(",%u,%u,%u,%u,%u,%u,\"", answer->hits, answer->top, answer->top_count, answer->expected, answer->rank, answer->other);
	if (answer->best) {
		printf("%.*s:%.*s", (int)answer->best->list.len, answer->best->list.ptr, (int)answer->best->entry.len, answer->best->entry.ptr);
	}
	printf("\",%llu\n", (unsigned long long)ns);
}

static int screen(const char *path, uint32_t name_ppm_min, const struct tw_list_index *index)
{
	struct queries queries;
	struct tw_arena arena;
	struct tw_list_query settings = {.name_ppm_min = name_ppm_min};
	struct tw_error err;
	tw_arena_init(&arena, 1 << 20, 0);
	if (tw_list_memo_new(index, &settings.memo, &err) != TW_OK) {
		quality_fail(&err);
	}
	quality_open_queries(&queries, path);
	printf("number,hits,top,top_count,expected,rank,other,best,nanoseconds\n");
	while (quality_next(&queries)) {
		struct tw_matches matches;
		uint64_t from = now_ns();
		ask(index, &settings, &queries.csv, &arena, &matches);
		uint64_t ns = now_ns() - from;
		struct answer answer = judge(&matches, queries.csv.field[QUERY_EXPECTED]);
		write_answer(queries.csv.field[QUERY_NUMBER], &answer, ns);
		tw_arena_reset(&arena);
	}
	quality_close(&queries);
	tw_list_memo_free(settings.memo);
	tw_arena_fini(&arena);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	bool comparing = strcmp(what, "exact") == 0, screening = strcmp(what, "screen") == 0, naming = strcmp(what, "names") == 0;
	bool placing = strcmp(what, "places") == 0;
	int first = screening || comparing ? 4 : 2;
	if (strcmp(what, "addresses") == 0 && argc == 3) {
		return addresses(argv[2]);
	}
	if ((!screening && !comparing && !naming && !placing && strcmp(what, "numbers") != 0) || argc <= first || (argc - first) % 3 != 0) {
		fprintf(stderr, "usage: quality names|numbers|places ID FORMAT PATH...\n       quality addresses PAIRS.csv\n"
		                "       quality screen|exact QUERIES.csv PPM ID FORMAT PATH...\n");
		return 64;
	}
	struct tw_list_index *index = load(argc - first, argv + first);
	uint32_t name_ppm_min = first == 4 ? (uint32_t)strtoul(argv[3], NULL, 10) : 0;
	int status = screening   ? screen(argv[2], name_ppm_min, index)
	             : comparing ? quality_exact(argv[2], name_ppm_min, index)
	             : naming    ? names(index)
	             : placing   ? places(index)
	                         : numbers(index);
	tw_list_index_free(index);
	return status;
}
