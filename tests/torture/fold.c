/**
 * @file fold.c
 * What Redis should hold: the log, folded once in memory without any disturbance, compared with the store record by record.
 *
 *     fold ADDRESS SHARDS PREFIX SCRATCH LOG.ndjson TOPIC...    topics by family: manifests certificates markings outcomes decisions facts
 *
 * LOG holds every event of the log as an envelope line, {"topic","partition","offset","value"}, one that is no JSON as a string. Prints the first
 * differences and "entities N differ N places N behind N"; exit 0 when nothing differs, 1 when something does, 2 when it could not be found out.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/decode/decode.h"
#include "engine/io/stream.h"
#include "engine/event/metric.h"
#include "engine/state/entity.h"
#include "engine/state/operations.h"
#include "engine/state/store.h"

#define BATCH 500U
#define SHOWN 10U

struct entity {
	enum tw_entity_kind kind;
	struct tw_slice key;
};

struct place {
	struct tw_slice topic;
	int32_t partition;
	int64_t next;
};

struct fold {
	struct tw_decoder *decoder;
	struct tw_stream *stream;
	struct tw_store *memory, *redis;
	struct tw_arena kept; /* keys */
	struct tw_arena batch;
	struct entity *entities;
	size_t entity_count, entity_room;
	struct place places[1024];
	size_t place_count;
};

static void check(enum tw_code code, const struct tw_error *err)
{
	char words[1024];
	if (code != TW_OK) {
		fprintf(stderr, "fold: %s\n", tw_error_text(err, words, sizeof(words)));
		exit(2);
	}
}

static void entities_add(struct fold *fold, const struct tw_operations *operations)
{
	for (uint32_t i = 0; i < operations->count; i++) {
		if (fold->entity_count == fold->entity_room) {
			fold->entity_room = fold->entity_room ? fold->entity_room * 2 : 4096;
			fold->entities = realloc(fold->entities, fold->entity_room * sizeof(*fold->entities));
		}
		const struct tw_operation *operation = &operations->operation[i];
		fold->entities[fold->entity_count++] = (struct entity){operation->kind, tw_arena_copy(&fold->kept, operation->key)};
	}
}

/* @return what of the place was read before: offsets of what is written in transactions have gaps */
static int64_t place_reach(struct fold *fold, const struct tw_message *message)
{
	size_t at = 0;
	while (at < fold->place_count &&
	       !(fold->places[at].partition == message->partition && tw_slice_equal(fold->places[at].topic, message->topic))) {
		at++;
	}
	if (at == fold->place_count && at < sizeof(fold->places) / sizeof(fold->places[0])) {
		fold->places[fold->place_count++] = (struct place){tw_arena_copy(&fold->kept, message->topic), message->partition, 0};
	}
	int64_t before = fold->places[at].next;
	fold->places[at].next = message->offset + 1;
	return before;
}

/* One event, one call: the plainest way there is. */
static void event_apply(struct fold *fold, const struct tw_message *message)
{
	struct tw_error err;
	struct tw_reject reject;
	struct tw_event *event = tw_arena_alloc(&fold->batch, sizeof(*event));
	struct tw_operations *operations = NULL;
	event->raw = message->value;
	event->origin = (struct tw_origin){message->topic, message->partition, message->offset};
	enum tw_code code = tw_decode(fold->decoder, message->family, message->value, NULL, &fold->batch, event, &reject, &err);
	if (code != TW_E_SYNTAX) {
		check(code, &err);
		check(tw_operations_of(event, &fold->batch, &operations, &err), &err);
		entities_add(fold, operations);
	}
	struct tw_store_event one = {.offset = message->offset, .operations = operations};
	struct tw_store_part part = {.topic = message->topic,
	                             .partition = message->partition,
	                             .committed = place_reach(fold, message), /* all before is settled: records stay short */
	                             .next = message->offset + 1,
	                             .events = &one,
	                             .event_count = 1};
	check(tw_store_apply(fold->memory, &part, 1, &fold->batch, &err), &err);
	tw_arena_reset(&fold->batch);
}

static void log_fold(struct fold *fold)
{
	struct tw_error err;
	struct tw_message *messages;
	uint32_t count = 0;
	enum tw_poll polled = TW_POLL_BATCH;
	while (polled != TW_POLL_END) {
		check(tw_stream_poll(fold->stream, BATCH, 0, &messages, &count, &polled, &err), &err);
		for (uint32_t i = 0; polled == TW_POLL_BATCH && i < count; i++) {
			event_apply(fold, &messages[i]);
		}
		check(tw_stream_commit(fold->stream, &err), &err);
	}
}

