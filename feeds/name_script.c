/**
 * @file name_script.c
 * The letters and what they are written by, the keys, and the comparison; see name_script.h.
 */
#include "feeds/name_script.h"

#include <stddef.h>

#define COST_PPM     40000 /* what a spelling that is not the first that comes to mind takes off, for each unit */
#define COST_MAX     4
#define UNREACHABLE  255
#define LATIN_MAX    TW_NAME_FORM_TOKEN_MAX
#define NO_CLASS     '-'
#define ALEF         0x627
#define LAM          0x644
#define HEH          0x647
#define TEH_MARBUTA  0x629
#define MUTE_H       2U /* an h at the end that is not written stands for a vowel before it: without one it is missing */
#define SILENT_H     1  /* "-ah" for a written vowel */
#define ENDING_VOWEL 2  /* a vowel behind the last consonant, but for a mute e */

/* Spellings with their costs, "." for none; classes of the key, "-" for none; whether it is a consonant though it may not be written. */
struct entry {
	uint16_t character;
	const char *spellings;
	const char *classes;
	bool consonant;
};

/* In the order of code points. */
static const struct entry letters[] = {
    {0x5d0, "0a 0e 0i 0o 0u 0.", "-", true},
    {0x5d1, "0b 0v 2bh", "b-", false},
    {0x5d2, "0g 1j 1gh", "gj", false},
    {0x5d3, "0d", "d", false},
    {0x5d4, "0h 1.", "-", true},
    {0x5d5, "0v 0w 0o 0u 0ou 0oo 2f 4.", "-f", false},
    {0x5d6, "0z 1s", "zs", false},
    {0x5d7, "0h 0ch 0kh 1j 2.", "-ck", true},
    {0x5d8, "0t", "t", false},
    {0x5d9, "0y 0i 0e 0ee 0j 2.", "-j", false},
    {0x5da, "0kh 0ch 0k 0h", "kc-", false},
    {0x5db, "0k 0kh 0ch 0c 1h", "kc-", false},
    {0x5dc, "0l", "l", false},
    {0x5dd, "0m", "m", false},
    {0x5de, "0m", "m", false},
    {0x5df, "0n", "n", false},
    {0x5e0, "0n", "n", false},
    {0x5e1, "0s 1c", "sk", false},
    {0x5e2, "0. 0a 0e 0o 0i", "-", true},
    {0x5e3, "0f 0p 0ph", "fb", false},
    {0x5e4, "0p 0f 0ph", "bf", false},
    {0x5e5, "0tz 0ts 0z 1s 1c 1ch 2t", "tzsc", false},
    {0x5e6, "0tz 0ts 0z 1s 1c 1ch 2t", "tzsc", false},
    {0x5e7, "0k 0q 0c 0ck 2g", "kg", false},
    {0x5e8, "0r", "r", false},
    {0x5e9, "0sh 0s 0sch 1ch", "xsc", false},
    {0x5ea, "0t 0th 2s", "ts", false},
    {0x621, "0. 0a 0e 0i 0u", "-", true},
    {0x622, "0a 0aa", "-", false},
    {0x623, "0a 0u 0o 0e 1i 1.", "-", false},
    {0x624, "0u 0o 0ou 0w 0. 1a", "-", true},
    {0x625, "0i 0e 1a 2.", "-", false},
    {0x626, "0. 0i 0e 0y 0a", "-", true},
    {0x627, "0a 0aa 1e 2o 2.", "-", false},
    {0x628, "0b 2p 2v", "b-", false},
    {0x629, "0. 0t 0h", "-t", false},
    {0x62a, "0t 2th", "t", false},
    {0x62b, "0th 0s 1t", "ts", false},
    {0x62c, "0j 0g 0dj 0dg 0dzh 1zh 1dsch 1c 2ch 2gi", "jgckd", false},
    {0x62d, "0h 2. 2kh 2ch", "-kc", true},
    {0x62e, "0kh 1h 1k 1ch 1x 2.", "k-c", true},
    {0x62f, "0d 3t", "dt", false},
    {0x630, "0dh 0z 1d 1th 2s", "dzts", false},
    {0x631, "0r", "r", false},
    {0x632, "0z 1s", "zs", false},
    {0x633, "0s 2c 2z", "szk", false},
    {0x634, "0sh 0ch 0sch 1s 1sj 1shh 2x", "xcsk", false},
    {0x635, "0s", "s", false},
    {0x636, "0d 0dh 0z 1dz", "dz", false},
    {0x637, "0t 2d", "td", false},
    {0x638, "0z 0dh 1d 1th", "zdt", false},
    {0x639, "0. 0a 0e 0i 0o 0u 0aa", "-", true},
    {0x63a, "0gh 0g 1q 1rh 2k 2h 2r", "gkr-", true},
    {0x641, "0f 0ph 2v", "f-", false},
    {0x642, "0q 0k 0g 0gh 1c 2kh", "kg", false},
    {0x643, "0k 1c 1q 2g 2ch", "kgc", false},
    {0x644, "0l", "l", false},
    {0x645, "0m", "m", false},
    {0x646, "0n 2m", "nm", false},
    {0x647, "0h 2.", "-", true},
    {0x648, "0u 0o 0w 0ou 0oo 1v 3.", "-", false},
    {0x649, "0a 0i 0y 0e", "-", false},
    {0x64a, "0i 0y 0e 0ee 1j 3.", "-j", false},
    {0x67e, "0p 1b", "b", false},
    {0x681, "0dz 0z 1j", "dzj", false},
    {0x685, "0ts 0s 1c", "tsk", false},
    {0x686, "0ch 0tch 0tsch 1c 2j 2sh", "ckjx", false},
    {0x696, "0g 0zh 1j", "gj", false},
    {0x698, "0zh 0j 1z", "jz", false},
    {0x69a, "0kh 0sh 0x 1h", "kx-", true},
    {0x6a9, "0k 1c 2q 2g", "kg", false},
    {0x6af, "0g 0gh 2k", "gk", false},
    {0x6cc, "0i 0y 0e 0ee 1j 3.", "-j", false},
};

