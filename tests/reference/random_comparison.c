/**
 * @file random_comparison.c
 * See random_comparison.h.
 */
#include "random_comparison.h"

#include <string.h>

#include "random_event.h"
#include "rules/path.h"

#define TRIES 12U

#define KIND(kind_) (1U << TW_FIELD_##kind_)
#define NUMBERS     (KIND(AMOUNT) | KIND(COUNT))
#define TIMES       (KIND(DATE) | KIND(INSTANT))
#define TEXTUAL     (KIND(TEXT) | KIND(PLACE) | KIND(HS) | KIND(CONTAINER) | KIND(IMO))
#define VALUES      (NUMBERS | TIMES | TEXTUAL | KIND(COUNTRY) | KIND(CHOICE) | KIND(FLAG))


/* ---- paths ---- */

static void path_add(struct making_path *path, const char *name)
{
	int wrote = snprintf(path->text + path->length, sizeof(path->text) - path->length, "%s%s", path->length ? "." : "", name);
	path->length += wrote > 0 ? (uint32_t)wrote : 0;
}

static bool fits(const struct making_path *path)
{
	return path->length + 32 < sizeof(path->text);
}

/* A member of the object at hand; embedded objects on the way, never through a list. */
static const struct tw_field *descend(struct making *making, const struct tw_shape *shape, bool body, uint32_t kinds, struct making_path *path)
{
	while (fits(path)) {
		const struct tw_field *field = &shape->fields[dice_below(making->dice, shape->field_count)];
		if (body && tw_envelope_member(tw_slice_str(field->name))) {
			return NULL;
		}
		body = false;
		if (field->kind != TW_FIELD_OBJECT && !(kinds & 1U << field->kind)) {
			return NULL;
		}
		path_add(path, field->name);
		if (field->kind != TW_FIELD_OBJECT) {
			return field;
		}
		shape = field->shape;
	}
	return NULL;
}

const struct tw_field *making_member(struct making *making, const struct tw_shape *shape, uint32_t kinds, struct making_path *out)
{
	for (uint32_t i = 0; i < TRIES; i++) {
		struct making_path path = *out;
		const struct tw_field *field = descend(making, shape, false, kinds, &path);
		if (field) {
			*out = path;
			return field;
		}
	}
	return NULL;
}

/* A bound name hides a member of the body that is called the same; points see all that is bound anywhere. */
static bool hidden(const struct making *making, const char *path)
{
	for (uint32_t i = 0; i < making->bound_count; i++) {
		size_t length = strlen(making->bound[i]->name);
		if (strncmp(path, making->bound[i]->name, length) == 0 && (path[length] == '.' || path[length] == '\0')) {
			return true;
		}
	}
	return false;
}

const struct tw_field *making_field(struct making *making, uint32_t kinds, struct making_path *out)
{
	for (uint32_t i = 0; i < TRIES; i++) {
		struct making_path path = {.length = 0};
		/* mostly the innermost element, sometimes one around it, sometimes the event */
		uint32_t up = dice_below(making->dice, 5) < 3 ? 1 : 1 + dice_below(making->dice, MAKING_SCOPES_MAX);
		const struct tw_shape *scope = up <= making->scope_count ? making->scope[making->scope_count - up] : NULL;
		struct tw_body body = tw_body_of(making->family);
		if (scope) {
			path_add(&path, scope->name);
		}
		const struct tw_field *field = descend(making, scope ? scope : body.shape, !scope && !body.offset, kinds, &path);
		if (field && (scope || !hidden(making, path.text))) {
			*out = path;
			return field;
		}
	}
	return NULL;
}

/* ---- values on the right ---- */

static void scalar(struct making *making, const struct tw_field *field)
{
	bool bare = NUMBERS & 1U << field->kind || field->kind == TW_FIELD_FLAG;
	if (NUMBERS & 1U << field->kind && dice_once_in(making->dice, 10)) {
		fputs("$one", making->out); /* a set of one stands for its value */
		return;
	}
	/* what an event may state and a rule may not ask for */
	static const char *const lands[] = {"XA", "XB", "US"}, *const ports[] = {"XAAAA", "XBBBB", "xb bbb", "XAAAB"};
	const char *value = random_value(making->dice, field);
	if (field->kind == TW_FIELD_COUNTRY) {
		value = lands[dice_below(making->dice, 3)];
	} else if (field->kind == TW_FIELD_PLACE) {
		value = ports[dice_below(making->dice, 4)];
	}
	fprintf(making->out, bare ? "%s" : "'%s'", value);
}

static const char *const beginnings_of_places[] = {"X", "XA", "XB B", "XAAAA", "xc"};

