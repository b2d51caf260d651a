#!/usr/bin/perl
# What the crypto functions make is what other programs take: openssl for keys and certificates, htpasswd for
# passwords. Skipped where those are missing.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $cleat = abs_path($ENV{CLEAT} // dirname(abs_path(__FILE__)) . '/../../build/cleat');
my $folder = tempdir(CLEANUP => 1);

plan skip_all => 'openssl is not installed' if system('command -v openssl >/dev/null 2>&1') != 0;

sub write_file {
	my ($name, $text) = @_;
	open my $out, '>', "$folder/$name" or die "$name: $!";
	print $out $text;
	close $out;
	return "$folder/$name";
}

sub render {
	my ($template) = @_;
	my $file = write_file('t.yaml', $template);
	return scalar qx('$cleat' eval --template '$file');
}

# A rendered text whose parts begin with lines "== NAME".
my (undef, %part) = split /^== (\w+)\n/m, render(<<'TEMPLATE');
{{- $ca := genCA "my-ca" 365 }}
{{- $cert := genSignedCert "foo.example.com" (list "10.0.0.1" "::1") (list "a.example.com" "b") 90 $ca }}
{{- $self := genSelfSignedCert "x*y" nil nil 30 }}
{{- $ec := genCAWithKey "ec" 10 (genPrivateKey "ecdsa") }}
{{- $leaf := genSignedCertWithKey "" nil (list "x.y") 5 $ec (genPrivateKey "ed25519") -}}
== ca
{{ $ca.Cert }}
== cert
{{ $cert.Cert }}
== key
{{ $cert.Key }}
== self
{{ $self.Cert }}
== ec
{{ $ec.Cert }}
== eckey
{{ $ec.Key }}
== leaf
{{ $leaf.Cert }}
== edkey
{{ $leaf.Key }}
== dsa
{{ genPrivateKey "dsa" }}
== rsa
{{ genPrivateKey "rsa" }}
== htpasswd
{{ htpasswd "admin" "secret" }}
TEMPLATE
my %file = map { $_ => write_file($_, $part{$_}) } keys %part;
is(scalar keys %part, 11, 'everything rendered');

for my $pair ([qw(ca cert)], [qw(self self)], [qw(ec ec)], [qw(ec leaf)]) {
	my ($ca, $cert) = @$pair;
	like(qx(openssl verify -CAfile '$file{$ca}' '$file{$cert}' 2>&1), qr/: OK$/m, "openssl verifies $cert by $ca");
}
for my $key (qw(key eckey edkey dsa rsa)) {
	like(qx(openssl pkey -in '$file{$key}' -noout -check 2>&1), qr/Key is valid/, "$key is a valid key");
}
is(qx(openssl x509 -in '$file{cert}' -noout -pubkey), qx(openssl pkey -in '$file{key}' -pubout),
	'certificate and key belong together');

my $text = qx(openssl x509 -in '$file{cert}' -noout -text);
like($text, qr/Version: 3 /, 'version 3');
like($text, qr/Issuer: CN ?= ?my-ca\n/, 'the issuer is the authority');
like($text, qr/Subject: CN ?= ?foo\.example\.com\n/, 'the subject is the name');
like($text, qr/Signature Algorithm: sha256WithRSAEncryption/, 'signed with SHA-256');
like($text, qr/DNS:a\.example\.com, DNS:b, IP Address:10\.0\.0\.1, IP Address:0:0:0:0:0:0:0:1/, 'alternative names');
like($text, qr/Key Usage: critical\n +Digital Signature, Key Encipherment\n/, 'key usage');
like($text, qr/TLS Web Server Authentication, TLS Web Client Authentication/, 'extended key usage');
like($text, qr/Basic Constraints: critical\n +CA:FALSE/, 'no authority');
like($text, qr/Public-Key: \(2048 bit\)/, '2048 bits');
like(qx(openssl x509 -in '$file{ca}' -noout -text),
	qr/Certificate Sign\n(?:.*\n)*.*CA:TRUE\n(?:.*\n)*.*Subject Key Identifier/, 'an authority may sign and has an id');
is(system("openssl x509 -in '$file{cert}' -noout -checkend " . 89 * 86400 . ' >/dev/null'), 0, 'valid for 89 days');
isnt(system("openssl x509 -in '$file{cert}' -noout -checkend " . 91 * 86400 . ' >/dev/null'), 0, 'but not for 91');
like(qx(openssl rsa -in '$file{rsa}' -noout -text 2>&1), qr/\(4096 bit/, 'genPrivateKey makes 4096 bits');

sub decrypt {
	my ($encrypted) = @_;
	my $raw = write_file('aes', $encrypted);
	my $hex = unpack 'H*', qx(openssl base64 -d -A -in '$raw');
	my $iv = substr $hex, 0, 32;
	my $key = unpack('H*', 'secret') . '0' x 52;
	write_file('body', pack 'H*', substr $hex, 32);
	return qx(openssl enc -d -aes-256-cbc -K $key -iv $iv -in '$folder/body');
}
is(decrypt(render('{{ encryptAES "secret" "plain text" }}')), 'plain text', 'openssl decrypts what encryptAES made');

my ($hash) = $part{htpasswd} =~ /^admin:(.*)$/m;
my $again = crypt('secret', $hash) // '';
SKIP: {
	skip 'crypt does not know bcrypt', 1 if $again !~ /^\$2a/;
	is($again, $hash, 'crypt takes the password');
}
SKIP: {
	skip 'htpasswd is not installed', 1 if system('command -v htpasswd >/dev/null 2>&1') != 0;
	is(system("htpasswd -vb '$file{htpasswd}' admin secret 2>/dev/null"), 0, 'htpasswd takes the password');
}

done_testing();
