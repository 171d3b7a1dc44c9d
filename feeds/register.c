/**
 * @file register.c
 * See register.h.
 */
#include "feeds/register.h"

#include <stdio.h>

/* clang-format off */
static const struct {
	const char *code, *what;
	enum tw_code kind; /* what == NULL: whatever else is of this kind */
} codes[] = {
	{"TW-G-0100", NULL, TW_E_SYNTAX},
	{"TW-G-0101", "another header than expected", TW_E_SYNTAX},
	{"TW-G-0102", "a column nobody knows", TW_E_SYNTAX},
	{"TW-G-0103", "a table without a header row", TW_E_MISSING},
	{"TW-G-0104", "a row with the wrong number of columns", TW_E_SYNTAX},
	{"TW-G-0105", "a quote inside a bare field", TW_E_SYNTAX},
	{"TW-G-0106", "a quoted field that never closes", TW_E_SYNTAX},
	{"TW-G-0107", "text after a closing quote", TW_E_SYNTAX},
	{"TW-G-0108", "no such column in the header", TW_E_MISSING},
	{"TW-G-0109", TW_CSV_NOT_UTF8, TW_E_SYNTAX},
	{"TW-G-0200", "not a day (YYYY-MM-DD)", TW_E_SYNTAX},
	{"TW-G-0201", "not a country of two letters", TW_E_TYPE},
	{"TW-G-0202", "not a number", TW_E_TYPE},
	{"TW-G-0203", "not an HS code of 2 to 10 digits", TW_E_TYPE},
	{"TW-G-0204", "a status that is none of lost, stolen, destroyed", TW_E_SYNTAX},
	{"TW-G-0205", "a period that is none of consignment, certificate, or a number of days", TW_E_TYPE},
	{"TW-G-0206", "an end of a range without a number at its end", TW_E_TYPE},
	{"TW-G-0300", NULL, TW_E_MISSING},
	{"TW-G-0301", "a specimen without its country", TW_E_MISSING},
	{"TW-G-0302", "a specimen of nobody: state a name, an authority or an office", TW_E_MISSING},
	{"TW-G-0303", "a band without its end-user", TW_E_MISSING},
	{"TW-G-0304", "a band without bounds", TW_E_MISSING},
	{"TW-G-0305", "a band without its source", TW_E_MISSING},
	{"TW-G-0306", "a range with one end", TW_E_MISSING},
	{"TW-G-0307", "a band without its unit", TW_E_MISSING},
	{"TW-G-0308", "a form of serials needs its maker, the form and where it comes from", TW_E_MISSING},
	{"TW-G-0400", NULL, TW_E_RANGE},
	{"TW-G-0401", "a specimen that ends before it begins", TW_E_RANGE},
	{"TW-G-0402", "a band that ends before it begins", TW_E_RANGE},
	{"TW-G-0403", "a band whose lower bound is above its upper one", TW_E_RANGE},
	{"TW-G-0404", "a range that ends before it begins, or whose ends are of two series", TW_E_RANGE},
	{"TW-G-0405", "a period of more days than are kept", TW_E_RANGE},
	{"TW-G-0500", NULL, TW_E_CONFLICT},
	{"TW-G-0501", "a specimen that stands twice", TW_E_CONFLICT},
	{"TW-G-0502", "a band that stands twice", TW_E_CONFLICT},
	{"TW-G-0503", "a band over days is of controlled goods, or of all in pieces or kilograms", TW_E_CONFLICT},
	{"TW-G-0504", "a row with a serial and a range", TW_E_CONFLICT},
	{"TW-G-0600", NULL, TW_E_LIMIT},
	{"TW-G-0700", NULL, TW_E_IO},
	{"TW-G-0801", "warning: a row without a serial", TW_OK},
	{"TW-G-0802", "warning: a serial of fewer than three letters and digits", TW_OK},
	{"TW-G-0803", "warning: a report that stands twice", TW_OK},
	{"TW-G-0804", "warning: its time has ended", TW_OK},
};
/* clang-format on */
#define CODES (sizeof(codes) / sizeof(codes[0]))

const char *tw_register_code(const struct tw_register_fault *fault)
{
	const char *general = codes[0].code;
	for (size_t i = 0; i < CODES; i++) {
		const char *what = codes[i].what && codes[i].kind == TW_OK ? codes[i].what + sizeof("warning: ") - 1 : codes[i].what;
		if (what && strcmp(what, fault->what) == 0) {
			return codes[i].code;
		}
		general = !what && codes[i].kind == fault->code ? codes[i].code : general;
	}
	return general;
}

