/**
 * @file plain.c
 * Folding with places; see plain.h. Text in ASCII never reaches the tables.
 */
#include "engine/base/plain.h"

#include <utf8proc.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"

struct building {
	char *text;
	uint32_t length, characters;
	struct tw_plain_word *word;
	uint32_t count;
	bool open;        /* a word has begun */
	bool look_alikes; /* asked for */
	/* of the open word */
	bool foreign, opaque; /* has a look-alike; has a letter outside Latin that is none */
	bool latin;           /* has a letter of ASCII */
	uint32_t scripts;     /* bits 1 << enum script of the letters that are none; of those that are */
	uint32_t alike;
};

/* Scripts whose letters Latin ones are written for. */
enum script { CYRILLIC, GREEK, ANOTHER };

static bool sets_no_spaces(int32_t code)
{
	static const int32_t ranges[][2] = {{0x0E00, 0x0EFF}, {0x1000, 0x109F}, {0x1780, 0x17FF}, {0x2E80, 0x2FDF},
	                                    {0x3040, 0x30FF}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0x20000, 0x3FFFF}};
	for (size_t i = 0; code >= ranges[0][0] && i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (code >= ranges[i][0] && code <= ranges[i][1]) {
			return true;
		}
	}
	return false;
}

/* Letters that folding keeps apart and lists do not. 0: dropped */
static int32_t simpler(int32_t code)
{
	switch (code) {
	case 0x0131: /* dotless i */
		return 'i';
	case 0x0142: /* l with stroke */
		return 'l';
	case 0x00F8: /* o with stroke */
		return 'o';
	case 0x0111: /* d with stroke */
		return 'd';
	case 0x0491: /* Ukrainian ghe with upturn */
		return 0x0433;
	case 0x0649: /* alef maksura */
		return 0x064A;
	case 0x0629: /* teh marbuta */
		return 0x0647;
	case 0x0640: /* tatweel */
		return 0;
	default:
		return code;
	}
}

static void encode(struct building *building, int32_t code)
{
	building->length += (uint32_t)utf8proc_encode_char(code, (utf8proc_uint8_t *)building->text + building->length);
	building->characters++;
}

/* ---- the end of a word ---- */

/* Latin letters are shorter than those that look like them: written over the word itself. */
static void make_latin(struct building *building, struct tw_plain_word *word)
{
	uint32_t to = word->from;
	for (uint32_t at = word->from; at < building->length;) {
		int32_t code;
		utf8proc_ssize_t size =
		    utf8proc_iterate((const utf8proc_uint8_t *)building->text + at, (utf8proc_ssize_t)(building->length - at), &code);
		char latin = tw_text_latin(code);
		if (latin) {
			building->text[to++] = (char)(latin + 32);
		} else {
			memmove(building->text + to, building->text + at, (size_t)size);
			to += (uint32_t)size;
		}
		at += (uint32_t)size;
	}
	building->length = to;
}

static enum script script_of(int32_t code)
{
	return code >= 0x400 && code < 0x530 ? CYRILLIC : code >= 0x370 && code < 0x400 ? GREEK : ANOTHER;
}

/* The small letter of the script that looks like this small Latin one as a capital or as it stands, or 0.
 * Source: Unicode UTS #39 confusables, the same pairs as tw_text_latin, read the other way. */
static int32_t look_alike_in(enum script script, char latin)
{
	static const char letters[] = "abcehijkmopstxynz";
	static const int32_t alike[][sizeof(letters) - 1] = {
	    [CYRILLIC] = {0x430, 0x432, 0x441, 0x435, 0x43D, 0x456, 0x458, 0x43A, 0x43C, 0x43E, 0x440, 0x455, 0x442, 0x445, 0x443, 0, 0},
	    [GREEK] = {0x3B1, 0x3B2, 0, 0x3B5, 0x3B7, 0x3B9, 0, 0x3BA, 0x3BC, 0x3BF, 0x3C1, 0, 0x3C4, 0x3C7, 0x3C5, 0x3BD, 0x3B6},
	};
	const char *at = latin ? strchr(letters, latin) : NULL;
	return at ? alike[script][at - letters] : 0;
}

/* A letter of a word in `script`, its own or one that looks like one of it. 0: it looks like none */
static int32_t letter_in(enum script script, int32_t code)
{
	if (script_of(code) == script || (code >= '0' && code <= '9')) {
		return code;
	}
	char latin = code < 0x80 ? (char)code : tw_text_latin(code);
	return look_alike_in(script, latin >= 'A' && latin <= 'Z' ? (char)(latin + 32) : latin);
}

/* Other scripts' letters are longer: written behind the word, where room is left, and moved over it. A word with a letter that looks like none
 * of the script stays as it is: it is written in two. */
