/* When events may be judged: a store and a stream that answer as they are told, and remember what they were asked. */
#include "engine/run/recovery.h"

#include <criterion/criterion.h>

#include "engine/base/log.h"
#include "engine/io/stream_kind.h"
#include "engine/state/store_calls.h"

struct told {
	struct tw_stream stream;
	struct tw_store store;
	struct tw_store_life life;
	enum tw_code standing_code, survey_code;
	bool settled, may_open, gated;
	int64_t committed;
	uint32_t rejoins, looks;
};

static struct told told;

static enum tw_code told_standing(struct tw_stream *stream, const struct tw_stream_place **places, uint32_t *count, bool *settled,
                                  struct tw_error *err)
{
	static const struct tw_stream_place place = {{"tw.manifests", 12}, 4, 77};
	(void)stream;
	*places = &place;
	*count = 1;
	*settled = told.settled;
	return told.standing_code ? tw_fail(err, told.standing_code, TW_RETRY, "told", NULL, NULL) : TW_OK;
}

static void told_rejoin(struct tw_stream *stream)
{
	(void)stream;
	told.rejoins++;
}

static void told_gate(struct tw_stream *stream, bool gated)
{
	(void)stream;
	told.gated = gated;
}

static enum tw_code told_survey(struct tw_store *store, const struct tw_store_place *places, uint32_t count, bool may_open, struct tw_store_life *out,
                                struct tw_error *err)
{
	(void)store;
	cr_assert(count == 1 && places[0].partition == 4 && places[0].committed == 77 && tw_slice_is(places[0].topic, "tw.manifests"));
	told.looks++;
	told.may_open = may_open;
	*out = told.life;
	return told.survey_code ? tw_fail(err, told.survey_code, TW_STOP, "told", NULL, NULL) : TW_OK;
}

static const struct tw_stream_kind stream_kind = {.standing = told_standing, .rejoin = told_rejoin, .gate = told_gate};
static const struct tw_store_calls store_calls = {.survey = told_survey};

static struct tw_recovery begun(bool shared)
{
	struct tw_recovery recovery;
	tw_log_setup(TW_LOG_ERROR, false);
	told = (struct told){.stream = {&stream_kind}, .store = {&store_calls}};
	tw_recovery_begin(&recovery, &told.stream, &told.store, shared);
	return recovery;
}

static void step(struct tw_recovery *recovery, bool adopted, bool open, int64_t missing)
{
	struct tw_error err = {.detail = ""};
	told.life = (struct tw_store_life){adopted, open, missing};
	cr_assert_eq(tw_recovery_step(recovery, &err), TW_OK, "%s", err.detail);
}

Test(recovery, state_that_nobody_shares_is_open_and_never_asked_about)
{
	struct tw_recovery recovery = begun(false);
	struct tw_error err;
	cr_expect(recovery.open && !told.gated);
	cr_expect_eq(tw_recovery_step(&recovery, &err), TW_OK);
	cr_expect_eq(told.looks, 0);
}

Test(recovery, an_orderly_start_opens_without_joining_twice)
{
	struct tw_recovery recovery = begun(true);
	cr_expect(told.gated && !recovery.open);
	step(&recovery, true, true, 0);
	cr_expect(!recovery.open && !told.may_open, "not a member yet");
	step(&recovery, false, true, 0);
	cr_expect(!recovery.open, "not a member yet");
	told.settled = true;
	step(&recovery, false, true, 0);
	cr_expect(recovery.open && !told.gated && told.may_open);
	cr_expect_eq(told.rejoins, 0);
}

Test(recovery, a_closed_epoch_is_joined_for_and_opens_when_nothing_is_missing)
{
	struct tw_recovery recovery = begun(true);
	step(&recovery, true, false, 40);
	cr_expect_eq(told.rejoins, 1);
	told.settled = true;
	step(&recovery, false, false, 40);
	cr_expect(!recovery.open && told.gated);
	tw_recovery_rebuilt(&recovery, 40);
	uint32_t looks = told.looks;
	step(&recovery, false, true, 0);
	cr_expect_eq(told.looks, looks, "events keep coming: no look between any two batches");
	recovery.busy = false;
	step(&recovery, false, true, 0);
	cr_expect(recovery.open && !told.gated);
	cr_expect_eq(recovery.events, 40);
	cr_expect_eq(told.rejoins, 1);
}

Test(recovery, a_loss_closes_and_joins_anew_even_when_the_epoch_turns_out_open)
{
	struct tw_recovery recovery = begun(true);
	struct tw_error err = {.code = TW_E_STALE, .disposition = TW_RETRY, .what = "lost"};
	told.settled = true;
	step(&recovery, true, true, 0);
	step(&recovery, false, true, 0);
	cr_assert(recovery.open);
	tw_recovery_lost(&recovery, &err);
	cr_expect(!recovery.open && told.gated);
	cr_expect_eq(told.rejoins, 1);
	step(&recovery, true, true, 0); /* the connection was new, the state is what it was */
	cr_expect(!recovery.open);
	cr_expect_eq(told.rejoins, 2);
	step(&recovery, false, true, 0);
	cr_expect(recovery.open && !told.gated);
}

Test(recovery, troubles_of_stream_and_store_are_handed_on)
{
	struct tw_recovery recovery = begun(true);
	struct tw_error err;
	told.standing_code = TW_E_IO;
	cr_expect_eq(tw_recovery_step(&recovery, &err), TW_E_IO);
	told.standing_code = TW_OK;
	told.survey_code = TW_E_CORRUPT;
	cr_expect_eq(tw_recovery_step(&recovery, &err), TW_E_CORRUPT);
	cr_expect(!recovery.open && told.gated);
}

Test(recovery, what_is_missing_is_known_after_the_first_look)
{
	struct tw_recovery recovery = begun(true);
	cr_expect_eq(recovery.missing, -1);
	step(&recovery, true, false, 12);
	cr_expect_eq(recovery.missing, 12);
	step(&recovery, false, false, 0);
	cr_expect_eq(recovery.missing, 0);
}
