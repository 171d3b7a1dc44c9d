/**
 * @file reference_compare.c
 * Comparators; see reference.h.
 */
#include <string.h>

#include "engine/base/text.h"
#include "engine/base/time.h"
#include "reference.h"

static bool is_textual(enum tw_class class)
{
	return class == TW_CLASS_TEXT || class == TW_CLASS_PLACE || class == TW_CLASS_HS || class == TW_CLASS_MARK;
}

/* ---- texts and codes ---- */

#define FORM_BYTES 16U

/* The characters of a code that count, cut where they cease to. @return how many there were, at most `most` */
static uint32_t code_form(enum tw_class class, struct tw_slice text, char out[FORM_BYTES])
{
	uint32_t room = class == TW_CLASS_HS ? 10 : 5, most = class == TW_CLASS_HS ? 15 : 7, count = 0;
	memset(out, 0, FORM_BYTES);
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool digit = c >= '0' && c <= '9', upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
		if (class == TW_CLASS_HS ? !digit : c == ' ') {
			continue;
		}
		if (count < room) {
			out[count] = lower ? (char)(c - 32) : digit || upper ? c : '?';
		}
		count += count < most;
	}
	return count;
}

static bool codes_meet(enum tw_class class, struct tw_slice left, struct tw_slice right, bool beginning)
{
	char a[FORM_BYTES], b[FORM_BYTES];
	uint32_t long_a = code_form(class, left, a), long_b = code_form(class, right, b);
	return beginning ? long_a >= long_b && strncmp(a, b, strlen(b)) == 0 : long_a == long_b && strcmp(a, b) == 0;
}

static struct tw_slice form_of(const struct reference *reference, enum tw_class class, struct tw_slice text)
{
	return class == TW_CLASS_MARK ? tw_text_alnum(text, reference->arena) : tw_text_fold(text, reference->arena);
}

static bool texts_meet(const struct reference *reference, enum tw_class class, struct tw_slice left, struct tw_slice right, bool beginning)
{
	struct tw_slice a = form_of(reference, class, left), b = form_of(reference, class, right);
	if (beginning ? a.len < b.len : a.len != b.len) {
		return false;
	}
	return b.len == 0 || memcmp(a.ptr, b.ptr, b.len) == 0;
}

struct asking {
	const struct reference *reference;
	const struct reference_value *value;
	bool beginning;
};

static bool choice_is(const struct reference_value *value, struct tw_slice word)
{
	return value->number > 0 && tw_slice_is(word, value->words[value->number - 1]);
}

/* Is the value, or begins it with, this literal? */
static bool literal_meets(void *context, struct tw_slice literal)
{
	const struct asking *asking = context;
	const struct reference_value *value = asking->value;
	uint16_t country;
	if (value->class == TW_CLASS_CHOICE) {
		return choice_is(value, literal);
	}
	if (value->class == TW_CLASS_COUNTRY) {
		return reference_country(value, &country) && country && country == tw_country_code(literal);
	}
	if (value->class == TW_CLASS_HS || value->class == TW_CLASS_PLACE) {
		return codes_meet(value->class, value->text, literal, asking->beginning);
	}
	return texts_meet(asking->reference, value->class, value->text, literal, asking->beginning);
}

/* As countries where either side is one, else in the form of their kind, of two kinds as texts. */
static bool same(const struct reference *reference, const struct reference_value *left, const struct reference_value *right, bool *known)
{
	uint16_t a, b;
	if (left->class == TW_CLASS_COUNTRY || right->class == TW_CLASS_COUNTRY) {
		*known = reference_country(left, &a) && reference_country(right, &b);
		return *known && a == b;
	}
	enum tw_class class = left->class == right->class ? left->class : TW_CLASS_TEXT;
	*known = left->stated && right->stated;
	if (*known && (class == TW_CLASS_HS || class == TW_CLASS_PLACE)) {
		return codes_meet(class, left->text, right->text, false);
	}
	return *known && texts_meet(reference, class, left->text, right->text, false);
}

/* ---- numbers ---- */

