/**
 * @file bench_markings.c
 * What a register of lost, stolen and destroyed marks costs to read, to map once it is compiled, and to hold, and how long a consignment of 1,000
 * serials takes to be asked of it.
 *
 * usage: bench_markings [ROWS]     5,000,000 when not said; the rows are made here, of fictional makers. Checks every answer: half of the serials
 * that are asked are in the register. A consignment is asked once, so its places in the table are not in the processor's caches yet.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "feeds/marking_file.h"
#include "feeds/marking_list.h"

#define ROWS_DEFAULT 5000000UL
#define ROWS_MAX     15000000UL
#define MAKERS       50UL
#define ROW_BYTES    64U
#define CONSIGNMENTS 200U
#define SERIALS      1000U

/* Of the processor: other work on the machine counts for nothing but the cache that it takes. */
static double now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void fail(const char *what)
{
	fprintf(stderr, "bench_markings: %s\n", what);
	exit(1);
}

/* Even numbers are on record; one maker in MAKERS is not stated, so that each mark is asked for twice. */
static char *rows_make(unsigned long rows, uint32_t *length)
{
	static const char *const status[] = {"lost", "stolen", "destroyed"};
	size_t room = 128 + rows * ROW_BYTES;
	char *text = malloc(room);
	if (!text) {
		fail("no memory for the rows");
	}
	size_t at = (size_t)snprintf(text, room, "serial,maker,model,calibre,country,status,reported_on,reference\n");
	for (unsigned long i = 0; i < rows; i++) {
		at += (size_t)snprintf(text + at, room - at, "AB %08lu,%s%.0lu,,,,%s,2025-%02lu-01,\n", 2 * i, i % MAKERS ? "Maker " : "", i % MAKERS,
		                       status[i % 3], 1 + i % 12);
	}
	*length = (uint32_t)at;
	return text;
}

static double consignment_ask(const struct tw_marking_list *list, unsigned long rows, uint64_t *dice, struct tw_arena *arena)
{
	static char serial[SERIALS][24], maker[SERIALS][24];
	static bool there[SERIALS];
	uint32_t found = 0, wanted = 0;
	for (uint32_t i = 0; i < SERIALS; i++) {
		*dice = *dice * 6364136223846793005U + 1442695040888963407U;
		unsigned long row = (unsigned long)(*dice >> 33) % rows;
		there[i] = *dice >> 20 & 1;
		snprintf(serial[i], sizeof(serial[i]), "ab-%08lu", 2 * row + !there[i]);
		snprintf(maker[i], sizeof(maker[i]), row % MAKERS ? "MAKER %lu" : "Whoever%.0lu", row % MAKERS);
	}
	double begun = now_us();
	for (uint32_t i = 0; i < SERIALS; i++) {
		struct tw_marking_notice notice;
		bool hit = tw_marking_list_find_mark(list, tw_slice_str(maker[i]), tw_slice_str(serial[i]), INT32_MAX, arena, &notice);
		found += hit == there[i];
		wanted++;
	}
	double spent = now_us() - begun;
	if (found != wanted) {
		fail("a mark that is there was not found, or one that is not was");
	}
	return spent;
}

/* Compiled to a file and mapped from it: the list that is asked from here on. */
static struct tw_marking_list *mapped(struct tw_marking_list *list, double *spent)
{
	char path[] = "/tmp/bench-markings-XXXXXX";
	struct tw_marking_list *out = NULL;
	struct tw_error err;
	int file = mkstemp(path);
	if (file < 0 || close(file) != 0 || tw_marking_file_write(path, list, &err) != TW_OK) {
		fail("the compiled list cannot be written");
	}
	tw_marking_list_free(list);
	double begun = now_us();
	if (tw_marking_file_open(path, &out, &err) != TW_OK) {
		fail(err.what);
	}
	*spent = now_us() - begun;
	unlink(path);
	return out;
}

static int by_value(const void *left, const void *right)
{
	const double *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

int main(int argc, char **argv)
{
	static double spent[CONSIGNMENTS], mapped_spent[CONSIGNMENTS];
	unsigned long rows = argc > 1 ? strtoul(argv[1], NULL, 10) : ROWS_DEFAULT;
	struct tw_marking_list *list = NULL;
	struct tw_arena arena;
	struct tw_error err;
	uint32_t length = 0;
	uint64_t dice = 7;
	if (rows < 1 || rows > ROWS_MAX) {
		fail("ROWS is 1 to 15000000");
	}
	char *text = rows_make(rows, &length);
	double begun = now_us();
	if (tw_marking_list_read("made.csv", (struct tw_slice){text, length}, NULL, &list, &err) != TW_OK) {
		fail(err.what);
	}
	double read = now_us() - begun;
	free(text);
	tw_arena_init(&arena, 65536, 0);
	for (uint32_t i = 0; i < CONSIGNMENTS; i++) {
		spent[i] = consignment_ask(list, rows, &dice, &arena);
	}
	qsort(spent, CONSIGNMENTS, sizeof(*spent), by_value);
	double map_us = 0;
	list = mapped(list, &map_us);
	for (uint32_t i = 0; i < CONSIGNMENTS; i++) {
		mapped_spent[i] = consignment_ask(list, rows, &dice, &arena);
	}
	qsort(mapped_spent, CONSIGNMENTS, sizeof(*mapped_spent), by_value);
	double bytes = (double)tw_marking_list_report(list)->bytes / (double)rows;
	printf("%lu marks: read in %.1f s, %.1f bytes each; a consignment of %u serials: %.0f us at the median, %.0f us at the 99th of 100\n", rows,
	       read / 1e6, bytes, SERIALS, spent[CONSIGNMENTS / 2], spent[CONSIGNMENTS * 99 / 100]);
	printf("mapped from the compiled file, checksums and all, in %.0f ms; a consignment then: %.0f us at the median\n", map_us / 1e3,
	       mapped_spent[CONSIGNMENTS / 2]);
	printf("RESULT markings.mapped_ms %.0f\n", map_us / 1e3);
	printf("RESULT markings.bytes %.1f\nRESULT markings.consignment_us %.0f\n", bytes, spent[CONSIGNMENTS / 2]);
	tw_arena_fini(&arena);
	tw_marking_list_free(list);
	return 0;
}
