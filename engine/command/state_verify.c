/**
 * @file state_verify.c
 * `state verify`: what the log says that the state must be, against what the store has.
 *
 *     1  committed offsets asked; the log folded into memory up to there
 *     2  every shard's epoch and watermarks looked at: below those committed offsets nothing may be missing
 *     3  every entity of the memory looked up in the store, some at a time; record and watermarks of one moment
 *     4  every key of the store that the memory does not know, likewise
 *
 * Engines may run meanwhile. A record is the fold of the log below its shard's watermarks, so before a comparison the log is folded on to there, and
 * both sides are cut at the watermarks: the memory never folds away what lies above step 1's offsets, nor does any engine above its own.
 */
#include "engine/command/state_verify.h"

#include <inttypes.h>
#include <stdlib.h>

#include "engine/run/outage.h"
#include "engine/run/signals.h"

#define BLOCK_BYTES ((size_t)1024 * 1024)

static enum tw_code memory_out(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for comparing the state", NULL, NULL);
}

static enum tw_code add(struct tw_state_verify *verify, const struct tw_difference *difference, struct tw_error *err)
{
	return tw_differences_add(&verify->differences, difference) ? TW_OK : memory_out(err);
}

/* ---- 1: the log ---- */

static bool places_take(struct tw_state_verify *verify)
{
	const struct tw_log_place *places = tw_stream_log_places(verify->log.engine.stream, &verify->place_count);
	verify->places = calloc((size_t)verify->place_count + 1, sizeof(*verify->places));
	verify->below = calloc((size_t)verify->place_count + 1, sizeof(*verify->below));
	for (uint32_t i = 0; i < verify->place_count && verify->places; i++) {
		verify->places[i] = (struct tw_store_place){places[i].topic, places[i].partition, places[i].committed > 0 ? places[i].committed : 0};
		verify->partial = verify->partial || (places[i].log_start > 0 && places[i].committed > 0);
	}
	return verify->places && verify->below;
}

static enum tw_code log_fold(struct tw_state_verify *verify, struct tw_error *err)
{
	enum tw_code code = tw_store_memory_new(&verify->log.engine.store, err);
	code = code == TW_OK ? tw_state_log_open(&verify->log, verify->settings, err) : code;
	code = code == TW_OK && !places_take(verify) ? memory_out(err) : code;
	return code == TW_OK ? tw_state_log_run(&verify->log, "folding the log", verify->request->quiet, err) : code;
}

/* ---- 2: shards ---- */

/* Schema, shards and id; what comes behind differs from server to server, and with its state. */
static struct tw_slice epoch_name(struct tw_slice epoch)
{
	for (uint32_t i = 0; i + 4 < epoch.len; i++) {
		if (memcmp(epoch.ptr + i, " of ", 4) == 0) {
			return (struct tw_slice){epoch.ptr, i};
		}
	}
	return (struct tw_slice){epoch.ptr, epoch.len ? epoch.len - 1 : 0};
}

static enum tw_code epoch_check(struct tw_state_verify *verify, const struct tw_store_peek *peek, const struct tw_store_shard *shard, bool any,
                                struct tw_error *err)
{
	struct tw_difference difference = {.kind = TW_DIFFERENCE_EPOCH, .key = shard->name};
	struct tw_slice first = epoch_name(peek->shards[0].epoch), own = epoch_name(shard->epoch);
	verify->open = verify->open && shard->epoch.len && shard->epoch.ptr[shard->epoch.len - 1] == 'o';
	if (own.len == 0 && any) {
		snprintf(difference.detail, sizeof(difference.detail), "none");
		return add(verify, &difference, err);
	}
	if (!tw_slice_equal(first, own)) {
		snprintf(difference.detail, sizeof(difference.detail), "\"%.*s\", the first shard's is \"%.*s\"", (int)own.len, own.ptr,
		         (int)first.len, first.ptr);
		return add(verify, &difference, err);
	}
	return TW_OK;
}

static enum tw_code watermark_check(struct tw_state_verify *verify, const struct tw_store_shard *shard, uint32_t place, int64_t log_end,
                                    struct tw_error *err)
{
	const struct tw_store_place *of = &verify->places[place];
	struct tw_difference difference = {.key = shard->name};
	int64_t next = shard->next[place] < 0 ? 0 : shard->next[place];
	if (next >= of->committed && next <= log_end) {
		return TW_OK;
	}
	difference.kind = next > log_end ? TW_DIFFERENCE_AHEAD : TW_DIFFERENCE_BEHIND;
	snprintf(difference.detail, sizeof(difference.detail), "%.*s/%d stands at %lld, %s %lld", (int)of->topic.len, of->topic.ptr,
	         (int)of->partition, (long long)shard->next[place], next > log_end ? "the log ends at" : "committed is",
	         (long long)(next > log_end ? log_end : of->committed));
	return add(verify, &difference, err);
}

