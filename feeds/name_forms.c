/**
 * @file name_forms.c
 * Forms are drafted on the stack one after another, and kept when no earlier one is equal.
 *
 *     reading -> tw_name_split -> classed draft -> [1 as written] -> canonical words [2] -> short words joined [3]
 *     a company's words of other scripts translated (name_gloss.h)  -> the same three
 *     the other readings of an ambiguous script                   -> as written, joined where it is one of syllables
 *     what is read into Latin letters                             -> name_syllables.h, name_national.h, name_mistaken.h
 *
 * Invariant: a draft never has more than TW_NAME_TOKENS_MAX tokens, and none that is empty or over TW_NAME_FORM_TOKEN_MAX bytes. ASCII
 * never reaches ICU.
 */
#include "feeds/name_forms.h"

#include "engine/base/arena.h"
#include "feeds/name_firm_forms.h"
#include "feeds/name_form_words.h"
#include "feeds/name_gloss.h"
#include "feeds/name_latin.h"
#include "feeds/name_mistaken.h"
#include "feeds/name_national.h"
#include "feeds/name_parts.h"
#include "feeds/name_spelling.h"
#include "feeds/name_syllables.h"
#include "feeds/name_trade_words.h"
#include "feeds/name_words.h"

#define JOINED_LETTERS_MAX 3 /* words up to this length are written with the next one or apart */
#define ABDUL_BYTES        5
#define IMO_DIGITS         7
#define RUN_WORDS_MIN      3

static bool has_digit(struct tw_slice word)
{
	for (uint32_t i = 0; i < word.len; i++) {
		if (word.ptr[i] >= '0' && word.ptr[i] <= '9') {
			return true;
		}
	}
	return false;
}

static bool is_one_of(struct tw_slice word, const char *const *words)
{
	for (; *words; words++) {
		if (tw_slice_is(word, *words)) {
			return true;
		}
	}
	return false;
}

static struct tw_slice cut(struct tw_slice text)
{
	if (text.len > TW_NAME_FORM_TOKEN_MAX) {
		text.len = TW_NAME_FORM_TOKEN_MAX;
		while (text.len > 1 && ((unsigned char)text.ptr[text.len] & 0xc0) == 0x80) {
			text.len--;
		}
	}
	return text;
}

static void push(struct tw_name_form *form, struct tw_slice text, enum tw_name_word word)
{
	if (form->count < TW_NAME_TOKENS_MAX && text.len) {
		form->token[form->count++] = (struct tw_name_form_token){cut(text), word};
	}
}

static enum tw_name_word class_of(struct tw_slice text, enum tw_name_domain domain)
{
	bool single = text.len == 1 && text.ptr[0] >= 'a' && text.ptr[0] <= 'z';
	if (single && domain == TW_NAME_OF_PERSON) {
		return TW_WORD_INITIAL;
	}
	if (tw_name_is_stop(text, domain)) {
		return TW_WORD_STOP;
	}
	return single ? TW_WORD_INITIAL : TW_WORD_PLAIN;
}

/* Initials in a row: a person's are apart; a company's are its acronym, with its form behind it ("xsa" is x and sa). */
static void push_initials(struct tw_name_form *form, struct tw_slice text, enum tw_name_domain domain, bool alone)
{
	if (domain == TW_NAME_OF_PERSON) {
		for (uint32_t i = 0; i < text.len; i++) {
			push(form, (struct tw_slice){text.ptr + i, 1}, TW_WORD_INITIAL);
		}
		return;
	}
	for (uint32_t at = alone ? 3 : 0; domain == TW_NAME_OF_ORGANISATION && at + 2 <= text.len; at++) {
		struct tw_slice tail = {text.ptr + at, text.len - at};
		if (tw_name_form_uses(tail) & TW_FORM_LAST) {
			push(form, (struct tw_slice){text.ptr, at}, TW_WORD_PLAIN);
			push(form, tail, TW_WORD_PLAIN);
			return;
		}
	}
	push(form, text, class_of(text, domain));
}

