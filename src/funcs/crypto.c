// Hashes, passwords, ciphers, keys and certificates.

#include "base/hash.h"
#include "base/lib.h"
#include "base/num.h"
#include "base/pem.h"
#include "funcs/certificates.h"
#include "funcs/families.h"
#include "funcs/libcrypto.h"
#include "template/eval.h"

#include <string.h>

// Hashes.

static bool return_hex(Call *c, const uint8_t *bytes, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	Buf buf = buf_new(c->arena);

	buf_reserve(&buf, 2 * len);
	for (size_t i = 0; i < len; i++) {
		buf_byte(&buf, hex[bytes[i] >> 4]);
		buf_byte(&buf, hex[bytes[i] & 15]);
	}
	return call_return_derived(c, buf_view(&buf));
}

static bool sha1sum(Call *c)
{
	uint8_t hash[SHA1_SIZE];

	hash_sha1(call_str(c, 0), hash);
	return return_hex(c, hash, sizeof hash);
}

static bool sha256sum(Call *c)
{
	uint8_t hash[SHA256_SIZE];

	hash_sha256(call_str(c, 0), hash);
	return return_hex(c, hash, sizeof hash);
}

static bool sha512sum(Call *c)
{
	uint8_t hash[SHA512_SIZE];

	hash_sha512(call_str(c, 0), hash);
	return return_hex(c, hash, sizeof hash);
}

static bool adler32sum(Call *c)
{
	Buf buf = buf_new(c->arena);

	num_format_uint(&buf, hash_adler32(call_str(c, 0)), 10);
	return call_return_derived(c, buf_view(&buf));
}

// bcrypt, by libcrypt, which every Linux has: it stands below login.

#define BCRYPT_PASSWORD_MAX 72
#define BCRYPT_SALT_BYTES   16

// The salt in bcrypt's own base64: 22 characters.
static void put_salt(Buf *out, const uint8_t *salt)
{
	static const char alphabet[] =
		"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

	for (size_t bit = 0; bit < BCRYPT_SALT_BYTES * 8; bit += 6) {
		size_t byte = bit / 8;
		unsigned pair = (unsigned)salt[byte] << 8;

		if (byte + 1 < BCRYPT_SALT_BYTES)
			pair |= salt[byte + 1];
		buf_byte(out, alphabet[pair >> (10 - bit % 8) & 63]);
	}
}

typedef char *CryptFunction(const char *phrase, const char *setting, void *data, int size);
// libcrypt's struct crypt_data has this size in every version of its interface.
#define CRYPT_DATA_SIZE 32768

static bool new_bcrypt_hash(Call *c, Str password, Str *out)
{
	static const char *const sonames[] = {"libcrypt.so.1", "libcrypt.so.2", NULL};
	static const char *const symbols[] = {"crypt_rn", NULL};
	Diag diag = diag_new(c->arena);
	Buf setting = buf_new(c->arena);
	uint8_t salt[BCRYPT_SALT_BYTES] = {0};
	LibFunction function;
	char *hash;

	if (password.len > 0 && memchr(password.p, '\0', password.len) != NULL)
		return call_fail(c, "a password with a zero byte can't be hashed");
	if (!lib_load(sonames, symbols, &function, "libcrypt1", &diag))
		return call_fail_str(c, diag.message);
	if (c->eval != NULL)
		engine_random(eval_engine(c->eval), salt, sizeof salt);
	buf_c(&setting, "$2a$10$");
	put_salt(&setting, salt);
	hash = ((CryptFunction *)function)(
		str_to_c(c->arena, password), str_to_c(c->arena, buf_view(&setting)),
		arena_calloc(c->arena, 1, CRYPT_DATA_SIZE), CRYPT_DATA_SIZE);
	if (hash == NULL || hash[0] != '$')
		return call_fail(c, "libcrypt does not know bcrypt");
	*out = str_c(hash);
	return true;
}

// The hash, or the sentence that Sprig gives instead of one.
static bool bcrypt_hash(Call *c, Str password, Str *out)
{
	Engine *engine = c->eval ? eval_engine(c->eval) : NULL;
	Str what = str_concat(c->arena, S("bcrypt "), password);

	if (password.len > BCRYPT_PASSWORD_MAX) {
		*out = S("failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 "
		         "bytes");
		return true;
	}
	if (engine && engine_recall(engine, what, out))
		return true;
	if (!new_bcrypt_hash(c, password, out))
		return false;
	if (engine)
		engine_keep(engine, what, *out);
	return true;
}

