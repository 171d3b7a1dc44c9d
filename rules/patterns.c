/**
 * @file patterns.c
 * PCRE2 behind patterns.h, and the one pass over a text that spares most of its work.
 *
 * The pass slides over a text's bytes with a key of three lower-cased bytes, five bits each, and looks it up in a bitmap of 32,768 bits
 * (4 KiB, stays in the first cache). A set bit leads to the literals that begin with those bytes; one that stands here makes its pattern
 * a candidate. A pattern without usable literals is always one (*slow*). Case: the only non-ASCII characters that fold to ASCII letters are
 * U+017F (long s) and U+212A (kelvin sign); a text that holds one of them makes every pattern a candidate.
 * Source: Unicode CaseFolding.txt, entries 017F and 212A.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "rules/patterns.h"

#include <pcre2.h>
#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "rules/required.h"

#define KEYS                32768U
#define PATTERN_BYTES_MAX   4096U
#define JIT_STACK_BYTES_MIN (32U * 1024U)
#define JIT_STACK_BYTES_MAX (1024U * 1024U)
#define HEAP_KIB_MAX        20000U

struct pattern {
	struct tw_slice text;
	uint64_t hash;
	pcre2_code *code;
	struct tw_required required;
};

struct pattern_set {
	uint32_t *pattern; /* ascending */
	uint32_t count;
};

/* A literal under one of its keys. */
struct entry {
	uint32_t key;
	uint32_t pattern;
	const struct tw_required_text *text;
};

struct tw_patterns {
	struct tw_arena *arena;
	struct tw_list patterns; /* struct pattern */
	struct tw_list sets;     /* struct pattern_set */
	/* after sealing */
	uint32_t pattern_words, set_words;
	uint64_t *always;   /* candidates of every text: patterns, then sets */
	uint64_t *foreign;  /* candidates of every text that is not all ASCII */
	uint64_t **sets_of; /* pattern -> sets that hold it, as bits */
	uint64_t bitmap[KEYS / 64];
	uint32_t *start; /* KEYS + 1: where a key's entries begin */
	struct entry *entry;
	uint32_t entry_count;
};

struct tw_pattern_bench {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	uint64_t limited;
};

struct tw_patterns *tw_patterns_new(struct tw_arena *arena)
{
	struct tw_patterns *patterns = tw_arena_alloc(arena, sizeof(*patterns));
	if (patterns) {
		patterns->arena = arena;
	}
	return patterns;
}

void tw_patterns_free(struct tw_patterns *patterns)
{
	struct pattern *pattern = patterns ? patterns->patterns.data : NULL;
	for (uint32_t i = 0; patterns && i < patterns->patterns.count; i++) {
		pcre2_code_free(pattern[i].code);
	}
}

/* ---- adding ---- */

static bool no_memory(struct tw_rule_report *report, struct tw_mark mark)
{
	tw_report_error(report, mark, TW_E_MEMORY, "no memory");
	return false;
}

static pcre2_code *compile(const struct tw_literal *literal, struct tw_rule_report *report)
{
	const uint32_t options = PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
	int code = 0;
	PCRE2_SIZE offset = 0;
	PCRE2_UCHAR message[160];
	if (literal->text.len == 0 || literal->text.len > PATTERN_BYTES_MAX) {
		tw_report_error(report, literal->mark, TW_E_RANGE, "a pattern has 1 to %u bytes", PATTERN_BYTES_MAX);
		return NULL;
	}
	pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)literal->text.ptr, literal->text.len, options, &code, &offset, NULL);
	if (!compiled) {
		pcre2_get_error_message(code, message, sizeof(message));
		tw_report_error(report, literal->mark, TW_E_SYNTAX, "pattern \"%.64s\": %s at offset %zu", literal->text.ptr, (const char *)message,
		                offset);
		return NULL;
	}
	/* without JIT the same pattern runs interpreted, under the same limits */
	(void)pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE);
	return compiled;
}

static bool pattern_add(struct tw_patterns *patterns, const struct tw_literal *literal, struct tw_rule_report *report, uint32_t *out)
{
	uint64_t hash = tw_hash64(literal->text.ptr, literal->text.len, 0);
	struct pattern *known = patterns->patterns.data;
	for (uint32_t i = 0; i < patterns->patterns.count; i++) {
		if (known[i].hash == hash && tw_slice_equal(known[i].text, literal->text)) {
			*out = i;
			return true;
		}
	}
	pcre2_code *code = compile(literal, report);
	struct pattern *pattern = code ? tw_list_push(patterns->arena, &patterns->patterns, sizeof(*pattern)) : NULL;
	if (!pattern) {
		pcre2_code_free(code);
		return code ? no_memory(report, literal->mark) : false;
	}
	*pattern = (struct pattern){.text = literal->text, .hash = hash, .code = code};
	tw_required_of(literal->text, &pattern->required);
	if (pattern->required.count == 0) {
		tw_report_warning(report, literal->mark, "slow pattern \"%.64s\": it needs no fixed text, so it runs on every text",
		                  literal->text.ptr);
	}
	*out = patterns->patterns.count - 1;
	return true;
}

