/**
 * @file check.c
 * The verdict on a seed: log, committed outputs and Redis at its end against what one undisturbed run would have left.
 *
 *     every offset with an event    exactly one committed alert or dead letter; none where it was sent before within the window, and none of a fact
 *     every entity                  the numbers "seen before" that its alerts tell: 0, 1, 2, ... each once; after a loss of state never fewer than
 *                                   there were (sorted, the i-th is at least i) and never more than there are
 *     every certificate             what its alerts say was drawn before: each draw on top of the others, none missing, none twice
 *     every record                  the bytes that a memory store folds from the same logs, and those that it folds from the senders' logs alone,
 *                                   making the facts itself: whichever events came first, and whoever made a fact twice
 *     every watermark               where the log's last event ends, as is the group's committed offset
 */
#include <stdio.h>
#include <stdlib.h>

#include "engine/emit/alert_reader.h"
#include "engine/run/judge.h"
#include "engine/state/operations.h"
#include "engine/state/redis_call.h"
#include "tests/simulation/world.h"

#define SIGHTINGS_MOST 8192U
#define DRAWS_MOST     512U
#define KEYS_MOST      4096U
#define FACTS_MOST     512U

/* One alert's word on one entity. */
struct sighting {
	struct tw_slice kind, key;
	int64_t seen;
	int64_t partition, offset; /* of the event */
};

struct draw {
	uint32_t certificate;
	int64_t before, quantity;
};

static struct check {
	struct tw_arena arena;
	struct sighting sightings[SIGHTINGS_MOST];
	uint32_t sighting_count;
	struct draw draws[DRAWS_MOST];
	uint32_t draw_count;
	uint8_t *outcomes[SIM_LOGS_MOST];
	uint8_t *due[SIM_LOGS_MOST]; /* outcomes that there must be; by offset, as those */
	uint64_t keys[KEYS_MOST];    /* hashes of entities met */
	uint32_t key_count;
	bool made; /* facts of our own are in the store that is compared with */
} c;

static struct sim_log *log_of(struct tw_slice topic, int64_t partition)
{
	struct sim_world *world = sim_world();
	for (uint32_t i = 0; i < world->log_count; i++) {
		if (tw_slice_is(topic, world->logs[i].topic) && world->logs[i].partition == partition) {
			return &world->logs[i];
		}
	}
	return NULL;
}

/* ---- outcomes ---- */

static void outcome(struct tw_slice topic, int64_t partition, int64_t offset)
{
	struct sim_log *log = log_of(topic, partition);
	if (!log || offset < 0 || offset >= log->count || !log->records[offset].data) {
		sim_fail("an outcome of an event that there is not: %.*s/%lld/%lld", (int)topic.len, topic.ptr, (long long)partition,
		         (long long)offset);
		return;
	}
	c.outcomes[log - sim_world()->logs][offset]++;
}

static void outcomes_check(void)
{
	struct sim_world *world = sim_world();
	for (uint32_t i = 0; i < world->log_count; i++) {
		for (int64_t at = 0; at < world->logs[i].count; at++) {
			unsigned found = c.outcomes[i][at];
			if (found != c.due[i][at]) {
				sim_fail("%u outcomes of %s/%d/%lld", found, world->logs[i].topic, world->logs[i].partition, (long long)at);
			}
		}
	}
}

/* ---- alerts ---- */

/* A number behind `name` in an event's bytes, which events.c wrote. */
static int64_t number_behind(struct tw_slice text, const char *name)
{
	char *end = NULL;
	const char *at = memmem(text.ptr, text.len, name, strlen(name));
	return at ? strtoll(at + strlen(name), &end, 10) : -1;
}

static bool has(struct tw_slice text, const char *words)
{
	return memmem(text.ptr, text.len, words, strlen(words)) != NULL;
}

static void draw_take(const struct tw_alert_view *view, struct tw_slice event)
{
	int64_t certificate = number_behind(event, "\"number\":\"QZ-");
	const struct tw_reason_view *reasons = view->reasons.data;
	struct draw draw = {.certificate = (uint32_t)certificate, .quantity = number_behind(event, "\"quantity\":")};
	if (certificate < 1 || certificate > 2) {
		return;
	}
	for (uint32_t i = 0; i < view->reasons.count; i++) {
		const struct tw_fact_view *facts = reasons[i].facts.data;
		for (uint32_t k = 0; k < reasons[i].facts.count; k++) {
			draw.before = tw_slice_is(facts[k].name, "drawn") ? strtoll(facts[k].value.ptr, NULL, 10) : draw.before;
		}
	}
	if (c.draw_count < DRAWS_MOST) {
		c.draws[c.draw_count++] = draw;
	}
}

