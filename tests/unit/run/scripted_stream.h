/**
 * @file scripted_stream.h
 * A stream by a test's script: its commits take a while, fail, or leave in doubt, and partitions go away. It asserts what a stream may ask for:
 * nothing is produced, undone or asked of the group while a commit is on its way.
 */
#ifndef TIDEWAITER_TESTS_UNIT_RUN_SCRIPTED_STREAM_H
#define TIDEWAITER_TESTS_UNIT_RUN_SCRIPTED_STREAM_H

#include "engine/base/arena.h"
#include "engine/io/stream_kind.h"

enum ending { WELL = 0, FAILS, FAILS_BUT_WAS_COMMITTED, FAILS_FOR_GOOD };

/* Lines of outputs, not committed or committed. */
struct lines {
	char *text;
	size_t used;
};

struct scripted {
	struct tw_stream base;
	struct tw_stream *file; /* where the messages come from, all in one poll */
	struct tw_message *messages;
	uint32_t count;
	struct tw_message handed[32];
	struct tw_arena arena;
	/* the script */
	uint32_t poll_most;   /* events a poll brings at most */
	uint32_t looks;       /* without waiting, before a commit is over */
	enum ending fate[64]; /* of each commit in turn */
	uint32_t lost_at;     /* the poll, counted from 1, that says that partitions are shared anew */
	/* positions, as indexes of messages */
	uint32_t committed, committing, next;
	struct lines open, on_its_way, done;
	bool flying, settled, gated;
	uint32_t looks_left, commits, polls, aborts, polls_in_flight, produced_at_once;
};

extern const struct tw_stream_kind scripted_kind;

#endif
