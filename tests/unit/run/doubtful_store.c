/* See doubtful_store.h. */
#include "tests/unit/run/doubtful_store.h"

#include <criterion/criterion.h>

static bool doubtful_start(struct tw_store *store, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena)
{
	(void)parts;
	(void)arena;
	((struct doubtful *)store)->starts += part_count > 0;
	return part_count > 0;
}

static enum tw_code doubtful_apply(struct tw_store *store, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena, bool *late,
                                   struct tw_error *err)
{
	struct doubtful *doubtful = (struct doubtful *)store;
	*late = *late && doubtful->late;
	cr_assert(!doubtful->on_its_way, "asked before what it said last was confirmed");
	doubtful->on_its_way = *late;
	return ++doubtful->calls == doubtful->stale_at ? tw_fail(err, TW_E_STALE, TW_RETRY, "another life, says the test", NULL, NULL)
	                                               : tw_store_apply(doubtful->inner, parts, part_count, arena, err);
}

static enum tw_code doubtful_confirm(struct tw_store *store, bool *held, struct tw_error *err)
{
	struct doubtful *doubtful = (struct doubtful *)store;
	cr_assert(doubtful->on_its_way);
	doubtful->on_its_way = false;
	doubtful->confirms++;
	*held = doubtful->confirms != doubtful->void_at;
	return doubtful->confirms == doubtful->away_at ? tw_fail(err, TW_E_IO, TW_RETRY, "away, says the test", NULL, NULL) : TW_OK;
}

static enum tw_code doubtful_survey(struct tw_store *store, const struct tw_store_place *places, uint32_t count, bool may_open,
                                    struct tw_store_life *out, struct tw_error *err)
{
	(void)store;
	(void)places;
	(void)count;
	(void)may_open;
	(void)err;
	*out = (struct tw_store_life){false, true, 0};
	return TW_OK;
}

static void doubtful_free(struct tw_store *store)
{
	tw_store_free(((struct doubtful *)store)->inner);
}

const struct tw_store_calls doubtful_calls = {
    .start = doubtful_start, .apply = doubtful_apply, .confirm = doubtful_confirm, .survey = doubtful_survey, .free = doubtful_free};
