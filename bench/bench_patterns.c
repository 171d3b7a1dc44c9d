/**
 * @file bench_patterns.c
 * What all patterns of a field cost a text: the prefilter with PCRE2 behind it, PCRE2 one by one, and Hyperscan where it was there when this was
 * built (HAVE_HYPERSCAN; the benchmark alone is linked to it, never the product). The three must find the same. usage: bench_patterns PATTERNS TEXTS
 * COUNT...   Files of one pattern, one text a line; COUNT: so many of the patterns.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef HAVE_HYPERSCAN
#include <hs.h>
#endif

#include "engine/base/arena.h"
#include "rules/patterns.h"

#define ROUNDS          9
#define PASSES          6       /* over all texts in a round: a contender comes back to caches that are another's */
#define ONE_BY_ONE_WORK 500000U /* attempts of one pattern on one text, a pass */

struct lines {
	char *bytes;
	struct tw_slice *line;
	uint32_t count;
};

/* What was found: how many pairs of text and pattern, and a sum that tells one set of pairs from another. */
struct result {
	double ns; /* a text */
	uint64_t pairs, sum;
};

static double now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void fail(const char *what, const char *about)
{
	fprintf(stderr, "bench_patterns: %s: %s\n", what, about);
	exit(1);
}

static void pair(struct result *result, uint32_t text, uint32_t pattern)
{
	uint64_t x = ((uint64_t)text << 32 | pattern) * 0x9E3779B97F4A7C15ULL;
	result->pairs++;
	result->sum += x ^ x >> 29;
}

static struct lines lines_of(const char *path)
{
	FILE *in = fopen(path, "rb");
	struct lines lines = {NULL, NULL, 0};
	if (!in || fseek(in, 0, SEEK_END)) {
		fail("cannot read", path);
	}
	size_t size = (size_t)ftell(in), used = 0;
	rewind(in);
	lines.bytes = malloc(size + 1);
	lines.line = calloc(size + 1, sizeof(*lines.line));
	if (!lines.bytes || !lines.line || fread(lines.bytes, 1, size, in) != size) {
		fail("cannot read", path);
	}
	fclose(in);
	while (used < size) {
		char *end = memchr(lines.bytes + used, '\n', size - used);
		size_t length = end ? (size_t)(end - lines.bytes) - used : size - used;
		lines.bytes[used + length] = '\0';
		lines.line[lines.count++] = (struct tw_slice){lines.bytes + used, (uint32_t)length};
		used += length + 1;
	}
	return lines;
}

static int by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

/* One who is measured. */
struct contender {
	void (*round)(void *context, struct result *result);
	void *context;
	struct result result;
	double ns[ROUNDS];
};

/* Takes turns, so that what else the machine does falls on all alike. The time is the median of the rounds; the rest is the same in each. */
static void measure(struct contender *contender, uint32_t count, uint32_t texts)
{
	for (int i = -1; i < ROUNDS; i++) { /* the first one warms up */
		for (uint32_t j = 0; j < count; j++) {
			double from = now_ns();
			for (int pass = 0; pass < PASSES; pass++) {
				contender[j].result = (struct result){0, 0, 0};
				contender[j].round(contender[j].context, &contender[j].result);
			}
			contender[j].ns[i < 0 ? 0 : i] = (now_ns() - from) / texts / PASSES;
		}
	}
	for (uint32_t j = 0; j < count; j++) {
		qsort(contender[j].ns, ROUNDS, sizeof(contender[j].ns[0]), by_size);
		contender[j].result.ns = contender[j].ns[ROUNDS / 2];
	}
}

/* ---- the product ---- */

struct product {
	struct tw_patterns *patterns;
	struct tw_pattern_bench *bench;
	struct tw_arena arena, batch;
	uint32_t *pattern_of; /* of each set */
	const struct lines *texts;
	uint64_t candidates;
};

static double product_make(struct product *product, const struct lines *patterns, uint32_t count)
{
	struct tw_error err;
	struct tw_rule_report report = {.err = &err, .file = "patterns"};
	double from = now_ns();
	tw_arena_init(&product->arena, 1 << 20, 0);
	tw_arena_init(&product->batch, 1 << 20, 0);
	product->patterns = tw_patterns_new(&product->arena);
	product->pattern_of = calloc(count, sizeof(*product->pattern_of));
	for (uint32_t i = 0; i < count; i++) {
		struct tw_literal literal = {.text = patterns->line[i], .mark = {i + 1, 1}};
		uint32_t set;
		if (!tw_patterns_add(product->patterns, &(struct tw_literals){&literal, 1}, &report, &set)) {
			fail("a pattern does not compile", patterns->line[i].ptr);
		}
		product->pattern_of[set] = i;
	}
	if (!tw_patterns_seal(product->patterns) || tw_pattern_bench_new(product->patterns, &product->bench, &err) != TW_OK) {
		fail("no memory", "patterns");
	}
	tw_pattern_bench_as_received(product->bench); /* as the engines that it is held against read them */
	return (now_ns() - from) / 1e6;
}