/* "J.R." is two initials of a person, where it is an acronym in any other name: full stops part a person's words. */
static bool parts_at_stops(struct tw_slice text, enum tw_name_domain domain)
{
	return domain == TW_NAME_OF_PERSON && text.len && memchr(text.ptr, '.', text.len);
}

static bool part_at_stops(struct tw_slice *text, struct tw_arena *arena)
{
	char *parted = tw_arena_alloc_raw(arena, text->len);
	for (uint32_t i = 0; parted && i < text->len; i++) {
		parted[i] = text->ptr[i];
		if (parted[i] == '.') {
			parted[i] = ' ';
		}
	}
	text->ptr = parted;
	return parted != NULL;
}

/* "LPG/C Tern", "Tanker Tern": how many words before a ship's name are none of it. */
static uint32_t ship_prefix(const struct tw_name_tokens *tokens)
{
	if (tokens->count < 2 || !tw_name_is_ship_prefix(tokens->token[0].text)) {
		return 0;
	}
	bool carrier = tokens->count > 2 && tw_slice_is(tokens->token[1].text, "c");
	return carrier ? 2 : 1;
}

/* Titles stand before a person's name, of two words or more: they are looked at as stop words are. */
static void class_titles(struct tw_name_form *form)
{
	for (uint32_t i = 0; i + 2 < form->count && tw_name_is_title(form->token[i].text); i++) {
		form->token[i].word = TW_WORD_STOP;
	}
}

/* "No. 5" is 5. */
static bool is_number_sign(const struct tw_name_tokens *tokens, uint32_t at)
{
	static const char *const signs[] = {"no", "nr", "num", "number", "numero", "nomer", NULL};
	if (at == 0 || at + 1 >= tokens->count || !is_one_of(tokens->token[at].text, signs)) {
		return false;
	}
	char next = tokens->token[at + 1].text.ptr[0];
	return next >= '0' && next <= '9';
}

/* "IMO 9999999" behind a ship's name is its number, not a word of it. */
static bool is_imo_number(const struct tw_name_tokens *tokens, uint32_t at)
{
	struct tw_slice number = tokens->token[at].text;
	if (number.len != IMO_DIGITS || at < 2 || !tw_slice_is(tokens->token[at - 1].text, "imo")) {
		return false;
	}
	for (uint32_t i = 0; i < number.len; i++) {
		if (number.ptr[i] < '0' || number.ptr[i] > '9') {
			return false;
		}
	}
	return true;
}

static bool is_hong_kong(const struct tw_name_tokens *tokens, uint32_t at)
{
	return at + 1 < tokens->count && tw_slice_is(tokens->token[at].text, "hong") && tw_slice_is(tokens->token[at + 1].text, "kong");
}

/* A word of a firm, in English where it is one of trade in another language, and "Hong Kong" as one. @return tokens taken */
static uint32_t push_firm_word(struct tw_name_form *form, const struct tw_name_tokens *tokens, uint32_t at, struct tw_slice word)
{
	if (is_hong_kong(tokens, at)) {
		push(form, tw_slice_str("hongkong"), TW_WORD_PLAIN);
		return 2;
	}
	for (struct tw_slice rest = tw_name_unabbreviated(word); rest.len;) {
		word = tw_name_next_word(&rest);
		push(form, word, class_of(word, TW_NAME_OF_ORGANISATION));
	}
	return 1;
}