static bool bcrypt(Call *c)
{
	Str hash;

	return bcrypt_hash(c, call_str(c, 0), &hash) && call_return_derived(c, hash);
}

static bool htpasswd(Call *c)
{
	Str user = call_str(c, 0), hash;

	if (str_find_byte(user, ':') != STR_NONE)
		return call_return_derived(c, str_concat(c->arena, S("invalid username: "), user));
	if (!bcrypt_hash(c, call_str(c, 1), &hash))
		return false;
	return call_return_derived(c,
	                           str_concat(c->arena, user, str_concat(c->arena, S(":"), hash)));
}

// derivePassword: the Master Password algorithm.

typedef struct PasswordType {
	const char *name;
	const char *const *templates;
	size_t count;
} PasswordType;

static const char *const maximum_templates[] = {"anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"};
static const char *const long_templates[] = {
	"CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv",
	"CvccCvcvCvcvno", "CvcvnoCvccCvcv", "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc",
	"CvcvCvcvnoCvcc", "CvcvCvcvCvccno", "CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno",
	"CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno", "CvccnoCvcvCvcc", "CvccCvcvnoCvcc",
	"CvccCvcvCvccno",
};
static const char *const medium_templates[] = {"CvcnoCvc", "CvcCvcno"};
static const char *const short_templates[] = {"Cvcn"};
static const char *const basic_templates[] = {"aaanaaan", "aannaaan", "aaannaaa"};
static const char *const pin_templates[] = {"nnnn"};

#define TEMPLATES(array) (array), sizeof(array) / sizeof(array)[0]

static const PasswordType password_types[] = {
	{"maximum", TEMPLATES(maximum_templates)}, {"long", TEMPLATES(long_templates)},
	{"medium", TEMPLATES(medium_templates)},   {"short", TEMPLATES(short_templates)},
	{"basic", TEMPLATES(basic_templates)},     {"pin", TEMPLATES(pin_templates)},
};

static const char *characters_of(char class)
{
	switch (class) {
	case 'V':
		return "AEIOU";
	case 'C':
		return "BCDFGHJKLMNPQRSTVWXYZ";
	case 'v':
		return "aeiou";
	case 'c':
		return "bcdfghjklmnpqrstvwxyz";
	case 'a':
		return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
	case 'n':
		return "0123456789";
	case 'o':
		return "@&%?,=[]_:-+*$#!'^~;()/.";
	default:
		return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()";
	}
}

static void put_big_endian(Buf *out, uint32_t n)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_byte(out, (char)(n >> shift));
}

// What scrypt and HMAC make of password, user, site and counter.
static bool password_seed(Call *c, uint8_t seed[SHA256_SIZE])
{
	static const char scope[] = "com.lyndir.masterpassword";
	Str password = call_str(c, 2), user = call_str(c, 3), site = call_str(c, 4);
	Buf salt = buf_new(c->arena), message = buf_new(c->arena);
	unsigned char key[64];
	Crypto crypto;

	if (!crypto_load(c, &crypto))
		return false;
	buf_c(&salt, scope);
	put_big_endian(&salt, (uint32_t)user.len);
	buf_str(&salt, user);
	// N, r and p are those of the algorithm; they take 32 MB.
	if (crypto.f.scrypt(password.p, password.len, (const unsigned char *)salt.p, salt.len,
	                    32768, 8, 2, (uint64_t)64 << 20, key, sizeof key) != 1)
		return call_fail(c, "OpenSSL can't run scrypt");
	buf_c(&message, scope);
	put_big_endian(&message, (uint32_t)site.len);
	buf_str(&message, site);
	put_big_endian(&message, (uint32_t)c->args[0].u);
	hash_hmac_sha256(c->arena, str_n((char *)key, sizeof key), buf_view(&message), seed);
	return true;
}

static bool derive_password(Call *c)
{
	const PasswordType *type = NULL;
	const char *template;
	uint8_t seed[SHA256_SIZE];
	Buf buf = buf_new(c->arena);

	for (size_t i = 0; i < sizeof password_types / sizeof password_types[0]; i++) {
		if (str_is(call_str(c, 1), password_types[i].name))
			type = &password_types[i];
	}
	if (type == NULL)
		return call_return_derived(
			c,
			str_concat(c->arena, S("cannot find password template "), call_str(c, 1)));
	if (!password_seed(c, seed))
		return false;
	template = type->templates[seed[0] % type->count];
	for (size_t i = 0; template[i] != '\0'; i++) {
		const char *characters = characters_of(template[i]);

		buf_byte(&buf, characters[seed[i + 1] % strlen(characters)]);
	}
	return call_return_derived(c, buf_view(&buf));
}

