/**
 * @file name_gloss.c
 * One sorted table of words and phrases, the longest that stands at a place wins. Scripts that part their words by spaces match whole words,
 * where a stem stands for its endings too; Chinese, Japanese, Korean and Thai match anywhere. Traditional characters are made simplified first.
 */
#include "feeds/name_gloss.h"

#include <pthread.h>
#include <uchar.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "engine/base/arena.h"
#include "feeds/name_gloss_words.h"
#include "feeds/name_script.h"

#define CHARACTERS_MAX 1024
#define TO_BYTES_MAX   48 /* of one translation */
#define ALEF           0x627
#define TEH_MARBUTA    0x629
#define LAM            0x644
#define HEH            0x647
#define WAW            0x648
#define YEH            0x64a
#define NON_JOINER     0x200c
/* Letters left of a word behind what is taken for a prefix; more behind one that is a letter alone. */
#define LETTERS_BEHIND     2
#define LETTERS_BEHIND_ONE 4

static UTransliterator *simplified;
static pthread_once_t opened = PTHREAD_ONCE_INIT;

static void open_icu(void)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar id[16];
	u_uastrcpy(id, "Hant-Hans");
	simplified = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
}

struct text {
	UChar character[CHARACTERS_MAX], folded[CHARACTERS_MAX];
	uint32_t count;
	UChar *out;
	uint32_t length;
	bool changed;
};

static UChar folded(UChar c)
{
	bool yo = c == 0x401 || c == 0x451; /* written as YE as often as not */
	return yo ? 0x435 : (UChar)u_tolower(tw_script_usual(c));
}

/* Scripts without spaces between words. */
static bool is_unspaced(UChar c)
{
	return (c >= 0xe00 && c <= 0xeff) || (c >= 0x1000 && c <= 0x109f) || (c >= 0x1780 && c <= 0x17ff) || (c >= 0x3040 && c <= 0x9fff) ||
	       (c >= 0xac00 && c <= 0xd7a3);
}

static bool is_chinese(UChar c)
{
	return c >= 0x3400 && c <= 0x9fff;
}

static bool is_letter(const struct text *text, uint32_t at)
{
	return at < text->count && (u_isalnum(text->character[at]) || u_charType(text->character[at]) == U_NON_SPACING_MARK);
}

static bool is_arabic(UChar c)
{
	return c >= 0x621 && c <= 0x6d5;
}

/* Teh marbuta is written as heh as often as not. */
static bool is_same(UChar a, UChar b)
{
	return a == b || ((a == TEH_MARBUTA || a == HEH) && (b == TEH_MARBUTA || b == HEH));
}

/* Persian behind a word: the yeh that binds it to the next one, and the plural. @return where that ends, `at` when there is none */
static uint32_t behind(const struct text *text, uint32_t at)
{
	static const char16_t *const plurals[] = {u"\u0647\u0627\u064a", u"\u0647\u0627"};
	bool long_vowel = text->folded[at - 1] == ALEF || text->folded[at - 1] == WAW;
	if (long_vowel && at < text->count && text->folded[at] == YEH && !is_letter(text, at + 1)) {
		return at + 1;
	}
	uint32_t start = at + (at < text->count && (text->character[at] == NON_JOINER || text->character[at] == ' '));
	for (size_t i = 0; i < sizeof(plurals) / sizeof(plurals[0]); i++) {
		uint32_t length = (uint32_t)u_strlen((const UChar *)plurals[i]);
		if (start + length <= text->count && !is_letter(text, start + length) &&
		    memcmp(text->folded + start, plurals[i], length * sizeof(UChar)) == 0) {
			return start + length;
		}
	}
	return at;
}

/* @return where the entry ends that stands at `at`, less its first `passed` characters, 0 when it does not */
static uint32_t match(const struct text *text, uint32_t at, const struct tw_gloss_entry *entry, uint32_t passed)
{
	const char16_t *from = entry->from + passed;
	for (; *from; from++) {
		if (*from == ' ') {
			uint32_t start = at;
			while (at < text->count && !is_letter(text, at)) {
				at++;
			}
			if (at == start) {
				return 0;
			}
		} else if (at == text->count || !is_same(text->folded[at++], *from)) {
			return 0;
		}
	}
	if (is_unspaced(entry->from[0]) || !u_isalnum(entry->from[0])) {
		return at;
	}
	if (entry->kind == TW_GLOSS_STEM) {
		while (is_letter(text, at)) {
			at++;
		}
	}
	at = is_arabic(entry->from[0]) ? behind(text, at) : at;
	return is_letter(text, at) ? 0 : at;
}

static const struct tw_gloss_entry *first_of(UChar c)
{
	uint32_t from = 0, to = tw_gloss_entry_count;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		if (tw_gloss_entries[middle].from[0] < c) {
			from = middle + 1;
		} else {
			to = middle;
		}
	}
	return tw_gloss_entries + from;
}