static void class_words(const struct tw_name_tokens *tokens, enum tw_name_domain domain, struct tw_name_form *form)
{
	uint32_t prefixed = domain == TW_NAME_OF_VESSEL ? ship_prefix(tokens) : 0;
	form->count = 0;
	for (uint32_t i = prefixed; i < tokens->count; i++) {
		struct tw_slice word = tokens->token[i].text;
		if (domain != TW_NAME_OF_PERSON && is_number_sign(tokens, i)) {
			continue;
		}
		if (domain == TW_NAME_OF_VESSEL && is_imo_number(tokens, i)) {
			form->count -= form->count > 1;
			continue;
		}
		bool ship = domain == TW_NAME_OF_VESSEL && i > prefixed;
		bool firm = domain == TW_NAME_OF_ORGANISATION && i && word.len > 1;
		struct tw_slice as = ship || firm ? tw_name_ship_number(word, firm || i + 1 == tokens->count) : word;
		if (tokens->token[i].initials && as.ptr == word.ptr) {
			push_initials(form, word, domain, tokens->count == 1);
			continue;
		}
		if (domain == TW_NAME_OF_ORGANISATION) {
			i += push_firm_word(form, tokens, i, as) - 1;
		} else {
			push(form, as, class_of(as, domain));
		}
	}
	if (domain == TW_NAME_OF_PERSON) {
		class_titles(form);
	}
	if (domain == TW_NAME_OF_ORGANISATION) {
		tw_name_mark_firm(form);
	}
}

/* A text as written, its words classed. @param split the text's tokens, NULL: not known yet */
static bool draft(struct tw_slice text, const struct tw_name_tokens *split, enum tw_name_domain domain, struct tw_arena *arena,
                  struct tw_name_form *form)
{
	struct tw_name_tokens tokens;
	bool parted = parts_at_stops(text, domain);
	if (split && !parted) {
		class_words(split, domain, form);
		return true;
	}
	if ((parted && !part_at_stops(&text, arena)) || !tw_name_split(text, arena, &tokens)) {
		return false;
	}
	class_words(&tokens, domain, form);
	return true;
}

static bool is_article(struct tw_slice word)
{
	static const char *const articles[] = {"al", "el", "ul", "as", "ad", "ar", "an", "az", "ash", NULL};
	return is_one_of(word, articles);
}

/* "abdulrahman", "abdelrahman": the length of its first part, 0 when it has none. "abdullah" is one word. */
static uint32_t abdul_bytes(struct tw_slice word)
{
	static const char *const parts[] = {"abdul", "abdel", "abdal", "abdol", "abdur", "abdus", NULL};
	if (word.len <= ABDUL_BYTES + 2 || !is_one_of((struct tw_slice){word.ptr, ABDUL_BYTES}, parts)) {
		return 0;
	}
	char spelt[TW_NAME_SPELLING_ROOM];
	bool whole = tw_slice_is((struct tw_slice){spelt, tw_name_spelling(word, spelt)}, "abdula");
	return whole ? 0 : ABDUL_BYTES;
}

static bool push_spelt(struct tw_name_form *form, struct tw_slice word, enum tw_name_word class, struct tw_arena *arena)
{
	char spelt[TW_NAME_SPELLING_ROOM];
	struct tw_slice text = {spelt, tw_name_spelling(word, spelt)};
	if (tw_slice_equal(text, word)) {
		push(form, word, class);
		return true;
	}
	struct tw_slice copy = tw_arena_copy(arena, text);
	push(form, copy, class);
	return copy.ptr != NULL;
}

/* The canonical spelling of each word; "abd al", "abdel" and "abdul..." are abdul, the article al, a father's son bin. */
static bool canonical(const struct tw_name_form *from, struct tw_arena *arena, struct tw_name_form *to)
{
	to->read = TW_READ_WRITTEN;
	to->count = 0;
	for (uint32_t i = 0; i < from->count; i++) {
		struct tw_name_form_token token = from->token[i];
		struct tw_slice text = token.text;
		bool divine = tw_slice_is(text, "abd") && i + 1 < from->count && is_article(from->token[i + 1].text);
		uint32_t head = token.word == TW_WORD_PLAIN ? abdul_bytes(text) : 0;
		bool ok = true;
		if (divine || head) {
			push(to, tw_slice_str("abdul"), TW_WORD_PLAIN);
			i += divine;
			ok = !head || push_spelt(to, (struct tw_slice){text.ptr + head, text.len - head}, TW_WORD_PLAIN, arena);
		} else if (token.word == TW_WORD_STOP) {
			push(to, tw_name_usual_stop(text), TW_WORD_STOP);
		} else if (token.word == TW_WORD_PLAIN) {
			ok = push_spelt(to, text, TW_WORD_PLAIN, arena);
		} else {
			push(to, text, token.word);
		}
		if (!ok) {
			return false;
		}
	}
	return true;
}

