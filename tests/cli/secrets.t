#!/usr/bin/perl
# No credential in any output of any command but render: planted in a chart wherever charts hold them, looked for in every
# format. `~~` is taken out: it keeps made-up tokens from looking like real ones to scanners of this repository.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use Test::More;

my $values = <<'YAML';
db:
  password: "Pa\"ss'w0rd-Zürich-91"
  url: postgres://app:UrlS3cretQx77@db.example.com/app
json: '{"password": "JsonS3cretQx78", "apiToken": "JsonT0kenQx79abc"}'
multi: |
  FirstL1neSecretQx80aaaa
  SecondL1neSecretQx81bbb
short: aB3x9
gh: gh~~p_wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx
unused: gh~~p_wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUy
YAML
my $template = <<'YAML';
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData:
  password: {{ .Values.db.password | quote }}
  multi.pem: {{ .Values.multi | quote }}
  token: {{ .Values.short }}
data:
  api-key: {{ .Values.db.password | b64enc }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  app.json: {{ .Values.json | quote }}
  url: {{ .Values.db.url }}
  sh: 'mysql -u root -pSh3llS3cretQx82 -h missing'
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: d, annotations: {note: "{{ .Values.gh }}"}}
spec:
  selector: {matchLabels: {app: d}}
  template:
    metadata: {labels: {app: d}}
    spec:
      initContainers:
        - name: w
          image: mysql:8
          command: [sh, -c, 'until mysqladmin ping -h missing -uroot -pSh3llS3cretQx83; do sleep 1; done; until curl -u app:CurlS3cretQx84 http://app:UrlS3cretQx85@missing2:80/; do sleep 1; done']
      containers:
        - name: m
          image: x:latest
          env:
            - {name: DB_PASSWORD, value: {{ .Values.db.password | quote }}}
            - {name: DATABASE_URL, value: {{ .Values.db.url | quote }}}
            - {name: TOKEN, value: {{ .Values.short }}}
            - {name: ENDPOINT, value: "http://app:UrlS3cretQx86@missing3:80/"}
          args: [--password=Arg5ecretQx87, --api-token, Arg5ecretQx88]
YAML
s/~~//g for $values, $template;
my ($other, $other_values) = ($template, $values);
$other =~ s/$_->[0]/$_->[1]/ for ['Arg5ecretQx87', 'Arg5ecretQx57'], ['CurlS3cretQx84', 'CurlS3cretQx54'],
	['Sh3llS3cretQx82', 'Sh3llS3cretQx52'];
$other_values =~ s/$_->[0]/$_->[1]/ for ['Pa..ss', 'Pb\\"ss'], ['UrlS3cretQx77', 'UrlS3cretQx97'],
	['JsonS3cretQx78', 'JsonS3cretQx98'], ['aB3x9', 'aB3x8'], ['FirstL1neSecretQx80', 'FirstL1neSecretQx90'],
	['_wWPw', '_xWPw'];
my $broken = "$template---\n" . <<'YAML';
apiVersion: v1
kind: Secret
metadata: {name: bad}
stringData:
  token: BrokenS3cretQx70 : : x
   bad: indent
  url: "postgres://app:BrokenUrlQx71@db/x
YAML
my $name = "apiVersion: v2\nname: leak\nversion: 1.0.0\n";
my $dir = folder(
	'a/Chart.yaml' => $name, 'a/values.yaml' => $values, 'a/templates/a.yaml' => $template,
	'b/Chart.yaml' => $name, 'b/values.yaml' => $other_values, 'b/templates/a.yaml' => $other,
	'broken/Chart.yaml' => $name, 'broken/values.yaml' => $values, 'broken/templates/a.yaml' => $broken,
	'.cleat.yaml' => "golden:\n  - {name: g, release: x, chart: a, file: g.yaml}\n",
);
# Parts of them, and of their base64.
my @secrets = ('w0rd-Z', 'Qx7', 'Qx8', 'Qx9', 'Qx5', 'aB3x', 'L1neSecret', '4aXcaT4fNP0', 'UGEic3Mnd', 'UGIic3Mnd');

# What a command prints, on both of its outputs, and a file that it writes.
sub stays_silent
{
	my ($command, $file) = @_;
	my ($out, $err) = run("cd $dir && $command");
	my $all = "$out$err" . (defined $file ? slurp("$dir/$file") : '');
	cmp_ok(length $all, '>', 20, "$command says something");
	is_deeply([grep { index($all, $_) >= 0 } @secrets], [], "$command shows no credential");
}

# The same manifests under a kustomization, and under one that fails over them.
sub put_overlay
{
	my $dir = shift;
	my $list = "resources: [../manifests.yaml]\n";
	my %files = ('overlay/kustomization.yaml' => $list,
		'overlay-broken/kustomization.yaml' => $list . "patches: [{patch: '[{op: test, path: /stringData/password, value: BrokenS3cretQx72}]', target: {kind: Secret}}]\n",
	);
	for my $file (sort keys %files) {
		my ($below) = $file =~ m{(.*)/};
		mkdir "$dir/$below";
		open(my $out, '>', "$dir/$file") or die "$file: $!";
		print $out $files{$file};
	}
}

