/**
 * @file signature.c
 * See signature.h. The manifest of what was read is compared with the signed one first, so that a refusal names the file; then the signatures are
 * verified over what was read.
 */
#include "rules/signature.h"

#include <stdlib.h>

#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "rules/codes.h"

#define HEADER           "tidewaiter rules 1\n"
#define FILE_WORD        "sha256 "
#define SIGNATURE_WORD   "signature "
#define FINGERPRINT_LEN  (TW_FINGERPRINT_BYTES - 1)
#define SIGNATURE_DIGITS (2 * TW_SIGN_BYTES)
#define DIGEST_DIGITS    (TW_SHA256_HEX_BYTES - 1)

static enum tw_code memory_short(const char *pack, struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a pack's signatures", pack, NULL);
}

/* With the stable number of what is refused. */
static enum tw_code refuse(struct tw_error *err, const char *what, const char *where, const char *detail)
{
	return tw_fail(err, TW_E_AUTH, TW_STOP, what, where, "%s%s[%s]", detail, detail[0] ? " " : "", tw_rule_code_of(what, TW_E_AUTH)->name);
}

static size_t named_length(const char *pack)
{
	size_t length = strlen(pack);
	while (length > 1 && pack[length - 1] == '/') {
		length--;
	}
	return length;
}

enum tw_code tw_rule_signatures_path(const char *pack, struct tw_arena *arena, const char **out, struct tw_error *err)
{
	size_t length = named_length(pack), from = length;
	while (from && pack[from - 1] != '/') {
		from--;
	}
	struct tw_slice name = {pack + from, (uint32_t)(length - from)};
	if (name.len == 0 || tw_slice_is(name, ".") || tw_slice_is(name, "..")) {
		return tw_fail(err, TW_E_RANGE, TW_STOP, "signatures lie beside a pack: name its folder, not . or ..", pack, NULL);
	}
	*out = tw_arena_format(arena, "%.*s%s", (int)length, pack, TW_SIGNATURES_SUFFIX).ptr;
	return *out ? TW_OK : memory_short(pack, err);
}

/* ---- the manifest ---- */

/* Below the pack's folder; of a pack that is one file, its name. */
static const char *relative(const char *pack, const char *name)
{
	size_t length = named_length(pack);
	const char *slash = strrchr(name, '/');
	if (strncmp(name, pack, length) == 0 && name[length] == '/') {
		name += length;
		while (*name == '/') {
			name++;
		}
		return name;
	}
	return slash ? slash + 1 : name;
}

/* One line a file: a name may not make two of it. */
static bool is_plain(struct tw_slice name)
{
	for (uint32_t i = 0; i < name.len; i++) {
		if ((unsigned char)name.ptr[i] < ' ' || name.ptr[i] == '\x7f') {
			return false;
		}
	}
	return true;
}

static enum tw_code line_write(FILE *out, const char *pack, const struct tw_rule_source *source, struct tw_error *err)
{
	char digest[TW_SHA256_HEX_BYTES];
	const char *name = relative(pack, source->name);
	if (!is_plain(tw_slice_str(name))) {
		return tw_fail(err, TW_E_RANGE, TW_STOP, "a file of a signed pack has a control character in its name", pack, NULL);
	}
	enum tw_code code = tw_sha256_hex(source->bytes.ptr, source->bytes.len, digest, err);
	if (code == TW_OK) {
		fprintf(out, FILE_WORD "%s %s\n", digest, name);
	}
	return code;
}

enum tw_code tw_rule_manifest(const char *pack, const struct tw_list *sources, struct tw_arena *arena, struct tw_slice *out, struct tw_error *err)
{
	const struct tw_rule_source *source = sources->data;
	char *text = NULL;
	size_t size = 0;
	FILE *kept = open_memstream(&text, &size);
	enum tw_code code = kept ? TW_OK : memory_short(pack, err);
	if (kept) {
		fputs(HEADER, kept);
	}
	for (uint32_t i = 0; code == TW_OK && i < sources->count; i++) {
		code = line_write(kept, pack, &source[i], err);
	}
	if (kept && fclose(kept) != 0 && code == TW_OK) {
		code = memory_short(pack, err);
	}
	if (code == TW_OK) {
		*out = tw_arena_copy(arena, (struct tw_slice){text, (uint32_t)size});
		code = out->ptr ? TW_OK : memory_short(pack, err);
	}
	free(text);
	return code;
}

/* ---- the file of signatures ---- */

/* The next line without its newline, which is taken off `rest` too. @return false: none, or one without a newline */
static bool line_next(struct tw_slice *rest, struct tw_slice *line)
{
	const char *end = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
	if (!end) {
		return false;
	}
	*line = (struct tw_slice){rest->ptr, (uint32_t)(end - rest->ptr)};
	*rest = (struct tw_slice){end + 1, rest->len - line->len - 1};
	return true;
}