static void product_free(struct product *product)
{
	tw_pattern_bench_free(product->bench);
	tw_patterns_free(product->patterns);
	tw_arena_fini(&product->arena);
	tw_arena_fini(&product->batch);
	free(product->pattern_of);
}

static void product_round(void *context, struct result *result)
{
	struct product *product = context;
	product->candidates = 0;
	for (uint32_t i = 0; i < product->texts->count; i++) {
		struct tw_pattern_marks marks = {NULL};
		bool failed = false;
		uint32_t count;
		struct tw_slice text = product->texts->line[i];
		const uint32_t *set = tw_patterns_find(product->patterns, product->bench, &marks, text, &product->batch, &count, &failed);
		for (uint32_t j = 0; j < count; j++) {
			if (tw_patterns_match(product->patterns, product->bench, &marks, set[j], text, &product->batch, &failed)) {
				pair(result, i, product->pattern_of[set[j]]);
			}
		}
		product->candidates += count;
		tw_arena_reset(&product->batch);
	}
}

/* ---- PCRE2, one by one ---- */

struct single {
	pcre2_code **code;
	uint32_t count;
	pcre2_match_data *data;
	const struct lines *texts;
	uint32_t limit; /* texts */
};

static void single_make(struct single *single, const struct lines *patterns, uint32_t count)
{
	single->code = calloc(count, sizeof(*single->code));
	single->count = count;
	single->data = pcre2_match_data_create(1, NULL);
	for (uint32_t i = 0; i < count; i++) {
		int code;
		PCRE2_SIZE offset;
		single->code[i] = pcre2_compile((PCRE2_SPTR)patterns->line[i].ptr, patterns->line[i].len, PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP,
		                                &code, &offset, NULL);
		if (!single->code[i] || pcre2_jit_compile(single->code[i], PCRE2_JIT_COMPLETE)) {
			fail("a pattern does not compile", patterns->line[i].ptr);
		}
	}
}

static void single_free(struct single *single)
{
	for (uint32_t i = 0; i < single->count; i++) {
		pcre2_code_free(single->code[i]);
	}
	pcre2_match_data_free(single->data);
	free(single->code);
}

static void single_round(void *context, struct result *result)
{
	struct single *single = context;
	for (uint32_t i = 0; i < single->limit; i++) {
		struct tw_slice text = single->texts->line[i];
		for (uint32_t j = 0; j < single->count; j++) {
			if (pcre2_jit_match(single->code[j], (PCRE2_SPTR)text.ptr, text.len, 0, PCRE2_NO_UTF_CHECK, single->data, NULL) >= 0) {
				pair(result, i, j);
			}
		}
	}
}

/* ---- Hyperscan ---- */

#ifdef HAVE_HYPERSCAN
struct other {
	hs_database_t *database;
	hs_scratch_t *scratch;
	const struct lines *texts;
	struct result *result;
	uint32_t text;
};

static int other_met(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	struct other *other = context;
	(void)from, (void)to, (void)flags;
	pair(other->result, other->text, id);
	return 0;
}

/* Its cheapest: bytes, not Unicode, and each pattern said once. */
static double other_make(struct other *other, const struct lines *patterns, uint32_t count)
{
	const char **text = calloc(count, sizeof(*text));
	unsigned *flags = calloc(count, sizeof(*flags)), *id = calloc(count, sizeof(*id));
	hs_compile_error_t *error;
	for (uint32_t i = 0; text && flags && id && i < count; i++) {
		text[i] = patterns->line[i].ptr;
		flags[i] = HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH;
		id[i] = i;
	}
	double from = now_ns();
	if (hs_compile_multi(text, flags, id, count, HS_MODE_BLOCK, NULL, &other->database, &error) != HS_SUCCESS) {
		fail("Hyperscan", error->message);
	}
	double took = (now_ns() - from) / 1e6;
	if (hs_alloc_scratch(other->database, &other->scratch) != HS_SUCCESS) {
		fail("Hyperscan", "no scratch");
	}
	free(text);
	free(flags);
	free(id);
	return took;
}

