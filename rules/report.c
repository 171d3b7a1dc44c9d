/**
 * @file report.c
 * Printing problems; see report.h.
 */
#include "rules/report.h"

#include <stdarg.h>

#include "engine/base/text.h"
#include "rules/codes.h"
#include "rules/rules.h"

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

static void hand_over(const struct tw_rule_report *report, const struct tw_rule_problem *problem)
{
	if (report->stream) {
		fprintf(report->stream, "%s: %s: %s [%s]\n", problem->where, problem->warning ? "warning" : "error", problem->text, problem->code->name);
	}
	if (report->sink) {
		report->sink->see(report->sink->context, problem);
	}
}

/* A text that was cut by its bytes may end inside a character: such a part goes. Everything that is reported came from valid UTF-8. */
static void whole_characters(char *text)
{
	size_t length = strlen(text);
	uint32_t at;
	while (!tw_utf8_valid((struct tw_slice){text, (uint32_t)length}, &at)) {
		memmove(text + at, text + at + 1, length - at);
		length--;
	}
}

static void place(const struct tw_rule_report *report, struct tw_mark at, struct tw_rule_problem *problem)
{
	int length = at.line ? snprintf(problem->where, sizeof(problem->where), "%s:%u:%u", report->file, at.line, at.column)
	                     : snprintf(problem->where, sizeof(problem->where), "%s", report->file);
	if (length < 0) {
		problem->where[0] = '\0';
	}
	problem->file = report->file;
	problem->line = at.line;
	problem->column = at.column;
}

void tw_report_error(struct tw_rule_report *report, struct tw_mark at, enum tw_code code, const char *format, ...)
{
	struct tw_rule_problem problem = {.warning = false, .code = tw_rule_code_of(format, code)};
	va_list arguments;
	place(report, at, &problem);
	va_start(arguments, format);
	vsnprintf(problem.text, sizeof(problem.text), format, arguments);
	va_end(arguments);
	whole_characters(problem.text);
	hand_over(report, &problem);
	if (report->errors++ == 0) {
		report->code = tw_fail(report->err, code, TW_REJECT, summary(code), problem.where, "%s", problem.text);
	}
}

void tw_report_warning(struct tw_rule_report *report, struct tw_mark at, const char *format, ...)
{
	struct tw_rule_problem problem = {.warning = true, .code = tw_rule_code_of(format, TW_OK)};
	va_list arguments;
	place(report, at, &problem);
	va_start(arguments, format);
	vsnprintf(problem.text, sizeof(problem.text), format, arguments);
	va_end(arguments);
	whole_characters(problem.text);
	hand_over(report, &problem);
}
