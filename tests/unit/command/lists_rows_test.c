/**
 * @file lists_rows_test.c
 * engine/run/lists_rows: rows of CSV and of JSON lines, and what one broken row costs.
 */
#include "engine/command/lists_rows.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/arena.h"

static enum tw_code rows_open(const char *bytes, size_t size, struct tw_rows *rows)
{
	char path[] = "/tmp/tw-rows-XXXXXX";
	struct tw_error err;
	int fd = mkstemp(path);
	cr_assert(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	close(fd);
	enum tw_code code = tw_rows_open(rows, path, &err);
	unlink(path);
	return code;
}

/* "2:Ada|3!|..." : line, then the name or that it was not read. */
static void assert_rows(const char *bytes, const char *wanted)
{
	struct tw_rows rows;
	struct tw_row row;
	struct tw_arena arena;
	struct tw_error err;
	char text[512] = "";
	bool found = true;
	tw_arena_init(&arena, 65536, 0);
	cr_assert_eq(rows_open(bytes, strlen(bytes), &rows), TW_OK);
	while (tw_rows_next(&rows, &arena, &row, &found, &err) == TW_OK && found) {
		size_t used = strlen(text);
		snprintf(text + used, sizeof(text) - used, "%lu%s%.*s|", (unsigned long)row.line, row.read ? ":" : "!",
		         (int)row.text[TW_ROW_NAME].len, row.read ? row.text[TW_ROW_NAME].ptr : "");
	}
	cr_assert_str_eq(text, wanted);
	tw_rows_close(&rows);
	tw_arena_fini(&arena);
}

Test(lists_rows, reads_csv_by_its_header_in_any_order_and_with_any_usual_separator)
{
	assert_rows("name\nAda\nBo\n", "2:Ada|3:Bo|");
	assert_rows("\xEF\xBB\xBFid;NAME\r\n1; Ada \r\n\r\n2;\"Bo; Reed\"", "2:Ada|4:Bo; Reed|");
	assert_rows("kind\tname\tx\nperson\tAda\t1\n", "2:Ada|");
}

Test(lists_rows, reads_json_lines)
{
	assert_rows("\n{\"name\":\"Ada\"}\n\n{\"name\":\"Bo\"}", "2:Ada|4:Bo|");
	assert_rows("{\"name\":\"Ada\"}\nx\n{\"name\":\"Bo\"}\n", "1:Ada|2!|3:Bo|");
}

Test(lists_rows, gives_up_one_row_for_one_broken_row)
{
	assert_rows("name,id\nAda\nBo,2\n", "2!|3:Bo|");
	assert_rows("name,id\n\"Ada,1\nBo,2\n", "2!|3:Bo|");
	assert_rows("name,id\n\"Ada,1\nBo,2\n\"Cy\nMoor\",3\nDi,4\n", "2!|3:Bo|4:Cy\nMoor|6:Di|");
	assert_rows("name\n\xFF\nBo\n", "2!|3:Bo|");
}

Test(lists_rows, passes_over_a_row_that_is_far_too_long)
{
	size_t size = 400000;
	char *bytes = malloc(size + 32);
	cr_assert(bytes);
	memcpy(bytes, "name\n", 5);
	memset(bytes + 5, 'x', size);
	snprintf(bytes + 5 + size, 16, "\nBo\n");
	assert_rows(bytes, "2!|3:Bo|");
	free(bytes);
}

Test(lists_rows, refuses_a_file_without_rows_or_names)
{
	struct tw_rows rows;
	struct tw_error err;
	cr_assert_eq(rows_open("", 0, &rows), TW_E_MISSING);
	tw_rows_close(&rows);
	cr_assert_eq(rows_open(" \n\n", 3, &rows), TW_E_MISSING);
	tw_rows_close(&rows);
	cr_assert_eq(rows_open("a,b\n1,2\n", 8, &rows), TW_E_MISSING);
	tw_rows_close(&rows);
	cr_assert_eq(tw_rows_open(&rows, "/tmp/tw-no-such-rows", &err), TW_E_MISSING);
	tw_rows_close(&rows);
}
