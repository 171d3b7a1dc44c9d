/**
 * @file name_script_forms.c
 * A name in Arabic or Hebrew letters, cut into words three ways; see name_script.h.
 *
 *     usual    al | Tikriti    abdul | Rahman     abu | Bakr    RahmatAllah      Kakazada
 *     joined   alTikriti       abdalRahman        abuBakr       RahmatAllah      Kakazada
 *     apart    al | Tikriti    abdul | Rahman     abu | Bakr    Rahmat | Allah   Muhammad | Ali
 *
 * Source of the words: common knowledge of Arabic, Persian and Hebrew names; the project's own table.
 */
#include <stddef.h>
#include <uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "feeds/name_gloss.h"
#include "feeds/name_script.h"
#include "feeds/name_form_words.h"
#include "feeds/name_words.h"

#define CHARACTERS_MAX 2048 /* and bytes of a name that are looked at */
#define ALEF           0x627
#define LAM            0x644
#define NON_JOINER     0x200c

enum way { WAY_USUAL, WAY_JOINED, WAY_APART };

/* A word where it stands. */
struct piece {
	const uint16_t *text;
	uint32_t count;
	bool script;
};

struct cutter {
	enum tw_name_domain domain;
	struct tw_arena *arena;
	uint16_t text[CHARACTERS_MAX];
	struct piece piece[TW_NAME_TOKENS_MAX];
	uint32_t count;
	struct tw_script_forms *out;
	struct tw_script_form *form; /* of `out`: the one that is being cut */
	bool fits;
};

/* A word that is always written so. */
struct known {
	const char16_t *word;
	const char *latin;
	enum tw_name_word company; /* its class in the name of a company */
	bool person;               /* of persons too */
};

/* Letters folded as folded() folds them. */
static const struct known words[] = {
    {u"بن", "bin", TW_WORD_STOP, true},        {u"ابن", "bin", TW_WORD_STOP, true},     {u"بنت", "bint", TW_WORD_STOP, true},
    {u"ابو", "abu", TW_WORD_PLAIN, true},      {u"ابا", "abu", TW_WORD_PLAIN, true},    {u"ابي", "abu", TW_WORD_PLAIN, true},
    {u"ال", "al", TW_WORD_STOP, true},         {u"ولد", "ould", TW_WORD_PLAIN, true},   {u"شيخ", "sheikh", TW_WORD_PLAIN, true},
    {u"الشيخ", "sheikh", TW_WORD_PLAIN, true}, {u"حاجي", "haji", TW_WORD_PLAIN, true},  {u"حاج", "haji", TW_WORD_PLAIN, true},
    {u"الحاج", "haji", TW_WORD_PLAIN, true},   {u"ملا", "mullah", TW_WORD_PLAIN, true}, {u"مولوي", "mawlawi", TW_WORD_PLAIN, true},
    {u"دكتور", "dr", TW_WORD_PLAIN, true},     {u"الدكتور", "dr", TW_WORD_PLAIN, true}, {u"و", "and", TW_WORD_STOP, true},
};

uint16_t tw_script_usual(uint16_t character)
{
	switch (character) {
	case 0x622:
	case 0x623:
	case 0x625:
		return ALEF;
	case 0x649:
	case 0x6cc:
		return 0x64a;
	case 0x6a9:
		return 0x643;
	case 0x6c1:
	case 0x6d5:
		return 0x647;
	default:
		return character;
	}
}

/* For looking words up: rarer shapes too. */
static uint16_t folded(uint16_t c)
{
	return c == 0x671 ? ALEF : c == 0x6be ? 0x647 : tw_script_usual(c);
}

static bool is_word(const struct piece *piece, const char16_t *word)
{
	uint32_t i = 0;
	for (; i < piece->count && word[i]; i++) {
		if (folded(piece->text[i]) != word[i]) {
			return false;
		}
	}
	return i == piece->count && !word[i];
}

/* @return how many characters of the piece the word takes, 0 when it does not begin with it and have more */
static uint32_t head(const struct piece *piece, const char16_t *word)
{
	uint32_t i = 0;
	for (; word[i]; i++) {
		if (i >= piece->count || folded(piece->text[i]) != word[i]) {
			return 0;
		}
	}
	return i < piece->count ? i : 0;
}

