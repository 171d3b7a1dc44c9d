/**
 * @file kafka_commit.c
 * The thread that waits for the broker to commit: two calls, 4 to 6 ms together where the broker is near and at leisure, in which the owner polls the
 * consumer and its caller judges.
 *
 *     owner      begin: copy places, assignment | polls, rebalances, is asked to look ... | take: outcome to state and places | begin: ...
 *     committer                  ASKED `--> offsets, commit: blocked on the broker --> DONE --'
 *
 * From ASKED to the take the producer, what its callbacks tell and everything in the job belong to the committer; all else is the owner's, always.
 * The phase alone is shared, under the mutex, and nothing else is ever locked. Whoever changes what a commit depends on (assignment, membership,
 * gate, producer) takes it first, and so waits for it: at most two tries of each call, CALL_MS each.
 * Invariant: an outcome that was taken stays until commit_end has told it, so that no caller counts a batch that failed, or forgets one.
 */
#include <signal.h>

#include "engine/io/kafka.h"

static void job_do(struct kafka_committer *committer)
{
	committer->failure = kafka_call_offsets(committer->producer, committer->offsets, committer->group);
	committer->offsets_sent = !committer->failure;
	if (committer->offsets_sent) {
		committer->failure = kafka_call_commit(committer->producer);
	}
}

static void *committer_run(void *context)
{
	struct kafka_committer *committer = context;
	pthread_mutex_lock(&committer->mutex);
	while (committer->phase != KAFKA_COMMIT_QUIT) {
		if (committer->phase != KAFKA_COMMIT_ASKED) {
			pthread_cond_wait(&committer->changed, &committer->mutex);
			continue;
		}
		pthread_mutex_unlock(&committer->mutex);
		job_do(committer);
		pthread_mutex_lock(&committer->mutex);
		committer->phase = KAFKA_COMMIT_DONE;
		pthread_cond_broadcast(&committer->changed);
	}
	pthread_mutex_unlock(&committer->mutex);
	return NULL;
}

static void phase_set(struct kafka_committer *committer, enum kafka_commit_phase phase)
{
	pthread_mutex_lock(&committer->mutex);
	committer->phase = phase;
	pthread_cond_broadcast(&committer->changed);
	pthread_mutex_unlock(&committer->mutex);
}

/* @return true once it is done; `wait` for that */
static bool done_await(struct kafka_committer *committer, bool wait)
{
	pthread_mutex_lock(&committer->mutex);
	while (wait && committer->phase != KAFKA_COMMIT_DONE) {
		pthread_cond_wait(&committer->changed, &committer->mutex);
	}
	bool done = committer->phase == KAFKA_COMMIT_DONE;
	pthread_mutex_unlock(&committer->mutex);
	return done;
}

enum tw_code kafka_committer_start(struct kafka_stream *stream, struct tw_error *err)
{
	struct kafka_committer *committer = &stream->committer;
	sigset_t all, before;
	pthread_mutex_init(&committer->mutex, NULL);
	pthread_cond_init(&committer->changed, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the owner: they cut its pauses short */
	committer->running = pthread_create(&committer->thread, NULL, committer_run, committer) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return committer->running ? TW_OK : tw_fail(err, TW_E_MEMORY, TW_STOP, "cannot start a thread that commits", NULL, NULL);
}

void kafka_committer_stop(struct kafka_stream *stream)
{
	struct kafka_committer *committer = &stream->committer;
	if (!committer->running) {
		return;
	}
	(void)kafka_commit_take(stream, true);
	phase_set(committer, KAFKA_COMMIT_QUIT);
	pthread_join(committer->thread, NULL);
	pthread_cond_destroy(&committer->changed);
	pthread_mutex_destroy(&committer->mutex);
	committer->running = false;
}

/* Positions are copied: the next poll moves them on. The membership that fetched is lent: who replaces it takes the commit first. */
static void job_fill(struct kafka_stream *stream)
{
	struct kafka_committer *committer = &stream->committer;
	committer->producer = stream->producer;
	committer->group = stream->group;
	committer->offsets = rd_kafka_topic_partition_list_new((int)stream->place_count);
	for (uint32_t i = 0; i < stream->place_count; i++) {
		struct kafka_place *place = &stream->places[i];
		place->committing = place->next > place->start ? place->next : -1;
		if (place->committing >= 0) {
			rd_kafka_topic_partition_list_add(committer->offsets, place->topic.ptr, place->partition)->offset = place->committing;
		}
	}
}

bool kafka_commit_done(struct kafka_stream *stream)
{
	return done_await(&stream->committer, false);
}

bool kafka_commit_take(struct kafka_stream *stream, bool wait)
{
	struct kafka_committer *committer = &stream->committer;
	if (stream->state != KAFKA_COMMITTING) {
		return true;
	}
	if (!done_await(committer, wait)) {
		return false;
	}
	phase_set(committer, KAFKA_COMMIT_NONE);
	rd_kafka_topic_partition_list_destroy(committer->offsets);
	committer->untold = true;
	committer->code = kafka_transaction_ended(stream, committer->failure, committer->offsets_sent, &committer->error);
	return true;
}

static bool nothing_to_commit(const struct kafka_stream *stream)
{
	bool moved = false;
	for (uint32_t i = 0; i < stream->place_count && !moved; i++) {
		moved = stream->places[i].next > stream->places[i].start;
	}
	return !moved && stream->state == KAFKA_IDLE;
}

enum tw_code kafka_commit_begin(struct tw_stream *base, struct tw_error *err)
{
	struct kafka_stream *stream = (struct kafka_stream *)base;
	bool over;
	enum tw_code code = kafka_commit_end(base, true, &over, err);
	if (code == TW_OK && stream->gated) {
		kafka_gated_commit(stream);
		stream->handed_out = false;
		return TW_OK;
	}
	if (code != TW_OK || nothing_to_commit(stream)) {
		return code;
	}
	code = kafka_transaction_open(stream, err);
	if (code != TW_OK) {
		return code;
	}
	job_fill(stream);
	stream->handed_out = false;
	stream->outage_before = stream->outage_before || stream->outage_seen;
	stream->outage_seen = false;
	stream->state = KAFKA_COMMITTING;
	phase_set(&stream->committer, KAFKA_COMMIT_ASKED);
	return TW_OK;
}

enum tw_code kafka_commit_end(struct tw_stream *base, bool wait, bool *over, struct tw_error *err)
{
	struct kafka_stream *stream = (struct kafka_stream *)base;
	struct kafka_committer *committer = &stream->committer;
	*over = kafka_commit_take(stream, wait);
	if (!*over || !committer->untold) {
		return TW_OK;
	}
	committer->untold = false;
	if (committer->code != TW_OK && err) {
		*err = committer->error;
	}
	return committer->code;
}

enum tw_code kafka_commit(struct tw_stream *base, struct tw_error *err)
{
	bool over;
	enum tw_code code = kafka_commit_begin(base, err);
	return code == TW_OK ? kafka_commit_end(base, true, &over, err) : code;
}
