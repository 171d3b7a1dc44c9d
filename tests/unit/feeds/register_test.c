/**
 * @file register_test.c
 * feeds/register: a load stops at the first fault, a lint tells all of them with their places; codes are stable.
 */
#include "feeds/register.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "engine/base/arena.h"

static char told[1024];

static void tell(void *context, const struct tw_register_fault *fault)
{
	size_t used = strlen(told);
	(void)context;
	snprintf(told + used, sizeof(told) - used, "%u:%u %s;", fault->line, fault->column, tw_register_code(fault));
}

/* Every "x" is a fault, every "y" something to look at. @return rows */
static uint32_t read_all(const char *text, const struct tw_register_sink *sink, struct tw_error *err, enum tw_code *code)
{
	static const char *const names[] = {"a", "b"};
	struct tw_arena arena;
	struct tw_csv csv;
	struct tw_register reading = {.csv = &csv, .sink = sink};
	uint32_t rows = 0;
	told[0] = '\0';
	tw_arena_init(&arena, 4096, 0);
	tw_csv_init(&csv, "rows.csv", tw_slice_str(text), &arena);
	enum tw_code next = tw_register_header(&reading, names, 2);
	while (next == TW_OK && (next = tw_register_next(&reading)) == TW_OK && csv.count) {
		rows++;
		for (uint32_t i = 0; i < csv.count; i++) {
			if (tw_slice_is(csv.field[i], "x")) {
				tw_register_fault(&reading, TW_E_SYNTAX, "not a day (YYYY-MM-DD)", i);
			} else if (tw_slice_is(csv.field[i], "y")) {
				tw_register_warn(&reading, "a row without a serial", i);
			}
		}
	}
	*code = tw_register_end(&reading, err);
	tw_arena_fini(&arena);
	return rows;
}

static const struct tw_register_sink sink = {tell, NULL};

Test(register, a_load_stops_at_the_first_fault)
{
	struct tw_error err = {.code = TW_OK};
	enum tw_code code;
	cr_expect_eq(read_all("a,b\n1,2\n1,x\nx,2\n", NULL, &err, &code), 2);
	cr_expect_eq(code, TW_E_SYNTAX);
	cr_expect_str_eq(err.where, "rows.csv:3:3");
	cr_expect_str_eq(err.detail, "\"x\"");
	cr_expect_eq(read_all("a,b\n1,y\n", NULL, &err, &code), 1);
	cr_expect_eq(code, TW_OK, "a warning is no fault");
}

Test(register, a_lint_tells_all_of_them)
{
	struct tw_error err = {.code = TW_OK};
	enum tw_code code;
	cr_expect_eq(read_all("a,b\nx,x\n1\ny,2\n\"\xc3\xa9\n,\",x\n1,2,3\n1,2\n", &sink, &err, &code), 4);
	cr_expect_str_eq(told, "2:1 TW-G-0200;2:3 TW-G-0200;3:0 TW-G-0104;4:1 TW-G-0801;6:4 TW-G-0200;7:0 TW-G-0104;");
	cr_expect_str_eq(err.where, "rows.csv:2:1");
	read_all("a,c\n1,2\n", &sink, &err, &code);
	cr_expect_str_eq(told, "1:0 TW-G-0101;");
	read_all("a,b\n1,2\n1,\"2\n", &sink, &err, &code);
	cr_expect_str_eq(told, "3:0 TW-G-0106;");
	read_all("\xef\xbb\xbf"
	         "a,b\n1,2\n",
	         &sink, &err, &code);
	cr_expect_str_eq(told, "");
	read_all("", &sink, &err, &code);
	cr_expect_eq(code, TW_E_MISSING);
}

Test(register, every_code_stands_once)
{
	const char *code, *what, *before = "";
	uint32_t count = 0;
	for (; tw_register_code_at(count, &code, &what); count++) {
		cr_expect_lt(strcmp(before, code), 0, "%s", code);
		cr_expect(what && what[0]);
		before = code;
	}
	cr_expect_gt(count, 30);
	const struct tw_register_fault unknown = {.code = TW_E_CONFLICT, .what = "whatever else"};
	cr_expect_str_eq(tw_register_code(&unknown), "TW-G-0500");
}
