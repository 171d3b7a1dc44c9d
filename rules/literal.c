/**
 * @file literal.c
 * What authors write on the right side: words, numbers, dates, lists and `$sets`, checked and put into the form they are compared in.
 */
#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "rules/compile.h"

#define HS_DIGITS_MIN 2U /* a chapter */
#define HS_DIGITS_MAX 10U
#define WORDS_SAID_BYTES 224 /* of a closed set, in a message */

static bool is_reference(const struct tw_yaml *node)
{
	return node->kind == TW_YAML_SCALAR && node->plain && node->text.len > 1 && node->text.ptr[0] == '$';
}

struct tw_rule_set *tw_compile_named(struct tw_compile *compile, struct tw_list *list, const char *what, struct tw_slice name, struct tw_mark mark)
{
	struct tw_rule_set *sets = list->data;
	struct tw_nearest nearest = tw_nearest_to(name);
	char hint[TW_HINT_BYTES];
	for (uint32_t i = 0; i < list->count; i++) {
		if (tw_slice_equal(sets[i].name, name)) {
			sets[i].used = true;
			return &sets[i];
		}
	}
	for (uint32_t i = 0; i < list->count; i++) { /* most names are known, and then no distance need be counted */
		tw_nearest_offer(&nearest, sets[i].name.ptr);
	}
	tw_report_error(compile->report, mark, TW_E_UNKNOWN, "unknown %s%.64s\"%s", what, name.ptr, tw_nearest_hint(&nearest, hint));
	return NULL;
}

static void broken_say(struct tw_compile *compile, const struct tw_rule_set *set, struct tw_mark mark)
{
	tw_report_error(compile->report, mark, TW_E_CONFLICT, "the set \"$%.64s\" cannot be used: see %.128s:%u", set->name.ptr, set->file,
	                set->mark.line);
}

/* A set of one value stands where one is wanted: a number that several rules share. */
static bool lone(struct tw_compile *compile, const struct tw_yaml *reference, struct tw_literal *out)
{
	struct tw_slice name = {reference->text.ptr + 1, reference->text.len - 1};
	const struct tw_rule_set *set = tw_compile_named(compile, compile->sets, "set \"$", name, reference->mark);
	if (!set) {
		return false;
	}
	if (set->broken) {
		broken_say(compile, set, reference->mark);
		return false;
	}
	if (set->values->count != 1) {
		tw_report_error(compile->report, reference->mark, TW_E_TYPE,
		                "the set \"$%.64s\" has not one value, which is wanted here: see %.128s:%u", name.ptr, set->file, set->mark.line);
		return false;
	}
	*out = (struct tw_literal){set->values->first->text, reference->mark, set->file, set->values->first->mark};
	return true;
}

bool tw_literal_of(struct tw_compile *compile, const struct tw_yaml *node, const char *what, struct tw_literal *out)
{
	if (is_reference(node)) {
		return lone(compile, node, out);
	}
	if (!tw_yaml_expect(node, TW_YAML_SCALAR, what, compile->report)) {
		return false;
	}
	*out = (struct tw_literal){.text = node->text, .mark = node->mark};
	return true;
}

static bool literal_push(struct tw_compile *compile, struct tw_list *list, struct tw_literal one)
{
	struct tw_literal *literal = tw_list_push(compile->arena, list, sizeof(*literal));
	if (!literal) {
		tw_report_error(compile->report, one.mark, TW_E_MEMORY, "no memory");
		return false;
	}
	*literal = one;
	return true;
}

/* A set's values take the place of the reference: what is wrong with them in this use is reported where they are used. */
static bool expand(struct tw_compile *compile, const struct tw_yaml *reference, struct tw_list *list)
{
	struct tw_slice name = {reference->text.ptr + 1, reference->text.len - 1};
	const struct tw_rule_set *set = tw_compile_named(compile, compile->sets, "set \"$", name, reference->mark);
	bool good = set && !set->broken;
	if (set && set->broken) {
		broken_say(compile, set, reference->mark);
	}
	for (const struct tw_yaml *value = set ? set->values->first : NULL; value && good; value = value->next) {
		good = literal_push(compile, list, (struct tw_literal){value->text, reference->mark, set->file, value->mark});
	}
	return good;
}

