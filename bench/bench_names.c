/**
 * @file bench_names.c
 * What a name costs against the list index: cold (every word looked up anew), of known words (a new name, its words remembered), warm (the same name
 * again, with what it met, as within a port's traffic), hostile (30 common words, cold; the 30 most common ones; the most common one alone), at
 * 100,000 and 1,000,000 aliases; and what the index costs to build and to hold.
 *
 * Aliases: the shipped UN and OFAC names, then names made of their words, one in four with a letter changed, so that the vocabulary grows
 * with the list as it does in real ones. Queries: unlisted names made the same way, one in ten a listed name with a letter changed.
 * usage: bench_names [ALIASES...]   Checks that cold and warm passes find the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "feeds/list_loader.h"
#include "feeds/list_memo.h"
#include "feeds/name_candidates.h"

#define QUERIES       2000U
#define ROUNDS        5
#define WORDS_MAX     120000U
#define TEXT_MAX      256U
#define HOSTILE_WORDS 30U

struct words {
	struct tw_slice word[WORDS_MAX];
	uint32_t count;
};

static struct words words;
static uint64_t state = 88172645463325252ULL;

static uint32_t random_below(uint32_t bound)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 33) % bound;
}

static double now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now); /* the machine is shared: what others take does not count */
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void fail(const char *what)
{
	fprintf(stderr, "bench_names: %s\n", what);
	exit(1);
}

static void add_words(struct tw_slice name)
{
	uint32_t from = 0;
	for (uint32_t i = 0; i <= name.len; i++) {
		if (i == name.len || name.ptr[i] == ' ') {
			if (i > from && words.count < WORDS_MAX) {
				words.word[words.count++] = (struct tw_slice){name.ptr + from, i - from};
			}
			from = i + 1;
		}
	}
}

/* Two to four words of listed names; words come as often as they do there. */
static uint32_t make_name(char *out)
{
	uint32_t length = 0;
	for (uint32_t left = 2 + random_below(3); left; left--) {
		struct tw_slice word = words.word[random_below(words.count)];
		if (length + word.len + 2 < TEXT_MAX) {
			memcpy(out + length, word.ptr, word.len);
			length += word.len;
			out[length++] = ' ';
		}
	}
	if (length > 4 && random_below(4) == 0) {
		out[random_below(length - 1)] = (char)('a' + random_below(26));
	}
	return length - 1;
}

static void grow(struct tw_list_stage *stage, uint32_t aliases)
{
	char text[TEXT_MAX], id[16];
	uint32_t entry = 0;
	for (uint32_t i = 0; stage->names.count < aliases; i++) {
		int length = snprintf(id, sizeof(id), "x%u", i);
		if (i % 3 == 0 && !tw_list_stage_entry(stage, (struct tw_slice){id, (uint32_t)length},
		                                       i % 9 ? TW_ENTRY_PERSON : TW_ENTRY_ORGANISATION, 1, &entry)) {
			fail("no memory");
		}
		if (!tw_list_stage_name(stage, entry, (struct tw_slice){text, make_name(text)}, TW_NAME_STRONG)) {
			fail("no memory");
		}
	}
}

struct queries {
	char text[QUERIES][TEXT_MAX];
	struct tw_slice name[QUERIES];
};
static struct queries queries;

static void make_queries(const struct tw_list_stage *stage)
{
	const struct tw_stage_name *names = stage->names.data;
	for (uint32_t i = 0; i < QUERIES; i++) {
		char *text = queries.text[i];
		struct tw_slice listed = names[random_below(stage->names.count)].name.text;
		if (i % 10 == 0 && listed.len < TEXT_MAX) {
			memcpy(text, listed.ptr, listed.len);
			text[random_below(listed.len)] = (char)('a' + random_below(26));
			queries.name[i] = (struct tw_slice){text, listed.len};
		} else {
			queries.name[i] = (struct tw_slice){text, make_name(text)};
		}
	}
}

