/**
 * @file state_entity.h
 * The entity that a person means by what was typed.
 * Pure. Private to engine/run. Threads: any.
 */
#ifndef TIDEWAITER_ENGINE_RUN_STATE_ENTITY_H
#define TIDEWAITER_ENGINE_RUN_STATE_ENTITY_H

#include <tidewaiter/error.h>
#include <tidewaiter/history.h>

struct tw_arena;

/** An entity by kind and word: "party", "vessel" ... @return 0 for no such kind */
enum tw_entity_kind tw_state_kind(struct tw_slice word);

#define TW_STATE_READINGS_MAX 4U
/** What may have been meant by a key: as typed, then as the engine would have made it from what papers say. */
struct tw_state_entity {
	enum tw_entity_kind kind;
	struct tw_slice keys[TW_STATE_READINGS_MAX];
	uint32_t key_count;
};
/**
 * "KIND KEY" or "KIND:KEY", words put together by single blanks.
 *  - party NAME|XB, or =SCHEME:VALUE; address TEXT|XB; vessel NUMBER or NAME|FLAG; certificate XB|NUMBER; marking MAKER|VALUE or MAKER|FROM-TO: raw
 *    spelling is folded as events are
 * @param out keys in the arena, none twice @return TW_OK; TW_E_UNKNOWN: no such kind (detail: the nearest); TW_E_MISSING: no key; TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_state_entity_parse(const char *const *words, uint32_t count, struct tw_arena *arena, struct tw_state_entity *out,
                                               struct tw_error *err);

#endif