bool tw_literals_read(struct tw_compile *compile, const struct tw_yaml *node, const char *what, struct tw_literals *out)
{
	struct tw_list list = {NULL, 0, 0};
	bool good = true;
	if (is_reference(node)) {
		good = expand(compile, node, &list);
	} else if (node->kind != TW_YAML_SEQUENCE) {
		const char *word = node->key.ptr ? node->key.ptr : what;
		if (node->kind == TW_YAML_SCALAR && node->text.len) {
			tw_report_error(compile->report, node->mark, TW_E_TYPE, "%s must be %s, not %s: [%.64s]", word, "a list or a $set",
			                "a single value", node->text.ptr);
		} else {
			(void)tw_yaml_expect(node, TW_YAML_SEQUENCE, word, compile->report);
		}
		return false;
	}
	for (const struct tw_yaml *item = is_reference(node) ? NULL : node->first; item; item = item->next) {
		if (is_reference(item)) {
			good &= expand(compile, item, &list);
		} else {
			good &= tw_yaml_expect(item, TW_YAML_SCALAR, "an element", compile->report) &&
			        literal_push(compile, &list, (struct tw_literal){.text = item->text, .mark = item->mark});
		}
	}
	if (good && list.count == 0) {
		tw_report_error(compile->report, node->mark, TW_E_MISSING, "%s is empty", what);
		return false;
	}
	*out = (struct tw_literals){list.data, list.count};
	return good;
}

/* ---- texts ---- */

struct tw_slice tw_class_normal(enum tw_class class, struct tw_slice text, struct tw_arena *arena)
{
	return class == TW_CLASS_MARK ? tw_text_alnum(text, arena) : tw_text_fold(text, arena);
}

static bool hs_literal(struct tw_slice text)
{
	uint32_t digits = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		bool digit = text.ptr[i] >= '0' && text.ptr[i] <= '9';
		if (!digit && text.ptr[i] != '.' && text.ptr[i] != ' ') {
			return false;
		}
		digits += digit;
	}
	return digits >= HS_DIGITS_MIN && digits <= HS_DIGITS_MAX;
}

static bool place_literal(struct tw_slice text, bool prefix)
{
	uint32_t length = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' ')) {
			return false;
		}
		length += c != ' ';
	}
	return prefix ? length >= 1 && length <= 5 : length == 5;
}

static bool code_check(struct tw_compile *compile, enum tw_class class, const struct tw_literal *literal, bool prefix)
{
	const char *wanted = NULL;
	if (class == TW_CLASS_HS && !hs_literal(literal->text)) {
		wanted = "is no HS code: 2 to 10 digits, dots and spaces allowed";
	} else if (class == TW_CLASS_PLACE && !place_literal(literal->text, prefix)) {
		wanted = prefix ? "starts no UN/LOCODE: 1 to 5 letters or digits" : "is no UN/LOCODE: two letters of the country and three more";
	}
	if (wanted) {
		tw_report_error(compile->report, literal->mark, TW_E_TYPE, "\"%.64s\" %s", literal->text.ptr, wanted);
	}
	return wanted == NULL;
}

static struct tw_key_span span_of(enum tw_class class, struct tw_slice text, bool prefix)
{
	if (prefix) {
		return class == TW_CLASS_HS ? tw_hs_span(text) : tw_place_span(text);
	}
	int64_t key = class == TW_CLASS_HS ? tw_hs_key(text) : tw_place_key(text);
	return (struct tw_key_span){key, key};
}

static int by_low(const void *left, const void *right)
{
	const struct tw_key_span *a = left, *b = right;
	return (a->low > b->low) - (a->low < b->low);
}

const struct tw_span_set *tw_literals_spans(struct tw_compile *compile, enum tw_class class, const struct tw_literals *literals, bool prefixes)
{
	struct tw_span_set *set = tw_compile_alloc(compile, sizeof(*set));
	struct tw_key_span *spans = tw_compile_alloc(compile, (size_t)literals->count * sizeof(*spans));
	bool good = set && spans;
	uint32_t kept = 0;
	for (uint32_t i = 0; spans && i < literals->count; i++) {
		good &= code_check(compile, class, &literals->at[i], prefixes);
		spans[i] = span_of(class, literals->at[i].text, prefixes);
	}
	if (!set || !spans || !good) {
		return NULL;
	}
	qsort(spans, literals->count, sizeof(*spans), by_low);
	for (uint32_t i = 0; i < literals->count; i++) {
		if (kept && spans[i].low <= spans[kept - 1].high) {
			spans[kept - 1].high = spans[i].high > spans[kept - 1].high ? spans[i].high : spans[kept - 1].high;
		} else {
			spans[kept++] = spans[i];
		}
	}
	*set = (struct tw_span_set){spans, kept};
	return set;
}