static void other_round(void *context, struct result *result)
{
	struct other *other = context;
	other->result = result;
	for (other->text = 0; other->text < other->texts->count; other->text++) {
		struct tw_slice text = other->texts->line[other->text];
		(void)hs_scan(other->database, text.ptr, text.len, 0, other->scratch, other_met, other);
	}
}

/* @param ours measured before, and again beside it */
static void against_hyperscan(struct contender *ours, const struct lines *patterns, const struct lines *texts, uint32_t count)
{
	struct other other = {.texts = texts};
	double made_ms = other_make(&other, patterns, count);
	struct contender both[] = {*ours, {.round = other_round, .context = &other}};
	measure(both, 2, texts->count);
	const struct result *result = &both[1].result;
	*ours = both[0];
	printf("  Hyperscan %s: %.0f ns a text, the product beside it %.0f, %llu matches, compiled in %.0f ms\n", hs_version(), result->ns,
	       ours->result.ns, (unsigned long long)result->pairs, made_ms);
	if (result->pairs != ours->result.pairs || result->sum != ours->result.sum) {
		fail("the matches differ", "Hyperscan's");
	}
	printf("RESULT patterns%u.of_hyperscan %.2f of its time a text (aim: %s)\n", count, ours->result.ns / result->ns,
	       count > 1000 ? "0.35" : "0.5");
	hs_free_scratch(other.scratch);
	hs_free_database(other.database);
}
#else
static void against_hyperscan(struct contender *ours, const struct lines *patterns, const struct lines *texts, uint32_t count)
{
	(void)ours, (void)patterns, (void)texts, (void)count;
	printf("  Hyperscan: not there when this was built (Debian: libhyperscan-dev)\n");
}
#endif

static void one_by_one(struct product *product, const struct lines *patterns, const struct lines *texts, uint32_t count, const struct result *ours)
{
	struct single single = {.texts = texts};
	struct lines few = *texts;
	struct result same = {0, 0, 0};
	single_make(&single, patterns, count);
	single.limit = ONE_BY_ONE_WORK / count < texts->count ? ONE_BY_ONE_WORK / count : texts->count;
	few.count = single.limit;
	product->texts = &few;
	product_round(product, &same);
	product->texts = texts;
	struct contender alone = {.round = single_round, .context = &single};
	measure(&alone, 1, single.limit);
	struct result result = alone.result;
	printf("  PCRE2 one by one: %.0f ns a text, of %u texts\n", result.ns, single.limit);
	if (result.pairs != same.pairs || result.sum != same.sum) {
		fail("the matches differ", "PCRE2's, one by one");
	}
	printf("RESULT patterns%u.faster_than_one_by_one %.0f times%s\n", count, result.ns / ours->ns, count == 1000 ? " (aim: 250)" : "");
	single_free(&single);
}

static void compare(const struct lines *patterns, const struct lines *texts, uint32_t count)
{
	struct product product = {.texts = texts};
	double made_ms = product_make(&product, patterns, count);
	struct contender ours = {.round = product_round, .context = &product};
	measure(&ours, 1, texts->count);
	printf("%u patterns, %u texts: %.0f ns a text, %llu matches of %llu candidates, compiled in %.0f ms\n", count, texts->count, ours.result.ns,
	       (unsigned long long)ours.result.pairs, (unsigned long long)product.candidates, made_ms);
	printf("RESULT patterns%u.time %.0f ns/text\n", count, ours.result.ns);
	against_hyperscan(&ours, patterns, texts, count);
	one_by_one(&product, patterns, texts, count, &ours.result);
	product_free(&product);
}

int main(int argc, char **argv)
{
	if (argc < 4) {
		fprintf(stderr, "usage: bench_patterns PATTERNS TEXTS COUNT...\n");
		return 64;
	}
	struct lines patterns = lines_of(argv[1]), texts = lines_of(argv[2]);
	for (int i = 3; i < argc; i++) {
		uint32_t count = (uint32_t)strtoul(argv[i], NULL, 10);
		if (count == 0 || count > patterns.count || texts.count == 0) {
			fail("not so many", argv[i]);
		}
		compare(&patterns, &texts, count);
	}
	free(patterns.bytes);
	free(patterns.line);
	free(texts.bytes);
	free(texts.line);
	return 0;
}
