/**
 * @file rules_sign.c
 * `tidewaiter rules keygen`, `sign`, `verify`: who stands for a pack. See rules/signature.h for what a signature covers.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/base/file_replace.h"
#include "engine/command/rules_command.h"
#include "engine/run/trust.h"
#include "rules/signature.h"

#define ARENA_BLOCK_BYTES 65536U

/* A pack that is not signed as it should be is wrong data, not a wrong configuration. */
static int complain(struct tw_error *err)
{
	if (err->code == TW_E_AUTH || err->code == TW_E_SYNTAX) {
		err->disposition = TW_REJECT;
	}
	return tw_rules_complain(err);
}

/* ---- keygen ---- */

int tw_rules_keygen_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	struct tw_arena arena;
	struct tw_sign_public public;
	struct tw_error err;
	char fingerprint[TW_FINGERPRINT_BYTES];
	(void)settings;
	tw_arena_init(&arena, 4096, 0);
	const char *secret = tw_arena_format(&arena, "%s.key", request->words[1]).ptr;
	const char *shown = tw_arena_format(&arena, "%s.pub", request->words[1]).ptr;
	enum tw_code code =
	    secret && shown ? tw_sign_generate(secret, shown, &err) : tw_fail(&err, TW_E_MEMORY, TW_STOP, "no memory for a key's name", NULL, NULL);
	code = code == TW_OK ? tw_sign_public_read(shown, &public, &err) : code;
	if (code == TW_OK) {
		fprintf(out, "%s  private: keep it where you alone can read it\n%s  public: for rules.signers\nfingerprint %s\n", secret, shown,
		        tw_sign_fingerprint(&public, fingerprint));
	}
	tw_arena_fini(&arena);
	return code == TW_OK ? TW_EXIT_OK : complain(&err);
}

/* ---- sign ---- */

/* Those of the same files stay, but for this signer's own; of other files they are worth nothing any more. @return how many were dropped */
static uint32_t others_keep(struct tw_rule_signatures *signatures, struct tw_slice manifest, const struct tw_sign_public *signer)
{
	uint32_t before = signatures->count, kept = 0;
	bool same = tw_slice_equal(signatures->manifest, manifest);
	for (uint32_t i = 0; same && i < before; i++) {
		if (!tw_sign_verify(signer, manifest, signatures->of[i].bytes)) {
			signatures->of[kept++] = signatures->of[i];
		}
	}
	signatures->manifest = manifest;
	signatures->count = kept;
	return same ? 0 : before;
}

static enum tw_code signature_add(struct tw_rule_signatures *signatures, const struct tw_sign_secret *secret, const char *path, struct tw_error *err)
{
	struct tw_sign_public public = tw_sign_public_of(secret);
	if (signatures->count == TW_SIGNATURES_MAX) {
		return tw_fail(err, TW_E_LIMIT, TW_STOP, "too many signatures", path, "at most %u", TW_SIGNATURES_MAX);
	}
	struct tw_rule_signature *one = &signatures->of[signatures->count++];
	tw_sign_fingerprint(&public, one->fingerprint);
	return tw_sign(secret, signatures->manifest, one->bytes, err);
}

static enum tw_code pack_sign(const char *pack, const struct tw_sign_secret *secret, struct tw_arena *arena, FILE *out, struct tw_error *err)
{
	struct tw_list sources = {NULL, 0, 0};
	struct tw_rule_signatures signatures = {.count = 0};
	struct tw_slice manifest = {NULL, 0};
	struct tw_sign_public public = tw_sign_public_of(secret);
	const char *path = NULL;
	enum tw_code code = tw_rule_signatures_path(pack, arena, &path, err);
	code = code == TW_OK ? tw_rule_sources_read(&pack, 1, arena, &sources, err) : code;
	code = code == TW_OK ? tw_rule_manifest(pack, &sources, arena, &manifest, err) : code;
	if (code == TW_OK && (code = tw_rule_signatures_read(path, arena, &signatures, err)) == TW_E_MISSING) {
		code = TW_OK;
	}
	if (code != TW_OK) {
		return code;
	}
	uint32_t dropped = others_keep(&signatures, manifest, &public);
	code = signature_add(&signatures, secret, path, err);
	struct tw_slice text = code == TW_OK ? tw_rule_signatures_text(&signatures, arena) : (struct tw_slice){NULL, 0};
	if (code == TW_OK && !text.ptr) {
		code = tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for signatures", path, NULL);
	}
	code = code == TW_OK ? tw_file_replace_text(path, text, "signatures cannot be written", err) : code;
	if (code == TW_OK) {
		fprintf(out, "%s: %u files, %u signature%s\n", path, sources.count, signatures.count, signatures.count == 1 ? "" : "s");
	}
	if (code == TW_OK && dropped) {
		fprintf(out, "%u signature%s of other files %s dropped: whoever made %s has to sign again\n", dropped, dropped == 1 ? "" : "s",
		        dropped == 1 ? "was" : "were", dropped == 1 ? "it" : "them");
	}
	return code;
}

