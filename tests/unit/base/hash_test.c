/**
 * @file hash_test.c
 * engine/base/hash: published digests, and pinned values of the fast hashes, since stored ids depend on them.
 */
#include "engine/base/hash.h"

#include <criterion/criterion.h>

/* Source: FIPS 180-4 example "abc"; XXH3 values pinned, since stored ids depend on them. */
Test(hash, gives_the_published_digest_and_pinned_ids)
{
	char hex[TW_SHA256_HEX_BYTES], id[TW_HASH128_HEX_BYTES];
	cr_assert_eq(tw_sha256_hex("abc", 3, hex, NULL), TW_OK);
	cr_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	cr_assert_eq(tw_hash64("", 0, 0), 0x2d06800538d394c2ULL);
	cr_assert_str_eq(tw_hash128_hex(tw_hash128("", 0), id), "99aa06d3014798d86001c324468d497f");
}
