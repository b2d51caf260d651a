// SHA-1, SHA-256 and SHA-512 (FIPS 180-4), HMAC (RFC 2104), Adler-32 (RFC 1950).

#include "base/hash.h"

#include <string.h>
#if defined(__x86_64__) && __has_include(<sys/platform/x86.h>)
#include <immintrin.h>
#include <sys/platform/x86.h> // libc knows the processor; to ask it again costs a virtual machine an exit
#define SHA_INSTRUCTIONS 1
#endif

// clang-format off
static const uint32_t sha256_keys[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
	0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
	0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static const uint32_t sha256_start[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const uint64_t sha512_keys[80] = {
	0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
	0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
	0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
	0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
	0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
	0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
	0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
	0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
	0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
	0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
	0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
	0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
	0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
	0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
	0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
	0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
	0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
	0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
	0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
	0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

static const uint64_t sha512_start[8] = {
	0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
	0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};
// clang-format on

// Reading and writing big-endian numbers.

static uint64_t load(const uint8_t *p, size_t bytes)
{
	uint64_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | p[i];
	return n;
}

static void store(uint8_t *p, uint64_t n, size_t bytes)
{
	for (size_t i = bytes; i-- > 0; n >>= 8)
		p[i] = (uint8_t)n;
}

// Calls `block` for every block of the data and of what pads it: a 1 bit, zeros, the length in
// bits.
static void each_block(Str data, size_t block_size, void (*block)(void *state, const uint8_t *),
                       void *state)
{
	uint8_t last[256] = {0};
	const uint8_t *p = (const uint8_t *)data.p;
	size_t rest = data.len % block_size;
	size_t length_size = block_size / 8;
	size_t padded = rest + 1 + length_size > block_size ? 2 * block_size : block_size;

	for (size_t at = 0; at + block_size <= data.len; at += block_size)
		block(state, p + at);
	if (rest > 0)
		memcpy(last, p + data.len - rest, rest);
	last[rest] = 0x80;
	store(last + padded - 8, (uint64_t)data.len << 3, 8);
	last[padded - 9] |= (uint8_t)((uint64_t)data.len >> 61);
	for (size_t at = 0; at < padded; at += block_size)
		block(state, last + at);
}

// SHA-1.

static uint32_t left32(uint32_t x, int n)
{
	return x << n | x >> (32 - n);
}

static void sha1_block(void *state, const uint8_t *p)
{
	uint32_t *h = state, w[80];
	uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];

	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)load(p + 4 * i, 4);
	for (int i = 16; i < 80; i++)
		w[i] = left32(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (int i = 0; i < 80; i++) {
		uint32_t f, k, next;

		if (i < 20) {
			f = (b & c) | (~b & d);
			k = 0x5a827999;
		} else if (i >= 40 && i < 60) {
			f = (b & c) | (b & d) | (c & d);
			k = 0x8f1bbcdc;
		} else {
			f = b ^ c ^ d;
			k = i < 40 ? 0x6ed9eba1 : 0xca62c1d6;
		}
		next = left32(a, 5) + f + e + k + w[i];
		e = d;
		d = c;
		c = left32(b, 30);
		b = a;
		a = next;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
}

void hash_sha1(Str data, uint8_t out[SHA1_SIZE])
{
	uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};

	each_block(data, 64, sha1_block, h);
	for (size_t i = 0; i < 5; i++)
		store(out + 4 * i, h[i], 4);
}

// SHA-256.

static uint32_t right32(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static void sha256_block(void *state, const uint8_t *p)
{
	uint32_t *h = state, v[8], w[64];

	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)load(p + 4 * i, 4);
	for (int i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + (right32(a, 7) ^ right32(a, 18) ^ a >> 3) + w[i - 7] +
		       (right32(b, 17) ^ right32(b, 19) ^ b >> 10);
	}
	memcpy(v, h, sizeof v);
	for (int i = 0; i < 64; i++) {
		uint32_t a = v[0], e = v[4];
		uint32_t first = v[7] + (right32(e, 6) ^ right32(e, 11) ^ right32(e, 25)) +
		                 ((e & v[5]) ^ (~e & v[6])) + sha256_keys[i] + w[i];
		uint32_t second = (right32(a, 2) ^ right32(a, 13) ^ right32(a, 22)) +
		                  ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));

		memmove(v + 1, v, 7 * sizeof *v);
		v[4] += first;
		v[0] = first + second;
	}
	for (int i = 0; i < 8; i++)
		h[i] += v[i];
}

static void sha256_with(void (*block)(void *state, const uint8_t *), Str data,
                        uint8_t out[SHA256_SIZE])
{
	uint32_t h[8];

	memcpy(h, sha256_start, sizeof h);
	each_block(data, 64, block, h);
	for (size_t i = 0; i < 8; i++)
		store(out + 4 * i, h[i], 4);
}

