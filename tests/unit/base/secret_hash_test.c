/**
 * @file secret_hash_test.c
 * A text has one value under one key, and another under another; nothing that a text may differ in is lost.
 */
#include <criterion/criterion.h>

#include "engine/base/secret_hash.h"

static struct tw_secret_hash *made(void)
{
	struct tw_error err;
	struct tw_secret_hash *hash = NULL;
	cr_assert_eq(tw_secret_hash_new(&hash, &err), TW_OK);
	return hash;
}

static struct tw_hash128 of(struct tw_secret_hash *hash, const struct tw_slice *parts, uint32_t count)
{
	struct tw_hash128 value;
	struct tw_error err;
	cr_assert_eq(tw_secret_hash_parts(hash, parts, count, &value, &err), TW_OK);
	return value;
}

static bool same(struct tw_hash128 a, struct tw_hash128 b)
{
	return a.high == b.high && a.low == b.low;
}

Test(secret_hash, of_parts_is_that_of_the_whole_time_after_time)
{
	struct tw_secret_hash *hash = made();
	struct tw_slice whole = tw_slice_str("EXAMPLE HARBOUR TRADING LLC");
	struct tw_hash128 value = of(hash, &whole, 1);
	for (uint32_t cut = 0; cut <= whole.len; cut++) {
		const struct tw_slice parts[] = {{whole.ptr, cut}, {NULL, 0}, {whole.ptr + cut, whole.len - cut}};
		cr_expect(same(of(hash, parts, 3), value), "cut at %u", cut);
	}
	tw_secret_hash_free(hash);
}

Test(secret_hash, one_bit_more_or_less_is_another_value)
{
	char text[64] = {0};
	struct tw_secret_hash *hash = made();
	struct tw_slice all = {text, sizeof(text)};
	struct tw_hash128 value = of(hash, &all, 1);
	for (uint32_t i = 0; i < sizeof(text) * 8; i++) {
		text[i / 8] = (char)(1 << i % 8);
		cr_expect(!same(of(hash, &all, 1), value), "bit %u", i);
		text[i / 8] = 0;
	}
	for (uint32_t length = 0; length < sizeof(text); length++) {
		cr_expect(!same(of(hash, &(struct tw_slice){text, length}, 1), value), "%u of as many noughts", length);
	}
	cr_expect(same(of(hash, &all, 1), value));
	tw_secret_hash_free(hash);
}

Test(secret_hash, no_two_hashers_have_one_key)
{
	struct tw_secret_hash *one = made(), *other = made();
	struct tw_slice text = tw_slice_str("BNCH000000017");
	cr_expect(!same(of(one, &text, 1), of(other, &text, 1)));
	tw_secret_hash_free(one);
	tw_secret_hash_free(other);
	tw_secret_hash_free(NULL);
}