/* Letters that differ in their shape alone. */
static const uint16_t same_letter[][2] = {{0x671, 0x627}, {0x6c0, 0x647}, {0x6c1, 0x647}, {0x6d5, 0x647}, {0x6be, 0x647}, {0x6c3, 0x629},
                                          {0x679, 0x637}, {0x688, 0x62f}, {0x691, 0x631}, {0x6ba, 0x646}, {0x6d2, 0x6cc}, {0x6d0, 0x6cc},
                                          {0x6cd, 0x6cc}, {0x6ab, 0x6af}, {0x6ad, 0x6af}, {0x693, 0x631}, {0x6bc, 0x646}, {0x6c6, 0x648},
                                          {0x6c7, 0x648}, {0x6cb, 0x648}, {0x67c, 0x62a}};

static const struct entry *entry_of(uint16_t character)
{
	for (size_t i = 0; i < sizeof(same_letter) / sizeof(same_letter[0]); i++) {
		if (same_letter[i][0] == character) {
			character = same_letter[i][1];
			break;
		}
	}
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		if (letters[i].character == character) {
			return &letters[i];
		}
	}
	return NULL;
}

bool tw_script_is_letter(uint16_t character)
{
	return character >= 0x5d0 && character <= 0x6d5 && entry_of(character);
}

static void add_spelling(struct tw_script_letter *letter, const char *text, uint32_t length, uint8_t cost)
{
	if (letter->count == TW_SCRIPT_SPELLINGS_MAX) {
		return;
	}
	struct tw_script_spelling *spelling = &letter->spelling[letter->count++];
	*spelling = (struct tw_script_spelling){.len = (uint8_t)length, .cost = cost};
	memcpy(spelling->text, text, length);
}

static void read_spellings(struct tw_script_letter *letter, const char *list)
{
	while (*list) {
		uint8_t cost = (uint8_t)(*list++ - '0');
		uint32_t length = 0;
		while (list[length] && list[length] != ' ') {
			length++;
		}
		add_spelling(letter, list, *list == '.' ? 0 : length, cost);
		list += length + (list[length] == ' ');
	}
}

/* What a letter may be by its place. */
static void read_place(struct tw_script_word *word, uint32_t at)
{
	struct tw_script_letter *letter = &word->letter[at];
	uint16_t before = at ? word->letter[at - 1].character : 0, after = at + 1 < word->count ? word->letter[at + 1].character : 0;
	bool last = at + 1 == word->count;
	if (letter->character == ALEF && at == 0) {
		letter->count = 0; /* the carrier of any vowel */
		read_spellings(letter, "0a 0e 0i 0o 0u 0ou 0aa 3.");
	} else if (letter->character == ALEF && after == LAM) {
		letter->count = 0; /* an article inside a joined word */
		read_spellings(letter, "0a 0e 0i 0u 0o 0ou 0oo 0aa 0.");
	} else if (letter->character == LAM && before == ALEF && after) {
		add_spelling(letter, "", 0, after == LAM ? 0 : 1); /* its l is the next letter's: "abderrahman" */
	} else if (before && before == letter->character) {
		add_spelling(letter, "", 0, letter->character == LAM ? 0 : 1);
	} else if (last && letter->character == 0x648) {
		add_spelling(letter, "", 0, 1); /* 'Amr ends with a waw that is not read */
	} else if (last && (letter->character == HEH || letter->character == 0x5d4)) {
		add_spelling(letter, "", 0, 0);
	}
}

/* ---- keys ---- */