static enum tw_code shards_check(struct tw_state_verify *verify, struct tw_error *err)
{
	struct tw_store_peek peek;
	uint32_t count;
	bool any = false;
	enum tw_code code = tw_store_peek(verify->live.store, verify->places, verify->place_count, NULL, 0, &verify->scratch, &peek, err);
	code = code == TW_OK ? tw_stream_log_look(verify->log.engine.stream, err) : code; /* the log's ends after the watermarks */
	const struct tw_log_place *log = tw_stream_log_places(verify->log.engine.stream, &count);
	for (uint32_t i = 0; i < verify->place_count; i++) {
		any = any || verify->places[i].committed;
	}
	verify->open = true;
	for (uint32_t s = 0; code == TW_OK && s < peek.shard_count; s++) {
		code = epoch_check(verify, &peek, &peek.shards[s], any, err);
		for (uint32_t i = 0; code == TW_OK && i < verify->place_count; i++) {
			code = watermark_check(verify, &peek.shards[s], i, log[i].log_end, err);
		}
	}
	tw_arena_reset(&verify->scratch);
	return code;
}

/* ---- 3 and 4: records ---- */

/* The memory must know all that the store knew when it was looked at. */
static enum tw_code log_reach(struct tw_state_verify *verify, const struct tw_store_peek *peek, struct tw_error *err)
{
	struct tw_stream *stream = verify->log.engine.stream;
	uint32_t count;
	bool more = false, looked = false;
	enum tw_code code = TW_OK;
	const struct tw_log_place *log = tw_stream_log_places(stream, &count);
	for (uint32_t s = 0; s < peek->shard_count && code == TW_OK; s++) {
		for (uint32_t i = 0; i < count && code == TW_OK; i++) {
			int64_t want = peek->shards[s].next[i];
			if (want > log[i].log_end && !looked) {
				looked = true;
				code = tw_stream_log_look(stream, err);
				log = tw_stream_log_places(stream, &count);
			}
			want = want > log[i].log_end ? log[i].log_end : want;
			more = more || want > log[i].upto;
			tw_stream_log_range(stream, i, want);
		}
	}
	return code == TW_OK && more ? tw_state_log_run(&verify->log, "folding on", true, err) : code;
}

static struct tw_state_cut cut_of(const struct tw_state_verify *verify, const struct tw_store_shard *side)
{
	return (struct tw_state_cut){verify->places, side->topics, verify->below, verify->place_count};
}

static enum tw_code states_compare(struct tw_state_verify *verify, const struct tw_store_name *name, const struct tw_state *log,
                                   const struct tw_state *store, struct tw_error *err)
{
	struct tw_difference difference = {.kind = TW_DIFFERENCE_DIFFERS, .entity = name->kind, .key = name->key};
	bool in_log = log->counter_count || log->element_count, in_store = store->counter_count || store->element_count;
	if (!in_log && (!in_store || verify->partial)) {
		return TW_OK;
	}
	if (!in_log || !in_store) {
		difference.kind = in_log ? TW_DIFFERENCE_MISSING : TW_DIFFERENCE_FOREIGN;
		return add(verify, &difference, err);
	}
	difference.part_count = tw_state_compare(log, store, verify->partial, NULL, 0);
	if (difference.part_count == 0) {
		return TW_OK;
	}
	difference.parts = calloc(TW_DIFFERENCE_PARTS, sizeof(*difference.parts));
	if (!difference.parts) {
		return memory_out(err);
	}
	(void)tw_state_compare(log, store, verify->partial, difference.parts, TW_DIFFERENCE_PARTS);
	return add(verify, &difference, err);
}