stays_silent("cleat lint a -o $_") for qw(text json sarif github junit);
stays_silent('cleat lint a --color always');
stays_silent('cleat lint a --set db.password=Fl4gS3cretQx89');
stays_silent('cleat lint a --write-baseline base.json', 'base.json');
stays_silent("cleat graph a -o $_") for qw(text dot svg);
stays_silent("cleat diff a b -o $_") for qw(text json markdown);
stays_silent("cleat $_") for 'lint broken', 'lint broken -o sarif', 'graph broken', 'diff a broken';

my @paths = ('ConfigMap/c data["app.json"]', 'ConfigMap/c data.url', 'ConfigMap/c data.sh', 'Secret/s stringData.password',
	'Secret/s stringData["multi.pem"]', 'Secret/s data.api-key', 'Secret/s data', 'Deployment/d metadata.annotations.note');
push @paths, map { "Deployment/d spec.template.spec.$_" } 'containers[0].env[0].value', 'containers[0].env[1].value',
	'containers[0].env[2].value', 'containers[0].env[3].value', 'containers[0].args[0]', 'containers[0].args[2]',
	'containers[0]', 'initContainers[0].command[2]';
for my $path (@paths) {
	my ($resource, $at) = split ' ', $path;
	stays_silent("cleat why $resource '$at' a$_") for '', ' -o json';
}
stays_silent("cleat why --value $_ a") for qw(db.password db.url json multi short gh);
stays_silent('cleat why Deployment/d spec.template.spec.containers[0].env[0].value a --set db.password=Fl4gS3cretQx89');

# Rendered again, explored, as a KRM function, over a kustomization, packed, and where any of it fails.
stays_silent("cleat lint a --explore -o $_") for qw(text json sarif github junit);
stays_silent('cleat lint a --explore --debug');
stays_silent("cleat lint a --values-set x=a/values.yaml --values-set y=b/values.yaml -o $_") for qw(text sarif);
stays_silent('cleat watch a --runs 1');
stays_silent('cleat watch broken --runs 1');
run("cd $dir && cleat render a > manifests.yaml");
stays_silent("cleat lint manifests.yaml -o $_") for qw(text json sarif github junit);
stays_silent("cleat lint - -o $_ < manifests.yaml") for qw(text sarif);
stays_silent('cleat graph manifests.yaml');
put_overlay($dir);
stays_silent("cleat $_") for 'lint overlay', 'graph overlay', "why ConfigMap/c 'data.url' overlay", 'diff overlay a',
	'build overlay-broken', 'lint overlay-broken', 'lint overlay -o sarif';


# A KRM function hands the objects on, secrets and all: what it adds shows none.
{
	my $items = slurp("$dir/manifests.yaml") =~ s/^# Source.*\n//gmr;
	my @objects = map { s/^/    /gmr =~ s/^    /  - /r } grep { /\S/ } split /^---\n/m, $items;
	open(my $list, '>', "$dir/list.yaml") or die;
	print $list "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n", @objects;
	close $list;
	my ($out, $err) = run("cd $dir && cleat krm < list.yaml");
	my ($results) = $out =~ /^(results:.*)/ms;
	like($results, qr/plaintext-credential/, 'krm finds them');
	is_deeply([grep { index("$results$err", $_) >= 0 } @secrets], [], 'krm shows no credential in its results');
	$out = `cd '$dir' && mkdir -p overlays/packages/team/prod && cp manifests.yaml overlays/packages/team/prod/ &&
		echo 'resources: [manifests.yaml]' > overlays/packages/team/prod/kustomization.yaml`;
	stays_silent("cleat package team/prod --date 20250704 $_") for '--check', '--dry-run', '--allow-plaintext';
}

run("cd $dir && cleat golden --update && cp b/values.yaml a/values.yaml && cp b/templates/a.yaml a/templates/a.yaml");
stays_silent("cleat golden -o $_") for qw(text json);

# However many there are, and however long the line is on which they stand.
{
	open(my $out, '>', "$dir/many.yaml") or die;
	print $out "apiVersion: v1\nkind: Secret\nmetadata: {name: s$_}\nstringData: {password: zq$_-pelican-", $_ * 7919, "}\n---\n" for 1 .. 3000;
	print $out "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  initContainers:\n  - {name: w, image: 'busybox:1', command: ",
		"[sh, -c, 'until nc -z gone 5000; do sleep 1; done; echo zq3000-pelican-23757000 zq7-pelican-55433']}\n  containers: [{name: m, image: 'a:1'}]\n";
	close $out;
	my ($text) = run("cd $dir && cleat lint many.yaml --only wait-on-missing-service");
	like($text, qr/echo \*{8} \*{8}'/, 'the last of many is taken out, and the first');
	unlike($text, qr/pelican/, 'none of many is shown');
	my @pods = map { qq({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p$_"},"spec":{"containers":[{"name":"m","image":"a:1",) .
		qq("env":[{"name":"DB_PASSWORD","value":"correct-horse-battery-$_"}]}]}}) } 1 .. 2000;
	open($out, '>', "$dir/line.json") or die;
	print $out '{"apiVersion":"v1","kind":"List","items":[', join(',', @pods), "]}\n";
	close $out;
	($text) = run("cd $dir && cleat lint line.json --only plaintext-credential");
	like($text, qr/^2000 errors$/m, 'all of one long line are found');
	unlike($text, qr/horse/, 'and none is shown');
	my ($line, $caret) = $text =~ /^     1 \| (.*)\n       \| ( *)\^$/m;
	like(substr($line, length($caret)), qr/^"?\*{8}"\}/, 'the caret is where the mask begins');
}

done_testing();
