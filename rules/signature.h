/**
 * @file signature.h
 * Signed packs: who stands for the rules that are loaded, and that nobody has touched them since.
 *
 * Beside a pack (a rule folder, or one file) lies PACK.signatures:
 *
 *     tidewaiter rules 1
 *     sha256 6e1c...e0 _sets.yaml                    every file that a load of the pack reads, in byte order of path
 *     sha256 90ab...14 euc/euc-over-draw.yaml
 *     signature 0123456789abcdef 5f...c2             fingerprint of the public key, Ed25519 signature, hex; one line a signer
 *
 * What is signed is the text above the first signature, byte for byte: the *manifest*. It is made anew from the bytes that are loaded, never taken
 * from the file, so that what was verified is what judges. Adding, removing, renaming or changing a file that a load reads breaks every signature;
 * files that no load reads (a README) are not spoken of.
 *
 * It does not say which edition is the newest: whoever may write the folder can put an older signed one back.
 * Source: IETF, RFC 8032. Threads: any.
 */
#ifndef TIDEWAITER_RULES_SIGNATURE_H
#define TIDEWAITER_RULES_SIGNATURE_H

#include "engine/base/arena.h"
#include "engine/base/sign.h"
#include "rules/ruleset.h"

#define TW_SIGNATURES_SUFFIX    ".signatures"
#define TW_SIGNATURES_MAX       16                    /* lines that are kept of one file */
#define TW_SIGNATURES_BYTES_MAX (64U * 1024U * 1024U) /* as many files as rules may be, with paths of some length */

/** Whose signatures count, and how many of different keys a pack needs. */
struct tw_rule_trust {
	const struct tw_sign_public *key; /**< no two the same */
	uint32_t key_count;
	uint32_t needed; /**< 0: nothing is asked for */
};

struct tw_rule_signature {
	char fingerprint[TW_FINGERPRINT_BYTES];
	unsigned char bytes[TW_SIGN_BYTES];
};

/** A file of signatures as read. */
struct tw_rule_signatures {
	struct tw_slice manifest;
	struct tw_rule_signature of[TW_SIGNATURES_MAX];
	uint32_t count;
};

/** PACK.signatures, in the arena. @return TW_OK; TW_E_RANGE for a pack without a name of its own (".", "/"); TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_rule_signatures_path(const char *pack, struct tw_arena *arena, const char **out, struct tw_error *err);
/** @param sources of tw_rule_sources_read for this pack alone @return TW_OK; TW_E_RANGE: a name with a control character; TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_rule_manifest(const char *pack, const struct tw_list *sources, struct tw_arena *arena, struct tw_slice *out,
                                          struct tw_error *err);
/** @return TW_OK; TW_E_MISSING; TW_E_SYNTAX; TW_E_LIMIT; TW_E_IO; TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_rule_signatures_read(const char *path, struct tw_arena *arena, struct tw_rule_signatures *out, struct tw_error *err);
/** The file's bytes, in the arena; {NULL, 0} at its ceiling. */
struct tw_slice tw_rule_signatures_text(const struct tw_rule_signatures *signatures, struct tw_arena *arena);

/**
 * Is this pack, as it was read, signed by as many of the trusted keys as are needed?
 * @param good NULL, or for each trusted key: it has signed
 * @return TW_OK; TW_E_AUTH (stop) with a stable code in `detail`; TW_E_RANGE, TW_E_LIMIT, TW_E_IO, TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_rule_verify(const char *pack, const struct tw_list *sources, const struct tw_rule_trust *trust, bool *good,
                                        struct tw_arena *arena, struct tw_error *err);

/**
 * As tw_rules_load, but every path must be a pack that is signed as `trust` asks; what is compiled are the bytes that were verified.
 * @param trust NULL, or nothing needed: as tw_rules_load @return as tw_rules_load and tw_rule_verify
 */
TW_MUST_USE enum tw_code tw_rules_load_signed(const char *const *paths, size_t path_count, const struct tw_rule_trust *trust, FILE *problems,
                                              struct tw_rules **out, struct tw_error *err);

#endif