static enum tw_code record_compare(struct tw_state_verify *verify, const struct tw_store_name *name, const struct tw_store_peek *memory,
                                   const struct tw_store_peek *live, uint32_t at, struct tw_error *err)
{
	struct tw_state log, store;
	const struct tw_store_shard *shard = &live->shards[live->shard_of[at]];
	for (uint32_t i = 0; i < verify->place_count; i++) {
		verify->below[i] = shard->next[i] > verify->places[i].committed ? shard->next[i] : verify->places[i].committed;
	}
	struct tw_state_cut ours = cut_of(verify, &memory->shards[0]), theirs = cut_of(verify, shard);
	enum tw_code code = tw_state_cut(memory->records[at], &ours, &verify->scratch, &log);
	code = code == TW_OK ? tw_state_cut(live->records[at], &theirs, &verify->scratch, &store) : code;
	verify->compared++;
	if (code == TW_E_CORRUPT) {
		struct tw_difference difference = {.kind = TW_DIFFERENCE_DAMAGED, .entity = name->kind, .key = name->key};
		snprintf(difference.detail, sizeof(difference.detail), "the stored bytes do not check");
		return add(verify, &difference, err);
	}
	return code == TW_OK ? states_compare(verify, name, &log, &store, err) : memory_out(err);
}

static enum tw_code chunk_compare(struct tw_state_verify *verify, const struct tw_store_name *names, uint32_t count, struct tw_error *err)
{
	struct tw_store_peek live, memory;
	tw_arena_reset(&verify->scratch);
	enum tw_code code = tw_store_peek(verify->live.store, verify->places, verify->place_count, names, count, &verify->scratch, &live, err);
	code = code == TW_OK ? log_reach(verify, &live, err) : code;
	code = code == TW_OK
	           ? tw_store_peek(verify->log.engine.store, verify->places, verify->place_count, names, count, &verify->scratch, &memory, err)
	           : code;
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		struct tw_arena_mark mark = tw_arena_mark(&verify->scratch);
		code = record_compare(verify, &names[i], &memory, &live, i, err);
		tw_arena_rewind(&verify->scratch, mark);
	}
	return code;
}

static enum tw_code list_compare(struct tw_state_verify *verify, const struct tw_list *list, struct tw_error *err)
{
	const struct tw_store_name *names = list->data;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < list->count && !tw_stop_asked(); i += TW_VERIFY_CHUNK_NAMES) {
		code = chunk_compare(verify, &names[i], list->count - i < TW_VERIFY_CHUNK_NAMES ? list->count - i : TW_VERIFY_CHUNK_NAMES, err);
		tw_progress_draw(&verify->progress, i, list->count, i, tw_now_ms());
	}
	return code;
}

static bool name_keep(struct tw_state_verify *verify, struct tw_list *list, const struct tw_store_name *name)
{
	struct tw_store_name *kept = tw_list_push(&verify->names, list, sizeof(*kept));
	struct tw_slice key = tw_arena_copy(&verify->names, name->key);
	if (!kept || !key.ptr) {
		verify->out_of_memory = true;
		return false;
	}
	*kept = (struct tw_store_name){name->kind, key};
	return true;
}

static bool known_visit(void *context, const struct tw_store_name *name)
{
	struct tw_state_verify *verify = context;
	return name_keep(verify, &verify->known, name);
}

/* Which of the names that wait does the memory not know? */
static bool waiting_sort(struct tw_state_verify *verify)
{
	struct tw_store_peek memory;
	enum tw_code code =
	    tw_store_peek(verify->log.engine.store, NULL, 0, verify->waiting, verify->waiting_count, &verify->scratch, &memory, &verify->visit_error);
	for (uint32_t i = 0; code == TW_OK && i < verify->waiting_count; i++) {
		if (memory.records[i].len == 0 && !name_keep(verify, &verify->strange, &verify->waiting[i])) {
			code = memory_out(&verify->visit_error);
		}
	}
	verify->waiting_count = 0;
	verify->visit_code = code;
	tw_arena_reset(&verify->scratch);
	return code == TW_OK;
}

static bool stored_visit(void *context, const struct tw_store_name *name)
{
	struct tw_state_verify *verify = context;
	struct tw_slice key = tw_arena_copy(&verify->scratch, name->key);
	verify->scanned++;
	if (!name->kind || !key.ptr) {
		struct tw_difference difference = {.kind = TW_DIFFERENCE_UNKNOWN, .key = name->key};
		verify->visit_code = key.ptr ? add(verify, &difference, &verify->visit_error) : memory_out(&verify->visit_error);
		return verify->visit_code == TW_OK;
	}
	verify->waiting[verify->waiting_count++] = (struct tw_store_name){name->kind, key};
	return (verify->waiting_count < TW_VERIFY_CHUNK_NAMES || waiting_sort(verify)) && !tw_stop_asked();
}