struct class_rule {
	const char *text;
	uint8_t length;
	char class;
};

/* Longer before shorter, by their first letter. */
static const struct class_rule clusters[] = {
    {"ch", 2, 'c'}, {"ck", 2, 'k'},   {"dsch", 4, 'j'}, {"dzh", 3, 'j'}, {"dj", 2, 'j'}, {"dg", 2, 'j'},  {"dh", 2, 'd'},
    {"dz", 2, 'd'}, {"gh", 2, 'g'},   {"kh", 2, 'k'},   {"ph", 2, 'f'},  {"rh", 2, 'r'}, {"sch", 3, 'x'}, {"sh", 2, 'x'},
    {"sj", 2, 'x'}, {"tsch", 4, 'c'}, {"tch", 3, 'c'},  {"th", 2, 't'},  {"ts", 2, 't'}, {"tz", 2, 't'},  {"zh", 2, 'j'},
};

/* Of a to z alone; "-" is no consonant of the key. */
static const char class_of_letter[] = "-bkd-fg--jklmn-bkrst---k-z";
/* Four bits each, from 1. */
static const char class_codes[] = "bcdfgjklmnrstxz";

static const struct class_rule *cluster_at(struct tw_slice rest)
{
	for (size_t i = 0; rest.len > 1 && i < sizeof(clusters) / sizeof(clusters[0]); i++) {
		const struct class_rule *rule = &clusters[i];
		if (rule->text[0] == rest.ptr[0] && rule->text[1] == rest.ptr[1] && rule->length <= rest.len &&
		    memcmp(rule->text, rest.ptr, rule->length) == 0) {
			return rule;
		}
	}
	return NULL;
}

struct key {
	uint64_t bits;
	uint32_t count;
	char last;
};

/* Equal neighbours are one: letters are doubled by some and not by others, and the vowels between two are not seen. */
static void push_class(struct key *key, char class)
{
	if (class != NO_CLASS && class != key->last && key->count < TW_SCRIPT_KEY_CLASSES) {
		key->bits |= (uint64_t)(strchr(class_codes, class) - class_codes + 1) << 4 * key->count++;
		key->last = class;
	}
}

uint64_t tw_script_key(struct tw_slice latin)
{
	struct key key = {0};
	while (latin.len) {
		const struct class_rule *rule = cluster_at(latin);
		uint32_t taken = rule ? rule->length : 1;
		push_class(&key, rule ? rule->class : class_of_letter[latin.ptr[0] - 'a']);
		latin.ptr += taken;
		latin.len -= taken;
	}
	return key.bits;
}

static void add_key(struct tw_script_word *word, uint64_t key)
{
	for (uint32_t i = 0; i < word->key_count; i++) {
		if (word->key[i] == key) {
			return;
		}
	}
	word->key[word->key_count++] = key;
}

static bool is_h(uint16_t character)
{
	return character == 0x62d || character == HEH || character == 0x5d4;
}

/* A letter's classes; what is written behind it may be read as one with it. */
static void classes_of(const struct tw_script_word *word, uint32_t at, char *out)
{
	uint32_t length = 0;
	for (const char *class = word->letter[at].classes; *class; class ++) {
		out[length++] = *class;
	}
	bool before_h = at + 1 < word->count && is_h(word->letter[at + 1].character);
	if (before_h && out[0] == 's') {
		out[length++] = 'x'; /* "Ishaq" */
	} else if (before_h && out[0] == 'z') {
		out[length++] = 'j'; /* "Azhar" */
	}
	uint16_t before = at ? word->letter[at - 1].character : 0;
	bool after_d = out[0] == 'z' && before == 0x62f, after_t = out[0] == 's' && (before == 0x62a || before == 0x637);
	if (after_d || after_t) {
		out[length++] = NO_CLASS; /* "Akhundzada", "Qatsi": as clusters have it */
	}
	if (word->letter[at].character == LAM && at && word->letter[at - 1].character == ALEF && at + 1 < word->count) {
		out[length++] = NO_CLASS;
	}
	out[length] = '\0';
}

/* Every choice of classes, the likeliest first, as an odometer whose last wheel turns first. */
static void make_keys(struct tw_script_word *word)
{
	char choices[TW_SCRIPT_LETTERS_MAX][12] = {{0}};
	uint32_t wheel[TW_SCRIPT_LETTERS_MAX] = {0}, turn;
	for (uint32_t i = 0; i < word->count; i++) {
		classes_of(word, i, choices[i]);
	}
	while (word->key_count < TW_SCRIPT_KEYS_MAX) {
		struct key key = {0};
		for (uint32_t i = 0; i < word->count; i++) {
			push_class(&key, choices[i][wheel[i]]);
		}
		add_key(word, key.bits);
		for (turn = word->count; turn && !choices[turn - 1][++wheel[turn - 1]]; turn--) {
			wheel[turn - 1] = 0;
		}
		if (!turn) {
			return;
		}
	}
}

