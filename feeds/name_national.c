/**
 * @file name_national.c
 * A nation is told by its letters, then its rules are applied once from left to right, the longer first; see name_national.h.
 */
#include "feeds/name_national.h"

#include "engine/base/arena.h"

#define WORD_LETTERS_MIN 4 /* of a word that tells a nation: "ow" and "czu" tell none */
#define COUNT(array)     (sizeof(array) / sizeof((array)[0]))

struct pair {
	const char *from, *to;
};

/* In every one of them: what the nations below share. */
static const struct pair german[] = {{"schtsch", "shch"}, {"dsch", "j"}, {"tsch", "ch"}, {"sch", "sh"}, {"ch", "kh"}, {"ck", "k"},
                                     {"tz", "ts"},        {"ss", "s"},   {"w", "v"},     {"z", "ts"},   {"j", "y"},   {NULL, NULL}};
static const struct pair german_plain[] = {{"ch", "kh"}, {"ss", "s"}, {"w", "v"}, {"j", "y"}, {NULL, NULL}}; /* its z may be a Polish one */
static const struct pair polish[] = {{"szcz", "shch"}, {"dz", "dz"}, {"cz", "ch"}, {"sz", "sh"}, {"rz", "r"}, {"ch", "kh"},
                                     {"ck", "tsk"},    {"c", "ts"},  {"w", "v"},   {"j", "y"},   {NULL, NULL}};
static const struct pair dutch[] = {{"sjtsj", "shch"}, {"dzj", "j"}, {"tsj", "ch"}, {"sj", "sh"}, {"zj", "zh"},
                                    {"ch", "kh"},      {"oe", "u"},  {"j", "y"},    {NULL, NULL}};
static const struct pair swedish[] = {{"sjtj", "shch"}, {"dzj", "j"}, {"tj", "ch"}, {"sj", "sh"},
                                      {"zj", "zh"},     {"ch", "kh"}, {"j", "y"},   {NULL, NULL}};
static const struct pair hungarian[] = {{"scs", "shch"}, {"dzs", "j"}, {"cs", "ch"}, {"sz", "s"}, {"zs", "zh"},
                                        {"c", "ts"},     {"s", "sh"},  {"j", "y"},   {NULL, NULL}};
static const struct pair french[] = {{"chtch", "shch"}, {"dj", "j"}, {"tch", "ch"}, {"kh", "kh"}, {"ch", "sh"}, {"gue", "ge"},
                                     {"gui", "gi"},     {"ou", "u"}, {"ss", "s"},   {"j", "zh"},  {NULL, NULL}};
static const struct pair slavic[] = {{"ch", "ch"}, {"ck", "tsk"}, {"c", "ts"}, {"j", "y"}, {NULL, NULL}};
static const struct pair turkish[] = {{"ch", "ch"}, {"c", "j"}, {NULL, NULL}};

/* By sound, of letters of two bytes. */
static const struct {
	unsigned char bytes[2];
	char sound[5];
} sounds[] = {
    {{0xc4, 0x8c}, "ch"},   {{0xc4, 0x8d}, "ch"},   {{0xc4, 0x86}, "ch"}, {{0xc4, 0x87}, "ch"}, {{0xc3, 0x87}, "ch"}, {{0xc3, 0xa7}, "ch"},
    {{0xc5, 0xa0}, "sh"},   {{0xc5, 0xa1}, "sh"},   {{0xc5, 0x9e}, "sh"}, {{0xc5, 0x9f}, "sh"}, {{0xc8, 0x98}, "sh"}, {{0xc8, 0x99}, "sh"},
    {{0xc5, 0x9c}, "shch"}, {{0xc5, 0x9d}, "shch"}, {{0xc5, 0xbb}, "zh"}, {{0xc5, 0xbc}, "zh"}, {{0xc5, 0xbd}, "zh"}, {{0xc5, 0xbe}, "zh"},
    {{0xc8, 0x9a}, "ts"},   {{0xc8, 0x9b}, "ts"},   {{0xc5, 0xa2}, "ts"}, {{0xc5, 0xa3}, "ts"},
};

static const char *sound_of(struct tw_slice rest)
{
	for (size_t i = 0; rest.len > 1 && (unsigned char)rest.ptr[0] >= 0xc3 && i < COUNT(sounds); i++) {
		if (memcmp(rest.ptr, sounds[i].bytes, 2) == 0) {
			return sounds[i].sound;
		}
	}
	return NULL;
}

static uint32_t count_sounds(struct tw_slice text)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		count += sound_of((struct tw_slice){text.ptr + i, text.len - i}) != NULL;
	}
	return count;
}

