/**
 * @file name_forms.c
 * One form a name: its folded tokens, told apart by small closed tables.
 */
#include "feeds/name_forms.h"

#include "engine/base/arena.h"

static bool is_among(struct tw_slice word, const char *const *words)
{
	for (; *words; words++) {
		if (tw_slice_is(word, *words)) {
			return true;
		}
	}
	return false;
}

static enum tw_name_word word_of(const struct tw_name_token *token, enum tw_name_domain domain)
{
	static const char *const stops[] = {"al", "el", "of", "and", "the", "de", "la", "del", "for", "bin", "ben", "ibn", NULL};
	static const char *const forms[] = {"ltd", "limited", "co", "company", "llc", "inc", "gmbh", "sarl", "sa", "ag", "corp", "corporation", NULL};
	if (token->text.len == 1 && token->text.ptr[0] >= 'a') {
		return TW_WORD_INITIAL;
	}
	if (is_among(token->text, stops)) {
		return TW_WORD_STOP;
	}
	return domain == TW_NAME_OF_ORGANISATION && is_among(token->text, forms) ? TW_WORD_FORM : TW_WORD_PLAIN;
}

bool tw_name_forms_make(struct tw_slice text, enum tw_name_domain domain, struct tw_arena *arena, struct tw_name_forms *out)
{
	struct tw_name_tokens tokens;
	*out = (struct tw_name_forms){NULL, 0};
	if (!tw_name_split(text, arena, &tokens)) {
		return false;
	}
	if (tokens.overflow || !tokens.count) {
		return true;
	}
	struct tw_name_form *form = tw_arena_alloc_raw(arena, sizeof(*form));
	if (!form) {
		return false;
	}
	*out = (struct tw_name_forms){form, 1};
	form->count = tokens.count;
	for (uint32_t i = 0; i < tokens.count; i++) {
		form->token[i] = (struct tw_name_form_token){tokens.token[i].text, word_of(&tokens.token[i], domain)};
	}
	return true;
}
