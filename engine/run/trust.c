/**
 * @file trust.c
 * See trust.h.
 */
#include "engine/run/trust.h"

static enum tw_code check_twice(const char *const *paths, const struct tw_sign_public *keys, uint32_t at, struct tw_error *err)
{
	for (uint32_t i = 0; i < at; i++) {
		if (memcmp(&keys[i], &keys[at], sizeof(keys[i])) == 0) {
			return tw_fail(err, TW_E_CONFLICT, TW_STOP, "one signer's key stands twice in rules.signers", paths[at], "as %s", paths[i]);
		}
	}
	return TW_OK;
}

enum tw_code tw_trust_read(const struct tw_settings *settings, struct tw_arena *arena, struct tw_rule_trust *out, struct tw_error *err)
{
	const char *const *paths = settings->rule_signers.data;
	uint32_t count = settings->rule_signers.count;
	enum tw_code code = TW_OK;
	*out = (struct tw_rule_trust){NULL, 0, (uint32_t)settings->rule_signatures};
	struct tw_sign_public *keys = tw_arena_alloc(arena, (count + 1) * sizeof(*keys));
	if (!keys) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for keys", "rules.signers", NULL);
	}
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		code = tw_sign_public_read(paths[i], &keys[i], err);
		code = code == TW_OK ? check_twice(paths, keys, i, err) : code;
	}
	out->key = keys;
	out->key_count = count;
	return code;
}