/* Words that stand for a kind of body: what is beside one may be its name, though it is a word that others would have translated. */
static bool is_body(const struct tw_gloss_entry *entry)
{
	static const char *const bodies[] = {"association",  "authority", "bank",       "center",     "company", "cooperative",
	                                     "corporation",  "council",   "exchange",   "foundation", "group",   "holding",
	                                     "hospital",     "institute", "insurance",  "llc",        "ltd",     "ministry",
	                                     "organization", "port",      "university", NULL};
	for (const char *const *body = bodies; *body; body++) {
		if (strcmp(entry->to, *body) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_asked(const struct tw_gloss_entry *entry, enum tw_gloss what)
{
	return what == TW_GLOSS_ALL || entry->kind == TW_GLOSS_FORM || (what == TW_GLOSS_BODIES && is_body(entry));
}

/* The longest entry at a place, less its first `passed` characters, which are those of `from`; a whole word before a stem. */
static const struct tw_gloss_entry *longest_from(const struct text *text, uint32_t at, const UChar *from, uint32_t passed, enum tw_gloss what,
                                                 uint32_t *end)
{
	const struct tw_gloss_entry *best = NULL;
	for (const struct tw_gloss_entry *entry = first_of(from[0]); entry < tw_gloss_entries + tw_gloss_entry_count; entry++) {
		if (entry->from[0] != from[0]) {
			break;
		}
		bool begins = memcmp(entry->from, from, passed * sizeof(UChar)) == 0;
		uint32_t to = begins && is_asked(entry, what) ? match(text, at, entry, passed) : 0;
		if (to > (best ? *end : 0) || (best && to == *end && best->kind == TW_GLOSS_STEM)) {
			best = entry;
			*end = to;
		}
	}
	return best;
}

/* Arabic writes the article, "and", "for", "in" and "as" as one with the word behind them: with one of them, or with another one. */
static const struct tw_gloss_entry *behind_prefix(const struct text *text, uint32_t at, enum tw_gloss what, uint32_t *end)
{
	static const char16_t *const prefixes[] = {u"\u0648\u0644\u0644",
	                                           u"\u0648\u0627\u0644",
	                                           u"\u0628\u0627\u0644",
	                                           u"\u0643\u0627\u0644",
	                                           u"\u0644\u0644",
	                                           u"\u0627\u0644",
	                                           u"\u0648",
	                                           u"\u0644",
	                                           u"\u0628"};
	static const UChar article[] = {ALEF, LAM};
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		uint32_t length = (uint32_t)u_strlen((const UChar *)prefixes[i]), left = length == 1 ? LETTERS_BEHIND_ONE : LETTERS_BEHIND;
		if (at + length + left > text->count || memcmp(text->folded + at, prefixes[i], length * sizeof(UChar)) != 0) {
			continue;
		}
		uint32_t to = at + length;
		const struct tw_gloss_entry *bare = longest_from(text, to, text->folded + to, 0, what, end);
		bare = bare && *end >= to + left ? bare : NULL;
		const struct tw_gloss_entry *found = bare ? bare : longest_from(text, to, article, 2, what, end);
		if (found && *end >= to + left) {
			return found;
		}
	}
	return NULL;
}

static const struct tw_gloss_entry *longest_at(const struct text *text, uint32_t at, enum tw_gloss what, uint32_t *end)
{
	const struct tw_gloss_entry *best = longest_from(text, at, text->folded + at, 0, what, end);
	return best || !is_arabic(text->folded[at]) ? best : behind_prefix(text, at, what, end);
}

static void put(struct text *text, const char *latin)
{
	text->out[text->length++] = ' ';
	while (*latin) {
		text->out[text->length++] = (UChar)*latin++;
	}
	text->out[text->length++] = ' ';
	text->changed = true;
}

static bool ends(const struct text *text, uint32_t from, uint32_t to, const char16_t *ending)
{
	uint32_t length = (uint32_t)u_strlen((const UChar *)ending);
	return to - from >= length && memcmp(text->folded + to - length, ending, length * sizeof(UChar)) == 0;
}

/* "Челябинский" is of Chelyabinsk: an adjective of a place ends with the place. */
static uint32_t without_ending(const struct text *text, uint32_t from, uint32_t to)
{
	static const char16_t *const endings[] = {u"ский", u"ская", u"ское", u"ские", u"ского", u"ской", u"ских"};
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (to - from > 6 && ends(text, from, to, endings[i])) {
			return to - (uint32_t)u_strlen((const UChar *)endings[i]) + 2;
		}
	}
	return to;
}

#define SPELT_MAX 12 /* letters of one acronym */

/* Thai firms write a Latin acronym by its letters' English names. Source: the names in common use; some are written in two ways. */
static const struct {
	const char16_t *name;
	char letter;
} thai_letters[] = {
    {u"เอ", 'a'},     {u"บี", 'b'},     {u"ซี", 'c'},    {u"ดี", 'd'},    {u"อี", 'e'},   {u"เอฟ", 'f'}, {u"จี", 'g'},   {u"เอช", 'h'},
    {u"ไอ", 'i'},     {u"เจ", 'j'},    {u"เค", 'k'},   {u"แอล", 'l'},  {u"เอ็ม", 'm'}, {u"เอม", 'm'}, {u"เอ็น", 'n'}, {u"เอน", 'n'},
    {u"โอ", 'o'},     {u"พี", 'p'},     {u"คิว", 'q'},   {u"อาร์", 'r'},  {u"เอส", 's'}, {u"ที", 't'},   {u"ยู", 'u'},   {u"วี", 'v'},
    {u"ดับเบิลยู", 'w'}, {u"ดับบลิว", 'w'}, {u"เอ็กซ์", 'x'}, {u"เอกซ์", 'x'}, {u"วาย", 'y'}, {u"แซด", 'z'},
};

/* The letters that a run [at, to) spells, all of it. @return how many; 0: it is no spelling */
static uint32_t spell(const struct text *text, uint32_t at, uint32_t to, char *letters, uint32_t count)
{
	if (at == to || count == SPELT_MAX) {
		return at == to ? count : 0;
	}
	for (size_t i = 0; i < sizeof(thai_letters) / sizeof(thai_letters[0]); i++) {
		uint32_t length = (uint32_t)u_strlen((const UChar *)thai_letters[i].name);
		if (length > to - at || memcmp(text->folded + at, thai_letters[i].name, length * sizeof(UChar)) != 0) {
			continue;
		}
		letters[count] = thai_letters[i].letter;
		uint32_t spelt = spell(text, at + length, to, letters, count + 1);
		if (spelt) {
			return spelt;
		}
	}
	return 0;
}

/* An acronym at the head of a word. @return where it ends, `at` when there is none */
static uint32_t spelt_out(const struct text *text, uint32_t at, char *letters)
{
	uint32_t to = at;
	bool thai = text->folded[at] >= 0xe00 && text->folded[at] <= 0xe7f && !(at && is_letter(text, at - 1));
	while (thai && is_letter(text, to)) {
		to++;
	}
	uint32_t count = thai ? spell(text, at, to, letters, 0) : 0;
	letters[count] = '\0';
	return count > 1 ? to : at;
}

/* A word that nobody knows, as it stands. @return where it ends */
static uint32_t copy_word(struct text *text, uint32_t at, enum tw_gloss what)
{
	uint32_t to = at + 1;
	while (is_letter(text, at) && is_letter(text, to) && !is_unspaced(text->character[at])) {
		to++;
	}
	uint32_t kept = what == TW_GLOSS_ALL ? without_ending(text, at, to) : to;
	memcpy(text->out + text->length, text->character + at, (kept - at) * sizeof(UChar));
	text->length += kept - at;
	text->changed |= kept != to;
	return to;
}

/* Arabic vowels and strokes that some write: nothing is looked up by them. @return characters left */
static uint32_t without_marks(UChar *text, uint32_t count)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < count; i++) {
		bool mark = (text[i] >= 0x64b && text[i] <= 0x655) || text[i] == 0x640 || text[i] == 0x670;
		text[kept] = text[i];
		kept += !mark;
	}
	return kept;
}

