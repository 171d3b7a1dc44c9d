/**
 * @file lists_batch.c
 * `tidewaiter lists search --batch FILE`: one JSON object a row, in the order of the rows, in constant memory (an arena a row).
 *
 *     {"line":2,"id":"C-17","name":"...","found":1,"hits":[{...}]}      a row that was asked
 *     {"line":3,"error":"..."}                                          a row that could not be read: counted, and the exit code says so
 */
#include <inttypes.h>

#include "engine/base/file.h"
#include "engine/emit/json.h"
#include "engine/io/lines.h"
#include "engine/command/lists_command.h"
#include "engine/command/lists_rows.h"
#include "engine/run/outage.h"
#include "engine/run/progress.h"
#include "engine/run/signals.h"
#include "engine/run/worker.h"

#define ARENA_BLOCK_BYTES 65536U
#define WRITE_ROWS        256 /* rows between two writes; a pipe's reader waits for no more */

struct batch {
	const struct tw_lists_loaded *loaded;
	const struct tw_lists_request *request;
	struct tw_arena arena;
	struct tw_rows rows;
	struct tw_line_sink sink;
	struct tw_progress progress;
	uint64_t asked, hit, unread;
};

/* What the row states above what the command line does. @return NULL, or what is wrong */
static const char *query_fill(const struct batch *batch, const struct tw_row *row, struct tw_lists_query *query)
{
	*query = batch->request->query;
	query->memo = batch->loaded->memo;
	query->name = row->text[TW_ROW_NAME];
	query->identifier = row->text[TW_ROW_ID];
	query->address = row->text[TW_ROW_ADDRESS];
	if (!tw_lists_number_read(row->text[TW_ROW_IDENTIFIER], &query->number)) {
		return "identifier is a number, or SCHEME:NUMBER with imo, passport, national_id, tax, registration, lei ...";
	}
	if (!query->name.len && !query->number.asked.value.len) {
		return "no name and no identifier";
	}
	if (row->text[TW_ROW_KIND].len && !tw_lists_kind_read(row->text[TW_ROW_KIND], query)) {
		return "kind is person, organisation, vessel, aircraft or any";
	}
	if (!tw_lists_country_read(row->text[TW_ROW_COUNTRY], query)) {
		return "country is two letters";
	}
	return tw_lists_birth_read(row->text[TW_ROW_BIRTH], query) ? NULL : "birth_date is no date";
}

static void wrong_member(struct tw_json *json, const char *what, const struct tw_error *err, struct tw_arena *arena)
{
	struct tw_slice text = err ? tw_arena_format(arena, "%s%s%s", err->what, err->detail[0] ? ": " : "", err->detail) : tw_slice_str(what);
	tw_json_text_member(json, "error", text);
}

static enum tw_code row_ask(struct batch *batch, const struct tw_row *row, struct tw_json *json, struct tw_error *err)
{
	struct tw_lists_query query;
	struct tw_lists_answer answer;
	struct tw_error why;
	const char *wrong = row->read ? query_fill(batch, row, &query) : "";
	if (wrong) {
		batch->unread++;
		wrong_member(json, wrong, row->read ? NULL : &row->why, &batch->arena);
		return TW_OK;
	}
	enum tw_code code = tw_lists_ask(batch->loaded->index, batch->loaded->known_good, &query, &batch->arena, &answer, &why);
	if (code == TW_E_LIMIT) {
		batch->unread++;
		wrong_member(json, NULL, &why, &batch->arena);
		return TW_OK;
	}
	if (code != TW_OK) {
		*err = why;
		return code;
	}
	batch->asked++;
	batch->hit += answer.found != 0;
	tw_lists_answer_json(json, &query, &answer, batch->request->all, &batch->arena);
	return TW_OK;
}