static int by_bytes(const void *left, const void *right)
{
	const struct tw_slice *a = left, *b = right;
	uint32_t shared = a->len < b->len ? a->len : b->len;
	int order = shared ? memcmp(a->ptr, b->ptr, shared) : 0;
	return order ? order : (a->len > b->len) - (a->len < b->len);
}

static bool starts_with(struct tw_slice text, struct tw_slice prefix)
{
	return text.len >= prefix.len && memcmp(text.ptr, prefix.ptr, prefix.len) == 0;
}

static uint32_t texts_sort(struct tw_slice *texts, uint32_t count, bool prefixes)
{
	uint32_t kept = 0;
	qsort(texts, count, sizeof(*texts), by_bytes);
	for (uint32_t i = 0; i < count; i++) {
		if (kept && (prefixes ? starts_with(texts[i], texts[kept - 1]) : tw_slice_equal(texts[i], texts[kept - 1]))) {
			continue;
		}
		texts[kept++] = texts[i];
	}
	return kept;
}

const struct tw_text_set *tw_literals_texts(struct tw_compile *compile, enum tw_class class, const struct tw_literals *literals, bool prefixes)
{
	struct tw_text_set *set = tw_compile_alloc(compile, sizeof(*set));
	struct tw_slice *texts = tw_compile_alloc(compile, (size_t)literals->count * sizeof(*texts));
	bool good = set && texts;
	for (uint32_t i = 0; texts && i < literals->count; i++) {
		texts[i] = tw_class_normal(class, literals->at[i].text, compile->arena);
		if (texts[i].len == 0) {
			tw_report_error(compile->report, literals->at[i].mark, TW_E_TYPE, "\"%.64s\" has no letter or digit to compare",
			                literals->at[i].text.ptr);
			good = false;
		}
	}
	if (!set || !texts || !good) {
		return NULL;
	}
	*set = (struct tw_text_set){texts, texts_sort(texts, literals->count, prefixes)};
	return set;
}

const uint64_t *tw_literals_countries(struct tw_compile *compile, const struct tw_literals *literals)
{
	uint64_t *codes = tw_compile_alloc(compile, TW_COUNTRY_WORDS * sizeof(*codes));
	bool good = codes != NULL;
	for (uint32_t i = 0; codes && i < literals->count; i++) {
		uint16_t code = literals->at[i].text.len == 2 ? tw_country_code(literals->at[i].text) : 0;
		if (code) {
			codes[tw_country_bit(code) / 64] |= 1ULL << tw_country_bit(code) % 64;
			continue;
		}
		tw_report_error(compile->report, literals->at[i].mark, TW_E_TYPE, "\"%.64s\" is no country code: two letters of ISO 3166-1",
		                literals->at[i].text.ptr);
		good = false;
	}
	return good ? codes : NULL;
}

/* ---- closed sets of words ---- */

/* All of them, where none is near what was written. Of a set that is too long for a line those that fit, and dots. */
static const char *words_say(const char *const *words, char buffer[WORDS_SAID_BYTES])
{
	int used = snprintf(buffer, WORDS_SAID_BYTES, ": it is one of");
	for (uint32_t i = 0; words[i]; i++) {
		const char *separator = i ? ", " : " ";
		if ((size_t)used + strlen(words[i]) + 8 > WORDS_SAID_BYTES) {
			snprintf(buffer + used, WORDS_SAID_BYTES - (size_t)used, ", ...");
			break;
		}
		used += snprintf(buffer + used, WORDS_SAID_BYTES - (size_t)used, "%s%s", separator, words[i]);
	}
	return buffer;
}

static uint32_t word_find(struct tw_compile *compile, const char *const *words, const char *what, const struct tw_literal *literal)
{
	struct tw_nearest nearest = tw_nearest_to(literal->text);
	char hint[TW_HINT_BYTES], all[WORDS_SAID_BYTES];
	for (uint32_t i = 0; words[i]; i++) {
		if (tw_slice_is(literal->text, words[i])) {
			return i + 1;
		}
	}
	tw_nearest_offer_all(&nearest, words);
	const char *meant = tw_nearest_hint(&nearest, hint);
	tw_report_error(compile->report, literal->mark, TW_E_UNKNOWN, "unknown %s \"%.64s\"%s", what, literal->text.ptr,
	                *meant ? meant : words_say(words, all));
	return 0;
}