static bool read_text(struct text *text, struct tw_slice bytes)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t count = 0;
	bool chinese = false;
	u_strFromUTF8WithSub(text->character, CHARACTERS_MAX, &count, bytes.ptr, (int32_t)bytes.len, 0xfffd, NULL, &status);
	if (U_FAILURE(status)) {
		return false;
	}
	for (int32_t i = 0; i < count; i++) {
		chinese |= is_chinese(text->character[i]);
	}
	pthread_once(&opened, open_icu);
	if (chinese && simplified) {
		int32_t limit = count;
		utrans_transUChars(simplified, text->character, &count, CHARACTERS_MAX, 0, &limit, &status);
	}
	text->count = U_SUCCESS(status) ? without_marks(text->character, (uint32_t)count) : 0;
	for (uint32_t i = 0; i < text->count; i++) {
		text->folded[i] = folded(text->character[i]);
	}
	return text->count > 0;
}

bool tw_name_gloss(struct tw_slice bytes, enum tw_gloss what, struct tw_arena *arena, struct tw_slice *out)
{
	struct text text;
	UErrorCode status = U_ZERO_ERROR;
	text.length = 0;
	text.changed = false;
	*out = bytes;
	if (!read_text(&text, bytes)) {
		return true;
	}
	uint32_t room = text.count * TO_BYTES_MAX;
	text.out = tw_arena_alloc_raw(arena, room * sizeof(UChar));
	char *utf8 = tw_arena_alloc_raw(arena, (size_t)room * 3);
	if (!text.out || !utf8) {
		return false;
	}
	for (uint32_t at = 0, end = 0; at < text.count; at = end) {
		char letters[SPELT_MAX + 1];
		const struct tw_gloss_entry *entry = longest_at(&text, at, what, &end);
		uint32_t to = spelt_out(&text, at, letters);
		if (to > at) {
			put(&text, letters);
			end = to;
		} else if (entry) {
			put(&text, entry->to);
		} else {
			end = copy_word(&text, at, what);
		}
	}
	int32_t length = 0;
	u_strToUTF8(utf8, (int32_t)room * 3, &length, text.out, (int32_t)text.length, &status);
	if (text.changed && U_SUCCESS(status)) {
		*out = (struct tw_slice){utf8, (uint32_t)length};
	}
	return true;
}