bool tw_name_sounded(struct tw_slice text, struct tw_arena *arena, struct tw_slice *out)
{
	uint32_t count = count_sounds(text), length = 0;
	*out = text;
	if (!count) {
		return true;
	}
	char *sounded = tw_arena_alloc_raw(arena, text.len + 2 * count);
	for (uint32_t i = 0; sounded && i < text.len; i++) {
		const char *sound = sound_of((struct tw_slice){text.ptr + i, text.len - i});
		if (!sound) {
			sounded[length++] = text.ptr[i];
			continue;
		}
		size_t bytes = strlen(sound);
		memcpy(sounded + length, sound, bytes);
		length += (uint32_t)bytes;
		i++;
	}
	*out = (struct tw_slice){sounded, length};
	return sounded != NULL;
}

/* ---- which nation ---- */

static bool holds(struct tw_slice word, const char *letters)
{
	uint32_t length = (uint32_t)strlen(letters);
	for (uint32_t i = 0; i + length <= word.len; i++) {
		if (word.ptr[i] == letters[0] && memcmp(word.ptr + i, letters, length) == 0) {
			return true;
		}
	}
	return false;
}

static bool ends(struct tw_slice word, const char *letters)
{
	uint32_t length = (uint32_t)strlen(letters);
	return word.len > length && memcmp(word.ptr + word.len - length, letters, length) == 0;
}

/* What a name's words hold, of the letters that tell nations. */
struct signs {
	bool sch, tsch, tsj, tj, oe, cz, sz, cs, tch, c, j, any_w;
	bool w, v;      /* a word ends as a Russian one does: with w, with v or j */
	bool vitj, ics; /* a father's name in Swedish, in Hungarian */
};

static bool ends_with_one(struct tw_slice word, const char *const *endings)
{
	for (; *endings; endings++) {
		if (ends(word, *endings)) {
			return true;
		}
	}
	return false;
}

static bool holds_one(struct tw_slice word, const char *const *letters)
{
	for (; *letters; letters++) {
		if (holds(word, *letters)) {
			return true;
		}
	}
	return false;
}

/* A bit a letter. */
static uint32_t letters_in(struct tw_slice word)
{
	uint32_t letters = 0;
	for (uint32_t i = 0; i < word.len; i++) {
		letters |= 1U << ((unsigned char)word.ptr[i] & 31U); /* others beside a to z make the set no smaller */
	}
	return letters;
}

static void look_at(struct tw_slice word, struct signs *signs)
{
	static const char *const of_w[] = {"ow", "ew", "owa", "ewa", "owna", "ewna", "iwna", "slaw", "iwan", "pawel", "wadim", NULL};
	static const char *const of_v[] = {"ov", "ev", "ova", "eva", "vich", "ovic", "evic", "vna", "ij", "ej", "laj", "aja", NULL};
	static const char *const tsch[] = {"tsch", "dsch", NULL}, *const tj[] = {"tj", "sj", "zj", NULL};
	const uint32_t held = letters_in(word);
	if (!(held & letters_in(tw_slice_str("cjvwz"))) && !holds(word, "oe")) { /* most words: no sign is without one of these */
		return;
	}
	signs->sch |= holds(word, "sch");
	signs->tsch |= holds_one(word, tsch);
	signs->tsj |= holds(word, "tsj");
	signs->tj |= holds_one(word, tj);
	signs->oe |= holds(word, "oe");
	signs->cz |= holds(word, "cz");
	signs->sz |= holds(word, "sz");
	signs->cs |= holds(word, "cs") || holds(word, "zs");
	signs->tch |= holds(word, "tch");
	signs->c |= holds(word, "c");
	signs->j |= holds(word, "j");
	signs->any_w |= holds(word, "w");
	signs->vitj |= ends(word, "vitj");
	signs->ics |= ends(word, "vics");
	signs->w |= (held & letters_in(tw_slice_str("w"))) && ends_with_one(word, of_w);
	signs->v |= (held & letters_in(tw_slice_str("vj"))) && ends_with_one(word, of_v);
}

/* Rules of Slavic names alone, told by what they alone end in. */
static const struct pair *slavic_nation_of(const struct signs *signs)
{
	if (signs->sz && signs->any_w) {
		return polish;
	}
	if (signs->ics || (signs->v && (signs->cs || signs->sz))) {
		return hungarian;
	}
	if (signs->w || (signs->any_w && signs->j && (signs->v || signs->tj))) {
		return signs->c ? polish : german_plain;
	}
	if (signs->tch) {
		return french;
	}
	return signs->v && (signs->j || signs->c) ? slavic : NULL;
}

