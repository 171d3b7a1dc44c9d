/**
 * @file certificate_command.c
 * See certificate_command.h. Which certificate is meant, which are asked for, and in which order.
 */
#include "engine/command/certificate_command.h"

#include <inttypes.h>
#include <stdlib.h>

#include "engine/base/nearest.h"
#include "engine/base/text.h"
#include "engine/event/keys.h"
#include "engine/command/cell.h"
#include "engine/command/certificate_tell.h"
#include "engine/run/signals.h"
#include "engine/run/worker.h"
#include "engine/state/field.h"
#include "engine/state/roll.h"

#define EXIT_NONE 1

struct asking {
	const struct tw_certificate_request *request;
	struct tw_certificate_source source;
	struct tw_arena arena;
	struct tw_list keys; /* struct tw_slice: of every certificate that has a record, sorted, each once */
	bool whole;
};

static bool is_show(const struct tw_certificate_request *request)
{
	return request->word_count && strcmp(request->words[0], "show") == 0;
}

static uint32_t files_from(const struct tw_certificate_request *request)
{
	return is_show(request) ? 2 : 1;
}

static const char *list_refuse(const struct tw_certificate_request *request, char room[TW_CERTIFICATE_REASON_BYTES])
{
	char hint[TW_HINT_BYTES];
	if (request->issuer && !tw_country_code(tw_slice_str(request->issuer))) {
		return "--issuer is a country, two letters";
	}
	if (request->problem && !tw_problem_find(request->problem, hint)) {
		int length = snprintf(room, TW_CERTIFICATE_REASON_BYTES, "--problem is one of");
		for (int i = TW_PROBLEM_FIRST; !hint[0] && i <= TW_PROBLEM_LAST && length < TW_CERTIFICATE_REASON_BYTES - 16; i++) {
			length += snprintf(room + length, TW_CERTIFICATE_REASON_BYTES - (size_t)length, "%s %s", i > TW_PROBLEM_FIRST ? "," : "",
			                   tw_problem_word((enum tw_problem_kind)i));
		}
		if (hint[0]) {
			snprintf(room, TW_CERTIFICATE_REASON_BYTES, "no such problem: %.60s%s", request->problem, hint);
		}
		return room;
	}
	return NULL;
}

const char *tw_certificate_request_refuse(const struct tw_certificate_request *request, const struct tw_settings *settings,
                                          char room[TW_CERTIFICATE_REASON_BYTES])
{
	bool show = is_show(request), list = request->word_count && strcmp(request->words[0], "list") == 0;
	if (!show && !list) {
		return "show or list?";
	}
	if (show && request->word_count < 2) {
		return "show which? a certificate's number, or ISSUER|NUMBER";
	}
	if (show && (request->issuer || request->problem)) {
		return "--issuer and --problem go with list";
	}
	if (request->format && strcmp(request->format, "table") != 0 && strcmp(request->format, "json") != 0) {
		return "--format is table or json";
	}
	bool files = request->word_count > files_from(request);
	if (files && request->log) {
		return "files, or --log: not both";
	}
	if (!files && !request->log && settings->state_store != TW_STATE_REDIS) {
		return "state.store is memory: name files of events (- is standard input), or --log for the configured topics";
	}
	return list ? list_refuse(request, room) : NULL;
}

static int complain(const struct tw_error *err)
{
	char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	fprintf(stderr, "tidewaiter certificate: %s\n", tw_error_text(err, text, sizeof(text)));
	return tw_exit_of(err, true);
}

static enum tw_code memory_out(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a certificate's ledger", NULL, NULL);
}

/* ---- which there are ---- */

static bool key_visit(void *context, const struct tw_store_name *name)
{
	struct asking *asking = context;
	if (name->kind == TW_ENTITY_CERTIFICATE) {
		struct tw_slice own = tw_arena_copy(&asking->arena, name->key);
		struct tw_slice *key = own.ptr ? tw_list_push(&asking->arena, &asking->keys, sizeof(*key)) : NULL;
		asking->whole = key != NULL;
		if (key) {
			*key = own;
		}
	}
	return asking->whole;
}

