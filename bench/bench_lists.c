/**
 * @file bench_lists.c
 * What the lists cost to read and index from their issuers' files, to map from a compiled file, and to hold.
 *
 * usage: bench_lists [FOLDER]   of the issuers' files, as tests/unit/feeds reads them (TW_DATA/lists); what is not there is left out, and without
 * a folder it is the shipped samples. Checks that the mapped index holds and finds what the one from sources does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "feeds/list_entry.h"
#include "feeds/list_file.h"
#include "feeds/lists.h"

#define ROUNDS      11
#define ASKED_EVERY 97U /* entries: the others' fields are compared too, but not asked */
#define PATH_BYTES  4096

struct known {
	const char *id;
	enum tw_list_format format;
	const char *path;
};

static const struct known issued[] = {
    {"un-2026", TW_LIST_UN_XML, "un/UN_consolidated_2026-02-27.xml"},
    {"un-2020", TW_LIST_UN_XML, "un/UN_consolidated_2020.xml"},
    {"ofac-2024-04-26", TW_LIST_OFAC_CSV, "ofac/sdn_2024-04-26.csv"},
    {"ofac-2024-05-01", TW_LIST_OFAC_CSV, "ofac/sdn_2024-05-01.csv"},
    {"ofac-2024-05-02", TW_LIST_OFAC_CSV, "ofac/sdn_2024-05-02.csv"},
    {"ofac-2024-05-03", TW_LIST_OFAC_CSV, "ofac/sdn_2024-05-03.csv"},
    {"ofac-2019", TW_LIST_OFAC_CSV, "ofac/2019/sdn.csv"},
    {"ofac-cons", TW_LIST_OFAC_CSV, "ofac/cons_prim.csv"},
    {"ofac-cons-xml", TW_LIST_OFAC_XML, "ofac/consolidated_2020-12-14.xml"},
    {"bis", TW_LIST_BIS_DPL, "ofac/bis_dpl_2019.txt"},
    {"ofsi", TW_LIST_OFSI_CSV, "uk/sanctionsconlist_2018-04-13.csv"},
    {"uk", TW_LIST_UK_JSONL, "uk/uk_sanctions_list_2026-08-22.jsonl"},
    {"eu", TW_LIST_EU_JSONL, "eu/eu_ammitto_2026-03-15.jsonl"},
};
#define ISSUED (sizeof(issued) / sizeof(issued[0]))

static struct tw_list_report reports[ISSUED];

static void fail(const char *what, const struct tw_error *err)
{
	fprintf(stderr, "bench_lists: %s%s%s\n", what, err ? ": " : "", err ? err->what : "");
	exit(1);
}