/* Not with a word of trade, of which the two would then have nearly all letters: "LS Holding" is not nearly "LTS Holding". */
static bool joins(struct tw_name_form_token token, struct tw_name_form_token next, enum tw_name_domain domain)
{
	static const char *const never[] = {"of", "the", "and", "for", "in", "at", "to", "by", "on", "with", NULL};
	bool trade = domain == TW_NAME_OF_ORGANISATION && tw_name_is_trade(next.text);
	return token.text.len <= JOINED_LETTERS_MAX && token.word != TW_WORD_FORM && next.word != TW_WORD_FORM && !trade &&
	       !is_one_of(token.text, never);
}

/* Short words joined to what follows; of a name of syllables, everything after the surname. */
static bool joined(const struct tw_name_form *from, bool syllables, enum tw_name_domain domain, struct tw_arena *arena, struct tw_name_form *to)
{
	to->count = 0;
	to->read = TW_READ_WRITTEN;
	for (uint32_t i = 0; i < from->count; i++) {
		struct tw_slice text = from->token[i].text;
		uint32_t last = i;
		if (syllables && i == 1) {
			while (last + 1 < from->count && from->token[last + 1].word != TW_WORD_FORM) {
				last++;
			}
		} else if (!syllables && i + 1 < from->count && joins(from->token[i], from->token[i + 1], domain)) {
			last++;
		}
		char bytes[TW_NAME_TOKENS_MAX * TW_NAME_FORM_TOKEN_MAX];
		uint32_t length = 0;
		for (uint32_t at = i; at <= last; at++) {
			memcpy(bytes + length, from->token[at].text.ptr, from->token[at].text.len);
			length += from->token[at].text.len;
		}
		if (last == i) {
			push(to, text, from->token[i].word);
			continue;
		}
		struct tw_slice copy = tw_arena_copy(arena, cut((struct tw_slice){bytes, length}));
		if (!copy.ptr) {
			return false;
		}
		push(to, copy, TW_WORD_PLAIN);
		i = last;
	}
	return true;
}

/* A ship's words before its number as one: "FU YUAN YU 8647", "FUYUANYU 8647". No form of less than three words: two are joined elsewhere. */
static bool run_together(const struct tw_name_form *from, struct tw_arena *arena, struct tw_name_form *to)
{
	char bytes[TW_NAME_FORM_TOKEN_MAX];
	uint32_t length = 0, words = 0;
	to->count = 0;
	to->read = TW_READ_WRITTEN;
	for (; words < from->count && !has_digit(from->token[words].text); words++) {
		struct tw_slice text = from->token[words].text;
		if (length + text.len > sizeof(bytes)) {
			return true;
		}
		memcpy(bytes + length, text.ptr, text.len);
		length += text.len;
	}
	if (words < RUN_WORDS_MIN) {
		return true;
	}
	struct tw_slice copy = tw_arena_copy(arena, (struct tw_slice){bytes, length});
	push(to, copy, TW_WORD_PLAIN);
	for (uint32_t i = words; i < from->count; i++) {
		push(to, from->token[i].text, from->token[i].word);
	}
	return copy.ptr != NULL;
}

static void copy_form(struct tw_name_form *to, const struct tw_name_form *from)
{
	memcpy(to->token, from->token, sizeof(from->token[0]) * from->count);
	to->count = from->count;
	to->read = from->read;
}

