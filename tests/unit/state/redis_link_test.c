/**
 * @file redis_link_test.c
 * Addresses, and the promise that another library text has another version.
 */
#include "engine/state/redis_link.h"

#include <criterion/criterion.h>
#include <string.h>

#include "engine/base/hash.h"

Test(redis_link, another_library_text_needs_another_version)
{
	const char *library = tw_link_library_text();
	char digest[TW_SHA256_HEX_BYTES];
	cr_assert_eq(tw_sha256_hex(library, strlen(library), digest, NULL), TW_OK);
	cr_expect_str_eq(TW_LIBRARY_VERSION, "4");
	cr_expect_str_eq(digest, "e2c2230a182637fe6166f78cc16e56db738170be2aac5ac29c716347fe596a66",
	                 "append.lua changed: raise tw_version there and TW_LIBRARY_VERSION, then this line");
}

static enum tw_code init(const char *address, struct tw_link *link)
{
	struct tw_error err;
	struct tw_redis_options options = {.address = address};
	return tw_link_init(link, &options, &err);
}

static void expect_address(const char *address, const char *host, int port)
{
	struct tw_link link;
	cr_assert_eq(init(address, &link), TW_OK, "%s", address);
	cr_expect_str_eq(link.host, host);
	cr_expect_eq(link.port, port, "%s: %d", address, link.port);
	tw_link_fini(&link);
}

Test(redis_link, addresses_of_every_kind_are_read)
{
	expect_address("127.0.0.1:6380", "127.0.0.1", 6380);
	expect_address("redis.example", "redis.example", 6379);
	expect_address("[::1]:7000", "::1", 7000);
	expect_address("[::1]", "::1", 6379);
	expect_address("unix:/run/redis.sock", "/run/redis.sock", 0);
}

Test(redis_link, what_is_no_address_is_refused)
{
	static const char *const refused[] = {"", ":6379", "host:", "host:0", "host:65536", "host:12x", "[::1", "unix:"};
	struct tw_link link;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		cr_expect_eq(init(refused[i], &link), TW_E_SYNTAX, "%s", refused[i]);
	}
	cr_expect_eq(init(NULL, &link), TW_E_SYNTAX);
}
