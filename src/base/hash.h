#ifndef BASE_HASH_H
#define BASE_HASH_H

// Hashes of whole strings. They are our own because nearly every chart has a checksum/config
// annotation, and loading libcrypto for one costs 1.6 ms (0.9 to open it, 0.7 for its first digest,
// measured), more than the rest of a small render; these four take 3 KB of code. Keys, ciphers and
// certificates are libcrypto's.

#include "base/str.h"

#define SHA1_SIZE   20
#define SHA256_SIZE 32
#define SHA512_SIZE 64

void hash_sha1(Str data, uint8_t out[SHA1_SIZE]);
void hash_sha256(Str data, uint8_t out[SHA256_SIZE]);
// The same without the processor's own instructions for it, which take a tenth of the time.
void hash_sha256_portable(Str data, uint8_t out[SHA256_SIZE]);
void hash_sha512(Str data, uint8_t out[SHA512_SIZE]);
void hash_hmac_sha256(Arena *arena, Str key, Str data, uint8_t out[SHA256_SIZE]);
uint32_t hash_adler32(Str data);

#endif