static int by_number(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

static bool set_add(struct tw_patterns *patterns, struct pattern_set set, uint32_t *out)
{
	struct pattern_set *known = patterns->sets.data;
	for (uint32_t i = 0; i < patterns->sets.count; i++) {
		if (known[i].count == set.count && memcmp(known[i].pattern, set.pattern, set.count * sizeof(*set.pattern)) == 0) {
			*out = i;
			return true;
		}
	}
	struct pattern_set *added = tw_list_push(patterns->arena, &patterns->sets, sizeof(*added));
	if (!added) {
		return false;
	}
	*added = set;
	*out = patterns->sets.count - 1;
	return true;
}

bool tw_patterns_add(struct tw_patterns *patterns, const struct tw_literals *literals, struct tw_rule_report *report, uint32_t *set)
{
	struct pattern_set adding = {.pattern = tw_arena_alloc(patterns->arena, (size_t)literals->count * sizeof(uint32_t))};
	bool good = true;
	if (!adding.pattern) {
		return no_memory(report, literals->at[0].mark);
	}
	for (uint32_t i = 0; i < literals->count; i++) {
		uint32_t pattern = 0;
		if (pattern_add(patterns, &literals->at[i], report, &pattern)) {
			adding.pattern[adding.count++] = pattern;
		} else {
			good = false;
		}
	}
	if (!good) {
		return false;
	}
	qsort(adding.pattern, adding.count, sizeof(*adding.pattern), by_number);
	return set_add(patterns, adding, set) || no_memory(report, literals->at[0].mark);
}

/* ---- sealing ---- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static uint32_t key_push(uint32_t key, char c)
{
	return (key << 5 | ((unsigned char)c & 31U)) & (KEYS - 1);
}

static void bit_set(uint64_t *words, uint32_t bit)
{
	words[bit / 64] |= 1ULL << bit % 64;
}

static bool bit_is(const uint64_t *words, uint32_t bit)
{
	return words[bit / 64] >> bit % 64 & 1;
}

static void candidate(const struct tw_patterns *patterns, uint64_t *words, uint32_t pattern)
{
	bit_set(words, pattern);
	for (uint32_t i = 0; i < patterns->set_words; i++) {
		words[patterns->pattern_words + i] |= patterns->sets_of[pattern][i];
	}
}

static void entry_add(struct tw_patterns *patterns, uint32_t key, uint32_t pattern, const struct tw_required_text *text)
{
	patterns->entry[patterns->entry_count++] = (struct entry){key, pattern, text};
	patterns->bitmap[key / 64] |= 1ULL << key % 64;
}

/* A literal of two bytes stands under every third byte there can be; the pass ends with one byte that is none. */
static void entries_add(struct tw_patterns *patterns, uint32_t pattern, const struct tw_required_text *text)
{
	uint32_t key = key_push(key_push(0, text->bytes[0]), text->bytes[1]);
	if (text->bytes[0] == TW_REQUIRED_FOREIGN) {
		candidate(patterns, patterns->foreign, pattern);
		return;
	}
	if (text->len > 2) {
		entry_add(patterns, key_push(key, text->bytes[2]), pattern, text);
		return;
	}
	for (char third = 0; third < 32; third++) {
		entry_add(patterns, key_push(key, third), pattern, text);
	}
}

static int by_key(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = (a->key > b->key) - (a->key < b->key);
	return order ? order : (a->pattern > b->pattern) - (a->pattern < b->pattern);
}

static uint32_t entries_needed(const struct tw_patterns *patterns)
{
	const struct pattern *pattern = patterns->patterns.data;
	uint32_t needed = 0;
	for (uint32_t i = 0; i < patterns->patterns.count; i++) {
		for (uint32_t j = 0; j < pattern[i].required.count; j++) {
			needed += pattern[i].required.text[j].len > 2 ? 1 : 32;
		}
	}
	return needed;
}

static bool seal_sets(struct tw_patterns *patterns)
{
	const struct pattern *pattern = patterns->patterns.data;
	const struct pattern_set *set = patterns->sets.data;
	for (uint32_t i = 0; i < patterns->patterns.count; i++) {
		patterns->sets_of[i] = tw_arena_alloc(patterns->arena, patterns->set_words * sizeof(uint64_t));
		if (!patterns->sets_of[i]) {
			return false;
		}
		if (pattern[i].required.count == 0) {
			bit_set(patterns->always, i);
		}
	}
	for (uint32_t i = 0; i < patterns->sets.count; i++) {
		for (uint32_t j = 0; j < set[i].count; j++) {
			bit_set(patterns->sets_of[set[i].pattern[j]], i);
			if (bit_is(patterns->always, set[i].pattern[j])) {
				bit_set(patterns->always + patterns->pattern_words, i);
			}
		}
	}
	return true;
}

static void seal_entries(struct tw_patterns *patterns)
{
	const struct pattern *pattern = patterns->patterns.data;
	for (uint32_t i = 0; i < patterns->patterns.count; i++) {
		for (uint32_t j = 0; j < pattern[i].required.count; j++) {
			entries_add(patterns, i, &pattern[i].required.text[j]);
		}
	}
	qsort(patterns->entry, patterns->entry_count, sizeof(*patterns->entry), by_key);
	for (uint32_t key = 0, at = 0; key <= KEYS; key++) {
		while (at < patterns->entry_count && patterns->entry[at].key < key) {
			at++;
		}
		patterns->start[key] = at;
	}
}

bool tw_patterns_seal(struct tw_patterns *patterns)
{
	struct tw_arena *arena = patterns->arena;
	patterns->pattern_words = (patterns->patterns.count + 63) / 64;
	patterns->set_words = (patterns->sets.count + 63) / 64;
	patterns->always = tw_arena_alloc(arena, (patterns->pattern_words + patterns->set_words) * sizeof(uint64_t));
	patterns->foreign = tw_arena_alloc(arena, (patterns->pattern_words + patterns->set_words) * sizeof(uint64_t));
	patterns->sets_of = tw_arena_alloc(arena, patterns->patterns.count * sizeof(*patterns->sets_of));
	patterns->start = tw_arena_alloc(arena, (KEYS + 1) * sizeof(*patterns->start));
	patterns->entry = tw_arena_alloc(arena, (size_t)entries_needed(patterns) * sizeof(*patterns->entry));
	if (!patterns->always || !patterns->foreign || !patterns->sets_of || !patterns->start || !patterns->entry || !seal_sets(patterns)) {
		return false;
	}
	seal_entries(patterns);
	return true;
}

/* ---- matching ---- */

enum tw_code tw_pattern_bench_new(const struct tw_patterns *patterns, struct tw_pattern_bench **out, struct tw_error *err)
{
	struct tw_pattern_bench *bench = calloc(1, sizeof(*bench));
	(void)patterns;
	if (!bench) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a pattern bench", NULL, NULL);
	}
	bench->data = pcre2_match_data_create(1, NULL);
	bench->context = pcre2_match_context_create(NULL);
	bench->stack = pcre2_jit_stack_create(JIT_STACK_BYTES_MIN, JIT_STACK_BYTES_MAX, NULL);
	if (!bench->data || !bench->context) {
		tw_pattern_bench_free(bench);
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a pattern bench", NULL, NULL);
	}
	pcre2_set_match_limit(bench->context, TW_PATTERN_MATCH_LIMIT);
	pcre2_set_depth_limit(bench->context, TW_PATTERN_DEPTH_LIMIT);
	pcre2_set_heap_limit(bench->context, HEAP_KIB_MAX);
	if (bench->stack) { /* NULL where this PCRE2 has no JIT */
		pcre2_jit_stack_assign(bench->context, NULL, bench->stack);
	}
	*out = bench;
	return TW_OK;
}

