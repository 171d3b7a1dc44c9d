/**
 * @file trace_command.c
 * See trace_command.h. Where records come from, and one mark after the other.
 */
#include "engine/command/trace_command.h"

#include <string.h>

#include "engine/base/arena.h"
#include "engine/emit/trace.h"
#include "engine/run/assemble.h"
#include "engine/run/signals.h"
#include "engine/command/state_command.h"
#include "engine/command/state_log.h"
#include "engine/run/worker.h"
#include "engine/state/packed.h"
#include "engine/state/series_part.h"
#include "engine/state/trace.h"

#define BLOCK_BYTES ((size_t)64 * 1024)

/* ---- one mark ---- */

/* @param out NULL where there is no record */
static enum tw_code record_read(struct tw_store *store, struct tw_slice key, struct tw_arena *arena, const struct tw_state **out,
                                struct tw_error *err)
{
	struct tw_slice canonical = {NULL, 0};
	*out = NULL;
	enum tw_code code = key.len ? tw_store_read(store, TW_ENTITY_MARKING, key, arena, &canonical, err) : TW_OK;
	if (code != TW_OK || canonical.len == 0) {
		return code;
	}
	struct tw_state *state = tw_arena_alloc_raw(arena, sizeof(*state));
	code = state ? tw_packed_read(canonical, arena, state) : TW_E_MEMORY;
	*out = state;
	return code == TW_OK ? TW_OK : tw_fail(err, code, TW_STOP, "a stored record does not check", "marking", NULL);
}

/* A series is read by its parts. */
static enum tw_code parts_read(struct tw_store *store, const struct tw_slice parts[2], struct tw_arena *arena, const struct tw_state **out,
                               struct tw_error *err)
{
	const struct tw_state *states[2];
	enum tw_code code = record_read(store, parts[0], arena, &states[0], err);
	code = code == TW_OK ? record_read(store, parts[1], arena, &states[1], err) : code;
	if (code != TW_OK) {
		return code;
	}
	*out = tw_states_joined(states, 2, arena);
	return *out || (!states[0] && !states[1]) ? TW_OK : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a trace", NULL, NULL);
}

static enum tw_code named_look(struct tw_store *store, const struct tw_trace_keys *keys, const struct tw_list *named, struct tw_arena *arena,
                               struct tw_trace *out, struct tw_error *err)
{
	const struct tw_slice *names = named->data;
	for (uint32_t i = 0; i < named->count; i++) {
		struct tw_trace_records records = {.looked = true};
		struct tw_slice parts[2] = {{"", 0}, {"", 0}};
		struct tw_slice own = tw_trace_own_key(keys, names[i], arena);
		enum tw_code code = record_read(store, own, arena, &records.own, err);
		if (code == TW_OK && tw_trace_parts(keys, names[i], arena, parts)) {
			code = parts_read(store, parts, arena, &records.series, err);
		}
		if (code != TW_OK) {
			return code;
		}
		if (!own.ptr || !parts[0].ptr || !tw_trace_offer(out, keys, names[i], records, arena)) {
			return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a trace", NULL, NULL);
		}
	}
	return TW_OK;
}

/* One mark from a store. @param maker, serial as asked @param asked what else the request states of the weapon @return as tw_store_read */
static enum tw_code mark_ask(struct tw_store *store, struct tw_slice maker, struct tw_slice serial, const struct tw_particulars *asked,
                             struct tw_arena *arena, struct tw_trace *out, struct tw_error *err)
{
	static const struct tw_span stated = {0, 1};
	struct tw_marking mark = {.kind = {TW_MARKING_SERIAL, stated}, .value = {serial.ptr, serial.len, stated}};
	const struct tw_state *states[TW_TRACE_RECORDS];
	struct tw_trace_keys keys;
	struct tw_list named = {NULL, 0, 0};
	bool whole = tw_trace_keys_of(&mark, maker, arena, &keys);
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < TW_TRACE_RECORDS && whole && code == TW_OK; i++) {
		code = record_read(store, keys.key[i], arena, &states[i], err);
	}
	if (code != TW_OK) {
		return code;
	}
	whole = whole && tw_trace_begin(&keys, states, arena, out) && tw_trace_named(&keys, states, arena, &named);
	code = whole ? named_look(store, &keys, &named, arena, out, err) : TW_OK;
	out->maker = maker;
	whole = whole && (code != TW_OK || tw_trace_end(out, asked, arena));
	return whole ? code : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a trace", NULL, NULL);
}