/* A set of one value stands for it. */
static struct tw_slice lone(const struct reference *reference, const struct tw_yaml *node)
{
	bool set = node->plain && node->text.len > 1 && node->text.ptr[0] == '$';
	const struct tw_yaml *values = set ? tw_yaml_member(reference->sets, node->text.ptr + 1) : NULL;
	return values ? values->first->text : node->text;
}

static int64_t number_of(struct tw_slice text, enum tw_class *class)
{
	int64_t number = 0, scale = *class == TW_CLASS_AMOUNT ? 10000 : 1;
	bool fraction = false, negative = text.ptr[0] == '-';
	int32_t day;
	if (*class == TW_CLASS_FLAG) {
		return tw_slice_is(text, "true");
	}
	if (*class == TW_CLASS_DAY || *class == TW_CLASS_INSTANT) {
		if (tw_date_parse(text, &day)) {
			*class = TW_CLASS_DAY; /* a date is held against days */
			return day;
		}
		return tw_instant_parse(text, &number) ? number : 0;
	}
	for (uint32_t i = negative; i < text.len; i++) {
		if (text.ptr[i] == '.') {
			fraction = true;
		} else {
			number = number * 10 + (text.ptr[i] - '0');
			scale /= fraction ? 10 : 1;
		}
	}
	return (negative ? -number : number) * scale;
}

static bool relation(const char *word, int64_t left, int64_t right)
{
	if (strcmp(word, "is") == 0) {
		return left == right;
	}
	if (strcmp(word, "is_not") == 0) {
		return left != right;
	}
	if (strcmp(word, "above") == 0 || strcmp(word, "after") == 0) {
		return left > right;
	}
	if (strcmp(word, "below") == 0 || strcmp(word, "before") == 0) {
		return left < right;
	}
	return strcmp(word, "at_least") == 0 || strcmp(word, "on_or_after") == 0 ? left >= right : left <= right;
}

static bool number_among(void *context, struct tw_slice literal)
{
	const struct asking *asking = context;
	enum tw_class class = asking->value->class;
	return number_of(literal, &class) == asking->value->number;
}

static bool against_literal(const struct reference *reference, struct reference_value *value, const char *word, const struct tw_yaml *right)
{
	enum tw_class class = value->class;
	if (strcmp(word, "between") == 0) {
		int64_t low = number_of(right->first->text, &class), high = number_of(right->last->text, &class);
		int64_t number = reference_as(value, class);
		return value->stated && low <= number && number <= high;
	}
	int64_t wanted = number_of(lone(reference, right), &class);
	return value->stated && relation(word, reference_as(value, class), wanted);
}

static bool against_value(struct reference_value value, const char *word, struct reference_value other)
{
	enum tw_class class = value.class;
	if (value.class != other.class) {
		class = value.class == TW_CLASS_COUNT || value.class == TW_CLASS_AMOUNT ? TW_CLASS_AMOUNT : TW_CLASS_DAY;
	}
	return relation(word, reference_as(&value, class), reference_as(&other, class));
}

static bool against_operand(const struct reference *reference, const struct reference_scope *scope, struct reference_value *value, const char *word,
                            const struct tw_yaml *right)
{
	struct reference_value other;
	return reference_operand(reference, scope, right, &other) && value->stated && other.stated && against_value(*value, word, other);
}

/* So many days before or after, both days included. */
static bool within(const struct reference *reference, const struct reference_scope *scope, struct reference_value *value, const struct tw_yaml *asked)
{
	enum tw_class class = TW_CLASS_COUNT;
	int64_t days = number_of(tw_yaml_member(asked, "days")->text, &class);
	struct reference_value first, last;
	if (!reference_operand(reference, scope, tw_yaml_member(asked, "of"), &first) || !value->stated || !first.stated) {
		return false;
	}
	last = first;
	first.plus_days -= days;
	last.plus_days += days;
	return against_value(*value, "on_or_after", first) && against_value(*value, "on_or_before", last);
}

/* ---- bands ---- */

static void see_code(void *context, const struct tw_field *field, const char *at, const struct reference_scope *scope)
{
	struct reference_value *out = context;
	(void)scope;
	*out = reference_field(field, at);
}

