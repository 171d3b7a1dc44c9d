/**
 * @file bench_decode.c
 * How much dearer is a decoded event than the same bytes run through yajl with callbacks that do nothing?
 *
 * Usage: bench_decode [FILE.ndjson]. Without a file: seeded, made-up manifests of about 1.5 KB. With one: its lines' "value" members.
 * Both sides run over the same bytes in the same process, in turns, so that a busy machine slows both alike; medians are compared. The
 * answer is checked: the generator knows what it wrote, and every repetition must give the same sums.
 * The last lines are `RESULT name value unit`, for a script to collect.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <yajl/yajl_parse.h>

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/decode/decode.h"

#define EVENTS      2000
#define EVENT_ROOM  4096
#define REPETITIONS 21
#define ARENA_BLOCK (1U << 20)
#define SEED        20260302U

struct corpus {
	char *bytes;
	struct tw_slice *events;
	uint32_t count;
	uint64_t size;
};

/* What decoding must come to. */
struct sums {
	uint64_t events;
	uint64_t items;
	uint64_t parties;
	int64_t quantity_e4;
	int64_t gross_e4;
	uint64_t description_bytes;
};

/* ---- made-up manifests ---- */

static uint32_t next(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(*state >> 33);
}

static const char *const goods[] = {"SPORTING AMMUNITION CALIBRE 7.62X39 IN CARTONS", "STEEL PIPE FITTINGS, GALVANISED", "PARTS OF HYDRAULIC PUMPS",
                                    "WOODEN FURNITURE, UNASSEMBLED", "BOLT ACTION RIFLES WITH SPARE MAGAZINES"};
static const char *const firms[] = {"EXAMPLE HARBOUR TRADING LLC", "NORTHERN QUAY SUPPLY GMBH", "BLUE ANCHOR GENERAL IMPORT EXPORT",
                                    "QUORRA DEFENCE PROCUREMENT OFFICE"};

static int put_party(char *out, size_t room, uint64_t *state, const char *role)
{
	uint32_t n = next(state);
	return snprintf(out, room,
	                "{\"role\": \"%s\", \"name\": \"%s %u\", \"country\": \"X%c\", \"address\": {\"text\": \"%u HARBOUR ROAD, QUAY %u\", "
	                "\"city\": \"PORT EXAMPLE\", \"country\": \"X%c\"}, \"ids\": [{\"scheme\": \"eori\", \"value\": \"X%c%09u\"}]}",
	                role, firms[n % 4], n % 900, 'A' + (int)(n % 26), n % 200, n % 17, 'A' + (int)(n % 26), 'A' + (int)(n % 26), n % 999999999U);
}

static int put_item(char *out, size_t room, uint64_t *state, uint32_t line, struct sums *sums)
{
	uint32_t n = next(state);
	const char *text = goods[n % 5];
	uint32_t quantity = 1 + n % 5000, gross = 1 + n % 90000;
	sums->items++;
	sums->quantity_e4 += (int64_t)quantity * 10000;
	sums->gross_e4 += (int64_t)gross * 10000 + 5000;
	sums->description_bytes += strlen(text);
	return snprintf(out, room,
	                "{\"line\": %u, \"description\": \"%s\", \"hs\": \"9306%02u\", \"origin\": \"X%c\", \"quantity\": %u, \"unit\": \"C62\", "
	                "\"gross_kg\": %u.5, \"value\": %u, \"currency\": \"USD\"}",
	                line, text, n % 100, 'A' + (int)(n % 26), quantity, gross, n % 400000);
}

static uint32_t put_event(char *out, uint32_t number, uint64_t *state, struct sums *sums)
{
	uint32_t n = next(state), at = 0, items = 1 + n % 2;
	at += (uint32_t)snprintf(
	    out, EVENT_ROOM,
	    "{\"id\": \"evt-%06u\", \"type\": \"consignment.declared\", \"time\": \"2026-03-%02uT08:14:%02uZ\", \"source\": "
	    "\"bench-port-7\", \"consignment\": {\"id\": \"BNCH%09u\", \"revision\": 1, \"office\": \"XBMAR\", \"movement\": \"import\", "
	    "\"document\": {\"kind\": \"bill_of_lading\", \"number\": \"BNCH%09u\", \"issued\": \"2026-02-19\"}, \"means\": {\"mode\": "
	    "\"sea\", \"name\": \"EXAMPLE TIDE %u\", \"imo\": \"9074729\", \"flag\": \"PA\", \"voyage\": \"%uW\"}, \"route\": [{\"role\": "
	    "\"load\", \"place\": \"XALOA\", \"country\": \"XA\"}, {\"role\": \"discharge\", \"place\": \"XBMAR\", \"country\": \"XB\", "
	    "\"arrival\": \"2026-03-20\"}], \"parties\": [",
	    number, 1 + n % 28, n % 60, n % 999999999U, n % 999999999U, n % 50, n % 400);
	at += (uint32_t)put_party(out + at, EVENT_ROOM - at, state, "consignor");
	at += (uint32_t)snprintf(out + at, EVENT_ROOM - at, ", ");
	at += (uint32_t)put_party(out + at, EVENT_ROOM - at, state, "consignee");
	sums->parties += 2;
	at += (uint32_t)snprintf(out + at, EVENT_ROOM - at,
	                         "], \"containers\": [{\"number\": \"CSQU3054383\", \"size_type\": \"45G1\", \"gross_kg\": %u}], \"items\": [",
	                         n % 30000);
	for (uint32_t i = 0; i < items; i++) {
		at += (uint32_t)snprintf(out + at, EVENT_ROOM - at, "%s", i ? ", " : "");
		at += (uint32_t)put_item(out + at, EVENT_ROOM - at, state, i + 1, sums);
	}
	at += (uint32_t)snprintf(out + at, EVENT_ROOM - at, "]}}");
	sums->events++;
	return at;
}

