/**
 * @file facts_run.c
 * How many events a store may be asked about at once, where an event's facts must be applied before the next event is; see facts.h.
 *
 * An event that names a certificate may have facts of its deliveries (due.h). Any other has facts only where its consignment's record was there
 * before. The store knows that of what it has applied; of what comes before the event in the same call, a small filter remembers which consignments
 * were named. The filter may be wrong one way: then a call ends early.
 */
#include "engine/state/facts.h"
#include "engine/state/store_calls.h"

#define FILTER_BITS 4096U /* a call of a hundred events is cut short in vain once in ten */

static bool filter_add(uint64_t filter[FILTER_BITS / 64], uint64_t hash)
{
	uint64_t bit = (hash >> 32) % FILTER_BITS;
	bool there = filter[bit / 64] >> (bit % 64) & 1;
	filter[bit / 64] |= UINT64_C(1) << (bit % 64);
	return there;
}

uint32_t tw_facts_run(struct tw_store *store, const struct tw_store_event *events, uint32_t count)
{
	uint64_t filter[FILTER_BITS / 64] = {0};
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_operations *operations = events[i].operations;
		if (operations && operations->expects) {
			return i + 1;
		}
		uint32_t own = operations && operations->tells ? operations->own[TW_ENTITY_CONSIGNMENT] : TW_NO_OPERATION;
		if (own == TW_NO_OPERATION) {
			continue;
		}
		const struct tw_operation *operation = &operations->operation[own];
		if (filter_add(filter, operation->hash) || !store->calls->knows || store->calls->knows(store, operation)) {
			return i + 1;
		}
	}
	return count;
}