static enum tw_code row_run(struct batch *batch, const struct tw_row *row, struct tw_error *err)
{
	struct tw_json json;
	struct tw_slice text;
	tw_json_begin(&json, &batch->arena);
	tw_json_object(&json);
	tw_json_integer_member(&json, "line", (int64_t)row->line);
	tw_json_text_member(&json, "id", row->text[TW_ROW_ID]);
	tw_json_text_member(&json, "name", row->text[TW_ROW_NAME]);
	tw_json_text_member(&json, "identifier", row->text[TW_ROW_IDENTIFIER]);
	enum tw_code code = row_ask(batch, row, &json, err);
	tw_json_object_end(&json);
	code = code == TW_OK ? tw_json_end(&json, &text, err) : code;
	if (code != TW_OK) {
		return code;
	}
	struct tw_slice line = tw_arena_format(&batch->arena, "%.*s\n", (int)text.len, text.ptr);
	return line.ptr ? tw_line_sink_add(&batch->sink, line, err) : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a row", NULL, NULL);
}

static enum tw_code rows_run(struct batch *batch, struct tw_error *err)
{
	struct tw_row row;
	bool found = true;
	enum tw_code code = TW_OK;
	for (uint64_t count = 1; code == TW_OK && !tw_stop_asked(); count++) {
		code = tw_rows_next(&batch->rows, &batch->arena, &row, &found, err);
		if (code != TW_OK || !found) {
			break;
		}
		code = row_run(batch, &row, err);
		if (code == TW_OK && count % WRITE_ROWS == 0) {
			code = tw_line_sink_commit(&batch->sink, err);
			tw_progress_draw(&batch->progress, batch->rows.done, batch->rows.total, count, tw_now_ms());
		}
		tw_arena_reset(&batch->arena);
	}
	return code == TW_OK ? tw_line_sink_commit(&batch->sink, err) : code;
}

static int batch_end(const struct batch *batch, int64_t ms)
{
	if (!batch->request->quiet) {
		double seconds = (double)(ms > 0 ? ms : 1) / 1000;
		fprintf(stderr, "%" PRIu64 " names, %" PRIu64 " with hits, %" PRIu64 " rows not read, in %.1f s: %.0f names/s%s\n", batch->asked,
		        batch->hit, batch->unread, seconds, (double)batch->asked / seconds, tw_stop_asked() ? "; stopped before the end" : "");
		if (batch->rows.unused[0]) {
			fprintf(stderr, "columns that were not asked with: %s\n", batch->rows.unused);
		}
	}
	return batch->unread ? TW_EXIT_DATA : TW_EXIT_OK;
}

static enum tw_code batch_run(struct batch *batch, struct tw_error *err)
{
	const char *path = batch->request->out ? batch->request->out : "-";
	enum tw_code code = tw_line_sink_init(&batch->sink, path, false, false, err);
	if (code != TW_OK) {
		return code;
	}
	tw_progress_begin(&batch->progress, stderr, tw_now_ms());
	batch->progress.unit = "names";
	batch->progress.shown = batch->progress.shown && !batch->request->quiet;
	code = rows_run(batch, err);
	tw_progress_end(&batch->progress);
	tw_line_sink_fini(&batch->sink);
	return code;
}

static int lists_then_rows(struct batch *batch, const struct tw_settings *settings, struct tw_lists_loaded *loaded)
{
	struct tw_error err;
	enum tw_code code = tw_lists_begin(settings, batch->request, loaded, &err);
	code = code == TW_OK ? tw_lists_load(settings, loaded, &err) : code;
	int64_t begun = tw_now_ms();
	code = code == TW_OK ? batch_run(batch, &err) : code;
	int result = code == TW_OK ? batch_end(batch, tw_now_ms() - begun) : tw_lists_complain(&err);
	tw_lists_end(loaded);
	return result;
}

int tw_lists_batch(const struct tw_settings *settings, const struct tw_lists_request *request, FILE *out)
{
	struct tw_lists_loaded loaded;
	struct batch batch = {.loaded = &loaded, .request = request};
	struct tw_error err;
	int result = TW_EXIT_NO_INPUT;
	fflush(out); /* rows go out by the descriptor */
	tw_arena_init(&batch.arena, ARENA_BLOCK_BYTES, 0);
	if (tw_file_apart(request->out, &request->batch, 1, &err) != TW_OK) {
		result = tw_lists_complain(&err);
	} else if (tw_rows_open(&batch.rows, request->batch, &err) != TW_OK) { /* before the lists: a slip in its name shows at once */
		(void)tw_lists_complain(&err);
	} else {
		result = lists_then_rows(&batch, settings, &loaded);
	}
	tw_rows_close(&batch.rows);
	tw_arena_fini(&batch.arena);
	return result;
}