static const struct pair *nation_of(const struct signs *signs)
{
	if (signs->tsch || (signs->sch && !signs->tsj)) {
		return german;
	}
	if (signs->tsj || (signs->oe && (signs->v || signs->tj))) {
		return dutch;
	}
	if (signs->cz) {
		return polish;
	}
	return signs->vitj || (signs->tj && !signs->any_w) ? swedish : slavic_nation_of(signs);
}

/* Letters that one nation alone has: s with a cedilla, i without a dot; l with a stroke, z with a dot. NULL: neither */
static const struct pair *nation_of_letters(struct tw_slice text)
{
	static const char *const of_turkish[] = {"\xc5\x9e", "\xc5\x9f", "\xc4\xb1", "\xc4\xb0", "\xc4\x9f", "\xc4\x9e", NULL};
	static const char *const of_polish[] = {"\xc5\x81", "\xc5\x82", "\xc5\xbb", "\xc5\xbc", NULL};
	return holds_one(text, of_turkish) ? turkish : holds_one(text, of_polish) ? polish : NULL;
}

/* ---- reading ---- */

static const struct pair *rule_at(const struct pair *rules, struct tw_slice rest)
{
	for (; rules->from; rules++) {
		uint32_t length = (uint32_t)strlen(rules->from);
		if (length <= rest.len && memcmp(rest.ptr, rules->from, length) == 0) {
			return rules;
		}
	}
	return NULL;
}

static bool is_consonant(char c)
{
	return !strchr("aeiouyj", c);
}

/* Polish writes ie for e behind a consonant; French puts an e behind -in and -yn. */
static bool is_silent(const struct pair *rules, struct tw_slice word, uint32_t at)
{
	if (rules == polish) {
		return at && at + 1 < word.len && word.ptr[at] == 'i' && word.ptr[at + 1] == 'e' && is_consonant(word.ptr[at - 1]);
	}
	return rules == french && at + 1 == word.len && word.len > WORD_LETTERS_MIN && (ends(word, "ine") || ends(word, "yne"));
}

static uint32_t read_word(const struct pair *rules, struct tw_slice word, char *out)
{
	uint32_t length = 0, at = 0;
	while (at < word.len && length < TW_NAME_FORM_TOKEN_MAX) {
		if (is_silent(rules, word, at)) {
			at++;
			continue;
		}
		const struct pair *rule = rule_at(rules, (struct tw_slice){word.ptr + at, word.len - at});
		const char *to = rule ? rule->to : word.ptr + at;
		uint32_t bytes = rule ? (uint32_t)strlen(to) : 1;
		for (uint32_t i = 0; i < bytes && length < TW_NAME_FORM_TOKEN_MAX; i++) {
			out[length++] = to[i];
		}
		at += rule ? (uint32_t)strlen(rule->from) : 1;
	}
	if (rules == slavic && length > WORD_LETTERS_MIN && memcmp(out + length - 4, "vits", 4) == 0) { /* -vic: a caron is lost */
		memcpy(out + length - 2, "ch", 2);
	}
	return length;
}

static bool read_name(const struct pair *rules, const struct tw_name_form *name, struct tw_arena *arena, struct tw_name_form *out)
{
	out->count = 0;
	out->read = TW_READ_WRITTEN;
	for (uint32_t i = 0; i < name->count; i++) {
		struct tw_name_form_token token = name->token[i];
		if (token.word == TW_WORD_PLAIN) {
			char bytes[TW_NAME_FORM_TOKEN_MAX];
			token.text = tw_arena_copy(arena, (struct tw_slice){bytes, read_word(rules, token.text, bytes)});
			if (!token.text.ptr) {
				return false;
			}
		}
		out->token[out->count++] = token;
	}
	return true;
}

bool tw_name_national_read(struct tw_slice text, const struct tw_name_form *name, struct tw_arena *arena, struct tw_name_national *out)
{
	struct signs signs = {0};
	bool z = false;
	for (uint32_t i = 0; i < name->count; i++) {
		struct tw_slice word = name->token[i].text;
		if (name->token[i].word == TW_WORD_PLAIN && word.len >= WORD_LETTERS_MIN) {
			look_at(word, &signs);
			z |= holds(word, "z");
		}
	}
	const struct pair *own = nation_of_letters(text), *rules = own ? own : nation_of(&signs);
	out->sure = signs.tsch || signs.tsj || signs.vitj || signs.ics || (rules == polish && signs.cz);
	out->count = 0;
	if (!rules || !read_name(rules, name, arena, &out->form[0])) {
		return !rules;
	}
	out->count = 1;
	if (rules == german_plain && z) {
		out->count = 2;
		return read_name(german, name, arena, &out->form[1]);
	}
	return true;
}
