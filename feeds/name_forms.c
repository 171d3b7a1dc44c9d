/** @file name_forms.c  See name_forms.h. */
#include "feeds/name_forms.h"

#include "engine/base/arena.h"

bool tw_name_forms_make(struct tw_slice text, enum tw_name_domain domain, struct tw_arena *arena, struct tw_name_forms *out)
{
	struct tw_name_tokens tokens;
	(void)domain;
	*out = (struct tw_name_forms){0};
	if (!tw_name_split(text, arena, &tokens)) {
		return false;
	}
	out->form = tokens.count ? tw_arena_alloc(arena, sizeof(*out->form)) : NULL;
	for (uint32_t i = 0; out->form && i < tokens.count; i++) {
		struct tw_slice token = tokens.token[i].text;
		out->form->token[out->form->count++].text = (struct tw_slice){token.ptr, token.len > 31 ? 31 : token.len};
	}
	out->count = out->form != NULL;
	return !tokens.count || out->form;
}
