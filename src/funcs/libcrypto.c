// OpenSSL behind a small interface, and private keys.

#include "funcs/libcrypto.h"

#include "base/der.h"
#include "base/lib.h"
#include "base/pem.h"
#include "template/eval.h"

static const char *const sonames[] = {"libcrypto.so.3", NULL};

// In the order of CryptoFunctions.
static const char *const symbols[] = {
	"OSSL_LIB_CTX_new",
	"OSSL_LIB_CTX_free",
	"RAND_set_DRBG_type",
	"RAND_get0_private",
	"RAND_get0_public",
	"EVP_RAND_CTX_set_params",
	"EVP_RAND_instantiate",
	"EVP_PKEY_CTX_new_from_name",
	"EVP_PKEY_CTX_new_from_pkey",
	"EVP_PKEY_CTX_free",
	"EVP_PKEY_keygen_init",
	"EVP_PKEY_paramgen_init",
	"EVP_PKEY_CTX_ctrl_str",
	"EVP_PKEY_generate",
	"EVP_PKEY_free",
	"EVP_PKEY_eq",
	"EVP_PKEY_get_base_id",
	"EVP_PKEY_get_bits",
	"i2d_PrivateKey",
	"i2d_PUBKEY",
	"d2i_PrivateKey_ex",
	"d2i_AutoPrivateKey_ex",
	"EVP_MD_CTX_new",
	"EVP_MD_CTX_free",
	"EVP_DigestSignInit_ex",
	"EVP_DigestSign",
	"d2i_X509",
	"X509_free",
	"X509_get_subject_name",
	"X509_get0_pubkey",
	"X509_get0_subject_key_id",
	"i2d_X509_NAME",
	"ASN1_STRING_get0_data",
	"ASN1_STRING_length",
	"EVP_PBE_scrypt",
	"EVP_CIPHER_CTX_new",
	"EVP_CIPHER_CTX_free",
	"EVP_aes_256_cbc",
	"EVP_CipherInit_ex",
	"EVP_CIPHER_CTX_set_padding",
	"EVP_CipherUpdate",
	NULL,
};

_Static_assert(sizeof(CryptoFunctions) == sizeof symbols - sizeof *symbols,
               "a name for every function");

// Randomness that a seeded render hands to each of the library's two generators for one key: the
// largest, RSA with 4096 bits, takes some 100 KB.
#define SEEDED_BYTES ((size_t)2 << 20)
// OSSL_PARAM's types.
enum { PARAM_UNSIGNED = 2, PARAM_OCTETS = 5 };

static bool feed(Crypto *crypto, void *rand)
{
	unsigned strength = 1024;
	char *bytes = arena_alloc(crypto->call->arena, SEEDED_BYTES);
	CryptoParam params[] = {
		{"test_entropy", PARAM_OCTETS, bytes, SEEDED_BYTES, (size_t)-1},
		{"strength", PARAM_UNSIGNED, &strength, sizeof strength, (size_t)-1},
		{NULL, 0, NULL, 0, 0},
	};

	engine_random(eval_engine(crypto->call->eval), bytes, SEEDED_BYTES);
	return rand != NULL && crypto->f.rand_set(rand, params) == 1 &&
	       crypto->f.rand_instantiate(rand, 0, 0, NULL, 0, params) == 1;
}

// A library context of our own whose randomness is what the engine's seed gives: nothing
// process-wide changes. Where keys are kept for later renders they are the same for another reason.
static bool seed(Crypto *crypto)
{
	const CryptoFunctions *f = &crypto->f;
	Call *c = crypto->call;
	const EngineOptions *options = c->eval ? engine_options(eval_engine(c->eval)) : NULL;

	if (!options || !options->seeded || options->cache)
		return true;
	crypto->lib = f->lib_new();
	if (crypto->lib == NULL)
		return call_fail(c, "OpenSSL can't open a context");
	arena_defer(c->arena, f->lib_free, crypto->lib);
	if (f->rand_set_type(crypto->lib, "TEST-RAND", NULL, NULL, NULL) != 1 ||
	    !feed(crypto, f->rand_private(crypto->lib)) ||
	    !feed(crypto, f->rand_public(crypto->lib)))
		return call_fail(c, "OpenSSL can't be seeded");
	return true;
}

bool crypto_load(Call *call, Crypto *out)
{
	Diag diag = diag_new(call->arena);

	out->call = call;
	out->lib = NULL;
	if (!lib_load(sonames, symbols, (LibFunction *)&out->f, "libssl3", &diag))
		return call_fail_str(call, diag.message);
	return seed(out);
}

// Keys.

static void *generate(Crypto *crypto, void *context)
{
	void *key = NULL;

	if (context == NULL)
		return NULL;
	arena_defer(crypto->call->arena, crypto->f.context_free, context);
	if (crypto->f.generate(context, &key) != 1)
		return NULL;
	arena_defer(crypto->call->arena, crypto->f.key_free, key);
	return key;
}

static void *generate_simple(Crypto *crypto, const char *kind, const char *option,
                             const char *value)
{
	const CryptoFunctions *f = &crypto->f;
	void *context = f->context_by_name(crypto->lib, kind, NULL);

	if (context != NULL && (f->keygen_init(context) != 1 ||
	                        (option != NULL && f->context_set(context, option, value) != 1))) {
		f->context_free(context);
		context = NULL;
	}
	return generate(crypto, context);
}

