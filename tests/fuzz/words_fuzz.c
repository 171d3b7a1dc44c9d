/**
 * @file words_fuzz.c
 * Lines of what is said of one certificate, each by a name of any text: its issue and who trades under it, confirmations, verifications, a shipment.
 * Events that decode are folded, and whose word counts does not depend on the order in which they come.
 */
#include "engine/state/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/decode/decode.h"
#include "engine/state/operations.h"
#include "engine/state/store.h"

#define EVENTS_MAX 6U
#define NAME_BYTES 400U
#define JSON_BYTES 2048U

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const enum tw_metric asked[] = {TW_METRIC_OWN_WORDS, TW_METRIC_AUTHENTICATED};
#define ASKED (sizeof(asked) / sizeof(asked[0]))

struct said {
	enum tw_family family;
	char json[JSON_BYTES];
	struct tw_event event;
};

static struct tw_decoder *decoder;
static struct tw_arena arena;

static void must(bool holds)
{
	if (!holds) {
		abort();
	}
}

/* The name as JSON has it: what would end the string is a blank. */
static void name_put(const uint8_t *bytes, size_t length, char out[NAME_BYTES])
{
	size_t used = 0;
	for (size_t i = 0; i < length && used + 1 < NAME_BYTES; i++) {
		out[used++] = bytes[i] < 0x20 || bytes[i] == '"' || bytes[i] == '\\' ? ' ' : (char)bytes[i];
	}
	out[used] = '\0';
}

/* @return whether the event is one: a name may be no text */
static bool say(struct said *said, uint32_t number, const uint8_t *line, size_t length)
{
	static const char *const roles[] = {"end_user", "exporter", "consignee", "broker"};
	char name[NAME_BYTES], body[JSON_BYTES / 2];
	unsigned kind = line[0] == '?' ? 7 : line[0] % 7;
	struct tw_reject reject;
	struct tw_error error;
	static const char *const types[] = {"issued", "issued", "issued", "issued", "authenticated", "delivery_verified", "", "reinstated"};
	name_put(line + 1, length - 1, name);
	if (kind < 4) {
		snprintf(body, sizeof(body),
		         "\"certificate\":{\"number\":\"1\",\"issuer\":{\"country\":\"QZ\"},\"parties\":[{\"role\":\"%s\",\"name\":\"%s\","
		         "\"country\":\"QZ\"}],"
		         "\"items\":[{\"line\":1,\"quantity\":500,\"unit\":\"C62\"}]}",
		         roles[kind], name);
	} else if (kind != 6) {
		snprintf(body, sizeof(body),
		         "\"certificate\":{\"number\":\"1\",\"issuer\":{\"country\":\"QZ\"},\"consignment\":\"C1\",\"%s\":\"%s\"}",
		         kind == 4 ? "by" : "reported_by", name);
	} else {
		snprintf(
		    body, sizeof(body),
		    "\"consignment\":{\"id\":\"C1\",\"parties\":[{\"role\":\"consignor\",\"name\":\"%s\",\"country\":\"XA\"}],\"items\":[{\"line\":1,"
		    "\"certificates\":[{\"number\":\"1\",\"issuer_country\":\"QZ\",\"line\":1}],\"quantity\":100,\"unit\":\"C62\"}]}",
		    name);
	}
	snprintf(said->json, sizeof(said->json), "{\"id\":\"e-%u\",\"type\":\"%s%s\",\"time\":\"2026-03-%02uT08:00:00Z\",\"source\":\"s\",%s}",
	         number, kind == 6 ? "consignment.declared" : "certificate.", types[kind], number + 1, body);
	said->family = kind == 6 ? TW_FAMILY_MANIFEST : TW_FAMILY_CERTIFICATE;
	return tw_decode(decoder, said->family, tw_slice_str(said->json), NULL, &arena, &said->event, &reject, &error) == TW_OK;
}

/* @param answers of who asks; NULL: nobody does */
static void tell(struct tw_store *store, int64_t offset, const struct tw_event *event, int64_t answers[ASKED])
{
	struct tw_operations *operations = NULL;
	struct tw_error error;
	must(tw_operations_of(event, &arena, &operations, &error) == TW_OK);
	struct tw_store_event stored = {.offset = offset, .operations = operations};
	struct tw_store_part part = {.topic = tw_slice_str("t"), .next = offset + 1, .events = &stored, .event_count = 1};
	must(tw_store_apply(store, &part, 1, &arena, &error) == TW_OK);
	for (uint32_t i = 0; answers && i < ASKED; i++) {
		struct tw_history_query query = {TW_ENTITY_CERTIFICATE, asked[i], 0, NULL};
		struct tw_history_answer answer = tw_history_answer_of(event, operations, stored.priors, &query, &arena);
		answers[i] = answer.stated ? answer.value : -1;
	}
}

static void run(struct said *said, uint32_t count, bool reverse, int64_t answers[ASKED])
{
	static const uint8_t asks[] = {'?'};
	static struct said last;
	struct tw_store *store = NULL;
	must(tw_store_memory_new(&store, NULL) == TW_OK && say(&last, 20, asks, sizeof(asks)));
	for (uint32_t i = 0; i < count; i++) {
		tell(store, i, &said[reverse ? count - 1 - i : i].event, NULL);
	}
	tell(store, count, &last.event, answers);
	tw_store_free(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct said said[EVENTS_MAX];
	struct tw_error error;
	uint32_t count = 0;
	int64_t forth[ASKED], back[ASKED];
	if (!decoder) {
		tw_arena_init(&arena, 1U << 20, 0);
		must(tw_decoder_new((struct tw_decode_limits){1 << 20}, &decoder, &error) == TW_OK);
	}
	for (size_t at = 0; at < size && count < EVENTS_MAX;) {
		const uint8_t *end = memchr(data + at, '\n', size - at);
		size_t length = end ? (size_t)(end - data) - at : size - at;
		count += length > 1 && say(&said[count], count, data + at, length);
		at += length + 1;
	}
	run(said, count, false, forth);
	run(said, count, true, back);
	must(memcmp(forth, back, sizeof(forth)) == 0);
	tw_arena_reset(&arena);
	return 0;
}
