// X.509 certificates, field by field as Go's crypto/x509 writes those that Sprig asks for. Keys and
// signatures are OpenSSL's; the certificate's structure is put together here, since what Go writes
// and in which order is what counts.

#include "funcs/certificates.h"

#include "base/gotime.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/pem.h"
#include "funcs/libcrypto.h"
#include "template/eval.h"
#include "template/format.h"

#include <arpa/inet.h>
#include <string.h>

// ASN.1. Values are built from the inside out, each a Str.

enum {
	TAG_BOOLEAN = 0x01,
	TAG_INTEGER = 0x02,
	TAG_BITS = 0x03,
	TAG_OCTETS = 0x04,
	TAG_OID = 0x06,
	TAG_UTF8 = 0x0c,
	TAG_PRINTABLE = 0x13,
	TAG_UTC_TIME = 0x17,
	TAG_GENERAL_TIME = 0x18,
	TAG_SEQUENCE = 0x30,
	TAG_SET = 0x31,
};

// OIDs with their headers.
#define OID_COMMON_NAME   "\x06\x03\x55\x04\x03"
#define OID_KEY_USAGE     "\x06\x03\x55\x1d\x0f"
#define OID_EXT_KEY_USAGE "\x06\x03\x55\x1d\x25"
#define OID_CONSTRAINTS   "\x06\x03\x55\x1d\x13"
#define OID_SUBJECT_KEY   "\x06\x03\x55\x1d\x0e"
#define OID_AUTHORITY_KEY "\x06\x03\x55\x1d\x23"
#define OID_ALT_NAME      "\x06\x03\x55\x1d\x11"
#define OID_SERVER_AUTH   "\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"
#define OID_CLIENT_AUTH   "\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02"

static void put(Buf *out, int tag, Str content)
{
	uint8_t length[8];
	size_t bytes = 0;

	buf_byte(out, (char)tag);
	if (content.len < 0x80) {
		buf_byte(out, (char)content.len);
	} else {
		for (size_t rest = content.len; rest > 0; rest >>= 8)
			length[bytes++] = (uint8_t)rest;
		buf_byte(out, (char)(0x80 | bytes));
		while (bytes > 0)
			buf_byte(out, (char)length[--bytes]);
	}
	buf_str(out, content);
}

static Str wrap(Arena *arena, int tag, Str content)
{
	Buf buf = buf_new(arena);

	put(&buf, tag, content);
	return buf_view(&buf);
}

// A number of bytes, kept positive and without zeros in front.
static Str integer(Arena *arena, const uint8_t *bytes, size_t len)
{
	Buf buf = buf_new(arena);

	while (len > 1 && *bytes == 0) {
		bytes++;
		len--;
	}
	if (*bytes & 0x80)
		buf_byte(&buf, '\0');
	buf_bytes(&buf, (const char *)bytes, len);
	return wrap(arena, TAG_INTEGER, buf_view(&buf));
}

static Str bits(Arena *arena, Str bytes)
{
	return wrap(arena, TAG_BITS, str_concat(arena, S("\0"), bytes));
}

// The content of the value that `*der` begins with, which is taken off it.
static bool take(Str *der, int *tag, Str *content)
{
	size_t len, header = 2;

	if (der->len < 2)
		return false;
	*tag = (unsigned char)der->p[0];
	len = (unsigned char)der->p[1];
	if (len >= 0x80) {
		size_t bytes = len & 0x7f;

		if (bytes > 4 || der->len < 2 + bytes)
			return false;
		len = 0;
		for (size_t i = 0; i < bytes; i++)
			len = len << 8 | (unsigned char)der->p[2 + i];
		header += bytes;
	}
	if (len > der->len - header)
		return false;
	*content = str_slice(*der, header, header + len);
	*der = str_from(*der, header + len);
	return true;
}

// What is to become a certificate.

typedef struct Request {
	Str name;
	Str addresses, names; // encoded alternative names
	int64_t days;
	bool is_ca;
} Request;

// Who signs it: a certificate's subject and its key's id, where it is not signed by itself.
typedef struct Signer {
	void *key;
	Str subject, key_id;
	bool other;
	void *certificate;
} Signer;

static bool fail_create(Call *c, Str reason)
{
	return call_fail_str(c, str_concat(c->arena, S("error creating certificate: "), reason));
}