/* MAKER|SERIAL, or a serial of the maker that --maker gives. */
static void mark_split(const char *word, const struct tw_trace_request *request, struct tw_slice *maker, struct tw_slice *serial)
{
	const char *bar = strrchr(word, '|');
	*serial = tw_slice_str(bar ? bar + 1 : word);
	*maker = bar ? (struct tw_slice){word, (uint32_t)(bar - word)} : tw_slice_str(request->maker ? request->maker : "");
}

static enum tw_code json_print(const struct tw_trace *trace, struct tw_arena *arena, FILE *out, struct tw_error *err)
{
	struct tw_json json;
	struct tw_slice text;
	tw_json_begin(&json, arena);
	tw_trace_write(&json, trace, 0);
	enum tw_code code = tw_json_end(&json, &text, err);
	if (code == TW_OK) {
		fprintf(out, "%.*s\n", (int)text.len, text.ptr);
	}
	return code;
}

static int complain(const struct tw_error *err)
{
	char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	fprintf(stderr, "tidewaiter trace: %s\n", tw_error_text(err, text, sizeof(text)));
	return tw_exit_of(err, true);
}

static int marks_trace(struct tw_store *store, const struct tw_trace_request *request, FILE *out)
{
	struct tw_particulars asked = {.of = {{NULL, 0}}};
	struct tw_arena arena;
	struct tw_error err;
	enum tw_code code = TW_OK;
	bool unknown = false;
	asked.of[TW_PARTICULAR_MODEL] = tw_slice_str(request->model ? request->model : "");
	asked.of[TW_PARTICULAR_ORIGIN] = tw_slice_str(request->country ? request->country : "");
	tw_arena_init(&arena, BLOCK_BYTES, 0);
	for (uint32_t i = 0; i < request->mark_count && code == TW_OK; i++) {
		struct tw_slice maker, serial;
		struct tw_trace trace;
		tw_arena_reset(&arena);
		mark_split(request->marks[i], request, &maker, &serial);
		code = mark_ask(store, maker, serial, &asked, &arena, &trace, &err);
		if (code != TW_OK) {
			break;
		}
		unknown = unknown || !tw_trace_is_known(&trace);
		if (request->json) {
			code = json_print(&trace, &arena, out, &err);
		} else {
			fputs(i ? "\n" : "", out);
			tw_trace_text(&trace, out);
		}
	}
	tw_arena_fini(&arena);
	return code != TW_OK ? complain(&err) : unknown ? TW_EXIT_DIFFERENT : TW_EXIT_OK;
}

/* ---- where records come from ---- */

static int log_trace(struct tw_settings *settings, const struct tw_trace_request *request, FILE *out)
{
	struct tw_state_log log = {.ms = 0};
	struct tw_error err;
	enum tw_code code = tw_store_memory_new(&log.engine.store, &err);
	code = code == TW_OK ? tw_state_log_open(&log, settings, &err) : code;
	code = code == TW_OK ? tw_state_log_run(&log, "reading the topics", request->quiet, &err) : code;
	int result = code == TW_OK ? marks_trace(log.engine.store, request, out) : complain(&err);
	if (code != TW_OK) {
		fputs("tidewaiter trace: the topics were asked, as state.store is memory; --over FILE asks files of events\n", stderr);
	}
	tw_state_log_close(&log);
	return result;
}

static int files_trace(struct tw_settings *settings, const struct tw_trace_request *request, FILE *out)
{
	struct tw_store *store = NULL;
	struct tw_error err;
	enum tw_code code = tw_trace_files(settings, request, &store, &err);
	int result = code == TW_OK ? marks_trace(store, request, out) : TW_EXIT_OK;
	if (code != TW_OK) {
		result = complain(&err);
		result = code == TW_E_MISSING ? TW_EXIT_NO_INPUT : result;
	}
	if (store) {
		tw_store_free(store);
	}
	return result;
}

static int stored_trace(struct tw_settings *settings, const struct tw_trace_request *request, FILE *out)
{
	struct tw_engine engine = {.settings = settings};
	struct tw_error err;
	enum tw_code code = tw_engine_store(&engine, true, false, &err);
	int result = code == TW_OK ? marks_trace(engine.store, request, out) : complain(&err);
	tw_engine_fini(&engine);
	return result;
}

int tw_trace_run(struct tw_settings *settings, const struct tw_trace_request *request, FILE *out)
{
	tw_signals_install();
	if (request->over_count) {
		return files_trace(settings, request, out);
	}
	return settings->state_store == TW_STATE_REDIS ? stored_trace(settings, request, out) : log_trace(settings, request, out);
}