static int by_name(const void *left, const void *right)
{
	const struct entity *a = left, *b = right;
	return a->kind != b->kind ? (a->kind > b->kind) - (a->kind < b->kind) : tw_slice_compare(a->key, b->key);
}

static size_t records_compare(struct fold *fold, size_t *entities)
{
	struct tw_error err;
	struct tw_slice expected, found;
	size_t differ = 0;
	*entities = 0;
	if (fold->entity_count) {
		qsort(fold->entities, fold->entity_count, sizeof(*fold->entities), by_name);
	}
	for (size_t i = 0; i < fold->entity_count; i++) {
		const struct entity *entity = &fold->entities[i];
		if (i && by_name(entity - 1, entity) == 0) {
			continue;
		}
		++*entities;
		check(tw_store_read(fold->memory, entity->kind, entity->key, &fold->batch, &expected, &err), &err);
		check(tw_store_read(fold->redis, entity->kind, entity->key, &fold->batch, &found, &err), &err);
		if (!tw_slice_equal(expected, found) && ++differ <= SHOWN) {
			printf("differs: %s %.*s: %u bytes in the store, %u in the fold\n", tw_entity_name(entity->kind), (int)entity->key.len,
			       entity->key.ptr, found.len, expected.len);
		}
		tw_arena_reset(&fold->batch);
	}
	return differ;
}

/* Every shard must be at the log's end, everywhere. */
static size_t places_compare(struct fold *fold)
{
	struct tw_error err;
	size_t behind = 0;
	for (size_t i = 0; i < fold->place_count; i++) {
		const struct place *place = &fold->places[i];
		struct tw_store_standing standing;
		check(tw_store_watermark(fold->redis, place->topic, place->partition, &standing, &err), &err);
		if (standing.least < place->next || standing.least != standing.most) {
			behind++;
			printf("behind: %.*s/%d: shards at %lld to %lld, the log ends at %lld\n", (int)place->topic.len, place->topic.ptr,
			       place->partition, (long long)standing.least, (long long)standing.most, (long long)place->next);
		}
	}
	return behind;
}

static void fold_begin(struct fold *fold, int argc, char **argv)
{
	struct tw_error err;
	const char *const inputs[] = {argv[5]};
	struct tw_file_options files = {.inputs = inputs, .input_count = 1, .output = argv[4]};
	for (int i = 6; i < argc && i < 6 + TW_FAMILIES; i++) {
		files.topics.input[i - 6] = argv[i];
	}
	files.topics.alerts = files.topics.holds = files.topics.dead_letter = "none";
	struct tw_redis_options redis = {.address = argv[1], .prefix = argv[3], .shards = (uint32_t)strtoul(argv[2], NULL, 10), .timeout_ms = 10000};
	tw_arena_init(&fold->kept, (size_t)1 << 20, 0);
	tw_arena_init(&fold->batch, (size_t)1 << 20, 0);
	check(tw_decoder_new((struct tw_decode_limits){TW_EVENT_BYTES_MAX}, &fold->decoder, &err), &err);
	check(tw_stream_file_new(&files, &fold->stream, &err), &err);
	check(tw_store_memory_new(&fold->memory, &err), &err);
	check(tw_store_redis_new(&redis, &fold->redis, &err), &err);
}

int main(int argc, char **argv)
{
	static struct fold fold;
	size_t entities = 0;
	if (argc < 7) {
		fprintf(stderr, "usage: fold ADDRESS SHARDS PREFIX SCRATCH LOG.ndjson TOPIC...\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	fold_begin(&fold, argc, argv);
	log_fold(&fold);
	size_t differ = records_compare(&fold, &entities), behind = places_compare(&fold);
	printf("entities %zu differ %zu places %zu behind %zu\n", entities, differ, fold.place_count, behind);
	tw_store_free(fold.redis);
	tw_store_free(fold.memory);
	tw_stream_free(fold.stream);
	tw_decoder_free(fold.decoder);
	tw_arena_fini(&fold.batch);
	tw_arena_fini(&fold.kept);
	free(fold.entities);
	return differ || behind ? 1 : 0;
}