// AES-256 in CBC mode. The key is the password, cut or filled with zeros to 32 bytes; the initial
// vector comes first.

#define AES_KEY   32
#define AES_BLOCK 16

static bool run_cipher(Call *c, Str password, const char *iv, Str data, bool encrypt, char *out)
{
	unsigned char key[AES_KEY] = {0};
	Crypto crypto;
	void *cipher;
	int len = 0;

	if (!crypto_load(c, &crypto))
		return false;
	if (password.len > 0)
		memcpy(key, password.p, password.len < AES_KEY ? password.len : AES_KEY);
	cipher = crypto.f.cipher_new();
	if (cipher == NULL)
		return call_fail(c, "OpenSSL can't open a cipher");
	arena_defer(c->arena, crypto.f.cipher_free, cipher);
	if (data.len > INT32_MAX - AES_BLOCK ||
	    crypto.f.cipher_init(cipher, crypto.f.aes_256_cbc(), NULL, key,
	                         (const unsigned char *)iv, encrypt) != 1 ||
	    crypto.f.cipher_padding(cipher, 0) != 1 ||
	    crypto.f.cipher_update(cipher, (unsigned char *)out, &len,
	                           (const unsigned char *)data.p, (int)data.len) != 1)
		return call_fail(c, "OpenSSL can't run AES");
	return true;
}

static bool encrypt_aes(Call *c)
{
	Str text = call_str(c, 1);
	size_t padding = AES_BLOCK - text.len % AES_BLOCK, padded = text.len + padding;
	char *plain, *out;

	if (text.len == 0)
		return call_return_c(c, "");
	plain = arena_alloc(c->arena, padded);
	out = arena_alloc(c->arena, AES_BLOCK + padded);
	memcpy(plain, text.p, text.len);
	memset(plain + text.len, (int)padding, padding);
	memset(out, 0, AES_BLOCK);
	if (c->eval != NULL)
		engine_random(eval_engine(c->eval), out, AES_BLOCK);
	if (!run_cipher(c, call_str(c, 0), out, str_n(plain, padded), true, out + AES_BLOCK))
		return false;
	return call_return_derived(c, base64_encode(c->arena, str_n(out, AES_BLOCK + padded)));
}

// What is wrong with the data fails with what Go's runtime says when Sprig trips over it.
static bool decrypt_aes(Call *c)
{
	Str text = call_str(c, 1), data;
	Diag diag = diag_new(c->arena);
	size_t padding;
	char *out;

	if (text.len == 0)
		return call_return_c(c, "");
	if (!base64_decode(c->arena, text, &data, &diag))
		return call_fail_str(c, diag.message);
	if (text.len / 4 * 3 < AES_BLOCK || data.len < AES_BLOCK)
		return call_fail(c,
		                 "runtime error: slice bounds out of range [:16] with capacity %zu",
		                 text.len / 4 * 3);
	if (data.len % AES_BLOCK != 0)
		return call_fail(c, "crypto/cipher: input not full blocks");
	if (data.len == AES_BLOCK)
		return call_fail(c, "runtime error: index out of range [-1]");
	out = arena_alloc(c->arena, data.len);
	if (!run_cipher(c, call_str(c, 0), data.p, str_from(data, AES_BLOCK), false, out))
		return false;
	padding = (unsigned char)out[data.len - AES_BLOCK - 1];
	if (padding > data.len - AES_BLOCK)
		return call_fail(c, "runtime error: slice bounds out of range [:-%zu]",
		                 padding - (data.len - AES_BLOCK));
	return call_return_derived(c, str_n(out, data.len - AES_BLOCK - padding));
}

static bool gen_private_key(Call *c)
{
	static const char *const kinds[] = {"", "rsa", "dsa", "ecdsa", "ed25519"};
	Str kind = call_str(c, 0), pem;
	bool known = false;
	Crypto crypto;
	void *key;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		known = known || str_is(kind, kinds[i]);
	if (!known)
		return call_return_derived(c, str_concat(c->arena, S("Unknown type "), kind));
	if (!crypto_load(c, &crypto))
		return false;
	key = crypto_generate(&crypto, kind, "4096");
	return key != NULL && crypto_key_to_pem(&crypto, key, &pem) && call_return_str(c, pem);
}

#define CN_IPS_DNS "string list list int "