void tw_pattern_bench_free(struct tw_pattern_bench *bench)
{
	if (!bench) {
		return;
	}
	pcre2_match_data_free(bench->data);
	pcre2_match_context_free(bench->context);
	pcre2_jit_stack_free(bench->stack);
	free(bench);
}

uint64_t tw_pattern_bench_limited(const struct tw_pattern_bench *bench)
{
	return bench->limited;
}

static bool stands_at(const struct tw_required_text *literal, const char *at, const char *end)
{
	if (end - at < literal->len) {
		return false;
	}
	for (uint32_t i = 0; i < literal->len; i++) {
		if (lower(at[i]) != literal->bytes[i]) {
			return false;
		}
	}
	return true;
}

static void literals_at(const struct tw_patterns *patterns, uint64_t *words, uint32_t key, const char *at, const char *end)
{
	for (uint32_t i = patterns->start[key]; i < patterns->start[key + 1]; i++) {
		const struct entry *entry = &patterns->entry[i];
		if (!bit_is(words, entry->pattern) && stands_at(entry->text, at, end)) {
			candidate(patterns, words, entry->pattern);
		}
	}
}

/* U+017F is C5 BF, U+212A is E2 84 AA */
static bool folds_at(struct tw_slice text, uint32_t at)
{
	static const char long_s[] = "\xC5\xBF", kelvin[] = "\xE2\x84\xAA";
	return (text.len - at >= 2 && memcmp(text.ptr + at, long_s, 2) == 0) || (text.len - at >= 3 && memcmp(text.ptr + at, kelvin, 3) == 0);
}

