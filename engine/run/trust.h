/**
 * @file trust.h
 * Whose signatures on rules count: from settings to keys. Private to engine/run.
 */
#ifndef TIDEWAITER_ENGINE_RUN_TRUST_H
#define TIDEWAITER_ENGINE_RUN_TRUST_H

#include "engine/run/settings.h"
#include "rules/signature.h"

/**
 * The public keys of rules.signers, and how many have to sign.
 * @param out keys in the arena; `needed` 0 where rules.signatures asks for none
 * @return TW_OK; as tw_sign_public_read; TW_E_CONFLICT: one key twice, so that one person would count as two; TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_trust_read(const struct tw_settings *settings, struct tw_arena *arena, struct tw_rule_trust *out, struct tw_error *err);

#endif