static bool is_printable(Str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char b = s.p[i];

		if (b == '\0' || (strchr(" '()+,-./:=?", b) == NULL && !(b >= '0' && b <= '9') &&
		                  !(b >= 'a' && b <= 'z') && !(b >= 'A' && b <= 'Z')))
			return false;
	}
	return true;
}

static bool subject(Call *c, Str name, Str *out)
{
	Arena *a = c->arena;
	Str value;

	if (name.len == 0) {
		*out = wrap(a, TAG_SEQUENCE, S(""));
		return true;
	}
	if (!utf8_valid(name))
		return fail_create(c, S("asn1: string not valid UTF-8"));
	value = wrap(a, is_printable(name) ? TAG_PRINTABLE : TAG_UTF8, name);
	value = wrap(a, TAG_SEQUENCE, str_concat(a, S(OID_COMMON_NAME), value));
	*out = wrap(a, TAG_SEQUENCE, wrap(a, TAG_SET, value));
	return true;
}

static bool put_time(Call *c, Buf *out, const GoTime *t)
{
	GoDate date = gotime_date(t);
	bool short_year = date.year >= 1950 && date.year < 2050;
	Buf text = buf_new(c->arena);

	if (date.year < 0 || date.year > 9999)
		return fail_create(
			c, S("asn1: structure error: cannot represent time as GeneralizedTime"));
	gotime_format(&text, t, short_year ? S("060102150405Z") : S("20060102150405Z"));
	put(out, short_year ? TAG_UTC_TIME : TAG_GENERAL_TIME, buf_view(&text));
	return true;
}

static bool validity(Call *c, int64_t days, Str *out)
{
	GoTime start = {0}, end;
	int64_t nanoseconds;
	Buf buf = buf_new(c->arena);

	engine_now(eval_engine(c->eval), &start.seconds, &nanoseconds);
	start.nanoseconds = (int32_t)nanoseconds;
	// Too many days wrap, as Go's durations do.
	end = gotime_add(&start, (int64_t)((uint64_t)days * 24 * 3600 * (uint64_t)GO_SECOND));
	if (!put_time(c, &buf, &start) || !put_time(c, &buf, &end))
		return false;
	*out = wrap(c->arena, TAG_SEQUENCE, buf_view(&buf));
	return true;
}

static void extension(Buf *out, Str oid, bool critical, Str value)
{
	Arena *a = out->arena;
	Buf buf = buf_new(a);

	buf_str(&buf, oid);
	if (critical)
		put(&buf, TAG_BOOLEAN, S("\xff"));
	put(&buf, TAG_OCTETS, value);
	put(out, TAG_SEQUENCE, buf_view(&buf));
}

static Str alternative_names(Arena *arena, const Request *request)
{
	return wrap(arena, TAG_SEQUENCE, str_concat(arena, request->names, request->addresses));
}

static Str extensions(Arena *a, const Request *request, Str key_id, const Signer *signer)
{
	Buf buf = buf_new(a);

	// Signature and encipherment; signing certificates as well.
	extension(&buf, S(OID_KEY_USAGE), true,
	          request->is_ca ? S("\x03\x02\x02\xa4") : S("\x03\x02\x05\xa0"));
	extension(&buf, S(OID_EXT_KEY_USAGE), false,
	          wrap(a, TAG_SEQUENCE, S(OID_SERVER_AUTH OID_CLIENT_AUTH)));
	extension(&buf, S(OID_CONSTRAINTS), true,
	          wrap(a, TAG_SEQUENCE, request->is_ca ? S("\x01\x01\xff") : S("")));
	if (request->is_ca)
		extension(&buf, S(OID_SUBJECT_KEY), false, wrap(a, TAG_OCTETS, key_id));
	if (signer->other && signer->key_id.len > 0)
		extension(&buf, S(OID_AUTHORITY_KEY), false,
		          wrap(a, TAG_SEQUENCE, wrap(a, 0x80, signer->key_id)));
	if (request->names.len + request->addresses.len > 0)
		extension(&buf, S(OID_ALT_NAME), request->name.len == 0,
		          alternative_names(a, request));
	return wrap(a, 0xa3, wrap(a, TAG_SEQUENCE, buf_view(&buf)));
}

typedef struct Algorithm {
	Str id;
	const char *digest;
} Algorithm;

#define ECDSA_WITH(n) S("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03" n)

