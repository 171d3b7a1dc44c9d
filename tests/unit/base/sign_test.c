/**
 * @file sign_test.c
 * engine/base/sign: a published vector, keys on the disk, and what is no signature.
 */
#include "engine/base/sign.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/tw-sign-XXXXXX";
static char secret_path[64], public_path[64];

static void setup(void)
{
	cr_assert_not_null(mkdtemp(folder));
	snprintf(secret_path, sizeof(secret_path), "%s/a.key", folder);
	snprintf(public_path, sizeof(public_path), "%s/a.pub", folder);
}

static void teardown(void)
{
	unlink(secret_path);
	unlink(public_path);
	rmdir(folder);
}

TestSuite(sign, .init = setup, .fini = teardown);

static void file_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
}

/* Source: IETF, RFC 8032, 7.1, test 3; its key as PEM by RFC 8410, section 7. */
Test(sign, gives_the_published_signature)
{
	static const unsigned char wanted[TW_SIGN_BYTES] = {
	    0x62, 0x91, 0xd6, 0x57, 0xde, 0xec, 0x24, 0x02, 0x48, 0x27, 0xe6, 0x9c, 0x3a, 0xbe, 0x01, 0xa3, 0x0c, 0xe5, 0x48, 0xa2, 0x84, 0x74,
	    0x3a, 0x44, 0x5e, 0x36, 0x80, 0xd7, 0xdb, 0x5a, 0xc3, 0xac, 0x18, 0xff, 0x9b, 0x53, 0x8d, 0x16, 0xf2, 0x90, 0xae, 0x67, 0xf7, 0x60,
	    0x98, 0x4d, 0xc6, 0x59, 0x4a, 0x7c, 0x15, 0xe9, 0x71, 0x6e, 0xd2, 0x8d, 0xc0, 0x27, 0xbe, 0xce, 0xea, 0x1e, 0xc4, 0x0a};
	static const unsigned char key[TW_SIGN_PUBLIC_BYTES] = {0xfc, 0x51, 0xcd, 0x8e, 0x62, 0x18, 0xa1, 0xa3, 0x8d, 0xa4, 0x7e,
	                                                        0xd0, 0x02, 0x30, 0xf0, 0x58, 0x08, 0x16, 0xed, 0x13, 0xba, 0x33,
	                                                        0x03, 0xac, 0x5d, 0xeb, 0x91, 0x15, 0x48, 0x90, 0x80, 0x25};
	struct tw_sign_secret *secret = NULL;
	struct tw_error err;
	unsigned char made[TW_SIGN_BYTES];
	file_write(secret_path,
	           "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIMWqjfQ/n4N77bdELzHct7Fm04U1B28JS4XOOi4LRFj3\n-----END PRIVATE KEY-----\n");
	cr_assert_eq(tw_sign_secret_read(secret_path, &secret, &err), TW_OK, "%s", err.what);
	struct tw_sign_public public = tw_sign_public_of(secret);
	cr_expect_eq(memcmp(public.bytes, key, sizeof(key)), 0);
	const struct tw_slice message = {"\xaf\x82", 2};
	cr_assert_eq(tw_sign(secret, message, made, &err), TW_OK);
	cr_expect_eq(memcmp(made, wanted, sizeof(made)), 0);
	cr_expect(tw_sign_verify(&public, message, made));
	tw_sign_secret_free(secret);
}

Test(sign, only_the_pairs_own_key_and_the_same_message_verify)
{
	struct tw_sign_secret *secret = NULL;
	struct tw_sign_public public;
	struct tw_error err;
	struct stat status;
	unsigned char made[TW_SIGN_BYTES];
	char name[TW_FINGERPRINT_BYTES], again[TW_FINGERPRINT_BYTES];
	cr_assert_eq(tw_sign_generate(secret_path, public_path, &err), TW_OK, "%s", err.what);
	cr_assert_eq(stat(secret_path, &status), 0);
	cr_expect_eq(status.st_mode & 0777, 0600);
	cr_assert_eq(tw_sign_secret_read(secret_path, &secret, &err), TW_OK);
	cr_assert_eq(tw_sign_public_read(public_path, &public, &err), TW_OK);
	cr_assert_eq(tw_sign(secret, tw_slice_str("message"), made, &err), TW_OK);
	cr_expect(tw_sign_verify(&public, tw_slice_str("message"), made));
	cr_expect_not(tw_sign_verify(&public, tw_slice_str("Message"), made));
	cr_expect_not(tw_sign_verify(&public, tw_slice_str(""), made));
	cr_expect_eq(strlen(tw_sign_fingerprint(&public, name)), 16);
	made[5] ^= 1;
	cr_expect_not(tw_sign_verify(&public, tw_slice_str("message"), made));
	made[5] ^= 1;
	public.bytes[0] ^= 1;
	cr_expect_not(tw_sign_verify(&public, tw_slice_str("message"), made));
	cr_expect_str_neq(tw_sign_fingerprint(&public, again), name);
	tw_sign_secret_free(secret);
	tw_sign_secret_free(NULL);
}

Test(sign, a_pair_is_never_written_over_and_never_half)
{
	struct tw_error err;
	file_write(public_path, "mine");
	cr_expect_eq(tw_sign_generate(secret_path, public_path, &err), TW_E_CONFLICT);
	cr_expect_neq(access(secret_path, F_OK), 0, "no private key without its public one");
	file_write(secret_path, "mine");
	cr_expect_eq(tw_sign_generate(secret_path, public_path, &err), TW_E_CONFLICT);
	cr_expect_str_eq(err.where, secret_path);
	cr_expect_eq(tw_sign_generate("/nowhere/a.key", "/nowhere/a.pub", &err), TW_E_IO);
}

Test(sign, what_is_no_ed25519_key_is_refused)
{
	static const char *const others[] = {
	    "", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
	    /* an X25519 key. Source: IETF, RFC 8410, section 10.2 shows the form */
	    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEAhSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\n-----END PUBLIC KEY-----\n"};
	struct tw_sign_secret *secret = NULL;
	struct tw_sign_public public;
	struct tw_error err;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		file_write(public_path, others[i]);
		cr_expect_eq(tw_sign_secret_read(public_path, &secret, &err), TW_E_TYPE, "%zu", i);
		cr_expect_eq(tw_sign_public_read(public_path, &public, &err), TW_E_TYPE, "%zu", i);
	}
	cr_expect_eq(tw_sign_public_read("/nowhere/a.pub", &public, &err), TW_E_MISSING);
	cr_expect_null(secret);
}