static int by_key(const void *left, const void *right)
{
	return tw_slice_compare(*(const struct tw_slice *)left, *(const struct tw_slice *)right);
}

static enum tw_code keys_read(struct asking *asking, struct tw_error *err)
{
	enum tw_code code = tw_store_each(asking->source.store, key_visit, asking, err);
	struct tw_slice *keys = asking->keys.data;
	uint32_t kept = 0;
	if (code == TW_OK && !asking->whole) {
		return memory_out(err);
	}
	if (asking->keys.count > 1) {
		qsort(keys, asking->keys.count, sizeof(*keys), by_key);
	}
	for (uint32_t i = 0; code == TW_OK && i < asking->keys.count; i++) {
		if (i == 0 || !tw_slice_equal(keys[i], keys[kept - 1])) {
			keys[kept++] = keys[i];
		}
	}
	asking->keys.count = kept;
	return code;
}

static enum tw_code view_read(struct asking *asking, struct tw_slice key, struct tw_certificate_view *out, struct tw_error *err)
{
	struct tw_slice canonical = {NULL, 0};
	struct tw_state *state = tw_arena_alloc(&asking->arena, sizeof(*state));
	enum tw_code code =
	    state ? tw_store_read(asking->source.store, TW_ENTITY_CERTIFICATE, key, &asking->arena, &canonical, err) : memory_out(err);
	if (code == TW_OK && tw_packed_read(canonical, &asking->arena, state) != TW_OK) {
		return tw_fail(err, TW_E_CORRUPT, TW_STOP, "a stored record does not check", key.ptr, NULL);
	}
	const struct tw_certificate_source own = tw_certificate_source_of(&asking->source, key);
	if (code == TW_OK && !tw_certificate_view_make(key, state, &own, &asking->arena, out)) {
		return memory_out(err);
	}
	return code;
}

/* ---- show ---- */

/* What was typed, as keys are made: with its issuer where that was named, else the number alone. */
static struct tw_slice wanted_key(const struct tw_certificate_request *request, struct tw_arena *arena)
{
	struct tw_slice text = tw_slice_str(request->words[1]);
	struct tw_slice number = tw_certificate_number_of(text);
	if (number.len == text.len) {
		return tw_text_alnum(text, arena);
	}
	return tw_key_certificate((struct tw_slice){text.ptr, text.len - number.len - 1}, number, arena);
}

static bool fits(struct tw_slice key, struct tw_slice wanted)
{
	bool issuer = tw_certificate_number_of(wanted).len != wanted.len;
	return tw_slice_equal(issuer ? key : tw_certificate_number_of(key), wanted);
}

/* What was typed may be a consignment's: its record names the certificates that it draws on. @return whether it says so */
static bool consignment_say(struct asking *asking)
{
	struct tw_slice canonical = {NULL, 0}, name = {NULL, 0}, key = tw_key_consignment(tw_slice_str(asking->request->words[1]), &asking->arena);
	struct tw_state state = {NULL, 0, NULL, 0};
	struct tw_error ignored;
	enum tw_entity_kind kind;
	uint32_t found = 0;
	if (!key.len || tw_store_read(asking->source.store, TW_ENTITY_CONSIGNMENT, key, &asking->arena, &canonical, &ignored) != TW_OK ||
	    tw_packed_read(canonical, &asking->arena, &state) != TW_OK) {
		return false;
	}
	for (uint32_t i = 0; i < state.element_count; i++) {
		if (!tw_element_is(&state.elements[i], TW_ELEMENT_REVISION)) {
			continue;
		}
		for (struct tw_roll_walk walk = tw_roll_read(state.elements[i].bytes); tw_roll_next(&walk, &kind, &name);) {
			if (kind == TW_ENTITY_CERTIFICATE) {
				fprintf(stderr, "%s\"%.*s\"", found++ ? ", " : "tidewaiter certificate: that is a consignment; it draws on ",
				        (int)name.len, name.ptr);
			}
		}
	}
	fputs(found ? "\n" : "", stderr);
	return found != 0;
}

