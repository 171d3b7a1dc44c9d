/**
 * @file state_verify_say.c
 * See state_verify.h: what was found, in words and as one JSON object.
 */
#include "engine/command/state_verify.h"

#include <inttypes.h>

#include "engine/emit/json.h"
#include "engine/event/metric.h"

static uint64_t offsets_of(const struct tw_state_verify *verify)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < verify->place_count; i++) {
		sum += (uint64_t)verify->places[i].committed;
	}
	return sum;
}

static void kinds_print(const struct tw_differences *differences, FILE *out)
{
	const char *before = " (";
	for (uint32_t kind = 1; kind <= TW_DIFFERENCE_KINDS; kind++) {
		if (differences->of_kind[kind]) {
			fprintf(out, "%s%s %" PRIu64, before, tw_difference_word((enum tw_difference_kind)kind), differences->of_kind[kind]);
			before = ", ";
		}
	}
	fputs(before[0] == ',' ? ")" : "", out);
}

static void partial_print(const struct tw_state_verify *verify, FILE *out)
{
	uint32_t count;
	const struct tw_log_place *log = tw_stream_log_places(verify->log.engine.stream, &count);
	fputs("NOT VERIFIED IN FULL: the log lacks its begin, so it cannot say what the state must be:\n", out);
	for (uint32_t i = 0; i < count; i++) {
		if (log[i].log_start > 0 && log[i].committed > 0) {
			fprintf(out, "  %.*s/%d begins at %" PRId64 "\n", (int)log[i].topic.len, log[i].topic.ptr, (int)log[i].partition,
			        log[i].log_start);
		}
	}
	fputs("Compared is only that the store has whatever the rest of the log says: sums no lower, days no narrower, elements no older.\n"
	      "Entities that only the store has, and sums that are higher there, are not looked at.\n",
	      out);
}

void tw_state_verify_text(const struct tw_state_verify *verify, FILE *out)
{
	const struct tw_differences *differences = &verify->differences;
	tw_differences_print(differences, out);
	if (verify->partial) {
		partial_print(verify, out);
	}
	fprintf(out, "%s: %" PRIu64 " differences", differences->total ? "different" : "equal", differences->total);
	kinds_print(differences, out);
	fprintf(out, "; %u entities of %" PRIu64 " events, %u partitions, committed offsets up to %" PRIu64 " in sum\n", verify->known.count,
	        tw_state_log_events(&verify->log), verify->place_count, offsets_of(verify));
	if (!verify->open && !differences->of_kind[TW_DIFFERENCE_EPOCH]) {
		fputs("the epoch is closed: an engine opens it when it has found everything in place\n", out);
	}
}

static void part_json(struct tw_json *json, const struct tw_state_part *part)
{
	tw_json_object(json);
	tw_json_text_member(json, "what", tw_slice_str(part->what));
	tw_json_text_member(json, "log", tw_slice_str(part->log));
	tw_json_text_member(json, "store", tw_slice_str(part->store));
	tw_json_object_end(json);
}

static void row_json(struct tw_json *json, const struct tw_difference *row)
{
	tw_json_object(json);
	tw_json_text_member(json, "difference", tw_slice_str(tw_difference_word(row->kind)));
	tw_json_text_member(json, "entity", tw_slice_str(row->entity ? tw_entity_name(row->entity) : ""));
	tw_json_text_member(json, row->entity ? "key" : "where", row->key);
	tw_json_text_member(json, "detail", tw_slice_str(row->detail));
	if (row->parts) {
		tw_json_integer_member(json, "parts_total", row->part_count);
		tw_json_key(json, "parts");
		tw_json_array(json);
		for (uint32_t i = 0; i < row->part_count && i < TW_DIFFERENCE_PARTS; i++) {
			part_json(json, &row->parts[i]);
		}
		tw_json_array_end(json);
	}
	tw_json_object_end(json);
}

static void places_json(struct tw_json *json, const struct tw_state_verify *verify)
{
	uint32_t count;
	const struct tw_log_place *log = tw_stream_log_places(verify->log.engine.stream, &count);
	tw_json_key(json, "partitions");
	tw_json_array(json);
	for (uint32_t i = 0; i < count; i++) {
		tw_json_object(json);
		tw_json_text_member(json, "topic", log[i].topic);
		tw_json_integer_member(json, "partition", log[i].partition);
		tw_json_integer_member(json, "committed", verify->places[i].committed);
		tw_json_integer_member(json, "log_start", log[i].log_start);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

void tw_state_verify_json(struct tw_state_verify *verify, FILE *out)
{
	const struct tw_differences *differences = &verify->differences;
	struct tw_json json;
	struct tw_slice text;
	tw_arena_reset(&verify->scratch);
	tw_json_begin(&json, &verify->scratch);
	tw_json_object(&json);
	tw_json_key(&json, "equal");
	tw_json_flag(&json, differences->total == 0);
	tw_json_key(&json, "complete");
	tw_json_flag(&json, !verify->partial);
	tw_json_key(&json, "open");
	tw_json_flag(&json, verify->open);
	tw_json_integer_member(&json, "entities", verify->known.count);
	tw_json_integer_member(&json, "events", (int64_t)tw_state_log_events(&verify->log));
	tw_json_integer_member(&json, "differences_total", (int64_t)differences->total);
	for (uint32_t kind = 1; kind <= TW_DIFFERENCE_KINDS; kind++) {
		tw_json_integer_member(&json, tw_difference_word((enum tw_difference_kind)kind), (int64_t)differences->of_kind[kind]);
	}
	places_json(&json, verify);
	tw_json_key(&json, "differences");
	tw_json_array(&json);
	for (uint32_t i = 0; i < differences->count; i++) {
		row_json(&json, &differences->rows[i]);
	}
	tw_json_array_end(&json);
	tw_json_object_end(&json);
	struct tw_error err;
	if (tw_json_end(&json, &text, &err) == TW_OK) {
		fprintf(out, "%.*s\n", (int)text.len, text.ptr);
	}
}
