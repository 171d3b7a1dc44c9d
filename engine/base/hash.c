/**
 * @file hash.c
 * xxHash and OpenSSL behind hash.h.
 */
#include "engine/base/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdbool.h>

#include "engine/base/digits.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t tw_hash64(const void *bytes, size_t size, uint64_t seed)
{
	return XXH3_64bits_withSeed(bytes, size, seed);
}

struct tw_hash128 tw_hash128(const void *bytes, size_t size)
{
	XXH128_hash_t hash = XXH3_128bits(bytes, size);
	return (struct tw_hash128){hash.high64, hash.low64};
}

const char *tw_hash128_hex(struct tw_hash128 hash, char out[TW_HASH128_HEX_BYTES])
{
	*tw_hex_padded(tw_hex_padded(out, hash.high, 16), hash.low, 16) = '\0';
	return out;
}

/* Fetched once: OpenSSL 3 looks an algorithm up anew, under a lock, for every digest by EVP_sha256(). Source: its man page crypto(7). */
static EVP_MD *sha256;
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

static void fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

enum tw_code tw_sha256(const void *bytes, size_t size, unsigned char out[TW_SHA256_BYTES], struct tw_error *err)
{
	unsigned length = 0;
	pthread_once(&fetched, fetch);
	bool good = sha256 && EVP_Digest(bytes, size, out, &length, sha256, NULL);
	return good ? TW_OK : tw_fail(err, TW_E_MEMORY, TW_STOP, "SHA-256 is not available", NULL, NULL);
}

enum tw_code tw_sha256_hex(const void *bytes, size_t size, char out[TW_SHA256_HEX_BYTES], struct tw_error *err)
{
	unsigned char digest[TW_SHA256_BYTES] = {0};
	enum tw_code code = tw_sha256(bytes, size, digest, err);
	for (unsigned i = 0; code == TW_OK && i < sizeof(digest); i++) {
		*tw_hex_padded(out + (size_t)2 * i, digest[i], 2) = '\0';
	}
	return code;
}

enum tw_code tw_hmac_sha256(struct tw_slice key, struct tw_slice message, unsigned char out[TW_HMAC_SHA256_BYTES], struct tw_error *err)
{
	/* a NULL key means "the key of the last call" to OpenSSL, never the empty key */
	const char *secret = key.len ? key.ptr : "";
	unsigned length = 0;
	if (key.len > INT32_MAX || !HMAC(EVP_sha256(), secret, (int)key.len, (const unsigned char *)message.ptr, message.len, out, &length)) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "HMAC-SHA-256 is not available", NULL, NULL);
	}
	return TW_OK;
}
