/**
 * @file patterns.c
 * Adding patterns and sets, each once, and sealing them; see patterns.h. Texts are asked in patterns_match.c.
 */
#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "rules/patterns_table.h"

#define PATTERN_BYTES_MAX 4096U

struct tw_patterns *tw_patterns_new(struct tw_arena *arena)
{
	struct tw_patterns *patterns = tw_arena_alloc(arena, sizeof(*patterns));
	mtx_t *jitting = patterns ? tw_arena_alloc(arena, sizeof(*jitting)) : NULL;
	if (!jitting || mtx_init(jitting, mtx_plain) != thrd_success) {
		return NULL;
	}
	patterns->arena = arena;
	patterns->jitting = jitting;
	return patterns;
}

void tw_patterns_free(struct tw_patterns *patterns)
{
	struct tw_pattern *pattern = patterns ? patterns->patterns.data : NULL;
	for (uint32_t i = 0; patterns && i < patterns->patterns.count; i++) {
		pcre2_code_free(pattern[i].code);
	}
	if (patterns) {
		mtx_destroy(patterns->jitting);
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
	}
	return compiled;
}

struct pattern_wanted {
	const struct tw_patterns *patterns;
	struct tw_slice text;
};

static bool same_pattern(const void *context, uint32_t at)
{
	const struct tw_patterns *patterns = ((const struct pattern_wanted *)context)->patterns;
	return tw_slice_equal(((const struct tw_pattern *)patterns->patterns.data)[at].text, ((const struct pattern_wanted *)context)->text);
}

static bool pattern_add(struct tw_patterns *patterns, const struct tw_literal *literal, struct tw_rule_report *report, uint32_t *out)
{
	uint64_t hash = tw_hash64(literal->text.ptr, literal->text.len, 0);
	const struct pattern_wanted wanted = {patterns, literal->text};
	*out = tw_interned_find(&patterns->known_patterns, hash, same_pattern, &wanted);
	if (*out != TW_INTERNED_NONE) {
		return true;
	}
	pcre2_code *code = compile(literal, report);
	struct tw_pattern *pattern = code ? tw_list_push(patterns->arena, &patterns->patterns, sizeof(*pattern)) : NULL;
	if (!pattern) {
		pcre2_code_free(code);
		return code ? no_memory(report, literal->mark) : false;
	}
	*out = patterns->patterns.count - 1;
	*pattern = (struct tw_pattern){.text = literal->text, .code = code};
	tw_required_of(literal->text, &pattern->required);
	if (pattern->required.count == 0) {
		tw_report_warning(report, literal->mark, "slow pattern \"%.64s\": it needs no fixed text, so it runs on every text",
		                  literal->text.ptr);
	}
	return tw_interned_add(&patterns->known_patterns, patterns->arena, hash, *out) || no_memory(report, literal->mark);
}

struct set_wanted {
	const struct tw_patterns *patterns;
	struct tw_pattern_set set;
};

static bool same_set(const void *context, uint32_t at)
{
	const struct set_wanted *wanted = context;
	const struct tw_pattern_set *known = (const struct tw_pattern_set *)wanted->patterns->sets.data + at;
	return known->count == wanted->set.count && memcmp(known->pattern, wanted->set.pattern, known->count * sizeof(*known->pattern)) == 0;
}

static bool set_add(struct tw_patterns *patterns, struct tw_pattern_set set, uint32_t *out)
{
	const struct set_wanted wanted = {patterns, set};
	uint64_t hash = tw_hash64(set.pattern, set.count * sizeof(*set.pattern), 0);
	*out = tw_interned_find(&patterns->known_sets, hash, same_set, &wanted);
	if (*out != TW_INTERNED_NONE) {
		return true;
	}
	struct tw_pattern_set *added = tw_list_push(patterns->arena, &patterns->sets, sizeof(*added));
	if (!added) {
		return false;
	}
	*added = set;
	*out = patterns->sets.count - 1;
	return tw_interned_add(&patterns->known_sets, patterns->arena, hash, *out);
}

bool tw_patterns_add(struct tw_patterns *patterns, const struct tw_literals *literals, struct tw_rule_report *report, uint32_t *set)
{
	struct tw_pattern_set adding = {.pattern = tw_arena_alloc(patterns->arena, (size_t)literals->count * sizeof(uint32_t))};
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
	qsort(adding.pattern, adding.count, sizeof(*adding.pattern), tw_pattern_by_number);
	return set_add(patterns, adding, set) || no_memory(report, literals->at[0].mark);
}

/* ---- sealing ---- */

static bool seal_sets(struct tw_patterns *patterns)
{
	const struct tw_pattern_set *set = patterns->sets.data;
	uint32_t *from = patterns->sets_from;
	for (uint32_t i = 0; i < patterns->sets.count; i++) {
		for (uint32_t j = 0; j < set[i].count; j++) {
			from[set[i].pattern[j] + 2]++;
		}
	}
	for (uint32_t i = 2; i < patterns->patterns.count + 2; i++) {
		from[i] += from[i - 1];
	}
	patterns->sets_of = tw_arena_alloc(patterns->arena, ((size_t)from[patterns->patterns.count + 1] + 1) * sizeof(*patterns->sets_of));
	for (uint32_t i = 0; patterns->sets_of && i < patterns->sets.count; i++) {
		for (uint32_t j = 0; j < set[i].count; j++) {
			patterns->sets_of[from[set[i].pattern[j] + 1]++] = i;
		}
	}
	return patterns->sets_of != NULL;
}

/* What is a candidate of every text, so that a text without another needs no list of its own. */
static bool seal_always(struct tw_patterns *patterns)
{
	const struct tw_pattern *pattern = patterns->patterns.data;
	patterns->always = tw_arena_alloc(patterns->arena, ((size_t)patterns->patterns.count + 1) * sizeof(*patterns->always));
	patterns->open = tw_arena_alloc(patterns->arena, ((size_t)patterns->sets.count + 1) * sizeof(*patterns->open));
	for (uint32_t i = 0; patterns->always && i < patterns->patterns.count; i++) {
		if (pattern[i].required.count == 0) {
			patterns->always[patterns->always_count++] = i;
		}
	}
	const struct tw_pattern_set *set = patterns->sets.data;
	for (uint32_t i = 0; patterns->open && i < patterns->sets.count; i++) {
		bool open = false;
		for (uint32_t j = 0; j < set[i].count && !open; j++) {
			open = pattern[set[i].pattern[j]].required.count == 0;
		}
		if (open) {
			patterns->open[patterns->open_count++] = i;
		}
	}
	return patterns->always && patterns->open;
}

bool tw_patterns_seal(struct tw_patterns *patterns)
{
	const struct tw_pattern *pattern = patterns->patterns.data;
	const struct tw_required **required =
	    tw_arena_alloc(patterns->arena, ((size_t)patterns->patterns.count + 1) * sizeof(const struct tw_required *));
	patterns->sets_from = tw_arena_alloc(patterns->arena, ((size_t)patterns->patterns.count + 2) * sizeof(*patterns->sets_from));
	if (!required || !patterns->sets_from || !seal_sets(patterns) || !seal_always(patterns)) {
		return false;
	}
	for (uint32_t i = 0; i < patterns->patterns.count; i++) {
		required[i] = &pattern[i].required;
	}
	patterns->prefilter = tw_prefilter_new(patterns->arena, required, patterns->patterns.count);
	return patterns->prefilter != NULL;
}