static uint64_t ask(const struct tw_list_index *index, struct tw_list_memo *memo, struct tw_slice name, struct tw_arena *arena)
{
	struct tw_matches matches;
	struct tw_error err;
	const struct tw_list_query query = {.name = name, .memo = memo};
	if (tw_list_index_search(index, &query, arena, &matches, &err) != TW_OK) {
		fail("a search failed");
	}
	uint64_t sum = matches.count;
	for (uint32_t i = 0; i < matches.count; i++) {
		sum += matches.match[i].similarity_ppm;
	}
	tw_arena_reset(arena);
	return sum;
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

enum known { NOTHING, WORDS, NAMES };

static void forget_work(struct tw_list_memo *memo)
{
	for (uint32_t i = 0; i < TW_LIST_DOMAINS; i++) {
		struct tw_similar_memo *similar = &memo->domain[i]->similar;
		similar->met = similar->scanned = similar->terms = 0;
		memo->domain[i]->work = (struct tw_name_work){0};
	}
}

/* Median of the rounds, in us a query. */
static double pass(const struct tw_list_index *index, struct tw_list_memo *memo, struct tw_arena *arena, enum known known, uint64_t *sum)
{
	double took[ROUNDS];
	for (int round = 0; round < ROUNDS; round++) {
		double spent = 0;
		*sum = 0;
		forget_work(memo);
		for (uint32_t i = 0; i < QUERIES; i++) {
			if (known == NOTHING) {
				tw_list_memo_forget(memo);
			} else if (known == WORDS) {
				tw_list_memo_forget_names(memo);
			}
			double from = now_us();
			*sum += ask(index, memo, queries.name[i], arena);
			spent += now_us() - from;
		}
		took[round] = spent / QUERIES;
	}
	qsort(took, ROUNDS, sizeof(took[0]), by_size);
	return took[ROUNDS / 2];
}

/* What the names of the last round took, a name: searches of all domains together. */
static void print_work(const struct tw_list_memo *memo, const char *what)
{
	struct tw_name_work sum = {0};
	double met = 0, scanned = 0, terms = 0;
	for (uint32_t i = 0; i < TW_LIST_DOMAINS; i++) {
		const struct tw_name_work *one = &memo->domain[i]->work;
		const struct tw_similar_memo *similar = &memo->domain[i]->similar;
		sum.searches += one->searches;
		sum.entered += one->entered;
		sum.runs += one->runs;
		sum.postings += one->postings;
		sum.sieved += one->sieved;
		sum.candidates += one->candidates;
		sum.looked_at += one->looked_at;
		sum.compared += one->compared;
		sum.hits += one->hits;
		met += (double)similar->met / QUERIES;
		scanned += (double)similar->scanned / QUERIES;
		terms += (double)similar->terms / QUERIES;
	}
	printf("  %s, a name: %.1f forms searched for; %.1f words looked up, %.1f of them by their letters, that meet %.0f; %.1f entered by, %.0f "
	       "postings "
	       "in %.0f runs; %.0f pass the sieve, %.0f are left when thinned, %.0f looked at, %.1f compared, %.1f agree\n",
	       what, (double)sum.searches / QUERIES, met, scanned, terms, (double)sum.entered / QUERIES, (double)sum.postings / QUERIES,
	       (double)sum.runs / QUERIES, (double)sum.sieved / QUERIES, (double)sum.candidates / QUERIES, (double)sum.looked_at / QUERIES,
	       (double)sum.compared / QUERIES, (double)sum.hits / QUERIES);
}

static double ask_cold(const struct tw_list_index *index, struct tw_list_memo *memo, struct tw_slice name, struct tw_arena *arena)
{
	tw_list_memo_forget(memo);
	double from = now_us();
	ask(index, memo, name, arena);
	return now_us() - from;
}

static int by_text(const void *a, const void *b)
{
	return tw_slice_compare(*(const struct tw_slice *)a, *(const struct tw_slice *)b);
}

struct common {
	struct tw_slice word;
	uint32_t names;
};

static int by_names(const void *a, const void *b)
{
	const struct common *x = a, *y = b;
	return x->names != y->names ? (x->names < y->names) - (x->names > y->names) : by_text(&x->word, &y->word);
}

/* The words that the most names hold, in `text`, the most common first. @return its length */
static uint32_t most_common(char *text, uint32_t count)
{
	static struct tw_slice sorted[WORDS_MAX];
	static struct common common[WORDS_MAX];
	uint32_t found = 0, length = 0;
	memcpy(sorted, words.word, words.count * sizeof(sorted[0]));
	qsort(sorted, words.count, sizeof(sorted[0]), by_text);
	for (uint32_t i = 0; i < words.count; i++) {
		if (!found || by_text(&common[found - 1].word, &sorted[i]) != 0) {
			common[found++] = (struct common){sorted[i], 0};
		}
		common[found - 1].names++;
	}
	qsort(common, found, sizeof(common[0]), by_names);
	for (uint32_t i = 0; i < count && i < found && length + common[i].word.len < TW_NAME_BYTES_MAX; i++) {
		memcpy(text + length, common[i].word.ptr, common[i].word.len);
		length += common[i].word.len;
		text[length++] = ' ';
	}
	return length - 1;
}

/* The words that most names hold: no other words are in as many. */
static double most_hostile(const struct tw_list_index *index, struct tw_list_memo *memo, struct tw_arena *arena, uint32_t count)
{
	static char text[TW_NAME_BYTES_MAX];
	double worst = 0;
	uint32_t length = most_common(text, count);
	for (int round = 0; round < ROUNDS; round++) {
		double took = ask_cold(index, memo, (struct tw_slice){text, length}, arena);
		worst = took > worst ? took : worst;
	}
	return worst;
}

/* The words that most names hold, by drawing: a common word is drawn often. */
static double hostile(const struct tw_list_index *index, struct tw_list_memo *memo, struct tw_arena *arena)
{
	static char text[TW_NAME_BYTES_MAX];
	double worst = 0;
	for (int round = 0; round < 20; round++) {
		uint32_t length = 0;
		for (uint32_t i = 0; i < HOSTILE_WORDS; i++) {
			struct tw_slice word = words.word[random_below(words.count)];
			if (word.len < 30) {
				memcpy(text + length, word.ptr, word.len);
				length += word.len;
				text[length++] = ' ';
			}
		}
		double took = ask_cold(index, memo, (struct tw_slice){text, length - 1}, arena);
		worst = took > worst ? took : worst;
	}
	return worst;
}

static void load(struct tw_list_builder *builder)
{
	static const struct tw_list_source lists[] = {{"un-sc", TW_LIST_UN_XML, "feeds/sample/lists/un/UN_consolidated_2026-02-27.xml", 0, 0, 0, 0},
	                                              {"ofac-sdn", TW_LIST_OFAC_CSV, "feeds/sample/lists/ofac", 0, 0, 0, 0}};
	struct tw_list_report report;
	struct tw_error err;
	for (size_t i = 0; i < 2; i++) {
		if (tw_list_builder_add(builder, &lists[i], &report, &err) != TW_OK) {
			fail("a shipped list cannot be read: run from the project's root");
		}
		const struct tw_stage_name *names = builder->stage[i]->names.data;
		for (uint32_t n = 0; n < builder->stage[i]->names.count; n++) {
			add_words(names[n].name.text);
		}
	}
}

static void measure(uint32_t aliases)
{
	struct tw_list_builder *builder = NULL;
	struct tw_list_index *index = NULL;
	struct tw_list_memo *memo = NULL;
	struct tw_error err;
	struct tw_arena arena;
	uint64_t cold_sum, new_sum, warm_sum, first;
	words.count = 0;
	if (tw_list_builder_new(NULL, &builder, &err) != TW_OK) {
		fail("no memory");
	}
	load(builder);
	if (aliases > builder->stage[0]->names.count) {
		grow(builder->stage[1], aliases - builder->stage[0]->names.count);
	}
	make_queries(builder->stage[1]);
	double from = now_us();
	if (tw_list_index_build(builder, &index, &err) != TW_OK || tw_list_memo_new(index, &memo, &err) != TW_OK) {
		fail("the index cannot be built");
	}
	double built = (now_us() - from) / 1e3;
	tw_arena_init(&arena, 1 << 16, 0);
	double cold = pass(index, memo, &arena, NOTHING, &cold_sum);
	print_work(memo, "cold");
	pass(index, memo, &arena, WORDS, &first);
	double of_words = pass(index, memo, &arena, WORDS, &new_sum);
	print_work(memo, "of known words");
	pass(index, memo, &arena, NAMES, &first);
	double warm = pass(index, memo, &arena, NAMES, &warm_sum);
	double worst = hostile(index, memo, &arena), commonest = most_hostile(index, memo, &arena, HOSTILE_WORDS),
	       alone = most_hostile(index, memo, &arena, 1);
	struct tw_list_stat stat = tw_list_index_stat(index);
	if (cold_sum != warm_sum || cold_sum != new_sum || first != warm_sum) {
		fail("cold and warm passes find different names");
	}
	printf("%u aliases: cold %.1f us, of known words %.2f us, warm %.2f us a name; hostile %.0f us at worst, the %u commonest words %.0f us, the "
	       "commonest alone %.0f us; built in %.0f ms, %.0f bytes an alias\n",
	       stat.names, cold, of_words, warm, worst, HOSTILE_WORDS, commonest, alone, built, (double)stat.bytes / stat.names);
	printf("RESULT names.%u.cold %.1f us/name\nRESULT names.%u.words %.2f us/name\nRESULT names.%u.warm %.2f us/name\n", aliases, cold, aliases,
	       of_words, aliases, warm);
	printf("RESULT names.%u.hostile_most %.0f us/name\nRESULT names.%u.hostile_alone %.0f us/name\n", aliases, commonest, aliases, alone);
	printf("RESULT names.%u.hostile %.0f us/name\nRESULT names.%u.build %.0f ms\nRESULT names.%u.memory %.0f bytes/alias\n", aliases, worst,
	       aliases, built, aliases, (double)stat.bytes / stat.names);
	tw_list_memo_free(memo);
	tw_list_index_free(index);
	tw_list_builder_free(builder);
	tw_arena_fini(&arena);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		measure(100000);
		measure(1000000);
	}
	for (int i = 1; i < argc; i++) {
		measure((uint32_t)strtoul(argv[i], NULL, 10));
	}
	return 0;
}
