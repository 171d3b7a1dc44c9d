/**
 * @file patterns_table.h
 * The patterns and sets of patterns.h, as patterns.c adds and seals them and patterns_match.c asks them; theirs alone.
 */
#ifndef TIDEWAITER_RULES_PATTERNS_TABLE_H
#define TIDEWAITER_RULES_PATTERNS_TABLE_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdatomic.h>
#include <threads.h>

#include "rules/interned.h"
#include "rules/patterns.h"
#include "rules/prefilter.h"

enum tw_pattern_code { TW_PATTERN_UNMADE, TW_PATTERN_MACHINE_CODE, TW_PATTERN_INTERPRETED };

struct tw_pattern {
	struct tw_slice text;
	pcre2_code *code;
	atomic_uchar code_is;        /* enum tw_pattern_code: made once; without JIT the same pattern runs interpreted, under the same limits */
	struct tw_required required; /* begins with what a match asks */
};

struct tw_pattern_set {
	uint32_t *pattern; /* ascending */
	uint32_t count;
};

struct tw_patterns {
	struct tw_arena *arena;
	struct tw_list patterns; /* struct tw_pattern */
	struct tw_list sets;     /* struct tw_pattern_set */
	struct tw_interned known_patterns, known_sets;
	/* after sealing */
	struct tw_prefilter *prefilter;
	uint32_t *sets_from; /* of each pattern and one more: where its sets begin */
	uint32_t *sets_of;
	uint32_t *always; /* patterns that need no fixed text: candidates of every text */
	uint32_t always_count;
	uint32_t *open; /* the sets that have one, ascending */
	uint32_t open_count;
	mtx_t *jitting;
};

static inline int tw_pattern_by_number(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

#endif