static bool begins(struct tw_slice text, const char *word)
{
	size_t length = strlen(word);
	return text.len >= length && memcmp(text.ptr, word, length) == 0;
}

static int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_hex(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (digit_of(text[i]) < 0) {
			return false;
		}
	}
	return true;
}

static bool file_line_good(struct tw_slice line)
{
	size_t word = strlen(FILE_WORD);
	return begins(line, FILE_WORD) && line.len > word + DIGEST_DIGITS + 1 && is_hex(line.ptr + word, DIGEST_DIGITS) &&
	       line.ptr[word + DIGEST_DIGITS] == ' ' && is_plain(line);
}

static bool signature_line_read(struct tw_slice line, struct tw_rule_signature *out)
{
	size_t word = strlen(SIGNATURE_WORD);
	if (!begins(line, SIGNATURE_WORD) || line.len != word + FINGERPRINT_LEN + 1 + SIGNATURE_DIGITS) {
		return false;
	}
	const char *digits = line.ptr + word + FINGERPRINT_LEN + 1;
	if (digits[-1] != ' ' || !is_hex(line.ptr + word, FINGERPRINT_LEN) || !is_hex(digits, SIGNATURE_DIGITS)) {
		return false;
	}
	memcpy(out->fingerprint, line.ptr + word, FINGERPRINT_LEN);
	out->fingerprint[FINGERPRINT_LEN] = '\0';
	for (size_t i = 0; i < TW_SIGN_BYTES; i++) {
		out->bytes[i] = (unsigned char)(digit_of(digits[2 * i]) << 4 | digit_of(digits[2 * i + 1]));
	}
	return true;
}

static enum tw_code malformed(const char *path, uint32_t line, struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	snprintf(where, sizeof(where), "%.230s:%u", path, line);
	return tw_fail(err, TW_E_SYNTAX, TW_STOP, "no line of a file of signatures", where, "[%s]",
	               tw_rule_code_of("no line of a file of signatures", TW_E_SYNTAX)->name);
}

enum tw_code tw_rule_signatures_read(const char *path, struct tw_arena *arena, struct tw_rule_signatures *out, struct tw_error *err)
{
	struct tw_slice bytes, line;
	enum tw_code code = tw_file_read(path, TW_SIGNATURES_BYTES_MAX, arena, &bytes, err);
	uint32_t number = 1;
	if (code != TW_OK) {
		return code;
	}
	*out = (struct tw_rule_signatures){.manifest = bytes};
	if (!begins(bytes, HEADER) || !line_next(&bytes, &line)) {
		return malformed(path, number, err);
	}
	while (bytes.len) {
		number++;
		bool whole = line_next(&bytes, &line);
		if (whole && out->count == 0 && file_line_good(line)) {
			continue;
		}
		if (out->count == 0) {
			out->manifest.len = (uint32_t)(line.ptr - out->manifest.ptr);
		}
		if (!whole || out->count == TW_SIGNATURES_MAX || !signature_line_read(line, &out->of[out->count])) {
			return malformed(path, number, err);
		}
		out->count++;
	}
	return TW_OK;
}

struct tw_slice tw_rule_signatures_text(const struct tw_rule_signatures *signatures, struct tw_arena *arena)
{
	struct tw_slice text = signatures->manifest;
	for (uint32_t i = 0; text.ptr && i < signatures->count; i++) {
		char digits[SIGNATURE_DIGITS + 1];
		for (size_t b = 0; b < TW_SIGN_BYTES; b++) {
			snprintf(digits + 2 * b, 3, "%02x", signatures->of[i].bytes[b]);
		}
		text = tw_arena_format(arena, "%.*s" SIGNATURE_WORD "%s %s\n", (int)text.len, text.ptr, signatures->of[i].fingerprint, digits);
	}
	return text;
}

/* ---- what is refused ---- */

static struct tw_slice name_of(struct tw_slice line)
{
	uint32_t from = (uint32_t)strlen(FILE_WORD) + DIGEST_DIGITS + 1;
	return (struct tw_slice){line.ptr + from, line.len - from};
}

/* Both manifests are in order of path: the first line that differs says what happened. */
static enum tw_code difference(struct tw_slice is, struct tw_slice was, const char *path, struct tw_error *err)
{
	struct tw_slice now = {NULL, 0}, then = {NULL, 0};
	bool more = true, before = true;
	char name[TW_ERROR_DETAIL_BYTES / 2];
	while ((more = line_next(&is, &now)) && (before = line_next(&was, &then)) && tw_slice_equal(now, then)) {
	}
	before = more ? before : line_next(&was, &then);
	if (!more && !before) {
		return refuse(err, "the signed list of files is another", path, "");
	}
	int order = !more ? 1 : !before ? -1 : tw_slice_compare(name_of(now), name_of(then));
	struct tw_slice meant = name_of(order > 0 ? then : now);
	snprintf(name, sizeof(name), "%.*s", (int)meant.len, meant.ptr);
	return refuse(err,
	              order > 0   ? "a signed file is gone"
	              : order < 0 ? "a file was added to a signed pack"
	                          : "a signed file was changed",
	              path, name);
}

