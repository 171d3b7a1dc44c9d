/**
 * @file hmac_test.c
 * tw_hmac_sha256 against the published vectors. Source: IETF, RFC 4231, sections 4.2, 4.3 and 4.7.
 */
#include "engine/base/hash.h"

#include <criterion/criterion.h>
#include <stdio.h>

static void expect(struct tw_slice key, const char *message, const char *hex)
{
	unsigned char out[TW_HMAC_SHA256_BYTES];
	char got[TW_HMAC_SHA256_BYTES * 2 + 1];
	cr_assert_eq(tw_hmac_sha256(key, tw_slice_str(message), out, NULL), TW_OK);
	for (unsigned i = 0; i < TW_HMAC_SHA256_BYTES; i++) {
		snprintf(got + 2 * i, 3, "%02x", out[i]);
	}
	cr_assert_str_eq(got, hex);
}

Test(hmac, agrees_with_the_vectors_of_rfc_4231)
{
	char key[131];
	memset(key, 0x0b, 20);
	expect((struct tw_slice){key, 20}, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	expect(tw_slice_str("Jefe"), "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	expect((struct tw_slice){key, sizeof(key)}, "Test Using Larger Than Block-Size Key - Hash Key First",
	       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

Test(hmac, takes_an_empty_key_as_the_empty_key_and_not_as_the_last_one)
{
	const char *empty = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
	expect((struct tw_slice){NULL, 0}, "", empty);
	expect(tw_slice_str("another key"), "x", "071e80e3ae7455edcfaf5e2600c730a348467d704e8e1262ebfca445b95f4495");
	expect((struct tw_slice){NULL, 0}, "", empty);
}
