/**
 * @file sign.c
 * OpenSSL's Ed25519 behind sign.h.
 */
#include "engine/base/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/hash.h"

struct tw_sign_secret {
	EVP_PKEY *key;
	struct tw_sign_public public;
};

static enum tw_code crypto_failed(const char *path, struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "Ed25519 is not available", path, NULL);
}

static bool public_of(const EVP_PKEY *key, struct tw_sign_public *out)
{
	size_t length = sizeof(out->bytes);
	return EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 && EVP_PKEY_get_raw_public_key(key, out->bytes, &length) == 1 && length == sizeof(out->bytes);
}

/* ---- files ---- */

/* @return NULL: it cannot be made, errno says why */
static FILE *created(const char *path, mode_t mode)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
	if (descriptor >= 0 && !file) {
		close(descriptor);
	}
	return file;
}

static enum tw_code key_write(const char *path, mode_t mode, const EVP_PKEY *key, bool secret, struct tw_error *err)
{
	FILE *file = created(path, mode);
	if (!file) {
		return errno == EEXIST ? tw_fail(err, TW_E_CONFLICT, TW_STOP, "a key is never written over", path, "the file is there already")
		                       : tw_fail(err, TW_E_IO, TW_STOP, "a key cannot be written", path, "%s", strerror(errno));
	}
	bool good = (secret ? PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) : PEM_write_PUBKEY(file, key)) == 1;
	good = fflush(file) == 0 && fsync(fileno(file)) == 0 && good;
	if (fclose(file) != 0 || !good) {
		(void)unlink(path);
		return tw_fail(err, TW_E_IO, TW_STOP, "a key cannot be written", path, NULL);
	}
	return TW_OK;
}

enum tw_code tw_sign_generate(const char *secret_path, const char *public_path, struct tw_error *err)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	if (!key) {
		return crypto_failed(secret_path, err);
	}
	enum tw_code code = key_write(secret_path, 0600, key, true, err);
	if (code == TW_OK && (code = key_write(public_path, 0644, key, false, err)) != TW_OK) {
		(void)unlink(secret_path);
	}
	EVP_PKEY_free(key);
	return code;
}

/* Nobody sits at the terminal of an engine: an encrypted key is refused, not asked about. OpenSSL's type.
 * NOLINTNEXTLINE(readability-non-const-parameter) */
static int no_passphrase(char *out, int size, int writing, void *context)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)context;
	return -1;
}

static enum tw_code key_read(const char *path, bool secret, EVP_PKEY **out, struct tw_sign_public *public, struct tw_error *err)
{
	FILE *file = fopen(path, "re");
	if (!file) {
		return tw_fail(err, errno == ENOENT ? TW_E_MISSING : TW_E_IO, TW_STOP, "a key cannot be read", path, "%s", strerror(errno));
	}
	EVP_PKEY *key = secret ? PEM_read_PrivateKey(file, NULL, no_passphrase, NULL) : PEM_read_PUBKEY(file, NULL, no_passphrase, NULL);
	fclose(file);
	if (!key || !public_of(key, public)) {
		EVP_PKEY_free(key);
		return tw_fail(err, TW_E_TYPE, TW_STOP,
		               secret ? "no PEM of an Ed25519 private key without a passphrase" : "no PEM of an Ed25519 public key", path, NULL);
	}
	*out = key;
	return TW_OK;
}

enum tw_code tw_sign_secret_read(const char *path, struct tw_sign_secret **out, struct tw_error *err)
{
	struct tw_sign_secret *secret = calloc(1, sizeof(*secret));
	if (!secret) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a key", path, NULL);
	}
	enum tw_code code = key_read(path, true, &secret->key, &secret->public, err);
	if (code != TW_OK) {
		free(secret);
		return code;
	}
	*out = secret;
	return TW_OK;
}

void tw_sign_secret_free(struct tw_sign_secret *secret)
{
	if (secret) {
		EVP_PKEY_free(secret->key);
		free(secret);
	}
}

enum tw_code tw_sign_public_read(const char *path, struct tw_sign_public *out, struct tw_error *err)
{
	EVP_PKEY *key = NULL;
	enum tw_code code = key_read(path, false, &key, out, err);
	EVP_PKEY_free(key);
	return code;
}

struct tw_sign_public tw_sign_public_of(const struct tw_sign_secret *secret)
{
	return secret->public;
}

/* ---- signatures ---- */

enum tw_code tw_sign(const struct tw_sign_secret *secret, struct tw_slice message, unsigned char out[TW_SIGN_BYTES], struct tw_error *err)
{
	size_t length = TW_SIGN_BYTES;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context && EVP_DigestSignInit(context, NULL, NULL, NULL, secret->key) == 1 &&
	            EVP_DigestSign(context, out, &length, (const unsigned char *)message.ptr, message.len) == 1 && length == TW_SIGN_BYTES;
	EVP_MD_CTX_free(context);
	return good ? TW_OK : crypto_failed(NULL, err);
}

bool tw_sign_verify(const struct tw_sign_public *key, struct tw_slice message, const unsigned char signature[TW_SIGN_BYTES])
{
	EVP_PKEY *made = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->bytes, sizeof(key->bytes));
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = made && context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, made) == 1 &&
	            EVP_DigestVerify(context, signature, TW_SIGN_BYTES, (const unsigned char *)message.ptr, message.len) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(made);
	return good;
}

const char *tw_sign_fingerprint(const struct tw_sign_public *key, char out[TW_FINGERPRINT_BYTES])
{
	char hex[TW_SHA256_HEX_BYTES] = "";
	if (tw_sha256_hex(key->bytes, sizeof(key->bytes), hex, NULL) != TW_OK) {
		hex[0] = '\0';
	}
	snprintf(out, TW_FINGERPRINT_BYTES, "%.16s", hex);
	return out;
}