static bool corpus_make(struct corpus *out, struct sums *sums)
{
	uint64_t state = SEED, used = 0;
	out->bytes = malloc((size_t)EVENTS * EVENT_ROOM);
	out->events = calloc(EVENTS, sizeof(*out->events));
	if (!out->bytes || !out->events) {
		return false;
	}
	for (uint32_t i = 0; i < EVENTS; i++) {
		uint32_t size = put_event(out->bytes + used, i, &state, sums);
		out->events[i] = (struct tw_slice){out->bytes + used, size};
		used += size;
	}
	out->count = EVENTS;
	out->size = used;
	return true;
}

/* ---- a file's lines ---- */

/* The value of `"value": ` up to the line's last brace: enough for lines as our own tools write them. */
static struct tw_slice line_value(const char *line, const char *end)
{
	static const char member[] = "\"value\":";
	const char *at = memmem(line, (size_t)(end - line), member, sizeof(member) - 1);
	if (!at) {
		return (struct tw_slice){line, (uint32_t)(end - line)};
	}
	at += sizeof(member) - 1;
	while (end > at && end[-1] != '}') {
		end--;
	}
	return (struct tw_slice){at, (uint32_t)(end - 1 - at)};
}

static bool file_read(const char *path, char **bytes, uint64_t *size)
{
	FILE *file = fopen(path, "rb");
	bool read = false;
	if (file && fseek(file, 0, SEEK_END) == 0) {
		long end = ftell(file);
		rewind(file);
		*bytes = end > 0 ? malloc((size_t)end) : NULL;
		*size = end > 0 ? (uint64_t)end : 0;
		read = *bytes && fread(*bytes, 1, (size_t)end, file) == (size_t)end;
	}
	if (file) {
		fclose(file);
	}
	return read;
}

static bool corpus_read(const char *path, struct corpus *out)
{
	uint64_t size = 0, lines = 1;
	if (!file_read(path, &out->bytes, &size)) {
		return false;
	}
	for (uint64_t i = 0; i < size; i++) {
		lines += out->bytes[i] == '\n';
	}
	out->events = calloc(lines, sizeof(*out->events));
	if (!out->events) {
		return false;
	}
	const char *at = out->bytes, *end = out->bytes + size;
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		stop = stop ? stop : end;
		if (stop > at) {
			out->events[out->count] = line_value(at, stop);
			out->size += out->events[out->count++].len;
		}
		at = stop + 1;
	}
	return true;
}

/* ---- the two sides ---- */

static int none(void *context)
{
	(void)context;
	return 1;
}
static int none_boolean(void *context, int value)
{
	(void)context;
	(void)value;
	return 1;
}
static int none_number(void *context, const char *bytes, size_t size)
{
	(void)context;
	(void)bytes;
	(void)size;
	return 1;
}
static int none_string(void *context, const unsigned char *bytes, size_t size)
{
	(void)context;
	(void)bytes;
	(void)size;
	return 1;
}
static const yajl_callbacks empty = {none, none_boolean, NULL, NULL, none_number, none_string, none, none_string, none, none, none};

