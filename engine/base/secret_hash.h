/**
 * @file secret_hash.h
 * A hash with a key that is drawn anew for every hasher and told to nobody: for comparing what strangers send, within one process.
 *
 * Whoever does not know the key finds no two texts with one value but by chance, however long they search, for they cannot try: two of n bytes
 * collide for (n / 16 + 2) keys in 2^128. That holds only while no value leaves the process, so none is ever kept, logged or put out: for what a
 * person may have to prove there is SHA-256 (hash.h). It is four times as fast as that.
 * Threads: one owner.
 * Source: Carter and Wegman, Universal classes of hash functions, 1979; NIST SP 800-38D, section 6.4 (GHASH), which GMAC runs over the text.
 */
#ifndef TIDEWAITER_ENGINE_BASE_SECRET_HASH_H
#define TIDEWAITER_ENGINE_BASE_SECRET_HASH_H

#include "engine/base/hash.h"

struct tw_secret_hash;

/** @return TW_OK; TW_E_MEMORY stop: no memory, or the crypto library refuses */
TW_MUST_USE enum tw_code tw_secret_hash_new(struct tw_secret_hash **out, struct tw_error *err);
void tw_secret_hash_free(struct tw_secret_hash *hash);
/** Of parts one behind the other: what separates them is the caller's. Allocates nothing. @return TW_OK; TW_E_MEMORY stop as above */
TW_MUST_USE enum tw_code tw_secret_hash_parts(struct tw_secret_hash *hash, const struct tw_slice *parts, uint32_t count, struct tw_hash128 *out,
                                              struct tw_error *err);

#endif