static void alert_take(const struct sim_output *output)
{
	struct tw_alert_view view;
	struct tw_error err;
	bool other = false;
	if (tw_alert_read(output->value, &c.arena, &other, &view, &err) != TW_OK || other) {
		sim_fail("an alert that cannot be read: %s", err.detail);
		return;
	}
	outcome(view.input.topic, view.input.partition, view.input.offset);
	const struct sim_log *log = log_of(view.input.topic, view.input.partition);
	if (!log || view.input.offset >= log->count || !has(log->records[view.input.offset].value, "consignment.declared")) {
		return; /* only declared consignments add to what is seen */
	}
	const struct tw_known_view *entities = view.entities.data;
	for (uint32_t i = 0; i < view.entities.count && c.sighting_count < SIGHTINGS_MOST; i++) {
		c.sightings[c.sighting_count++] =
		    (struct sighting){entities[i].kind, entities[i].key, entities[i].seen, view.input.partition, view.input.offset};
	}
	draw_take(&view, log->records[view.input.offset].value);
}

static int by_entity(const void *left, const void *right)
{
	const struct sighting *a = left, *b = right;
	int kinds = tw_slice_compare(a->kind, b->kind), keys = tw_slice_compare(a->key, b->key);
	return kinds ? kinds : keys ? keys : a->seen < b->seen ? -1 : a->seen > b->seen;
}

static bool same_entity(const struct sighting *a, const struct sighting *b)
{
	return tw_slice_equal(a->kind, b->kind) && tw_slice_equal(a->key, b->key);
}

/* For whoever reads a trace: which event saw how many. */
static void sightings_say(uint32_t first, uint32_t end)
{
	for (uint32_t i = first; sim_verbose() && i < end; i++) {
		printf("    %.*s %.*s: event %lld/%lld saw %lld\n", (int)c.sightings[i].kind.len, c.sightings[i].kind.ptr,
		       (int)c.sightings[i].key.len, c.sightings[i].key.ptr, (long long)c.sightings[i].partition, (long long)c.sightings[i].offset,
		       (long long)c.sightings[i].seen);
	}
}

static void sightings_check(void)
{
	bool lossy = sim_world()->lossy;
	qsort(c.sightings, c.sighting_count, sizeof(c.sightings[0]), by_entity);
	for (uint32_t first = 0, end; first < c.sighting_count; first = end) {
		for (end = first; end < c.sighting_count && same_entity(&c.sightings[first], &c.sightings[end]);) {
			end++;
		}
		for (uint32_t i = first; i < end; i++) {
			const struct sighting *one = &c.sightings[i];
			int64_t least = i - first, most = lossy ? end - first - 1 : least;
			if (one->seen < least || one->seen > most) {
				sightings_say(first, end);
				sim_fail("%.*s %.*s: the number %lld of %u priors in ascending order is %lld", (int)one->kind.len, one->kind.ptr,
				         (int)one->key.len, one->key.ptr, (long long)least, end - first, (long long)one->seen);
			}
		}
	}
}

static int by_drawn(const void *left, const void *right)
{
	const struct draw *a = left, *b = right;
	return a->certificate != b->certificate ? (a->certificate < b->certificate ? -1 : 1) : a->before < b->before ? -1 : a->before > b->before;
}

static void draws_check(void)
{
	int64_t sum = 0;
	qsort(c.draws, c.draw_count, sizeof(c.draws[0]), by_drawn);
	for (uint32_t i = 0; i < c.draw_count; i++) {
		sum = i && c.draws[i].certificate == c.draws[i - 1].certificate ? sum : 0;
		if (c.draws[i].before != sum && !sim_world()->lossy) {
			sim_fail("certificate QZ-%u: %lld were drawn before, an alert says %lld", c.draws[i].certificate, (long long)sum,
			         (long long)c.draws[i].before);
		}
		sum += c.draws[i].quantity;
	}
}

/* ---- records ---- */

/* The facts of the reference, in the order in which they were made. */
struct facts {
	struct tw_slice value[FACTS_MOST];
	uint32_t count;
};

static void entities_count(const struct tw_operations *operations)
{
	for (uint32_t i = 0; operations && i < operations->count; i++) {
		uint64_t hash = operations->operation[i].hash | 1;
		uint32_t at = (uint32_t)(hash >> 20) % KEYS_MOST;
		while (c.keys[at] && c.keys[at] != hash) {
			at = (at + 1) % KEYS_MOST;
		}
		c.key_count += !c.keys[at];
		c.keys[at] = hash;
	}
}

