/**
 * @file sign.h
 * Ed25519 signatures and their keys, as PEM files. OpenSSL behind it.
 * Source: IETF, RFC 8032 (Ed25519), RFC 8410 and 7468 (keys as PEM).
 * Threads: any; a key is read only once it is there.
 */
#ifndef TIDEWAITER_ENGINE_BASE_SIGN_H
#define TIDEWAITER_ENGINE_BASE_SIGN_H

#include <stdbool.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

#define TW_SIGN_BYTES        64
#define TW_SIGN_PUBLIC_BYTES 32
#define TW_FINGERPRINT_BYTES 17 /* 16 hex digits, terminated */

struct tw_sign_secret; /* a private key */

/** A public key. Two are the same key exactly when their bytes are. */
struct tw_sign_public {
	unsigned char bytes[TW_SIGN_PUBLIC_BYTES];
};

/**
 * A new pair, from the system's random numbers. Neither file may be there: no key is ever written over.
 * @param secret_path mode 0600 @return TW_OK; TW_E_CONFLICT (a file is there), TW_E_IO, TW_E_MEMORY: no file is left
 */
TW_MUST_USE enum tw_code tw_sign_generate(const char *secret_path, const char *public_path, struct tw_error *err);
/** @return TW_OK; TW_E_MISSING, TW_E_IO, TW_E_TYPE (no PEM of an unencrypted Ed25519 private key), TW_E_MEMORY; where = path */
TW_MUST_USE enum tw_code tw_sign_secret_read(const char *path, struct tw_sign_secret **out, struct tw_error *err);
void tw_sign_secret_free(struct tw_sign_secret *secret);
/** @return as tw_sign_secret_read, of a public key */
TW_MUST_USE enum tw_code tw_sign_public_read(const char *path, struct tw_sign_public *out, struct tw_error *err);
/** The public half. */
struct tw_sign_public tw_sign_public_of(const struct tw_sign_secret *secret);

/** @return TW_OK, TW_E_MEMORY: OpenSSL failed */
TW_MUST_USE enum tw_code tw_sign(const struct tw_sign_secret *secret, struct tw_slice message, unsigned char out[TW_SIGN_BYTES],
                                 struct tw_error *err);
/** @return false when it is not this key's signature of this message, and when OpenSSL fails */
bool tw_sign_verify(const struct tw_sign_public *key, struct tw_slice message, const unsigned char signature[TW_SIGN_BYTES]);
/** A short name for people: the first 16 hex digits of the SHA-256 of the key's bytes. Nothing is decided by it. @return `out` */
const char *tw_sign_fingerprint(const struct tw_sign_public *key, char out[TW_FINGERPRINT_BYTES]);

#endif