static bool is_god(const struct piece *piece)
{
	return is_word(piece, u"الله") || is_word(piece, u"اله");
}

/* ---- pieces ---- */

static bool is_mark(uint16_t c)
{
	return (c >= 0x591 && c <= 0x5c7) || (c >= 0x64b && c <= 0x65f) || c == 0x670 || c == 0x640 || c == 0x654 || c == 0x655 ||
	       (c >= 0x200d && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static bool is_plain(uint16_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Where the name is read from: NFKC, so that presentation forms are letters. */
static uint32_t read_text(struct cutter *cutter, struct tw_slice text)
{
	UChar raw[CHARACTERS_MAX];
	int32_t count = 0;
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);
	int32_t bytes = (int32_t)(text.len < CHARACTERS_MAX ? text.len : CHARACTERS_MAX);
	u_strFromUTF8WithSub(raw, CHARACTERS_MAX, &count, text.ptr, bytes, 0xfffd, NULL, &status);
	if (U_FAILURE(status)) {
		return 0;
	}
	count = unorm2_normalize(nfkc, raw, count, (UChar *)cutter->text, CHARACTERS_MAX, &status);
	return U_SUCCESS(status) ? (uint32_t)count : 0;
}

/* Words into pieces, marks taken out in place. */
static void cut(struct cutter *cutter, uint32_t count)
{
	uint32_t to = 0;
	bool open = false, script = false;
	for (uint32_t i = 0; i < count; i++) {
		uint16_t c = cutter->text[i];
		bool letter = tw_script_is_letter(c);
		if (is_mark(c)) {
			continue;
		}
		if (!letter && !is_plain(c)) {
			open = false;
			continue;
		}
		if (!open || script != letter) {
			if (cutter->count == TW_NAME_TOKENS_MAX) {
				return;
			}
			cutter->piece[cutter->count++] = (struct piece){cutter->text + to, 0, letter};
		}
		open = true;
		script = letter;
		cutter->text[to++] = c;
		cutter->piece[cutter->count - 1].count++;
	}
}

/* ---- tokens ---- */

static struct tw_script_token *push(struct cutter *cutter)
{
	struct tw_script_form *form = cutter->form;
	return form->count < TW_NAME_TOKENS_MAX ? &form->token[form->count++] : NULL;
}

static enum tw_name_word class_of(const struct cutter *cutter, struct tw_slice latin, enum tw_name_word company)
{
	return tw_name_is_stop(latin, cutter->domain) ? TW_WORD_STOP : cutter->domain == TW_NAME_OF_ORGANISATION ? company : TW_WORD_PLAIN;
}

static void push_latin(struct cutter *cutter, const char *latin, enum tw_name_word company)
{
	struct tw_script_token *token = push(cutter);
	struct tw_slice text = tw_slice_str(latin);
	if (token) {
		*token = (struct tw_script_token){.latin = {text, class_of(cutter, text, company)}};
	}
}

static bool same_word(const struct tw_script_word *a, const struct tw_script_word *b)
{
	for (uint32_t i = 0; i < a->count && a->count == b->count; i++) {
		if (a->letter[i].character != b->letter[i].character) {
			return false;
		}
	}
	return a->count == b->count;
}

/* The same word where it was made before: it is asked once. */
static const struct tw_script_word *made_before(const struct cutter *cutter, const struct tw_script_word *word)
{
	for (const struct tw_script_form *form = cutter->out->form; form <= cutter->form; form++) {
		for (uint32_t i = 0; i < form->count; i++) {
			const struct tw_script_word *other = form->token[i].word;
			if (other && other != word && same_word(other, word)) {
				return other;
			}
		}
	}
	return word;
}

static void push_word(struct cutter *cutter, const uint16_t *text, uint32_t count)
{
	struct tw_script_token *token = push(cutter);
	struct tw_script_word *word = token ? tw_arena_alloc_raw(cutter->arena, sizeof(*word)) : NULL;
	if (!token) {
		return;
	}
	cutter->fits &= word != NULL;
	*token = (struct tw_script_token){.word = NULL};
	if (word && tw_script_word_make(text, count, word)) {
		token->word = made_before(cutter, word);
	} else {
		cutter->form->count--;
	}
}

/* Latin letters and digits among the others. */
static void push_plain(struct cutter *cutter, const struct piece *piece)
{
	char bytes[TW_NAME_FORM_TOKEN_MAX];
	uint32_t length = piece->count < sizeof(bytes) ? piece->count : (uint32_t)sizeof(bytes);
	for (uint32_t i = 0; i < length; i++) {
		bytes[i] = (char)(piece->text[i] >= 'A' && piece->text[i] <= 'Z' ? piece->text[i] + 32 : piece->text[i]);
	}
	struct tw_slice text = tw_arena_copy(cutter->arena, (struct tw_slice){bytes, length});
	cutter->fits &= text.ptr != NULL;
	if (text.ptr && cutter->domain == TW_NAME_OF_ORGANISATION && (tw_name_form_uses(text) & TW_FORM_LAST)) {
		push_latin(cutter, tw_name_form_kind(text).ptr, TW_WORD_FORM);
	} else if (text.ptr) {
		push_latin(cutter, text.ptr, TW_WORD_PLAIN);
	}
}

/* Two pieces as one word. */
static void push_joined(struct cutter *cutter, const struct piece *a, const struct piece *b)
{
	uint16_t text[2 * TW_SCRIPT_LETTERS_MAX];
	uint32_t count = 0;
	for (uint32_t i = 0; i < a->count && count < TW_SCRIPT_LETTERS_MAX; i++) {
		text[count++] = a->text[i];
	}
	for (uint32_t i = 0; i < b->count && count < 2 * TW_SCRIPT_LETTERS_MAX; i++) {
		text[count++] = b->text[i];
	}
	push_word(cutter, text, count);
}

static const struct known *known_word(const struct piece *piece)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (is_word(piece, words[i].word)) {
			return &words[i];
		}
	}
	return NULL;
}

