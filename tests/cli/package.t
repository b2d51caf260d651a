#!/usr/bin/perl
# `cleat package`: what is packed, how it is unpacked and applied, and what is refused.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use Test::More;

my $sealed = 'AgB' . 'x' x 700;
my %good = (
	'overlays/packages/seldon-system/production/kustomization.yaml' => "namespace: seldon-system\nresources: [ml.yaml, more/es.yaml]\n",
	'overlays/packages/seldon-system/production/ml.yaml' => "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\n"
		. "metadata: {name: ml-platform}\nspec:\n  encryptedData: {AWS_SECRET_ACCESS_KEY: $sealed}\n",
	'overlays/packages/seldon-system/production/more/es.yaml' => "apiVersion: external-secrets.io/v1beta1\nkind: ExternalSecret\n"
		. "metadata: {name: es}\nspec: {target: {name: es}, data: [{secretKey: PASSWORD, remoteRef: {key: a, property: PASSWORD}}]}\n",
	'overlays/packages/seldon-system/production/.hidden' => "x\n");
my $dir = folder(%good);
chdir $dir;
my ($out, $err, $code) = run('cleat package seldon-system/production --name ml --date 20250704 --check');
is("$code$out$err", "0seldon-system-ml-secrets-20250704.tar.gz\n", 'NAMESPACE-NAME-secrets-DATE.tar.gz, and its name on standard output');
run('cp seldon-system-ml-secrets-20250704.tar.gz first; touch overlays/packages/seldon-system/production/*; sleep 1');
run('TZ=Asia/Tokyo cleat package seldon-system/production/ --name ml --date 2025-07-04 -d again');
is(slurp('again/seldon-system-ml-secrets-20250704.tar.gz'), slurp('first'), 'the same input and date give the same bytes');
like((run('tar tvzf first'))[0], qr/^drwxr-xr-x 0\/0\s+0 2025-07-04 00:00 production\/\n-rw-r--r-- 0\/0 .*production\/kustomization\.yaml\n/,
	'entries in order, of nobody');
unlike((run('tar tzf first'))[0], qr/hidden/, 'hidden files stay');
run('mkdir -p k8s/manifests/seldon-system && tar xzf first -C k8s/manifests/seldon-system');
($out, $err, $code) = run('cleat build k8s/manifests/seldon-system/production');
like($out, qr/name: ml-platform\n  namespace: seldon-system/, 'unpacked as the documents show, it builds');
SKIP: {
	my $kubectl = reference('kubectl') or skip 'kubectl is not there (tests/compat/fetch.sh brings it)', 1;
	is((run("'$kubectl' kustomize k8s/manifests/seldon-system/production"))[0], $out, 'as the real kubectl does');
}
($out, $err, $code) = run('SOURCE_DATE_EPOCH=86400 cleat package seldon-system/production --dry-run');
like($out, qr/^seldon-system-production-secrets-19700102\.tar\.gz would be written/, 'SOURCE_DATE_EPOCH is a date, ENV a name');
ok(!-e 'seldon-system-production-secrets-19700102.tar.gz', '--dry-run writes nothing');

# --- plain text ---

sub refused
{
	my ($name, $pattern, %files) = @_;
	my $source = folder(map { ("src/ns/env/$_" => $files{$_}) } keys %files);
	my ($out, $err, $code) = run("cd $source && cleat package ns/env --from src --check --date 20250101; ls");
	unlike($out, qr/tar\.gz/, "$name: not packed");
	like($err, $pattern, 'and said where');
	unlike($err, qr/hunter2hunter2|aHVudGVyMmh1bnRlcjI/, 'but never what');
	($out, $err, $code) = run("cd $source && cleat package ns/env --from src --date 20250101");
	is($code, 0, 'without --check it is packed');
	like($err, qr/^Warning: \d+ credentials? in plain text/, 'with a warning');
	($out, $err, $code) = run("cd $source && cleat package ns/env --from src --check --allow-plaintext --date 20250101");
	is("$code$err", '0', 'and with --allow-plaintext without one');
}
refused('a Secret', qr/s\.yaml: Secret\/s stringData\.A: a secret's value in plain text/,
	'kustomization.yaml' => "resources: [s.yaml]\n", 's.yaml' => "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {A: hunter2hunter2}\n");
refused('a Secret in base64', qr/Secret\/s data\.A/,
	'kustomization.yaml' => "resources: [s.yaml]\n", 's.yaml' => "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {A: aHVudGVyMmh1bnRlcjI=}\n");
refused('a generated Secret', qr/Secret\/s-\w+ data\.password/,
	'kustomization.yaml' => "secretGenerator: [{name: s, envs: [x.env]}]\n", 'x.env' => "password=hunter2hunter2\n");
refused('a config map', qr/ConfigMap\/c data\.DB_PASSWORD/,
	'kustomization.yaml' => "resources: [c.yaml]\n", 'c.yaml' => "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {DB_PASSWORD: hunter2hunter2}\n");
refused('what was never sealed', qr/SealedSecret\/s spec\.encryptedData\.A: what kubeseal has not encrypted/,
	'kustomization.yaml' => "resources: [s.yaml]\n",
	's.yaml' => "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: s}\nspec: {encryptedData: {A: hunter2hunter2}}\n");
refused('a file that nothing names', qr/notes\.txt: line 1: a credential/,
	'kustomization.yaml' => "resources: []\nconfigMapGenerator: [{name: a, literals: [x=y]}]\n", 'notes.txt' => "password=hunter2hunter2\n");

my $sops = folder('src/ns/env/kustomization.yaml' => "resources: [s.yaml]\n",
	'src/ns/env/s.yaml' => "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  A: ENC[AES256_GCM,data:xyz,iv:a,tag:b,type:str]\nsops: {mac: x}\n");
is((run("cd $sops && cleat package ns/env --from src --check --date 20250101"))[2], 0, 'what SOPS has encrypted is packed');

# --- what is no package ---

for my $bad ('', 'x', 'a/b c/d', 'a/../b', '../x/y', 'A/b', 'seldon-system/production x', 'seldon-system/production --date 2025',
	'seldon-system/production --name ../x', '/etc/x') {
	($out, $err, $code) = run("cleat package $bad");
	is($code, 2, "a wrong call: cleat package $bad");
	like($err, qr/^Error: /, 'with an error');
}
($out, $err, $code) = run('cleat package seldon-system/staging');
is($code, 1, 'no such folder');
like($err, qr/there is no overlays\/packages\/seldon-system\/staging\/kustomization\.yaml/, 'is said');
symlink '/etc/passwd', 'overlays/packages/seldon-system/production/link' or die;
($out, $err, $code) = run('cleat package seldon-system/production');
is($code, 1, 'a link is refused');
like($err, qr/link is a link: a package holds files only/, 'by its name');
unlink 'overlays/packages/seldon-system/production/link';
spew('overlays/packages/seldon-system/production/kustomization.yaml', "resources: [../../x.yaml]\n");
spew('overlays/packages/x.yaml', "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n");
($out, $err, $code) = run('cleat package seldon-system/production');
is($code, 1, 'a kustomization that reads outside of its folder is refused');
like($err, qr/would not apply once unpacked/, 'since it would not apply there');
is((run('cleat package --help'))[2], 0, '--help');

# --- this repository's own ---

chdir $repository;
my $to = folder();
for my $package (glob 'overlays/packages/*/*') {
	$package =~ s{overlays/packages/}{};
	is((run("cleat package $package --check --date 20250704 -d $to"))[2], 0, "$package is encrypted");
}
chdir '/';
done_testing();
