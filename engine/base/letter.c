/**
 * @file letter.c
 * See letter.h.
 */
#include "engine/base/letter.h"

#include <string.h>

#include "engine/base/text.h"

#define GREEK_BEGINS 0x370 /* Latin ends before it */

static enum tw_script script_of(int32_t code)
{
	return code >= 0x400 && code < 0x530 ? TW_SCRIPT_CYRILLIC : code >= GREEK_BEGINS && code < 0x400 ? TW_SCRIPT_GREEK : TW_SCRIPT_OTHER;
}

void tw_letters_see(struct tw_letters_seen *seen, int32_t code)
{
	seen->latin |= code >= 'a' && code <= 'z';
	if (code >= GREEK_BEGINS) {
		*(tw_text_latin(code) ? &seen->alike : &seen->own) |= 1U << script_of(code);
	}
}

enum tw_script tw_letters_script(const struct tw_letters_seen *seen)
{
	if (!seen->own) {
		return seen->alike ? TW_SCRIPT_LATIN : TW_SCRIPT_OTHER;
	}
	bool mixed = seen->latin || seen->alike & ~seen->own;
	return mixed && seen->own == 1U << TW_SCRIPT_CYRILLIC ? TW_SCRIPT_CYRILLIC
	       : mixed && seen->own == 1U << TW_SCRIPT_GREEK  ? TW_SCRIPT_GREEK
	                                                      : TW_SCRIPT_OTHER;
}

/* The small letter of the script that looks like this small Latin one as a capital or as it stands, or 0.
 * Source: Unicode UTS #39 confusables, the same pairs as tw_text_latin, read the other way. */
static int32_t look_alike_in(enum tw_script script, char latin)
{
	static const char letters[] = "abcehijkmopstxynz";
	static const int32_t alike[][sizeof(letters) - 1] = {
	    [TW_SCRIPT_CYRILLIC] = {0x430, 0x432, 0x441, 0x435, 0x43D, 0x456, 0x458, 0x43A, 0x43C, 0x43E, 0x440, 0x455, 0x442, 0x445, 0x443, 0, 0},
	    [TW_SCRIPT_GREEK] = {0x3B1, 0x3B2, 0, 0x3B5, 0x3B7, 0x3B9, 0, 0x3BA, 0x3BC, 0x3BF, 0x3C1, 0, 0x3C4, 0x3C7, 0x3C5, 0x3BD, 0x3B6},
	};
	const char *at = latin ? strchr(letters, latin) : NULL;
	return at ? alike[script][at - letters] : 0;
}

int32_t tw_letter_as(enum tw_script script, int32_t code)
{
	char latin = code < 0x80 ? (char)code : tw_text_latin(code);
	latin = latin >= 'A' && latin <= 'Z' ? (char)(latin + 32) : latin;
	if (script == TW_SCRIPT_LATIN) {
		return latin ? latin : code;
	}
	return script == TW_SCRIPT_OTHER || script_of(code) == script || (code >= '0' && code <= '9') ? code : look_alike_in(script, latin);
}

int32_t tw_letter_plain(int32_t code)
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
