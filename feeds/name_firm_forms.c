/** @file name_firm_forms.c  See name_firm_forms.h. */
#include "feeds/name_firm_forms.h"

#include "feeds/name_form_words.h"
#include "feeds/name_place_words.h"

#define SURE_WORDS_MIN 2 /* of a phrase one word of which is in doubt: "joint ptck company" */

/* How many tokens a phrase takes that stands before `to`, 0 when it does not. One word may be in doubt. */
static uint32_t phrase_before(const struct tw_name_form *form, uint32_t to, struct tw_slice words)
{
	uint32_t taken = 0, doubts = 0;
	while (words.len) {
		uint32_t from = words.len;
		while (from && words.ptr[from - 1] != ' ') {
			from--;
		}
		struct tw_slice word = {words.ptr + from, words.len - from};
		if (taken == to) {
			return 0;
		}
		struct tw_slice text = form->token[to - ++taken].text;
		if (!tw_name_form_same(text, word) && (doubts++ || !tw_name_is_doubtfully(text, word))) {
			return 0;
		}
		words.len = from ? from - 1 : 0;
	}
	return taken >= doubts * (SURE_WORDS_MIN + 1) ? taken : 0;
}

/* Make the tokens [from, from + count) one company form. */
static void make_form(struct tw_name_form *form, uint32_t from, uint32_t count, struct tw_slice kind)
{
	form->token[from] = (struct tw_name_form_token){kind, TW_WORD_FORM};
	memmove(form->token + from + 1, form->token + from + count, sizeof(form->token[0]) * (form->count - from - count));
	form->count -= count - 1;
}

/* A form of several words that ends before `to`. */
static bool mark_phrase(struct tw_name_form *form, uint32_t *to)
{
	uint32_t endings;
	const uint8_t *ending = tw_name_phrases_ending(form->token[*to - 1].text, &endings);
	for (uint32_t i = 0; i < endings; i++) {
		const struct tw_name_phrase *phrase = &tw_name_phrases[ending[i]];
		uint32_t count = phrase_before(form, *to, phrase->words);
		if (count && count < *to) {
			*to -= count;
			make_form(form, *to, count, phrase->kind);
			return true;
		}
	}
	return false;
}

static bool mark_last(struct tw_name_form *form, uint32_t *to)
{
	struct tw_slice last = form->token[*to - 1].text;
	if (mark_phrase(form, to)) {
		return true;
	}
	if (tw_name_form_uses(last) & TW_FORM_LAST) {
		make_form(form, --*to, 1, tw_name_form_kind(last));
		return true;
	}
	return false;
}

/* A form that stands elsewhere ("Ltd Alpha Lines", "Alpha GmbH Trading") says as little; of two letters it may be a word of the name. */
static void mark_inner(struct tw_name_form *form)
{
	for (uint32_t to = form->count; to > 2; to--) {
		uint32_t at = to;
		if (form->token[to - 1].word == TW_WORD_PLAIN && mark_phrase(form, &at)) {
			to = at + 1;
		}
	}
	uint32_t plain = 0;
	for (uint32_t i = 0; i < form->count; i++) {
		plain += form->token[i].word == TW_WORD_PLAIN;
	}
	for (uint32_t i = 0; plain > 1 && i < form->count; i++) {
		struct tw_name_form_token *token = &form->token[i];
		bool long_enough = token->text.len > 2 || tw_slice_is(token->text, "co");
		if (token->word == TW_WORD_PLAIN && long_enough && (tw_name_form_uses(token->text) & TW_FORM_LAST)) {
			*token = (struct tw_name_form_token){tw_name_form_kind(token->text), TW_WORD_FORM};
			plain--;
		}
	}
}

/* "LI MITED" */
static void mend_torn(struct tw_name_form *form)
{
	for (uint32_t i = 0; i + 1 < form->count; i++) {
		struct tw_slice whole = tw_name_form_torn(form->token[i].text, form->token[i + 1].text);
		if (whole.len) {
			make_form(form, i, 2, whole);
			form->token[i].word = TW_WORD_PLAIN;
		}
	}
}

/* Misspelt words of company forms: "JOINT STCOK COMPNAY". Short ones, beside the word they stand with alone. */
static void mend(struct tw_name_form *form)
{
	static const struct tw_slice joint = {"joint", 5}, stock = {"stock", 5};
	mend_torn(form);
	for (uint32_t i = 0; i < form->count; i++) {
		struct tw_name_form_token *token = &form->token[i], *next = i + 1 < form->count ? token + 1 : NULL;
		if (token->word != TW_WORD_PLAIN) {
			continue;
		}
		token->text = tw_name_form_mended(token->text);
		if (next && tw_slice_equal(next->text, stock) && tw_name_is_nearly(token->text, joint)) {
			token->text = joint;
		} else if (next && tw_slice_equal(token->text, joint) && tw_name_is_nearly(next->text, stock)) {
			next->text = stock;
		}
	}
}

static bool mark_leading(struct tw_name_form *form, uint32_t to, const struct tw_name_phrase *phrase)
{
	uint32_t words = 1;
	for (uint32_t at = 0; at < phrase->words.len; at++) {
		words += phrase->words.ptr[at] == ' ';
	}
	bool stands = words < to && phrase_before(form, words, phrase->words) == words;
	if (stands) {
		make_form(form, 0, words, phrase->kind);
	}
	return stands;
}

/* A form of several words at the head of the tokens before `to`; its first word may be the one in doubt. */
static void mark_first_phrase(struct tw_name_form *form, uint32_t to)
{
	uint32_t leads = 0;
	const uint8_t *leading = to > 2 ? tw_name_phrases_leading(form->token[0].text, &leads) : NULL;
	for (uint32_t i = 0; i < leads; i++) {
		if (mark_leading(form, to, &tw_name_phrases[leading[i]])) {
			return;
		}
	}
	bool doubtful = to > SURE_WORDS_MIN + 1 && tw_name_is_form_word(form->token[1].text) && tw_name_is_form_word(form->token[2].text);
	for (size_t i = 0; doubtful && i < tw_name_phrase_count; i++) {
		if (tw_name_phrases[i].leads && mark_leading(form, to, &tw_name_phrases[i])) {
			return;
		}
	}
}

/* "Quill Lines OU Damascus": a form before the place that papers put behind a firm's name. */
static void mark_before_place(struct tw_name_form *form)
{
	uint32_t to = form->count;
	while (to > 2 && form->token[to - 1].word == TW_WORD_PLAIN && tw_name_is_place(form->token[to - 1].text)) {
		to--;
	}
	while (to > 1 && to < form->count && mark_last(form, &to)) {
	}
}

/* Company forms at the end and at the head; one token is always left. */
static void mark_ends(struct tw_name_form *form)
{
	uint32_t to = form->count;
	while (to > 1 && mark_last(form, &to)) {
	}
	if (to == form->count) {
		mark_before_place(form);
	}
	if (to > 1 && (tw_name_form_uses(form->token[0].text) & TW_FORM_FIRST)) {
		make_form(form, 0, 1, tw_name_form_kind(form->token[0].text));
		return;
	}
	mark_first_phrase(form, to);
}

void tw_name_mark_firm(struct tw_name_form *form)
{
	mend(form);
	mark_ends(form);
	mark_inner(form);
}
