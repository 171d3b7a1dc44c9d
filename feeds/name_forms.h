/**
 * @file name_forms.h
 * A name as the token sequences it is compared by.
 */
#ifndef TIDEWAITER_FEEDS_NAME_FORMS_H
#define TIDEWAITER_FEEDS_NAME_FORMS_H

#include "feeds/name.h"

/** What a token is in its name. */
enum tw_name_word { TW_WORD_PLAIN = 0, TW_WORD_INITIAL, TW_WORD_STOP, TW_WORD_FORM };

struct tw_name_form_token {
	struct tw_slice text;
	enum tw_name_word word;
};

struct tw_name_form {
	struct tw_name_form_token token[TW_NAME_TOKENS_MAX];
	uint32_t count;
};

#define TW_NAME_FORMS_MAX 6

struct tw_name_forms {
	struct tw_name_form form[TW_NAME_FORMS_MAX];
	uint32_t count;
};

/**
 * @param text   UTF-8; borrowed for the call
 * @param arena  the tokens' bytes live until its reset
 * @param out    no form for a name that says nothing
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_name_forms_make(struct tw_slice text, enum tw_name_domain domain, struct tw_arena *arena, struct tw_name_forms *out);

#endif