static void beginning(struct making *making, const struct tw_field *field)
{
	if (field->kind == TW_FIELD_PLACE) {
		fprintf(making->out, "'%s'", beginnings_of_places[dice_below(making->dice, 5)]);
	} else {
		scalar(making, field);
	}
}

static void list(struct making *making, const struct tw_field *field, void (*one)(struct making *, const struct tw_field *))
{
	uint32_t count = 1 + dice_below(making->dice, 3);
	fputc('[', making->out);
	if (field->kind == TW_FIELD_COUNTRY && dice_once_in(making->dice, 4)) {
		fputs("$lands, ", making->out);
	} else if (field->kind == TW_FIELD_HS && dice_once_in(making->dice, 4)) {
		fputs("$heads, ", making->out);
	}
	for (uint32_t i = 0; i < count; i++) {
		fputs(i ? ", " : "", making->out);
		one(making, field);
	}
	fputc(']', making->out);
}

static void between(struct making *making, const struct tw_field *field)
{
	const char *const *values = random_values(field->kind == TW_FIELD_INSTANT ? TW_FIELD_DATE : field->kind);
	uint32_t count = 0;
	while (values[count]) {
		count++;
	}
	uint32_t low = dice_below(making->dice, count), high = low + dice_below(making->dice, count - low);
	fprintf(making->out, "[%s, %s]", values[low], values[high]);
}

static const char *const words_asked[] = {"rifle",    "gun part", "wine barrel", "barrel", "acme co",  "$arms",       "步枪",      "machine gun",
                                          "спускной", "gun*",     "al",          "7 62",   "glock 17", "kalashnikov", "revolver*", "ammunition"};

static void words(struct making *making)
{
	uint32_t count = 1 + dice_below(making->dice, 3);
	fputc('[', making->out);
	for (uint32_t i = 0; i < count; i++) {
		const char *word = words_asked[dice_below(making->dice, sizeof(words_asked) / sizeof(words_asked[0]))];
		fprintf(making->out, word[0] == '$' ? "%s%s" : "%s'%s'", i ? ", " : "", word);
	}
	fputc(']', making->out);
}

void making_patterns(struct making *making)
{
	static const char *const asked[] = {"\\brifles?\\b",
	                                    "gun[- ]?parts?",
	                                    "^acme",
	                                    "barr(e|o)l",
	                                    "пулем(е|ё)т",
	                                    "(wine|gun) barrel",
	                                    "\\d+ ?x ?\\d+",
	                                    "[a-c]{2,4}",
	                                    "x(?=a)",
	                                    "(ab)?c?o",
	                                    "s(p|q)are|7[.]62",
	                                    "guns?;",
	                                    "(?<!wine )barrel",
	                                    "^.{1,6}$",
	                                    "(al[- ]){1,2}salaam|[x-z]a",
	                                    "\\bak-?47\\b",
	                                    "7[.,]62x39|d\\Warmes?",
	                                    "步枪"};
	uint32_t count = dice_below(making->dice, 3);
	if (dice_once_in(making->dice, 6)) {
		fputs("$patterns", making->out);
		return;
	}
	fputs(count ? "[" : "", making->out);
	for (uint32_t i = 0; i <= count; i++) {
		fprintf(making->out, "%s'%s'", i ? ", " : "", asked[dice_below(making->dice, sizeof(asked) / sizeof(asked[0]))]);
	}
	fputs(count ? "]" : "", making->out);
}

static bool right_field(struct making *making, uint32_t kinds)
{
	struct making_path path = {.length = 0};
	if (!making_field(making, kinds, &path)) {
		return false;
	}
	fprintf(making->out, "{field: %s", path.text);
	return true;
}

static void sum_path(struct making *making, struct making_path *path)
{
	const struct tw_field *over = making_field(making, KIND(OBJECTS), path);
	if (!over || !making_member(making, over->shape, NUMBERS, path)) {
		path->length = 0;
	}
}

static void ratio_part(struct making *making, const char *name)
{
	struct making_path path = {.length = 0};
	fprintf(making->out, "%s: ", name);
	if (dice_once_in(making->dice, 4)) {
		sum_path(making, &path);
	}
	if (path.length) {
		fprintf(making->out, "{sum: %s}", path.text);
	} else if (dice_once_in(making->dice, 3)) {
		fputs("{", making->out);
		making_history(making, MAKING_ANSWER_NUMBERS);
		fputs("}", making->out);
	} else if (making_field(making, NUMBERS, &path)) {
		fputs(path.text, making->out);
	} else {
		fputs("{history: {of: self, metric: ", making->out);
		fputs(making->family == TW_FAMILY_CERTIFICATE ? "offices"
		      : making->family == TW_FAMILY_MARKING   ? "marking_consignments"
		                                              : "revisions",
		      making->out);
		fputs("}}", making->out);
	}
}

