/**
 * @file store_interleaved.c
 * One scenario of store_suite.h: whatever the order in which partitions are read and batches are cut, the state ends in the same bytes.
 */
#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "engine/state/entity.h"
#include "tests/unit/state/events.h"
#include "tests/unit/state/store_suite.h"

#define EVENTS     240
#define PARTITIONS 4

/* One of ninety who share a telephone, and a shipper: more links, and more parcels to one number, than are kept. */
static void receiver_add(struct tw_arena *arena, struct tw_event *event, uint64_t random)
{
	static const char *const headings[] = {"9301", "8413", "7326", "3926"};
	struct tw_list *parties = &event->consignment.parties;
	struct tw_party *receiver = party_add(arena, parties, tw_arena_format(arena, "Receiver %d", (int)(random % 90)).ptr, "XB");
	receiver->role = (struct tw_choice){TW_ROLE_CONSIGNEE, {1, 2}};
	receiver->phone = text("+44 20 7946 0018");
	receiver->email = text("desk@example.org");
	((struct tw_party *)parties->data)[0].role = (struct tw_choice){TW_ROLE_CONSIGNOR, {1, 2}};
	item_add(arena, event, 2, 1, "C62")->hs = text(headings[random / 90 % 4]);
	event->consignment.means.imo = text("9074729");
	event->consignment.means.flag = text(random % 7 ? "PA" : "KM");
	leg_add(arena, event, TW_LEG_LOAD, random % 3 ? "XA" : "XC");
	leg_add(arena, event, TW_LEG_DISCHARGE, random % 5 ? "XB" : "XD");
}

static struct tw_event *random_event(struct tw_arena *arena, int at, uint64_t *seed)
{
	static const char *const names[] = {"Quill & Sons", "Ostrava Traders", "Marble Bay Co", "Qadir Exports", "Lanternfish Ltd"};
	static const enum tw_event_type status[] = {TW_CERTIFICATE_ISSUED,  TW_CERTIFICATE_AMENDED,    TW_CERTIFICATE_SUSPENDED,
	                                            TW_CERTIFICATE_REVOKED, TW_CERTIFICATE_REINSTATED, TW_CERTIFICATE_AUTHENTICATED};
	const char *id = tw_arena_format(arena, "evt-%d", at).ptr;
	const char *certificate = tw_arena_format(arena, "C-%d", (int)(random_next(seed) % 3)).ptr;
	struct tw_event *event;
	if (random_next(seed) % 4 == 0) {
		event = certificate_new(arena, status[random_next(seed) % 6], id, "2026-01-01T00:00:00Z", "QZ", certificate);
		certificate_item_add(arena, event, 1, (int64_t)(random_next(seed) % 3) * 100, "C62");
	} else {
		const char *consignment = tw_arena_format(arena, "CONS-%d", (int)(random_next(seed) % 60)).ptr;
		event = manifest_new(arena, random_next(seed) % 5 ? TW_CONSIGNMENT_DECLARED : TW_CONSIGNMENT_AMENDED, id, "2026-01-01T00:00:00Z",
		                     consignment);
		event->consignment.revision = number((int64_t)(random_next(seed) % 3));
		party_add(arena, &event->consignment.parties, names[random_next(seed) % 5], "XA")->address.text = text("1 Quay Street");
		party_add(arena, &event->consignment.parties, names[random_next(seed) % 5], "XB");
		receiver_add(arena, event, random_next(seed));
		struct tw_item *item = item_add(arena, event, 1, (int64_t)(random_next(seed) % 50), "C62");
		item->gross_kg = amount((int64_t)(random_next(seed) % 1000));
		item->value = amount((int64_t)(random_next(seed) % 1000));
		item->currency = text(random_next(seed) % 50 ? "USD" : "EUR");
		item->description = text(names[random_next(seed) % 5]);
		ref_add(arena, item, "QZ", certificate, 1);
		marking_add(arena, &item->markings, "Quillworks", tw_arena_format(arena, "S%d", (int)(random_next(seed) % 20)).ptr);
	}
	/* over three years: old buckets must end in the same sums whatever comes first */
	event->time.ms += (int64_t)(random_next(seed) % 1100) * TW_DAY_MS;
	return event;
}

/* Feed every partition in its own order, partitions interleaved and batches cut by `seed`. */
static void feed(struct tw_store *store, const struct tw_store_event (*log)[EVENTS], const uint32_t *length, uint64_t seed)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	uint32_t at[PARTITIONS] = {0};
	for (uint32_t left = 1; left;) {
		struct tw_store_part parts[PARTITIONS];
		struct tw_store_event events[PARTITIONS][EVENTS];
		uint32_t count = 0;
		left = 0;
		for (uint32_t p = 0; p < PARTITIONS; p++) {
			uint32_t rest = length[p] - at[p];
			uint32_t take = rest ? (uint32_t)(random_next(&seed) % 9) : 0;
			take = take > rest ? rest : take;
			memcpy(events[p], &log[p][at[p]], take * sizeof(events[p][0]));
			if (take) {
				/* committed: all but the last batch or two */
				int64_t committed = log[p][at[p]].offset - (int64_t)(random_next(&seed) % 3);
				parts[count++] = suite_part_of((int32_t)p, events[p], take, committed < 0 ? 0 : committed);
			}
			at[p] += take;
			left += length[p] - at[p];
		}
		suite_apply(store, parts, count, &arena);
		tw_arena_reset(&arena);
	}
	tw_arena_fini(&arena);
}

void suite_any_interleaving_ends_equal(struct tw_store *store, struct tw_store *model, uint64_t seed)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	static struct tw_store_event log[PARTITIONS][EVENTS];
	uint32_t length[PARTITIONS] = {0};
	uint64_t random = seed;
	for (int i = 0; i < EVENTS; i++) {
		uint32_t p = (uint32_t)(random_next(&random) % PARTITIONS);
		log[p][length[p]] = suite_stored(&arena, random_event(&arena, i, &random), (int64_t)length[p]);
		length[p]++;
	}
	feed(store, (const struct tw_store_event(*)[EVENTS])log, length, seed + 1);
	feed(model, (const struct tw_store_event(*)[EVENTS])log, length, seed + 2);
	uint32_t compared = 0;
	for (uint32_t p = 0; p < PARTITIONS; p++) {
		for (uint32_t i = 0; i < length[p]; i++) {
			for (uint32_t k = 0; k < log[p][i].operations->count; k++) {
				const struct tw_operation *operation = &log[p][i].operations->operation[k];
				struct tw_slice left = {NULL, 0}, right = {NULL, 0};
				cr_assert_eq(tw_store_read(store, operation->kind, operation->key, &arena, &left, NULL), TW_OK);
				cr_assert_eq(tw_store_read(model, operation->kind, operation->key, &arena, &right, NULL), TW_OK);
				cr_assert(left.len && tw_slice_equal(left, right), "seed %llu: %.*s", (unsigned long long)seed,
				          (int)operation->key.len, operation->key.ptr);
				compared++;
			}
		}
	}
	cr_expect_gt(compared, EVENTS);
	tw_arena_fini(&arena);
}