static uint64_t now_ns(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

/* @return ns over the whole corpus, 0 on failure */
static uint64_t run_yajl(yajl_handle parser, const struct corpus *corpus)
{
	uint64_t start = now_ns();
	for (uint32_t i = 0; i < corpus->count; i++) {
		if (yajl_parse(parser, (const unsigned char *)corpus->events[i].ptr, corpus->events[i].len) != yajl_status_ok) {
			return 0;
		}
	}
	return now_ns() - start;
}

static void sums_add(struct sums *sums, const struct tw_event *event)
{
	const struct tw_item *items = event->consignment.items.data;
	sums->events++;
	sums->parties += event->consignment.parties.count;
	sums->items += event->consignment.items.count;
	for (uint32_t i = 0; i < event->consignment.items.count; i++) {
		sums->quantity_e4 += items[i].quantity.e4;
		sums->gross_e4 += items[i].gross_kg.e4;
		sums->description_bytes += items[i].description.len;
	}
}

static uint64_t run_decode(struct tw_decoder *decoder, struct tw_arena *arena, const struct corpus *corpus, struct sums *sums)
{
	struct tw_event event = {.unknown_fields = 0};
	struct tw_reject reject;
	struct tw_error error;
	uint64_t start = now_ns();
	for (uint32_t i = 0; i < corpus->count; i++) {
		if (i % 256 == 0) {
			tw_arena_reset(arena);
		}
		if (tw_decode(decoder, TW_FAMILY_MANIFEST, corpus->events[i], NULL, arena, &event, &reject, &error) != TW_OK) {
			fprintf(stderr, "bench_decode: event %u: %s: %s\n", i, error.where, error.detail);
			return 0;
		}
		sums_add(sums, &event);
	}
	return now_ns() - start;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static double median_ns(uint64_t *samples, uint32_t count)
{
	qsort(samples, REPETITIONS, sizeof(*samples), by_value);
	const uint64_t middle = samples[REPETITIONS / 2];
	return (double)middle / count;
}

static void report(const struct corpus *corpus, double yajl, double lax, double decode)
{
	double bytes = (double)corpus->size / corpus->count;
	printf("%u events, %.0f bytes each, %d repetitions, medians\n\n", corpus->count, bytes, REPETITIONS);
	printf("%-44s %10s %10s %8s\n", "", "ns/event", "MB/s", "ratio");
	printf("%-44s %10.0f %10.0f %8.2f\n", "yajl, empty callbacks", yajl, bytes * 1000 / yajl, 1.0);
	printf("%-44s %10.0f %10.0f %8.2f\n", "yajl, empty callbacks, no UTF-8 check", lax, bytes * 1000 / lax, lax / yajl);
	printf("%-44s %10.0f %10.0f %8.2f\n\n", "tw_decode", decode, bytes * 1000 / decode, decode / yajl);
	printf("RESULT decode.yajl_empty %.0f ns/event\n", yajl);
	printf("RESULT decode.event %.0f ns/event\n", decode);
	printf("RESULT decode.rate %.0f events/s\n", 1e9 / decode);
	printf("RESULT decode.bytes %.0f bytes/event\n", bytes);
	printf("RESULT decode.ratio %.2f x\n", decode / yajl);
}

/* Sides in turns. @return false when an answer was wrong */
static bool measure(const struct corpus *corpus, const struct sums *expected, struct tw_decoder *decoder, struct tw_arena *arena)
{
	static uint64_t yajl[REPETITIONS], lax[REPETITIONS], decode[REPETITIONS];
	yajl_handle strict_parser = yajl_alloc(&empty, NULL, NULL), lax_parser = yajl_alloc(&empty, NULL, NULL);
	yajl_config(strict_parser, yajl_allow_multiple_values, 1);
	yajl_config(lax_parser, yajl_allow_multiple_values, 1);
	yajl_config(lax_parser, yajl_dont_validate_strings, 1);
	bool right = true;
	for (uint32_t i = 0; i < REPETITIONS && right; i++) {
		struct sums sums = {.events = 0};
		yajl[i] = run_yajl(strict_parser, corpus);
		decode[i] = run_decode(decoder, arena, corpus, &sums);
		lax[i] = run_yajl(lax_parser, corpus);
		right = yajl[i] && lax[i] && decode[i] && (!expected || memcmp(&sums, expected, sizeof(sums)) == 0);
		right = right && sums.events == corpus->count;
	}
	if (right) {
		report(corpus, median_ns(yajl, corpus->count), median_ns(lax, corpus->count), median_ns(decode, corpus->count));
	}
	yajl_free(strict_parser);
	yajl_free(lax_parser);
	return right;
}

int main(int argc, char **argv)
{
	struct corpus corpus = {.count = 0};
	struct sums expected = {.events = 0};
	struct tw_decoder *decoder = NULL;
	struct tw_arena arena;
	struct tw_error error;
	int status = 1;
	tw_arena_init(&arena, ARENA_BLOCK, 0);
	bool ready = argc > 1 ? corpus_read(argv[1], &corpus) : corpus_make(&corpus, &expected);
	if (!ready || corpus.count == 0 || tw_decoder_new((struct tw_decode_limits){TW_EVENT_BYTES_MAX}, &decoder, &error) != TW_OK) {
		fprintf(stderr, "bench_decode: nothing to measure\n");
		goto out;
	}
	status = measure(&corpus, argc > 1 ? NULL : &expected, decoder, &arena) ? 0 : 1;
	if (status) {
		fprintf(stderr, "bench_decode: wrong answer\n");
	}
out:
	tw_decoder_free(decoder);
	tw_arena_fini(&arena);
	free(corpus.events);
	free(corpus.bytes);
	return status;
}