static void pass(const struct tw_patterns *patterns, uint64_t *words, struct tw_slice text)
{
	const char *end = text.ptr + text.len;
	size_t count = patterns->pattern_words + patterns->set_words;
	uint32_t key = 0;
	bool folds = false, ascii = true;
	for (uint32_t i = 0; i <= text.len; i++) {
		unsigned char c = i < text.len ? (unsigned char)text.ptr[i] : 0;
		key = key_push(key, (char)c);
		if (c >= 0x80) {
			ascii = false;
			folds |= folds_at(text, i);
		}
		if (i >= 2 && bit_is(patterns->bitmap, key)) {
			literals_at(patterns, words, key, text.ptr + i - 2, end);
		}
	}
	for (size_t i = 0; i < count && !ascii; i++) {
		words[i] |= folds ? UINT64_MAX : patterns->foreign[i];
	}
}

/* Words of a text: candidate patterns, candidate sets, sets asked, sets met. */
static bool marks_make(const struct tw_patterns *patterns, struct tw_pattern_marks *marks, struct tw_slice text, struct tw_arena *arena)
{
	size_t count = patterns->pattern_words + 3 * (size_t)patterns->set_words;
	marks->words = tw_arena_alloc(arena, count * sizeof(uint64_t));
	if (!marks->words) {
		return false;
	}
	memcpy(marks->words, patterns->always, (patterns->pattern_words + patterns->set_words) * sizeof(uint64_t));
	pass(patterns, marks->words, text);
	return true;
}

static bool run(const struct pattern *pattern, struct tw_pattern_bench *bench, struct tw_slice text)
{
	int code = pcre2_match(pattern->code, (PCRE2_SPTR)(text.len ? text.ptr : ""), text.len, 0, PCRE2_NO_UTF_CHECK, bench->data, bench->context);
	if (code < 0 && code != PCRE2_ERROR_NOMATCH) {
		bench->limited++;
	}
	return code >= 0;
}

bool tw_patterns_match(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, struct tw_pattern_marks *marks, uint32_t set,
                       struct tw_slice text, struct tw_arena *arena, bool *failed)
{
	if (!marks->words && !marks_make(patterns, marks, text, arena)) {
		*failed = true;
		return false;
	}
	uint64_t *candidates = marks->words + patterns->pattern_words, *asked = candidates + patterns->set_words, *met = asked + patterns->set_words;
	if (!bit_is(candidates, set)) {
		return false;
	}
	if (bit_is(asked, set)) {
		return bit_is(met, set);
	}
	const struct pattern_set *of = (const struct pattern_set *)patterns->sets.data + set;
	const struct pattern *pattern = patterns->patterns.data;
	bit_set(asked, set);
	for (uint32_t i = 0; i < of->count; i++) {
		if (bit_is(marks->words, of->pattern[i]) && run(&pattern[of->pattern[i]], bench, text)) {
			bit_set(met, set);
			return true;
		}
	}
	return false;
}

void tw_patterns_join(const struct tw_patterns *patterns, struct tw_pattern_marks *marks, struct tw_slice text, struct tw_arena *arena,
                      uint64_t *sets, bool *failed)
{
	if (!marks->words && !marks_make(patterns, marks, text, arena)) {
		*failed = true;
		return;
	}
	for (uint32_t i = 0; i < patterns->set_words; i++) {
		sets[i] |= marks->words[patterns->pattern_words + i];
	}
}

size_t tw_patterns_set_bytes(const struct tw_patterns *patterns)
{
	return patterns->set_words * sizeof(uint64_t);
}

/* ---- one by one ---- */

static const struct pattern *pattern_of(const struct tw_patterns *patterns, uint32_t set, uint32_t at)
{
	const struct pattern_set *of = (const struct pattern_set *)patterns->sets.data + set;
	return (const struct pattern *)patterns->patterns.data + of->pattern[at];
}

uint32_t tw_patterns_set_count(const struct tw_patterns *patterns, uint32_t set)
{
	return ((const struct pattern_set *)patterns->sets.data)[set].count;
}

struct tw_slice tw_patterns_set_text(const struct tw_patterns *patterns, uint32_t set, uint32_t at)
{
	return pattern_of(patterns, set, at)->text;
}

bool tw_patterns_set_match(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, uint32_t set, uint32_t at, struct tw_slice text)
{
	return run(pattern_of(patterns, set, at), bench, text);
}
