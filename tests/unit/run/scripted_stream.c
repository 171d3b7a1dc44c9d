/* See scripted_stream.h. */
#include "tests/unit/run/scripted_stream.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "engine/emit/emit.h"

static void lines_add(struct lines *lines, const char *more, size_t length)
{
	lines->text = realloc(lines->text, lines->used + length + 1);
	memcpy(lines->text + lines->used, more, length);
	lines->used += length;
	lines->text[lines->used] = '\0';
}

static void lines_move(struct lines *to, struct lines *from)
{
	if (from->used) {
		lines_add(to, from->text, from->used);
	}
	from->used = 0;
}

static struct scripted *scripted_of(struct tw_stream *base)
{
	return (struct scripted *)base;
}

/* Behind the last committed message of that one's place. */
static int64_t committed_of(const struct scripted *s, const struct tw_message *message)
{
	int64_t committed = 0;
	for (uint32_t i = 0; i < s->committed; i++) {
		committed = tw_slice_equal(s->messages[i].topic, message->topic) ? s->messages[i].offset + 1 : committed;
	}
	return committed;
}

static void settle(struct scripted *s)
{
	if (!s->settled) {
		enum ending fate = s->fate[s->commits - 1];
		if (fate == FAILS_BUT_WAS_COMMITTED) {
			lines_move(&s->done, &s->on_its_way);
			s->committed = s->committing;
		}
		s->on_its_way.used = 0;
		s->open.used = 0;
		s->next = s->committed;
		s->settled = true;
	}
}

static enum tw_code scripted_poll(struct tw_stream *base, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count,
                                  enum tw_poll *polled, struct tw_error *err)
{
	struct scripted *s = scripted_of(base);
	cr_assert(timeout_ms > 0 && most > 0);
	settle(s);
	if (++s->polls == s->lost_at) {
		return tw_fail(err, TW_E_IO, TW_RETRY, "partitions are shared anew, says the test", NULL, NULL);
	}
	uint32_t left = s->count - s->next;
	most = most < s->poll_most ? most : s->poll_most;
	*count = left < most ? left : most;
	*polled = left ? TW_POLL_BATCH : TW_POLL_END;
	memset(s->handed, 'x', sizeof(s->handed)); /* bytes are the caller's until the next poll, and no longer */
	for (uint32_t i = 0; i < *count; i++) {
		s->handed[i] = s->messages[s->next + i];
		s->handed[i].committed = committed_of(s, &s->handed[i]);
	}
	s->next += *count;
	s->polls_in_flight += s->flying && *count;
	*out = s->handed;
	return TW_OK;
}

static enum tw_code scripted_produce(struct tw_stream *base, const struct tw_output *output, struct tw_error *err)
{
	struct scripted *s = scripted_of(base);
	struct tw_slice line;
	cr_assert(!s->flying, "an output was produced while the batch before it was on its way");
	tw_arena_reset(&s->arena);
	enum tw_code code = tw_emit_line(output, tw_slice_str("out"), &s->arena, &line, err);
	if (code == TW_OK) {
		lines_add(&s->open, line.ptr, line.len);
	}
	return code;
}

static enum tw_code scripted_begin(struct tw_stream *base, struct tw_error *err)
{
	struct scripted *s = scripted_of(base);
	(void)err;
	cr_assert(!s->flying, "two commits on their way");
	s->flying = true;
	s->commits++;
	s->looks_left = s->looks;
	s->committing = s->next;
	lines_move(&s->on_its_way, &s->open);
	return TW_OK;
}

static enum tw_code scripted_end(struct tw_stream *base, bool wait, bool *over, struct tw_error *err)
{
	struct scripted *s = scripted_of(base);
	if (!wait && s->flying && s->looks_left) {
		s->looks_left--;
		*over = false;
		return TW_OK;
	}
	*over = true;
	if (!s->flying) {
		return TW_OK;
	}
	s->flying = false;
	enum ending fate = s->fate[s->commits - 1];
	if (fate == WELL) {
		lines_move(&s->done, &s->on_its_way);
		s->committed = s->committing;
		return TW_OK;
	}
	s->settled = false;
	return tw_fail(err, fate == FAILS_FOR_GOOD ? TW_E_STALE : TW_E_IO, fate == FAILS_FOR_GOOD ? TW_STOP : TW_RETRY, "failed by the test", NULL,
	               NULL);
}

static enum tw_code scripted_commit(struct tw_stream *base, struct tw_error *err)
{
	bool over;
	enum tw_code code = scripted_begin(base, err);
	return code == TW_OK ? scripted_end(base, true, &over, err) : code;
}

static enum tw_code scripted_abort(struct tw_stream *base, struct tw_error *err)
{
	struct scripted *s = scripted_of(base);
	(void)err;
	cr_assert(!s->flying, "a batch was undone while another was on its way");
	s->open.used = 0;
	s->next = s->committed;
	s->aborts++;
	return TW_OK;
}

static void scripted_free(struct tw_stream *base)
{
	struct scripted *s = scripted_of(base);
	tw_stream_free(s->file);
	tw_arena_fini(&s->arena);
	free(s->open.text);
	free(s->on_its_way.text);
}

static void scripted_progress(const struct tw_stream *base, uint64_t *done, uint64_t *total)
{
	(void)base;
	*done = *total = 0;
}

static enum tw_code scripted_standing(struct tw_stream *base, const struct tw_stream_place **places, uint32_t *count, bool *settled,
                                      struct tw_error *err)
{
	cr_assert(!scripted_of(base)->flying, "the group's standing was asked for while a commit was on its way");
	(void)err;
	*places = NULL;
	*count = 0;
	*settled = true;
	return TW_OK;
}

static void scripted_rejoin(struct tw_stream *base)
{
	cr_assert(!scripted_of(base)->flying, "the group was left while a commit was on its way");
}

static void scripted_gate(struct tw_stream *base, bool gated)
{
	cr_assert(!scripted_of(base)->flying, "the gate was moved while a commit was on its way");
	scripted_of(base)->gated = gated;
}

const struct tw_stream_kind scripted_kind = {.poll = scripted_poll,
                                             .produce = scripted_produce,
                                             .commit = scripted_commit,
                                             .commit_begin = scripted_begin,
                                             .commit_end = scripted_end,
                                             .abort = scripted_abort,
                                             .free = scripted_free,
                                             .progress = scripted_progress,
                                             .standing = scripted_standing,
                                             .rejoin = scripted_rejoin,
                                             .gate = scripted_gate};
