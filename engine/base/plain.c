/**
 * @file plain.c
 * Folding with places; see plain.h. Text in ASCII never reaches the tables.
 */
#include "engine/base/plain.h"

#include <utf8proc.h>

#include "engine/base/arena.h"
#include "engine/base/letter.h"
#include "engine/base/text.h"

struct building {
	char *text;
	uint32_t length, characters;
	struct tw_plain_word *word;
	uint32_t count;
	bool open;                   /* a word has begun */
	bool look_alikes;            /* asked for */
	struct tw_letters_seen seen; /* of the open word */
};

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
		at += (uint32_t)utf8proc_iterate((const utf8proc_uint8_t *)building->text + at, (utf8proc_ssize_t)(building->length - at), &code);
		to += (uint32_t)utf8proc_encode_char(tw_letter_as(TW_SCRIPT_LATIN, code), (utf8proc_uint8_t *)building->text + to);
	}
	building->length = to;
}

/* Other scripts' letters are longer: written behind the word, where room is left, and moved over it. A word with a letter that looks like none
 * of the script stays as it is: it is written in two. */
static void make_whole(struct building *building, struct tw_plain_word *word, enum tw_script script)
{
	uint32_t to = building->length;
	for (uint32_t at = word->from; at < building->length;) {
		int32_t code;
		at += (uint32_t)utf8proc_iterate((const utf8proc_uint8_t *)building->text + at, (utf8proc_ssize_t)(building->length - at), &code);
		code = tw_letter_as(script, code);
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
	enum tw_script script = building->look_alikes ? tw_letters_script(&building->seen) : TW_SCRIPT_OTHER;
	if (script == TW_SCRIPT_LATIN) {
		make_latin(building, word);
	} else if (script != TW_SCRIPT_OTHER) {
		make_whole(building, word, script);
	}
	if (building->seen.own) {
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
	building->seen = (struct tw_letters_seen){0};
}

/* ---- letters ---- */

static void letter(struct building *building, int32_t code, uint32_t from, uint32_t to)
{
	bool alone = sets_no_spaces(code);
	code = tw_letter_plain(code);
	if (!code) {
		return;
	}
	if (alone) {
		word_end(building);
	}
	if (!building->open) {
		word_begin(building, from);
	}
	tw_letters_see(&building->seen, code);
	encode(building, code);
	building->word[building->count].source_to = to;
	if (alone) {
		word_end(building);
	}
}

/* Letters without their case and digits; 0 stands between words. */
static char ascii_plain(char c)
{
	static const char plain[128] = {
	    ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6', ['7'] = '7', ['8'] = '8',
	    ['9'] = '9', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e', ['F'] = 'f', ['G'] = 'g', ['H'] = 'h',
	    ['I'] = 'i', ['J'] = 'j', ['K'] = 'k', ['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q',
	    ['R'] = 'r', ['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y', ['Z'] = 'z',
	    ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g', ['h'] = 'h', ['i'] = 'i',
	    ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r',
	    ['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z'};
	return plain[c & 0x7F];
}

/* A word at a time: no letter changes its length. */
static void read_ascii(struct building *building, struct tw_slice text)
{
	uint32_t length = 0, count = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		char c = ascii_plain(text.ptr[i]);
		if (!c) {
			continue;
		}
		if (count) {
			building->text[length++] = ' ';
		}
		uint32_t from = length, source = i;
		do {
			building->text[length++] = c;
			c = ++i < text.len ? ascii_plain(text.ptr[i]) : 0;
		} while (c);
		building->word[count++] = (struct tw_plain_word){from, length, source, i, from};
	}
	building->length = building->characters = length;
	building->count = count;
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
