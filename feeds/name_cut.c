/**
 * @file name_cut.c
 * See name_cut.h.
 */
#include "feeds/name_cut.h"

#include "engine/base/arena.h"
#include "feeds/name_forms.h"
#include "feeds/name_latin.h"
#include "feeds/name_words.h"

#define OWN_WORDS_MIN    2 /* that are left of a name: "Far East" is no firm's own */
#define OWN_LETTERS_MIN  12
#define OWN_WORD_LETTERS 3
#define TAIL_WORDS_MAX   2

struct own {
	uint32_t words, letters;
};

/* What of a name is its own, not its trade's or its form's. @return false when the arena is at its ceiling */
static bool own_words(struct tw_slice text, enum tw_name_domain domain, struct tw_arena *arena, struct own *own)
{
	struct tw_name_forms forms;
	*own = (struct own){0, 0};
	if (!tw_name_forms_make(text, domain, arena, &forms)) {
		return false;
	}
	for (uint32_t i = 0; forms.count && i < forms.form[0].count; i++) {
		const struct tw_name_form_token *token = &forms.form[0].token[i];
		bool counts = token->word == TW_WORD_PLAIN && token->text.len >= OWN_WORD_LETTERS && !tw_name_is_minor(token->text, domain);
		own->words += counts;
		own->letters += counts ? token->text.len : 0;
	}
	return true;
}

/* The first characters that a field holds; all of a text that fits. */
static struct tw_slice field_of(struct tw_slice text)
{
	uint32_t characters = 0, at = 0;
	for (; at < text.len; at++) {
		bool begins = ((unsigned char)text.ptr[at] & 0xc0) != 0x80;
		if (begins && characters++ == TW_NAME_FIELD_CHARACTERS) {
			break;
		}
	}
	return (struct tw_slice){text.ptr, at};
}

bool tw_name_cut_short(struct tw_slice text, enum tw_name_domain domain, struct tw_arena *arena, struct tw_slice *out)
{
	struct tw_slice cut = field_of(text);
	struct own whole, left;
	*out = (struct tw_slice){"", 0};
	if (domain != TW_NAME_OF_ORGANISATION || cut.len == text.len || tw_name_script_of(text).other) {
		return true;
	}
	if (!own_words(text, domain, arena, &whole) || !own_words(cut, domain, arena, &left)) {
		return false;
	}
	if (left.words < whole.words && left.words >= OWN_WORDS_MIN && left.letters >= OWN_LETTERS_MIN) {
		*out = cut;
	}
	return true;
}

static void copy(const struct tw_name_form *from, struct tw_name_form *to)
{
	memcpy(to->token, from->token, from->count * sizeof(from->token[0]));
	to->count = from->count;
	to->read = from->read;
}

bool tw_name_cut_read(struct tw_slice text, enum tw_name_domain domain, const struct tw_name_form *form, struct tw_name_form *out)
{
	uint32_t characters = 0;
	for (uint32_t at = 0; at < text.len; at++) {
		characters += ((unsigned char)text.ptr[at] & 0xc0) != 0x80;
	}
	if (domain != TW_NAME_OF_ORGANISATION || characters != TW_NAME_FIELD_CHARACTERS || form->count < 2) {
		return false;
	}
	const struct tw_name_form_token *last = &form->token[form->count - 1];
	if (last->word != TW_WORD_PLAIN || tw_name_is_minor(last->text, domain)) {
		return false;
	}
	copy(form, out);
	out->token[out->count - 1].word = TW_WORD_INITIAL;
	return true;
}

bool tw_name_tail_read(enum tw_name_domain domain, const struct tw_name_form *form, struct tw_name_form *out)
{
	uint32_t last = form->count, own = 0;
	while (last && form->token[last - 1].word != TW_WORD_FORM) {
		last--;
	}
	for (uint32_t i = 0; i + 1 < last; i++) {
		own += form->token[i].word == TW_WORD_PLAIN && !tw_name_is_minor(form->token[i].text, domain);
	}
	if (domain != TW_NAME_OF_ORGANISATION || !own || last == form->count || form->count - last > TAIL_WORDS_MAX) {
		return false;
	}
	copy(form, out);
	for (uint32_t i = last; i < out->count; i++) {
		out->token[i].word = TW_WORD_STOP;
	}
	return true;
}

static bool is_capital_consonant(char c)
{
	return c >= 'A' && c <= 'Z' && !strchr("AEIOUY", c);
}

bool tw_name_initials_read(struct tw_slice text, enum tw_name_domain domain, const struct tw_name_form *form, struct tw_name_form *out)
{
	const struct tw_name_form_token *last = form->count == 2 ? &form->token[1] : NULL;
	bool pair = domain == TW_NAME_OF_PERSON && last && last->word == TW_WORD_PLAIN && last->text.len == 2 && text.len > 2;
	if (!pair || !is_capital_consonant(text.ptr[text.len - 1]) || !is_capital_consonant(text.ptr[text.len - 2])) {
		return false;
	}
	copy(form, out);
	out->token[1] = (struct tw_name_form_token){{last->text.ptr, 1}, TW_WORD_INITIAL};
	out->token[2] = (struct tw_name_form_token){{last->text.ptr + 1, 1}, TW_WORD_INITIAL};
	out->count = 3;
	return true;
}