static double now_ms(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* @return lists added */
static uint32_t add(struct tw_list_builder *builder, const char *folder)
{
	struct tw_error err;
	char path[PATH_BYTES];
	uint32_t count = 0;
	for (size_t i = 0; i < ISSUED; i++) {
		bool sample = !folder && (i == 0 || issued[i].format == TW_LIST_OFAC_CSV);
		snprintf(path, sizeof(path), "%s/%s", folder ? folder : "feeds/sample/lists", folder || i == 0 ? issued[i].path : "ofac");
		if ((!folder && (!sample || count == 2)) || access(path, R_OK) != 0) {
			continue;
		}
		struct tw_list_source source = {.id = issued[i].id, .format = issued[i].format, .path = path, .unread_ppm_max = 1000000};
		if (tw_list_builder_add(builder, &source, &reports[count], &err) != TW_OK) {
			fail(path, &err);
		}
		count++;
	}
	return count;
}

static struct tw_list_index *open_mapped(const char *path)
{
	struct tw_list_index *index = NULL;
	struct tw_error err;
	if (tw_list_file_open(path, tw_slice_str(""), &index, &err) != TW_OK) {
		fail("the compiled file cannot be mapped", &err);
	}
	return index;
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* Median of the rounds; the file is in the page cache, as for a second worker. */
static double map_ms(const char *path, clockid_t clock)
{
	double took[ROUNDS];
	for (int i = 0; i < ROUNDS; i++) {
		double from = now_ms(clock);
		struct tw_list_index *index = open_mapped(path);
		took[i] = now_ms(clock) - from;
		tw_list_index_free(index);
	}
	qsort(took, ROUNDS, sizeof(took[0]), by_size);
	return took[ROUNDS / 2];
}

static bool same_fields(const struct tw_list_entry *a, const struct tw_list_entry *b, struct tw_arena *arena)
{
	bool same = tw_slice_equal(a->id, b->id) && tw_slice_equal(a->list, b->list);
	for (uint32_t field = 0; same && field < TW_LIST_FIELDS; field++) {
		struct tw_list left, right;
		same = tw_list_field_texts(a, (enum tw_list_field)field, arena, &left) &&
		       tw_list_field_texts(b, (enum tw_list_field)field, arena, &right) && left.count == right.count;
		for (uint32_t i = 0; same && i < left.count; i++) {
			same = tw_slice_equal(((const struct tw_slice *)left.data)[i], ((const struct tw_slice *)right.data)[i]);
		}
	}
	return same;
}

static bool same_hits(const struct tw_list_index *const index[2], struct tw_list_memo *const memo[2], struct tw_slice name, struct tw_arena *arena)
{
	struct tw_matches found[2];
	for (int i = 0; i < 2; i++) {
		struct tw_list_query query = {.name = name, .memo = memo[i]};
		if (tw_list_index_search(index[i], &query, arena, &found[i], NULL) != TW_OK) {
			return false;
		}
	}
	bool same = found[0].count == found[1].count;
	for (uint32_t i = 0; same && i < found[0].count; i++) {
		const struct tw_match *a = &found[0].match[i], *b = &found[1].match[i];
		same = tw_slice_equal(a->list, b->list) && tw_slice_equal(a->entry, b->entry) && tw_slice_equal(a->name, b->name) &&
		       a->similarity_ppm == b->similarity_ppm;
	}
	return same;
}

static void check_same(const struct tw_list_index *made, const struct tw_list_index *mapped)
{
	const struct tw_list_index *const index[2] = {made, mapped};
	struct tw_list_memo *memo[2] = {NULL, NULL};
	struct tw_list_entry a, b;
	struct tw_arena arena;
	tw_arena_init(&arena, 1 << 16, 0);
	if (tw_list_memo_new(made, &memo[0], NULL) != TW_OK || tw_list_memo_new(mapped, &memo[1], NULL) != TW_OK) {
		fail("no memory", NULL);
	}
	uint32_t at = 0;
	for (; tw_list_index_at(made, at, &a); at++) {
		if (!tw_list_index_at(mapped, at, &b) || !same_fields(&a, &b, &arena)) {
			fail("the mapped index holds something else", NULL);
		}
		if (at % ASKED_EVERY == 0 && a.name_count && !same_hits(index, memo, tw_list_entry_name(&a, a.name_count - 1).text, &arena)) {
			fail("the mapped index finds something else", NULL);
		}
		tw_arena_reset(&arena);
	}
	if (tw_list_index_at(mapped, at, &b)) {
		fail("the mapped index holds more", NULL);
	}
	tw_arena_fini(&arena);
	tw_list_memo_free(memo[0]);
	tw_list_memo_free(memo[1]);
}

/* Reading, indexing, writing; @return processor seconds of the first two: the machine is shared */
static double build(const char *folder, const char *path, struct tw_list_index **out, uint32_t *lists)
{
	struct tw_list_builder *builder = NULL;
	struct tw_error err;
	double from = now_ms(CLOCK_PROCESS_CPUTIME_ID);
	if (tw_list_builder_new(NULL, &builder, &err) != TW_OK) {
		fail("no memory", &err);
	}
	*lists = add(builder, folder);
	if (tw_list_index_build(builder, out, &err) != TW_OK) {
		fail("the lists cannot be indexed", &err);
	}
	double took = (now_ms(CLOCK_PROCESS_CPUTIME_ID) - from) / 1e3;
	if (tw_list_file_write(path, *out, reports, *lists, tw_slice_str(""), NULL, &err) != TW_OK) {
		fail("the compiled file cannot be written", &err);
	}
	tw_list_builder_free(builder);
	return took;
}

int main(int argc, char **argv)
{
	char folder[] = "/tmp/tw-bench-lists-XXXXXX", path[sizeof(folder) + 8];
	struct tw_list_index *made = NULL;
	uint32_t lists = 0;
	if (!mkdtemp(folder)) {
		fail("no folder for the compiled file", NULL);
	}
	snprintf(path, sizeof(path), "%s/l.twl", folder);
	double built = build(argc > 1 ? argv[1] : NULL, path, &made, &lists);
	double mapped_ms = map_ms(path, CLOCK_MONOTONIC), mapped_cpu_ms = map_ms(path, CLOCK_PROCESS_CPUTIME_ID);
	struct tw_list_index *mapped = open_mapped(path);
	check_same(made, mapped);
	struct tw_list_stat stat = tw_list_index_stat(mapped);
	double bytes = (double)stat.bytes / stat.names;
	printf("%u lists, %u names: read and indexed in %.2f s, mapped in %.1f ms, %.0f bytes an alias\n", lists, stat.names, built, mapped_ms,
	       bytes);
	printf("RESULT lists.build %.2f s\nRESULT lists.map %.1f ms\nRESULT lists.map_cpu %.1f ms\nRESULT lists.memory %.0f bytes/alias\n", built,
	       mapped_ms, mapped_cpu_ms, bytes);
	tw_list_index_free(mapped);
	tw_list_index_free(made);
	unlink(path);
	rmdir(folder);
	return 0;
}