/* "Muhammad-Ali" in one word: where the second name begins. */
static uint32_t second_name(const struct piece *piece)
{
	static const char16_t *const heads[] = {u"محمد", u"غلام", u"امير", u"سيد", u"علي", u"عبيد", u"حبيب", u"گل", u"جان", u"شاه", NULL};
	for (uint32_t i = 0; heads[i]; i++) {
		uint32_t at = head(piece, heads[i]);
		if (at && piece->count - at >= 2) {
			return at;
		}
	}
	return 0;
}

static bool is_faith(const struct piece *piece)
{
	return is_word(piece, u"الدين");
}

/* The second part of a family name of two: "Akhund zada". */
static bool is_tail(const struct piece *piece)
{
	return is_word(piece, u"زاده") || is_word(piece, u"پور") || is_word(piece, u"نژاد") || is_word(piece, u"خيل");
}

static bool joins(const struct piece *piece, const struct piece *next, enum way way)
{
	bool servant = is_word(piece, u"عبد"), father = is_word(piece, u"ابو");
	if (way == WAY_APART) {
		return false;
	}
	if (way == WAY_JOINED && (servant || father || is_tail(next))) {
		return true;
	}
	return is_god(next) ? servant || !known_word(piece) : way == WAY_USUAL && !known_word(piece) && (is_faith(next) || is_tail(next));
}

static struct piece rest_of(const struct piece *piece, uint32_t at)
{
	return (struct piece){piece->text + at, piece->count - at, true};
}

/* A word without what stands before its article, and without that. */
static void push_bare(struct cutter *cutter, struct piece piece, enum way way)
{
	uint32_t at = way == WAY_JOINED || piece.count <= 3 || is_god(&piece) ? 0 : head(&piece, u"ال");
	if (at) {
		push_latin(cutter, "al", TW_WORD_STOP);
		piece = rest_of(&piece, at);
	}
	at = way == WAY_APART ? second_name(&piece) : 0;
	if (at) {
		push_word(cutter, piece.text, at);
	}
	push_word(cutter, piece.text + at, piece.count - at);
}

