/**
 * @file prefilter_building.h
 * A prefilter while it is built: what every pattern stands under and what else it needs (prefilter_entries.c), for the table (prefilter.c); theirs
 * alone.
 */
#ifndef TIDEWAITER_RULES_PREFILTER_BUILDING_H
#define TIDEWAITER_RULES_PREFILTER_BUILDING_H

#include "rules/prefilter_table.h"

#define TW_PREFILTER_COUNTS_BITS 16U

/* An entry while they are gathered. */
struct tw_prefilter_draft {
	uint64_t mixed;
	const struct tw_required_text *text; /* the literal around the key; NULL: the key says it all */
	uint32_t pattern, before;
};

/* As struct tw_prefilter_entry has them, of a pattern's further needs. */
struct tw_prefilter_first {
	uint64_t letters, begins;
};

struct tw_prefilter_building {
	struct tw_prefilter_draft *draft;
	size_t count, room;
	uint32_t *counts;                 /* of patterns, by a hash of the key */
	uint8_t *under;                   /* of each pattern: which of its needs the entries are of */
	uint32_t *needs;                  /* where its others begin */
	struct tw_prefilter_first *first; /* what is asked first of them */
	bool failed;
};

/** Is a character beyond ASCII enough for one of the literals? */
bool tw_prefilter_foreign(const struct tw_required *required);
/** By tw_prefilter_letter. */
uint64_t tw_prefilter_letters_of(const struct tw_required_text *text);
/** First of all patterns: how many have each key. */
void tw_prefilter_counts_make(const struct tw_prefilter_building *building, const struct tw_required *required);
/** Then of each the entries under its cheapest keys; `failed` without memory. */
void tw_prefilter_entries_of(struct tw_prefilter_building *building, const struct tw_required *required, uint32_t pattern);
/** Then what else each needs. @return false without memory */
bool tw_prefilter_needs_make(struct tw_prefilter *prefilter, struct tw_arena *arena, const struct tw_required *const *required,
                             const struct tw_prefilter_building *building);

#endif