void hash_sha256_portable(Str data, uint8_t out[SHA256_SIZE])
{
	sha256_with(sha256_block, data, out);
}

#ifdef SHA_INSTRUCTIONS
// The processor's instructions do two rounds on the state kept as ABEF and CDGH, and four steps of the schedule.
__attribute__((target("sha,sse4.1"))) static void sha256_block_x86(void *state, const uint8_t *p)
{
	const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i *h = state, w[4];
	__m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128(h), 0xb1);
	__m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(h + 1), 0x1b);
	__m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
	const __m128i abef_before = abef, cdgh_before = cdgh;

	for (int i = 0; i < 4; i++)
		w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)p + i), big_endian);
	for (int i = 0; i < 16; i++) {
		__m128i key = _mm_loadu_si128((const __m128i *)sha256_keys + i);
		__m128i sum = _mm_add_epi32(w[0], key), next;

		cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
		abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
		next = _mm_add_epi32(_mm_sha256msg1_epu32(w[0], w[1]),
		                     _mm_alignr_epi8(w[3], w[2], 4));
		next = _mm_sha256msg2_epu32(next, w[3]);
		w[0] = w[1], w[1] = w[2], w[2] = w[3], w[3] = next;
	}
	abef = _mm_shuffle_epi32(_mm_add_epi32(abef, abef_before), 0x1b); // FEBA
	cdgh = _mm_shuffle_epi32(_mm_add_epi32(cdgh, cdgh_before), 0xb1); // DCHG
	_mm_storeu_si128(h, _mm_blend_epi16(abef, cdgh, 0xf0));
	_mm_storeu_si128(h + 1, _mm_alignr_epi8(cdgh, abef, 8));
}
#endif

void hash_sha256(Str data, uint8_t out[SHA256_SIZE])
{
#ifdef SHA_INSTRUCTIONS
	if (CPU_FEATURE_ACTIVE(SHA) && CPU_FEATURE_ACTIVE(SSE4_1)) {
		sha256_with(sha256_block_x86, data, out);
		return;
	}
#endif
	hash_sha256_portable(data, out);
}

// SHA-512.

static uint64_t right64(uint64_t x, int n)
{
	return x >> n | x << (64 - n);
}

static void sha512_block(void *state, const uint8_t *p)
{
	uint64_t *h = state, v[8], w[80];

	for (int i = 0; i < 16; i++)
		w[i] = load(p + 8 * i, 8);
	for (int i = 16; i < 80; i++) {
		uint64_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + (right64(a, 1) ^ right64(a, 8) ^ a >> 7) + w[i - 7] +
		       (right64(b, 19) ^ right64(b, 61) ^ b >> 6);
	}
	memcpy(v, h, sizeof v);
	for (int i = 0; i < 80; i++) {
		uint64_t a = v[0], e = v[4];
		uint64_t first = v[7] + (right64(e, 14) ^ right64(e, 18) ^ right64(e, 41)) +
		                 ((e & v[5]) ^ (~e & v[6])) + sha512_keys[i] + w[i];
		uint64_t second = (right64(a, 28) ^ right64(a, 34) ^ right64(a, 39)) +
		                  ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));

		memmove(v + 1, v, 7 * sizeof *v);
		v[4] += first;
		v[0] = first + second;
	}
	for (int i = 0; i < 8; i++)
		h[i] += v[i];
}

void hash_sha512(Str data, uint8_t out[SHA512_SIZE])
{
	uint64_t h[8];

	memcpy(h, sha512_start, sizeof h);
	each_block(data, 128, sha512_block, h);
	for (size_t i = 0; i < 8; i++)
		store(out + 8 * i, h[i], 8);
}

// HMAC with SHA-256.

void hash_hmac_sha256(Arena *arena, Str key, Str data, uint8_t out[SHA256_SIZE])
{
	uint8_t block[64] = {0}, outer[64 + SHA256_SIZE];
	char *inner = arena_alloc(arena, sizeof block + data.len);

	if (key.len > sizeof block)
		hash_sha256(key, block);
	else if (key.len > 0)
		memcpy(block, key.p, key.len);
	for (size_t i = 0; i < sizeof block; i++) {
		inner[i] = (char)(block[i] ^ 0x36);
		outer[i] = block[i] ^ 0x5c;
	}
	if (data.len > 0)
		memcpy(inner + sizeof block, data.p, data.len);
	hash_sha256(str_n(inner, sizeof block + data.len), outer + sizeof block);
	hash_sha256(str_n((char *)outer, sizeof outer), out);
}

uint32_t hash_adler32(Str data)
{
	uint32_t a = 1, b = 0;

	for (size_t i = 0; i < data.len; i++) {
		a = (a + (unsigned char)data.p[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}