static bool signed_by(const struct tw_sign_public *key, struct tw_slice manifest, const struct tw_rule_signatures *signatures)
{
	for (uint32_t i = 0; i < signatures->count; i++) {
		if (tw_sign_verify(key, manifest, signatures->of[i].bytes)) {
			return true;
		}
	}
	return false;
}

static enum tw_code count_signers(struct tw_slice manifest, const struct tw_rule_signatures *signatures, const struct tw_rule_trust *trust,
                                  bool *good, const char *path, struct tw_error *err)
{
	uint32_t signers = 0;
	char text[96];
	for (uint32_t i = 0; i < trust->key_count; i++) {
		bool has = signed_by(&trust->key[i], manifest, signatures);
		signers += has;
		if (good) {
			good[i] = has;
		}
	}
	snprintf(text, sizeof(text), "%u of the %u needed", signers, trust->needed);
	if (signers >= trust->needed) {
		return TW_OK;
	}
	return signers ? refuse(err, "too few trusted keys have signed the pack", path, text)
	               : refuse(err, "no trusted key has signed the pack", path, "");
}

enum tw_code tw_rule_verify(const char *pack, const struct tw_list *sources, const struct tw_rule_trust *trust, bool *good, struct tw_arena *arena,
                            struct tw_error *err)
{
	struct tw_rule_signatures signatures;
	struct tw_slice manifest = {NULL, 0};
	const char *path = NULL;
	enum tw_code code = tw_rule_signatures_path(pack, arena, &path, err);
	code = code == TW_OK ? tw_rule_manifest(pack, sources, arena, &manifest, err) : code;
	if (code != TW_OK) {
		return code;
	}
	code = tw_rule_signatures_read(path, arena, &signatures, err);
	if (code == TW_E_MISSING) {
		return refuse(err, "the pack is not signed", path, "there is no such file");
	}
	if (code != TW_OK) {
		return code;
	}
	if (!tw_slice_equal(manifest, signatures.manifest)) {
		return difference(manifest, signatures.manifest, path, err);
	}
	return count_signers(manifest, &signatures, trust, good, path, err);
}

/* ---- loading ---- */

/* One path's files, verified, behind those of the paths before it. */
static enum tw_code pack_read(const char *pack, const struct tw_rule_trust *trust, struct tw_arena *arena, struct tw_list *all, struct tw_error *err)
{
	struct tw_list sources = {NULL, 0, 0};
	enum tw_code code = tw_rule_sources_read(&pack, 1, arena, &sources, err);
	code = code == TW_OK ? tw_rule_verify(pack, &sources, trust, NULL, arena, err) : code;
	const struct tw_rule_source *source = sources.data;
	for (uint32_t i = 0; code == TW_OK && i < sources.count; i++) {
		struct tw_rule_source *kept = tw_list_push(arena, all, sizeof(*kept));
		if (!kept) {
			return memory_short(pack, err);
		}
		*kept = source[i];
	}
	return code;
}

static int by_name(const void *left, const void *right)
{
	const struct tw_rule_source *a = left, *b = right;
	return strcmp(a->name, b->name);
}

/* As tw_rule_sources_read orders them: by path, each once. */
static void in_order(struct tw_list *all)
{
	struct tw_rule_source *source = all->data;
	uint32_t kept = 0;
	if (!source) {
		return;
	}
	qsort(source, all->count, sizeof(*source), by_name);
	for (uint32_t i = 0; i < all->count; i++) {
		if (kept == 0 || strcmp(source[i].name, source[kept - 1].name) != 0) {
			source[kept++] = source[i];
		}
	}
	all->count = kept;
}

enum tw_code tw_rules_load_signed(const char *const *paths, size_t path_count, const struct tw_rule_trust *trust, FILE *problems,
                                  struct tw_rules **out, struct tw_error *err)
{
	struct tw_arena arena;
	struct tw_list all = {NULL, 0, 0};
	enum tw_code code = TW_OK;
	if (!trust || trust->needed == 0) {
		return tw_rules_load(paths, path_count, problems, out, err);
	}
	tw_arena_init(&arena, 64U * 1024U, 0);
	for (size_t i = 0; code == TW_OK && i < path_count; i++) {
		code = pack_read(paths[i], trust, &arena, &all, err);
	}
	if (code == TW_OK && !all.data) {
		code = tw_fail(err, TW_E_MISSING, TW_REJECT, "no rule files", NULL, NULL);
	}
	if (code == TW_OK) {
		in_order(&all);
		code = tw_rules_load_sources(all.data, all.count, problems, out, err);
	}
	tw_arena_fini(&arena);
	return code;
}