bool tw_script_word_make(const uint16_t *characters, uint32_t count, struct tw_script_word *word)
{
	word->count = 0;
	word->key_count = 0;
	for (uint32_t i = 0; i < count && word->count < TW_SCRIPT_LETTERS_MAX; i++) {
		const struct entry *entry = entry_of(characters[i]);
		if (entry) {
			struct tw_script_letter *letter = &word->letter[word->count++];
			*letter = (struct tw_script_letter){.classes = entry->classes, .consonant = entry->consonant, .character = entry->character};
			read_spellings(letter, entry->spellings);
		}
	}
	for (uint32_t i = 0; i < word->count; i++) {
		read_place(word, i);
	}
	make_keys(word);
	return word->count > 0;
}

/* ---- does it spell? ---- */

static bool is_vowel(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

static void reach(uint8_t *cost, uint32_t value)
{
	*cost = value < *cost ? (uint8_t)value : *cost;
}

/* Behind a consonant: nothing, one vowel, or two for one. */
static void reach_vowels(uint8_t *next, struct tw_slice latin, uint32_t at, uint32_t cost, bool last)
{
	reach(&next[at], cost);
	if (at < latin.len && is_vowel(latin.ptr[at])) {
		uint32_t more = last ? (latin.ptr[at] == 'e' ? 1 : ENDING_VOWEL) : 0;
		reach(&next[at + 1], cost + more);
		if (at + 1 < latin.len && is_vowel(latin.ptr[at + 1])) {
			reach(&next[at + 2], cost + more + 1);
		}
	}
}

/* One spelling of a letter at one place of the Latin word. */
static void reach_spelling(uint8_t *next, const struct tw_script_letter *letter, const struct tw_script_spelling *spelling, struct tw_slice latin,
                           uint32_t at, uint32_t cost, bool last)
{
	if (spelling->len > latin.len - at || memcmp(latin.ptr + at, spelling->text, spelling->len) != 0) {
		return;
	}
	uint32_t to = at + spelling->len;
	bool mute = last && !spelling->len && (is_h(letter->character) || letter->character == TEH_MARBUTA);
	cost += (uint32_t)spelling->cost + (mute && (!at || !is_vowel(latin.ptr[at - 1])) ? MUTE_H : 0);
	bool open = spelling->len ? !is_vowel(spelling->text[spelling->len - 1]) : letter->consonant;
	if (!open) {
		reach(&next[to], cost);
		return;
	}
	reach_vowels(next, latin, to, cost, last);
	if (spelling->len && to < latin.len && latin.ptr[to] == latin.ptr[to - 1]) {
		reach_vowels(next, latin, to + 1, cost, last);
	}
	if (spelling->len > 1 && spelling->len <= latin.len - to && memcmp(latin.ptr + to, spelling->text, spelling->len) == 0) {
		reach_vowels(next, latin, to + spelling->len, cost, last); /* "shsh" */
	}
}

static bool has_key(const struct tw_script_word *word, uint64_t key)
{
	for (uint32_t i = 0; i < word->key_count; i++) {
		if (word->key[i] == key) {
			return true;
		}
	}
	return false;
}

int32_t tw_script_spells(const struct tw_script_word *word, struct tw_slice latin)
{
	return has_key(word, tw_script_key(latin)) ? tw_script_spells_keyed(word, latin) : 0;
}

int32_t tw_script_spells_keyed(const struct tw_script_word *word, struct tw_slice latin)
{
	uint8_t rows[2][LATIN_MAX + 4];
	if (latin.len > LATIN_MAX || latin.len < 2) {
		return 0;
	}
	memset(rows, UNREACHABLE, sizeof(rows));
	rows[0][0] = 0;
	for (uint32_t i = 0; i < word->count; i++) {
		uint8_t *here = rows[i & 1], *next = rows[(i & 1) ^ 1];
		memset(next, UNREACHABLE, LATIN_MAX + 4);
		for (uint32_t at = 0; at <= latin.len; at++) {
			for (uint32_t s = 0; here[at] <= COST_MAX && s < word->letter[i].count; s++) {
				reach_spelling(next, &word->letter[i], &word->letter[i].spelling[s], latin, at, here[at], i + 1 == word->count);
			}
		}
	}
	const uint8_t *end = rows[word->count & 1];
	uint32_t cost = end[latin.len];
	if (latin.ptr[latin.len - 1] == 'h' && is_vowel(latin.ptr[latin.len - 2]) && end[latin.len - 1] != UNREACHABLE) {
		uint32_t silent = end[latin.len - 1] + SILENT_H;
		cost = silent < cost ? silent : cost;
	}
	return cost > COST_MAX ? 0 : TW_SCRIPT_PPM - COST_PPM * (int32_t)cost;
}
