#ifndef FUNCS_LIBCRYPTO_H
#define FUNCS_LIBCRYPTO_H

// What the crypto functions use of OpenSSL 3, loaded when a template first asks for a key, a cipher
// or a certificate. Its objects are freed with the arena, and its failures become one sentence in
// call->error.

#include "template/func.h"

// OpenSSL's numbers of kinds of keys.
enum { KEY_RSA = 6, KEY_DSA = 116, KEY_EC = 408, KEY_ED25519 = 1087 };

typedef struct CryptoParam {
	const char *key;
	unsigned type;
	void *data;
	size_t size, returned;
} CryptoParam;

// The functions of the library, in the order of the names in libcrypto.c. Its objects are void
// here.
typedef struct CryptoFunctions {
	void *(*lib_new)(void);
	void (*lib_free)(void *);
	int (*rand_set_type)(void *lib, const char *, const char *, const char *, const char *);
	void *(*rand_private)(void *lib);
	void *(*rand_public)(void *lib);
	int (*rand_set)(void *rand, const CryptoParam *);
	int (*rand_instantiate)(void *rand, unsigned, int, const unsigned char *, size_t,
	                        const CryptoParam *);
	void *(*context_by_name)(void *lib, const char *, const char *);
	void *(*context_by_key)(void *lib, void *key, const char *);
	void (*context_free)(void *);
	int (*keygen_init)(void *context);
	int (*paramgen_init)(void *context);
	int (*context_set)(void *context, const char *, const char *);
	int (*generate)(void *context, void **key);
	void (*key_free)(void *);
	int (*key_equal)(const void *, const void *);
	int (*key_kind)(const void *);
	int (*key_bits)(const void *);
	int (*write_private)(const void *key, unsigned char **);
	int (*write_public)(const void *key, unsigned char **);
	void *(*read_private)(int kind, void **, const unsigned char **, long, void *lib,
	                      const char *);
	void *(*read_any_private)(void **, const unsigned char **, long, void *lib, const char *);
	void *(*digest_new)(void);
	void (*digest_free)(void *);
	int (*sign_init)(void *digest, void **, const char *, void *lib, const char *, void *key,
	                 const CryptoParam *);
	int (*sign)(void *digest, unsigned char *, size_t *, const unsigned char *, size_t);
	void *(*read_certificate)(void **, const unsigned char **, long);
	void (*certificate_free)(void *);
	void *(*certificate_subject)(const void *);
	void *(*certificate_key)(const void *);
	const void *(*certificate_key_id)(void *);
	int (*write_name)(const void *, unsigned char **);
	const unsigned char *(*string_data)(const void *);
	int (*string_length)(const void *);
	int (*scrypt)(const char *, size_t, const unsigned char *, size_t, uint64_t, uint64_t,
	              uint64_t, uint64_t, unsigned char *, size_t);
	void *(*cipher_new)(void);
	void (*cipher_free)(void *);
	const void *(*aes_256_cbc)(void);
	int (*cipher_init)(void *, const void *, void *, const unsigned char *,
	                   const unsigned char *, int);
	int (*cipher_padding)(void *, int);
	int (*cipher_update)(void *, unsigned char *, int *, const unsigned char *, int);
} CryptoFunctions;

typedef struct Crypto {
	CryptoFunctions f;
	Call *call;
	void *lib; // NULL, or, with --seed, one whose randomness is the engine's
} Crypto;

// False, with the call's error set, where the library is not there.
bool crypto_load(Call *call, Crypto *out);
// "" and "rsa" (of so many bits), "dsa", "ecdsa", "ed25519". NULL with the call's error set.
void *crypto_generate(Crypto *crypto, Str kind, const char *rsa_bits);
// The key in PEM, as Sprig encodes it.
bool crypto_key_to_pem(Crypto *crypto, void *key, Str *out);
// The key in a PEM text; the messages are Sprig's.
bool crypto_key_from_pem(Crypto *crypto, Str text, void **out, Diag *diag);
Str crypto_public_der(Crypto *crypto, const void *key);

#endif