static bool algorithm(Crypto *crypto, const void *key, Algorithm *out)
{
	int bits_of_key = crypto->f.key_bits(key);

	switch (crypto->f.key_kind(key)) {
	case KEY_RSA:
		*out = (Algorithm){
			S("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00"),
			"SHA256"};
		return true;
	case KEY_EC:
		if (bits_of_key <= 256)
			*out = (Algorithm){ECDSA_WITH("\x02"), "SHA256"};
		else if (bits_of_key <= 384)
			*out = (Algorithm){ECDSA_WITH("\x03"), "SHA384"};
		else
			*out = (Algorithm){ECDSA_WITH("\x04"), "SHA512"};
		return true;
	case KEY_ED25519:
		*out = (Algorithm){S("\x30\x05\x06\x03\x2b\x65\x70"), NULL};
		return true;
	default:
		return fail_create(
			crypto->call,
			S("x509: certificate private key does not implement crypto.Signer"));
	}
}

static bool sign(Crypto *crypto, const Algorithm *with, void *key, Str data, Str *out)
{
	const CryptoFunctions *f = &crypto->f;
	void *digest = f->digest_new();
	unsigned char *signature;
	size_t len = 0;

	if (digest == NULL)
		return fail_create(crypto->call, S("OpenSSL can't sign"));
	arena_defer(crypto->call->arena, f->digest_free, digest);
	if (f->sign_init(digest, NULL, with->digest, crypto->lib, NULL, key, NULL) != 1 ||
	    f->sign(digest, NULL, &len, (const unsigned char *)data.p, data.len) != 1)
		return fail_create(crypto->call, S("OpenSSL can't sign with this key"));
	signature = arena_alloc(crypto->call->arena, len);
	if (f->sign(digest, signature, &len, (const unsigned char *)data.p, data.len) != 1)
		return fail_create(crypto->call, S("OpenSSL can't sign with this key"));
	*out = str_n((char *)signature, len);
	return true;
}

// The first 20 bytes of the SHA-256 of the public key's bits.
static Str public_key_id(Arena *arena, Str public_key)
{
	Str whole = public_key, inner, part = S("");
	uint8_t *hash = arena_alloc(arena, SHA256_SIZE);
	int tag;

	if (!take(&whole, &tag, &inner) || !take(&inner, &tag, &part) ||
	    !take(&inner, &tag, &part) || part.len == 0)
		return S("");
	hash_sha256(str_from(part, 1), hash);
	return str_n((char *)hash, 20);
}

// Everything of the certificate but its signature.
static bool to_be_signed(Crypto *crypto, const Request *request, void *key, const Signer *signer,
                         const Algorithm *with, Str *out)
{
	Call *c = crypto->call;
	Buf buf = buf_new(c->arena);
	Str own_subject, times, public_key = crypto_public_der(crypto, key);
	uint8_t serial[16];

	if (crypto->f.key_kind(key) == KEY_DSA)
		return fail_create(c, S("x509: unsupported public key type: *dsa.PublicKey"));
	if (!subject(c, request->name, &own_subject))
		return false;
	if (signer->other &&
	    crypto->f.key_equal(signer->key, crypto->f.certificate_key(signer->certificate)) != 1)
		return fail_create(c,
		                   S("x509: provided PrivateKey doesn't match parent's PublicKey"));
	if (!validity(c, request->days, &times))
		return false;
	engine_random(eval_engine(c->eval), serial, sizeof serial);
	buf_str(&buf, S("\xa0\x03\x02\x01\x02")); // version 3
	buf_str(&buf, integer(c->arena, serial, sizeof serial));
	buf_str(&buf, with->id);
	buf_str(&buf, signer->other ? signer->subject : own_subject);
	buf_str(&buf, times);
	buf_str(&buf, own_subject);
	buf_str(&buf, public_key);
	{
		Signer shown = *signer;

		// A certificate of the same name needs no hint who signed it.
		shown.other = signer->other && !str_eq(signer->subject, own_subject);
		buf_str(&buf,
		        extensions(c->arena, request, public_key_id(c->arena, public_key), &shown));
	}
	*out = wrap(c->arena, TAG_SEQUENCE, buf_view(&buf));
	return true;
}

// sprig.certificate.

static const Type type_certificate = {
	.name = "sprig.certificate",
	.kind = V_OBJECT,
	.kind_name = "struct",
	.fields = (const char *const[]){"Cert", "Key", NULL},
};

static bool return_certificate(Call *c, Str cert, Str key)
{
	Object *object = ARENA_NEW(c->arena, Object);

	object->type = &type_certificate;
	object->fields = ARENA_ARRAY(c->arena, Value, 2);
	object->fields[0] = value_str(cert);
	object->fields[1] = value_str(key);
	return call_return(c, value_object(object));
}

