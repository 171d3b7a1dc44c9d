/**
 * @file mentions.h
 * Collecting what an event mentions: each key once, each mention by the struct that made it.
 *
 * A *draft* is an operation that still grows: further mentions of its key add elements and sketch bits to it. Keys are found by a small
 * open-addressing table in the event's arena, so that 20,000 markings cost 20,000 look-ups and not 200 million comparisons.
 * The first failure sticks in `code`; later calls do nothing. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_STATE_MENTIONS_H
#define TIDEWAITER_ENGINE_STATE_MENTIONS_H

#include "engine/event/serial.h"
#include "engine/state/entity.h"
#include "engine/state/field.h"
#include "engine/state/ledger.h"

/** A line that draws on a certificate. */
struct tw_drawn {
	const struct tw_item *item;
	int64_t line; /**< of the certificate; 0: none is named */
};

struct tw_draft {
	struct tw_operation operation;
	struct tw_list elements;          /* struct tw_element, keys ascending */
	struct tw_list lines;             /* struct tw_ledger_line, in event order */
	struct tw_list drawn;             /* struct tw_drawn, parallel to the lines: where their words stand */
	struct tw_list runs;              /* struct tw_run, of a series; none of any other entity */
	struct tw_list said;              /* struct tw_said, of those runs */
	uint32_t long_runs;               /* of a whole series: the draft of its long runs */
	struct tw_list counters;          /* struct tw_counter, fields ascending: of time; of any other entity they follow from the event */
	uint64_t sketch[TW_SKETCH_WORDS]; /* counterparties */
};

/** The series of the mark before: a line's marks are mostly of one maker and one series. */
struct tw_series_last {
	uint32_t number;               /* of its draft; TW_NO_OPERATION: none yet */
	uint32_t index;                /* of its index; TW_NO_OPERATION: not mentioned since */
	struct tw_slice make;          /* as it is stated, by address */
	char letters[TW_SERIAL_BYTES]; /* before the number, folded */
	uint32_t length;
};

struct tw_drafts {
	struct tw_arena *arena;
	struct tw_list draft;   /* struct tw_draft, in order of first mention */
	struct tw_list mention; /* struct tw_mention */
	uint32_t *slots;        /* draft + 1, 0 free; a power of two of them */
	uint32_t slot_count;
	uint32_t own[TW_ENTITY_KINDS + 1];
	uint32_t series; /* drafts with runs, but blocks and long runs */
	uint32_t blocks; /* of series: series_part.h; and the last that was mentioned: */
	uint32_t block, block_series;
	uint64_t block_at;
	struct tw_series_last last; /* likewise of whole series */
	uint32_t indexed;           /* marks in no series that the index of all makers names */
	uint32_t numbers;           /* marks whose number is kept whoever made it */
	enum tw_code code;
};

/** @return false at the arena's ceiling */
bool tw_drafts_init(struct tw_drafts *drafts, struct tw_arena *arena);
/**
 * @param key     of keys.h: length 0 is no entity, NULL is a failure
 * @param subject the struct that mentions it, for tw_history_query; NULL for none
 * @return the draft's number, TW_NO_OPERATION for no entity or after a failure
 */
uint32_t tw_drafts_mention(struct tw_drafts *drafts, enum tw_entity_kind kind, struct tw_slice key, const void *subject, const struct tw_item *item);
/** One more struct that mentions a draft whose number is known. @return the number; TW_NO_OPERATION after a failure */
uint32_t tw_drafts_again(struct tw_drafts *drafts, uint32_t number, const void *subject, const struct tw_item *item);
/** The same of the event's own entity of that kind: the first one mentioned so. */
uint32_t tw_drafts_mention_own(struct tw_drafts *drafts, enum tw_entity_kind kind, struct tw_slice key, const void *subject);
/** Valid until the next mention. */
struct tw_draft *tw_drafts_at(const struct tw_drafts *drafts, uint32_t number);
/** Adds an element unless its key is there already: within one event the first statement stands. */
void tw_drafts_put(struct tw_drafts *drafts, uint32_t number, struct tw_element element);
/** As tw_drafts_put, of bytes that the caller does not keep: from to to. @param key made of the arena; a NULL one ends the drafts with TW_E_MEMORY */
void tw_drafts_put_copy(struct tw_drafts *drafts, uint32_t number, struct tw_slice key, struct tw_version version, const unsigned char *from,
                        const unsigned char *to);
/** Adds a counter to a draft of TW_ENTITY_TIME. @param counter of a higher field than the draft's last */
void tw_drafts_count(struct tw_drafts *drafts, uint32_t number, struct tw_counter counter);

#endif