static bool same(const struct tw_name_form *a, const struct tw_name_form *b)
{
	for (uint32_t i = 0; i < a->count && a->count == b->count; i++) {
		if (a->token[i].word != b->token[i].word || !tw_slice_equal(a->token[i].text, b->token[i].text)) {
			return false;
		}
	}
	return a->count == b->count;
}

/* Keep the draft behind the kept ones unless one of them equals it. */
static void keep(struct tw_name_form *forms, uint32_t *count)
{
	bool fresh = forms[*count].count > 0;
	for (uint32_t i = 0; fresh && i < *count; i++) {
		fresh = !same(&forms[i], &forms[*count]);
	}
	*count += fresh && *count < TW_NAME_FORMS_MAX;
}

/* What is read into a name in Latin letters. */
static bool add_read(const struct tw_name_form *written, enum tw_name_domain domain, struct tw_arena *arena, struct tw_name_form *forms,
                     uint32_t *count)
{
	struct tw_name_form spelt[TW_SYLLABLE_FORMS_MAX];
	uint32_t spellings = 0;
	if (domain == TW_NAME_OF_PERSON && !tw_name_syllables(written, arena, spelt, &spellings)) {
		return false;
	}
	for (uint32_t i = 0; i < spellings; i++) {
		copy_form(&forms[*count], &spelt[i]);
		keep(forms, count);
	}
	if (!tw_name_mistaken(written, domain, arena, &forms[*count])) {
		return false;
	}
	keep(forms, count);
	return true;
}

static bool add_spelt(const struct tw_name_form *name, struct tw_arena *arena, struct tw_name_form *forms, uint32_t *count)
{
	if (!canonical(name, arena, &forms[*count])) {
		return false;
	}
	keep(forms, count);
	return true;
}

/* A person's name as another nation writes it, or by the sounds of its letters alone. @param sure whether that leaves no doubt */
static bool add_national(struct tw_slice text, const struct tw_name_form *written, struct tw_arena *arena, struct tw_name_form *forms,
                         uint32_t *count, bool *sure)
{
	struct tw_name_form sounded;
	struct tw_name_national read;
	struct tw_slice sounds;
	if (!tw_name_sounded(text, arena, &sounds)) {
		return false;
	}
	bool marked = sounds.ptr != text.ptr;
	if (marked && !draft(sounds, NULL, TW_NAME_OF_PERSON, arena, &sounded)) {
		return false;
	}
	if (!tw_name_national_read(text, marked ? &sounded : written, arena, &read)) {
		return false;
	}
	bool fits = read.count || !marked || add_spelt(&sounded, arena, forms, count);
	for (uint32_t i = 0; fits && i < read.count; i++) {
		fits = add_spelt(&read.form[i], arena, forms, count);
	}
	*sure = read.count && (read.sure || marked);
	return fits;
}

/* The canonical spelling; of a name that another nation spelt the one of what it means. */
static bool add_canonical(struct tw_slice text, const struct tw_name_form *written, bool latin_person, struct tw_arena *arena,
                          struct tw_name_form *forms, uint32_t *count)
{
	bool sure = false;
	if (latin_person && !add_national(text, written, arena, forms, count, &sure)) {
		return false;
	}
	return sure || add_spelt(written, arena, forms, count);
}

