/**
 * @file list_date.c
 * See list_date.h. A text becomes words (numbers, months, hints); a date is one of few shapes of numbers and months.
 */
#include "feeds/list_date.h"

#include "engine/base/text.h"

#define WORDS_MAX  8
#define YEAR_FIRST 1000U
#define YEAR_LAST  2999U

enum word_kind { NUMBER = 1, MONTH, HINT, TO, OTHER };

struct word {
	enum word_kind kind;
	uint32_t value; /* of a number or month */
	uint32_t digits;
};

struct words {
	struct word word[WORDS_MAX];
	uint32_t count;
	bool circa;
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool begins(struct tw_slice word, const char *with)
{
	uint32_t i = 0;
	while (with[i] && i < word.len && lower(word.ptr[i]) == with[i]) {
		i++;
	}
	return !with[i];
}

static bool same(struct tw_slice word, const char *as)
{
	return word.len == strlen(as) && begins(word, as);
}

/* "Mar", "March", "Sept.": three letters decide. */
static uint32_t month_of(struct tw_slice word)
{
	static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
	for (uint32_t i = 0; word.len >= 3 && i < 12; i++) {
		if (begins(word, months[i])) {
			return i + 1;
		}
	}
	return 0;
}

static struct word letters_read(struct tw_slice text)
{
	uint32_t month = month_of(text);
	if (month) {
		return (struct word){MONTH, month, 0};
	}
	if (same(text, "dd") || same(text, "mm")) {
		return (struct word){NUMBER, 0, 2}; /* a form's own letters, left where the part is not known */
	}
	if (same(text, "to") || same(text, "and")) {
		return (struct word){TO, 0, 0};
	}
	bool hint = same(text, "circa") || same(text, "c") || same(text, "ca") || same(text, "approximately") || same(text, "about") ||
	            same(text, "between") || same(text, "approx");
	return (struct word){hint ? HINT : OTHER, 0, 0};
}

static struct word digits_read(struct tw_slice text)
{
	uint32_t value = 0;
	for (uint32_t i = 0; i < text.len && i < 8; i++) {
		value = value * 10 + (uint32_t)(text.ptr[i] - '0');
	}
	return (struct word){text.len <= 4 ? NUMBER : OTHER, value, text.len};
}

/* @return false when the text has what no date has */
static bool words_read(struct tw_slice text, struct words *out)
{
	uint32_t at = 0;
	*out = (struct words){.count = 0};
	while (at < text.len) {
		uint32_t from = at;
		bool number = tw_text_is_digit(text.ptr[at]);
		while (at < text.len && (number ? tw_text_is_digit(text.ptr[at]) : is_letter(text.ptr[at]))) {
			at++;
		}
		if (at == from) {
			if (!memchr(" ./-,\t", text.ptr[at], 6)) {
				return false;
			}
			at++;
			continue;
		}
		struct tw_slice piece = {text.ptr + from, at - from};
		struct word word = number ? digits_read(piece) : letters_read(piece);
		out->circa = out->circa || word.kind == HINT;
		if (word.kind == OTHER || (word.kind != HINT && out->count == WORDS_MAX)) {
			return false;
		}
		if (word.kind != HINT) {
			out->word[out->count++] = word;
		}
	}
	return true;
}

static uint32_t month_days(uint32_t year, uint32_t month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (uint32_t)(month == 2 && leap);
}

/* Parts of 0 are parts that are not stated: "00/00/1980"; a day of no month is none. */
static bool date_make(uint32_t year, uint32_t month, uint32_t day, struct tw_list_date *out)
{
	day = month == 0 && day <= 31 ? 0 : day;
	bool right = year >= YEAR_FIRST && year <= YEAR_LAST && month <= 12 && (day == 0 || (month && day <= month_days(year, month)));
	*out = right ? (struct tw_list_date){(uint16_t)year, (uint8_t)month, (uint8_t)day, false} : (struct tw_list_date){0};
	return right;
}

static bool is_year(const struct word *word)
{
	return word->kind == NUMBER && word->digits == 4;
}

static bool shape_read(const struct word *w, uint32_t count, enum tw_list_date_order order, struct tw_list_date *out)
{
	*out = (struct tw_list_date){0};
	if (count == 1 && is_year(&w[0])) {
		return date_make(w[0].value, 0, 0, out);
	}
	if (count == 2 && w[0].kind == MONTH && is_year(&w[1])) {
		return date_make(w[1].value, w[0].value, 0, out);
	}
	if (count == 2 && is_year(&w[0]) && w[1].kind == NUMBER && w[1].digits <= 2) {
		return date_make(w[0].value, w[1].value, 0, out);
	}
	if (count == 2 && is_year(&w[1]) && w[0].kind == NUMBER && w[0].digits <= 2) {
		return date_make(w[1].value, w[0].value, 0, out);
	}
	if (count != 3) {
		return false;
	}
	if (is_year(&w[0]) && w[1].kind == NUMBER && w[2].kind == NUMBER) {
		return date_make(w[0].value, w[1].value, w[2].value, out);
	}
	if (!is_year(&w[2])) {
		return false;
	}
	if (w[1].kind == MONTH && w[0].kind == NUMBER) {
		return date_make(w[2].value, w[1].value, w[0].value, out);
	}
	if (w[0].kind == MONTH && w[1].kind == NUMBER) {
		return date_make(w[2].value, w[0].value, w[1].value, out);
	}
	if (w[0].kind != NUMBER || w[1].kind != NUMBER) {
		return false;
	}
	bool month_first = order == TW_DATE_MONTH_FIRST;
	return date_make(w[2].value, w[month_first ? 0 : 1].value, w[month_first ? 1 : 0].value, out);
}

/* Two years with a hyphen are a span; a word "to" or "and" parts two dates. @return words before it, 0: no span */
static uint32_t span_cut(const struct words *words, uint32_t *behind)
{
	for (uint32_t i = 1; i + 1 < words->count; i++) {
		if (words->word[i].kind == TO) {
			*behind = i + 1;
			return i;
		}
	}
	*behind = 1;
	return words->count == 2 && is_year(&words->word[0]) && is_year(&words->word[1]) ? 1 : 0;
}

bool tw_list_date_read(struct tw_slice text, enum tw_list_date_order order, struct tw_list_date *out, struct tw_list_date *until)
{
	struct words words;
	struct tw_list_date end = {0};
	uint32_t behind = 0;
	*out = (struct tw_list_date){0};
	if (until) {
		*until = end;
	}
	if (!words_read(text, &words)) {
		return false;
	}
	uint32_t cut = span_cut(&words, &behind);
	bool read = shape_read(words.word, cut ? cut : words.count, order, out);
	if (cut && read) {
		read = shape_read(words.word + behind, words.count - behind, order, &end);
	}
	if (!read) {
		*out = (struct tw_list_date){0};
		return false;
	}
	out->circa = words.circa || cut;
	end.circa = cut != 0;
	if (until) {
		*until = end;
	}
	return true;
}

int tw_list_date_compare(struct tw_list_date a, struct tw_list_date b)
{
	uint32_t left = (uint32_t)a.year << 16 | (uint32_t)a.month << 8 | a.day, right = (uint32_t)b.year << 16 | (uint32_t)b.month << 8 | b.day;
	return (left > right) - (left < right);
}

bool tw_list_date_period(struct tw_list_date *from, struct tw_list_date *to)
{
	bool begins_month = from->day == 1, begins_year = begins_month && from->month == 1;
	bool ends_month = to->month && to->day == month_days(to->year, to->month), ends_year = ends_month && to->month == 12;
	bool one_year = from->year == to->year && begins_year && ends_year;
	bool one_month = from->year == to->year && from->month == to->month && begins_month && ends_month;
	if (one_year || one_month) {
		from->day = 0;
		from->month = one_year ? 0 : from->month;
		return false;
	}
	if (tw_list_date_compare(*from, *to) == 0) {
		return false;
	}
	if (begins_year && (ends_year || (to->month == 1 && to->day == 1))) {
		from->day = from->month = to->day = to->month = 0;
	}
	from->circa = to->circa = true;
	return true;
}