// 2048 bits of p, 256 of q.
static void *generate_dsa(Crypto *crypto)
{
	const CryptoFunctions *f = &crypto->f;
	void *context = f->context_by_name(crypto->lib, "DSA", NULL), *params;

	if (context != NULL && (f->paramgen_init(context) != 1 ||
	                        f->context_set(context, "dsa_paramgen_bits", "2048") != 1 ||
	                        f->context_set(context, "dsa_paramgen_q_bits", "256") != 1)) {
		f->context_free(context);
		return NULL;
	}
	params = generate(crypto, context);
	context = params == NULL ? NULL : f->context_by_key(crypto->lib, params, NULL);
	if (context != NULL && f->keygen_init(context) != 1) {
		f->context_free(context);
		return NULL;
	}
	return generate(crypto, context);
}

static void *generate_new(Crypto *crypto, Str kind, const char *rsa_bits)
{
	void *key;

	if (str_is(kind, "dsa"))
		key = generate_dsa(crypto);
	else if (str_is(kind, "ecdsa"))
		key = generate_simple(crypto, "EC", "ec_paramgen_curve", "P-256");
	else if (str_is(kind, "ed25519"))
		key = generate_simple(crypto, "ED25519", NULL, NULL);
	else
		key = generate_simple(crypto, "RSA", "rsa_keygen_bits", rsa_bits);
	if (key == NULL)
		call_fail(crypto->call, "OpenSSL can't generate a key");
	return key;
}

static Str write_der(Crypto *crypto, const void *object,
                     int (*write)(const void *, unsigned char **))
{
	int len = write(object, NULL);
	unsigned char *bytes, *end;

	if (len <= 0)
		return S("");
	end = bytes = arena_alloc(crypto->call->arena, (size_t)len);
	write(object, &end);
	return str_n((char *)bytes, (size_t)len);
}

Str crypto_public_der(Crypto *crypto, const void *key)
{
	return write_der(crypto, key, crypto->f.write_public);
}

bool crypto_key_to_pem(Crypto *crypto, void *key, Str *out)
{
	int kind = crypto->f.key_kind(key);
	const char *type = kind == KEY_RSA   ? "RSA PRIVATE KEY"
	                   : kind == KEY_EC  ? "EC PRIVATE KEY"
	                   : kind == KEY_DSA ? "DSA PRIVATE KEY"
	                                     : "PRIVATE KEY";
	Str der = write_der(crypto, key, crypto->f.write_private);

	if (der.len == 0)
		return call_fail(crypto->call, "OpenSSL can't write the key");
	*out = pem_encode(crypto->call->arena, type, der);
	return true;
}

static void *read_key(Crypto *crypto, int kind, Str data)
{
	const unsigned char *p = (const unsigned char *)data.p;
	void *key =
		kind == 0
			? crypto->f.read_any_private(NULL, &p, (long)data.len, crypto->lib, NULL)
			: crypto->f.read_private(kind, NULL, &p, (long)data.len, crypto->lib, NULL);

	if (key != NULL)
		arena_defer(crypto->call->arena, crypto->f.key_free, key);
	return key;
}

bool crypto_key_from_pem(Crypto *crypto, Str text, void **out, Diag *diag)
{
	static const struct {
		const char *type;
		int kind;
		const char *failure, *go_type;
		size_t members;
	} types[] = {
		{"PRIVATE KEY", 0, "decoding PEM as PKCS#8: ", "pkcs8", 3},
		{"RSA PRIVATE KEY", KEY_RSA,
	         "parsing RSA private key from PEM: ", "pkcs1PrivateKey", 9},
		{"EC PRIVATE KEY", KEY_EC,
	         "parsing EC private key from PEM: x509: failed to parse EC private key: ",
	         "ecPrivateKey", 2},
		{"DSA PRIVATE KEY", KEY_DSA, "parsing DSA private key from PEM: ", "DSAKeyFormat",
	         6},
	};
	PemBlock block;

	if (!pem_decode(crypto->call->arena, text, &block))
		return diag_fail(diag, "no PEM data in input");
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (!str_is(block.type, types[i].type))
			continue;
		*out = read_key(crypto, types[i].kind, block.data);
		return *out != NULL ||
		       diag_fail_str(diag,
		                     str_concat(diag->arena, str_c(types[i].failure),
		                                der_complaint(diag->arena, block.data,
		                                              types[i].go_type, types[i].members)));
	}
	if (str_has_suffix(block.type, S(" PRIVATE KEY")))
		return diag_fail_str(
			diag, str_concat(diag->arena, S("invalid private key type "), block.type));
	return diag_fail_str(diag,
	                     str_concat(diag->arena, S("no private key data in PEM block of type "),
	                                block.type));
}

void *crypto_generate(Crypto *crypto, Str kind, const char *rsa_bits)
{
	Call *c = crypto->call;
	Engine *engine = c->eval ? eval_engine(c->eval) : NULL;
	Str what = str_printf(c->arena, "key %.*s %s", STR_ARGS(kind), rsa_bits), pem;
	Diag ignored = diag_new(c->arena);
	void *key;

	if (engine && engine_recall(engine, what, &pem) &&
	    crypto_key_from_pem(crypto, pem, &key, &ignored))
		return key;
	key = generate_new(crypto, kind, rsa_bits);
	if (engine && key != NULL && crypto_key_to_pem(crypto, key, &pem))
		engine_keep(engine, what, pem);
	return key;
}