const Func crypto_funcs[] = {
	{"adler32sum", "string -> string", "the Adler-32 checksum in decimal", adler32sum,
         "{{ adler32sum \"Hello world!\" }} => 487130206"},
	{"bcrypt", "string -> string", "a bcrypt hash of a password", bcrypt,
         "{{ bcrypt \"secret\" | trunc 7 }} => $2a$10$"},
	{"buildCustomCert", "string string -> sprig.certificate",
         "a certificate and its key, both given as PEM in base64", build_custom_cert,
         "{{ $ca := genCA \"a\" 1 }}{{ (buildCustomCert (b64enc $ca.Cert) (b64enc $ca.Key)).Cert | "
         "eq $ca.Cert }} => true"},
	{"decryptAES", "string string -> string",
         "what encryptAES made, decrypted with the same password", decrypt_aes,
         "{{ encryptAES \"secret\" \"plain\" | decryptAES \"secret\" }} => plain"},
	{"derivePassword", "uint32 string string string string -> string",
         "the Master Password for counter, type (long, maximum, medium, short, basic, pin), "
         "password, user, site",
         derive_password,
         "{{ derivePassword 1 \"long\" \"password\" \"user\" \"example.com\" }} => ZedaFaxcZaso9*"},
	{"encryptAES", "string string -> string",
         "a text encrypted by a password with AES-256, in base64", encrypt_aes,
         "{{ encryptAES \"secret\" \"plain\" | b64dec | len }} => 32"},
	{"genCA", "string int -> sprig.certificate",
         "a certificate authority of that name, valid for so many days", gen_ca,
         "{{ (genCA \"my-ca\" 365).Cert | trunc 27 }} => -----BEGIN CERTIFICATE-----"},
	{"genCAWithKey", "string int string -> sprig.certificate",
         "genCA with a private key in PEM", gen_ca_with_key,
         "{{ (genCAWithKey \"a\" 1 (genPrivateKey \"ed25519\")).Key | trunc 27 }} => -----BEGIN "
         "PRIVATE KEY-----"},
	{"genPrivateKey", "string -> string",
         "a private key in PEM: rsa (or nothing), dsa, ecdsa, ed25519", gen_private_key,
         "{{ genPrivateKey \"ecdsa\" | trunc 30 }} => -----BEGIN EC PRIVATE KEY-----"},
	{"genSelfSignedCert", CN_IPS_DNS "-> sprig.certificate",
         "a certificate signed by itself: name, IP addresses, DNS names, days",
         gen_self_signed_cert,
         "{{ (genSelfSignedCert \"a\" (list \"10.0.0.1\") nil 365).Key | trunc 31 }} => -----BEGIN "
         "RSA PRIVATE KEY-----"},
	{"genSelfSignedCertWithKey", CN_IPS_DNS "string -> sprig.certificate",
         "genSelfSignedCert with a private key in PEM", gen_self_signed_cert_with_key,
         "{{ (genSelfSignedCertWithKey \"a\" nil nil 1 (genPrivateKey \"ecdsa\")).Key | trunc 30 }}"
         " => -----BEGIN EC PRIVATE KEY-----"},
	{"genSignedCert", CN_IPS_DNS "sprig.certificate -> sprig.certificate",
         "a certificate signed by an authority: name, IP addresses, DNS names, days, authority",
         gen_signed_cert,
         "{{ (genSignedCert \"a\" nil (list \"a.svc\") 365 (genCA \"my-ca\" 365)).Cert | trunc 27 "
         "}}"
         " => -----BEGIN CERTIFICATE-----"},
	{"genSignedCertWithKey", CN_IPS_DNS "sprig.certificate string -> sprig.certificate",
         "genSignedCert with a private key in PEM", gen_signed_cert_with_key,
         "{{ (genSignedCertWithKey \"a\" nil nil 1 (genCA \"my-ca\" 1) (genPrivateKey "
         "\"ed25519\")).Key | trunc 27 }}"
         " => -----BEGIN PRIVATE KEY-----"},
	{"htpasswd", "string string -> string", "a line of an htpasswd file, with bcrypt", htpasswd,
         "{{ htpasswd \"admin\" \"secret\" | trunc 13 }} => admin:$2a$10$"},
	{"sha1sum", "string -> string", "the SHA-1 hash in hexadecimal", sha1sum,
         "{{ sha1sum \"abc\" }} => a9993e364706816aba3e25717850c26c9cd0d89d"},
	{"sha256sum", "string -> string", "the SHA-256 hash in hexadecimal", sha256sum,
         "{{ sha256sum \"abc\" }} => "
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"sha512sum", "string -> string", "the SHA-512 hash in hexadecimal", sha512sum,
         "{{ sha512sum \"abc\" | trunc 16 }} => ddaf35a193617aba"},
	{NULL, NULL, NULL, NULL, NULL},
};