/* The forms of one reading; `forms` has room for one more than TW_NAME_FORMS_MAX. */
static bool add_reading(struct tw_slice text, const struct tw_name_tokens *split, struct tw_name_script script, enum tw_name_domain domain,
                        struct tw_arena *arena, struct tw_name_form *forms, uint32_t *count)
{
	struct tw_name_form written;
	if (!draft(text, split, domain, arena, &written)) {
		return false;
	}
	written.read = TW_READ_WRITTEN;
	copy_form(&forms[*count], &written);
	keep(forms, count);
	if (!add_canonical(text, &written, !script.other && domain == TW_NAME_OF_PERSON, arena, forms, count)) {
		return false;
	}
	if (!joined(&written, script.syllables, domain, arena, &forms[*count])) {
		return false;
	}
	keep(forms, count);
	if (domain == TW_NAME_OF_VESSEL) {
		if (!run_together(&written, arena, &forms[*count])) {
			return false;
		}
		keep(forms, count);
	}
	return script.other || add_read(&written, domain, arena, forms, count);
}

static bool add_latin(struct tw_slice text, enum tw_name_reading reading, struct tw_name_script script, enum tw_name_domain domain,
                      struct tw_arena *arena, struct tw_name_form *forms, uint32_t *count)
{
	struct tw_slice latin;
	return tw_name_latin(text, reading, arena, &latin) && add_reading(latin, NULL, script, domain, arena, forms, count);
}

/* Every reading of a name that is not ASCII; of a company's also with what is translated in lists. */
static bool add_readings(struct tw_slice text, struct tw_name_script script, enum tw_name_domain domain, struct tw_arena *arena,
                         struct tw_name_form *forms, uint32_t *count)
{
	struct tw_slice glossed = text;
	bool translated = script.other && domain == TW_NAME_OF_ORGANISATION;
	if (translated && !tw_name_gloss(text, TW_GLOSS_FORMS, arena, &text)) {
		return false;
	}
	if (!add_latin(text, TW_READING_USUAL, script, domain, arena, forms, count)) {
		return false;
	}
	if (translated && (!tw_name_gloss(glossed, TW_GLOSS_ALL, arena, &glossed) ||
	                   !add_latin(glossed, TW_READING_WHOLE, (struct tw_name_script){0}, domain, arena, forms, count))) {
		return false;
	}
	for (int reading = TW_READING_USUAL + 1; reading < (script.ambiguous ? TW_READINGS : 0); reading++) {
		if (!add_latin(text, (enum tw_name_reading)reading, script, domain, arena, forms, count)) {
			return false;
		}
	}
	return true;
}

bool tw_name_forms_make(struct tw_slice text, enum tw_name_domain domain, struct tw_arena *arena, struct tw_name_forms *out)
{
	return tw_name_forms_split(text, NULL, domain, arena, out);
}

/* The forms of one name of a text. */
static bool add_name(struct tw_slice text, const struct tw_name_tokens *split, enum tw_name_domain domain, struct tw_arena *arena,
                     struct tw_name_form *forms, uint32_t *count)
{
	struct tw_name_script script = tw_name_script_of(text);
	return script.foreign ? add_readings(text, script, domain, arena, forms, count)
	                      : add_reading(text, split, script, domain, arena, forms, count);
}

bool tw_name_forms_split(struct tw_slice text, const struct tw_name_tokens *split, enum tw_name_domain domain, struct tw_arena *arena,
                         struct tw_name_forms *out)
{
	struct tw_name_form forms[TW_NAME_FORMS_MAX + 1];
	struct tw_slice parts[TW_NAME_PARTS_MAX];
	*out = (struct tw_name_forms){0};
	uint32_t count = 0, names = tw_name_parts(text, domain, parts);
	bool fits = true;
	for (uint32_t i = 0; i < names && fits; i++) {
		fits = add_name(parts[i], parts[i].len == text.len ? split : NULL, domain, arena, forms, &count);
	}
	fits =
	    fits && (names == 1 || add_name(text, split, domain, arena, forms, &count)); /* and the two as one: a marker may be misspelt elsewhere */
	if (!fits) {
		return false;
	}
	if (count == 0) {
		return true;
	}
	out->form = tw_arena_alloc_raw(arena, sizeof(out->form[0]) * count);
	if (!out->form) {
		return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		copy_form(&out->form[i], &forms[i]);
	}
	out->count = count;
	return true;
}