static void ratio(struct making *making)
{
	fputs("ratio: {", making->out);
	ratio_part(making, "of");
	fputs(", ", making->out);
	ratio_part(making, "per");
	fputc('}', making->out);
}

/* A number of any origin, without its braces. */
static void number(struct making *making)
{
	struct making_path path = {.length = 0};
	uint32_t which = dice_below(making->dice, 4);
	if (which == 1) {
		sum_path(making, &path);
	}
	if (path.length) {
		fprintf(making->out, "sum: %s", path.text);
	} else if (which == 2) {
		ratio(making);
	} else if (which == 0 && making_field(making, NUMBERS, &path)) {
		fprintf(making->out, "field: %s", path.text);
	} else {
		making_history(making, MAKING_ANSWER_NUMBERS);
	}
}

void making_number(struct making *making)
{
	fputc('{', making->out);
	number(making);
	fputc('}', making->out);
}

static void right_time(struct making *making)
{
	if (dice_below(making->dice, 2) || !right_field(making, TIMES)) {
		fputs("{event: day", making->out);
	}
	if (dice_below(making->dice, 2)) {
		fprintf(making->out, ", plus_days: %d", (int)dice_below(making->dice, 5) - 2);
	}
	fputc('}', making->out);
}

/* ---- comparators ---- */

static const char *const number_words[] = {"is", "is_not", "above", "below", "at_least", "at_most"};
static const char *const time_words[] = {"is", "is_not", "before", "after", "on_or_before", "on_or_after"};

static void stated(struct making *making)
{
	fprintf(making->out, "stated: %s", dice_below(making->dice, 2) ? "false" : "true");
}

static void compare_number(struct making *making, const struct tw_field *field)
{
	uint32_t which = dice_below(making->dice, 11);
	if (which < 6) {
		fprintf(making->out, "%s: ", number_words[which]);
		if (dice_below(making->dice, 2)) {
			scalar(making, field);
		} else {
			making_number(making);
		}
	} else if (which == 6) {
		fputs("between: ", making->out);
		between(making, field);
	} else if (which < 9) {
		fprintf(making->out, which == 7 ? "in: " : "not_in: ");
		list(making, field, scalar);
	} else {
		stated(making);
	}
}

static void within(struct making *making)
{
	fprintf(making->out, "within: {days: %u, of: ", dice_below(making->dice, 4));
	right_time(making);
	fputc('}', making->out);
}

static void compare_time(struct making *making, const struct tw_field *field)
{
	uint32_t which = dice_below(making->dice, 10);
	if (which < 6) {
		fprintf(making->out, "%s: ", time_words[which]);
		if (dice_below(making->dice, 2)) {
			scalar(making, field);
		} else {
			right_time(making);
		}
	} else if (which == 6) {
		fputs("between: ", making->out);
		between(making, field);
	} else if (which < 9) {
		within(making);
	} else {
		stated(making);
	}
}

static void compare_flag(struct making *making)
{
	if (dice_once_in(making->dice, 3)) {
		fputs("is: ", making->out);
		if (right_field(making, KIND(FLAG))) {
			fputc('}', making->out);
		} else {
			fputs("false", making->out);
		}
	} else if (dice_once_in(making->dice, 3)) {
		stated(making);
	} else {
		fprintf(making->out, "%s: %s", dice_below(making->dice, 2) ? "is" : "is_not", dice_below(making->dice, 2) ? "true" : "false");
	}
}

static void near(struct making *making)
{
	fputs("near: {a: ", making->out);
	words(making);
	fputs(", b: ", making->out);
	words(making);
	fprintf(making->out, ", within: %u}", 1 + dice_below(making->dice, 20));
}

void making_words_test(struct making *making)
{
	if (dice_below(making->dice, 2)) {
		fputs("words: ", making->out);
		words(making);
	} else {
		near(making);
	}
	if (dice_once_in(making->dice, 3)) {
		fputs(", except: ", making->out);
		words(making);
	}
	if (dice_below(making->dice, 2)) {
		fputs(dice_once_in(making->dice, 8) ? ", spelling: plain" : ", spelling: disguised", making->out);
	}
}

/* is, in, same_as and their denials; a list of texts takes no denial. */
static void compare_code(struct making *making, const struct tw_field *field)
{
	static const char *const heads[] = {"is", "in", "same_as", "is_not", "not_in", "differs_from"};
	bool country = field->kind == TW_FIELD_COUNTRY, place = field->kind == TW_FIELD_PLACE || field->kind == TW_FIELD_TEXT;
	uint32_t which = dice_below(making->dice, field->kind == TW_FIELD_TEXTS ? 3 : 6);
	uint32_t kinds = country ? KIND(COUNTRY) | KIND(PLACE) | KIND(TEXT) : place ? TEXTUAL | KIND(COUNTRY) : TEXTUAL;
	struct making_path right = {.length = 0};
	if (which % 3 == 2 && (field->kind == TW_FIELD_CHOICE || !making_field(making, kinds, &right))) {
		which -= 2;
	}
	fprintf(making->out, "%s: ", heads[which]);
	if (which % 3 == 0) {
		scalar(making, field);
	} else if (which % 3 == 1) {
		list(making, field, scalar);
	} else {
		fprintf(making->out, "{field: %s}", right.text);
	}
}

