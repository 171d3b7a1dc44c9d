/**
 * @file signature_test.c
 * rules/signature: the manifest's text, the file of signatures read back, and who counts.
 */
#include "rules/signature.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/tw-signature-XXXXXX";
static char pack[64], path[80];
static struct tw_arena arena;
static struct tw_sign_secret *secret[3];
static struct tw_sign_public public[3];
static struct tw_rule_source source[3];
static struct tw_list sources = {source, 3, 3};

static void setup(void)
{
	struct tw_error err;
	char key[96], shown[96];
	tw_arena_init(&arena, 65536, 0);
	cr_assert_not_null(mkdtemp(folder));
	snprintf(pack, sizeof(pack), "%s/pack", folder);
	snprintf(path, sizeof(path), "%s.signatures", pack);
	for (int i = 0; i < 3; i++) {
		snprintf(key, sizeof(key), "%s/%d.key", folder, i);
		snprintf(shown, sizeof(shown), "%s/%d.pub", folder, i);
		cr_assert_eq(tw_sign_generate(key, shown, &err), TW_OK);
		cr_assert_eq(tw_sign_secret_read(key, &secret[i], &err), TW_OK);
		public[i] = tw_sign_public_of(secret[i]);
		unlink(key);
		unlink(shown);
	}
	static const char *const names[] = {"_sets.yaml", "a.yaml", "sub/b.yaml"};
	for (int i = 0; i < 3; i++) {
		source[i].name = tw_arena_format(&arena, "%s/%s", pack, names[i]).ptr;
		source[i].bytes = tw_slice_str(names[i]);
	}
}

static void teardown(void)
{
	for (int i = 0; i < 3; i++) {
		tw_sign_secret_free(secret[i]);
	}
	unlink(path);
	rmdir(folder);
	tw_arena_fini(&arena);
}

TestSuite(signature, .init = setup, .fini = teardown);

static struct tw_slice manifest(void)
{
	struct tw_slice text;
	struct tw_error err;
	cr_assert_eq(tw_rule_manifest(pack, &sources, &arena, &text, &err), TW_OK);
	return text;
}

static void file_write(struct tw_slice text)
{
	FILE *file = fopen(path, "w");
	cr_assert_not_null(file);
	fwrite(text.ptr, 1, text.len, file);
	fclose(file);
}

/* Signs what the pack is now, by those whose bits are set. */
static void signed_by(unsigned who)
{
	struct tw_rule_signatures signatures = {.manifest = manifest()};
	struct tw_error err;
	for (int i = 0; i < 3; i++) {
		if (who >> i & 1) {
			struct tw_rule_signature *one = &signatures.of[signatures.count++];
			tw_sign_fingerprint(&public[i], one -> fingerprint);
			cr_assert_eq(tw_sign(secret[i], signatures.manifest, one->bytes, &err), TW_OK);
		}
	}
	file_write(tw_rule_signatures_text(&signatures, &arena));
}

/* The first two count. @return 0, or the last two digits of the code of the refusal */
static int verdict(uint32_t needed, bool good[2])
{
	struct tw_rule_trust trust = {public, 2, needed};
	struct tw_error err;
	enum tw_code code = tw_rule_verify(pack, &sources, &trust, good, &arena, &err);
	const char *number = code == TW_OK ? NULL : strstr(err.detail, "[TW-R-09");
	cr_assert(code == TW_OK || (number && err.disposition == TW_STOP), "%s: %s", err.what, err.detail);
	return number ? (int)strtol(number + 8, NULL, 10) : 0;
}

Test(signature, the_manifest_is_every_file_by_its_path_below_the_pack)
{
	/* sha256sum of the names themselves */
	cr_assert_str_eq(manifest().ptr, "tidewaiter rules 1\n"
	                                 "sha256 c0eda4995604096f4798a828e438603671137739fa45f7dc12458fa09671f05e _sets.yaml\n"
	                                 "sha256 a42a65b8fa9d19fbe058e8b20d932240a411227ccfb705664bd36eecbaf63282 a.yaml\n"
	                                 "sha256 15b1aad96eee8ced6b721c1317e591af9b94f18916cea88ac072a29d5c85be91 sub/b.yaml\n");
}

Test(signature, a_name_that_could_make_two_lines_is_refused)
{
	struct tw_slice text;
	struct tw_error err;
	source[1].name = tw_arena_format(&arena, "%s/a\nsha256.yaml", pack).ptr;
	cr_assert_eq(tw_rule_manifest(pack, &sources, &arena, &text, &err), TW_E_RANGE);
}

Test(signature, as_many_different_trusted_keys_as_are_needed)
{
	bool good[2];
	cr_expect_eq(verdict(1, NULL), 10, "there is no file");
	signed_by(0);
	cr_expect_eq(verdict(1, NULL), 14);
	signed_by(4);
	cr_expect_eq(verdict(1, NULL), 14, "a stranger's alone");
	signed_by(1);
	cr_expect_eq(verdict(1, good), 0);
	cr_expect(good[0] && !good[1]);
	cr_expect_eq(verdict(2, NULL), 15);
	signed_by(5);
	cr_expect_eq(verdict(2, NULL), 15, "a stranger is no approver");
	signed_by(7);
	cr_expect_eq(verdict(2, good), 0);
	cr_expect(good[0] && good[1]);
}