static int by_name(const void *left, const void *right)
{
	const struct tw_store_name *a = left, *b = right;
	int order = tw_slice_compare(a->key, b->key);
	return order ? order : (a->kind > b->kind) - (a->kind < b->kind);
}

/* A scan may meet a key twice. */
static void strange_settle(struct tw_list *list)
{
	struct tw_store_name *names = list->data;
	uint32_t kept = 0;
	if (list->count > 1) {
		qsort(names, list->count, sizeof(*names), by_name);
	}
	for (uint32_t i = 0; i < list->count; i++) {
		if (kept == 0 || by_name(&names[kept - 1], &names[i]) != 0) {
			names[kept++] = names[i];
		}
	}
	list->count = kept;
}

static enum tw_code records_check(struct tw_state_verify *verify, struct tw_error *err)
{
	enum tw_code code = tw_store_each(verify->log.engine.store, known_visit, verify, err);
	code = code == TW_OK && verify->out_of_memory ? memory_out(err) : code;
	code = code == TW_OK ? list_compare(verify, &verify->known, err) : code;
	tw_arena_reset(&verify->scratch);
	code = code == TW_OK ? tw_store_each(verify->live.store, stored_visit, verify, err) : code;
	if (code == TW_OK && (verify->visit_code != TW_OK || !waiting_sort(verify))) {
		*err = verify->visit_error;
		return verify->visit_code;
	}
	strange_settle(&verify->strange);
	return code == TW_OK ? list_compare(verify, &verify->strange, err) : code;
}

/* ---- the command ---- */

static enum tw_code verify_all(struct tw_state_verify *verify, struct tw_error *err)
{
	verify->live.settings = verify->settings;
	enum tw_code code = tw_engine_store(&verify->live, true, false, err);
	code = code == TW_OK ? log_fold(verify, err) : code;
	tw_progress_begin(&verify->progress, stderr, tw_now_ms());
	verify->progress.shown = verify->progress.shown && !verify->request->quiet;
	verify->progress.label = "comparing";
	code = code == TW_OK && !tw_stop_asked() ? shards_check(verify, err) : code;
	code = code == TW_OK && !tw_stop_asked() ? records_check(verify, err) : code;
	verify->compare_ms = tw_now_ms() - verify->progress.begun_ms;
	tw_progress_end(&verify->progress);
	return code;
}

static int verify_end(struct tw_state_verify *verify, enum tw_code code, const struct tw_error *err, FILE *out)
{
	if (code != TW_OK) {
		return tw_state_complain(err);
	}
	if (tw_stop_asked()) {
		fputs("stopped before everything was compared\n", stderr);
		return TW_EXIT_IO;
	}
	if (verify->request->json) {
		tw_state_verify_json(verify, out);
	} else {
		tw_state_verify_text(verify, out);
	}
	if (!verify->request->quiet) {
		double seconds = (double)(verify->log.ms > 0 ? verify->log.ms : 1) / 1000, rest = (double)verify->compare_ms / 1000;
		fprintf(stderr, "folded in %.1f s (%.0f events/s), compared %" PRIu64 " records in %.1f s\n", seconds,
		        (double)tw_state_log_events(&verify->log) / seconds, verify->compared, rest);
	}
	return verify->differences.total ? TW_EXIT_DIFFERENT : TW_EXIT_OK;
}

int tw_state_verify(struct tw_settings *settings, const struct tw_state_request *request, FILE *out)
{
	struct tw_error err = {.code = TW_OK};
	struct tw_state_verify *verify = calloc(1, sizeof(*verify));
	if (!verify || !tw_differences_init(&verify->differences, request->most)) {
		free(verify);
		(void)memory_out(&err);
		return tw_state_complain(&err);
	}
	verify->settings = settings;
	verify->request = request;
	tw_arena_init(&verify->names, BLOCK_BYTES, 0);
	tw_arena_init(&verify->scratch, BLOCK_BYTES, 0);
	enum tw_code code = verify_all(verify, &err);
	int result = verify_end(verify, code, &err, out);
	tw_engine_fini(&verify->live);
	tw_state_log_close(&verify->log);
	tw_differences_fini(&verify->differences);
	tw_arena_fini(&verify->names);
	tw_arena_fini(&verify->scratch);
	free(verify->places);
	free(verify->below);
	free(verify);
	return result;
}
