/**
 * @file memory_test.c
 * The memory store against the suite that every store must pass.
 */
#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "engine/state/entity.h"
#include "tests/unit/state/store_suite.h"

static struct tw_store *opened(void)
{
	struct tw_store *store = NULL;
	struct tw_error err;
	cr_assert_eq(tw_store_memory_new(&store, &err), TW_OK);
	return store;
}

#define SCENARIO(name)                                                                                                                               \
	Test(memory_store, name)                                                                                                                     \
	{                                                                                                                                            \
		struct tw_store *store = opened();                                                                                                   \
		suite_##name(store);                                                                                                                 \
		tw_store_free(store);                                                                                                                \
	}

SUITE_OF_ANY_STORE(SCENARIO)
SCENARIO(every_entity_is_met_and_seen_with_its_watermark)

Test(memory_store, what_is_asked_holds_once_confirmed)
{
	struct tw_store *store = opened();
	suite_what_is_asked_holds_once_confirmed(store, false);
	tw_store_free(store);
}

Test(memory_store, terms_and_draws_may_come_in_either_order)
{
	struct tw_store *store = opened(), *other = opened();
	suite_terms_and_draws_may_come_in_either_order(store, other);
	tw_store_free(store);
	tw_store_free(other);
}

Test(memory_store, any_interleaving_ends_equal)
{
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct tw_store *store = opened(), *model = opened();
		suite_any_interleaving_ends_equal(store, model, seed);
		tw_store_free(store);
		tw_store_free(model);
	}
}

#define CALLS         1500
#define CALLS_CEILING ((size_t)64 * 1024 * 1024)

/* Each in a call of its own, which goes on from the one before it. */
static void one_by_one(struct tw_store *store, struct tw_store_event *events, struct tw_arena *arena)
{
	for (int i = 0; i < CALLS; i++) {
		struct tw_store_part part = suite_part_of(0, &events[i], 1, 0);
		struct tw_error err = {.detail = ""};
		part.goes_on = i > 0;
		enum tw_code code = tw_store_apply(store, &part, 1, arena, &err);
		cr_assert_eq(code, TW_OK, "call %d: %s: %s", i, err.what, err.detail);
		for (uint32_t k = 0; k < events[i].operations->count; k++) {
			(void)tw_prior_state(events[i].priors, k, arena);
		}
		cr_assert(tw_priors_whole(events[i].priors), "call %d", i);
	}
}

Test(memory_store, calls_that_go_on_cost_what_one_batch_does_and_answer_as_it)
{
	static struct tw_event *event[CALLS];
	static struct tw_store_event each[CALLS], batch[CALLS];
	struct tw_store *store = opened(), *other = opened();
	struct tw_arena told, arena, second;
	tw_arena_init(&told, SUITE_ARENA_BYTES, 0);
	tw_arena_init(&arena, SUITE_ARENA_BYTES, CALLS_CEILING);
	tw_arena_init(&second, SUITE_ARENA_BYTES, CALLS_CEILING);
	for (int i = 0; i < CALLS; i++) {
		event[i] = suite_declaration(&told, i);
		each[i] = batch[i] = suite_stored(&told, event[i], i);
	}
	one_by_one(store, each, &arena);
	struct tw_store_part part = suite_part_of(0, batch, CALLS, 0);
	suite_apply(other, &part, 1, &second);
	for (int i = 0; i < CALLS; i++) {
		int64_t before = i ? i : -1;
		cr_expect_eq(suite_seen_before(event[i], &each[i], &arena), before);
		cr_expect_eq(suite_seen_before(event[i], &batch[i], &second), before);
		for (uint32_t k = 0; k < each[i].operations->count; k++) {
			struct tw_slice left = each[i].priors->prior[k].record, right = batch[i].priors->prior[k].record;
			cr_expect(tw_slice_equal(left, right), "event %d, operation %u", i, k);
		}
	}
	tw_arena_reset(&arena);
	struct tw_store_event late = suite_event(&told, CALLS);
	part = suite_part_of(0, &late, 1, 0);
	suite_apply(store, &part, 1, &arena); /* begins anew: nothing of the arena that was is looked at */
	cr_expect_eq(suite_seen(store, &told), CALLS + 1);
	tw_arena_fini(&told);
	tw_arena_fini(&arena);
	tw_arena_fini(&second);
	tw_store_free(store);
	tw_store_free(other);
}

Test(memory_store, freeing_nothing_is_fine)
{
	tw_store_free(NULL);
}

Test(memory_store, has_nothing_to_remove)
{
	struct tw_store *store = opened();
	struct tw_error err;
	uint64_t removed = 7;
	cr_expect_eq(tw_store_remove(store, &removed, &err), TW_E_CONFLICT);
	cr_expect_eq(removed, 0);
	tw_store_free(store);
}
