/**
 * @file roll.h
 * What a consignment's record keeps of its own events, so that a later event that names the consignment alone can be told to all others.
 *
 *     revision  'R'                              version: of the latest revision   -> roll of the certificates and licences that it draws on, and of the series
 * whose marks it states parties   'P' hash of the roll be64        (one element a different roll)    -> roll of parties and vessel that some revision
 * names cancelled 'X'                              version: above all, latest time   -> nothing outcome   'O' time be64, id hash be64      version:
 * time, id                 -> result
 *
 * and what a party's or vessel's record keeps of inspections, one element an outcome:
 *
 *     inspected 'I' time be64, hash of id and consignment be64                     -> result, consignment key
 *
 * A *roll* is a sorted list of entity keys: count | (kind | key length | key) ...
 *
 * Invariant: all of it commutes. The latest revision is the one with the highest version, whatever came first; parties only grow: an
 * inspection counts for whoever was named on the goods, also where an amendment took the name off the paper.
 * Reading is safe on any bytes: what does not fit ends the list.
 */
#ifndef TIDEWAITER_ENGINE_STATE_ROLL_H
#define TIDEWAITER_ENGINE_STATE_ROLL_H

#include "engine/state/mentions.h"

/**
 * Keys of all operations of some kinds, sorted, as bytes.
 * @param kinds  bit (1 << enum tw_entity_kind) for each @return {NULL, 0} at the arena's ceiling
 */
struct tw_slice tw_roll_write(const struct tw_drafts *drafts, uint32_t kinds, struct tw_arena *arena);
/* Of papers, licences; of markings, the series, and numbers of no maker (number.h): no single mark. */
#define TW_ROLL_DRAWS   (1U << TW_ENTITY_CERTIFICATE | 1U << TW_ENTITY_MARKING | 1U << TW_ENTITY_PAPER)
#define TW_ROLL_PARTIES (1U << TW_ENTITY_PARTY | 1U << TW_ENTITY_VESSEL)

struct tw_roll_walk {
	struct tw_cursor cursor;
	uint64_t left;
};
struct tw_roll_walk tw_roll_read(struct tw_slice roll);
/** @return false at the end, or when the bytes stop fitting */
bool tw_roll_next(struct tw_roll_walk *walk, enum tw_entity_kind *kind, struct tw_slice *key);
/** Linear: a roll has some tens of keys. */
bool tw_roll_has(struct tw_slice roll, enum tw_entity_kind kind, struct tw_slice key);

/**
 * Elements of a consignment's own events: a revision and its parties, a cancellation, an outcome; nothing for others.
 * @param version the event's; out: of a revision, what it and its draws go by
 */
void tw_roll_put(struct tw_drafts *drafts, const struct tw_event *event, struct tw_version *version);

/** One outcome of an inspection. */
struct tw_inspected {
	struct tw_version version;
	uint32_t result; /**< enum tw_result; 0: not stated */
	struct tw_slice consignment;
};
/** @param class TW_ELEMENT_OUTCOME or TW_ELEMENT_INSPECTED @return false at the arena's ceiling */
bool tw_inspected_write(char class, const struct tw_inspected *inspected, struct tw_arena *arena, struct tw_element *out);
/** @return false when the element is no such */
bool tw_inspected_read(char class, const struct tw_element *element, struct tw_inspected *out);

#endif