Test(signature, one_key_that_signs_twice_is_one)
{
	struct tw_rule_signatures read;
	struct tw_error err;
	signed_by(1);
	cr_assert_eq(tw_rule_signatures_read(path, &arena, &read, &err), TW_OK);
	cr_assert_eq(read.count, 1);
	read.of[1] = read.of[0];
	memset(read.of[1].fingerprint, 'a', 16);
	read.count = 2;
	file_write(tw_rule_signatures_text(&read, &arena));
	cr_expect_eq(verdict(2, NULL), 15);
	cr_expect_eq(verdict(1, NULL), 0, "what a line calls its key decides nothing");
}

Test(signature, every_change_of_the_files_is_told_apart)
{
	struct tw_rule_source more[4], kept = source[1];
	signed_by(3);
	source[1].bytes = tw_slice_str("A.yaml");
	cr_expect_eq(verdict(1, NULL), 11);
	source[1] = kept;
	memcpy(more, source, sizeof(source));
	more[3] = (struct tw_rule_source){tw_arena_format(&arena, "%s/z.yaml", pack).ptr, tw_slice_str("z")};
	sources = (struct tw_list){more, 4, 4};
	cr_expect_eq(verdict(1, NULL), 12, "behind the last");
	more[3] = more[2];
	more[2] = (struct tw_rule_source){tw_arena_format(&arena, "%s/b.yaml", pack).ptr, tw_slice_str("b")};
	cr_expect_eq(verdict(1, NULL), 12, "in between");
	sources = (struct tw_list){source, 2, 2};
	cr_expect_eq(verdict(1, NULL), 13, "the last is gone");
	more[1] = more[3];
	sources = (struct tw_list){more, 2, 2};
	cr_expect_eq(verdict(1, NULL), 13, "one in between is gone");
	more[1] = source[1];
	more[1].name = tw_arena_format(&arena, "%s/c.yaml", pack).ptr;
	more[2] = source[2];
	sources = (struct tw_list){more, 3, 3};
	cr_expect_eq(verdict(1, NULL), 13, "another name");
	sources = (struct tw_list){source, 3, 3};
	cr_expect_eq(verdict(1, NULL), 0);
}

Test(signature, what_is_no_file_of_signatures_is_refused_with_its_line)
{
	struct tw_rule_signatures read;
	struct tw_error err;
	signed_by(3);
	cr_assert_eq(tw_rule_signatures_read(path, &arena, &read, &err), TW_OK);
	struct tw_slice good = tw_rule_signatures_text(&read, &arena);
	for (uint32_t length = 0; length < good.len; length++) { /* cut anywhere: refused, or fewer signatures */
		file_write((struct tw_slice){good.ptr, length});
		enum tw_code code = tw_rule_signatures_read(path, &arena, &read, &err);
		bool whole = length && good.ptr[length - 1] == '\n';
		cr_assert_eq(code, whole ? TW_OK : TW_E_SYNTAX, "%u", length);
		cr_assert(code != TW_OK || read.count < 2);
	}
	char *copy = (char *)(uintptr_t)tw_arena_copy(&arena, good).ptr;
	copy[good.len - 2] = 'G';
	file_write((struct tw_slice){copy, good.len});
	cr_assert_eq(tw_rule_signatures_read(path, &arena, &read, &err), TW_E_SYNTAX);
	char *name = strstr(copy, "a.yaml");
	cr_assert_not_null(strstr(err.where, ".signatures:6"), "%s", err.where);
	*name = '\0'; /* a name that would end early */
	file_write((struct tw_slice){copy, good.len});
	cr_assert_eq(tw_rule_signatures_read(path, &arena, &read, &err), TW_E_SYNTAX);
	cr_assert_not_null(strstr(err.where, ".signatures:3"), "%s", err.where);
}

Test(signature, lies_beside_a_pack_that_has_a_name)
{
	const char *beside = NULL;
	struct tw_error err;
	cr_assert_eq(tw_rule_signatures_path("rules/packs//", &arena, &beside, &err), TW_OK);
	cr_expect_str_eq(beside, "rules/packs.signatures");
	cr_assert_eq(tw_rule_signatures_path("a.yaml", &arena, &beside, &err), TW_OK);
	cr_expect_str_eq(beside, "a.yaml.signatures");
	static const char *const nameless[] = {".", "..", "/", "rules/..", "./"};
	for (size_t i = 0; i < sizeof(nameless) / sizeof(nameless[0]); i++) {
		cr_expect_eq(tw_rule_signatures_path(nameless[i], &arena, &beside, &err), TW_E_RANGE, "%s", nameless[i]);
	}
}