/* Of all rows the goods' code begins with, the one with the longest code. */
static const struct tw_yaml *row_of(const struct reference *reference, const struct tw_yaml *band, struct reference_value *code)
{
	const struct tw_yaml *found = NULL, *rows = tw_yaml_member(reference->bands, band->text.ptr);
	struct asking asking = {reference, code, true};
	for (const struct tw_yaml *row = rows->first; row && code->stated; row = row->next) {
		const struct tw_yaml *begins = tw_yaml_member(row, "hs");
		if (literal_meets(&asking, begins->text) && (!found || begins->text.len > tw_yaml_member(found, "hs")->text.len)) {
			found = row;
		}
	}
	return found;
}

static bool band_holds(const struct reference *reference, const struct reference_scope *scope, struct reference_value *value,
                       const struct tw_yaml *asked, bool inside)
{
	struct reference_value code = {.stated = false};
	struct reference_visit visit = {&code, see_code};
	enum tw_class class = TW_CLASS_AMOUNT;
	reference_visit(reference, scope, tw_yaml_member(asked, "by")->text, &visit);
	const struct tw_yaml *row = row_of(reference, tw_yaml_member(asked, "band"), &code);
	if (!row || !value->stated) {
		return false;
	}
	int64_t number = reference_as(value, TW_CLASS_AMOUNT);
	bool between =
	    number_of(tw_yaml_member(row, "low")->text, &class) <= number && number <= number_of(tw_yaml_member(row, "high")->text, &class);
	return between == inside;
}

/* ---- any comparator ---- */

static const struct tw_yaml *comparator_of(const struct tw_yaml *condition)
{
	static const char *const words[] = {"is",    "is_not",       "in",          "not_in",  "starts",       "matches", "not_matches", "words",
	                                    "near",  "stated",       "above",       "below",   "at_least",     "at_most", "between",     "before",
	                                    "after", "on_or_before", "on_or_after", "same_as", "differs_from", "inside",  "outside",     "within"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const struct tw_yaml *found = tw_yaml_member(condition, words[i]);
		if (found) {
			return found;
		}
	}
	return NULL;
}

static bool compare_texts(const struct reference *reference, const char *word, const struct tw_yaml *right, struct reference_value *value)
{
	bool denied = strcmp(word, "is_not") == 0 || strcmp(word, "not_in") == 0;
	struct asking asking = {reference, value, strcmp(word, "starts") == 0};
	return value->stated && reference_any(reference, right, literal_meets, &asking) != denied;
}

bool reference_compare(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *condition,
                       struct reference_value value)
{
	const struct tw_yaml *right = comparator_of(condition);
	const char *word = right->key.ptr;
	struct asking asking = {reference, &value, false};
	if (strcmp(word, "stated") == 0) {
		return value.stated == tw_slice_is(right->text, "true");
	}
	if (strcmp(word, "words") == 0 || strcmp(word, "near") == 0) {
		return value.stated && reference_words(reference, condition, value.text);
	}
	if (strcmp(word, "matches") == 0 || strcmp(word, "not_matches") == 0) {
		return value.stated && reference_matches(reference, right, value.text) == (word[0] == 'm');
	}
	if (strcmp(word, "inside") == 0 || strcmp(word, "outside") == 0) {
		return band_holds(reference, scope, &value, right, word[0] == 'i');
	}
	if (strcmp(word, "within") == 0) {
		return within(reference, scope, &value, right);
	}
	if (strcmp(word, "same_as") == 0 || strcmp(word, "differs_from") == 0) {
		struct reference_value other;
		bool known = reference_operand(reference, scope, right, &other), equal = same(reference, &value, &other, &known);
		return known && equal == (word[0] == 's');
	}
	if (is_textual(value.class) || value.class == TW_CLASS_COUNTRY || value.class == TW_CLASS_CHOICE) {
		return compare_texts(reference, word, right, &value);
	}
	if (right->kind == TW_YAML_MAPPING) {
		return against_operand(reference, scope, &value, word, right);
	}
	if (strcmp(word, "in") == 0 || strcmp(word, "not_in") == 0) {
		return value.stated && reference_any(reference, right, number_among, &asking) == (word[0] == 'i');
	}
	return against_literal(reference, &value, word, right);
}