static int none_say(struct asking *asking, struct tw_slice wanted)
{
	if (consignment_say(asking)) {
		return EXIT_NONE;
	}
	const struct tw_slice *keys = asking->keys.data;
	bool issuer = tw_certificate_number_of(wanted).len != wanted.len;
	struct tw_nearest nearest = tw_nearest_to(wanted);
	char hint[TW_HINT_BYTES];
	for (uint32_t i = 0; i < asking->keys.count; i++) {
		tw_nearest_offer(&nearest, issuer ? keys[i].ptr : tw_certificate_number_of(keys[i]).ptr);
	}
	fputs("tidewaiter certificate: nothing is on record of ", stderr);
	tw_cell_print(stderr, tw_slice_str(asking->request->words[1]), UINT32_MAX);
	tw_nearest_hint(&nearest, hint);
	fprintf(stderr, "%s\n",
	        hint[0]              ? hint
	        : asking->keys.count ? "; `tidewaiter certificate list` says what there is"
	                             : ": nor of any certificate");
	return EXIT_NONE;
}

/* @return whether exactly one is meant; else says why not */
static bool key_find(struct asking *asking, struct tw_slice wanted, struct tw_slice *out, int *result)
{
	const struct tw_slice *keys = asking->keys.data;
	uint32_t found = 0;
	for (uint32_t i = 0; i < asking->keys.count; i++) {
		if (fits(keys[i], wanted)) {
			*out = keys[i];
			found++;
		}
	}
	if (found == 0) {
		*result = none_say(asking, wanted);
	} else if (found > 1) {
		fprintf(stderr, "tidewaiter certificate: %" PRIu32 " issuers have that number; which?\n", found);
		for (uint32_t i = 0; i < asking->keys.count; i++) {
			if (fits(keys[i], wanted)) {
				fprintf(stderr, "  \"%s\"\n", keys[i].ptr);
			}
		}
		*result = TW_EXIT_USAGE;
	}
	return found == 1;
}

static bool is_json(const struct tw_certificate_request *request)
{
	return request->format && strcmp(request->format, "json") == 0;
}

static int show(struct asking *asking, struct tw_slice wanted, FILE *out)
{
	struct tw_certificate_view view;
	struct tw_slice key = {NULL, 0};
	struct tw_error err;
	int result = TW_EXIT_OK;
	if (!key_find(asking, wanted, &key, &result)) {
		return result;
	}
	enum tw_code code = view_read(asking, key, &view, &err);
	if (code == TW_OK && is_json(asking->request)) {
		code = tw_certificate_json(&view, &asking->arena, out, &err);
	} else if (code == TW_OK && !tw_certificate_text(asking->request, &view, &asking->arena, out)) {
		code = memory_out(&err);
	}
	return code == TW_OK ? TW_EXIT_OK : complain(&err);
}

/* ---- list ---- */

static bool has_problem(const struct tw_certificate_view *view, enum tw_problem_kind kind)
{
	const struct tw_problem *problems = view->problems.data;
	for (uint32_t i = 0; i < view->problems.count; i++) {
		if (problems[i].kind == kind) {
			return true;
		}
	}
	return false;
}

static int64_t points_of(const struct tw_certificate_view *view)
{
	const struct tw_problem *problems = view->problems.data;
	int64_t most = 0;
	for (uint32_t i = 0; problems && i < view->problems.count; i++) {
		most = problems[i].points > most ? problems[i].points : most;
	}
	return most;
}

/* The most urgent kind, what the heaviest reason counts, how many problems, how many consignments; then the key: strict. */
static int by_urgency(const void *left, const void *right)
{
	const struct tw_certificate_view *a = left, *b = right;
	const struct tw_problem *x = a->problems.data, *y = b->problems.data;
	const int64_t pairs[][2] = {{x ? x->kind : TW_PROBLEM_LAST + 1, y ? y->kind : TW_PROBLEM_LAST + 1},
	                            {points_of(b), points_of(a)},
	                            {b->problems.count, a->problems.count},
	                            {b->consignments, a->consignments}};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (pairs[i][0] != pairs[i][1]) {
			return pairs[i][0] < pairs[i][1] ? -1 : 1;
		}
	}
	return tw_slice_compare(a->key, b->key);
}