bool tw_register_code_at(uint32_t at, const char **code, const char **what)
{
	if (at >= CODES) {
		return false;
	}
	*code = codes[at].code;
	*what = codes[at].what;
	if (!*what) {
		*what = codes[at].kind == TW_E_SYNTAX     ? "what is not well-formed otherwise"
		        : codes[at].kind == TW_E_MISSING  ? "something else is missing"
		        : codes[at].kind == TW_E_RANGE    ? "a value outside its domain otherwise"
		        : codes[at].kind == TW_E_CONFLICT ? "statements that cannot both hold otherwise"
		        : codes[at].kind == TW_E_LIMIT    ? "a limit is passed"
		                                          : "a file cannot be read";
	}
	return true;
}

static void tell(struct tw_register *reading, const struct tw_register_fault *fault, const struct tw_error *why)
{
	reading->faults++;
	if (reading->code == TW_OK) {
		reading->code = fault->code;
		reading->first = *why;
	}
	if (reading->sink) {
		reading->sink->say(reading->sink->context, fault);
	}
}

/* What the reader of rows says: its line stands behind the last colon of `where`. */
static enum tw_code tell_broken(struct tw_register *reading, enum tw_code code, const struct tw_error *why)
{
	const char *line = strrchr(why->where, ':');
	uint32_t number = 0;
	for (const char *at = line ? line + 1 : ""; *at >= '0' && *at <= '9' && number < 400000000; at++) {
		number = number * 10 + (uint32_t)(*at - '0');
	}
	const struct tw_register_fault fault = {.code = code, .what = why->what, .value = {"", 0}, .line = number, .detail = why->detail};
	tell(reading, &fault, why);
	return code;
}

/* A row of another width is a fault of that row alone. */
static enum tw_code width_check(struct tw_register *reading)
{
	char detail[64];
	const struct tw_csv *csv = reading->csv;
	if (csv->count == 0 || csv->count == reading->columns) {
		return TW_OK;
	}
	snprintf(detail, sizeof(detail), "%u columns, expected %u", csv->count, reading->columns);
	tw_register_fault_line(reading, TW_E_SYNTAX, "a row with the wrong number of columns", csv->field[0], csv->line, detail);
	return TW_E_SYNTAX;
}

enum tw_code tw_register_next(struct tw_register *reading)
{
	struct tw_error why = {.code = TW_OK};
	enum tw_code code;
	do {
		if (reading->faults && !reading->sink) {
			return reading->code;
		}
		code = tw_csv_next(reading->csv, &why);
		if (code != TW_OK) {
			return tell_broken(reading, code, &why);
		}
	} while (width_check(reading) != TW_OK);
	return TW_OK;
}

enum tw_code tw_register_header(struct tw_register *reading, const char *const *names, uint32_t count)
{
	struct tw_error why = {.code = TW_OK};
	enum tw_code code = tw_csv_header(reading->csv, names, count, &why);
	reading->columns = count;
	reading->csv->columns = 0; /* looked after here, so that a lint can go on */
	return code == TW_OK ? TW_OK : tell_broken(reading, code, &why);
}

bool tw_register_row_is_text(struct tw_register *reading)
{
	uint32_t column;
	if (tw_csv_row_is_utf8(reading->csv, &column)) {
		return true;
	}
	tw_register_fault(reading, TW_E_SYNTAX, TW_CSV_NOT_UTF8, column);
	return false;
}

void tw_register_fault(struct tw_register *reading, enum tw_code code, const char *what, uint32_t column)
{
	struct tw_error why = {.code = TW_OK};
	char where[TW_ERROR_WHERE_BYTES];
	struct tw_csv_place place = tw_csv_place(reading->csv, column);
	struct tw_slice value = reading->csv->field[column];
	const struct tw_register_fault fault = {code, what, value, place.line, place.column, NULL};
	snprintf(where, sizeof(where), "%.230s:%u:%u", reading->csv->name, place.line, place.column);
	tw_fail(&why, code, TW_REJECT, what, where, "\"%.*s\"", (int)(value.len < 128 ? value.len : 128), value.ptr);
	tell(reading, &fault, &why);
}

void tw_register_fault_line(struct tw_register *reading, enum tw_code code, const char *what, struct tw_slice value, uint32_t line,
                            const char *detail)
{
	struct tw_error why = {.code = TW_OK};
	char where[TW_ERROR_WHERE_BYTES];
	const struct tw_register_fault fault = {code, what, value, line, 0, detail};
	snprintf(where, sizeof(where), "%.230s:%u", reading->csv->name, line);
	tw_fail(&why, code, TW_REJECT, what, where, "%s", detail ? detail : "");
	tell(reading, &fault, &why);
}

void tw_register_warn(struct tw_register *reading, const char *what, uint32_t column)
{
	struct tw_csv_place place = tw_csv_place(reading->csv, column);
	const struct tw_register_fault fault = {TW_OK, what, reading->csv->field[column], place.line, place.column, NULL};
	if (reading->sink) {
		reading->sink->say(reading->sink->context, &fault);
	}
}

enum tw_code tw_register_end(const struct tw_register *reading, struct tw_error *err)
{
	if (reading->code != TW_OK && err) {
		*err = reading->first;
	}
	return reading->code;
}
