/**
 * @file secret_hash.c
 * See secret_hash.h. The text is what GCM calls additional data, there is nothing to encrypt, and the tag is the value. The nonce is the same every
 * time, which GCM forbids where tags are seen: here it only makes one text have one value.
 */
#include "engine/base/secret_hash.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define KEY_BYTES   16
#define NONCE_BYTES 12

struct tw_secret_hash {
	EVP_CIPHER *cipher;
	EVP_CIPHER_CTX *context; /* holds the key */
};

static const unsigned char nonce[NONCE_BYTES];

static enum tw_code refused(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "AES-GCM is not available", NULL, NULL);
}

enum tw_code tw_secret_hash_new(struct tw_secret_hash **out, struct tw_error *err)
{
	unsigned char key[KEY_BYTES];
	struct tw_secret_hash *hash = calloc(1, sizeof(*hash));
	if (!hash) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a hash", NULL, NULL);
	}
	hash->cipher = EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL);
	hash->context = EVP_CIPHER_CTX_new();
	bool good = hash->cipher && hash->context && RAND_bytes(key, sizeof(key)) == 1 &&
	            EVP_EncryptInit_ex(hash->context, hash->cipher, NULL, key, nonce) == 1;
	if (!good) {
		tw_secret_hash_free(hash);
		return refused(err);
	}
	*out = hash;
	return TW_OK;
}

void tw_secret_hash_free(struct tw_secret_hash *hash)
{
	if (hash) {
		EVP_CIPHER_CTX_free(hash->context);
		EVP_CIPHER_free(hash->cipher);
		free(hash);
	}
}

enum tw_code tw_secret_hash_parts(struct tw_secret_hash *hash, const struct tw_slice *parts, uint32_t count, struct tw_hash128 *out,
                                  struct tw_error *err)
{
	unsigned char tag[sizeof(*out)];
	int written = 0;
	bool good = EVP_EncryptInit_ex(hash->context, NULL, NULL, NULL, nonce) == 1;
	for (uint32_t i = 0; good && i < count; i++) {
		good = parts[i].len <= INT32_MAX &&
		       (parts[i].len == 0 ||
		        EVP_EncryptUpdate(hash->context, NULL, &written, (const unsigned char *)parts[i].ptr, (int)parts[i].len) == 1);
	}
	good = good && EVP_EncryptFinal_ex(hash->context, tag, &written) == 1 &&
	       EVP_CIPHER_CTX_ctrl(hash->context, EVP_CTRL_AEAD_GET_TAG, sizeof(tag), tag) == 1;
	if (!good) {
		return refused(err);
	}
	memcpy(out, tag, sizeof(*out));
	return TW_OK;
}