static bool of_issuer(struct tw_slice key, const char *issuer)
{
	uint16_t code = issuer ? tw_country_code(tw_slice_str(issuer)) : 0;
	return !code || (key.len > 2 && key.ptr[0] == (char)(code >> 8) && key.ptr[1] == (char)(code & 0xFF) && key.ptr[2] == '|');
}

static enum tw_code list_make(struct asking *asking, struct tw_certificate_list *list, struct tw_error *err)
{
	const struct tw_certificate_request *request = asking->request;
	const struct tw_slice *keys = asking->keys.data;
	char hint[TW_HINT_BYTES];
	enum tw_problem_kind kind = request->problem ? tw_problem_find(request->problem, hint) : (enum tw_problem_kind)0;
	enum tw_code code = TW_OK;
	list->all = asking->keys.count;
	list->view = tw_arena_alloc(&asking->arena, ((size_t)asking->keys.count + 1) * sizeof(*list->view));
	if (!list->view) {
		return memory_out(err);
	}
	for (uint32_t i = 0; code == TW_OK && i < asking->keys.count; i++) {
		struct tw_certificate_view *view = &list->view[list->of];
		if (of_issuer(keys[i], request->issuer)) {
			code = view_read(asking, keys[i], view, err);
			list->of += code == TW_OK && (!kind || has_problem(view, kind));
		}
	}
	qsort(list->view, list->of, sizeof(*list->view), by_urgency);
	list->count = request->limit && request->limit < list->of ? request->limit : list->of;
	return code;
}

static int list_run(struct asking *asking, FILE *out)
{
	struct tw_certificate_list list = {.count = 0};
	struct tw_error err;
	enum tw_code code = list_make(asking, &list, &err);
	if (code == TW_OK && is_json(asking->request)) {
		code = tw_certificate_list_json(&list, &asking->arena, out, &err);
	} else if (code == TW_OK) {
		tw_certificate_list_text(asking->request, &list, out);
	}
	return code == TW_OK ? TW_EXIT_OK : complain(&err);
}

/* ---- either ---- */

static int answer(struct asking *asking, struct tw_slice wanted, FILE *out)
{
	struct tw_error err;
	if (keys_read(asking, &err) != TW_OK) {
		return complain(&err);
	}
	int result = is_show(asking->request) ? show(asking, wanted, out) : list_run(asking, out);
	if (asking->source.unread) {
		fprintf(stderr, "tidewaiter certificate: %" PRIu64 " lines or events could not be used; `tidewaiter screen` says why\n",
		        asking->source.unread);
	}
	return result == TW_EXIT_OK && asking->source.unread ? TW_EXIT_DATA : result;
}

int tw_certificate_run(const struct tw_settings *settings, const struct tw_certificate_request *request, FILE *out)
{
	struct asking asking = {.request = request, .whole = true};
	struct tw_error err;
	uint32_t from = files_from(request);
	struct tw_certificate_inputs inputs = {.files = request->words + from,
	                                       .file_count = request->word_count > from ? request->word_count - from : 0,
	                                       .topic = request->topic,
	                                       .log = request->log,
	                                       .quiet = request->quiet};
	tw_signals_install();
	tw_arena_init(&asking.arena, (size_t)64 * 1024, 0);
	struct tw_slice wanted = is_show(request) ? wanted_key(request, &asking.arena) : tw_slice_str("");
	inputs.number = tw_certificate_number_of(wanted);
	enum tw_code code = wanted.ptr ? tw_certificate_source_open(settings, &inputs, &asking.source, &err) : memory_out(&err);
	int result = code == TW_OK ? answer(&asking, wanted, out) : complain(&err);
	if (code != TW_OK && inputs.file_count && !asking.source.opened) {
		result = TW_EXIT_NO_INPUT;
	}
	tw_certificate_source_close(&asking.source);
	tw_arena_fini(&asking.arena);
	return result;
}
