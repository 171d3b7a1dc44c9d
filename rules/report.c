/**
 * @file report.c
 * Printing problems, and guessing what an author meant; see report.h.
 * Source: optimal string alignment distance, Damerau 1964 and Wagner & Fischer 1974.
 */
#include "rules/report.h"

#include <stdarg.h>

#include "rules/rules.h"

#define NAME_MAX 64U

static const char *summary(enum tw_code code)
{
	switch (code) {
	case TW_E_SYNTAX:
		return "a rule file is not well formed";
	case TW_E_TYPE:
		return "a rule states a value of the wrong type";
	case TW_E_MISSING:
		return "a rule lacks something that it needs";
	case TW_E_UNKNOWN:
		return "a rule uses a name that nobody knows";
	case TW_E_CONFLICT:
		return "rules contradict each other";
	case TW_E_RANGE:
		return "a rule states a value outside its domain";
	case TW_E_LIMIT:
		return "a rule passes a limit";
	case TW_E_IO:
		return "a rule file cannot be read";
	case TW_E_MEMORY:
		return "no memory to load rules";
	case TW_OK:
	case TW_E_AUTH:
	case TW_E_STALE:
	case TW_E_CORRUPT:
		break;
	}
	return "a rule cannot be used";
}

static void print(const struct tw_rule_report *report, const struct tw_rule_problem *problem)
{
	if (report->stream) {
		fprintf(report->stream, "%s: %s: %s\n", problem->where, problem->warning ? "warning" : "error", problem->text);
	}
}

static void place(const struct tw_rule_report *report, struct tw_mark at, struct tw_rule_problem *problem)
{
	int length = at.line ? snprintf(problem->where, sizeof(problem->where), "%s:%u:%u", report->file, at.line, at.column)
	                     : snprintf(problem->where, sizeof(problem->where), "%s", report->file);
	if (length < 0) {
		problem->where[0] = '\0';
	}
}

void tw_report_error(struct tw_rule_report *report, struct tw_mark at, enum tw_code code, const char *format, ...)
{
	struct tw_rule_problem problem = {.warning = false};
	va_list arguments;
	place(report, at, &problem);
	va_start(arguments, format);
	vsnprintf(problem.text, sizeof(problem.text), format, arguments);
	va_end(arguments);
	print(report, &problem);
	if (report->errors++ == 0) {
		report->code = tw_fail(report->err, code, TW_REJECT, summary(code), problem.where, "%s", problem.text);
	}
}

void tw_report_warning(struct tw_rule_report *report, struct tw_mark at, const char *format, ...)
{
	struct tw_rule_problem problem = {.warning = true};
	va_list arguments;
	place(report, at, &problem);
	va_start(arguments, format);
	vsnprintf(problem.text, sizeof(problem.text), format, arguments);
	va_end(arguments);
	print(report, &problem);
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

uint32_t tw_edit_distance(struct tw_slice a, struct tw_slice b)
{
	uint32_t rows[3][NAME_MAX + 1];
	if (a.len > NAME_MAX || b.len > NAME_MAX) {
		return UINT32_MAX;
	}
	uint32_t *before = rows[0], *last = rows[1], *now = rows[2];
	for (uint32_t j = 0; j <= b.len; j++) {
		last[j] = j;
		before[j] = 0;
	}
	for (uint32_t i = 1; i <= a.len; i++) {
		now[0] = i;
		for (uint32_t j = 1; j <= b.len; j++) {
			uint32_t replaced = last[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);
			now[j] = least(least(last[j], now[j - 1]) + 1, replaced);
			if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1]) {
				now[j] = least(now[j], before[j - 2] + 1);
			}
		}
		uint32_t *spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[b.len];
}

struct tw_nearest tw_nearest_to(struct tw_slice wanted)
{
	return (struct tw_nearest){.wanted = wanted, .distance = UINT32_MAX};
}

void tw_nearest_offer(struct tw_nearest *nearest, const char *name)
{
	uint32_t distance = tw_edit_distance(nearest->wanted, tw_slice_str(name));
	if (distance < nearest->distance) {
		nearest->distance = distance;
		nearest->best = name;
	}
}

void tw_nearest_offer_all(struct tw_nearest *nearest, const char *const *names)
{
	for (; *names; names++) {
		tw_nearest_offer(nearest, *names);
	}
}

const char *tw_nearest_hint(const struct tw_nearest *nearest, char buffer[TW_HINT_BYTES])
{
	/* a typing slip touches a letter or two; a third of a long word may be a forgotten ending */
	uint32_t allowed = nearest->wanted.len / 3 > 2 ? nearest->wanted.len / 3 : 2;
	buffer[0] = '\0';
	if (nearest->best && nearest->distance <= allowed && nearest->distance < nearest->wanted.len) {
		snprintf(buffer, TW_HINT_BYTES, "; did you mean \"%s\"?", nearest->best);
	}
	return buffer;
}