static void make_whole(struct building *building, struct tw_plain_word *word, enum script script)
{
	uint32_t to = building->length;
	for (uint32_t at = word->from; at < building->length;) {
		int32_t code;
		at += (uint32_t)utf8proc_iterate((const utf8proc_uint8_t *)building->text + at, (utf8proc_ssize_t)(building->length - at), &code);
		code = letter_in(script, code);
		if (!code) {
			return;
		}
		to += (uint32_t)utf8proc_encode_char(code, (utf8proc_uint8_t *)building->text + to);
	}
	memmove(building->text + word->from, building->text + building->length, to - building->length);
	building->length = word->from + (to - building->length);
}

/* The Arabic article, where three letters are left without it. */
static void drop_article(struct building *building, struct tw_plain_word *word)
{
	static const char article[4] = "\xD8\xA7\xD9\x84";
	uint32_t length = building->length - word->from;
	if (length >= 10 && memcmp(building->text + word->from, article, sizeof(article)) == 0) {
		memmove(building->text + word->from, building->text + word->from + sizeof(article), length - sizeof(article));
		building->length -= (uint32_t)sizeof(article);
		building->characters -= 2;
	}
}

static void word_end(struct building *building)
{
	struct tw_plain_word *word = &building->word[building->count];
	if (!building->open) {
		return;
	}
	if (building->look_alikes && building->foreign && !building->opaque) {
		make_latin(building, word);
	} else if (building->opaque) {
		bool one = building->scripts == 1U << CYRILLIC || building->scripts == 1U << GREEK;
		if (building->look_alikes && one && (building->latin || building->alike & ~building->scripts)) {
			make_whole(building, word, building->scripts == 1U << CYRILLIC ? CYRILLIC : GREEK);
		}
		drop_article(building, word);
	}
	word->to = building->length;
	building->count++;
	building->open = false;
}

static void word_begin(struct building *building, uint32_t source)
{
	if (building->count) {
		building->text[building->length++] = ' ';
		building->characters++;
	}
	building->word[building->count] = (struct tw_plain_word){building->length, 0, source, source, building->characters};
	building->open = true;
	building->foreign = building->opaque = building->latin = false;
	building->scripts = building->alike = 0;
}

/* ---- letters ---- */

static void letter(struct building *building, int32_t code, uint32_t from, uint32_t to)
{
	bool alone = sets_no_spaces(code);
	code = simpler(code);
	if (!code) {
		return;
	}
	if (alone) {
		word_end(building);
	}
	if (!building->open) {
		word_begin(building, from);
	}
	if (code >= 0x370) { /* Latin ends before Greek begins */
		building->foreign |= tw_text_latin(code) != 0;
		building->opaque |= tw_text_latin(code) == 0;
		*(tw_text_latin(code) ? &building->alike : &building->scripts) |= 1U << script_of(code);
	}
	building->latin |= code >= 'a' && code <= 'z';
	encode(building, code);
	building->word[building->count].source_to = to;
	if (alone) {
		word_end(building);
	}
}

static void read_ascii(struct building *building, struct tw_slice text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		c = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
			word_end(building);
			continue;
		}
		if (!building->open) {
			word_begin(building, i);
		}
		building->text[building->length++] = c;
		building->characters++;
		building->word[building->count].source_to = i + 1;
	}
}

static void read_unicode(struct building *building, struct tw_slice text)
{
	struct tw_text_step step;
	for (uint32_t i = 0; i < text.len; i += step.bytes) {
		tw_text_step(text, i, &step);
		for (uint32_t k = 0; k < step.count; k++) {
			if (step.code[k]) {
				letter(building, step.code[k], i, i + step.bytes);
			} else {
				word_end(building);
			}
		}
	}
}

bool tw_plain_of(struct tw_slice text, bool look_alikes, struct tw_arena *arena, struct tw_plain *out)
{
	bool ascii = tw_text_is_ascii(text);
	/* worst cases: a letter and a separator in turn; every byte a character that expands, a space before each */
	size_t letters = ascii ? text.len : (size_t)text.len * TW_TEXT_STEP_CODES;
	size_t words = ascii ? (size_t)text.len / 2 + 1 : (size_t)text.len * 2 + 1;
	struct building building = {.look_alikes = look_alikes};
	building.text = tw_arena_alloc_raw(arena, letters * 2 + 8);
	building.word = tw_arena_alloc_raw(arena, words * sizeof(*building.word));
	if (!building.text || !building.word) {
		return false;
	}
	if (ascii) {
		read_ascii(&building, text);
	} else {
		read_unicode(&building, text);
	}
	word_end(&building);
	*out = (struct tw_plain){building.text, building.word, building.count, building.characters};
	return true;
}

bool tw_plain_is_ideograph(struct tw_slice word)
{
	int32_t code = 0;
	return word.len && utf8proc_iterate((const utf8proc_uint8_t *)word.ptr, (utf8proc_ssize_t)word.len, &code) == (utf8proc_ssize_t)word.len &&
	       sets_no_spaces(code);
}