static bool create(Crypto *crypto, const Request *request, void *key, const Signer *signer)
{
	Call *c = crypto->call;
	Buf buf = buf_new(c->arena);
	Str body, signature, key_pem;
	Algorithm with = {S(""), NULL};

	if (!algorithm(crypto, signer->key, &with) ||
	    !to_be_signed(crypto, request, key, signer, &with, &body) ||
	    !sign(crypto, &with, signer->key, body, &signature) ||
	    !crypto_key_to_pem(crypto, key, &key_pem))
		return false;
	buf_str(&buf, body);
	buf_str(&buf, with.id);
	buf_str(&buf, bits(c->arena, signature));
	return return_certificate(
		c,
		pem_encode(c->arena, "CERTIFICATE", wrap(c->arena, TAG_SEQUENCE, buf_view(&buf))),
		key_pem);
}

// Arguments.

static bool fail_value(Call *c, const char *before, const Value *v)
{
	Buf buf = buf_new(c->arena);

	buf_c(&buf, before);
	buf_str(&buf, format_to_str(c->arena, v));
	buf_c(&buf, " is not a string");
	return call_fail_str(c, buf_view(&buf));
}

static bool read_addresses(Call *c, const List *list, Str *out)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	Buf buf = buf_new(c->arena);

	for (size_t i = 0; i < list->len; i++) {
		uint8_t address[16];
		size_t len = 4;
		char *text;

		if (list->items[i].kind != V_STRING)
			return fail_value(c, "error parsing ip: ", &list->items[i]);
		text = str_to_c(c->arena, value_as_str(&list->items[i]));
		if (strlen(text) != list->items[i].s.len)
			return call_fail(c, "error parsing ip: %s", text);
		if (inet_pton(AF_INET, text, address) != 1) {
			len = 16;
			if (inet_pton(AF_INET6, text, address) != 1)
				return call_fail(c, "error parsing ip: %s", text);
		}
		// An IPv4 address in IPv6's clothes is written as what it is.
		if (len == 16 && memcmp(address, mapped, sizeof mapped) == 0) {
			memmove(address, address + 12, 4);
			len = 4;
		}
		put(&buf, 0x87, str_n((char *)address, len));
	}
	*out = buf_view(&buf);
	return true;
}

static bool read_names(Call *c, const List *list, Str *out)
{
	Buf buf = buf_new(c->arena);

	for (size_t i = 0; i < list->len; i++) {
		if (list->items[i].kind != V_STRING)
			return fail_value(c,
			                  "error processing alternate dns name: ", &list->items[i]);
		put(&buf, 0x82, value_as_str(&list->items[i]));
	}
	*out = buf_view(&buf);
	return true;
}

static bool check_ascii(Call *c, const List *list)
{
	for (size_t i = 0; i < list->len; i++) {
		Str name = value_as_str(&list->items[i]);

		for (size_t j = 0; j < name.len; j++) {
			Buf buf = buf_new(c->arena);

			if ((unsigned char)name.p[j] < 0x80)
				continue;
			buf_c(&buf, "x509: ");
			num_quote(&buf, name);
			buf_c(&buf, " cannot be encoded as an IA5String");
			return fail_create(c, buf_view(&buf));
		}
	}
	return true;
}

// cn ips dns days, the first arguments of all but the CA functions.
static bool read_request(Call *c, Request *out)
{
	*out = (Request){.name = call_str(c, 0), .days = call_int(c, 3)};
	return read_addresses(c, c->args[1].list, &out->addresses) &&
	       read_names(c, c->args[2].list, &out->names) && check_ascii(c, c->args[2].list);
}

// The key in argument `at`, or where that is 0 a new one of 2048 bits.
static bool get_key(Crypto *crypto, size_t at, void **out)
{
	Call *c = crypto->call;
	Diag diag = diag_new(c->arena);

	if (at == 0) {
		*out = crypto_generate(crypto, S("rsa"), "2048");
		return *out != NULL;
	}
	return crypto_key_from_pem(crypto, call_str(c, at), out, &diag) ||
	       call_fail_str(c, str_concat(c->arena, S("parsing private key: "), diag.message));
}