int tw_rules_sign_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	struct tw_arena arena;
	struct tw_sign_secret *secret = NULL;
	struct tw_error err;
	(void)settings; /* the pack is named: nobody signs by accident */
	if (!request->key) {
		fputs("tidewaiter rules: sign needs --key, the private key's file\n", stderr);
		return TW_EXIT_USAGE;
	}
	tw_arena_init(&arena, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_sign_secret_read(request->key, &secret, &err);
	code = code == TW_OK ? pack_sign(request->words[1], secret, &arena, out, &err) : code;
	tw_sign_secret_free(secret);
	tw_arena_fini(&arena);
	return code == TW_OK ? TW_EXIT_OK : complain(&err);
}

/* ---- verify ---- */

/* One key on the command line, of which one signature is enough; else as configured. */
static enum tw_code trust_of(const struct tw_settings *settings, const char *key, struct tw_arena *arena, struct tw_rule_trust *out,
                             struct tw_error *err)
{
	struct tw_sign_public *public = key ? tw_arena_alloc(arena, sizeof(*public)) : NULL;
	if (!key) {
		enum tw_code code = tw_trust_read(settings, arena, out, err);
		return code == TW_OK && out->needed == 0
		           ? tw_fail(err, TW_E_MISSING, TW_STOP, "whose signatures?", "rules.signers", "set it and rules.signatures, or give --key")
		           : code;
	}
	if (!public) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a key", key, NULL);
	}
	*out = (struct tw_rule_trust){public, 1, 1};
	return tw_sign_public_read(key, public, err);
}

static enum tw_code pack_verify(const char *pack, const struct tw_rule_trust *trust, struct tw_arena *arena, FILE *out, struct tw_error *err)
{
	struct tw_list sources = {NULL, 0, 0};
	char fingerprint[TW_FINGERPRINT_BYTES];
	bool *good = tw_arena_alloc(arena, trust->key_count * sizeof(*good));
	if (!good) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to verify", pack, NULL);
	}
	enum tw_code code = tw_rule_sources_read(&pack, 1, arena, &sources, err);
	code = code == TW_OK ? tw_rule_verify(pack, &sources, trust, good, arena, err) : code;
	if (code != TW_OK) {
		return code;
	}
	fprintf(out, "%s: %u files, as signed by", pack, sources.count);
	for (uint32_t i = 0; i < trust->key_count; i++) {
		if (good[i]) {
			fprintf(out, " %s", tw_sign_fingerprint(&trust->key[i], fingerprint));
		}
	}
	fputc('\n', out);
	return TW_OK;
}

int tw_rules_verify_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	struct tw_arena arena;
	struct tw_rule_trust trust = {NULL, 0, 0};
	struct tw_error err;
	bool named = request->word_count > 1;
	const char *const *packs = named ? request->words + 1 : settings->rule_paths.data;
	uint32_t count = named ? request->word_count - 1 : settings->rule_paths.count;
	int result = TW_EXIT_OK;
	tw_arena_init(&arena, ARENA_BLOCK_BYTES, 0);
	if (trust_of(settings, request->key, &arena, &trust, &err) != TW_OK) {
		result = complain(&err);
		count = 0;
	}
	for (uint32_t i = 0; i < count; i++) { /* all of them: whoever mends one wants to know of the next */
		if (pack_verify(packs[i], &trust, &arena, out, &err) != TW_OK) {
			int refused = complain(&err);
			result = result ? result : refused;
		}
	}
	tw_arena_fini(&arena);
	return result;
}