static void compare_text(struct making *making, const struct tw_field *field)
{
	bool texts = field->kind == TW_FIELD_TEXTS;
	switch (dice_below(making->dice, 9)) {
	case 0:
	case 1:
	case 2:
		compare_code(making, field);
		break;
	case 3:
		fputs("starts: ", making->out);
		list(making, field, beginning);
		break;
	case 4:
	case 5:
		fputs(!texts && dice_once_in(making->dice, 4) ? "not_matches: " : "matches: ", making->out);
		making_patterns(making);
		break;
	case 6:
	case 7:
		making_words_test(making);
		break;
	default:
		stated(making);
		break;
	}
}

void making_comparator(struct making *making, const struct tw_field *field)
{
	uint32_t kind = 1U << field->kind;
	if (kind & NUMBERS) {
		compare_number(making, field);
	} else if (kind & TIMES) {
		compare_time(making, field);
	} else if (kind & KIND(FLAG)) {
		compare_flag(making);
	} else if (kind & (KIND(COUNTRY) | KIND(CHOICE))) {
		if (dice_once_in(making->dice, 6)) {
			stated(making);
		} else {
			compare_code(making, field);
		}
	} else {
		compare_text(making, field);
	}
}

void making_count_comparator(struct making *making)
{
	static const struct tw_field field = {.name = "count", .kind = TW_FIELD_COUNT};
	compare_number(making, &field);
}

/* @return false: nothing here has a code of goods, and nothing was written */
static bool band(struct making *making)
{
	struct making_path path = {.length = 0};
	if (!making_field(making, KIND(HS), &path)) {
		return false;
	}
	fprintf(making->out, "%s: {band: each, by: %s}", dice_once_in(making->dice, 2) ? "inside" : "outside", path.text);
	return true;
}

/* Of an element that has a code of goods: the code, or an amount of it against its band. @return false: none is in sight, nothing was written */
static bool goods(struct making *making)
{
	for (uint32_t i = making->scope_count; i--;) {
		struct making_path code = {.length = 0}, amount = {.length = 0};
		path_add(&code, making->scope[i]->name);
		path_add(&amount, making->scope[i]->name);
		if (!making_member(making, making->scope[i], KIND(HS), &code)) {
			continue;
		}
		if (dice_once_in(making->dice, 3) || !making_member(making, making->scope[i], KIND(AMOUNT), &amount)) {
			fprintf(making->out, "field: %s, %s: [$heads, '9303']", code.text, dice_once_in(making->dice, 4) ? "not_in" : "starts");
		} else {
			fprintf(making->out, "field: %s, %s: {band: each, by: %s}", amount.text, dice_once_in(making->dice, 2) ? "inside" : "outside",
			        code.text);
		}
		return true;
	}
	return false;
}

void making_comparison(struct making *making)
{
	static const struct tw_field amount = {.name = "amount", .kind = TW_FIELD_AMOUNT}, source = {.name = "source", .kind = TW_FIELD_TEXT};
	struct making_path path = {.length = 0};
	const struct tw_field *field;
	if (dice_once_in(making->dice, 10) && making_earlier(making)) {
		return;
	}
	fputc('{', making->out);
	if (dice_once_in(making->dice, 5) && goods(making)) {
		fputc('}', making->out);
		return;
	}
	switch (dice_below(making->dice, 9)) {
	case 5:
		making_past(making);
		break;
	case 6:
		sum_path(making, &path);
		if (path.length) {
			fprintf(making->out, "sum: %s, above: %u", path.text, dice_below(making->dice, 20));
			break;
		}
		/* fall through */
	case 7:
		ratio(making);
		fputs(", ", making->out);
		if (!dice_once_in(making->dice, 2) || !band(making)) {
			compare_number(making, &amount);
		}
		break;
	case 8:
		field = making_field(making, KIND(AMOUNT), &path);
		fprintf(making->out, "field: %s, ", field ? path.text : "event.source");
		if (!field || !band(making)) {
			making_comparator(making, field ? field : &source);
		}
		break;
	default:
		field = making_field(making, VALUES | KIND(TEXTS), &path);
		fprintf(making->out, "field: %s, ", field ? path.text : "event.source");
		making_comparator(making, field ? field : &source);
		break;
	}
	fputc('}', making->out);
}