static void *read_certificate(Crypto *crypto, Str der)
{
	const unsigned char *p = (const unsigned char *)der.p;
	void *certificate = crypto->f.read_certificate(NULL, &p, (long)der.len);

	if (certificate != NULL)
		arena_defer(crypto->call->arena, crypto->f.certificate_free, certificate);
	return certificate;
}

static bool read_signer(Crypto *crypto, const Object *ca, Signer *out)
{
	const CryptoFunctions *f = &crypto->f;
	Call *c = crypto->call;
	Diag diag = diag_new(c->arena);
	const void *key_id;
	unsigned char *name, *end;
	int len;
	PemBlock block;

	out->other = true;
	if (!pem_decode(c->arena, value_as_str(&ca->fields[0]), &block))
		return call_fail(c, "unable to decode certificate");
	out->certificate = read_certificate(crypto, block.data);
	if (out->certificate == NULL)
		return call_fail(c, "error parsing certificate: decodedSignerCert.Bytes: x509: "
		                    "malformed certificate");
	if (!crypto_key_from_pem(crypto, value_as_str(&ca->fields[1]), &out->key, &diag))
		return call_fail_str(
			c, str_concat(c->arena, S("error parsing private key: "), diag.message));
	len = f->write_name(f->certificate_subject(out->certificate), NULL);
	if (len <= 0)
		return call_fail(c, "error parsing certificate: decodedSignerCert.Bytes: x509: "
		                    "malformed certificate");
	end = name = arena_alloc(c->arena, (size_t)len);
	f->write_name(f->certificate_subject(out->certificate), &end);
	out->subject = str_n((char *)name, (size_t)len);
	out->key_id = S("");
	key_id = f->certificate_key_id(out->certificate);
	if (key_id != NULL)
		out->key_id = str_n((const char *)f->string_data(key_id),
		                    (size_t)f->string_length(key_id));
	return true;
}

// The functions.

static bool make_ca(Call *c, size_t key_at)
{
	Request request = {.name = call_str(c, 0), .days = call_int(c, 1), .is_ca = true};
	Signer self = {0};
	Crypto crypto;

	if (!crypto_load(c, &crypto) || !get_key(&crypto, key_at, &self.key))
		return false;
	return create(&crypto, &request, self.key, &self);
}

bool gen_ca(Call *c)
{
	return make_ca(c, 0);
}

bool gen_ca_with_key(Call *c)
{
	return make_ca(c, 2);
}

static bool make_self_signed(Call *c, size_t key_at)
{
	Signer self = {0};
	Request request;
	Crypto crypto;

	if (!crypto_load(c, &crypto) || !get_key(&crypto, key_at, &self.key) ||
	    !read_request(c, &request))
		return false;
	return create(&crypto, &request, self.key, &self);
}

bool gen_self_signed_cert(Call *c)
{
	return make_self_signed(c, 0);
}

bool gen_self_signed_cert_with_key(Call *c)
{
	return make_self_signed(c, 4);
}

static bool make_signed(Call *c, size_t key_at)
{
	Signer signer = {0};
	Request request;
	Crypto crypto;
	void *key;

	if (!crypto_load(c, &crypto) || !get_key(&crypto, key_at, &key) ||
	    !read_signer(&crypto, c->args[4].object, &signer) || !read_request(c, &request))
		return false;
	return create(&crypto, &request, key, &signer);
}

bool gen_signed_cert(Call *c)
{
	return make_signed(c, 0);
}

bool gen_signed_cert_with_key(Call *c)
{
	return make_signed(c, 5);
}

bool build_custom_cert(Call *c)
{
	Diag diag = diag_new(c->arena);
	Str cert, key;
	PemBlock block;
	Crypto crypto;
	void *parsed;

	if (!base64_decode(c->arena, call_str(c, 0), &cert, &diag))
		return call_fail(c, "unable to decode base64 certificate");
	if (!base64_decode(c->arena, call_str(c, 1), &key, &diag))
		return call_fail(c, "unable to decode base64 private key");
	if (!pem_decode(c->arena, cert, &block))
		return call_fail(c, "unable to decode certificate");
	if (!crypto_load(c, &crypto))
		return false;
	if (read_certificate(&crypto, block.data) == NULL)
		return call_fail(c, "error parsing certificate: decodedCert.Bytes: x509: malformed "
		                    "certificate");
	if (!crypto_key_from_pem(&crypto, key, &parsed, &diag))
		return call_fail_str(
			c, str_concat(c->arena, S("error parsing private key: "), diag.message));
	return return_certificate(c, cert, key);
}
