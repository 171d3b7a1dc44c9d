/**
 * @file hash.h
 * Two kinds of hash, never confused: fast ones for tables and ids (xxHash), and SHA-256 for what a person may have to prove.
 * Threads: any.
 */
#ifndef TIDEWAITER_ENGINE_BASE_HASH_H
#define TIDEWAITER_ENGINE_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

#define TW_SHA256_HEX_BYTES  65 /* 64 hex digits and terminator */
#define TW_SHA256_BYTES      32
#define TW_HASH128_HEX_BYTES 33
#define TW_HMAC_SHA256_BYTES 32

struct tw_hash128 {
	uint64_t high;
	uint64_t low;
};

/** XXH3, 64 bits. The value is part of stored ids: it must never change. */
uint64_t tw_hash64(const void *bytes, size_t size, uint64_t seed);
#define TW_FNV_BASIS UINT64_C(0xcbf29ce484222325)

/** One byte more of a hash that is made as the bytes come; the first of them joins TW_FNV_BASIS. Source: Fowler, Noll and Vo, FNV-1a, 64 bits. */
static inline uint64_t tw_fnv_step(uint64_t hash, char c)
{
	return (hash ^ (unsigned char)c) * UINT64_C(0x100000001b3);
}

static inline uint64_t tw_fnv(struct tw_slice text)
{
	uint64_t hash = TW_FNV_BASIS;
	for (uint32_t i = 0; i < text.len; i++) {
		hash = tw_fnv_step(hash, text.ptr[i]);
	}
	return hash;
}

/** XXH3, 128 bits. */
struct tw_hash128 tw_hash128(const void *bytes, size_t size);
/** @return `out`, 32 lower-case hex digits, terminated */
const char *tw_hash128_hex(struct tw_hash128 hash, char out[TW_HASH128_HEX_BYTES]);

/** SHA-256. @return TW_OK, or TW_E_MEMORY (stop) when the crypto library refuses */
TW_MUST_USE enum tw_code tw_sha256(const void *bytes, size_t size, unsigned char out[TW_SHA256_BYTES], struct tw_error *err);
/** SHA-256 as lower-case hex. @return TW_OK, or TW_E_MEMORY (stop) when the crypto library refuses */
TW_MUST_USE enum tw_code tw_sha256_hex(const void *bytes, size_t size, char out[TW_SHA256_HEX_BYTES], struct tw_error *err);

/**
 * HMAC-SHA-256: a draw that nobody without the key can foretell.
 * @param key any length; empty is a key too
 * @param out the 32 raw bytes; undefined on failure
 * @return TW_OK, or TW_E_MEMORY (stop) when the crypto library refuses
 * Source: NIST, FIPS 198-1; test vectors: IETF, RFC 4231, section 4.
 */
TW_MUST_USE enum tw_code tw_hmac_sha256(struct tw_slice key, struct tw_slice message, unsigned char out[TW_HMAC_SHA256_BYTES], struct tw_error *err);

#endif
