/**
 * @file queries.c
 * See queries.h.
 */
#include "bench/quality/queries.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/file.h"

#define QUERIES_BYTES_MAX (256U << 20)

static const char *const kinds[] = {"unknown", "person", "organisation", "vessel", "aircraft"};

void quality_fail(const struct tw_error *err)
{
	char text[1024];
	fprintf(stderr, "quality: %s\n", tw_error_text(err, text, sizeof(text)));
	exit(1);
}

void quality_open(struct queries *queries, const char *path, const char *const *header, uint32_t columns)
{
	struct tw_slice bytes;
	struct tw_error err;
	tw_arena_init(&queries->text, 1 << 20, 0);
	if (tw_file_read(path, QUERIES_BYTES_MAX, &queries->text, &bytes, &err) != TW_OK) {
		quality_fail(&err);
	}
	tw_csv_init(&queries->csv, path, bytes, &queries->text);
	if (tw_csv_header(&queries->csv, header, columns, &err) != TW_OK) {
		quality_fail(&err);
	}
}

void quality_open_queries(struct queries *queries, const char *path)
{
	static const char *const header[QUERY_COLUMNS] = {"number", "kind", "expected", "query"};
	quality_open(queries, path, header, QUERY_COLUMNS);
}

bool quality_next(struct queries *queries)
{
	struct tw_error err;
	if (tw_csv_next(&queries->csv, &err) != TW_OK) {
		quality_fail(&err);
	}
	return queries->csv.count != 0;
}

void quality_close(struct queries *queries)
{
	tw_arena_fini(&queries->text);
}

enum tw_entry_kind quality_kind(struct tw_slice word)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (tw_slice_is(word, kinds[i])) {
			return (enum tw_entry_kind)i;
		}
	}
	return TW_ENTRY_UNKNOWN;
}

const char *quality_kind_name(enum tw_entry_kind kind)
{
	return kinds[kind];
}