static void facts_keep(const struct tw_case *about, struct facts *facts)
{
	for (uint32_t i = 0; i < about->fact_count && facts->count < FACTS_MOST; i++) {
		struct tw_slice value = about->facts[i].value;
		char *copy = sim_alloc(value.len);
		memcpy(copy, value.ptr, value.len);
		facts->value[facts->count++] = (struct tw_slice){copy, value.len};
	}
}

/* One event into a memory store. @param facts where what follows from it goes; NULL: nowhere. @return whether it counts: no dead letter */
static bool event_fold(struct tw_store *store, const struct tw_message *message, struct facts *facts)
{
	struct tw_error err;
	struct tw_case about = {.message = message};
	struct tw_arena_mark mark = tw_arena_mark(&c.arena);
	enum tw_code code = tw_judge_fold(sim_judge(), &c.arena, &about, &err);
	struct tw_store_event event = {.offset = message->offset, .operations = about.operations};
	struct tw_store_part part = {
	    .topic = message->topic, .partition = message->partition, .next = message->offset + 1, .events = &event, .event_count = 1};
	code = code == TW_OK ? tw_store_apply(store, &part, 1, &c.arena, &err) : code;
	about.priors = event.priors;
	code = code == TW_OK && facts ? tw_judge_facts(NULL, &c.arena, &about, &err) : code;
	if (code != TW_OK) {
		sim_fail("the checker cannot fold an event: %s: %s", err.what, err.detail);
	} else if (facts) {
		facts_keep(&about, facts);
	}
	entities_count(about.operations);
	tw_arena_rewind(&c.arena, mark);
	return about.operations != NULL;
}

static struct tw_message message_of(const struct sim_log *log, int64_t offset)
{
	return (struct tw_message){.family = log->family,
	                           .topic = tw_slice_str(log->topic),
	                           .partition = log->partition,
	                           .offset = offset,
	                           .value = log->records[offset].value};
}

/* The same bytes, within the window before it: by how events.c makes them, the same event. */
static bool sent_before(const struct sim_log *log, int64_t offset)
{
	int64_t first = offset - sim_world()->window;
	for (int64_t at = first > 0 ? first : 0; at < offset; at++) {
		if (log->records[at].data && tw_slice_equal(log->records[at].value, log->records[offset].value)) {
			return true;
		}
	}
	return false;
}

/* @param facts NULL: with the log of facts as it is; else they are made anew */
static void logs_fold(struct tw_store *store, struct facts *facts)
{
	struct sim_world *world = sim_world();
	for (uint32_t i = 0; i < world->log_count; i++) {
		const struct sim_log *log = &world->logs[i];
		for (int64_t at = 0; at < log->count && (log != world->facts || !facts); at++) {
			struct tw_message message = message_of(log, at);
			bool again = log->records[at].data && log != world->facts && sent_before(log, at);
			bool counts = log->records[at].data && !again && event_fold(store, &message, log == world->facts ? NULL : facts);
			/* a dead letter that is sent again is one once more */
			bool dead = log->records[at].data && (again ? log->records[at].value.ptr[log->records[at].value.len - 1] != '}' : !counts);
			bool silent = log == world->facts || (counts && has(message.value, "consignment.cancelled")); /* no rule is asked of those */
			c.due[i][at] = !silent && (counts || dead);
		}
	}
	for (uint32_t i = 0; facts && i < facts->count; i++) {
		struct tw_message message = {
		    .family = TW_FAMILY_FACT, .topic = tw_slice_str(world->facts->topic), .offset = i, .value = facts->value[i]};
		if (!event_fold(store, &message, NULL)) {
			sim_fail("the checker made a fact that does not count");
		}
	}
}

/* @return whether the key is a record's: {tw:s0}:r:KIND:KEY */
static bool record_key(struct sim_bytes key, enum tw_entity_kind *kind, struct tw_slice *name)
{
	const char *at = memmem(key.ptr, key.len, "}:r:", 4);
	if (!at) {
		return false;
	}
	*kind = (enum tw_entity_kind)(at[4] - '0');
	*name = (struct tw_slice){at + 6, (uint32_t)(key.ptr + key.len - (at + 6))};
	return true;
}