/* A word that may hold several: "Abdulrahman", "Abughayth". */
static void push_split(struct cutter *cutter, struct piece piece, enum way way)
{
	uint32_t servant = head(&piece, u"عبدال"), father = head(&piece, u"ابو");
	struct piece served = rest_of(&piece, servant ? 3 : 0);
	if (way != WAY_JOINED && servant && !is_god(&served)) {
		push_latin(cutter, "abdul", TW_WORD_PLAIN);
		push_word(cutter, piece.text + servant, piece.count - servant);
	} else if (way != WAY_JOINED && father && piece.count - father > 2) {
		push_latin(cutter, "abu", TW_WORD_PLAIN);
		push_bare(cutter, rest_of(&piece, father), way);
	} else {
		push_bare(cutter, piece, way);
	}
}

/* A word and, where it binds the next one, that too. @return pieces taken */
static uint32_t push_piece(struct cutter *cutter, const struct piece *piece, const struct piece *next, enum way way)
{
	const struct known *known = known_word(piece);
	next = next && next->script ? next : NULL;
	uint32_t article = next && is_word(piece, u"عبد") && !is_god(next) ? head(next, u"ال") : 0;
	if (!piece->script) {
		push_plain(cutter, piece);
	} else if (next && joins(piece, next, way)) {
		push_joined(cutter, piece, next);
		return 2;
	} else if (article) {
		push_latin(cutter, "abdul", TW_WORD_PLAIN);
		push_word(cutter, next->text + article, next->count - article);
		return 2;
	} else if (known) {
		push_latin(cutter, known->latin, known->company);
	} else if (next && is_word(piece, u"عبد") && is_god(next)) {
		push_latin(cutter, "abd", TW_WORD_PLAIN);
	} else {
		push_split(cutter, *piece, way);
	}
	return 1;
}

static bool same_form(const struct tw_script_form *a, const struct tw_script_form *b)
{
	for (uint32_t i = 0; i < a->count && a->count == b->count; i++) {
		const struct tw_script_token *x = &a->token[i], *y = &b->token[i];
		if ((x->word == NULL) != (y->word == NULL) || (x->word ? x->word != y->word : !tw_slice_equal(x->latin.text, y->latin.text))) {
			return false;
		}
	}
	return a->count == b->count;
}

bool tw_script_asks(struct tw_slice text)
{
	if (tw_text_is_ascii(text)) {
		return false;
	}
	for (uint32_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if ((c >= 0xd7 && c <= 0xdb) || c == 0xef) {
			return true;
		}
	}
	return false;
}

/* The name cut one way, kept when no earlier form is equal. */
static void add_form(struct cutter *cutter, enum way way, struct tw_script_forms *out)
{
	struct tw_script_form *form = cutter->form = &out->form[out->count];
	bool fresh = false;
	form->count = 0;
	for (uint32_t i = 0; i < cutter->count;) {
		i += push_piece(cutter, &cutter->piece[i], i + 1 < cutter->count ? &cutter->piece[i + 1] : NULL, way);
	}
	for (uint32_t i = 0; i < form->count; i++) {
		fresh |= form->token[i].word != NULL;
	}
	for (uint32_t i = 0; fresh && i < out->count; i++) {
		fresh = !same_form(&out->form[i], form);
	}
	out->count += fresh;
}

/* A text cut each way. */
static void add_forms(struct cutter *cutter, struct tw_slice text, struct tw_script_forms *out)
{
	cutter->count = 0;
	cut(cutter, read_text(cutter, text));
	for (int way = WAY_USUAL; way <= WAY_APART && cutter->fits; way++) {
		add_form(cutter, (enum way)way, out);
	}
}

static bool add_glossed(struct cutter *cutter, struct tw_slice text, enum tw_gloss what, struct tw_script_forms *out)
{
	struct tw_slice glossed;
	if (!tw_name_gloss(text, what, cutter->arena, &glossed)) {
		return false;
	}
	add_forms(cutter, glossed, out);
	return cutter->fits;
}

bool tw_script_forms_make(struct tw_slice text, enum tw_name_domain domain, struct tw_arena *arena, struct tw_script_forms *out)
{
	struct cutter cutter;
	cutter.domain = domain;
	cutter.arena = arena;
	cutter.fits = true;
	cutter.out = out;
	out->count = 0;
	if (domain == TW_NAME_OF_ORGANISATION) {
		return add_glossed(&cutter, text, TW_GLOSS_ALL, out) && add_glossed(&cutter, text, TW_GLOSS_BODIES, out);
	}
	add_forms(&cutter, text, out);
	return cutter.fits;
}