bool tw_literals_choices(struct tw_compile *compile, const char *const *words, const struct tw_literals *literals, uint64_t *bits)
{
	bool good = true;
	*bits = 0;
	for (uint32_t i = 0; i < literals->count; i++) {
		uint32_t value = word_find(compile, words, "word", &literals->at[i]);
		good &= value != 0;
		*bits |= 1ULL << (value & 63);
	}
	return good;
}

bool tw_literals_bits(struct tw_compile *compile, const char *const *words, const char *what, const struct tw_literals *literals, uint32_t *bits)
{
	bool good = true;
	*bits = 0;
	for (uint32_t i = 0; i < literals->count; i++) {
		uint32_t value = word_find(compile, words, what, &literals->at[i]);
		good &= value != 0;
		*bits |= 1U << (value & 31);
	}
	return good;
}

/* ---- numbers ---- */

/* Decimal digits, an optional sign, at most `decimals` places. @return false when it is anything else, or passes TW_AMOUNT_E4_MAX */
static bool decimal(struct tw_slice text, uint32_t decimals, int64_t *out)
{
	uint32_t i = text.len && (text.ptr[0] == '-' || text.ptr[0] == '+');
	bool negative = text.len && text.ptr[0] == '-', digits = false;
	int64_t value = 0;
	uint32_t places = 0;
	bool point = false;
	for (; i < text.len; i++) {
		if (text.ptr[i] == '.' && !point && digits && decimals) {
			point = true;
			continue;
		}
		if (text.ptr[i] < '0' || text.ptr[i] > '9' || (point && ++places > decimals)) {
			return false;
		}
		value = value * 10 + (text.ptr[i] - '0');
		digits = true;
		if (value > TW_AMOUNT_E4_MAX) {
			return false;
		}
	}
	for (; places < decimals; places++) {
		value *= 10;
		if (value > TW_AMOUNT_E4_MAX) {
			return false;
		}
	}
	*out = negative ? -value : value;
	return digits && !(point && text.ptr[text.len - 1] == '.');
}

static bool day_or_instant(enum tw_class *class, struct tw_slice text, int64_t *out)
{
	int32_t day;
	if (tw_date_parse(text, &day)) {
		*class = TW_CLASS_DAY;
		*out = day;
		return true;
	}
	return *class == TW_CLASS_INSTANT && tw_instant_parse(text, out);
}

static bool number_parse(enum tw_class *class, struct tw_slice text, int64_t *out, const char **wanted)
{
	if (*class == TW_CLASS_DAY || *class == TW_CLASS_INSTANT) {
		*wanted = *class == TW_CLASS_DAY ? "is no date: YYYY-MM-DD" : "is no date (YYYY-MM-DD) and no instant (RFC 3339 with a zone)";
		return day_or_instant(class, text, out);
	}
	if (*class == TW_CLASS_FLAG) {
		*wanted = "must be true or false";
		*out = tw_slice_is(text, "true");
		return *out || tw_slice_is(text, "false");
	}
	*wanted = *class == TW_CLASS_COUNT ? "is no whole number" : "is no number with at most four decimals";
	return decimal(text, *class == TW_CLASS_COUNT ? 0 : 4, out);
}

bool tw_literal_number(struct tw_compile *compile, enum tw_class *class, struct tw_literal literal, int64_t *out)
{
	const char *wanted = "";
	if (number_parse(class, literal.text, out, &wanted)) {
		return true;
	}
	tw_report_error(compile->report, literal.mark, TW_E_TYPE, "\"%.64s\" %s", literal.text.ptr, wanted);
	return false;
}

static int by_number(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

const struct tw_number_set *tw_literals_numbers(struct tw_compile *compile, enum tw_class class, const struct tw_literals *literals)
{
	struct tw_number_set *set = tw_compile_alloc(compile, sizeof(*set));
	int64_t *numbers = tw_compile_alloc(compile, (size_t)literals->count * sizeof(*numbers));
	bool good = set && numbers;
	for (uint32_t i = 0; numbers && i < literals->count; i++) {
		good &= tw_literal_number(compile, &class, literals->at[i], &numbers[i]);
	}
	if (!set || !numbers || !good) {
		return NULL;
	}
	qsort(numbers, literals->count, sizeof(*numbers), by_number);
	*set = (struct tw_number_set){numbers, literals->count};
	return set;
}