static void record_check(struct tw_store *store, enum tw_entity_kind kind, struct tw_slice name, struct sim_bytes held)
{
	struct tw_error err;
	struct tw_slice expected, found;
	struct tw_arena_mark mark = tw_arena_mark(&c.arena);
	if (tw_record_canonical((struct tw_slice){held.ptr, (uint32_t)held.len}, &c.arena, &found) != TW_OK ||
	    tw_store_read(store, kind, name, &c.arena, &expected, &err) != TW_OK) {
		sim_fail("a record that cannot be read: %d %.*s", (int)kind, (int)name.len, name.ptr);
	} else if (!tw_slice_equal(expected, found)) {
		sim_fail("the record %d %.*s is not the fold of the %s: %u bytes, %u expected", (int)kind, (int)name.len, name.ptr,
		         c.made ? "senders' logs" : "logs", found.len, expected.len);
	}
	tw_arena_rewind(&c.arena, mark);
}

static uint32_t records_compare(struct tw_store *store)
{
	struct sim_world *world = sim_world();
	uint32_t records = 0;
	for (uint32_t r = 0; r < world->redis_count; r++) {
		struct sim_bytes key;
		enum tw_entity_kind kind;
		struct tw_slice name;
		for (size_t at = 0; sim_server_key(world->redis[r].server, &at, &key);) {
			if (record_key(key, &kind, &name)) {
				records++;
				record_check(store, kind, name, sim_server_get(world->redis[r].server, key.ptr, key.len));
			}
		}
	}
	return records;
}

/* @param facts as logs_fold */
static void records_check(struct facts *facts)
{
	struct tw_store *store = NULL;
	struct tw_error err;
	if (tw_store_memory_new(&store, &err) != TW_OK) {
		sim_fail("no memory for the checker");
		return;
	}
	c.made = facts != NULL;
	logs_fold(store, facts);
	uint32_t records = records_compare(store);
	if (records != c.key_count) {
		sim_fail("%u records, the log speaks of %u entities", records, c.key_count);
	}
	tw_store_free(store);
}

static void watermark_check(const struct sim_log *log, uint32_t shard)
{
	struct sim_world *world = sim_world();
	char key[128];
	int64_t next = -1;
	int length = snprintf(key, sizeof(key), "{tw:s%u}:w:%s:%d", shard, log->topic, log->partition);
	for (uint32_t r = 0; r < world->redis_count; r++) {
		struct sim_bytes held = sim_server_get(world->redis[r].server, key, (size_t)length);
		if (held.len == TW_WATERMARK_STORED_BYTES) {
			next = 0;
			for (int i = 7; i >= 0; i--) {
				next = next << 8 | (unsigned char)held.ptr[i];
			}
		}
	}
	if (log->data_end && (next != log->data_end || log->committed != log->data_end)) {
		sim_fail("%s/%d: shard %u has the watermark %lld, the group committed %lld, the last event ends at %lld", log->topic, log->partition,
		         shard, (long long)next, (long long)log->committed, (long long)log->data_end);
	}
}

/* For whoever reads a trace: the facts that there are, and those that there should be. */
static void facts_say(const struct facts *facts)
{
	const struct sim_log *log = sim_world()->facts;
	for (int64_t at = 0; sim_verbose() && sim_world()->failure[0] && at < log->count; at++) {
		if (log->records[at].data) {
			printf("    fact %lld: %.*s\n", (long long)at, (int)log->records[at].value.len, log->records[at].value.ptr);
		}
	}
	for (uint32_t i = 0; sim_verbose() && sim_world()->failure[0] && i < facts->count; i++) {
		printf("    due: %.*s\n", (int)facts->value[i].len, facts->value[i].ptr);
	}
}

void sim_check(void)
{
	struct sim_world *world = sim_world();
	memset(&c, 0, sizeof(c));
	tw_arena_init(&c.arena, 1U << 20, 0);
	for (uint32_t i = 0; i < world->log_count; i++) {
		c.outcomes[i] = sim_alloc((size_t)world->logs[i].count + 1);
		c.due[i] = sim_alloc((size_t)world->logs[i].count + 1);
		for (uint32_t shard = 0; shard < world->shards; shard++) {
			watermark_check(&world->logs[i], shard);
		}
	}
	for (const struct sim_output *output = world->committed; output; output = output->next) {
		if (output->kind == TW_OUTPUT_ALERT) {
			alert_take(output);
		} else if (output->kind == TW_OUTPUT_DEAD_LETTER) {
			outcome(output->topic, output->partition, output->offset);
		}
	}
	static struct facts facts;
	facts.count = 0;
	records_check(NULL);
	records_check(&facts);
	facts_say(&facts);
	outcomes_check();
	sightings_check();
	draws_check();
	tw_arena_fini(&c.arena);
}
